import Tensors

/// Its inputs one after the other along an axis; −1 is the last.
package struct ConcatenateOp: MovingOp {
  package let axis: Int

  package init(axis: Int = -1) { self.axis = axis }
  package var outputName: String { "joined" }
  package var title: String { "concatenate" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    var shape = inputs[0]
    let axis = axisIndex(axis, rank: shape.rank)
    shape.extents[axis] = inputs.reduce(0) { $0 + $1[axis] }
    return shape
  }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let axis = axisIndex(axis, rank: inputs[0].rank)
    let output = StridedView(outputShape(inputs))
    var start = 0
    return inputs.map { shape in
      defer { start += shape[axis] }
      return StridedMove(
        from: StridedView(shape), to: output.sliced(axis, from: start, count: shape[axis]))
    }
  }
}
