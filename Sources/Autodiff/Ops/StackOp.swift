import Tensors

/// Inputs of one shape one after the other along a new axis; −1 makes it the last.
package struct StackOp: MovingOp {
  package let axis: Int

  package init(axis: Int = 0) { self.axis = axis }
  package var outputName: String { "stacked" }
  package var title: String { "stack" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    var shape = inputs[0]
    shape.extents.insert(inputs.count, at: axisIndex(axis, rank: shape.rank + 1))
    return shape
  }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let output = outputShape(inputs)
    let axis = axisIndex(axis, rank: output.rank)
    return inputs.enumerated().map { place, shape in
      StridedMove(
        from: StridedView(shape), to: StridedView(output).removing(axis, at: place))
    }
  }
}
