import Tensors

/// Some axes run the other way around.
package struct FlipOp: MovingOp {
  package let axes: [Int]

  package init(axes: [Int]) { self.axes = axes }
  package var outputName: String { "flipped" }
  package var title: String { "flip" }

  package func outputShape(_ inputs: [Shape]) -> Shape { inputs[0] }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let shape = inputs[0]
    let view = Set(axes.map { axisIndex($0, rank: shape.rank) }).reduce(StridedView(shape)) {
      $0.sliced($1, from: shape[$1] - 1, count: shape[$1], step: -1)
    }
    return [StridedMove(from: view, to: StridedView(shape))]
  }
}
