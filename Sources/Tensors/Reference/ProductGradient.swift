extension Reference {
  /// out = a · b · f'(y): the gradient of a gate, which multiplied (b) after its function f.
  static func productGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (a, b, y, out) = (call[0], call[1], call[2], call[3])
    let (rows, columns, ld) = (call.sizes[1], call.sizes[2], call.sizes[3])
    for r in 0..<rows {
      for c in 0..<columns {
        let i = r * columns + c
        out[r * ld + c] = a[i] * b[i] * slope(of: call.sizes[0], at: y[i])
      }
    }
  }
}
