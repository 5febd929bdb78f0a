import Autodiff
import Tensors

/// Ops as expressions of PyTorch: one entry an op.
///
/// The functions that expressions call stand in `Python/torch_layers.py`.
struct TorchEmitter {
  /// The expression for a value.
  let name: (Value) -> String
  /// How an extent is written: that of the batch as `batch`, where it may be any.
  let extent: (Int) -> String
  /// Numbers that are drawn by chance while training, given from outside; nil where they are not.
  let drawn: (Node) -> [String]?

  /// The expression of an op's outputs, a tuple where there are several; nil where it has none.
  func expression(_ node: Node) -> String? {
    let x = node.inputs.map(name)
    switch node.op {
    case is AddBiasOp: return "\(x[0]) + \(x[1])"
    case let op as MapOp: return "\(op.function.name)(\(x[0]))"
    case let op as FormulaOp: return PythonFormula { x[$0] }.text(op.formula)
    case let op as MatMulOp:
      let isPlain = op.summed == 1 && node.inputs[1].shape.rank == 2
      return isPlain ? "\(x[0]) @ \(x[1])" : "torch.tensordot(\(x[0]), \(x[1]), \(op.summed))"
    case let op as BatchedMatMulOp:
      let (a, b) = (
        op.transposesA ? "\(x[0]).transpose(-1, -2)" : x[0],
        op.transposesB ? "\(x[1]).transpose(-1, -2)" : x[1]
      )
      return "\(a) @ \(b)"
    case let op as ReduceOp: return reduction(op, x[0])
    case let op as LossOp:
      let normalizes = PythonText.truth(op.normalizes)
      return "loss_of(\"\(op.function)\", \(x[0]), \(x[1]), \(normalizes))"
    case is DropoutOp: return drawn(node).map { "\(x[0]) * \($0[0])" }
    case let op as RandomOp: return drawn(node)?.first ?? random(op)
    case is AffineTransformOp: return drawn(node)?.first
    case let op as AttentionOp: return attention(op, node, x)
    case let op as RecurrentOp: return recurrent(op, node, x)
    default: return moved(node, x) ?? axes(node, x) ?? image(node, x)
    }
  }

  private func shape(_ shape: Shape) -> String { PythonText.tuple(shape.extents.map(extent)) }

  private func reduction(_ op: ReduceOp, _ x: String) -> String {
    let (axes, keeps) = (PythonText.tuple(op.axes), PythonText.truth(op.keepsAxes))
    return switch op.reduction {
    case .sum: "\(x).sum(\(axes), keepdim=\(keeps))"
    case .mean: "\(x).mean(\(axes), keepdim=\(keeps))"
    case .maximum: "\(x).amax(\(axes), keepdim=\(keeps))"
    case .minimum: "\(x).amin(\(axes), keepdim=\(keeps))"
    case .product: "product_of(\(x), \(axes), \(keeps))"
    }
  }

  private func random(_ op: RandomOp) -> String {
    let size = shape(op.shape)
    return switch op.distribution {
    case .normal(let mean, let deviation):
      "\(PythonText.number(mean)) + \(PythonText.number(deviation)) * torch.randn(\(size))"
    case .uniform(let low, let high):
      "\(PythonText.number(low)) + \(PythonText.number(high - low)) * torch.rand(\(size))"
    case .bernoulli(let probability):
      "(torch.rand(\(size)) < \(PythonText.number(probability))).float()"
    }
  }

  // MARK: Ops along axes, and those that only move numbers

