extension Reference {
  /// c = f · c_prev + i · g: the cell forgets by f and takes in the candidate g by i.
  ///
  /// (Hochreiter & Schmidhuber, 1997; forget gate: Gers et al., 2000)
  static func lstmCell<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (f, previous, i, g, c) = (call[0], call[1], call[2], call[3], call[4])
    for j in 0..<call.sizes[0] { c[j] = f[j] * previous[j] + i[j] * g[j] }
  }
}
