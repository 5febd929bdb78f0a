extension Reference {
  /// y[o,j,:] = x[o, index[j], :]: rows of a table, looked up by number. No such row gives NaN.
  ///
  /// Aligned, every place has a number of its own: y[o,j,i] = x[o, index[o,j,i], i].
  static func gather<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, index, y) = (call[0], call[1], call[2])
    let (outer, rows) = (call.sizes[0], call.sizes[1])
    let (inner, count, wraps) = (call.sizes[2], call.sizes[3], call.sizes[4] != 0)
    for o in 0..<outer {
      for j in 0..<count {
        for i in 0..<inner {
          let place = (o * count + j) * inner + i
          let row = namedRow(index[call.sizes[5] != 0 ? place : j], of: rows, wraps: wraps)
          y[place] = row.map { x[(o * rows + $0) * inner + i] } ?? .nan
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
