import Autodiff
import Tensors

/// One layer for every time step of a sequence: [time, …] becomes [time, what the layer makes of …].
///
/// Time steps are examples to it: batch and time become one axis, and no number moves. Only a layer
/// that takes means over the batch while training sees the time steps one by one, as in Keras.
package struct TimeDistributed: CataloguedLayer, MaskingLayer {
  package static let kind = "TimeDistributed"
  package static let summary = "applies a layer to every time step"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("layer", .layer, "the layer that is applied to each step")
  ]

  private let wrapped: WrappedLayer

  package init(_ arguments: Arguments) {
    wrapped = WrappedLayer(
      arguments.layer("layer"), isTrainable: arguments["trainable"] != .boolean(false))
  }

  /// The shape of one time step.
  private func step(of input: Shape) -> Shape { Shape(Array(input.extents.dropFirst())) }

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    guard inputs.count == 1, inputs[0].rank >= 2 else {
      throw LayerFailure(
        inputs.count == 1
          ? "gets \(inputs[0].tuple), which is not a sequence of arrays"
          : "gets \(inputs.count) arrays",
        remedy: "one input of shape (time steps, features), or more axes")
    }
    guard !wrapped.component.carriesStates else {
      throw LayerFailure(
        "wraps \(wrapped.name), which has stateful=True: each time step is a batch of its own",
        remedy: "a layer without stateful, or a stateful one beside it")
    }
    let outputs = try wrapped.outputShapes(for: step(of: inputs[0]))
    guard outputs.count == 1 else {
      throw LayerFailure(
        "wraps \(wrapped.name), which gives \(outputs.count) arrays",
        remedy: "a layer that gives one")
    }
    return [Shape([inputs[0][0]] + outputs[0].extents)]
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] {
    wrapped.weights(for: step(of: inputs[0]))
  }

  package var takesMask: Bool { true }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] {
    guard let mask = masks[0] else { return [nil] }
    guard mask.extents.first == inputs[0].extents.first else {
      throw LayerFailure(
        "gets \(inputs[0].tuple) with a mask of \(mask.tuple)",
        remedy: "a mask with one number for each of the \(inputs[0][0]) steps")
    }
    _ = try wrapped.outputMasks(for: step(of: inputs[0]), mask: step(of: mask))
    return [mask]
  }

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    lower(masked: inputs.map { MaskedValue($0) }, weights: weights, into: &builder).map(\.value)
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let made =
      builder.mode == .training && wrapped.component.normalizesBatches
      ? oneByOne(inputs[0], weights, &builder) : folded(inputs[0], weights, &builder)
    return [MaskedValue(made, mask: inputs[0].mask)]
  }

  /// All time steps at once: [batch, time, …] seen as [batch · time, …], and back.
  private func folded(
    _ input: MaskedValue, _ weights: [Value], _ builder: inout GraphBuilder
  ) -> Value {
    let (batch, time) = (input.value.shape[0], input.value.shape[1])
    func folded(_ x: Value, _ builder: inout GraphBuilder) -> Value {
      let steps = Shape([batch * time] + x.shape.extents.dropFirst(2))
      return builder.apply(ReshapeOp(to: steps), to: [x])
    }
    let steps = folded(input.value, &builder)
    let mask = input.mask.map { mask in
      let made = folded(mask, &builder)
      builder.fix(made)
      return made
    }
    let output = builder.batches(of: batch * time) {
      wrapped.lower(MaskedValue(steps, mask: mask), weights: weights, into: &$0)[0].value
    }
    let whole = Shape([batch, time] + output.shape.extents.dropFirst())
    return builder.apply(ReshapeOp(to: whole), to: [output])
  }

  private func oneByOne(
    _ input: MaskedValue, _ weights: [Value], _ builder: inout GraphBuilder
  ) -> Value {
    let outputs = (0..<input.value.shape[1]).map { t in
      builder.layer("t\(t)") { builder in
        let x = builder.apply(SliceOp([.all, .index(t)]), to: [input.value])
        let mask = input.mask.map { mask in
          let part = builder.apply(SliceOp([.all, .index(t)]), to: [mask])
          builder.fix(part)
          return part
        }
        return wrapped.lower(
          MaskedValue(x, mask: mask), weights: weights, into: &builder)[0].value
      }
    }
    return builder.apply(StackOp(axis: 1), to: outputs)
  }
}

extension Arguments {
  /// The layer that an argument is.
  func layer(_ name: String) -> Component {
    guard case .component(let layer) = self[name] else {
      preconditionFailure("argument \(name) holds \(self[name]), which is not a layer")
    }
    return layer
  }
}
