extension Reference {
  /// How many rows are predicted right.
  ///
  /// Binary: p > threshold agrees with t (with several columns, the share of them counts). Categorical:
  /// the largest of p and of t are in the same column; sparse: the largest of p is in column t.
  static func accuracy<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (predictions, targets, count) = (call[0], call[1], call[2])
    let (rows, columns) = (call.sizes[1], call.sizes[2])
    var right: Scalar = 0
    for r in 0..<rows {
      let p = predictions + r * columns
      switch AccuracyFunction(rawValue: call.sizes[0]) {
      case .categorical:
        if firstLargest(p, columns) == firstLargest(targets + r * columns, columns) { right += 1 }
      case .sparseCategorical:
        if Scalar(firstLargest(p, columns)) == targets[r] { right += 1 }
      case .binary, nil:
        var agreeing = 0
        for c in 0..<columns {
          let guess: Scalar = p[c] > Scalar(call.constants[0]) ? 1 : 0
          if guess == targets[r * columns + c] { agreeing += 1 }
        }
        right += Scalar(agreeing) / Scalar(columns)
      }
    }
    count[0] = right
  }

  private static func firstLargest<Scalar: ReferenceScalar>(
    _ p: UnsafePointer<Scalar>, _ columns: Int
  ) -> Int {
    var best = 0
    for c in 0..<columns where p[c] > p[best] { best = c }
    return best
  }
}
