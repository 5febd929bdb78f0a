extension Reference {
  /// y = x · mask, where mask is 0 with probability `rate`, else 1/(1 - rate).
  ///
  /// The division keeps the expected sum the same. Which elements fall is drawn from (seed, layer, step,
  /// position) alone, so that a step repeated drops the same ones. (Srivastava et al., 2014)
  static func dropout<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, mask, y) = (call[0], call[1], call[2])
    let random = CounterRandom(
      seed: call.environment.seed, key: call.key, call: call.environment.step)
    let rate = Float(call.constants[0])
    let scale = 1 / (1 - Scalar(rate))
    for i in 0..<call.sizes[0] {
      mask[i] = random.uniform24(at: i) < rate ? 0 : scale
      y[i] = x[i] * mask[i]
    }
  }
}
