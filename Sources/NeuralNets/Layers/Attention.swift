import Autodiff
import Tensors

// Attention of one head on arrays as they are: no weights project them first.

/// What attention layers do with scores, however they come about: mask, softmax, sum of the values.
private struct Scoring {
  let call: AttentionCall
  let arguments: Arguments

  /// The shape of the output, then that of the weights if the call wants them.
  func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    try call.check(inputs, "[query, value]")
    let (query, value, key) = call.main(inputs)
    let all = [query, value, key].map(\.tuple).joined(separator: ", ")
    guard [query, value, key].allSatisfy({ $0.rank >= 2 && $0.rank == query.rank }) else {
      throw LayerFailure("gets \(all)", remedy: "sequences: (time steps, features) each")
    }
    let leading = query.extents.dropLast(2)
    guard key.last == query.last, key[key.rank - 2] == value[value.rank - 2],
      key.extents.dropLast(2) == leading, value.extents.dropLast(2) == leading
    else {
      throw LayerFailure(
        "gets query, value and key of \(all)",
        remedy: "as many features in the key as in the query, as many rows in key and value")
    }
    let (rows, columns) = (query[query.rank - 2], value[value.rank - 2])
    try call.checkMask("query_mask", of: inputs, [rows])
    try call.checkMask("value_mask", of: inputs, [columns])
    let output = Shape(query.extents.dropLast() + [value.last])
    return call.returnsScores ? [output, Shape(query.extents.dropLast() + [columns])] : [output]
  }

  /// `y = softmax(s) v`, s masked.
  func lower(_ scores: Value, _ inputs: [Value], into builder: inout GraphBuilder) -> [Value] {
    let value = call.main(inputs).value
    let rank = scores.shape.rank
    var masks: [Value] = []
    if call.isCausal {
      masks.append(builder.causalMask(scores.shape[rank - 2], scores.shape[rank - 1]))
    }
    if let mask = call.input("value_mask", of: inputs) {
      let ones = [Int](repeating: 1, count: rank - 2)
      masks.append(
        builder.apply(
          ReshapeOp(to: Shape([mask.shape[0]] + ones + [mask.shape[1]])), to: [mask]))
    }
    var masked = scores
    if let mask = builder.both(masks) {
      // What is masked stays, so far down that nothing of it is left.
      masked = builder.formula(
        "masked", "s", .where(.operand(1), .operand(0), .operand(0) - 1e9), [scores, mask])
    }
    let weights = builder.named(builder.apply(SoftmaxOp(), to: [masked]), "weights", "p")
    var kept = weights
    let rate = arguments.number("dropout")
    if builder.mode == .training, rate > 0 {
      kept = builder.apply(
        DropoutOp(rate: rate, layer: arguments.drawKey(builder.layerName)), to: [weights])
    }
    var output = builder.apply(BatchedMatMulOp(), to: [kept, value])
    if let mask = call.input("query_mask", of: inputs) {
      let column = builder.apply(ReshapeOp(to: Shape(mask.shape.extents + [1])), to: [mask])
      output = builder.formula(
        "seen", "y", .where(.operand(1), .operand(0), 0), [output, column])
    }
    return call.returnsScores ? [output, kept] : [output]
  }
}

