extension Reference {
  /// dp = ∂(mean loss)/∂p, for the losses of `loss` over n elements a row and R rows.
  ///
  /// Mean squared error: 2(p - t)/(nR). Binary cross-entropy: ((1-t)/(1-p) - t/p)/(nR).
  /// Cross-entropies: -t/(p·R); with p = q/Σq, each q then gives back its share. Where a probability was
  /// clipped the gradient is 0.
  static func lossGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (rows, columns) = (call.sizes[1], call.sizes[2])
    for r in 0..<rows {
      let (p, t, dp) = (call[0] + r * columns, call[1], call[2] + r * columns)
      let perElement = 1 / Scalar(rows * columns)
      switch LossFunction(rawValue: call.sizes[0]) {
      case .binaryCrossentropy:
        for c in 0..<columns {
          let (q, target) = (clip(p[c]), t[r * columns + c])
          dp[c] = ((1 - target) / (1 - q) - target / q) * clipSlope(p[c]) * perElement
        }
      case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
        let isSparse = call.sizes[0] == LossFunction.sparseCategoricalCrossentropy.rawValue
        let target = { c in isSparse ? (Int(exactly: t[r]) == c ? 1 : 0) : t[r * columns + c] }
        crossentropyGradient(p, target, dp, columns, rows, normalize: call.sizes[3] != 0)
      case .meanSquaredError, nil:
        for c in 0..<columns { dp[c] = 2 * (p[c] - t[r * columns + c]) * perElement }
      }
    }
  }

  private static func crossentropyGradient<Scalar: ReferenceScalar>(
    _ p: UnsafePointer<Scalar>, _ target: (Int) -> Scalar, _ dp: UnsafeMutablePointer<Scalar>,
    _ columns: Int, _ rows: Int, normalize: Bool
  ) {
    let total = rowTotal(p, columns, isWanted: normalize)
    var shared: Scalar = 0
    for c in 0..<columns {
      let q = p[c] / total
      dp[c] = -target(c) / clip(q) * clipSlope(q) / Scalar(rows)
      shared += dp[c] * q
    }
    guard normalize else { return }
    for c in 0..<columns { dp[c] = (dp[c] - shared) / total }
  }

  /// The slope of `clip`: 1 where it changes nothing, else 0.
  private static func clipSlope<Scalar: ReferenceScalar>(_ p: Scalar) -> Scalar {
    clip(p) == p ? 1 : 0
  }
}
