import Tensors

/// Each place of an axis `count` times in a row, as `np.repeat` does: a b → a a b b.
package struct RepeatOp: MovingOp {
  package let count: Int
  package let axis: Int

  package init(_ count: Int, axis: Int) {
    self.count = count
    self.axis = axis
  }
  package var outputName: String { "repeated" }
  package var title: String { "repeat" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    var shape = inputs[0]
    shape.extents[axisIndex(axis, rank: shape.rank)] *= count
    return shape
  }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let view = StridedView(inputs[0]).repeated(count, at: axisIndex(axis, rank: inputs[0].rank) + 1)
    return [StridedMove(from: view, to: StridedView(Shape(view.extents)))]
  }
}
