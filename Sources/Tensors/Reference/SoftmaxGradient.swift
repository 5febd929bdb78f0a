extension Reference {
  /// dx[j] = y[j] · (dy[j] - Σ_i dy[i]·y[i]): raising one score takes from all the others.
  static func softmaxGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (rows, columns) = (call.sizes[0], call.sizes[1])
    for r in 0..<rows {
      let start = r * columns
      let (y, dy, dx) = (call[0] + start, call[1] + start, call[2] + start)
      var sum: Scalar = 0
      for i in 0..<columns { sum += dy[i] * y[i] }
      for j in 0..<columns { dx[j] = y[j] * (dy[j] - sum) }
    }
  }
}
