extension Reference {
  /// dx of the first three functions of `alongAxis`.
  ///
  /// softmax: y (dy − Σ dy·y). Its logarithm: dy − e^y Σ dy. Log-sum-exp: dy · e^(x − y).
  static func alongAxisGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (kept, dy, dx) = (call[0], call[1], call[2])
    let (outer, extent, inner) = (call.sizes[1], call.sizes[2], call.sizes[3])
    for o in 0..<outer {
      for i in 0..<inner {
        let cells = (0..<extent).map { (o * extent + $0) * inner + i }
        switch AxisFunction(rawValue: call.sizes[0]) {
        case .softmax:
          let total = cells.reduce(0) { $0 + dy[$1] * kept[$1] }
          for cell in cells { dx[cell] = kept[cell] * (dy[cell] - total) }
        case .logSoftmax:
          let total = cells.reduce(0) { $0 + dy[$1] }
          for cell in cells { dx[cell] = dy[cell] - Scalar.exp(kept[cell]) * total }
        default:
          let whole = o * inner + i
          for cell in cells { dx[cell] = dy[whole] * Scalar.exp(kept[cell] - call[3][whole]) }
        }
      }
    }
  }
}
