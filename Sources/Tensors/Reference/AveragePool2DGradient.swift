extension Reference {
  /// dx = Σ dy / n over the windows that a number lies in, each an average of n numbers.
  static func averagePool2DGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (dy, dx) = (call[0], call[1])
    let sizes = WindowSizes(pooling: call.sizes)
    dx.update(repeating: 0, count: sizes.inputCount)
    sizes.forEachAveraged(repeatsBorder: call.sizes[12] != 0) { window, cells in
      for cell in cells {
        for c in 0..<sizes.channels { dx[cell + c] += dy[window + c] / Scalar(cells.count) }
      }
    }
  }
}
