import Tensors

/// The input repeated to fill a larger shape, by NumPy's rule: axes are matched from the last one,
/// missing ones and those of one place repeat.
package struct BroadcastOp: MovingOp {
  package let shape: Shape

  package init(to shape: Shape) { self.shape = shape }
  package var outputName: String { "broadcast" }
  package var title: String { "broadcast" }

  package func outputShape(_ inputs: [Shape]) -> Shape { shape }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let missing = shape.rank - inputs[0].rank
    precondition(missing >= 0, "\(inputs[0]) does not fit into \(shape)")
    var view = StridedView(inputs[0])
    for axis in 0..<shape.rank {
      if axis < missing {
        view = view.repeated(shape[axis], at: axis)
      } else if view.extents[axis] == 1 {
        view = view.stretched(axis, to: shape[axis])
      }
    }
    return [StridedMove(from: view, to: StridedView(shape))]
  }
}
