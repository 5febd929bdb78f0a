import Autodiff
import Tensors

/// An activation that looks at all numbers along an axis.
enum RowFunction: Hashable, Sendable {
  case softmax, logSoftmax, sparsemax
  /// `a · σ(b)`, a and b the halves of the axis. Dauphin et al. 2016.
  case gated

  /// - Parameter axis: counted with the batch as 0, or from the end if negative.
  func lower(_ x: Value, axis: Int, into builder: inout GraphBuilder) -> Value {
    switch self {
    case .softmax: return builder.apply(SoftmaxOp(axis: axis), to: [x])
    case .logSoftmax: return builder.apply(LogSoftmaxOp(axis: axis), to: [x])
    case .gated: return gated(x, axis, &builder)
    case .sparsemax: return sparsemax(x, axis, &builder)
    }
  }

  private func gated(_ x: Value, _ axis: Int, _ builder: inout GraphBuilder) -> Value {
    let place = axis < 0 ? axis + x.shape.rank : axis
    let half = x.shape[place] / 2
    let whole = [AxisSlice](repeating: .all, count: place)
    let a = builder.apply(SliceOp(whole + [.range(stop: half)]), to: [x])
    let b = builder.apply(SliceOp(whole + [.range(start: half)]), to: [x])
    let prefix = builder.layerName.isEmpty ? "" : builder.layerName + "/"
    builder.rename(a, prefix + "content", symbol: "a")
    builder.rename(b, prefix + "gate", symbol: "b")
    return builder.formula("glu", "h", .operand(0) * .sigmoid(.operand(1)), [a, b])
  }

  /// `p = max(x − τ, 0)`. With x sorted, z₁ ≥ z₂ …, and its sums c_j = z₁ + … + z_j, the support are
  /// the k places where `z_j > (c_j − 1) / j`, and
  ///
  ///     τ = (Σ of c_j over the support − 1) / k
  ///
  /// as Keras computes it; Martins & Astudillo 2016 take the last c_j of the support instead of their
  /// sum, so that their shares sum to 1.
  private func sparsemax(_ x: Value, _ axis: Int, _ builder: inout GraphBuilder) -> Value {
    let place = axis < 0 ? axis + x.shape.rank : axis
    let order = builder.apply(ArgSortOp(axis: place, isDescending: true), to: [x])
    let sorted = builder.apply(TakeAlongAxisOp(axis: place), to: [x, order])
    let sums = builder.apply(CumulativeSumOp(axis: place), to: [sorted])
    let extent = x.shape[place]
    let ranks = builder.constant(
      Tensor(
        shape: Shape([extent] + [Int](repeating: 1, count: x.shape.rank - place - 1)),
        scalars: (1...extent).map { Float($0) }))
    let (z, c, j) = (Formula.operand(0), Formula.operand(1), Formula.operand(2))
    let isSupport = z > (c - 1) / j
    let support = builder.formula(
      "support", "s", .where(isSupport, 1, 0), [sorted, sums, ranks])
    let taken = builder.formula(
      "support_sums", "c", .where(.operand(1) > 0, .operand(0), 0), [sums, support])
    let count = builder.reduce(
      .sum, support, axes: [place], keepsAxes: true, name: "support_count", symbol: "k")
    let total = builder.reduce(
      .sum, taken, axes: [place], keepsAxes: true, name: "support_sum", symbol: "Σc")
    let τ = (Formula.operand(1) - 1) / .operand(2)
    return builder.formula(
      "sparsemax", "p", .where(.operand(0) < τ, 0, .operand(0) - τ), [x, total, count])
  }
}
