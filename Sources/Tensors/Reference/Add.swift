extension Reference {
  /// c = a + b, element by element.
  static func add<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (a, b, c) = (call[0], call[1], call[2])
    for i in 0..<call.sizes[0] { c[i] = a[i] + b[i] }
  }
}
