import Tensors
import Testing

/// The twins of gradient kernels against differences of the twins of forward ones, in Float64.
@Suite("Gradient kernels")
struct GradientTests {
  @Test("of maps", arguments: ScalarFunction.allCases)
  func maps(function: ScalarFunction) {
    var draw = Draw("map gradient")
    let (x, dy) = (draw.numbers(12), draw.numbers(12))
    let forward = { (x: [Double]) in
      run(.map, [x, zeros(12)], [function.rawValue, 1, 12, 12, 12], output: 1)
    }
    let sizes = [function.rawValue, 1, 12, 12, 12, 12]
    let dx = run(.mapGradient, [forward(x), dy, zeros(12)], sizes, output: 2)
    expectSlopes(dx, at: x) { dot(forward($0), dy) }
    let b = draw.numbers(12)
    let product = run(
      .productGradient, [dy, b, forward(x), zeros(12)], [function.rawValue, 1, 12, 12], output: 3)
    expectSlopes(product, at: x) { dot(zip(forward($0), b).map(*), dy) }
  }

  @Test("of softmax")
  func softmax() {
    var draw = Draw("softmax gradient")
    let (x, dy) = (draw.numbers(10), draw.numbers(10))
    let forward = { (x: [Double]) in run(.softmax, [x, zeros(10)], [2, 5], output: 1) }
    let dx = run(.softmaxGradient, [forward(x), dy, zeros(10)], [2, 5], output: 2)
    expectSlopes(dx, at: x) { dot(forward($0), dy) }
  }

  @Test("of the LSTM's cell")
  func cell() {
    var draw = Draw("cell gradient")
    let (o, c, dh, next) = (draw.numbers(6), draw.numbers(6), draw.numbers(6), draw.numbers(6))
    let tanhC = run(.lstmOutput, [o, c, zeros(6), zeros(6)], [6], output: 2)
    let dc = run(.lstmCellGradient, [dh, o, tanhC, next, zeros(6)], [6], output: 4)
    expectSlopes(dc, at: c) {
      dot(run(.lstmOutput, [o, $0, zeros(6), zeros(6)], [6], output: 3), dh) + dot($0, next)
    }
  }

  @Test("of convolutions", arguments: [1, 4, 10, 13, 14, 17, 18].map { convolutionSizes[$0] })
  func convolution(n: [Int]) {
    var draw = Draw("convolution gradient")
    let x = draw.numbers(n[0] * n[1] * n[2] * n[3])
    let w = draw.numbers(n[4] * n[5] * n[3] / n[15] * n[6])
    let dy = draw.numbers(n[0] * n[11] * n[12] * n[6])
    let forward = { (x: [Double], w: [Double]) in
      dot(run(.conv2D, [x, w, zeros(dy.count), nil], n, output: 2), dy)
    }
    let dx = run(.conv2DInputGradient, [dy, w, zeros(x.count), nil], n, output: 2)
    expectSlopes(dx, at: x) { forward($0, w) }
    let dw = run(.conv2DKernelGradient, [x, dy, zeros(w.count), nil], n, output: 2)
    expectSlopes(dw, at: w) { forward(x, $0) }
  }

  @Test("of pooling")
  func pooling() {
    var draw = Draw("pooling gradient")
    let n = [1, 5, 4, 2, 3, 2, 2, 1, 1, 0, 3, 3, 0]
    let (x, dy) = (draw.numbers(40), draw.numbers(18))
    let forward = { (x: [Double]) in run(.maxPool2D, [x, zeros(18)], n, output: 1) }
    let dx = run(.maxPool2DGradient, [x, forward(x), dy, zeros(40)], n, output: 3)
    expectSlopes(dx, at: x) { dot(forward($0), dy) }
  }

  @Test("of means of windows", arguments: [0, 1])
  func averagePooling(repeatsBorder: Int) {
    var draw = Draw("average pool gradient")
    let n = [1, 5, 4, 2, 3, 2, 2, 1, 1, 0, 3, 3, repeatsBorder]
    let (x, dy) = (draw.numbers(40), draw.numbers(18))
    let dx = run(.averagePool2DGradient, [dy, zeros(40)], n, output: 1)
    expectSlopes(dx, at: x) { dot(run(.averagePool2D, [$0, zeros(18)], n, output: 1), dy) }
  }

  @Test("of pictures drawn anew", arguments: Interpolation.allCases, FillMode.allCases)
  func transforms(interpolation: Interpolation, fill: FillMode) {
    var draw = Draw("affine gradient")
    let n = [2, 4, 5, 2, interpolation.rawValue, fill.rawValue]
    let (x, dy) = (draw.numbers(80), draw.numbers(80))
    let matrices = [0.9, -0.35, 0.4, 0.3, 1.2, -0.8, -1, 0.1, 5.3, 0, 0.7, 0.2]
    func run(_ kernel: Kernel, _ x: [Double]) -> [Double] {
      KernelCase(kernel: kernel, buffers: [x, matrices, zeros(80)], sizes: n, constants: [0.5])
        .runTwin(Double.self)[2]
    }
    expectSlopes(run(.affineTransformGradient, dy), at: x) { dot(run(.affineTransform, $0), dy) }
  }

  @Test("of losses", arguments: LossFunction.allCases, [0, 1])
  func loss(loss: LossFunction, normalize: Int) {
    var draw = Draw("loss gradient")
    let predictions = draw.probabilities(3, 4).map { $0 * 0.9 }
    let targets: [Double] =
      loss == .sparseCategoricalCrossentropy ? [2, 0, 3] : draw.probabilities(3, 4)
    let sizes = [loss.rawValue, 3, 4, normalize]
    let gradient = run(.lossGradient, [predictions, targets, zeros(12)], sizes, output: 2)
    expectSlopes(gradient, at: predictions) {
      run(.loss, [$0, targets, zeros(3), zeros(1)], sizes, output: 3)[0]
    }
  }
}

private func zeros(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }

private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).map(*).reduce(0, +) }

private func run(
  _ kernel: Kernel, _ buffers: [[Double]?], _ sizes: [Int], output: Int
) -> [Double] {
  KernelCase(kernel: kernel, buffers: buffers, sizes: sizes).runTwin(Double.self)[output]
}

/// Expects the gradient of `f` at x, by central differences.
private func expectSlopes(
  _ gradient: [Double], at x: [Double], of f: ([Double]) -> Double,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let h = 1e-5
  let size = gradient.map(abs).max() ?? 0
  for i in x.indices {
    var (above, below) = (x, x)
    above[i] += h
    below[i] -= h
    let slope = (f(above) - f(below)) / (2 * h)
    #expect(abs(slope - gradient[i]) <= 1e-6 * size, "at \(i)", sourceLocation: sourceLocation)
  }
}
