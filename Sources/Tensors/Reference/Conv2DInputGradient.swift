extension Reference {
  /// dx[b, oh·s + kh·d - p, ow·s + kw·d - p, c] += dy[b,oh,ow,f] · w[kh,kw,c,f].
  ///
  /// What each pixel gave to an output comes back to it by the same weight, the outputs in order.
  /// Forward this is a transposed convolution: each number of dy lays the kernel, times itself, on
  /// dx.
  static func conv2DInputGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (dy, w, dx) = (call[0], call[1], call[2])
    let sizes = WindowSizes(convolution: call.sizes)
    dx.update(repeating: 0, count: sizes.inputCount)
    sizes.forEachPlace { b, oh, ow, kh, kw, h, v in
      for f in 0..<sizes.filters {
        for c in sizes.channels(of: f) {
          Scalar.add(
            dy[sizes.output(b, oh, ow, f)], times: w[sizes.weight(kh, kw, c, f)],
            to: &dx[sizes.input(b, h, v, c)])
        }
      }
    }
  }
}
