import CKernels
import Tensors

/// Random numbers for tests, drawn one after the other.
struct Draw {
  private let random: CounterRandom
  private var position = 0

  init(_ name: String) { random = CounterRandom(seed: 1, name: name) }

  /// Numbers in [-1, 1), exact in Float32.
  mutating func numbers(_ count: Int, scale: Double = 1) -> [Double] {
    (0..<count).map { _ in
      position += 1
      return (Double(random.uniform24(at: position)) * 2 - 1) * scale
    }
  }

  /// Rows of positive numbers that sum to 1.
  mutating func probabilities(_ rows: Int, _ columns: Int) -> [Double] {
    (0..<rows).flatMap { _ in
      let row = numbers(columns).map { $0 + 1.1 }
      let sum = row.reduce(0, +)
      return row.map { Double(Float($0 / sum)) }
    }
  }

  mutating func classes(_ count: Int, among classes: Int) -> [Double] {
    numbers(count).map { (($0 + 1) / 2 * Double(classes)).rounded(.down) }
  }
}

/// Calls of every kernel: usual sizes and odd, tiny and edge ones.
func kernelCases(_ kernel: Kernel) -> [KernelCase] {
  var draw = Draw("\(kernel)")
  switch kernel {
  case .matMul: return matMulCases(&draw)
  case .map, .mapGradient, .productGradient, .addBias, .sumRows:
    return rowCases(kernel, &draw)
  case .softmax, .softmaxGradient: return softmaxCases(kernel, &draw)
  case .add, .multiply, .dropout, .lstmCell, .lstmOutput, .lstmCellGradient, .sgd, .adam,
    .sumSquares, .changeSquares:
    return [1, 3, 16, 17, 40, 100].flatMap { countCases(kernel, $0, &draw) }
  case .swapAxes:
    return [(2, 3, 1), (5, 4, 7), (3, 2, 33)].map { outer, inner, columns in
      let count = outer * inner * columns
      return KernelCase(
        kernel: kernel, buffers: [draw.numbers(count), draw.numbers(count)],
        sizes: [outer, inner, columns])
    }
  case .conv2D, .conv2DInputGradient, .conv2DKernelGradient, .maxPool2D, .maxPool2DGradient,
    .averagePool2D, .averagePool2DGradient:
    return imageCases(kernel, &draw)
  case .affineTransform, .affineTransformGradient: return affineCases(kernel, &draw)
  case .loss, .lossGradient: return lossCases(kernel, &draw)
  case .accuracy: return accuracyCases(&draw)
  case .copyStrided, .addStrided: return stridedCases(kernel, &draw)
  case .batchedMatMul: return batchedProductCases(&draw)
  case .gather, .scatterAdd, .oneHot: return numberedRowCases(kernel, &draw)
  case .alongAxis, .alongAxisGradient: return axisCases(kernel, &draw)
  case .random: return randomCases(&draw)
  case .evaluate: return formulaCases(&draw)
  case .reduce, .reduceGradient: return reductionCases(kernel, &draw)
  }
}

let productSizes: [(Int, Int, Int)] = [
  (1, 1, 1), (2, 3, 4), (8, 8, 8), (10, 1, 8), (7, 17, 5), (1, 33, 64), (9, 31, 3), (32, 64, 16),
  (13, 40, 21), (50, 70, 60), (50, 33, 130), (3, 20, 1100), (3, 5, 0), (33, 20, 2), (67, 16, 9),
  (37, 1, 22),
]

private func matMulCases(_ draw: inout Draw) -> [KernelCase] {
  var cases: [KernelCase] = []
  for (m, n, k) in productSizes {
    // Twins are slow, so large sizes go through two of the eight ways.
    for flags in m * n * k > 10_000 ? [0, 7] : Array(0..<8) {
      // Odd sizes lie in wider rows, as a gate's columns do.
      let slack = (m + n + k) % 3
      let (lda, ldb) = ((flags & 1 == 0 ? k : m) + slack, (flags & 2 == 0 ? n : k) + slack)
      let (rowsA, rowsB) = (flags & 1 == 0 ? m : k, flags & 2 == 0 ? k : n)
      cases.append(
        KernelCase(
          kernel: .matMul,
          buffers: [
            draw.numbers(rowsA * lda), draw.numbers(rowsB * ldb), draw.numbers(m * (n + slack)),
          ], sizes: [m, n, k, flags, lda, ldb, n + slack]))
    }
  }
  return cases
}

