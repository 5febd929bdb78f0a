extension Reference {
  /// y[t,b,:] = x[b,t,:]: examples first becomes time first.
  static func swapAxes<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let (outer, inner, columns) = (call.sizes[0], call.sizes[1], call.sizes[2])
    for b in 0..<outer {
      for t in 0..<inner {
        for c in 0..<columns {
          y[(t * outer + b) * columns + c] = x[(b * inner + t) * columns + c]
        }
      }
    }
  }
}
