import Foundation

extension Reference {
  /// y[i] drawn for (seed, layer, step, i) alone, so that a step repeated draws the same numbers.
  ///
  /// Uniform: low + (high − low)·u. Normal: mean + deviation·√(−2 ln(1 − u))·cos 2πv, with u and v the
  /// uniform numbers at 2i and 2i + 1 (Box & Muller, 1958). Bernoulli: 1 if u < probability, else 0.
  static func random<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let draws = CounterRandom(
      seed: call.environment.seed, key: call.key, call: call.environment.step)
    let (first, second) = (Float(call.constants[0]), Float(call.constants[1]))
    for i in 0..<call.sizes[1] {
      switch RandomKind(rawValue: call.sizes[0]) {
      case .uniform:
        call[0][i] = Scalar(first) + Scalar(second - first) * Scalar(draws.uniform24(at: i))
      case .normal:
        let (u, v) = (Double(draws.uniform24(at: 2 * i)), Double(draws.uniform24(at: 2 * i + 1)))
        let standard = (-2 * log(1 - u)).squareRoot() * cos(2 * .pi * v)
        call[0][i] = Scalar(first) + Scalar(second) * Scalar(standard)
      case .bernoulli, nil: call[0][i] = draws.uniform24(at: i) < first ? 1 : 0
      }
    }
  }
}