private func rowCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  var cases: [KernelCase] = []
  for (rows, columns, slack) in [(1, 1, 0), (4, 16, 0), (7, 5, 2), (3, 37, 1), (530, 19, 0)] {
    let ld = columns + slack
    let (count, dense) = (rows * ld, rows * columns)
    switch kernel {
    case .addBias:
      for function in ScalarFunction.allCases.map(\.rawValue) {
        cases.append(
          KernelCase(
            kernel: kernel,
            buffers: [
              draw.numbers(count, scale: 3), draw.numbers(columns, scale: 3), draw.numbers(count),
            ], sizes: [rows, columns, ld, ld, function]))
      }
    case .sumRows:
      cases.append(
        KernelCase(
          kernel: kernel, buffers: [draw.numbers(count), draw.numbers(columns)],
          sizes: [rows, columns, ld]))
    default:
      for function in ScalarFunction.allCases.map(\.rawValue) {
        let buffers: [[Double]]
        let sizes: [Int]
        switch kernel {
        case .map:
          buffers = [draw.numbers(count, scale: 6), draw.numbers(count)]
          sizes = [function, rows, columns, ld, ld]
        case .mapGradient:
          buffers = [draw.numbers(count), draw.numbers(count), draw.numbers(count)]
          sizes = [function, rows, columns, ld, ld, ld]
        default:
          buffers = (0..<3).map { _ in draw.numbers(dense) } + [draw.numbers(count)]
          sizes = [function, rows, columns, ld]
        }
        cases.append(KernelCase(kernel: kernel, buffers: buffers, sizes: sizes))
      }
    }
  }
  return cases
}

private func softmaxCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  [(1, 1), (5, 2), (9, 10), (2, 16), (3, 17), (4, 100)].map { rows, columns in
    let count = rows * columns
    let first =
      kernel == .softmax ? draw.numbers(count, scale: 9) : draw.probabilities(rows, columns)
    let rest = (0..<(kernel == .softmax ? 1 : 2)).map { _ in draw.numbers(count) }
    return KernelCase(kernel: kernel, buffers: [first] + rest, sizes: [rows, columns])
  }
}

private func countCases(_ kernel: Kernel, _ count: Int, _ draw: inout Draw) -> [KernelCase] {
  func buffers(_ number: Int) -> [[Double]] { (0..<number).map { _ in draw.numbers(count) } }
  switch kernel {
  case .dropout:
    return [0, 0.1, 0.5].map {
      KernelCase(kernel: kernel, buffers: buffers(3), sizes: [count], constants: [$0])
    }
  case .lstmCell: return [KernelCase(kernel: kernel, buffers: buffers(5), sizes: [count])]
  case .lstmOutput: return [KernelCase(kernel: kernel, buffers: buffers(4), sizes: [count])]
  case .lstmCellGradient:
    let all = buffers(5)
    return [
      KernelCase(kernel: kernel, buffers: all, sizes: [count]),
      KernelCase(
        kernel: kernel, buffers: [all[0], all[1], all[2], nil, all[4]], sizes: [count]),
    ]
  case .sgd:
    let all = buffers(3)
    return [
      KernelCase(kernel: kernel, buffers: all, sizes: [count, 0], constants: [0.9]),
      KernelCase(kernel: kernel, buffers: all, sizes: [count, 1], constants: [0.9]),
      KernelCase(
        kernel: kernel, buffers: [all[0], all[1], nil], sizes: [count, 0], constants: [0]),
    ]
  case .adam:
    var all = buffers(4)
    all[3] = all[3].map(abs)
    return [
      KernelCase(
        kernel: kernel, buffers: all, sizes: [count], constants: [0.9, 0.999, 1e-7, 0.1, 0.001])
    ]
  case .changeSquares:
    return [
      KernelCase(
        kernel: kernel, buffers: [draw.numbers(count), draw.numbers(count), [0, 0]],
        sizes: [count])
    ]
  case .sumSquares:
    return [KernelCase(kernel: kernel, buffers: [draw.numbers(count), [0]], sizes: [count])]
  default: return [KernelCase(kernel: kernel, buffers: buffers(3), sizes: [count])]
  }
}

