extension Reference {
  /// y[Σ i·ys] += x[Σ i·xs] for every index i of a box: what was read often gets its gradients added.
  static func addStrided<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    forEachMove(call.sizes) { from, to in y[to] += x[from] }
  }
}
