extension Reference {
  /// y[o,j,:] = x[o, index[j], :]: rows of a table, looked up by number. No such row gives NaN.
  static func gather<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, index, y) = (call[0], call[1], call[2])
    let (outer, rows) = (call.sizes[0], call.sizes[1])
    let (inner, count, wraps) = (call.sizes[2], call.sizes[3], call.sizes[4] != 0)
    for o in 0..<outer {
      for j in 0..<count {
        let row = namedRow(index[j], of: rows, wraps: wraps)
        for i in 0..<inner {
          y[(o * count + j) * inner + i] = row.map { x[(o * rows + $0) * inner + i] } ?? .nan
        }
      }
    }
  }

  /// The row that a number names, its fraction cut off; nil when there is none. Where negative
  /// numbers wrap, −1 is the last row.
  static func namedRow<Scalar: ReferenceScalar>(
    _ number: Scalar, of rows: Int, wraps: Bool
  ) -> Int? {
    let number = wraps && number <= -1 ? number + Scalar(rows) : number
    return number > -1 && number < Scalar(rows) ? Int(number) : nil
  }
}
