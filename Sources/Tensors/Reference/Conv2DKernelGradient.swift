extension Reference {
  /// dw[kh,kw,c,f] = Σ_b,oh,ow x[b, oh·s + kh·d - p, ow·s + kw·d - p, c] · dy[b,oh,ow,f].
  ///
  /// A weight works at every place of every image, so the gradients of all places add up.
  static func conv2DKernelGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, dy, dw) = (call[0], call[1], call[2])
    let sizes = WindowSizes(convolution: call.sizes)
    dw.update(repeating: 0, count: sizes.weightCount)
    sizes.forEachPlace { b, oh, ow, kh, kw, h, v in
      for f in 0..<sizes.filters {
        for c in sizes.channels(of: f) {
          Scalar.add(
            x[sizes.input(b, h, v, c)], times: dy[sizes.output(b, oh, ow, f)],
            to: &dw[sizes.weight(kh, kw, c, f)])
        }
      }
    }
  }
}
