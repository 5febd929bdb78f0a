import Tensors

/// Adam in Keras's form: w, m and v in one pass. Operands w, g, m, v.
let adamFormulas: [(buffer: Int, formula: Formula)] = {
  let (w, g, m, v) = (
    Formula.operand(0), Formula.operand(1), Formula.operand(2), Formula.operand(3)
  )
  let (b1, b2) = (Formula.named("β₁", 0.9), Formula.named("β₂", 0.999))
  let mean = Formula.named("m", m + (g - m) * (1 - b1))
  let variance = Formula.named("v", v + (.square(g) - v) * (1 - b2))
  let rate = Formula.named(
    "α",
    .learningRate * .sqrt(1 - .power(b2, .updateCount)) / (1 - .power(b1, .updateCount)))
  return [
    (0, w - mean * rate / (.sqrt(variance) + .named("ε", 1e-7))), (2, mean), (3, variance),
  ]
}()

/// Every function and operator over odd and long sizes, in every mode, and programs with several
/// results in place.
func formulaCases(_ draw: inout Draw) -> [KernelCase] {
  let (a, b, c) = (Formula.operand(0), Formula.operand(1), Formula.operand(2))
  var cases: [KernelCase] = []
  for function in Formula.Function.allCases {
    let numbers = draw.numbers(77, scale: function.reach).map { function.isPositive ? abs($0) : $0 }
    cases.append(
      KernelCase(
        kernel: .evaluate, buffers: [numbers, draw.numbers(77)], sizes: [7, 11, 0, 0],
        program: Program([(1, .function(function, a))])))
  }
  for (i, f) in Formula.Operator.allCases.enumerated() {
    let (rows, columns) = [(5, 7), (40, 10), (3, 130), (1, 300), (70, 1)][i % 5]
    let count = rows * columns
    let bases = draw.numbers(count).map { f == .power ? abs($0) + 0.1 : $0 }
    for (mode, size) in [count, 1, rows, columns].enumerated() {
      let second = draw.numbers(size).map { f == .power ? $0 : ($0 < 0 ? $0 - 0.5 : $0 + 0.5) }
      cases.append(
        KernelCase(
          kernel: .evaluate, buffers: [bases, second, draw.numbers(count)],
          sizes: [rows, columns, 0, mode, 0], program: Program([(2, .combined(f, a, b))])))
    }
  }
  for (rows, columns) in [
    (1, 1), (3, 5), (9, 40), (2, 200), (100, 3), (1, 16), (35, 16), (11, 48), (5, 256), (3, 304),
    (600, 2), (300, 130), (258, 300),
  ] {
    let count = rows * columns
    let buffers = [draw.numbers(count), draw.numbers(columns), draw.numbers(rows)]
    // Results over operands that others read, exchanged, doubled, and the same for all; parts that are
    // the same along a row, wanted along it, in each other and alone.
    let deviation: Formula = .sqrt(.square(c) + 0.001)
    cases += [
      [(3, (a - c) / deviation)], [(3, a * deviation + .tanh(c)), (4, .tanh(c))],
      [(0, .where(c > 0.1, a / deviation, .square(deviation) - b)), (4, deviation + c)],
      [(0, .where(a > b, a * c, b)), (3, .tanh(a) + c), (4, 0.25)],
      [(0, a + 1), (3, a + 1), (4, .operand(0))], [(0, .operand(3)), (3, .operand(0))],
      [(0, a - .learningRate * .operand(3)), (3, .power(0.9, .updateCount) * a)],
    ].flatMap { (outputs: [(buffer: Int, formula: Formula)]) in
      [[], [2]].map { rowBuffers in
        KernelCase(
          kernel: .evaluate, buffers: buffers + [draw.numbers(count), draw.numbers(count)],
          sizes: [rows, columns, 0, 3, 2, 0, 0],
          program: Program(outputs, rowBuffers: rowBuffers))
      }
    }
  }
  // Two operations in one step: every pair, the first of them before and after the rest, and a result
  // over what the first reads.
  let firsts = [a + b, a - b, a * b, a / b, .square(a)]
  for pair in firsts.flatMap({ [$0 + c, $0 - c, c - $0, $0 * c, $0 / c, c / $0, -$0] }) {
    cases.append(
      KernelCase(
        kernel: .evaluate,
        buffers: [draw.numbers(50)] + [5, 50].map { draw.numbers($0).map { $0 + 4 } },
        sizes: [5, 10, 0, 2, 0], program: Program([(0, pair)])))
  }
  for count in [1, 16, 100, 333] {
    cases.append(
      KernelCase(
        kernel: .evaluate,
        buffers: [draw.numbers(count), draw.numbers(count), draw.numbers(count)]
          + [draw.numbers(count).map { $0 * $0 }],
        sizes: [1, count, 0, 0, 0, 0], program: Program(adamFormulas)))
  }
  return cases
}

extension Formula.Function {
  /// How far from 0 its arguments are drawn.
  var reach: Double {
    switch self {
    case .arcsin, .arccos, .artanh, .tan: 0.9
    case .exp, .expm1, .sinh, .cosh: 4
    default: 12
    }
  }

  var isPositive: Bool {
    [.squareRoot, .reciprocalSquareRoot, .reciprocal, .log, .log1p].contains(self)
  }
}

func reductionCases(_ kernel: Kernel, _ draw: inout Draw) -> [KernelCase] {
  var cases: [KernelCase] = []
  for (outer, count, inner) in [
    (1, 1, 1), (4, 7, 1), (3, 5, 2), (1, 530, 19), (2, 100, 1), (2, 3, 17),
  ] {
    for reduction in Reduction.allCases {
      // Few values, so that several are the largest; products of many stay small.
      let numbers = draw.numbers(outer * count * inner, scale: 2).map {
        reduction == .product ? 1 + $0 / 100 : ($0 * 4).rounded() / 4
      }
      let sizes = [reduction.rawValue, outer, count, inner]
      let small = outer * inner
      let forward = KernelCase(
        kernel: .reduce, buffers: [numbers, draw.numbers(small)], sizes: sizes)
      guard kernel == .reduceGradient else {
        cases.append(forward)
        continue
      }
      cases.append(
        KernelCase(
          kernel: kernel,
          buffers: [
            numbers, forward.runTwin(Float.self)[1].map(Double.init), draw.numbers(small),
            draw.numbers(numbers.count),
          ], sizes: sizes))
    }
  }
  return cases
}
