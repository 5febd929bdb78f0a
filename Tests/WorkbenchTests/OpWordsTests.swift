import Autodiff
import Foundation
import Tensors
import TerminalGraphics
import Testing

@testable import Training
@testable import Workbench

@Suite("Sentences and arithmetic of every op")
struct OpWordsTests {
  @Test("what sentences claim is true of 1,000 random tensors", arguments: OpCatalog.all)
  func claimsHold(example: OpExample) {
    var rigs = OpRig.all(example)
    for seed in 0..<1000 {
      rigs[seed % 4].begin(seed: seed)
      let rig = rigs[seed % 4]
      // One instruction for each draw, every fourth time an update; all of them come up.
      let count = rig.execution.plan.instructions.count
      let wanted = seed / 4 % 4 == 0 ? count - 1 - seed % 2 : seed * 7 % count
      while rig.execution.position <= wanted { rig.execution.advance() }
      let moment = rig.moment(cell: seed)
      let sentences = Words.sentences(of: moment)
      #expect((1...3).contains(sentences.count))
      for sentence in sentences where !SentenceCheck.holds(sentence, moment) {
        Issue.record("\(seed): \(sentence)")
      }
    }
  }

  @Test(
    "written operands give the written result to its last digit, or it begins with ≈",
    arguments: OpCatalog.all)
  func arithmeticHolds(example: OpExample) throws {
    var rigs = OpRig.all(example)
    for seed in 0..<4 {
      rigs[seed].begin(seed: seed)
      let rig = rigs[seed]
      while !rig.execution.isDone {
        rig.execution.advance()
        let results = rig.execution.plan.instructions[rig.execution.position - 1].results
        for result in results {
          let count = result.value.shape.count
          for cell in Set([seed * 5 % count, count - 1]) {
            let explanation = rig.explain(result, at: cell)
            switch explanation.body {
            case .sum(let terms): checkSum(terms, explanation)
            case .formula(let text, let operands):
              checkFormula(CellFormula(text, operands, result: explanation.result), explanation)
            }
          }
        }
      }
    }
  }

  private func number(_ text: String) -> Double {
    Double(text.replacing("≈", with: "").replacing(",", with: "")) ?? .nan
  }

  private func checkSum(_ terms: [SumTerm], _ explanation: CellExplanation) {
    for most in [3, 100] {
      let table = SumTable(terms, result: explanation.result, most: most)
      let scale = pow(10, Double(table.decimals))
      func units(_ text: String) -> Int { Int((number(text) * scale).rounded()) }
      let sum =
        table.rows.reduce(0) { $0 + units($1.product) } + (table.rest.map { units($0.text) } ?? 0)
      #expect(
        sum == units(table.result) || table.result.hasPrefix("≈"), "\(explanation.name)")
      for row in table.rows where row.factors.count > 1 {
        let product = row.factors.reduce(1.0) { $0 * number($1) }
        #expect(
          Int((product * scale).rounded()) == units(row.product),
          "\(explanation.name): \(row.factors) = \(row.product)")
      }
    }
    if terms.count < 4 {
      checkFormula(CellFormula(sum: terms, result: explanation.result), explanation)
    }
  }

  /// Reads the numbers of a formula as it is written and computes it anew.
  private func checkFormula(_ formula: CellFormula, _ explanation: CellExplanation) {
    let shown = formula.shown
    guard !shown.result.hasPrefix("≈"), !formula.operands.isEmpty else { return }
    var numbers: [Double] = []
    // A minus in front of a digit is a sign; the operator is another character.
    let text = shown.numbers.replacing(/-?[0-9][0-9,]*(\.[0-9]+)?(e[+-][0-9]+)?/) { match in
      var word = String(match.output.0)
      let isList = word.hasSuffix(",")
      if isList { word.removeLast() }
      numbers.append(number(word))
      return isList ? "{}," : "{}"
    }
    guard formula.evaluate(formula.operands.map { Double($0.value) }) != nil else { return }
    guard let value = CellFormula(text, [], result: 0).evaluate(numbers) else {
      Issue.record("\(explanation.name): \(shown.numbers) cannot be read")
      return
    }
    #expect(isWritten(value, shown.result), "\(explanation.name): \(shown) but \(value)")
  }

  /// Whether a number rounds to a text, to the text's last digit.
  private func isWritten(_ value: Double, _ text: String) -> Bool {
    let mantissa = text.prefix { $0 != "e" }
    let exponent = text.firstIndex(of: "e").flatMap { Int(text[text.index(after: $0)...]) } ?? 0
    let decimals = mantissa.firstIndex(of: ".").map { mantissa[$0...].count - 1 } ?? 0
    let unit = pow(10, Double(exponent - decimals))
    return abs(value - number(text)) <= unit * 0.5000001
  }
}
