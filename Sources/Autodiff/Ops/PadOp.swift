import Tensors

/// A border of one number around the array: so many places before and after along each axis.
package struct PadOp: MovingOp {
  package let widths: [(before: Int, after: Int)]
  package let filler: Double

  /// - Parameter widths: one pair for each axis, the batch counted as one.
  package init(_ widths: [(before: Int, after: Int)], constant: Double = 0) {
    self.widths = widths
    filler = constant
  }
  package var outputName: String { "padded" }
  package var title: String { "pad" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    precondition(widths.count == inputs[0].rank, "\(widths.count) borders of \(inputs[0])")
    return Shape(zip(inputs[0].extents, widths).map { $0 + $1.before + $1.after })
  }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let place = inputs[0].extents.indices.reduce(StridedView(outputShape(inputs))) {
      $0.sliced($1, from: widths[$1].before, count: inputs[0][$1])
    }
    return [StridedMove(from: StridedView(inputs[0]), to: place)]
  }
}
