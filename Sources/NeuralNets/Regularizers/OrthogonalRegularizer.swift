import Autodiff
import Tensors

/// What rows, or columns, of a matrix that are not at right angles cost (Brock et al. 2016):
///
///     G = X Xᵀ of the rows at length 1,  R = factor · ½ Σ |G[i,j]|, i ≠ j, over the pairs
package struct OrthogonalRegularizer: Regularizer {
  package static let entry = ComponentClass(
    "OrthogonalRegularizer", ["orthogonal_regularizer"],
    [
      .number("factor", 0...1e30, 0.01, "cost of a pair that is parallel"),
      ArgumentSpec(
        "mode", .choice(["rows", "columns"]), default: .text("rows"),
        "which are to be at right angles"),
    ], "rows or columns at right angles")

  private let factor: Double
  private let byRows: Bool

  package init(_ arguments: Arguments) {
    factor = arguments.number("factor")
    byRows = arguments.text("mode") == "rows"
  }

  package func problem(with shape: Shape) -> (problem: String, remedy: String)? {
    guard shape.rank == 2 else {
      return ("has \(shape.rank) axes, the orthogonal regularizer takes 2", "a matrix")
    }
    guard shape[byRows ? 0 : 1] > 1 else {
      return (
        "has one \(byRows ? "row" : "column"), which no other can be orthogonal to",
        "at least two"
      )
    }
    return nil
  }

  package func penalty(of x: Value, into builder: inout GraphBuilder) -> Value {
    let count = x.shape[byRows ? 0 : 1]
    let squares = builder.formula("square", "x²", .square(.operand(0)), [x])
    let lengths = builder.reduce(.sum, squares, axes: [byRows ? 1 : 0], keepsAxes: true)
    // Keras's epsilon: a row of zeros stays one.
    let scale = Formula.min(.function(.reciprocalSquareRoot, .operand(1)), 1e7)
    let unit = builder.formula("normalized", "X", .operand(0) * scale, [x, lengths])
    let products = builder.apply(
      BatchedMatMulOp(transposesA: !byRows, transposesB: byRows), to: [unit, unit])
    let others = builder.constant(
      Tensor(
        shape: [count, count],
        scalars: (0..<count * count).map { $0 / count == $0 % count ? 0 : 1 }))
    let angles = builder.formula(
      "overlap", "|G|", .abs(.operand(0) * .operand(1)), [products, others])
    let pairs = Double(count * (count - 1)) / 2
    return builder.formula(
      "penalty", "R", .named("factor", factor * 0.5 / pairs) * .operand(0),
      [builder.reduce(.sum, angles)])
  }
}
