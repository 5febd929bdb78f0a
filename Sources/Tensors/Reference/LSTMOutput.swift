extension Reference {
  /// h = o · tanh(c): what the cell shows of itself. tanh(c) is kept for the way back.
  static func lstmOutput<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (o, c, tanhC, h) = (call[0], call[1], call[2], call[3])
    for j in 0..<call.sizes[0] {
      tanhC[j] = Scalar.tanh(c[j])
      h[j] = o[j] * tanhC[j]
    }
  }
}
