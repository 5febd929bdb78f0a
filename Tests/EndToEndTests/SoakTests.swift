import Foundation
import PseudoTerminal
import TestSupport
import Testing

/// Hours of somebody who presses anything: BACKSTEP_LONG=1 lasts 8 hours, BACKSTEP_SOAK_SECONDS says
/// how long, BACKSTEP_SOAK_SEED begins another course.
@Suite("Any keys, mouse and sizes for long", .waitsForPrograms)
struct SoakTests {
  private static let environment = ProcessInfo.processInfo.environment

  private static let seconds: Double =
    environment["BACKSTEP_SOAK_SECONDS"].flatMap(Double.init)
    ?? (environment["BACKSTEP_LONG"] != nil ? 8 * 3600 : 15)

  private static let seed: UInt64 =
    environment["BACKSTEP_SOAK_SEED"].flatMap { UInt64($0) }
    ?? (environment["BACKSTEP_LONG"] != nil ? UInt64.random(in: 0...UInt64(UInt32.max)) : 20_261)

  @Test("the lab lives, its memory stays, and the terminal is given back")
  func soak() throws {
    print("soak: \(Self.seconds) s, BACKSTEP_SOAK_SEED=\(Self.seed)")
    let soak = try Soak(seed: Self.seed)
    try soak.run(seconds: Self.seconds)
    soak.expectFlatMemory()
    try soak.leave()
  }
}

/// One lab and what was done to it.
private final class Soak {
  private static let program = """
    import keras
    from keras import layers
    from sklearn.datasets import load_digits

    digits = load_digits()
    model = keras.Sequential([
        keras.Input(shape=(64,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(digits.data, digits.target, batch_size=32, epochs=40)
    """

  private let seed: UInt64
  private var generator: SplitMix
  private let folder: URL
  private var lab: LabInTerminal
  private var size = (columns: 120, rows: 36)
  private var last: [String] = []
  /// Anonymous memory in kB whenever the lab was brought to the same work, by the lab's number: pages
  /// of the program itself come and go.
  private var memory: [(lab: Int, kilobytes: Int)] = []
  private var labs = 1
  /// Seconds that a lab takes until what can be taken back has reached its bounds.
  private static let enough = 1800.0
  /// Seconds between two measures of memory.
  private var spacing = 120.0
  /// Seconds until a lab that is left alone has given back what is free.
  private static let rest = 21.0