/// `y = softmax(q kᵀ) v`: each row of the query takes of the values by how much it matches the keys.
/// (Luong et al. 2015.)
package struct Attention: AttendingLayer {
  package static let kind = "Attention"
  package static let summary = "each row takes of others by how much they match"
  package static let ownArguments: [ArgumentSpec] = [
    .flag("use_scale", false, "whether a learned number multiplies the scores"),
    ArgumentSpec(
      "score_mode", .choice(["dot", "concat"]), default: .text("dot"),
      "how two rows are compared: q · k, or Σ tanh(q + k)"),
    .number("dropout", 0...0.999, 0, "the share of the weights that is dropped"),
    .seed,
  ]
  package static let callArguments = AdditiveAttention.callArguments

  private let arguments: Arguments
  package private(set) var call = AttentionCall()

  package init(_ arguments: Arguments) { self.arguments = arguments }

  private var isConcat: Bool { arguments.text("score_mode") == "concat" }
  private var scoring: Scoring { Scoring(call: call, arguments: arguments) }

  package func called(with options: CallOptions) -> any Layer {
    var copy = self
    copy.call = AttentionCall(options)
    return copy
  }

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    try scoring.outputShapes(for: inputs)
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] {
    (arguments.boolean("use_scale") ? [WeightSpec("scale", [], .ones)] : [])
      + (isConcat ? [WeightSpec("concat_score_weight", [], .ones)] : [])
  }

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    let (query, _, key) = call.main(inputs)
    let scale = arguments.boolean("use_scale") ? weights[0] : nil
    var scores: Value
    if isConcat {
      let sum = builder.pairs(query, key)
      let terms = builder.formula(
        "tanh", "h", .tanh(scale == nil ? .operand(0) : .operand(1) * .operand(0)),
        [sum] + (scale.map { [$0] } ?? []))
      scores = builder.reduce(.sum, terms, axes: [-1], name: "sums", symbol: "s")
      scores = builder.formula(
        "scores", "s", .operand(0) * .operand(1), [scores, weights[weights.count - 1]])
    } else {
      scores = builder.named(
        builder.apply(BatchedMatMulOp(transposesB: true), to: [query, key]), "scores", "s")
      if let scale {
        scores = builder.formula("scaled", "s", .operand(0) * .operand(1), [scores, scale])
      }
    }
    return scoring.lower(scores, inputs, into: &builder)
  }
}

/// `y = softmax(Σ w tanh(q + k)) v`: attention that compares rows by a sum. (Bahdanau et al. 2015.)
package struct AdditiveAttention: AttendingLayer {
  package static let kind = "AdditiveAttention"
  package static let summary = "attention that compares rows by a learned sum"
  package static let ownArguments: [ArgumentSpec] = [
    .flag("use_scale", true, "whether a learned number weighs each feature"),
    .number("dropout", 0...0.999, 0, "the share of the weights that is dropped"),
  ]
  package static let callArguments: [CallArgument] = [
    CallArgument("inputs", .inputs(AttentionCall.arrays)),
    CallArgument("mask", .masks(["query_mask", "value_mask", "key_mask"])),
    .training, CallArgument("return_attention_scores", .flag),
    CallArgument("use_causal_mask", .flag),
  ]

  private let arguments: Arguments
  package private(set) var call = AttentionCall()

  package init(_ arguments: Arguments) { self.arguments = arguments }

  private var scoring: Scoring { Scoring(call: call, arguments: arguments) }

  package func called(with options: CallOptions) -> any Layer {
    var copy = self
    copy.call = AttentionCall(options)
    return copy
  }

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    try scoring.outputShapes(for: inputs)
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] {
    guard arguments.boolean("use_scale") else { return [] }
    let features = call.main(inputs).query.last
    return [WeightSpec("scale", [features], Initializer(.known("GlorotUniform")))]
  }

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    let (query, _, key) = call.main(inputs)
    let sum = builder.pairs(query, key)
    let terms =
      weights.isEmpty
      ? builder.formula("tanh", "h", .tanh(.operand(0)), [sum])
      : builder.formula(
        "tanh", "h", .operand(1) * .tanh(.operand(0)), [sum, weights[0]])
    let scores = builder.reduce(.sum, terms, axes: [-1], name: "scores", symbol: "s")
    return scoring.lower(scores, inputs, into: &builder)
  }
}

extension GraphBuilder {
  /// `q + k` for every row of the query with every row of the key: [.., T, S, features].
  fileprivate mutating func pairs(_ query: Value, _ key: Value) -> Value {
    let (q, k) = (query.shape.extents, key.shape.extents)
    let left = apply(ReshapeOp(to: Shape(q.dropLast() + [1] + q.suffix(1))), to: [query])
    let right = apply(ReshapeOp(to: Shape(k.dropLast(2) + [1] + k.suffix(2))), to: [key])
    return formula("pairs", "q + k", .operand(0) + .operand(1), [left, right])
  }
}
