import Autodiff
import Tensors

/// Layers in their places: every shape resolved, every weight named.
package struct PlacedGraph: Sendable {
  /// In Keras's order, each once.
  package let layers: [PlacedLayer]
  package let wiring: Wiring
  package let inputShapes: [Shape]
  package let outputShapes: [Shape]
  /// The shapes that each call gives, in the order of the wiring.
  package let callShapes: [[Shape]]
  /// Its own weights and those of its layers, by their paths below it: `dense/kernel`.
  package let weights: [WeightSpec]
  /// What its layers carry from batch to batch, by their paths below it: `lstm/state_h`.
  package var carried: [CarriedSpec] {
    layers.flatMap { layer in layer.carried.map { $0.below(layer.name) } }
  }
  /// Where the weights of each layer begin in `weights`.
  private let firstWeights: [Int]

  /// One layer in its place.
  package struct PlacedLayer: Sendable {
    package let name: String
    package let kind: String
    package let component: Component
    package let layer: any Layer
    /// The shapes at its first call.
    package let inputShapes: [Shape]
    package let outputShapes: [Shape]
    /// By their paths below the layer.
    package let weights: [WeightSpec]
    /// What it carries from batch to batch, by their paths below the layer.
    package let carried: [CarriedSpec]
    /// How often the model calls it.
    package internal(set) var callCount = 1

    /// The shape of its first input; what draws numbers has none.
    package var inputShape: Shape { inputShapes.first ?? [] }
    package var outputShape: Shape { outputShapes[0] }
    package var parameterCount: Int { weights.reduce(0) { $0 + $1.shape.count } }
    /// The layers that it consists of, if it is a model or a class of the program.
    package var inner: PlacedGraph? { layer.inner(for: inputShapes) }
  }

  /// The most levels of models within models.
  private static let deepest = 32

  /// - Parameter inputShapes: of one example, where the description leaves them open.
  package init(
    _ description: ModelDescription, inputShapes given: [Shape]? = nil, depth: Int = 0
  ) throws(Network.Failure) {
    guard depth < Self.deepest else {
      throw Network.Failure(
        description, "lies \(depth) models deep", "at most \(Self.deepest) models in each other")
    }
    let shapes = try Self.inputShapes(description, given)
    wiring =
      description.wiring ?? Wiring(chainOf: description.layers.count, inputShape: shapes[0])
    self.inputShapes = shapes
    var placing = try Placing(description, wiring, shapes, depth: depth)
    for call in wiring.calls { try placing.place(call) }
    callShapes = placing.callShapes
    outputShapes = wiring.outputs.map { placing.shape(of: $0) }
    if let training = wiring.training {
      placing.beginAnew()
      for call in training.calls { try placing.place(call) }
    }
    let layers = placing.placed.compactMap { $0 }
    guard layers.count == description.layers.count else {
      let unused = placing.placed.firstIndex { $0 == nil } ?? 0
      throw Network.Failure(
        layer: unused, name: placing.names[unused], problem: "is used nowhere",
        remedy: "a call of it between the inputs and the outputs")
    }
    self.layers = layers
    var all = wiring.weights
    var first: [Int] = []
    for layer in layers {
      first.append(all.count)
      all += layer.weights.map { weight in
        var named = weight
        named.path = layer.name + "/" + weight.path
        return named
      }
    }
    weights = all
    firstWeights = first
    _ = try masks(of: inputShapes.map { _ in nil })
  }

  // MARK: Masks

  /// Whether it is code that runs as it is read.
  var isEager: Bool { wiring.isEager }

  /// The shapes of the masks that the outputs carry for inputs with these, of one example each.
  ///
  /// - Throws: where a layer cannot go by the masks that it gets.
  package func masks(of given: [Shape?]) throws(Network.Failure) -> [Shape?] {
    var masks = MaskTable(inputs: given)
    for (i, call) in wiring.calls.enumerated() {
      let layer = layers[call.layer]
      do throws(LayerFailure) {
        let called = try layer.layer.called(with: call.options)
        guard let masking = called as? any MaskingLayer else {
          masks.note(callShapes[i].map { _ in nil })
          continue
        }
        let seen = masks.seen(by: call, of: masking, in: wiring)
        let shapes = call.inputs.map { shape(of: $0) }
        masks.note(
          try masking.outputMasks(for: shapes, masks: seen), of: call, masking, shapes: shapes)
      } catch {
        throw Network.Failure(
          layer: call.layer, name: layer.name, problem: error.problem, remedy: error.remedy)
      }
    }
    return wiring.outputs.map { masks.attached(to: $0) }
  }

  /// The shape of an example of what a layer takes.
  private func shape(of source: Wiring.Source) -> Shape {
    switch source {
    case .input(let i): inputShapes[i]
    case .call(let i, let output): callShapes[i][output]
    case .weight(let i): wiring.weights[i].shape
    case .constant(let tensor): tensor.shape
    }
  }

  private static func inputShapes(
    _ description: ModelDescription, _ given: [Shape]?
  ) throws(Network.Failure) -> [Shape] {
    let shapes =
      given ?? description.wiring?.inputs.map(\.shape) ?? description.inputShape.map { [$0] }
    guard let shapes, !shapes.isEmpty else {
      throw Network.Failure(
        description, "has no input shape",
        "Input(shape=(…,)) first, or input_shape= on the first layer")
    }
    for shape in shapes {
      guard shape.extents.allSatisfy({ $0 > 0 }), shape.count(upTo: Network.largestExample) != nil
      else {
        throw Network.Failure(
          description, "has an input of shape \(shape.tuple)",
          "between 1 and \(Network.largestExample) numbers an example")
      }
    }
    return shapes
  }

  /// What each output is called: by its key in a dict of outputs, else as the layer that gives it.
  package var outputNames: [String] {
    wiring.outputKeys.count == wiring.outputs.count ? wiring.outputKeys : outputLayerNames
  }

  /// The name of the layer that gives each output.
  package var outputLayerNames: [String] {
    wiring.outputs.enumerated().map { i, source in
      guard case .call(let call, _) = source else { return "output_\(i)" }
      return layers[wiring.calls[call].layer].name
    }
  }

  /// Whether a call within it says `training=True`.
  package var callsForTraining: Bool {
    wiring.calls.contains { $0.options.isTraining == true }
      || layers.contains { $0.inner?.callsForTraining == true }
  }

  // MARK: Lowering

  /// Adds the ops of all layers to a graph.
  ///
  /// - Parameter weights: one value for each of `weights`.
  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    lower(masked: inputs.map { MaskedValue($0) }, weights: weights, into: &builder).map(\.value)
  }

  /// Adds the ops of all layers to a graph, and those of the masks that go with their numbers.
  package func lower(
    masked given: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    var masks = MaskTable(inputs: given.map(\.mask))
    let isTraining = builder.mode == .training
    let calls = isTraining ? wiring.training?.calls ?? wiring.calls : wiring.calls
    let outputs = isTraining ? wiring.training?.outputs ?? wiring.outputs : wiring.outputs
    var results: [[Value]] = []
    var uses = [Int](repeating: 0, count: layers.count)
    func value(_ source: Wiring.Source, _ builder: inout GraphBuilder) -> Value {
      switch source {
      case .input(let i): given[i].value
      case .call(let i, let output): results[i][output]
      case .weight(let i): weights[i]
      case .constant(let tensor): builder.constant(tensor)
      }
    }
    for call in calls {
      let sources = call.inputs.map { value($0, &builder) }
      let own = Array(
        weights[
          firstWeights[call.layer]..<firstWeights[call.layer]
            + layers[call.layer].weights.count])
      uses[call.layer] += 1
      // Placing asked before: no call is left that a layer refuses.
      let placed = layers[call.layer]
      let layer = (try? placed.layer.called(with: call.options)) ?? placed.layer
      let seen = masks.seen(by: call, of: layer, in: wiring)
      let made = lower(
        placed, layer, call.options, use: uses[call.layer],
        zip(sources, seen).map { MaskedValue($0, mask: $1) }, own, into: &builder)
      results.append(made.map(\.value))
      masks.note(
        made.map(\.mask), of: call, layer, shapes: sources.map { $0.shape.droppingFirst })
    }
    for (i, loss) in wiring.losses.enumerated() {
      let value = value(loss, &builder)
      builder.deferPenalty("added_loss" + (i == 0 ? "" : "_\(i)")) {
        value.shape.count == 1 ? value : $0.reduce(.mean, value)
      }
    }
    return outputs.map { MaskedValue(value($0, &builder), mask: masks.attached(to: $0)) }
  }

  /// A layer that is called again works under a name of its own: `dense/call_2`.
  private func lower(
    _ placed: PlacedLayer, _ layer: any Layer, _ options: CallOptions, use: Int,
    _ inputs: [MaskedValue], _ weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    // As in Keras 3, what fit, predict or a caller says goes before what a functional model was
    // written with.
    let isHeard = wiring.isEager || builder.isModeOpen
    let mode = options.isTraining.flatMap { flag -> GraphBuilder.Mode? in
      isHeard ? flag ? .training : .inference : nil
    }
    var masks: [Value?] = []
    func work(_ builder: inout GraphBuilder) -> [Value] {
      let made = builder.working(in: mode) {
        layer.lowered(inputs, weights: weights, into: &$0)
      }
      masks = made.map(\.mask)
      return made.map(\.value)
    }
    let outputs = builder.layer(placed.name) { builder -> [Value] in
      use == 1 ? work(&builder) : builder.layer("call_\(use)", isFurtherCall: true, work)
    }
    if let regularizer = placed.component.arguments.component("activity_regularizer") {
      for output in outputs {
        builder.deferPenalty(placed.name) {
          Regularization.activity(regularizer, of: output, into: &$0)
        }
      }
    }
    return zip(outputs, masks).map { MaskedValue($0, mask: $1) }
  }
}

