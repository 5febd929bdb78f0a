import Autodiff
import Tensors

/// The weights of an attention layer for one example: how much each row takes of each other.
package struct AttentionCloseUp: Hashable, Sendable {
  package let layer: String
  /// [heads, rows that look, rows looked at]; what was dropped in training is not in it.
  package let weights: Tensor
  /// The tokens of the rows that look and of those looked at; nil where what comes in are no tokens.
  package let lookers, lookedAt: [Float]?
  package let head, row, column: Int

  package var headCount: Int { weights.shape[0] }
  package var rows: Int { weights.shape[1] }
  package var columns: Int { weights.shape[2] }

  package func weight(_ head: Int, _ row: Int, _ column: Int) -> Float {
    weights.scalars[(head * rows + row) * columns + column]
  }

  /// Whether no row looks at those after it: a mask keeps what is to come away, and gives exactly 0.
  package let looksBackOnly: Bool

  /// Whether a row may not look at a column.
  package func isMasked(_ row: Int, _ column: Int) -> Bool { looksBackOnly && column > row }

  /// Nil when the layer has no weights, or they are not known yet.
  init?(of run: Execution, example: Int, _ interest: CloseUpInterest) {
    let plan = run.plan
    let weights = ["/masked", "/weights"].lazy.compactMap {
      plan.value(named: interest.layer + $0)
    }.first { plan[$0].symbol == "p" && [3, 4].contains($0.shape.rank) }
    guard let weights, run.isKnown(weights) else { return nil }
    let shape = weights.shape
    let hasHeads = shape.rank == 4
    guard shape[hasHeads ? 1 : 0] == plan.batchSize else { return nil }
    let heads = hasHeads ? shape[0] : 1
    let (rows, columns) = (shape[shape.rank - 2], shape.last)
    let numbers = run.numbers(of: weights)
    let size = rows * columns
    layer = interest.layer
    self.weights = Tensor(
      shape: [heads, rows, columns],
      scalars: (0..<heads).flatMap { head in
        let start = (head * plan.batchSize + example) * size
        return numbers[start..<start + size]
      })
    let all = self.weights.scalars
    looksBackOnly =
      rows == columns && rows > 1
      && (0..<heads).allSatisfy { head in
        (0..<rows).allSatisfy { row in
          (row + 1..<max(row + 1, columns)).allSatisfy {
            all[(head * rows + row) * columns + $0] == 0
          }
        }
      }
    let (query, key) = Self.compared(interest.layer, plan)
    lookers = run.tokens(behind: query, length: rows, example: example)
    lookedAt = run.tokens(behind: key, length: columns, example: example)
    head = min(max(0, interest.part), heads - 1)
    row = min(max(0, interest.row), rows - 1)
    column = min(max(0, interest.column), columns - 1)
  }

  /// What looks and what is looked at: q and k, or the factors of the scores.
  private static func compared(_ layer: String, _ plan: Plan) -> (query: Value?, key: Value?) {
    if let q = plan.value(named: layer + "/q"), let k = plan.value(named: layer + "/k") {
      return (q, k)
    }
    for index in plan.range(of: .forward) where plan.instructions[index].layer == layer {
      guard let result = plan.instructions[index].results.first else { continue }
      if case .batchedProduct(let a, let b, _) = result.rule { return (a, b) }
      if case .formula(_, let operands, _) = result.rule, operands.count > 1 {
        return (operands[0], operands[1])
      }
    }
    return (nil, nil)
  }
}
