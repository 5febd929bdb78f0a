extension Reference {
  /// y[c] = exp(x[c] - max x) / Σ exp(x - max x): scores become probabilities, row by row.
  ///
  /// Taking the largest score away changes nothing but keeps exp from overflowing.
  static func softmax<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (rows, columns) = (call.sizes[0], call.sizes[1])
    for r in 0..<rows {
      let (x, y) = (call[0] + r * columns, call[1] + r * columns)
      var largest = -Scalar.infinity
      for c in 0..<columns { largest = Scalar.maximum(largest, x[c]) }
      var sum: Scalar = 0
      for c in 0..<columns {
        y[c] = Scalar.exp(x[c] - largest)
        sum += y[c]
      }
      for c in 0..<columns { y[c] /= sum }
    }
  }
}
