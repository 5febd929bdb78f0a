import Autodiff
import Tensors

/// Kernel calls as statements of NumPy on named arrays: one entry a kernel.
///
/// The functions that statements call stand in `Python/numpy_check.py`.
struct NumPyEmitter {
  private let plan: Plan
  private var names = PythonNames(taken: numPyNames)
  /// The values that statements have named so far, in order, by their names in Python.
  private(set) var used: [(value: Value, name: String)] = []
  private var seen: Set<Int> = []

  init(_ plan: Plan) { self.plan = plan }

  /// The name of a value's array.
  mutating func name(_ value: Value) -> String {
    let name = names.name(value.id, for: plan[value].name)
    if seen.insert(value.id).inserted { used.append((value, name)) }
    return name
  }

  // MARK: Parts of arrays

  /// A buffer of a call as an array of a shape, from where the call begins to read it.
  private mutating func array(_ call: KernelCall, _ i: Int, _ extents: [Int]) -> String {
    guard let slice = call.buffers[i] else { return "0" }
    let name = name(slice.value)
    if slice.offset == 0 {
      if slice.value.shape.extents == extents { return name }
      if slice.value.shape.count == extents.reduce(1, *) {
        return "\(name).reshape" + PythonText.tuple(extents)
      }
    }
    return "part(\(name), \(slice.offset), \(Self.listed(extents)))"
  }

  /// A buffer as a matrix whose rows lie `stride` apart.
  private mutating func matrix(
    _ call: KernelCall, _ i: Int, _ rows: Int, _ columns: Int, stride: Int
  ) -> String {
    guard stride != columns, rows > 1, let slice = call.buffers[i] else {
      return array(call, i, [rows, columns])
    }
    return "rows(\(name(slice.value)), \(slice.offset), \(rows), \(columns), \(stride))"
  }

  /// A buffer as a box of any strides.
  private mutating func box(
    _ call: KernelCall, _ i: Int, _ extents: ArraySlice<Int>, _ strides: ArraySlice<Int>
  ) -> String {
    guard let slice = call.buffers[i] else { return "0" }
    // Axes of one place say nothing.
    let axes = zip(extents, strides).filter { $0.0 != 1 }
    return "strided(\(name(slice.value)), \(slice.offset), "
      + "\(PythonText.tuple(axes.map(\.0))), \(PythonText.tuple(axes.map(\.1))))"
  }

  private static func listed(_ numbers: [Int]) -> String {
    numbers.isEmpty ? "1" : numbers.map { "\($0)" }.joined(separator: ", ")
  }

  // MARK: Kernels

  /// The statements that a call is in NumPy; nil where it is not expressed.
  mutating func statements(_ call: KernelCall) -> [String]? {
    let n = call.sizes
    switch call.kernel {
    case .matMul: return [product(call)]
    case .addBias:
      let x = matrix(call, 0, n[0], n[1], stride: n[2])
      let (b, y) = (array(call, 1, [n[1]]), matrix(call, 2, n[0], n[1], stride: n[3]))
      return ["\(y)[:] = \(x) + \(b)"]
    case .sumRows:
      let (x, y) = (matrix(call, 0, n[0], n[1], stride: n[2]), array(call, 1, [n[1]]))
      return ["\(y)[:] = \(x).sum(0)"]
    case .map:
      let x = matrix(call, 0, n[1], n[2], stride: n[3])
      return ["\(matrix(call, 1, n[1], n[2], stride: n[4]))[:] = \(function(n[0]))(\(x))"]
    case .mapGradient:
      let y = matrix(call, 0, n[1], n[2], stride: n[3])
      let dy = matrix(call, 1, n[1], n[2], stride: n[4])
      let dx = matrix(call, 2, n[1], n[2], stride: n[5])
      return ["\(dx)[:] = \(dy) * slope_of(\"\(function(n[0]))\", \(y))"]
    case .productGradient:
      let inputs = (0..<3).map { array(call, $0, [n[1], n[2]]) }
      let out = matrix(call, 3, n[1], n[2], stride: n[3])
      return [
        "\(out)[:] = \(inputs[0]) * \(inputs[1]) * slope_of(\"\(function(n[0]))\", \(inputs[2]))"
      ]
    case .add: return [elementwise(call, 2) { "\($0[0]) + \($0[1])" }]
    case .multiply: return [elementwise(call, 2) { "\($0[0]) * \($0[1])" }]
    case .dropout:
      let arrays = (0..<3).map { array(call, $0, [n[0]]) }
      return [
        "\(arrays[1])[:] = dropout_mask(\(call.constants[0]), \(call.key), \(n[0]))",
        "\(arrays[2])[:] = \(arrays[0]) * \(arrays[1])",
      ]
    case .swapAxes:
      let (x, y) = (array(call, 0, n), array(call, 1, [n[1], n[0], n[2]]))
      return ["\(y)[:] = \(x).swapaxes(0, 1)"]
    case .lstmCell:
      return [elementwise(call, 4) { "\($0[0]) * \($0[1]) + \($0[2]) * \($0[3])" }]
    case .lstmOutput:
      let arrays = (0..<4).map { array(call, $0, [n[0]]) }
      return [
        "\(arrays[2])[:] = tanh(\(arrays[1]))", "\(arrays[3])[:] = \(arrays[0]) * \(arrays[2])",
      ]
    case .lstmCellGradient:
      return [elementwise(call, 4) { "\($0[0]) * \($0[1]) * (1 - square(\($0[2]))) + \($0[3])" }]
    default: return further(call)
    }
  }