/// B H W C KH KW F SH SW PT PL OH OW DH DW G: plain ones, then with dilation and with groups.
let convolutionSizes: [[Int]] =
  plainSizes.map { $0 + [1, 1, 1] } + [
    [2, 9, 8, 3, 3, 3, 5, 1, 1, 0, 0, 5, 4, 2, 2, 1],
    [1, 7, 6, 4, 3, 2, 6, 1, 1, 2, 1, 7, 6, 2, 3, 1],
    [2, 1, 20, 3, 1, 4, 7, 1, 1, 0, 9, 1, 20, 1, 3, 1],
    [2, 6, 5, 6, 3, 2, 4, 1, 1, 1, 0, 6, 5, 1, 1, 2],
    [2, 7, 8, 4, 3, 3, 8, 2, 2, 1, 0, 4, 4, 1, 1, 4],
    [2, 7, 9, 21, 3, 3, 21, 1, 1, 1, 1, 7, 9, 1, 1, 21],
    [2, 8, 7, 37, 3, 5, 37, 2, 2, 0, 2, 3, 4, 1, 1, 37],
    [1, 6, 6, 5, 3, 3, 10, 1, 1, 0, 0, 4, 4, 1, 1, 5],
    [1, 9, 9, 3, 3, 2, 3, 2, 1, 0, 0, 3, 6, 2, 3, 3],
    [1, 9, 8, 2, 2, 2, 3, 3, 3, 0, 0, 2, 2, 1, 1, 1],
    [2, 8, 9, 16, 7, 1, 16, 1, 1, 3, 0, 8, 9, 1, 1, 16],
    [2, 5, 10, 18, 2, 3, 35, 1, 1, 0, 0, 4, 8, 1, 1, 1],
    [1, 11, 13, 16, 3, 5, 32, 1, 1, 2, 1, 11, 11, 1, 1, 1],
  ]

/// B H W C KH KW F SH SW PT PL OH OW.
private let plainSizes: [[Int]] = [
  [1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1], [2, 5, 4, 1, 3, 3, 2, 1, 1, 0, 0, 3, 2],
  [2, 6, 7, 3, 3, 3, 5, 1, 1, 1, 1, 6, 7], [1, 8, 8, 7, 3, 2, 33, 2, 2, 0, 0, 3, 4],
  [2, 7, 9, 2, 3, 3, 4, 2, 3, 1, 0, 4, 3], [1, 12, 11, 8, 5, 5, 16, 1, 1, 2, 2, 12, 11],
  [1, 4, 4, 6, 1, 1, 17, 1, 1, 0, 0, 4, 4], [3, 10, 10, 16, 3, 3, 24, 1, 1, 0, 0, 8, 8],
  [2, 9, 9, 1, 7, 7, 3, 3, 3, 3, 3, 3, 3], [1, 6, 20, 6, 2, 5, 9, 1, 2, 0, 1, 5, 9],
]

