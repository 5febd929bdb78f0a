import Autodiff
import Foundation
import NeuralNets
import Tensors
import TerminalGraphics
import Testing

@testable import Training
@testable import Workbench

@Suite("Stepping through every architecture")
struct ArchitectureStepTests {
  @Test(
    "every instruction has a formula, words, and numbers that add up", arguments: Architecture.all)
  func explains(architecture: Architecture) throws {
    let session = try Session(architecture.settings())
    let count = session.plan.instructions.count
    for phase in Phase.allCases { #expect(!session.plan.range(of: phase).isEmpty, "\(phase)") }
    var silent: Set<String> = []
    for i in 1...count {
      session.go(to: Position(step: 1, instruction: i))
      let instruction = session.plan.instructions[i - 1]
      let place =
        "\(instruction.phase.rawValue) \((instruction.scopes + [instruction.title]).joined(separator: "/"))"
      #expect(!instruction.title.isEmpty, "\(place)")
      #expect(!instruction.results.isEmpty, "\(place)")
      for (index, result) in instruction.results.enumerated() {
        #expect(!result.formula.isEmpty, "\(place)")
        #expect(!session.plan[result.value].symbol.isEmpty, "\(place): no symbol")
        if instruction.phase == .forward {
          #expect(!isOfItself(result.formula), "\(place): \(result.formula)")
        }
        for cell in cells(result.value) {
          check(session.explain(result, at: cell), place, result.rule)
        }
        let moment = StepMoment(
          of: session, StepInterest(result: index, checks: false), StepMemory(), run: 0)
        let words = Words.sentences(of: moment)
        #expect((1...3).contains(words.count), "\(place): \(words.count) sentences")
        if words.contains(where: { $0.hasPrefix("The largest") || $0.hasPrefix("The number is") }),
          words.count == 1
        {
          silent.insert("\(instruction.phase.rawValue) \(instruction.title): \(result.formula)")
        }
      }
    }
    if ProcessInfo.processInfo.environment["FOLDS_SILENT"] != nil {
      for line in silent.sorted() { print("SILENT", architecture.name, "|", line) }
    }
  }

  /// Whether what is made is called as something that it is made of: `z = z + b` says that b is 0.
  private func isOfItself(_ formula: String) -> Bool {
    let sides = formula.split(separator: " = ", maxSplits: 1)
    guard sides.count == 2, sides[0] != sides[1] else { return false }
    return sides[1].split { " ()·⊙/×,".contains($0) }.contains(sides[0])
  }

  /// The first number, the last, and some between.
  private func cells(_ value: Value) -> [Int] {
    let count = value.shape.count
    return Set([0, count / 3, count / 2, count - 1]).filter { $0 >= 0 && $0 < count }.sorted()
  }

  private func check(_ explanation: CellExplanation, _ place: String, _ rule: CellRule) {
    #expect(!explanation.formula.isEmpty, "\(place)")
    switch explanation.body {
    case .sum(let terms):
      let sum = terms.reduce(0) { $0 + $1.product }
      let size = terms.reduce(0) { $0 + abs($1.product) }
      #expect(
        abs(sum - Double(explanation.result)) <= 1e-6 * max(size, 1e-30),
        "\(place): \(explanation.name) is \(explanation.result), not \(sum)")
    case .formula(let text, let operands):
      #expect(!text.isEmpty, "\(place)")
      let formula = CellFormula(text, operands, result: explanation.result)
      guard let value = formula.evaluate(operands.map { Double($0.value) }) else { return }
      let size = operands.reduce(abs(value)) { max($0, abs(Double($1.value))) }
      #expect(
        abs(value - Double(explanation.result)) <= 1e-5 * max(size, 1e-6),
        "\(place): \(explanation.name) is \(explanation.result), not \(value) = \(text) of \(operands.map(\.value))"
      )
    }
  }

  @Test(
    "any walk forwards and backwards gives the bytes of the straight way",
    arguments: Architecture.all)
  func walks(architecture: Architecture) throws {
    let settings = try architecture.settings()
    let straight = try Session(settings)
    let steps = 4
    var digests: [Position: Digest] = [:]
    while straight.position.step < steps {
      digests[straight.position] = straight.digest
      straight.move(1, by: .instruction)
    }
    digests[straight.position] = straight.digest
    var debugger = Debugger(try Session(settings))
    let random = CounterRandom(seed: 8, name: architecture.name)
    let names = debugger.session.plan.foldAddresses
    for i in 0..<120 {
      let draw = random.uniform(at: 3 * i)
      let isAhead = random.uniform(at: 3 * i + 1) < 0.5
      if draw < 0.6 {
        let unit = MoveUnit.allCases[Int(draw / 0.6 * Double(MoveUnit.allCases.count))]
        _ = try debugger.run("\(isAhead ? "step" : "back") \(unit.rawValue)")
      } else {
        let name = names[Int(random.uniform(at: 3 * i + 2) * Double(names.count))]
        let words = [isAhead ? "step" : "back", "until", "goto", "into"]
        let word = words[Int((draw - 0.6) / 0.4 * 4)]
        if !isAhead, word == "back", debugger.session.position.step == 0 { continue }
        do { _ = try debugger.run("\(word) \(name)") } catch let error as DebuggerCommand.Failure {
          #expect(error.problem.contains("can be one of"), "\(word) \(name): \(error)")
        }
      }
      let here = debugger.session.position
      if here.step >= steps {
        _ = try debugger.run("goto step \(i % (steps - 1))")
        continue
      }
      #expect(debugger.session.digest == digests[here], "after move \(i) to \(here)")
    }
  }
}
