import Autodiff
import Tensors

/// Two recurrent layers over one sequence, one of them from its end to its beginning; what they give
/// is joined. (Schuster & Paliwal 1997.)
///
///     concat   [a, b]        sum   a + b        mul   a · b        ave   (a + b) / 2
///
/// With `merge_mode=None` it gives both. Steps that a mask leaves out are 0 in the sequences.
package struct Bidirectional: CataloguedLayer, MaskingLayer {
  package static let kind = "Bidirectional"
  package static let summary = "reads a sequence in both directions"
  package static let callArguments = CallArgument.ofSequences
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("layer", .layer, "the recurrent layer that reads it"),
    ArgumentSpec(
      "merge_mode", .choice(["concat", "sum", "mul", "ave"]), default: .text("concat"),
      orNone: true, "how the two outputs are joined"),
    .fixed("weights"),
    ArgumentSpec(
      "backward_layer", .layer, default: ArgumentValue.none,
      "the layer that reads from the end; a copy of the other one when None"),
  ]

  private let forward, backward: WrappedLayer
  /// How they are joined, nil where they are not.
  private let mode: String?
  private let hasOwnBackward: Bool

  package init(_ arguments: Arguments) {
    let isTrainable = arguments["trainable"] != .boolean(false)
    let layer = arguments.layer("layer")
    func copy(_ way: String) -> WrappedLayer {
      let name = layer.ownName
      return WrappedLayer(
        layer, isTrainable: isTrainable,
        name: way + (name.hasPrefix(way) ? String(name.dropFirst(way.count)) : name))
    }
    forward = copy("forward_")
    let own = arguments.component("backward_layer")
    hasOwnBackward = own != nil
    if let own {
      backward = WrappedLayer(own, isTrainable: isTrainable)
    } else {
      var other = copy("backward_")
      other.set("go_backwards", .boolean(true))
      backward = other
    }
    mode = if case .text(let mode) = arguments["merge_mode"] { mode } else { nil }
  }

  private var returnsSequences: Bool { forward.flag("return_sequences") }

  /// Whether each layer reads from the end; its copy does so whether or not it has a word for it.
  private var directions: [(layer: WrappedLayer, isBackwards: Bool)] {
    [
      (forward, forward.flag("go_backwards")),
      (backward, hasOwnBackward ? backward.flag("go_backwards") : true),
    ]
  }

  // MARK: Shapes

  /// Throws unless the two layers go together.
  private func check() throws(LayerFailure) {
    for (layer, _) in directions
    where layer.component.arguments[ifTaken: "return_sequences"] == nil {
      throw LayerFailure(
        "wraps \(layer.name), a \(layer.component.kind), which reads no sequences",
        remedy: "a recurrent layer, as layers.LSTM(8)")
    }
    guard directions[0].isBackwards != directions[1].isBackwards else {
      throw LayerFailure(
        "has two layers that read in one direction",
        remedy: "go_backwards=True for one of them, as for backward_layer")
    }
    for name in ["return_sequences", "return_state", "stateful"]
    where forward.flag(name) != backward.flag(name) {
      throw LayerFailure(
        "has one layer with \(name)=True and one without", remedy: "the same for both")
    }
  }

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    try check()
    let given = inputs.count - 1
    guard given >= 0, given % 2 == 0 else {
      throw LayerFailure(
        "gets \(inputs.count) arrays",
        remedy: "one sequence, and as initial_state those of both directions if wanted")
    }
    let (a, b) = (
      try forward.outputShapes(for: inputs[0], states: Array(inputs[1..<(1 + given / 2)])),
      try backward.outputShapes(for: inputs[0], states: Array(inputs[(1 + given / 2)...]))
    )
    let states = Array(a.dropFirst() + b.dropFirst())
    guard let mode else { return [a[0], b[0]] + states }
    var joined = a[0]
    if mode == "concat" {
      joined.extents[joined.rank - 1] += b[0].last
    } else if a[0] != b[0] {
      throw LayerFailure(
        "joins \(a[0].tuple) and \(b[0].tuple) by merge_mode=\"\(mode)\"",
        remedy: "layers of as many units, or merge_mode=\"concat\"")
    }
    return [joined] + states
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] {
    forward.weights(for: inputs[0]) + backward.weights(for: inputs[0])
  }

  package func carried(for inputs: [Shape]) -> [CarriedSpec] {
    forward.carried(for: inputs[0]) + backward.carried(for: inputs[0])
  }

  package var takesMask: Bool { true }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    for (layer, _) in directions { _ = try layer.outputMasks(for: inputs[0], mask: masks[0]) }
    let mask = returnsSequences ? masks[0] : nil
    let joined = mode == nil ? 2 : 1
    return try outputShapes(for: inputs).indices.map { $0 < joined ? mask : nil }
  }

  // MARK: Lowering

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    lower(masked: inputs.map { MaskedValue($0) }, weights: weights, into: &builder).map(\.value)
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let example = Shape(Array(inputs[0].value.shape.extents.dropFirst()))
    let count = forward.weights(for: example).count
    let parts = [Array(weights.prefix(count)), Array(weights.dropFirst(count))]
    // As with a recurrent layer, a call with states goes by no mask.
    let input = inputs.count == 1 ? inputs[0] : MaskedValue(inputs[0].value)
    let states = inputs.dropFirst().map(\.value)
    let halves = [
      Array(states.prefix(states.count / 2)), Array(states.dropFirst(states.count / 2)),
    ]
    var results = zip(directions, zip(parts, halves)).map { way, given in
      run(
        way.layer, backwards: way.isBackwards, input, states: given.1, given.0, &builder)
    }
    if returnsSequences { results[1][0] = builder.apply(FlipOp(axes: [1]), to: [results[1][0]]) }
    let last = (results[0].dropFirst() + results[1].dropFirst()).map { MaskedValue($0) }
    let mask = returnsSequences ? inputs[0].mask : nil
    return joined(results[0][0], results[1][0], &builder).map { MaskedValue($0, mask: mask) }
      + last
  }

  /// What a layer gives, in the order in which it reads; padded steps are 0.
  private func run(
    _ layer: WrappedLayer, backwards: Bool, _ input: MaskedValue, states: [Value],
    _ weights: [Value], _ builder: inout GraphBuilder
  ) -> [Value] {
    var layer = layer
    // The sequence is turned around here.
    layer.set("go_backwards", .boolean(false))
    var (x, mask) = (input.value, input.mask)
    if backwards {
      x = builder.apply(FlipOp(axes: [1]), to: [x])
      mask = mask.map { builder.flipped(mask: $0) }
    }
    var outputs = layer.lower(
      MaskedValue(x, mask: mask), states: states, weights: weights, into: &builder
    ).map(\.value)
    if returnsSequences, let mask { outputs[0] = builder.kept(outputs[0], by: mask) }
    if let regularizer = layer.component.arguments.component("activity_regularizer") {
      for output in outputs {
        builder.deferPenalty(builder.layerName + "/" + layer.name) {
          Regularization.activity(regularizer, of: output, into: &$0)
        }
      }
    }
    return outputs
  }

  private func joined(_ a: Value, _ b: Value, _ builder: inout GraphBuilder) -> [Value] {
    switch mode {
    case "concat": [builder.apply(ConcatenateOp(axis: -1), to: [a, b])]
    case "sum": [builder.formula("sum", "y", .operand(0) + .operand(1), [a, b])]
    case "mul": [builder.formula("product", "y", .operand(0) * .operand(1), [a, b])]
    case "ave":
      [builder.formula("average", "y", (.operand(0) + .operand(1)) / .constant(2), [a, b])]
    default: [a, b]
    }
  }
}
