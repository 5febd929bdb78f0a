import Autodiff
import Tensors

/// A layer that another one takes as an argument, at work below it under a name of its own:
/// `bidirectional/forward_lstm`.
struct WrappedLayer: Sendable {
  var component: Component
  /// What it is called below the layer that wraps it.
  let name: String

  /// - Parameters:
  ///   - isTrainable: whether the layer that wraps it may learn.
  ///   - name: what it is called; nil for the name that it was given or got by counting.
  init(_ component: Component, isTrainable: Bool, name: String? = nil) {
    self.component = component
    self.name = name ?? component.ownName
    if !isTrainable { set("trainable", .boolean(false)) }
  }

  /// Changes an argument, if it takes one of that name.
  mutating func set(_ name: String, _ value: ArgumentValue) {
    try? component.arguments.set(name, value)
  }

  func flag(_ name: String) -> Bool { component.arguments[name] == .boolean(true) }

  /// The layer for inputs of this shape.
  func layer(for input: Shape) throws(LayerFailure) -> any Layer {
    try LayerCatalog.layer(component, inputs: [input], depth: 1)
  }

  /// The shapes of what it gives for an example, and for states that it begins with.
  func outputShapes(
    for input: Shape, states: [Shape] = []
  ) throws(LayerFailure) -> [Shape] {
    do { return try layer(for: input).outputShapes(for: [input] + states) } catch {
      throw told(error)
    }
  }

  func outputMasks(
    for input: Shape, mask: Shape?
  ) throws(LayerFailure) -> [Shape?] {
    do {
      let layer = try layer(for: input)
      guard let masking = layer as? any MaskingLayer else {
        return try layer.outputShapes(for: [input]).map { _ in nil }
      }
      return try masking.outputMasks(for: [input], masks: [mask])
    } catch { throw told(error) }
  }

  /// Its weights, under their paths below the layer that wraps it.
  func weights(for input: Shape) -> [WeightSpec] {
    let weights = (try? layer(for: input))?.weights(for: [input]) ?? []
    return weights.map { weight in
      var weight = weight
      weight.path = name + "/" + weight.path
      if !component.isTrainable { weight.isTrainable = false }
      return weight
    }
  }

  /// What it carries from batch to batch, by paths below the layer that wraps it.
  func carried(for input: Shape) -> [CarriedSpec] {
    ((try? layer(for: input))?.carried(for: [input]) ?? []).map { $0.below(name) }
  }

  /// Adds its ops to a graph, within those of the layer that wraps it.
  ///
  /// - Parameter states: what it begins with.
  /// - Precondition: its shapes and masks were checked.
  func lower(
    _ input: MaskedValue, states: [Value] = [], weights: [Value],
    into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let example = Shape(Array(input.value.shape.extents.dropFirst()))
    guard let layer = try? layer(for: example) else {
      preconditionFailure("\(name) was not checked for \(example)")
    }
    var masks: [Value?] = []
    let outputs = builder.layer(name) { builder -> [Value] in
      let made = layer.lowered(
        [input] + states.map { MaskedValue($0) }, weights: weights, into: &builder)
      masks = made.map(\.mask)
      return made.map(\.value)
    }
    return zip(outputs, masks).map { MaskedValue($0, mask: $1) }
  }

  private func told(_ failure: LayerFailure) -> LayerFailure {
    LayerFailure("wraps \(name), which \(failure.problem)", remedy: failure.remedy)
  }
}

extension Component {
  /// The name that it was given or got by counting, else that of its kind.
  package var ownName: String {
    givenName ?? countedName ?? LayerCatalog.type(named: kind)?.defaultName ?? kind.snakeCased
  }

  /// Whether it, or a layer within it, takes means over the batch while training.
  var normalizesBatches: Bool {
    if case .model(let model)? = body {
      return model.layers.contains(where: \.normalizesBatches)
    }
    return kind == BatchNormalization.kind || layers.contains(where: \.normalizesBatches)
  }
}
