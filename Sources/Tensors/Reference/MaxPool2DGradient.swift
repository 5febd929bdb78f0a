extension Reference {
  /// dx = dy at the largest element of each window, 0 at the others; the first in row order when
  /// several are equal. Where x itself is a relu, dx · relu' may be asked for at once.
  static func maxPool2DGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y, dy, dx) = (call[0], call[1], call[2], call[3])
    let sizes = WindowSizes(pooling: call.sizes)
    dx.update(repeating: 0, count: sizes.inputCount)
    var isGiven = [Bool](repeating: false, count: sizes.outputCount)
    sizes.forEachPlace { b, oh, ow, _, _, h, w in
      for c in 0..<sizes.channels {
        let (from, to) = (sizes.output(b, oh, ow, c), sizes.input(b, h, w, c))
        if x[to] == y[from] && !isGiven[from] {
          dx[to] += dy[from]
          isGiven[from] = true
        }
      }
    }
    guard call.sizes[12] != 0 else { return }
    for i in 0..<sizes.inputCount { dx[i] *= slope(of: ScalarFunction.relu.rawValue, at: x[i]) }
  }
}
