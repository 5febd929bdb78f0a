import Tensors

/// Makes each input have mean 0 and standard deviation 1 over the rows it was fitted on.
///
/// z = (x - μ) / σ, for each position of an example by itself. A position that never changes keeps
/// σ = 1, so that it becomes 0.
package struct Standardizer: Hashable, Sendable {
  /// One number for each position of an example, in row-major order.
  package let means: [Float]
  package let deviations: [Float]

  /// - Parameters:
  ///   - inputs: [examples, …example shape]
  ///   - rows: those to learn from; validation and test rows must not be among them, or the model
  ///     would know something of them. All when nil.
  package init(fitting inputs: Tensor, rows: [Int]? = nil) {
    let width = inputs.shape.extents.dropFirst().reduce(1, *)
    let moments = (0..<width).map { position in
      Moments(of: inputs.column(position, rows: rows))
    }
    means = moments.map { Float($0.mean) }
    deviations = moments.map { $0.deviation > 0 ? Float($0.deviation) : 1 }
  }

  package func apply(to inputs: Tensor) -> Tensor {
    map(inputs) { x, position in (x - means[position]) / deviations[position] }
  }

  /// x = z · σ + μ
  package func inverse(of standardized: Tensor) -> Tensor {
    map(standardized) { z, position in z * deviations[position] + means[position] }
  }

  private func map(_ tensor: Tensor, _ transform: (Float, Int) -> Float) -> Tensor {
    let width = means.count
    precondition(
      tensor.shape.extents.dropFirst().reduce(1, *) == width,
      "fitted on \(width) inputs, not on \(tensor.shape)")
    var scalars = tensor.scalars
    for i in scalars.indices { scalars[i] = transform(scalars[i], i % width) }
    return Tensor(shape: tensor.shape, scalars: scalars)
  }
}
