import Tensors

/// How a kernel call may be cut along its rows: it does the same with each of them, and the numbers
/// of a row depend on that row of some buffers, and on all of the others.
struct RowCut {
  /// The place among the sizes that counts the rows.
  let size: Int
  /// The buffers that have a part for each row, and how many numbers further on the next row lies.
  let strides: [(place: Int, stride: Int)]
  /// The buffer that the call works in, if any: each piece needs one of its own.
  var scratch: Int?
}

extension KernelCall {
  /// The places of the buffers that it writes; some of them it may read too.
  var written: [Int] {
    switch kernel {
    case .map, .softmax, .swapAxes, .maxPool2D, .averagePool2D, .averagePool2DGradient, .sumRows,
      .sumSquares, .copyStrided, .addStrided, .oneHot, .alongAxis, .reduce:
      [1]
    case .matMul, .addBias, .mapGradient, .softmaxGradient, .add, .multiply, .affineTransform,
      .affineTransformGradient, .lossGradient, .accuracy, .batchedMatMul, .gather, .scatterAdd,
      .alongAxisGradient:
      [2]
    case .productGradient, .maxPool2DGradient, .reduceGradient: [3]
    case .dropout: [1, 2]
    case .lstmCell, .lstmCellGradient: [4]
    case .lstmOutput, .conv2D, .conv2DInputGradient, .conv2DKernelGradient, .loss: [2, 3]
    case .sgd: [0, 2]
    case .adam: [0, 2, 3]
    case .changeSquares: [1, 2]
    case .random: [0]
    case .evaluate: program?.outputs.map(\.buffer) ?? []
    }
  }

  /// How it may be cut, nil where rows depend on each other.
  var rowCut: RowCut? {
    let n = sizes
    switch kernel {
    case .matMul:
      // A factor that is large beside the rows of one example is better read once for all of them;
      // one that each piece would turn around for itself already when it is small.
      let flags = MatMulFlags(rawValue: n[3])
      guard !flags.contains(.transposeA),
        n[1] * n[2] <= (flags.contains(.transposeB) ? 1 << 12 : 1 << 17)
      else { return nil }
      return RowCut(size: 0, strides: [(0, n[4]), (2, n[6])])
    case .addBias: return RowCut(size: 0, strides: [(0, n[2]), (2, n[3])])
    case .map: return RowCut(size: 1, strides: [(0, n[3]), (1, n[4])])
    case .mapGradient: return RowCut(size: 1, strides: [(0, n[3]), (1, n[4]), (2, n[5])])
    case .productGradient:
      return RowCut(size: 1, strides: [(0, n[2]), (1, n[2]), (2, n[2]), (3, n[3])])
    case .softmax: return RowCut(size: 0, strides: [(0, n[1]), (1, n[1])])
    case .softmaxGradient: return RowCut(size: 0, strides: [(0, n[1]), (1, n[1]), (2, n[1])])
    case .add, .multiply: return RowCut(size: 0, strides: [(0, 1), (1, 1), (2, 1)])
    case .conv2D:
      return RowCut(
        size: 0, strides: [(0, n[1] * n[2] * n[3]), (2, n[11] * n[12] * n[6])], scratch: 3)
    case .conv2DInputGradient:
      // Each piece turns the kernel around for itself: nothing beside the work for enough pixels.
      guard n[11] * n[12] >= 64 else { return nil }
      return RowCut(
        size: 0, strides: [(0, n[11] * n[12] * n[6]), (2, n[1] * n[2] * n[3])], scratch: 3)
    case .maxPool2D, .averagePool2D:
      return RowCut(
        size: 0, strides: [(0, n[1] * n[2] * n[3]), (1, n[10] * n[11] * n[3])])
    case .maxPool2DGradient:
      let (x, y) = (n[1] * n[2] * n[3], n[10] * n[11] * n[3])
      return RowCut(size: 0, strides: [(0, x), (1, y), (2, y), (3, x)])
    case .averagePool2DGradient:
      return RowCut(
        size: 0, strides: [(0, n[10] * n[11] * n[3]), (1, n[1] * n[2] * n[3])])
    case .batchedMatMul:
      let strides = [(0, n[8]), (1, n[12]), (2, n[16])].filter { $0.1 != 0 }
      return n[16] == 0 ? nil : RowCut(size: 4, strides: strides.map { ($0.0, $0.1) })
    case .copyStrided:
      guard buffers[0] != nil, n[6] > 0, n[12] > 0 else { return nil }
      return RowCut(size: 0, strides: [(0, n[6]), (1, n[12])])
    case .gather:
      guard n[0] == 1, n[5] == 0 else { return nil }
      return RowCut(size: 3, strides: [(1, 1), (2, n[2])])
    case .reduce: return RowCut(size: 1, strides: [(0, n[2] * n[3]), (1, n[3])])
    case .reduceGradient:
      let (x, y) = (n[2] * n[3], n[3])
      return RowCut(size: 1, strides: [(0, x), (1, y), (2, y), (3, x)])
    case .alongAxis:
      let y = AxisFunction(rawValue: n[0])?.reduces == true ? n[3] : n[2] * n[3]
      return RowCut(size: 1, strides: [(0, n[2] * n[3]), (1, y)])
    case .alongAxisGradient:
      let (x, y) = (n[2] * n[3], n[3])
      let isLogSumExp = buffers.count == 4
      return RowCut(
        size: 1,
        strides: isLogSumExp ? [(0, x), (1, y), (2, x), (3, y)] : [(0, x), (1, x), (2, x)])
    case .evaluate: return formulaCut
    default: return nil
    }
  }

  private var formulaCut: RowCut? {
    let modes = sizes.dropFirst(2).map { OperandMode(rawValue: $0) ?? .full }
    let isFlat = sizes[0] == 1 && !modes.contains { $0 == .perRow || $0 == .perColumn }
    let strides = modes.enumerated().compactMap { place, mode -> (place: Int, stride: Int)? in
      switch mode {
      case .full: (place, isFlat ? 1 : sizes[1])
      case .perRow: (place, 1)
      case .scalar, .perColumn: nil
      }
    }
    return RowCut(size: isFlat ? 1 : 0, strides: strides)
  }
}
