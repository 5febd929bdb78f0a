extension Reference {
  /// y[r,c] = f(x[r,c] + b[c]): the same bias for every example.
  static func addBias<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, b, y) = (call[0], call[1], call[2])
    let (rows, columns, ldx, ldy) = (call.sizes[0], call.sizes[1], call.sizes[2], call.sizes[3])
    for r in 0..<rows {
      for c in 0..<columns {
        y[r * ldy + c] = apply(call.sizes[4], to: x[r * ldx + c] + b[c])
      }
    }
  }
}
