extension Reference {
  /// y[c] = Σ_r x[r,c]: a bias is used by every example, so their gradients add up.
  static func sumRows<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let (rows, columns, ldx) = (call.sizes[0], call.sizes[1], call.sizes[2])
    for c in 0..<columns {
      var sum: Scalar = 0
      for r in 0..<rows { sum += x[r * ldx + c] }
      y[c] = sum
    }
  }
}
