import Foundation
import Glibc
import PseudoTerminal
import TestSupport
import Testing

@Suite("Any keys", .waitsForPrograms)
struct RandomKeyTests {
  private static let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] != nil

  /// Keys as terminals send them; none that leaves by itself.
  private static let keys: [[UInt8]] =
    (0x20...0x7E).filter { $0 != UInt8(ascii: "q") }.map { [$0] }
    + [[9], [13], [27], [127], [16], [26], [12]]
    + [
      "A", "B", "C", "D", "H", "F", "Z", "5~", "6~", "3~", "1;2A", "1;2B", "1;5C", "200~text[201~",
      "<0;40;12M", "<0;40;12m", "<64;50;20M", "<0;8;1M", "<0;30;36M",
    ].map { Array("\u{1B}[\($0)".utf8) }

  @Test("no keys, however they follow each other, bring the lab down")
  func random() throws {
    var generator = SplitMix(state: Self.isLong ? UInt64.random(in: 0..<UInt64.max) : 20_240_601)
    let seed = generator.state
    var lab = try LabInTerminal()
    try lab.open()
    var last: [String] = []
    for count in 1...(Self.isLong ? 20_000 : 300) {
      let key = Self.keys[Int(generator.next() % UInt64(Self.keys.count))]
      last = last.suffix(40) + [String(decoding: key, as: UTF8.self).debugDescription]
      lab.terminal.type(key)
      if count % 4 == 0 { lab.terminal.settle(seconds: 0.002, atMost: 0.05) }
      if count % 50 == 0 {
        lab.terminal.forget()
        if let status = lab.terminal.exitStatus(within: 0.01) {
          // A command of that name may have been typed.
          try #require(status == 0, "seed \(seed), after \(last)")
          lab = try LabInTerminal()
          try lab.open()
        }
      }
    }
    // It still answers, on a row that no frame had before, and leaves as it should.
    let start = lab.terminal.output.count
    lab.terminal.resize(columns: 130, rows: 50)
    let answers = lab.terminal.look(from: start) { $0.cursorPlaces.rows.max() == 50 }
    if !answers {
      try #require(lab.terminal.exitStatus(within: 0.1) == 0, "seed \(seed), after \(last)")
      return
    }
    lab.terminal.send(signal: SIGTERM)
    #expect(lab.terminal.exitStatus() == 143)
  }
}

/// The generator of Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