  init(seed: UInt64) throws {
    self.seed = seed
    generator = SplitMix(state: seed)
    folder = FileManager.default.temporaryDirectory
      .appending(path: "backstep-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(Self.program.utf8).write(to: folder.appending(path: "same.py"))
    lab = try LabInTerminal(in: folder)
    try lab.open()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  private func number(_ limit: Int) -> Int { Int(generator.next() % UInt64(limit)) }

  func run(seconds: Double) throws {
    let end = ContinuousClock.now + .seconds(seconds)
    // The same work every two minutes, or thirty times.
    spacing = min(120, seconds / 30)
    var next = ContinuousClock.now
    var count = 0
    while ContinuousClock.now < end {
      if ContinuousClock.now >= next {
        try sameWork(rests: spacing > 2 * Self.rest)
        next = .now + .seconds(spacing)
      }
      act()
      count += 1
      lab.terminal.settle(seconds: 0.002, atMost: 0.02)
      if count % 20 == 0 { try check() }
    }
    print("soak: \(count) things done, \(labs) labs, kB \(memory.map(\.kilobytes))")
  }

  // MARK: What is done

  private static let plain: [String] =
    (0x20...0x7E).map { String(UnicodeScalar($0)) }.filter { !["q", ":"].contains($0) }
  private static let special =
    ["\t", "\r", "\u{1B}", "\u{7F}", "\u{10}", "\u{C}", "\u{15}"]
    + ["A", "B", "C", "D", "H", "F", "Z", "5~", "6~", "3~", "1;2A", "1;2B", "1;2C", "1;2D", "1;5C"]
    .map { "\u{1B}[\($0)" }
  private static let pastes = [
    "model.add(keras.layers.Dense(8, activation=\"relu\"))\n", "0.01", "\n\n\n", "print loss",
    String(repeating: "x = [1, 2, 3]\n", count: 200), "\u{9B}2J\u{7}\u{0}",
  ]

  private func act() {
    // A number typed into a field could ask for a network as large as the machine.
    if lab.terminal.screen.text.last?.contains("takes it") == true, number(3) > 0 {
      return type("\u{1B}")
    }
    // Where `quit` is among what Enter or a click chooses, one looks on or goes back: a lab that is
    // left has no time to grow.
    if lab.terminal.screen.text.dropLast().contains(where: { $0.contains("everything is kept") }) {
      return type(["\u{1B}[A", "\u{1B}[B", "\u{1B}[6~", "\u{1B}"][number(4)])
    }
    switch number(100) {
    case ..<45: type(Self.plain[number(Self.plain.count)])
    case ..<70: type(Self.special[number(Self.special.count)])
    case ..<76: type(String(number(6) + 1))
    case ..<80: type(["+", "-", "F", " ", "4 ", "r", "y"][number(7)])
    case ..<86: click(button: number(3))
    case ..<89: type("\u{1B}[<\(64 + number(2));\(number(size.columns) + 1);\(number(30) + 1)M")
    case ..<93: drag()
    case ..<96: type("\u{1B}[200~\(Self.pastes[number(Self.pastes.count)])\u{1B}[201~")
    case ..<97:
      type(
        ":" + ["print loss", "info digest", "goto step 5", "back 3 step", "x"][number(5)] + "\r")
    default: resize()
    }
  }

  private func type(_ text: String) {
    last = last.suffix(60) + [text.debugDescription]
    lab.terminal.type(text)
  }

  private func click(button: Int) {
    let (x, y) = place()
    type("\u{1B}[<\(button);\(x);\(y)M\u{1B}[<\(button);\(x);\(y)m")
  }

  /// Anywhere but where `q quit` stands.
  private func place() -> (x: Int, y: Int) {
    let (x, y) = (number(size.columns) + 1, number(size.rows) + 1)
    return y == size.rows && x + 8 > size.columns ? (1, max(1, y - 1)) : (x, y)
  }

  private func drag() {
    var (x, y) = place()
    type("\u{1B}[<0;\(x);\(y)M")
    for _ in 0..<8 {
      (x, y) = (max(1, x + number(9) - 4), max(1, y + number(5) - 2))
      type("\u{1B}[<32;\(x);\(y)M")
    }
    type("\u{1B}[<0;\(x);\(y)m")
  }

  private func resize() {
    size = number(8) == 0 ? (number(60) + 1, number(16) + 1) : (number(141) + 60, number(45) + 16)
    last = last.suffix(60) + ["\(size)"]
    lab.terminal.resize(columns: size.columns, rows: size.rows)
  }

  // MARK: What must hold

  /// Brings the lab to the same network, data and screen, and measures its memory; where there is time
  /// for it, once the lab has given back what it no longer uses.
  private func sameWork(rests: Bool) throws {
    size = (120, 36)
    lab.terminal.resize(columns: size.columns, rows: size.rows)
    for _ in 0..<4 {
      type("\u{1B}")
      lab.terminal.settle(seconds: 0.04, atMost: 0.1)
    }
    type(":open same.py\r")
    lab.terminal.settle(seconds: 0.1, atMost: 1)
    // A new run: what one can go back to in a run takes up to 64 MB.
    type("4r")
    lab.terminal.settle(seconds: 0.4, atMost: 0.4)
    // It may train on, as the one before did: at its start it is the same again.
    type(":goto step 0\r")
    lab.terminal.settle(seconds: 0.4, atMost: 0.4)
    if rests { lab.terminal.settle(seconds: Self.rest, atMost: Self.rest) }
    try check()
    memory.append((labs, kilobytes))
  }

  private var kilobytes: Int {
    let path = "/proc/\(lab.terminal.process)/status"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let line = text.split(separator: "\n").first { $0.hasPrefix("RssAnon:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  /// It lives, or was left by a command for that.
  private func check() throws {
    guard let status = lab.terminal.exitStatus(within: 0.001) else {
      return lab.terminal.forget()
    }
    let end = lab.terminal.output.suffix(2000).words
    try #require(
      status == 0, "seed \(seed), lab \(labs), after \(last.joined(separator: " "))\n\(end)")
    print("soak: lab \(labs) was left after \(last.suffix(24).joined(separator: " "))")
    lab = try LabInTerminal(columns: size.columns, rows: size.rows, in: folder)
    labs += 1
    _ = lab.terminal.look { $0.frames > 0 }
  }

  /// Once a lab has what can be taken back, memory does not grow: the medians of what was measured
  /// early and late from then on differ by less than a twentieth. Of the lab that lived longest, where
  /// that is long enough to tell.
  func expectFlatMemory() {
    let ofEach = Dictionary(grouping: memory, by: \.lab).values.map { $0.map(\.kilobytes) }
    let longest = ofEach.max { $0.count < $1.count } ?? []
    let warm = Array(longest.dropFirst(Int(Self.enough / spacing)))
    guard warm.count >= 9 else {
      return print("soak: no lab lived long enough to tell whether its memory is flat")
    }
    func median(_ numbers: some Collection<Int>) -> Double {
      Double(numbers.sorted()[numbers.count / 2])
    }
    let (early, late) = (median(warm.prefix(warm.count / 3)), median(warm.suffix(warm.count / 3)))
    #expect(late < early * 1.05, "seed \(seed): from \(early) to \(late) kB")
  }

  func leave() throws {
    size = (130, 50)
    lab.terminal.resize(columns: 130, rows: 50)
    let answers = lab.terminal.watch(seconds: 20) { screen in
      screen.text.last?.isEmpty == false
    }
    #expect(answers, "seed \(seed), after \(last.joined(separator: " "))")
    lab.terminal.send(signal: SIGTERM)
    #expect(lab.terminal.exitStatus(within: 20) == 143)
    lab.expectTerminalBack()
  }
}