/// A graph while its layers are placed, call by call.
private struct Placing {
  let description: ModelDescription
  let names: [String]
  /// The layers, and those that they take as arguments under the names that they get by counting.
  private let layers: [Component]
  private let wiring: Wiring
  private let inputShapes: [Shape]
  private let depth: Int
  private(set) var placed: [PlacedGraph.PlacedLayer?]
  private(set) var callShapes: [[Shape]] = []
  /// The same with the batch, nil in those that have it.
  private var callExtents: [[[Int?]]] = []

  init(
    _ description: ModelDescription, _ wiring: Wiring, _ inputShapes: [Shape], depth: Int
  ) throws(Network.Failure) {
    self.description = description
    self.wiring = wiring
    self.inputShapes = inputShapes
    self.depth = depth
    let named = description.named
    (names, layers) = (named.map(\.name), named.map(\.layer))
    placed = [PlacedGraph.PlacedLayer?](repeating: nil, count: description.layers.count)
    var seen: Set<String> = []
    for (i, name) in names.enumerated() where !seen.insert(name).inserted {
      throw Network.Failure(
        layer: i, name: name, problem: "is the name of two layers", remedy: "another name=")
    }
  }

  func shape(of source: Wiring.Source) -> Shape {
    switch source {
    case .input(let i): inputShapes[i]
    case .call(let i, let output): callShapes[i][output]
    case .weight(let i): wiring.weights[i].shape
    case .constant(let tensor): tensor.shape
    }
  }