  /// The kernels of rows and axes, images, losses and updates.
  private mutating func further(_ call: KernelCall) -> [String]? {
    switch call.kernel {
    case .softmax, .softmaxGradient, .alongAxis, .alongAxisGradient, .reduce, .reduceGradient,
      .sumSquares:
      return alongAxes(call)
    case .copyStrided, .addStrided, .batchedMatMul, .gather, .scatterAdd, .oneHot:
      return moves(call)
    case .conv2D, .conv2DInputGradient, .conv2DKernelGradient, .maxPool2D, .maxPool2DGradient,
      .averagePool2D, .averagePool2DGradient, .affineTransform, .affineTransformGradient:
      return images(call)
    case .loss, .lossGradient: return losses(call)
    case .sgd, .adam: return updates(call)
    case .random: return [draws(call)]
    case .evaluate: return formulas(call)
    default: return nil
    }
  }

  private mutating func product(_ call: KernelCall) -> String {
    let (m, n, k) = (call.sizes[0], call.sizes[1], call.sizes[2])
    let flags = MatMulFlags(rawValue: call.sizes[3])
    let a =
      flags.contains(.transposeA)
      ? matrix(call, 0, k, m, stride: call.sizes[4]) + ".T"
      : matrix(call, 0, m, k, stride: call.sizes[4])
    let b =
      flags.contains(.transposeB)
      ? matrix(call, 1, n, k, stride: call.sizes[5]) + ".T"
      : matrix(call, 1, k, n, stride: call.sizes[5])
    let c = matrix(call, 2, m, n, stride: call.sizes[6])
    return "\(c)[:] = " + (flags.contains(.accumulate) ? "\(c) + " : "") + "\(a) @ \(b)"
  }

  /// A formula of buffers of equally many numbers, in their own shape where they share it.
  private mutating func elementwise(
    _ call: KernelCall, _ result: Int, _ formula: ([String]) -> String
  ) -> String {
    let count = call.sizes[0]
    let slices = call.buffers.compactMap(\.self)
    let shape = slices.first?.value.shape ?? []
    let isShared = slices.allSatisfy { $0.offset == 0 && $0.value.shape == shape }
    let extents = isShared && shape.count == count && shape.rank > 0 ? shape.extents : [count]
    let names = call.buffers.indices.map { array(call, $0, extents) }
    return "\(names[result])[:] = \(formula(names))"
  }

  private func function(_ number: Int) -> String {
    (ScalarFunction(rawValue: number) ?? .linear).name
  }

  // MARK: Rows and axes

