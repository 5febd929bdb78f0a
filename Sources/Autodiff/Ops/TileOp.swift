import Tensors

/// The whole array several times along each axis, as `np.tile` does: a b → a b a b. Counts are
/// matched from the last axis; where there are more of them than axes, axes of one place are added.
package struct TileOp: MovingOp {
  package let counts: [Int]

  package init(_ counts: [Int]) { self.counts = counts }
  package var outputName: String { "tiled" }
  package var title: String { "tile" }

  /// The shape and the counts, both as long as the longer.
  private func matched(_ shape: Shape) -> (extents: [Int], counts: [Int]) {
    func ones(_ count: Int) -> [Int] { [Int](repeating: 1, count: max(count, 0)) }
    return (
      ones(counts.count - shape.rank) + shape.extents, ones(shape.rank - counts.count) + counts
    )
  }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    let (extents, counts) = matched(inputs[0])
    return Shape(zip(extents, counts).map { $0 * $1 })
  }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    let (extents, counts) = matched(inputs[0])
    var view = StridedView(Shape(extents))
    for (axis, count) in counts.enumerated().reversed() { view = view.repeated(count, at: axis) }
    return [StridedMove(from: view, to: StridedView(Shape(view.extents)))]
  }
}
