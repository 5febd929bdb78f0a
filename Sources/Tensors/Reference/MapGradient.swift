extension Reference {
  /// dx = dy · f'(x), element by element, with the slope written in y = f(x), which is at hand.
  ///
  /// relu' = 0 where y ≤ 0 and 1 elsewhere, where y is NaN too (as PyTorch has it), sigmoid' = y(1 - y), tanh' = 1 - y², (eˣ)' = y.
  static func mapGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (y, dy, dx) = (call[0], call[1], call[2])
    let (rows, columns) = (call.sizes[1], call.sizes[2])
    let (ldy, lddy, lddx) = (call.sizes[3], call.sizes[4], call.sizes[5])
    for r in 0..<rows {
      for c in 0..<columns {
        dx[r * lddx + c] = dy[r * lddy + c] * slope(of: call.sizes[0], at: y[r * ldy + c])
      }
    }
  }

  /// f'(x), given y = f(x).
  static func slope<Scalar: ReferenceScalar>(of function: Int, at y: Scalar) -> Scalar {
    switch ScalarFunction(rawValue: function) {
    case .relu: y <= 0 ? 0 : 1
    case .sigmoid: y * (1 - y)
    case .tanh: 1 - y * y
    case .exp: y
    case .linear, nil: 1
    }
  }
}
