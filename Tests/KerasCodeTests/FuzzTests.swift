import Foundation
import KerasCode
import Tensors
import Testing

@Suite("Damaged programs")
struct FuzzTests {
  @Test("a program with random damage runs or ends with a diagnostic")
  func damaged() {
    let rounds = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1" ? 100_000 : 1_000
    var random = NumPyRandomState(seed: 3)
    let seeds =
      EvaluatorTests.programs.map(\.program) + EvaluatorTests.wrong.map(\.program)
      + LanguageTests.facts.map(\.program) + LanguageTests.endings.map(\.program)
      + [TutorialTests.dummyData, TutorialTests.withoutData]
    let budget = Evaluator.Budget(steps: 20_000, numbers: 1 << 20, containers: 20_000)
    for _ in 0..<rounds {
      var text = Array(seeds[random.randint(0, seeds.count)].unicodeScalars)
      for _ in 0..<random.randint(1, 5) { Self.damage(&text, &random) }
      var program = String.UnicodeScalarView()
      program.append(contentsOf: text)
      do {
        try Evaluator.run(String(program), file: "p.py", host: TestHost(), budget: budget)
      } catch {
        guard let fault = error as? Diagnostic else {
          Issue.record("\(error) of \(String(program))")
          continue
        }
        #expect(fault.line >= 1 && !fault.message.isEmpty)
        let isClean = !fault.description.unicodeScalars.contains { $0.value < 32 && $0 != "\n" }
        #expect(isClean, "\(String(program))")
      }
    }
  }

  private static let pieces = [
    "(", ")", "[", "]", "{", "}", ":", ",", "=", "'", "\"", "\n", "  ", "-1", "0", "None", "f'{",
    "1e999", "*", "**", "/", "//", "%", "@", ".", "lambda", "for x in ", "9223372036854775807",
    "\\",
    "\u{0}", "é", "\u{1F600}", "if", "else", "not", "in", "<", "x", "np.", "shape", "True", "...",
    "class A:\n", "def f(self):", "yield ", "return ", "try:\n", "except:\n", "raise ", "with ",
    "super().__init__()", "nonlocal x", "global x", "self", "del ", "import ", "while True:",
    "__repr__", "__eq__", "__iter__", "**kwargs", "*args", ":=", "lambda x: ", "f(f)", "10**9",
  ]

  private static func damage(_ text: inout [Unicode.Scalar], _ random: inout NumPyRandomState) {
    let place = random.randint(0, text.count + 1)
    let length = min(random.randint(0, 12), text.count - place)
    switch random.randint(0, 4) {
    case 0: text.removeSubrange(place..<place + length)
    case 1:
      text.insert(contentsOf: text[place..<place + length], at: random.randint(0, text.count + 1))
    case 2:
      text.replaceSubrange(
        place..<place + min(1, length), with: pieces[random.randint(0, pieces.count)].unicodeScalars
      )
    default:
      text.insert(contentsOf: pieces[random.randint(0, pieces.count)].unicodeScalars, at: place)
    }
  }
}
