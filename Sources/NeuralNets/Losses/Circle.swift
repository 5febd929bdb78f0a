import Autodiff
import Tensors

/// Pulls the directions p of examples of one class together and those of others apart. With
/// `d = max(1 − p · p', 0)` for each pair, margin m and s = γ:
///
///     L = log(1 + Σ_same e^(−γ max(m + d, 0) (m − d)) · Σ_other e^(γ max(1 + m − d, 0) (1 − m − d)))
///
/// Examples whose loss is 0 do not count. Sun et al. 2020.
struct Circle: LossClass {
  static let entry = LossEntry(
    "Circle", ["circle"],
    [
      .number("gamma", 0...1e6, 80, "how much the hardest pairs count"),
      .number("margin", 0...1, 0.4, "how far apart the classes are to be"),
      .flag("remove_diagonal", true, "whether pairs of an example with itself are left out"),
    ], "pulls the directions of a class together, those of others apart", { Circle($0) })

  private let γ: Formula
  private let m: Formula
  private let removesDiagonal: Bool

  private init(_ arguments: Arguments) {
    γ = arguments.named("γ", "gamma")
    m = arguments.named("m", "margin")
    removesDiagonal = arguments.boolean("remove_diagonal")
  }

  func targetShape(for prediction: Shape) -> Shape { [prediction[0]] }

  func check(_ prediction: Shape) throws(LayerFailure) {
    guard prediction.rank == 2 else {
      throw LayerFailure(
        "compares directions, not \(prediction.exampleTuple)", remedy: "an output of (features,)")
    }
  }

  func losses(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Losses {
    let n = target.shape.count
    let cosines = builder.apply(
      BatchedMatMulOp(transposesB: true), to: [prediction, prediction])
    builder.rename(cosines, builder.pathHere("cosines"), symbol: "c")
    let column = builder.apply(ReshapeOp(to: [n, 1]), to: [target])
    builder.rename(column, builder.pathHere("label_column"), symbol: "t'")
    let distances = builder.formula("distances", "d", .max(1 - .operand(0), 0), [cosines])
    var operands = [distances, target, column]
    let d = Formula.operand(0)
    var isSame = Formula.equal(.operand(1), .operand(2))
    let other = logSum(
      "other", .where(isSame, Self.none, γ * .max(1 + m - d, 0) * (1 - m - d)), operands,
      &builder)
    if removesDiagonal {
      let places = builder.constant(
        Tensor(shape: [n], scalars: (0..<n).map { Float($0) }))
      let rows = builder.apply(ReshapeOp(to: [n, 1]), to: [places])
      builder.rename(places, builder.pathHere("place"), symbol: "i")
      builder.rename(rows, builder.pathHere("place_column"), symbol: "i'")
      operands += [places, rows]
      isSame = .where(.equal(.operand(3), .operand(4)), 0, isSame)
    }
    let same = logSum(
      "same", .where(isSame, -γ * .max(m + d, 0) * (m - d), Self.none), operands, &builder)
    let each = builder.formula(
      "circle", "e", .softplus(.operand(0) + .operand(1)), [same, other])
    return Losses(each, mask: builder.formula("counted", "m", .operand(0) > 0, [each]))
  }

  /// A logarithm so low that no sum notices it.
  private static let none = Formula.constant(-1e30)

  private func logSum(
    _ name: String, _ formula: Formula, _ operands: [Value], _ builder: inout GraphBuilder
  ) -> Value {
    let pairs = builder.formula(name + "_pairs", "s", formula, operands)
    let sum = builder.apply(LogSumExpOp(), to: [pairs])
    builder.rename(sum, builder.pathHere(name), symbol: "log Σ" + name)
    return sum
  }
}