  /// The calls of another way through the same layers follow.
  mutating func beginAnew() {
    callShapes = []
    callExtents = []
  }

  private func extents(of source: Wiring.Source) -> [Int?] {
    switch source {
    case .input(let i): [nil] + inputShapes[i].extents
    case .call(let i, let output): callExtents[i][output]
    case .weight, .constant: shape(of: source).extents
    }
  }

  /// How many rows sources have that hold no examples; nil where any of them does.
  private func rows(of sources: [Wiring.Source]) -> Int? {
    let all = sources.map { extents(of: $0).first ?? nil }
    return all.contains(nil) ? nil : all.first ?? nil
  }

  private static func row(of extents: [Int?]) -> Shape {
    Shape(extents.dropFirst().map { $0 ?? 1 })
  }

  mutating func place(_ call: Wiring.Call) throws(Network.Failure) {
    let i = call.layer
    let component = description.layers[i]
    let name = names[i]
    // Arrays that do not depend on the examples, as numbers of the code, are rows of their own.
    let rows = rows(of: call.inputs)
    let shapes = call.inputs.map { rows == nil ? shape(of: $0) : Self.row(of: extents(of: $0)) }
    let layer: any Layer
    let called: any Layer
    let outputs: [Shape]
    do throws(LayerFailure) {
      if let known = placed[i] {
        layer = known.layer
      } else {
        layer = try LayerCatalog.layer(layers[i], inputs: shapes, depth: depth + 1)
      }
      called = try layer.called(with: call.options)
      if case .operation(let operation)? = component.body {
        let result = try operation.extents(for: call.inputs.map { extents(of: $0) })
        outputs = [Shape(result.dropFirst(result.first == .some(nil) ? 1 : 0).map { $0 ?? 1 })]
        callExtents.append([result])
      } else {
        outputs = try called.outputShapes(for: shapes)
        callExtents.append(outputs.map { [rows] + $0.extents })
      }
    } catch {
      throw Network.Failure(layer: i, name: name, problem: error.problem, remedy: error.remedy)
    }
    var weights = called.weights(for: shapes)
    if !component.isTrainable {
      for j in weights.indices { weights[j].isTrainable = false }
    }
    try check(outputs, weights, ofLayer: i)
    callShapes.append(outputs)
    if let known = placed[i] {
      guard known.weights == weights else {
        throw Network.Failure(
          layer: i, name: name,
          problem: "gets \(shapes[0].tuple) here, where its weights fit \(known.inputShape.tuple)",
          remedy: "inputs of one shape for a layer that is used twice")
      }
      placed[i]?.callCount += 1
    } else {
      placed[i] = PlacedGraph.PlacedLayer(
        name: name, kind: component.kind, component: component, layer: layer,
        inputShapes: shapes, outputShapes: outputs, weights: weights,
        carried: called.carried(for: shapes))
    }
  }

  /// Refuses what no memory holds before anybody allocates it.
  private func check(
    _ outputs: [Shape], _ weights: [WeightSpec], ofLayer layer: Int
  ) throws(Network.Failure) {
    let name = names[layer]
    for output in outputs where output.count(upTo: Network.largestExample) == nil {
      throw Network.Failure(
        layer: layer, name: name, problem: "gives \(output.tuple) for every example",
        remedy: "at most \(Network.largestExample) numbers: fewer units or filters, a smaller input"
      )
    }
    for weight in weights where weight.shape.count(upTo: Network.largestWeight) == nil {
      throw Network.Failure(
        layer: layer, name: name, problem: "learns a \(weight.path) of \(weight.shape.tuple)",
        remedy: "at most \(Network.largestWeight) numbers: fewer units or filters, a smaller input")
    }
    for weight in weights {
      do { try weight.initializer.check(weight.shape) } catch {
        throw Network.Failure(
          layer: layer, name: name, problem: error.problem, remedy: error.remedy)
      }
    }
  }
}