  private mutating func alongAxes(_ call: KernelCall) -> [String]? {
    let n = call.sizes
    switch call.kernel {
    case .softmax:
      let (x, y) = (array(call, 0, [n[0], n[1]]), array(call, 1, [n[0], n[1]]))
      return ["\(y)[:] = softmax(\(x))"]
    case .softmaxGradient:
      let arrays = (0..<3).map { array(call, $0, [n[0], n[1]]) }
      return ["\(arrays[2])[:] = softmax_gradient(\(arrays[0]), \(arrays[1]))"]
    case .alongAxis:
      guard let function = AxisFunction(rawValue: n[0]) else { return nil }
      let extent = function.reduces ? 1 : n[2]
      let (x, y) = (array(call, 0, [n[1], n[2], n[3]]), array(call, 1, [n[1], extent, n[3]]))
      return ["\(y)[:] = along_axis(\"\(function)\", \(x))"]
    case .alongAxisGradient:
      guard let function = AxisFunction(rawValue: n[0]) else { return nil }
      let whole = [n[1], n[2], n[3]]
      let isSum = function == .logSumExp
      let (kept, dx) = (array(call, 0, whole), array(call, 2, whole))
      let dy = array(call, 1, isSum ? [n[1], 1, n[3]] : whole)
      let y = isSum ? ", " + array(call, 3, [n[1], 1, n[3]]) : ""
      return ["\(dx)[:] = along_axis_gradient(\"\(function)\", \(kept), \(dy)\(y))"]
    case .reduce:
      guard let reduction = Reduction(rawValue: n[0]) else { return nil }
      let (x, y) = (array(call, 0, [n[1], n[2], n[3]]), array(call, 1, [n[1], n[3]]))
      return ["\(y)[:] = reduced(\"\(reduction)\", \(x))"]
    case .reduceGradient:
      guard let reduction = Reduction(rawValue: n[0]) else { return nil }
      let whole = [n[1], n[2], n[3]]
      let (x, y) = (array(call, 0, whole), array(call, 1, [n[1], n[3]]))
      let (dy, dx) = (array(call, 2, [n[1], n[3]]), array(call, 3, whole))
      return ["\(dx)[:] = reduced_gradient(\"\(reduction)\", \(x), \(y), \(dy))"]
    case .sumSquares:
      return ["\(array(call, 1, [1]))[:] = square(\(array(call, 0, [n[0]]))).sum()"]
    default: return nil
    }
  }

  private mutating func moves(_ call: KernelCall) -> [String]? {
    let n = call.sizes
    switch call.kernel {
    case .copyStrided, .addStrided:
      let y = box(call, 1, n[..<6], n[12..<18])
      guard call.buffers[0] != nil else {
        return ["\(y)[...] = \(PythonText.number(call.constants[0]))"]
      }
      let x = box(call, 0, n[..<6], n[6..<12])
      return [call.kernel == .copyStrided ? "\(y)[...] = \(x)" : "add_at(\(y), \(x))"]
    case .batchedMatMul: return [batchedProduct(call)]
    case .gather:
      let count = n[5] != 0 ? [n[0], n[3], n[2]] : [n[3]]
      let (x, numbers) = (array(call, 0, [n[0], n[1], n[2]]), array(call, 1, count))
      let y = array(call, 2, [n[0], n[3], n[2]])
      return ["\(y)[:] = take(\(x), \(numbers), \(truths(n[4], n[5])))"]
    case .scatterAdd:
      let count = n[5] != 0 ? [n[0], n[3], n[2]] : [n[3]]
      let (dy, numbers) = (array(call, 0, [n[0], n[3], n[2]]), array(call, 1, count))
      let dx = array(call, 2, [n[0], n[1], n[2]])
      return ["scatter(\(dx), \(dy), \(numbers), \(truths(n[4], n[5])))"]
    case .oneHot:
      let (x, y) = (array(call, 0, [n[0], n[1]]), array(call, 1, [n[0], n[2]]))
      return ["\(y)[:] = one_hot(\(x), \(n[2]), \(PythonText.truth(n[3] != 0)))"]
    default: return nil
    }
  }

  private func truths(_ numbers: Int...) -> String {
    numbers.map { PythonText.truth($0 != 0) }.joined(separator: ", ")
  }

  private mutating func batchedProduct(_ call: KernelCall) -> String {
    let size = call.sizes
    let (m, n, k) = (size[0], size[1], size[2])
    let flags = MatMulFlags(rawValue: size[3])
    let extents = Array(size[4..<8])
    func matrices(_ i: Int, _ first: Int, _ rows: Int, _ columns: Int, _ turned: Bool) -> String {
      guard let slice = call.buffers[i] else { return "0" }
      let shape = extents + [rows, columns]
      let strides = Array(size[first..<first + 4]) + (turned ? [1, rows] : [columns, 1])
      return "strided(\(name(slice.value)), \(slice.offset), \(PythonText.tuple(shape)), "
        + "\(PythonText.tuple(strides)))"
    }
    let a = matrices(0, 8, m, k, flags.contains(.transposeA))
    let b = matrices(1, 12, k, n, flags.contains(.transposeB))
    let c = matrices(2, 16, m, n, false)
    let adds = PythonText.truth(flags.contains(.accumulate))
    return "batched_product(\(c), \(a), \(b), \(adds))"
  }

  // MARK: Images

