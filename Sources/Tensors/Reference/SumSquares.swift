extension Reference {
  /// y[0] = Σ x²: the square of a length.
  static func sumSquares<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    var sum: Scalar = 0
    for i in 0..<call.sizes[0] { sum += x[i] * x[i] }
    y[0] = sum
  }
}
