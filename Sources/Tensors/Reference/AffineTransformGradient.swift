extension Reference {
  /// dx = Σ share · dy over the pixels that were made of one.
  static func affineTransformGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (dy, dx) = (call[0], call[2])
    let sampling = AffineSampling(call)
    dx.update(repeating: 0, count: call.sizes[0..<4].reduce(1, *))
    sampling.forEachPixel(call[1]) { to, sources in
      for (from, share) in sources {
        guard let from else { continue }
        for c in 0..<sampling.channels { dx[from + c] += share * dy[to + c] }
      }
    }
  }
}
