import Tensors

/// What a column of numbers looks like: its range, mean, spread and histogram.
package struct ColumnSummary: Hashable, Sendable {
  package let name: String
  package let minimum: Float
  package let maximum: Float
  package let mean: Double
  /// σ = √(Σ (x - μ)² / n)
  package let deviation: Double
  /// The numbers that are NaN or infinite; all else here leaves them out.
  package let missing: Int
  /// How many numbers fall into each of the equally wide bins from minimum to maximum.
  package let histogram: [Int]

  package init(name: String, numbers: [Float], bins: Int = 20) {
    precondition(bins > 0, "a histogram has at least one bin")
    let moments = Moments(of: numbers)
    self.name = name
    (minimum, maximum) = (moments.minimum, moments.maximum)
    (mean, deviation) = (moments.mean, moments.deviation)
    missing = numbers.count - moments.count
    var counts = [Int](repeating: 0, count: bins)
    for number in numbers where number.isFinite { counts[moments.bin(of: number, bins: bins)] += 1 }
    histogram = counts
  }
}

extension Dataset {
  /// A summary of each input column of the training examples.
  package func columnSummaries(bins: Int = 20) -> [ColumnSummary] {
    features.indices.map {
      ColumnSummary(name: features[$0], numbers: inputs.column($0), bins: bins)
    }
  }
}
