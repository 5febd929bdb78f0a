extension Reference {
  /// y = f(x), element by element.
  ///
  /// relu x = max(0, x), sigmoid x = 1/(1 + e⁻ˣ), tanh x, eˣ, or x itself.
  static func map<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let (rows, columns, ldx, ldy) = (call.sizes[1], call.sizes[2], call.sizes[3], call.sizes[4])
    for r in 0..<rows {
      for c in 0..<columns { y[r * ldy + c] = apply(call.sizes[0], to: x[r * ldx + c]) }
    }
  }

  static func apply<Scalar: ReferenceScalar>(_ function: Int, to x: Scalar) -> Scalar {
    switch ScalarFunction(rawValue: function) {
    case .relu: x < 0 ? 0 : x
    case .sigmoid: 1 / (1 + Scalar.exp(-x))
    case .tanh: Scalar.tanh(x)
    case .exp: Scalar.exp(x)
    case .linear, nil: x
    }
  }
}
