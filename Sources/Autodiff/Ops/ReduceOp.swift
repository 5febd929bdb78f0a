import Tensors

/// An array as [outer, count, inner], reduced along the middle.
package struct ReductionGeometry: Hashable, Sendable {
  package let outer, count, inner: Int

  package init(outer: Int, count: Int, inner: Int) {
    self.outer = outer
    self.count = count
    self.inner = inner
  }

  /// Axes that lie side by side.
  init(_ shape: Shape, axes: Range<Int>) {
    outer = shape.extents[..<axes.lowerBound].reduce(1, *)
    count = shape.extents[axes].reduce(1, *)
    inner = shape.extents[axes.upperBound...].reduce(1, *)
  }

  /// The places in the array that a place of the result comes from.
  func places(of offset: Int) -> [Int] {
    let (o, i) = offset.quotientAndRemainder(dividingBy: max(inner, 1))
    return (0..<count).map { (o * count + $0) * inner + i }
  }

  /// The place of the result that a place of the array goes into.
  func result(of place: Int) -> Int {
    place / max(count * inner, 1) * inner + place % max(inner, 1)
  }
}

/// Sum, mean, largest, smallest or product of the numbers along axes that lie side by side.
///
/// Backward: a sum passes its gradient to every number, a mean 1/n of it; the largest share it
/// equally, if there are several; of a product each gets it times all the others.
package struct ReduceOp: Op {
  package let reduction: Reduction
  /// The axes, counted from 0, and whether they stay with extent 1.
  package let axes: Range<Int>
  package let keepsAxes: Bool

  package init(_ reduction: Reduction, axes: Range<Int>, keepsAxes: Bool = false) {
    self.reduction = reduction
    self.axes = axes
    self.keepsAxes = keepsAxes
  }

  package var outputName: String { "\(reduction)" }
  package var outputSymbol: String { "s" }
  package var contributions: [ContributionRule] { [reduction.contribution] }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let extents = inputs[0].extents
    let kept = keepsAxes ? [Int](repeating: 1, count: axes.count) : []
    return Shape(extents[..<axes.lowerBound] + kept + extents[axes.upperBound...])
  }

  package func forward(_ inputs: [Value], _ y: Value, _ emitter: inout Emitter) -> [Value] {
    let geometry = ReductionGeometry(inputs[0].shape, axes: axes)
    emitter.emit(
      outputName, [.reduce(reduction, inputs[0], y, geometry)],
      [
        InstructionResult(
          y, "\(emitter.symbol(of: y)) = \(name)(\(emitter.symbol(of: inputs[0])))",
          .reduction(reduction, of: inputs[0], geometry))
      ])
    return []
  }

  private var name: String {
    switch reduction {
    case .sum: "Σ"
    case .mean: "mean"
    case .maximum: "max"
    case .minimum: "min"
    case .product: "Π"
    }
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    guard node.wants[0] else { return [nil] }
    let (x, y, dy) = (node.inputs[0], node.output, node.dy)
    let geometry = ReductionGeometry(x.shape, axes: axes)
    let dx = emitter.gradient(of: x)
    emitter.emit(
      "∂ \(outputName)",
      [
        KernelCall(
          .reduceGradient, [x, y, dy, dx], sizes: [reduction.rawValue] + geometry.sizes)
      ],
      [
        InstructionResult(
          dx, "\(emitter.symbol(of: dx)) = \(text(emitter.symbol(of: dy)))",
          .reductionGradient(reduction, input: x, output: y, outputGradient: dy, geometry))
      ])
    return [dx]
  }

  private func text(_ dy: String) -> String {
    switch reduction {
    case .sum: "\(dy), for every number"
    case .mean: "\(dy) / n"
    case .maximum: "\(dy), shared by the largest"
    case .minimum: "\(dy), shared by the smallest"
    case .product: "\(dy) × all the others"
    }
  }
}

extension ReductionGeometry {
  var sizes: [Int] { [outer, count, inner] }
}

extension KernelCall {
  static func reduce(
    _ reduction: Reduction, _ x: Value, _ y: Value, _ geometry: ReductionGeometry
  ) -> KernelCall {
    KernelCall(.reduce, [x, y], sizes: [reduction.rawValue] + geometry.sizes)
  }
}
