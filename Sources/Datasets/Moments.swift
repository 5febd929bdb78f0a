import Tensors

/// Mean and standard deviation of numbers, in Double; numbers that are not finite are left out.
struct Moments {
  let mean: Double
  /// σ = √(Σ (x - μ)² / n), exactly 0 when all are equal.
  let deviation: Double
  let minimum: Float
  let maximum: Float
  /// How many numbers were finite.
  let count: Int

  init(of numbers: [Float]) {
    let finite = numbers.filter(\.isFinite)
    guard let first = finite.first else {
      (mean, deviation, minimum, maximum, count) = (0, 0, 0, 0, 0)
      return
    }
    var (sum, low, high) = (0.0, first, first)
    for number in finite {
      sum += Double(number)
      low = min(low, number)
      high = max(high, number)
    }
    let mean = sum / Double(finite.count)
    var squares = 0.0
    for number in finite { squares += (Double(number) - mean) * (Double(number) - mean) }
    self.mean = mean
    // Rounding of the mean must not make a constant look as if it varied.
    deviation = low == high ? 0 : (squares / Double(finite.count)).squareRoot()
    (minimum, maximum, count) = (low, high, finite.count)
  }
}

extension Tensor {
  /// One position of each example of [examples, …], or of the examples `rows`.
  func column(_ position: Int, rows: [Int]? = nil) -> [Float] {
    let width = shape.extents.dropFirst().reduce(1, *)
    if let rows { return rows.map { scalars[$0 * width + position] } }
    return stride(from: position, to: scalars.count, by: width).map { scalars[$0] }
  }
}
