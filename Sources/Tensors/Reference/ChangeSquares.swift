extension Reference {
  /// How far numbers moved, and from how large ones: sums = Σ (x - before)², Σ before²; then before
  /// is x.
  static func changeSquares<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, before, sums) = (call[0], call[1], call[2])
    var (changes, sizes): (Scalar, Scalar) = (0, 0)
    for i in 0..<call.sizes[0] {
      let change = x[i] - before[i]
      changes += change * change
      sizes += before[i] * before[i]
      before[i] = x[i]
    }
    sums[0] = changes
    sums[1] = sizes
  }
}