private func imageCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  let poolings: Set<Kernel> = [
    .maxPool2D, .maxPool2DGradient, .averagePool2D, .averagePool2DGradient,
  ]
  let sizes =
    poolings.contains(kernel) ? plainSizes.map { $0 + [1, 1, 1] } : convolutionSizes
  return sizes.enumerated().map { i, n in
    let (x, y) = (n[0] * n[1] * n[2] * n[3], n[11] * n[12] * n[0])
    let w = n[4] * n[5] * n[3] / n[15] * n[6]
    let scratch = Int(bs_conv2d_scratch(n.map(Int64.init)))
    let empty = [Double](repeating: 0, count: scratch)
    let pooling = Array(n[0..<6] + n[7..<13])
    switch kernel {
    case .conv2D:
      return KernelCase(
        kernel: kernel,
        buffers: [draw.numbers(x), draw.numbers(w), draw.numbers(y * n[6]), empty], sizes: n,
        scratch: 3)
    case .conv2DInputGradient:
      return KernelCase(
        kernel: kernel,
        buffers: [draw.numbers(y * n[6]), draw.numbers(w), draw.numbers(x), empty], sizes: n,
        scratch: 3)
    case .conv2DKernelGradient:
      return KernelCase(
        kernel: kernel,
        buffers: [draw.numbers(x), draw.numbers(y * n[6]), draw.numbers(w), empty], sizes: n,
        scratch: 3)
    case .averagePool2D:
      return KernelCase(
        kernel: kernel, buffers: [draw.numbers(x), draw.numbers(y * n[3])],
        sizes: pooling + [i % 2])
    case .averagePool2DGradient:
      return KernelCase(
        kernel: kernel, buffers: [draw.numbers(y * n[3]), draw.numbers(x)],
        sizes: pooling + [i % 2])
    case .maxPool2D:
      return KernelCase(
        kernel: kernel, buffers: [coarse(&draw, x), draw.numbers(y * n[3])], sizes: pooling)
    default:
      var forward = KernelCase(
        kernel: .maxPool2D, buffers: [coarse(&draw, x), draw.numbers(y * n[3])], sizes: pooling)
      forward.buffers[1] = forward.runTwin(Double.self)[1]
      let overlaps = n[4] > n[7] || n[5] > n[8]
      return KernelCase(
        kernel: kernel, buffers: forward.buffers + [draw.numbers(y * n[3]), draw.numbers(x)],
        sizes: pooling + [overlaps ? 0 : i % 2])
    }
  }
}

/// Pictures turned, enlarged and moved, in every way of reading them; the last far away.
private func affineCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  let shapes = [[1, 1, 1, 1], [2, 5, 4, 1], [3, 6, 7, 3], [1, 4, 9, 18]]
  return shapes.flatMap { shape in
    Interpolation.allCases.flatMap { interpolation in
      FillMode.allCases.map { fill in
        let count = shape.reduce(1, *)
        let matrices = (0..<shape[0]).flatMap { i in
          i == 2
            ? [0, 0, 3e20, 0, 0, -40.3] : zip([1, 0, 0.7, 0, 1, -0.4], draw.numbers(6)).map(+)
        }
        return KernelCase(
          kernel: kernel, buffers: [draw.numbers(count), matrices, draw.numbers(count)],
          sizes: shape + [interpolation.rawValue, fill.rawValue], constants: [0.25])
      }
    }
  }
}

/// Numbers of few values, so that windows have equal largest ones.
private func coarse(_ draw: inout Draw, _ count: Int) -> [Double] {
  draw.numbers(count, scale: 3).map { $0.rounded() }
}

private func lossCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  var cases: [KernelCase] = []
  for (rows, columns) in [(1, 1), (5, 3), (6, 10), (3, 16), (33, 21)] {
    for loss in LossFunction.allCases {
      for normalize in [0, 1] {
        var predictions = draw.probabilities(rows, columns).map { Double(Float($0 * 0.9)) }
        if columns > 2 { predictions[1] = 0 }
        let targets =
          switch loss {
          case .meanSquaredError: draw.numbers(rows * columns)
          case .binaryCrossentropy: draw.classes(rows * columns, among: 2)
          case .categoricalCrossentropy: draw.probabilities(rows, columns)
          case .sparseCategoricalCrossentropy: draw.classes(rows, among: columns)
          }
        let outputs =
          kernel == .loss ? [draw.numbers(rows), [0]] : [draw.numbers(rows * columns)]
        cases.append(
          KernelCase(
            kernel: kernel, buffers: [predictions, targets] + outputs,
            sizes: [loss.rawValue, rows, columns, normalize]))
      }
    }
  }
  return cases
}

private func accuracyCases(_ draw: inout Draw) -> [KernelCase] {
  var cases: [KernelCase] = []
  for (rows, columns) in [(1, 1), (9, 1), (7, 10), (4, 33)] {
    for accuracy in AccuracyFunction.allCases {
      let targets =
        switch accuracy {
        case .binary: draw.classes(rows * columns, among: 2)
        case .categorical: draw.probabilities(rows, columns)
        case .sparseCategorical: draw.classes(rows, among: columns)
        }
      cases.append(
        KernelCase(
          kernel: .accuracy, buffers: [draw.probabilities(rows, columns), targets, [0]],
          sizes: [accuracy.rawValue, rows, columns], constants: [0.5]))
    }
  }
  return cases
}
