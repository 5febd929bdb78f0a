extension Reference {
  /// y[r,c] = 1 if c is among x[r,:] else 0, or how often it is there; no class counts nowhere.
  static func oneHot<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let (rows, width, classes) = (call.sizes[0], call.sizes[1], call.sizes[2])
    y.update(repeating: 0, count: rows * classes)
    for r in 0..<rows {
      for j in 0..<width {
        guard let c = namedRow(x[r * width + j], of: classes, wraps: false) else { continue }
        y[r * classes + c] = call.sizes[3] != 0 ? y[r * classes + c] + 1 : 1
      }
    }
  }
}
