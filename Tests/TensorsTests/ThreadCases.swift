import CKernels
import Tensors

/// Calls large enough to be shared among threads: of every kernel that does so.
func threadCases() -> [KernelCase] {
  var draw = Draw("threads")
  let products = [
    batchedProductCase(&draw, 24, 40, 36, 30, flags: 0),
    product(&draw, 200, 70, 90), product(&draw, 32, 300, 120), product(&draw, 1500, 32, 40),
    product(&draw, 90, 130, 600),
  ]
  let images =
    [
      [4, 20, 20, 8, 3, 3, 24, 1, 1, 1, 1, 20, 20, 1, 1, 1],
      [4, 20, 20, 16, 3, 3, 24, 1, 1, 2, 2, 20, 20, 2, 2, 2],
      [4, 24, 24, 40, 3, 3, 40, 1, 1, 1, 1, 24, 24, 1, 1, 40],
      [4, 21, 19, 8, 3, 3, 24, 2, 2, 1, 1, 11, 10, 1, 1, 1],
      [3, 1, 200, 6, 1, 5, 40, 1, 1, 0, 0, 1, 196, 1, 1, 1],
      // Few channels in all rows of the kernel at once; a gradient without products with zeros; an
      // image of few columns.
      [8, 22, 20, 1, 3, 3, 40, 1, 1, 1, 1, 22, 20, 1, 1, 1],
      [4, 11, 11, 18, 3, 3, 36, 1, 1, 0, 0, 9, 9, 1, 1, 1],
      [24, 8, 8, 12, 3, 3, 7, 1, 1, 1, 1, 8, 8, 1, 1, 1],
    ].flatMap { convolutions(&draw, $0) }
  return products + images + formulas(&draw)
}

/// A convolution and its gradients.
private func convolutions(_ draw: inout Draw, _ n: [Int]) -> [KernelCase] {
  let scratch = [Double](repeating: 0, count: Int(bs_conv2d_scratch(n.map(Int64.init))))
  let (x, w, y) = (
    draw.numbers(n[0] * n[1] * n[2] * n[3]), draw.numbers(n[4] * n[5] * n[3] / n[15] * n[6]),
    draw.numbers(n[0] * n[11] * n[12] * n[6])
  )
  return [
    KernelCase(kernel: .conv2D, buffers: [x, w, y, scratch], sizes: n, scratch: 3),
    KernelCase(kernel: .conv2DInputGradient, buffers: [y, w, x, scratch], sizes: n, scratch: 3),
    KernelCase(kernel: .conv2DKernelGradient, buffers: [x, y, w, scratch], sizes: n, scratch: 3),
  ]
}

private func product(_ draw: inout Draw, _ m: Int, _ n: Int, _ k: Int) -> KernelCase {
  KernelCase(
    kernel: .matMul,
    buffers: [draw.numbers(m * k), draw.numbers(k * n), draw.numbers(m * n)],
    sizes: [m, n, k, 0, k, n, n])
}

/// tanh(x·b) + eˣ over many rows, many columns, and one line.
private func formulas(_ draw: inout Draw) -> [KernelCase] {
  let formula =
    Formula.function(.tanh, .operand(0) * .operand(1)) + .function(.exp, .operand(0))
  return [(2100, 37), (3, 40_001), (1, 70_000)].map { rows, columns in
    KernelCase(
      kernel: .evaluate,
      buffers: [
        draw.numbers(rows * columns), draw.numbers(columns), draw.numbers(rows * columns),
      ],
      sizes: [
        rows, columns, OperandMode.full.rawValue, OperandMode.perColumn.rawValue,
        OperandMode.full.rawValue,
      ], program: Program([(2, formula)]))
  }
}