  private func axes(_ node: Node, _ x: [String]) -> String? {
    switch node.op {
    case let op as SoftmaxOp: return "torch.softmax(\(x[0]), \(op.axis))"
    case let op as LogSoftmaxOp: return "torch.log_softmax(\(x[0]), \(op.axis))"
    case let op as LogSumExpOp:
      return "torch.logsumexp(\(x[0]), \(op.axis), keepdim=\(PythonText.truth(op.keepsAxis)))"
    case let op as ArgMaxOp:
      return
        "\(x[0]).argmax(\(op.axis), keepdim=\(PythonText.truth(op.keepsAxis))).to(\(x[0]).dtype)"
    case let op as ArgMinOp:
      return
        "\(x[0]).argmin(\(op.axis), keepdim=\(PythonText.truth(op.keepsAxis))).to(\(x[0]).dtype)"
    case let op as ArgSortOp:
      let descends = PythonText.truth(op.isDescending)
      return "torch.argsort(\(x[0]), dim=\(op.axis), descending=\(descends), stable=True)"
        + ".to(\(x[0]).dtype)"
    case let op as CumulativeSumOp: return "torch.cumsum(\(x[0]), \(op.axis))"
    case let op as GatherOp:
      let axis = op.axis < 0 ? op.axis + node.inputs[0].shape.rank : op.axis
      return "take(\(x[0]), \(x[1]), \(axis), \(PythonText.truth(op.wrapsNegative)))"
    case let op as TakeAlongAxisOp: return "take_along(\(x[0]), \(x[1]), \(op.axis))"
    case let op as OneHotOp: return "one_hot(\(x[0]), \(op.classes), \"\(op.mode)\")"
    default: return nil
    }
  }

  private func moved(_ node: Node, _ x: [String]) -> String? {
    let all = "[" + x.joined(separator: ", ") + "]"
    switch node.op {
    case is FlattenOp, is ReshapeOp: return "\(x[0]).reshape\(shape(node.output.shape))"
    case is BroadcastOp: return "torch.broadcast_to(\(x[0]), \(shape(node.output.shape)))"
    case let op as ConcatenateOp: return "torch.cat(\(all), \(op.axis))"
    case let op as StackOp: return "torch.stack(\(all), \(op.axis))"
    case let op as FlipOp: return "torch.flip(\(x[0]), \(PythonText.tuple(op.axes)))"
    case let op as TransposeOp: return "\(x[0]).permute\(PythonText.tuple(op.permutation))"
    case let op as RepeatOp: return "\(x[0]).repeat_interleave(\(op.count), \(op.axis))"
    case let op as TileOp: return "torch.tile(\(x[0]), \(PythonText.tuple(op.counts)))"
    case let op as PadOp:
      let widths = op.widths.reversed().flatMap { [$0.before, $0.after] }
      let filler = PythonText.number(op.filler)
      return "F.pad(\(x[0]), \(PythonText.tuple(widths)), value=\(filler))"
    case let op as SliceOp: return slice(op, of: node.inputs[0].shape, x[0])
    default: return nil
    }
  }

  /// PyTorch's slices only run forwards; what runs backwards is picked place by place.
  private func slice(_ op: SliceOp, of shape: Shape, _ x: String) -> String {
    var parts: [String] = []
    var picked = ""
    for (axis, part) in op.axes.enumerated() {
      switch part {
      case .all: parts.append(":")
      case .index(let index): parts.append("\(index)")
      case .range(let start, let stop, let step) where step > 0:
        let ends = [start, stop].map { $0.map { "\($0)" } ?? "" }.joined(separator: ":")
        parts.append(ends + (step == 1 ? "" : ":\(step)"))
      case .range:
        let (first, count, step) = part.places(of: shape[axis])
        let places = "[\((0..<count).map { "\(first + $0 * step)" }.joined(separator: ", "))]"
        picked += ".index_select(\(axis), torch.tensor(\(places), dtype=torch.long))"
        parts.append(":")
      }
    }
    let isAll = parts.allSatisfy { $0 == ":" }
    return x + picked + (isAll ? "" : "[\(parts.joined(separator: ", "))]")
  }

  // MARK: Images

