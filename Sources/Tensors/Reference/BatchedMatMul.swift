extension Reference {
  /// C[i] = A[i] · B[i] for every index i of up to four axes.
  ///
  /// A stride of 0 uses one matrix for a whole axis; where it is C's the products are added up.
  static func batchedMatMul<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (sizes, extents) = (call.sizes, Array(call.sizes[4..<8]))
    let (m, n, k) = (sizes[0], sizes[1], sizes[2])
    let flags = MatMulFlags(rawValue: sizes[3])
    let one = [
      m, n, k, flags.rawValue, flags.contains(.transposeA) ? m : k,
      flags.contains(.transposeB) ? k : n, n,
    ]
    for place in 0..<extents.reduce(1, *) {
      var rest = place
      var offsets = [0, 0, 0]
      for axis in (0..<4).reversed() {
        for array in 0..<3 {
          offsets[array] += rest % extents[axis] * sizes[8 + 4 * array + axis]
        }
        rest /= extents[axis]
      }
      matMul(
        ReferenceCall(buffers: (0..<3).map { call[$0] + offsets[$0] }, sizes: one))
    }
  }
}
