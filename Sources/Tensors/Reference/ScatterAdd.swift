extension Reference {
  /// dx[o, index[j], :] += dy[o,j,:]: a row that was looked up often gets all its gradients, added.
  static func scatterAdd<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (dy, index, dx) = (call[0], call[1], call[2])
    let (outer, rows) = (call.sizes[0], call.sizes[1])
    let (inner, count, wraps) = (call.sizes[2], call.sizes[3], call.sizes[4] != 0)
    dx.update(repeating: 0, count: outer * rows * inner)
    for o in 0..<outer {
      for j in 0..<count {
        guard let row = namedRow(index[j], of: rows, wraps: wraps) else { continue }
        for i in 0..<inner {
          dx[(o * rows + row) * inner + i] += dy[(o * count + j) * inner + i]
        }
      }
    }
  }
}