  private func image(_ node: Node, _ x: [String]) -> String? {
    let shapes = node.inputs.map(\.shape)
    switch node.op {
    case let op as ConvolutionOp:
      let k = shapes[1]
      let filters = op.isDepthwise ? shapes[0].last * k.last : k.last
      let g = op.window.geometry(over: shapes[0], filters: filters, groups: op.groups)
      let wanted: Shape = [g.windowHeight, g.windowWidth, g.channels / g.groups, g.filters]
      let kernel = k == wanted ? x[1] : "\(x[1]).reshape\(PythonText.tuple(wanted.extents))"
      return "convolution(\(x[0]), \(kernel), \(strides(g)), \(border(g)), "
        + "(\(g.dilationHeight), \(g.dilationWidth)), \(g.groups))"
    case let op as TransposedConvolutionOp:
      let g = op.geometry(shapes[0], shapes[1])
      let kernel =
        shapes[1].rank == 4
        ? x[1]
        : "\(x[1]).reshape(\(g.windowHeight), \(g.windowWidth), \(g.channels), \(g.filters))"
      return "transposed_convolution(\(x[0]), \(kernel), \(strides(g)), "
        + "(\(g.paddingTop), \(g.paddingLeft)), (\(g.height), \(g.width)), "
        + "(\(g.dilationHeight), \(g.dilationWidth)))"
    case let op as MaxPool2DOp:
      let g = op.window.geometry(over: shapes[0], filters: shapes[0].last)
      return "max_pool(\(x[0]), \(window(g)), \(strides(g)), \(border(g)))"
    case let op as AveragePool2DOp:
      let g = op.window.geometry(over: shapes[0], filters: shapes[0].last)
      return "average_pool(\(x[0]), \(window(g)), \(strides(g)), \(border(g)), "
        + "\(PythonText.truth(g.repeatsBorder)))"
    default: return nil
    }
  }

  private func window(_ g: WindowGeometry) -> String { "(\(g.windowHeight), \(g.windowWidth))" }

  private func strides(_ g: WindowGeometry) -> String {
    "(\(g.strideHeight), \(g.strideWidth))"
  }

  /// Zeros on the left, right, top and bottom: as many as the last window needs; a border that is
  /// not reached is cut off.
  private func border(_ g: WindowGeometry) -> String {
    func after(
      _ out: Int, _ stride: Int, _ window: Int, _ dilation: Int, _ extent: Int, _ before: Int
    )
      -> Int
    { (out - 1) * stride + (window - 1) * dilation + 1 - extent - before }
    let bottom = after(
      g.outputHeight, g.strideHeight, g.windowHeight, g.dilationHeight, g.height, g.paddingTop)
    let right = after(
      g.outputWidth, g.strideWidth, g.windowWidth, g.dilationWidth, g.width, g.paddingLeft)
    return PythonText.tuple([g.paddingLeft, right, g.paddingTop, bottom])
  }

  // MARK: Attention and recurrent layers

  private func attention(_ op: AttentionOp, _ node: Node, _ x: [String]) -> String? {
    let kept = op.dropout == nil ? "" : drawn(node).map { " * \($0[0])" } ?? ""
    guard op.part != .sum else { return "(\(x[0])\(kept)) @ \(x[1])" }
    var arguments = [x[0], x[1], PythonText.number(op.scale)]
    if op.hasMask, let mask = x.last {
      arguments += [mask, PythonText.truth(op.zeroesMasked)]
    }
    let weights = "attention_weights(\(arguments.joined(separator: ", ")))"
    return op.part == .weights ? weights : "(\(weights)\(kept)) @ \(x[2])"
  }

  private func recurrent(_ op: RecurrentOp, _ node: Node, _ x: [String]) -> String? {
    guard let description = op.description else { return nil }
    let form = description.form
    var rest = x.dropFirst(3)
    var arguments = Array(x.prefix(3))
    if form.hasBias { arguments.append("b=\(rest.removeFirst())") }
    if form.hasInitialState {
      arguments.append("initial=[\(rest.prefix(description.carried).joined(separator: ", "))]")
      rest = rest.dropFirst(description.carried)
    }
    if form.hasMask { arguments.append("mask=\(rest.removeFirst())") }
    if form.dropsRecurrent { arguments.append("kept=\(rest.removeFirst())") }
    arguments.append("activation=\(description.activation.name)")
    if description.cell != .simple {
      arguments.append("recurrent_activation=\(description.recurrentActivation.name)")
    }
    arguments += [
      "sequences=\(PythonText.truth(form.returnsSequences))", "states=\(description.carried)",
    ]
    if form.zeroesMasked { arguments.append("zeroes_masked=True") }
    let step =
      switch description.cell {
      case .simple: "simple_step"
      case .longShortTerm: "lstm_step"
      case .gated(let resetsAfter): resetsAfter ? "gru_step" : "gru_step_resets_before"
      }
    let call = "recurrent(\(step), \(arguments.joined(separator: ", ")))"
    return form.returnsState ? call : call + "[0]"
  }
}
