extension Reference {
  /// dx[o, index[j], :] += dy[o,j,:]: a row that was looked up often gets all its gradients, added.
  static func scatterAdd<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (dy, index, dx) = (call[0], call[1], call[2])
    let (outer, rows) = (call.sizes[0], call.sizes[1])
    let (inner, count, wraps) = (call.sizes[2], call.sizes[3], call.sizes[4] != 0)
    dx.update(repeating: 0, count: outer * rows * inner)
    for o in 0..<outer {
      for j in 0..<count {
        for i in 0..<inner {
          let place = (o * count + j) * inner + i
          let number = index[call.sizes[5] != 0 ? place : j]
          guard let row = namedRow(number, of: rows, wraps: wraps) else { continue }
          dx[(o * rows + row) * inner + i] += dy[place]
        }
      }
    }
  }
}
