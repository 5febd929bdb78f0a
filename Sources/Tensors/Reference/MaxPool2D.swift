extension Reference {
  /// y[b,oh,ow,c] = the largest x of the window there; what lies outside the image never wins.
  static func maxPool2D<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let sizes = WindowSizes(pooling: call.sizes)
    y.update(repeating: -Scalar.infinity, count: sizes.outputCount)
    sizes.forEachPlace { b, oh, ow, _, _, h, w in
      for c in 0..<sizes.channels {
        let out = sizes.output(b, oh, ow, c)
        let value = x[sizes.input(b, h, w, c)]
        if value > y[out] || value.isNaN { y[out] = value }
      }
    }
  }
}
