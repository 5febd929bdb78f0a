import Autodiff
import Foundation
import Tensors
import TerminalGraphics
import TestSupport
import Training

@testable import Workbench

extension SentenceCheck {
  /// Sentences of formulas, reductions, shares and products.
  static let ofNumbers: [(String, Check)] = [
    (
      "The same number everywhere",
      { _, _, x, moment in moment.operands.isEmpty && Set(x).count <= 1 }
    ),
    (
      "It is always",
      { _, _, x, moment in moment.operands.isEmpty && x.count == 1 }
    ),
    (
      "One formula for every number",
      { sentence, _, _, moment in
        guard case .formula = rule(moment) else { return false }
        return moment.operands.contains { sentence.has($0.symbol) }
      }
    ),
    (
      "Each number is the average of",
      { _, counts, x, moment in
        guard case .reduction(.mean, let input, let g) = rule(moment) else { return false }
        return counts == [g.count] && x.count * g.count == input.shape.count
      }
    ),
    (
      "Each number is the sum of",
      { sentence, counts, x, moment in
        switch rule(moment) {
        case .reduction(.sum, let input, let g):
          counts == [g.count] && x.count * g.count == input.shape.count
        case .alongAxis(.cumulativeSum, _, _): sentence.has("up to its place")
        case .alongAxis(.cumulativeSumBackwards, _, _): sentence.has("from its place")
        default: false
        }
      }
    ),
    (
      "Each number is the largest of",
      { _, counts, x, moment in
        guard case .reduction(.maximum, let input, let g) = rule(moment) else { return false }
        let all = Set(operand(moment.plan[input].symbol, moment) ?? [])
        return counts == [g.count] && x.allSatisfy { all.contains($0) }
      }
    ),
    (
      "Each number is the smallest of",
      { _, counts, x, moment in
        guard case .reduction(.minimum, let input, let g) = rule(moment) else { return false }
        let all = Set(operand(moment.plan[input].symbol, moment) ?? [])
        return counts == [g.count] && x.allSatisfy { all.contains($0) }
      }
    ),
    (
      "Each number is the product of",
      { _, counts, x, moment in
        guard case .reduction(.product, let input, let g) = rule(moment) else { return false }
        return counts == [g.count] && x.count * g.count == input.shape.count
      }
    ),
    (
      "Every one of",
      { _, counts, x, moment in
        guard case .reductionGradient(_, _, _, let dy, let g) = rule(moment) else { return false }
        return counts == [g.count] && x.count == dy.shape.count * g.count
      }
    ),
    (
      "numbers gets the gradient; the others get 0",
      { _, counts, x, moment in
        guard case .reductionGradient(_, _, _, let dy, let g) = rule(moment) else { return false }
        return counts == [g.count, 0] && x.count { $0 != 0 } <= dy.shape.count
      }
    ),
    (
      "A factor's gradient is multiplied",
      { _, _, _, moment in
        if case .reductionGradient(.product, _, _, _, _) = rule(moment) { true } else { false }
      }
    ),
    (
      "pair by pair, added",
      { _, _, _, moment in
        guard case .batchedProduct = rule(moment), case .sum(let terms)? = moment.explanation?.body
        else { return false }
        return terms.allSatisfy { $0.factors.count == 2 }
      }
    ),
    (
      "they are taken as they are",
      { _, _, x, moment in
        guard case .gather(let table, _, _) = rule(moment) else { return false }
        let all = Set(operand(moment.plan[table].symbol, moment) ?? [])
        return x.allSatisfy { all.contains($0) }
      }
    ),
    (
      "A place of the table gets the gradients",
      { _, _, _, moment in if case .scatter = rule(moment) { true } else { false } }
    ),
    ("A place for each class", { _, _, x, _ in x.allSatisfy { $0 == 0 || $0 == 1 } }),
    ("how often it is among", { _, _, x, _ in x.allSatisfy { $0 == $0.rounded() && $0 >= 0 } }),
    (
      "shares that add up to 1",
      { _, counts, x, moment in
        let width: Int
        switch rule(moment) {
        case .softmax: width = moment.results[moment.result].tensor.shape.last
        case .alongAxis(.softmax, _, let place): width = place.extent
        default: return false
        }
        let sum = x.reduce(0, +)
        return counts.first == width && x.allSatisfy { (0...1).contains($0) }
          && abs(sum - Float(x.count / width)) < 1e-3
      }
    ),
    (
      "Logarithms of shares",
      { _, counts, x, moment in
        guard case .alongAxis(.logSoftmax, _, let place) = rule(moment) else { return false }
        let sum = x.reduce(0) { $0 + exp($1) }
        return counts == [place.extent, 1] && abs(sum - Float(x.count / place.extent)) < 1e-3
      }
    ),
    (
      "A smooth maximum of",
      { _, counts, x, moment in
        guard case .alongAxis(.logSumExp, _, let place) = rule(moment) else { return false }
        return counts == [place.extent]
      }
    ),
    (
      "Where among",
      { _, counts, x, moment in
        guard case .alongAxis(_, _, let place) = rule(moment) else { return false }
        return counts == [place.extent, 0]
          && x.allSatisfy { $0 >= 0 && $0 < Float(place.extent) && $0 == $0.rounded() }
      }
    ),
    (
      "The places of",
      { _, counts, x, moment in
        guard case .alongAxis(_, _, let place) = rule(moment) else { return false }
        return counts == [place.extent]
          && x.allSatisfy { $0 >= 0 && $0 < Float(place.extent) && $0 == $0.rounded() }
      }
    ),
    (
      "Shares compete",
      { _, _, x, _ in
        abs(x.reduce(0, +)) <= 1e-4 * max(1, x.reduce(0) { $0 + abs($1) })
      }
    ),
    (
      "A gradient less its share",
      { _, _, _, moment in
        if case .alongAxisGradient(.logSoftmax, _, _, _, _) = rule(moment) { true } else { false }
      }
    ),
    (
      "in the share that it has in the smooth maximum",
      { _, _, _, moment in
        if case .alongAxisGradient = rule(moment) { true } else { false }
      }
    ),
    (
      "side by side, each made by itself",
      { _, counts, _, moment in
        switch rule(moment) {
        case .columns(let parts), .rows(let parts): counts == [parts.count]
        default: false
        }
      }
    ),
    (
      "Sums of products of",
      { _, _, _, moment in
        guard case .sum(let terms)? = moment.explanation?.body else { return false }
        return terms.allSatisfy { $0.factors.count == 2 }
      }
    ),
    (
      "The squares of all numbers",
      { _, _, x, _ in x.count == 1 && x[0] >= 0 }
    ),
  ]
}
