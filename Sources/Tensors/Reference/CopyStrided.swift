extension Reference {
  /// y[Σ i·ys] = x[Σ i·xs] for every index i of a box; without x, y is filled with a constant.
  ///
  /// One rule for transposing, repeating (a stride of 0), slicing, turning around (a negative stride)
  /// and laying arrays side by side.
  static func copyStrided<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let y = call[1]
    forEachMove(call.sizes) { from, to in
      y[to] = call.buffers[0].map { $0[from] } ?? Scalar(call.constants[0])
    }
  }

  /// Every pair of places of a box: 6 extents, 6 strides of the source, 6 of the target.
  static func forEachMove(_ sizes: [Int], _ body: (_ from: Int, _ to: Int) -> Void) {
    let extents = Array(sizes[..<6])
    var index = [Int](repeating: 0, count: 6)
    for _ in 0..<extents.reduce(1, *) {
      var (from, to) = (0, 0)
      for axis in 0..<6 {
        from += index[axis] * sizes[6 + axis]
        to += index[axis] * sizes[12 + axis]
      }
      body(from, to)
      for axis in (0..<6).reversed() {
        index[axis] += 1
        if index[axis] < extents[axis] { break }
        index[axis] = 0
      }
    }
  }
}