  private mutating func images(_ call: KernelCall) -> [String]? {
    let n = call.sizes
    let x = [n[0], n[1], n[2], n[3]]
    switch call.kernel {
    case .conv2D, .conv2DInputGradient, .conv2DKernelGradient:
      let y = [n[0], n[11], n[12], n[6]]
      let kernel = [n[4], n[5], n[3] / n[15], n[6]]
      let geometry = window(
        [n[4], n[5]], [n[7], n[8]], [n[9], n[10]], [n[11], n[12]], [n[13], n[14]], groups: n[15])
      switch call.kernel {
      case .conv2D:
        let (a, b) = (array(call, 0, x), array(call, 1, kernel))
        return ["\(array(call, 2, y))[:] = convolution(\(a), \(b), \(geometry))"]
      case .conv2DInputGradient:
        let (a, b) = (array(call, 0, y), array(call, 1, kernel))
        return [
          "\(array(call, 2, x))[:] = convolution_input_gradient(\(a), \(b), "
            + "\(PythonText.tuple(x)), \(geometry))"
        ]
      default:
        let (a, b) = (array(call, 0, x), array(call, 1, y))
        return [
          "\(array(call, 2, kernel))[:] = convolution_kernel_gradient(\(a), \(b), "
            + "\(PythonText.tuple(kernel)), \(geometry))"
        ]
      }
    case .maxPool2D, .maxPool2DGradient, .averagePool2D, .averagePool2DGradient:
      return pooling(call)
    case .affineTransform, .affineTransformGradient:
      let (a, b, c) = (array(call, 0, x), array(call, 1, [n[0], 6]), array(call, 2, x))
      let isForward = call.kernel == .affineTransform
      return ["\(c)[:] = transformed\(isForward ? "" : "_gradient")(\(a), \(b), \(sampling(call)))"]
    default: return nil
    }
  }

  private mutating func pooling(_ call: KernelCall) -> [String]? {
    let n = call.sizes
    let x = [n[0], n[1], n[2], n[3]]
    let y = [n[0], n[10], n[11], n[3]]
    let geometry = window(
      [n[4], n[5]], [n[6], n[7]], [n[8], n[9]], [n[10], n[11]], [1, 1], groups: 1)
    switch call.kernel {
    case .maxPool2D:
      let a = array(call, 0, x)
      return ["\(array(call, 1, y))[:] = largest_of_windows(\(a), \(geometry))"]
    case .maxPool2DGradient:
      let inputs = [array(call, 0, x), array(call, 1, y), array(call, 2, y)]
      return [
        "\(array(call, 3, x))[:] = largest_gradient(\(inputs.joined(separator: ", ")), "
          + "\(geometry))"
      ]
    case .averagePool2D:
      let a = array(call, 0, x)
      return ["\(array(call, 1, y))[:] = averages(\(a), \(geometry), \(truths(n[12])))"]
    default:
      let a = array(call, 0, y)
      return [
        "\(array(call, 1, x))[:] = averages_gradient(\(a), \(PythonText.tuple(x)), \(geometry), "
          + "\(truths(n[12])))"
      ]
    }
  }

  private func window(
    _ size: [Int], _ strides: [Int], _ pad: [Int], _ out: [Int], _ dilation: [Int], groups: Int
  ) -> String {
    "dict(window=\(PythonText.tuple(size)), strides=\(PythonText.tuple(strides)), "
      + "pad=\(PythonText.tuple(pad)), out=\(PythonText.tuple(out)), "
      + "dilation=\(PythonText.tuple(dilation)), groups=\(groups))"
  }

  private func sampling(_ call: KernelCall) -> String {
    let n = call.sizes
    let interpolation = Interpolation(rawValue: n[4]) ?? .nearest
    let fill = FillMode(rawValue: n[5]) ?? .constant
    return "dict(size=(\(n[1]), \(n[2])), interpolation=\"\(interpolation)\", fill=\"\(fill)\", "
      + "value=\(PythonText.number(call.constants[0])))"
  }

  // MARK: Losses, updates, chance

  private mutating func losses(_ call: KernelCall) -> [String]? {
    let n = call.sizes
    guard let function = LossFunction(rawValue: n[0]) else { return nil }
    let isSparse = function == .sparseCategoricalCrossentropy
    let (p, t) = (array(call, 0, [n[1], n[2]]), array(call, 1, isSparse ? [n[1]] : [n[1], n[2]]))
    let arguments = "(\"\(function)\", \(p), \(t), \(truths(n[3])))"
    guard call.kernel == .loss else {
      return ["\(array(call, 2, [n[1], n[2]]))[:] = loss_gradient\(arguments)"]
    }
    let each = array(call, 2, [n[1]])
    return [
      "\(each)[:] = losses\(arguments)",
      "\(array(call, 3, [1]))[:] = \(each).sum() / \(n[1])",
    ]
  }

