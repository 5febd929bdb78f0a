extension Reference {
  /// dc = dh · o · (1 - tanh²c) + dc_next: from this step's output, and from the next step's cell.
  ///
  /// In the last step there is no next one and its buffer is absent.
  static func lstmCellGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (dh, o, tanhC, dc) = (call[0], call[1], call[2], call[4])
    let next = call.buffers[3]
    for j in 0..<call.sizes[0] {
      dc[j] = dh[j] * o[j] * (1 - tanhC[j] * tanhC[j]) + (next?[j] ?? 0)
    }
  }
}
