import Tensors

/// A part of each axis: `x[2, 1:, ::-1]`. Axes that are not mentioned stay whole.
package struct SliceOp: MovingOp {
  package let axes: [AxisSlice]

  package init(_ axes: [AxisSlice]) { self.axes = axes }
  package var outputName: String { "slice" }
  package var title: String { "slice" }

  private func view(_ shape: Shape) -> StridedView {
    precondition(axes.count <= shape.rank, "\(axes.count) parts of \(shape)")
    var view = StridedView(shape)
    for (axis, part) in axes.enumerated().reversed() {
      let (start, count, step) = part.places(of: shape[axis])
      if case .index = part {
        view = view.removing(axis, at: start)
      } else {
        view = view.sliced(axis, from: start, count: count, step: step)
      }
    }
    return view
  }

  package func outputShape(_ inputs: [Shape]) -> Shape { Shape(view(inputs[0]).extents) }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    [StridedMove(from: view(inputs[0]), to: StridedView(outputShape(inputs)))]
  }
}
