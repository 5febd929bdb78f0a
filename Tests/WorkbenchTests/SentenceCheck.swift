import Autodiff
import Foundation
import Tensors
import TerminalGraphics
import TestSupport
import Training

@testable import Workbench

/// Reads the numbers in a sentence of an op and finds them anew in what is shown beside it.
enum SentenceCheck {
  static func holds(_ sentence: String, _ moment: StepMoment) -> Bool {
    let x = moment.results[moment.result].tensor.scalars
    // Of one number alone the same is said.
    let one = "It is the "
    let sentence =
      sentence.hasPrefix(one) ? "Each number is the " + sentence.dropFirst(one.count) : sentence
    let counts = sentence.split { !$0.isNumber && $0 != "," }.compactMap {
      Int($0.replacing(",", with: ""))
    }
    for (beginning, check) in checks where sentence.has(beginning) {
      return check(sentence, counts, x, moment)
    }
    return WordsTests().check(sentence, moment) != nil
  }

  typealias Check = @Sendable (String, [Int], [Float], StepMoment) -> Bool

  static func operand(_ symbol: String, _ moment: StepMoment) -> [Float]? {
    moment.operands.first { $0.symbol == symbol }?.tensor.scalars
  }

  /// What numbers were multiplied with to drop some of them.
  static func masks(_ moment: StepMoment) -> [[Float]] {
    (moment.results + moment.operands).filter { $0.symbol == "mask" }.map(\.tensor.scalars)
  }

  static func rule(_ moment: StepMoment) -> CellRule {
    moment.plan.instructions[moment.done - 1].results[moment.result].rule
  }

  /// How far places lie apart, where they do not touch.
  static func apart(_ g: WindowGeometry) -> [Int] {
    let most = max(g.dilationHeight, g.dilationWidth)
    return most > 1 ? [most] : []
  }

  static func time(_ moment: StepMoment) -> Int { moment.recurrent?.time ?? -1 }
  /// Whether it is the gradient of what the layer gave out at this time step.
  static func isOfOutput(_ operand: ShownValue, _ moment: StepMoment) -> Bool {
    operand.name.hasSuffix(".grad") && !operand.name.contains("/t\(time(moment) + 1)/")
  }

  static func ends(_ name: String, _ moment: StepMoment) -> Bool {
    moment.results[moment.result].name.hasSuffix(name)
  }

  static func isWide(_ count: Int, _ x: [Float], _ moment: StepMoment) -> Bool {
    x.count == count * (moment.recurrent?.units ?? 0) * moment.plan.batchSize
  }

  static func steps(_ moment: StepMoment) -> Int { moment.recurrent?.steps ?? -1 }

  /// Whether a number is written somewhere in a sentence as the lab writes numbers.
  static func names(_ sentence: String, _ number: Float?) -> Bool {
    number.map { sentence.has(NumberFormat.compact($0)) } ?? false
  }

  static func share(_ sentence: String, _ number: Float?) -> Bool {
    guard let number, (0...1).contains(number) else { return false }
    return sentence.has(NumberFormat.percent(Double(number)))
  }

  /// The gate's number of the unit that the sentence names.
  static func gate(
    _ part: RecurrentMoment.Part, _ moment: StepMoment, at time: Int? = nil
  ) -> Float? {
    guard let recurrent = moment.recurrent, let unit = recurrent.unit else { return nil }
    return recurrent.number(part, at: time ?? recurrent.time, unit: unit)
  }
  /// Beginnings of sentences, the more special ones first.
  private static let checks = ofWindowsAndCopies + ofNumbers + ofTimeSteps
}
