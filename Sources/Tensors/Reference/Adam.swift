extension Reference {
  /// m and v follow the mean of g and of g²; each weight moves by m/√v, so all at about the same pace.
  ///
  /// m += (g - m)(1 - β₁), v += (g² - v)(1 - β₂), w -= α·m/(√v + ε), and α = lr·√(1 - β₂ᵗ)/(1 - β₁ᵗ)
  /// makes up for m and v having started from 0. (Kingma & Ba, 2015, as Keras computes it)
  static func adam<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (w, g, m, v) = (call[0], call[1], call[2], call[3])
    let constants = call.constants.map { Scalar($0) }
    let t = Scalar(call.environment.step + 1)
    let lr = Scalar(call.environment.learningRate)
    let alpha =
      lr * (1 - Scalar.power(constants[1], t)).squareRoot() / (1 - Scalar.power(constants[0], t))
    for i in 0..<call.sizes[0] {
      m[i] += (g[i] - m[i]) * constants[3]
      v[i] += (g[i] * g[i] - v[i]) * constants[4]
      w[i] -= m[i] * alpha / (v[i].squareRoot() + constants[2])
    }
  }
}
