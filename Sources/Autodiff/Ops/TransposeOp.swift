import Tensors

/// The axes in another order: axis i of the output is axis `permutation[i]` of the input, the batch
/// counted as an axis.
package struct TransposeOp: MovingOp {
  package let permutation: [Int]

  package init(_ permutation: [Int]) { self.permutation = permutation }
  package var outputName: String { "transposed" }
  package var title: String { "transpose" }

  package func outputShape(_ inputs: [Shape]) -> Shape {
    precondition(
      permutation.sorted() == Array(0..<inputs[0].rank), "\(permutation) of \(inputs[0])")
    return Shape(permutation.map { inputs[0][$0] })
  }

  package func moves(_ inputs: [Shape]) -> [StridedMove] {
    [
      StridedMove(
        from: StridedView(inputs[0]).permuted(permutation), to: StridedView(outputShape(inputs)))
    ]
  }
}
