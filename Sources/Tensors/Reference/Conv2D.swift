extension Reference {
  /// y[b,oh,ow,f] = Σ_kh,kw,c x[b, oh·s + kh·d - p, ow·s + kw·d - p, c] · w[kh,kw,c,f].
  ///
  /// The kernel w slides over the image x in strides of s; its places lie d apart; p zeros lie
  /// around the image. A filter of a group sees the channels of that group alone, which w counts
  /// from 0. Strictly a cross-correlation: the kernel is not turned. Each step rounds once.
  static func conv2D<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, w, y) = (call[0], call[1], call[2])
    let sizes = WindowSizes(convolution: call.sizes)
    y.update(repeating: 0, count: sizes.outputCount)
    sizes.forEachPlace { b, oh, ow, kh, kw, h, v in
      for f in 0..<sizes.filters {
        for c in sizes.channels(of: f) {
          Scalar.add(
            x[sizes.input(b, h, v, c)], times: w[sizes.weight(kh, kw, c, f)],
            to: &y[sizes.output(b, oh, ow, f)])
        }
      }
    }
  }
}
