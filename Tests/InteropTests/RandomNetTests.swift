import Foundation
import Testing

/// What a random network may use that the lab does not have yet (words of its line `# uses:`).
/// Networks with such a word are left out, until all that lack nothing else agree: then the word
/// has to leave.
let missingInRandomNets: Set<String> = []

@Suite("Random networks as programs", .enabled(if: KerasChild.runs, "no Python with Keras"))
struct RandomNetTests {
  private static let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1"

  @Test("Twenty steps of any network give Keras's losses, outputs and weights")
  func agree() throws {
    let count = Self.isLong ? 500 : 60
    let folder = FileManager.default.temporaryDirectory.appending(path: "nets-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let generator = KerasProgram.tests.appending(path: "Reference/random_nets.py")
    try KerasChild.run([generator.path, "\(KerasChild.seed)", "\(count)", folder.path])
    let answers = try KerasAnswer.all(in: folder, alsoDouble: true)

    var tally = Tally()
    for net in try KerasProgram.all(in: folder) {
      let answer = try #require(answers[net.name], "Keras did not run \(net.name)")
      guard answer.error == nil else {
        Issue.record("\(net.name): Keras, line \(answer.line ?? 0): \(answer.error ?? "")")
        continue
      }
      // Where rounding alone carries Keras away from itself there is nothing to agree with.
      let double = Transcript(answer.double ?? "")
      guard !answer.stdout.contains("nan"),
        Transcript(answer.stdout).difference(from: double, .determined) == nil
      else {
        tally.undetermined += 1
        continue
      }
      let difference = net.difference(fromKeras: answer.stdout)
      tally.note(net, agrees: difference == nil)
      guard net.uses.isDisjoint(with: missingInRandomNets) else { continue }
      if let difference { Issue.record("\(net.name): \(difference)\n\(net.text)") }
    }
    #expect(tally.undetermined * 5 <= count, "too many networks that decide nothing")
    for word in tally.present {
      Issue.record("all networks with \(word) agree: remove it from missingInRandomNets")
    }
    print("random networks, seed \(KerasChild.seed): \(tally)")
  }

  /// How many agree, as a whole and by what they use.
  private struct Tally: CustomStringConvertible {
    var undetermined = 0
    private var agreed = 0
    private var all = 0
    private var byWord: [String: (agreed: Int, all: Int)] = [:]
    private var alone: [String: Bool] = [:]

    mutating func note(_ net: KerasProgram, agrees: Bool) {
      all += 1
      agreed += agrees ? 1 : 0
      for word in net.uses {
        let known = byWord[word] ?? (0, 0)
        byWord[word] = (known.agreed + (agrees ? 1 : 0), known.all + 1)
      }
      let missing = net.uses.intersection(missingInRandomNets)
      guard let word = missing.first, missing.count == 1 else { return }
      alone[word] = alone[word, default: true] && agrees
    }

    /// The words said to be missing that are not.
    var present: [String] { alone.filter(\.value).keys.sorted() }

    var description: String {
      let weak = byWord.filter { $0.value.agreed < $0.value.all }.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value.agreed)/\($0.value.all)" }
      return "\(agreed) of \(all) agree, \(undetermined) undetermined"
        + (weak.isEmpty ? "" : "; " + weak.joined(separator: ", "))
    }
  }
}
