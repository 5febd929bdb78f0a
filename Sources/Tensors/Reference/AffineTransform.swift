extension Reference {
  /// y[b,r,q,:] = Σ share · x[b] over the pixels there were at the place that A[b] names.
  static func affineTransform<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[2])
    let sampling = AffineSampling(call)
    sampling.forEachPixel(call[1]) { to, sources in
      for c in 0..<sampling.channels {
        y[to + c] = sources.reduce(0) { sum, source in
          sum + source.share * (source.from.map { x[$0 + c] } ?? Scalar(sampling.fillValue))
        }
      }
    }
  }
}