  private mutating func updates(_ call: KernelCall) -> [String]? {
    let count = [call.sizes[0]]
    let (w, g) = (array(call, 0, count), array(call, 1, count))
    if call.kernel == .adam {
      let (m, v) = (array(call, 2, count), array(call, 3, count))
      let c = call.constants.map { PythonText.number($0) }
      return [
        "\(m)[:] = \(m) + (\(g) - \(m)) * \(c[3])",
        "\(v)[:] = \(v) + (square(\(g)) - \(v)) * \(c[4])",
        "rate = learning_rate * (1 - \(c[1])**update) ** 0.5 / (1 - \(c[0])**update)",
        "\(w)[:] = \(w) - \(m) * rate / (sqrt(\(v)) + \(c[2]))",
      ]
    }
    let momentum = call.constants[0]
    guard call.buffers.count > 2, call.buffers[2] != nil, momentum != 0 else {
      return ["\(w)[:] = \(w) - learning_rate * \(g)"]
    }
    let velocity = array(call, 2, count)
    let next = "\(momentum) * \(velocity) - learning_rate * \(g)"
    return [
      "\(velocity)[:] = \(next)",
      "\(w)[:] = \(w) + " + (call.sizes[1] != 0 ? next : velocity),
    ]
  }

  private mutating func draws(_ call: KernelCall) -> String {
    let kind = RandomKind(rawValue: call.sizes[0]) ?? .uniform
    let numbers = call.constants.prefix(2).map { PythonText.number($0) }.joined(separator: ", ")
    return "\(array(call, 0, [call.sizes[1]]))[:] = draws(\"\(kind)\", \(numbers), "
      + "\(call.key), \(call.sizes[1]))"
  }

  /// Every result of a formula is computed before any is written.
  private mutating func formulas(_ call: KernelCall) -> [String]? {
    guard let program = call.program else { return nil }
    let (rows, columns) = (call.sizes[0], call.sizes[1])
    let modes = call.sizes.dropFirst(2).map { OperandMode(rawValue: $0) ?? .full }
    let shape = sharedShape(call, modes, count: rows * columns)
    let operands = modes.indices.map { i in
      switch modes[i] {
      case .full: array(call, i, shape ?? [rows, columns])
      case .scalar: array(call, i, [1])
      case .perRow: array(call, i, [rows, 1])
      case .perColumn: array(call, i, [columns])
      }
    }
    let writer = PythonFormula { operands[$0] }
    let texts = program.outputs.map { writer.text($0.formula) }
    guard program.outputs.count > 1 else {
      return ["\(operands[program.outputs[0].buffer])[:] = \(texts[0])"]
    }
    let results = texts.indices.map { "result_\($0)" }
    return zip(results, texts).map { "\($0) = \($1)" }
      + zip(results, program.outputs).map { "\(operands[$1.buffer])[:] = \($0)" }
  }

  /// The shape that all arrays of a formula have, where operands are whole or one number.
  private func sharedShape(_ call: KernelCall, _ modes: [OperandMode], count: Int) -> [Int]? {
    guard modes.allSatisfy({ $0 == .full || $0 == .scalar }) else { return nil }
    let shapes = Set(
      zip(call.buffers, modes).compactMap { $1 == .full ? $0?.value.shape : nil })
    guard shapes.count == 1, let shape = shapes.first, shape.count == count, shape.rank > 0
    else { return [count] }
    return shape.extents
  }
}

/// The names that the functions of the script have.
private let numPyNames = [
  "Array", "lift", "smooth", "slope_of", "power", "minimum", "maximum", "less", "less_or_equal",
  "equal", "where", "part", "strided", "rows", "add_at", "batched_product", "softmax",
  "softmax_gradient", "log_sum", "along_axis", "along_axis_gradient", "reduced",
  "reduced_gradient", "named_rows", "take", "scatter", "one_hot", "padded", "places", "groups",
  "both", "convolution", "averages", "clip", "losses", "loss_gradient", "mixed", "uniform",
  "dropout_mask", "draws", "sources", "transformed", "numbers", "compared", "memory", "start",
  "agree", "state", "activations", "seed", "draw", "update", "learning_rate", "rate", "exp", "log",
  "sqrt", "square", "tanh", "sigmoid", "relu", "linear", "floor", "sign", "ceil", "sin", "cos",
  "tan", "erf", "step", "absolute", "reciprocal", "modulo",
]
