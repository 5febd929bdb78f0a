extension Reference {
  /// How wrong each prediction is, and the mean over all rows.
  ///
  /// Mean squared error: (1/n) Σ (p - t)². Binary cross-entropy: -(1/n) Σ t·ln p + (1-t)·ln(1-p).
  /// Categorical cross-entropy: -Σ t·ln p; its sparse form: -ln p[t], where t is the number of a class.
  /// Probabilities are kept in [10⁻⁷, 1 - 10⁻⁷] so that the logarithm stays finite.
  static func loss<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (predictions, targets, each, mean) = (call[0], call[1], call[2], call[3])
    let (rows, columns) = (call.sizes[1], call.sizes[2])
    var sum: Scalar = 0
    for r in 0..<rows {
      let p = predictions + r * columns
      let total = rowTotal(p, columns, isWanted: call.sizes[3] != 0)
      switch LossFunction(rawValue: call.sizes[0]) {
      case .binaryCrossentropy:
        each[r] = binaryCrossentropy(p, targets + r * columns, columns)
      case .categoricalCrossentropy:
        each[r] = categoricalCrossentropy(p, targets + r * columns, columns, total)
      case .sparseCategoricalCrossentropy:
        let isClass = targets[r] >= 0 && targets[r] < Scalar(columns)
        each[r] = isClass ? -Scalar.log(clip(p[Int(targets[r])] / total)) : .nan
      case .meanSquaredError, nil:
        each[r] = meanSquaredError(p, targets + r * columns, columns)
      }
      sum += each[r]
    }
    mean[0] = sum / Scalar(rows)
  }

  private static func meanSquaredError<Scalar: ReferenceScalar>(
    _ p: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, _ columns: Int
  ) -> Scalar {
    var sum: Scalar = 0
    for c in 0..<columns { sum += (p[c] - t[c]) * (p[c] - t[c]) }
    return sum / Scalar(columns)
  }

  private static func binaryCrossentropy<Scalar: ReferenceScalar>(
    _ p: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, _ columns: Int
  ) -> Scalar {
    var sum: Scalar = 0
    for c in 0..<columns {
      let q = clip(p[c])
      sum += t[c] * Scalar.log(q) + (1 - t[c]) * Scalar.log(1 - q)
    }
    return -sum / Scalar(columns)
  }

  private static func categoricalCrossentropy<Scalar: ReferenceScalar>(
    _ p: UnsafePointer<Scalar>, _ t: UnsafePointer<Scalar>, _ columns: Int, _ total: Scalar
  ) -> Scalar {
    var sum: Scalar = 0
    for c in 0..<columns { sum += t[c] * Scalar.log(clip(p[c] / total)) }
    return -sum
  }

  /// A probability moved into [10⁻⁷, 1 - 10⁻⁷].
  static func clip<Scalar: ReferenceScalar>(_ p: Scalar) -> Scalar {
    let (lowest, highest) = (Scalar(1e-7), Scalar(1 - 1e-7))
    return p < lowest ? lowest : p > highest ? highest : p
  }

  /// The sum of a row, by which cross-entropies divide it when asked, else 1.
  static func rowTotal<Scalar: ReferenceScalar>(
    _ p: UnsafePointer<Scalar>, _ columns: Int, isWanted: Bool
  ) -> Scalar {
    guard isWanted else { return 1 }
    var sum: Scalar = 0
    for c in 0..<columns { sum += p[c] }
    return sum
  }
}
