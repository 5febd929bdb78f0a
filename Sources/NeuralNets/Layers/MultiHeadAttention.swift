import Autodiff
import Tensors

/// Attention of several heads, each with projections of its own. (Vaswani et al. 2017.)
///
///     q = x_q W_q + b_q    k = x_k W_k + b_k    v = x_v W_v + b_v        for each head
///     y = softmax(q kᵀ / √key_dim) v             o = Σ over heads of y W_o + b_o
///
/// W_q, W_k [features, heads, key_dim], W_v [features, heads, value_dim], W_o [heads, value_dim,
/// outputs].
package struct MultiHeadAttention: AttendingLayer {
  package static let kind = "MultiHeadAttention"
  package static let summary = "several heads look at other rows, each for something else"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("num_heads", .integer(1...4096), "how many heads look"),
    ArgumentSpec("key_dim", .integer(1...65_536), "how many numbers a head compares by"),
    ArgumentSpec(
      "value_dim", .integer(1...65_536), default: ArgumentValue.none,
      "how many numbers a head takes; key_dim when None"),
    .number("dropout", 0...0.999, 0, "the share of the weights that is dropped"),
    .useBias(),
    ArgumentSpec(
      "output_shape", .shape, default: ArgumentValue.none,
      "how many numbers come out for each row; as many as the query has when None"),
    ArgumentSpec(
      "attention_axes", .axes, default: ArgumentValue.none,
      "the axis of the rows, the batch being 0"),
    ArgumentSpec(
      "sliding_window", .integer(1...1 << 24), default: ArgumentValue.none,
      "how far a row looks; everywhere when None"),
    .fixed("flash_attention"),
    .initializer("kernel_initializer", default: "glorot_uniform"),
    .initializer("bias_initializer", default: "zeros"),
    .regularizer("kernel_regularizer"), .regularizer("bias_regularizer"),
    .activityRegularizer(),
    .constraint("kernel_constraint"), .constraint("bias_constraint"),
    .flag("use_gate", false, "whether the query also says how much of each head comes through"),
    .seed,
  ]
  package static let callArguments: [CallArgument] = [
    CallArgument("query", .array(isRequired: true)),
    CallArgument("value", .array(isRequired: true)),
    CallArgument("key", .array(isRequired: false)),
    CallArgument("query_mask", .array(isRequired: false)),
    CallArgument("value_mask", .array(isRequired: false)),
    CallArgument("key_mask", .array(isRequired: false)),
    CallArgument("attention_mask", .array(isRequired: false)),
    CallArgument("return_attention_scores", .flag), .training,
    CallArgument("use_causal_mask", .flag),
  ]

  /// Keras deletes the masks of query, value and key as it attends, so that a residual sum around it
  /// carries none.
  package var takesMasksAway: Bool { true }

  private let heads, size, width: Int
  private let useBias, useGate: Bool
  private let arguments: Arguments
  package private(set) var call = AttentionCall()

  package init(_ arguments: Arguments) {
    heads = arguments.integer("num_heads")
    size = arguments.integer("key_dim")
    width = arguments["value_dim"] == .none ? size : arguments.integer("value_dim")
    useBias = arguments.boolean("use_bias")
    useGate = arguments.boolean("use_gate")
    self.arguments = arguments
  }

  package func called(with options: CallOptions) throws(LayerFailure) -> any Layer {
    var copy = self
    copy.call = AttentionCall(options)
    guard !copy.call.returnsScores || arguments.component("activity_regularizer") == nil else {
      throw LayerFailure(
        "has an activity_regularizer and is asked for its attention scores", remedy: "one of both")
    }
    return copy
  }

  /// The extents of a row that comes out.
  private func outputs(for query: Shape) -> [Int] {
    guard case .integers(let extents) = arguments["output_shape"], !extents.isEmpty else {
      return [query.last]
    }
    return extents
  }

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    try call.check(inputs, "MultiHeadAttention(…)(query, value)")
    let (query, value, key) = call.main(inputs)
    let all = [query, value, key].map(\.tuple).joined(separator: ", ")
    guard [query, value, key].allSatisfy({ $0.rank == 2 }) else {
      throw LayerFailure("gets \(all)", remedy: "sequences: (time steps, features) each")
    }
    // A sequence has one axis to look along.
    if let axes = arguments.optionalAxes("attention_axes"), axes != [1], axes != [-2] {
      throw LayerFailure(
        "has attention_axes=(\(axes.map(String.init).joined(separator: ", "))) and gets \(all)",
        remedy: "attention_axes=1, the rows of (time steps, features)")
    }
    guard key[0] == value[0] else {
      throw LayerFailure(
        "gets a value of \(value[0]) rows and a key of \(key[0])",
        remedy: "as many rows in both")
    }
    try call.checkMask("query_mask", of: inputs, [query[0]])
    try call.checkMask("value_mask", of: inputs, [value[0]])
    try call.checkMask("key_mask", of: inputs, [value[0]])
    try checkAttentionMask(inputs, rows: query[0], columns: value[0])
    let output = Shape([query[0]] + outputs(for: query))
    return call.returnsScores ? [output, [heads, query[0], value[0]]] : [output]
  }

  private func checkAttentionMask(
    _ inputs: [Shape], rows: Int, columns: Int
  ) throws(LayerFailure) {
    guard let mask = call.input("attention_mask", of: inputs) else { return }
    // Numbers of the code may have the batch before them, as one place.
    let extents = mask.extents
    let wanted = [1, heads, rows, columns].suffix(extents.count)
    guard extents.count >= 2, extents.count <= 4,
      zip(extents, wanted).allSatisfy({ $0 == 1 || $0 == $1 })
    else {
      throw LayerFailure(
        "gets an attention_mask of \(mask.tuple)",
        remedy: "one of shape (\(rows), \(columns)), or (\(heads), \(rows), \(columns))")
    }
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] {
    let (query, value, key) = call.main(inputs)
    let output = outputs(for: query)
    return dense("query", [query.last], [heads, size]) + dense("key", [key.last], [heads, size])
      + (useGate ? dense("gate", [query.last], [heads, width]) : [])
      + dense("value", [value.last], [heads, width])
      + dense("attention_output", [heads, width], output)
  }

  private func dense(_ name: String, _ inputs: [Int], _ outputs: [Int]) -> [WeightSpec] {
    [
      arguments.weight(
        "kernel", Shape(inputs + outputs), path: name + "/kernel",
        inputAxes: Array(inputs.indices))
    ]
      + (useBias ? [arguments.weight("bias", Shape(outputs), path: name + "/bias")] : [])
  }

  // MARK: Lowering

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    let (query, value, key) = call.main(inputs)
    var rest = weights[...]
    func next() -> [Value] {
      defer { rest = rest.dropFirst(useBias ? 2 : 1) }
      return Array(rest.prefix(useBias ? 2 : 1))
    }
    let q = head("query", "q", query, next(), into: &builder)
    let k = head("key", "k", key, next(), into: &builder)
    let gate = useGate ? projected("gate", "g", query, next(), into: &builder) : nil
    let v = head("value", "v", value, next(), into: &builder)
    let mask = mask(inputs, rows: query.shape[1], columns: value.shape[1], into: &builder)
    let (y, scores) = attended(q, k, v, mask, into: &builder)
    // [heads, batch, rows, width] → [batch, rows, heads, width]
    var merged = builder.apply(TransposeOp([1, 2, 0, 3]), to: [y])
    if let gate {
      merged = builder.formula(
        "gated", "y", .operand(0) * .function(.sigmoid, .operand(1)), [merged, gate])
    }
    let parts = next()
    let output = builder.layer("attention_output") { builder in
      builder.dense(merged, parts, summing: 2)
    }
    return [output] + (scores.map { [$0] } ?? [])
  }

  /// `x W + b` for all heads: [batch, rows, heads, size].
  private func projected(
    _ name: String, _ symbol: String, _ x: Value, _ weights: [Value],
    into builder: inout GraphBuilder
  ) -> Value {
    let result = builder.layer(name) { builder in
      builder.named(builder.dense(x, weights, summing: 1), "projected", symbol)
    }
    if let regularizer = arguments.component("activity_regularizer") {
      builder.deferPenalty(builder.layerName) {
        Regularization.activity(regularizer, of: result, into: &$0)
      }
    }
    return result
  }

  /// The same with the heads first: q of Q.
  private func head(
    _ name: String, _ symbol: String, _ x: Value, _ weights: [Value],
    into builder: inout GraphBuilder
  ) -> Value {
    let all = projected(name, symbol.uppercased(), x, weights, into: &builder)
    return builder.named(builder.apply(TransposeOp([2, 0, 1, 3]), to: [all]), symbol, symbol)
  }

  /// What the heads take, and their weights [batch, heads, rows, columns] if the call wants them.
  private func attended(
    _ q: Value, _ k: Value, _ v: Value, _ mask: (value: Value, isSure: Bool)?,
    into builder: inout GraphBuilder
  ) -> (Value, scores: Value?) {
    let rate = arguments.number("dropout")
    let dropout =
      builder.mode == .training && rate > 0
      ? AttentionOp.Dropout(rate: rate, layer: arguments.drawKey(builder.layerName)) : nil
    // Keras has two ways, which differ in rows that may look nowhere.
    let zeroes = mask?.isSure == false && (call.returnsScores || rate > 0)
    let scale = 1 / Double(size).squareRoot()
    func op(_ part: AttentionOp.Part) -> AttentionOp {
      AttentionOp(
        part, scale: scale, hasMask: mask != nil, zeroesMasked: zeroes, dropout: dropout)
    }
    let masks = mask.map { [$0.value] } ?? []
    guard call.returnsScores else {
      return (builder.apply(op(.whole), to: [q, k, v] + masks), nil)
    }
    let weights = builder.apply(op(.weights), to: [q, k] + masks)
    let y = builder.apply(op(.sum), to: [weights, v])
    return (y, builder.apply(TransposeOp([1, 0, 2, 3]), to: [weights]))
  }

  /// 1 where a row may look, as attention takes it; sure where every row may look somewhere.
  private func mask(
    _ inputs: [Value], rows: Int, columns: Int, into builder: inout GraphBuilder
  ) -> (value: Value, isSure: Bool)? {
    var masks: [Value] = []
    func add(_ role: String, _ shape: (Shape) -> [Int]) {
      guard let mask = call.input(role, of: inputs) else { return }
      masks.append(
        builder.apply(ReshapeOp(to: Shape(shape(mask.shape))), to: [mask]))
    }
    add("query_mask") { [$0[0], $0[1], 1] }
    add("value_mask") { [$0[0], 1, $0[1]] }
    add("key_mask") { [$0[0], 1, $0[1]] }
    if let given = call.input("attention_mask", of: inputs) { masks.append(given) }
    if case .integer(let window) = arguments["sliding_window"] {
      masks.append(builder.mask(rows, columns) { abs($0 - $1) < window })
    }
    let isSure = masks.isEmpty
    if call.isCausal { masks.append(builder.causalMask(rows, columns)) }
    let ofHeads = masks.contains { $0.shape.rank == 4 }
    for i in masks.indices where ofHeads && masks[i].shape.rank == 3 {
      let extents = masks[i].shape.extents
      let shape = Shape(extents.prefix(1) + [1] + extents.dropFirst())
      masks[i] = builder.apply(ReshapeOp(to: shape), to: [masks[i]])
    }
    guard let all = builder.both(masks) else { return nil }
    return (arranged(all, batch: inputs[0].shape[0], rows, columns, into: &builder), isSure)
  }

  /// A mask in one of the shapes that heads take: [batch, rows, columns], the batch 1 where it is the
  /// same for all, or [heads, batch, rows, columns].
  private func arranged(
    _ mask: Value, batch: Int, _ rows: Int, _ columns: Int, into builder: inout GraphBuilder
  ) -> Value {
    var mask = mask
    func reach(_ shape: Shape) {
      if mask.shape != shape { mask = builder.apply(BroadcastOp(to: shape), to: [mask]) }
    }
    if mask.shape.rank == 4 && mask.shape[1] > 1 {
      reach([batch, heads, rows, columns])
      return builder.apply(TransposeOp([1, 0, 2, 3]), to: [mask])
    }
    if mask.shape.rank == 4 {
      let extents = [mask.shape[0]] + mask.shape.extents.dropFirst(2)
      mask = builder.apply(ReshapeOp(to: Shape(extents)), to: [mask])
    }
    if mask.shape == [rows, columns] || mask.shape == [1, rows, columns] { return mask }
    reach([batch, rows, columns])
    return mask
  }
}

extension GraphBuilder {
  /// `x W + b`, or `x W` where there is no b.
  fileprivate mutating func dense(_ x: Value, _ weights: [Value], summing axes: Int) -> Value {
    let product = apply(MatMulOp(summing: axes), to: [x, weights[0]])
    return weights.count > 1 ? apply(AddBiasOp(), to: [product, weights[1]]) : product
  }
}
