import Tensors

/// Boxes: 6 extents, 6 strides of the source, 6 of the target; all places from 0 to 2,000.
private let boxes: [[Int]] = [
  // One run, one number, a constant stretched, a transposition, one that repeats an inner axis.
  [1, 1, 1, 1, 1, 40, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1],
  [1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
  [1, 1, 1, 3, 4, 19, 0, 0, 0, 4, 1, 0, 0, 0, 0, 76, 19, 1],
  [1, 1, 1, 1, 7, 18, 0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 18, 1],
  [1, 1, 1, 5, 3, 17, 0, 0, 0, 17, 0, 1, 0, 0, 0, 51, 17, 1],
  // Every second number, six axes in reverse order, none at all.
  [1, 1, 1, 4, 5, 6, 0, 0, 0, 100, 10, 2, 0, 0, 0, 30, 6, 1],
  [2, 3, 2, 3, 2, 4, 1, 2, 6, 12, 36, 72, 144, 48, 24, 8, 4, 1],
  [1, 1, 0, 3, 2, 4, 1, 2, 6, 12, 36, 72, 144, 48, 24, 8, 4, 1],
]

func stridedCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  boxes.flatMap { box -> [KernelCase] in
    let turned = box[..<6] + box[12...] + box[6..<12]
    let forward = KernelCase(
      kernel: kernel, buffers: [draw.numbers(2000), draw.numbers(2000)], sizes: box,
      constants: [0])
    // The adjoint writes where the other reads; a copy must not write one place twice.
    if kernel == .addStrided {
      return [
        forward,
        KernelCase(
          kernel: kernel, buffers: [draw.numbers(2000), draw.numbers(2000)],
          sizes: Array(turned)),
      ]
    }
    let constant = Array(box[..<6]) + [0, 0, 0, 0, 0, 0] + Array(box[12...])
    return [
      forward,
      KernelCase(
        kernel: kernel, buffers: [nil, draw.numbers(2000)], sizes: constant, constants: [0.25]),
    ]
  }
}

func batchedProductCase(
  _ draw: inout Draw, _ count: Int, _ m: Int, _ n: Int, _ k: Int, flags: Int
) -> KernelCase {
  KernelCase(
    kernel: .batchedMatMul,
    buffers: [
      draw.numbers(count * m * k), draw.numbers(count * k * n), draw.numbers(count * m * n),
    ],
    sizes: [
      m, n, k, flags, 1, 1, 1, count, 0, 0, 0, m * k, 0, 0, 0, k * n, 0, 0, 0, m * n,
    ])
}

func batchedProductCases(_ draw: inout Draw) -> [KernelCase] {
  let simple = [(1, 1, 1, 1), (3, 2, 5, 4), (2, 9, 17, 8), (5, 4, 1, 3)].flatMap { sizes in
    (0..<8).map { batchedProductCase(&draw, sizes.0, sizes.1, sizes.2, sizes.3, flags: $0) }
  }
  // Two axes, A the same along one of them, B along the other; and products that meet.
  let (m, n, k) = (4, 6, 5)
  func numbers() -> [[Double]] {
    [draw.numbers(3 * m * k), draw.numbers(2 * k * n), draw.numbers(6 * m * n)]
  }
  return simple + [
    KernelCase(
      kernel: .batchedMatMul, buffers: numbers(),
      sizes: [
        m, n, k, 0, 1, 1, 2, 3, 0, 0, 0, m * k, 0, 0, k * n, 0, 0, 0, 3 * m * n, m * n,
      ]),
    KernelCase(
      kernel: .batchedMatMul, buffers: numbers(),
      sizes: [m, n, k, 4, 1, 1, 2, 3, 0, 0, 0, m * k, 0, 0, k * n, 0, 0, 0, m * n, 0]),
  ]
}

func numberedRowCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  [(1, 4, 1, 3), (3, 5, 7, 6), (2, 3, 33, 1), (1, 10, 16, 20)].flatMap { sizes in
    let (outer, rows, inner, count) = sizes
    // Also one below all rows, one above, a fraction, and none at all.
    let numbers = draw.classes(count, among: rows) + [-1, Double(rows), 1.75, .nan, -0.5, -20]
    return (0..<4).map { flags in
      let flag = flags % 2
      switch kernel {
      case .gather where flags > 1, .scatterAdd where flags > 1:
        let places = draw.classes(outer * count * inner, among: rows + 1)
        let (table, looked) = (draw.numbers(outer * rows * inner), draw.numbers(places.count))
        return KernelCase(
          kernel: kernel,
          buffers: kernel == .gather ? [table, places, looked] : [looked, places, table],
          sizes: [outer, rows, inner, count, flag, 1])
      case .gather, .scatterAdd:
        let (table, looked) = (
          draw.numbers(outer * rows * inner), draw.numbers(outer * numbers.count * inner)
        )
        return KernelCase(
          kernel: kernel,
          buffers: kernel == .gather ? [table, numbers, looked] : [looked, numbers, table],
          sizes: [outer, rows, inner, numbers.count, flag, 0])
      default:
        let width = numbers.count / 3
        return KernelCase(
          kernel: kernel,
          buffers: [Array(numbers.suffix(3 * width)), draw.numbers(3 * rows)],
          sizes: [3, width, rows, flag])
      }
    }
  }
}

func axisCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  let sizes = [(1, 1, 1), (3, 5, 1), (2, 20, 1), (2, 3, 4), (3, 4, 16), (1, 7, 37)]
  return sizes.flatMap { outer, extent, inner -> [KernelCase] in
    let (whole, reduced) = (outer * extent * inner, outer * inner)
    if kernel == .alongAxis {
      return AxisFunction.allCases.map { function in
        KernelCase(
          kernel: kernel,
          buffers: [
            draw.numbers(whole, scale: 9), draw.numbers(function.reduces ? reduced : whole),
          ], sizes: [function.rawValue, outer, extent, inner])
      }
    }
    return [AxisFunction.softmax, .logSoftmax, .logSumExp].map { function in
      KernelCase(
        kernel: kernel,
        buffers: [
          draw.numbers(whole), draw.numbers(function.reduces ? reduced : whole),
          draw.numbers(whole), draw.numbers(reduced),
        ], sizes: [function.rawValue, outer, extent, inner])
    }
  }
}

func randomCases(_ draw: inout Draw) -> [KernelCase] {
  RandomKind.allCases.flatMap { kind in
    [1, 16, 37, 1000].map { count in
      KernelCase(
        kernel: .random, buffers: [draw.numbers(count)], sizes: [kind.rawValue, count],
        constants: kind == .bernoulli ? [0.7, 0] : [-0.5, 2])
    }
  }
}
