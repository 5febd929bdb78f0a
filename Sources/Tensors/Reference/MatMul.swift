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
    for i in 0..<m {
      for j in 0..<n {
        var sum = flags.contains(.accumulate) ? c[i * ldc + j] : 0
        for t in 0..<k {
          let left = flags.contains(.transposeA) ? a[t * lda + i] : a[i * lda + t]
          let right = flags.contains(.transposeB) ? b[j * ldb + t] : b[t * ldb + j]
          sum.addProduct(left, right)
        }
        c[i * ldc + j] = sum
      }
    }
  }
}
