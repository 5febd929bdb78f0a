extension Reference {
  /// C = A · B, that is C[i,j] = Σ_k A[i,k] · B[k,j].
  ///
  /// A is [M, K], B is [K, N], C is [M, N]; either may be stored transposed, and with `accumulate` the
  /// product is added to what C holds. The sum runs in order of k, each step rounding once.
  static func matMul<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (a, b, c) = (call[0], call[1], call[2])
    let (m, n, k) = (call.sizes[0], call.sizes[1], call.sizes[2])
    let flags = MatMulFlags(rawValue: call.sizes[3])
    let (lda, ldb, ldc) = (call.sizes[4], call.sizes[5], call.sizes[6])
    let (rowA, columnA) = flags.contains(.transposeA) ? (1, lda) : (lda, 1)
    let (rowB, columnB) = flags.contains(.transposeB) ? (1, ldb) : (ldb, 1)
    for i in 0..<m {
      let row = c + i * ldc
      if !flags.contains(.accumulate) { row.update(repeating: 0, count: n) }
      // A row of C at a time: neighbors in memory are worked on together.
      for t in 0..<k {
        let left = a[i * rowA + t * columnA]
        for j in 0..<n { Scalar.add(left, times: b[t * rowB + j * columnB], to: &row[j]) }
      }
    }
  }
}
