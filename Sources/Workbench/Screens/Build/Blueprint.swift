import Datasets
import NeuralNets
import Tensors

/// The network as far as its shapes are known: all of it, or what comes before the layer that does
/// not fit.
struct Blueprint: Sendable {
  let model: ModelDescription
  let names: [String]
  let inputShape: Shape
  /// The layers that fit, from the first on; of a graph all or none.
  let placed: [Network.PlacedLayer]
  /// Why the next one does not, nil when all do.
  let failure: Network.Failure?
  /// What each layer takes, by name; empty for a chain, where it is the layer before.
  let sources: [[String]]
  /// What flows where, also of a chain.
  let wiring: Wiring
  /// What each call gives, where that is known.
  let callShapes: [Shape?]
  let network: Network?
  private let places: [Network.PlacedLayer?]

  init(_ workpiece: Workpiece) {
    self.init(workpiece.model, dataShape: workpiece.dataset.exampleShape)
  }

  init(_ model: ModelDescription, dataShape: Shape) {
    self.model = model
    names = model.layerNames
    inputShape = model.inputShape ?? dataShape
    sources = model.sources
    let wiring =
      model.wiring ?? Wiring(chainOf: model.layers.count, inputShape: model.inputShape ?? dataShape)
    self.wiring = wiring
    do {
      let network = try Network(model, inputShape: dataShape)
      placed = network.layers
      places = network.layers
      callShapes = network.graph.callShapes.map(\.first)
      failure = nil
      self.network = network
    } catch {
      failure = error
      network = nil
      let part = PlacedPart(model, wiring, dataShape: dataShape, before: error.layer)
      places = part.layers
      callShapes = part.callShapes
      placed = model.isChain ? part.layers.prefix { $0 != nil }.compactMap(\.self) : []
    }
  }

  /// A layer in its place, nil while it waits for one that does not fit.
  func place(_ layer: Int) -> Network.PlacedLayer? {
    places.indices.contains(layer) ? places[layer] : nil
  }

  /// The shape of what a source gives, where that is known.
  func shape(of source: Wiring.Source) -> Shape? {
    switch source {
    case .input(let i):
      model.wiring == nil
        ? inputShape : wiring.inputs.indices.contains(i) ? wiring.inputs[i].shape : nil
    case .call(let i, _): callShapes.indices.contains(i) ? callShapes[i] : nil
    case .constant(let tensor): tensor.shape
    case .weight: nil
    }
  }

  /// What a source is called: `input`, or the layer that gives it.
  func name(of source: Wiring.Source) -> String {
    switch source {
    case .input(let i):
      wiring.inputs.count == 1 ? "input" : wiring.inputs[i].name ?? "input \(i + 1)"
    case .call(let i, _): names[wiring.calls[i].layer]
    case .weight: "a weight"
    case .constant: "numbers"
    }
  }

  /// The line of the list where the failure is.
  var failingLine: Int? { failure.map { ($0.layer ?? -1) + 1 } }

  /// The shape that comes into a layer, nil when it waits for an earlier one.
  func input(of layer: Int) -> Shape? {
    if !model.isChain { return place(layer)?.inputShape }
    if layer == 0 { return inputShape }
    return placed.indices.contains(layer - 1) ? placed[layer - 1].outputShape : nil
  }

  var parameterCount: Int { placed.reduce(0) { $0 + $1.parameterCount } }

  var outputShape: Shape? { network?.outputShape }

  /// The activation of a layer by name; nil for layers that have none.
  func activation(of layer: Int) -> ActivationFunction? {
    guard model.layers.indices.contains(layer) else { return nil }
    return model.layers[layer].activation
  }
}

extension ModelDescription {
  /// What each layer takes, by name, call by call; empty for a chain.
  fileprivate var sources: [[String]] {
    guard let wiring else { return [] }
    let names = layerNames
    var all = [[String]](repeating: [], count: layers.count)
    for call in wiring.calls {
      all[call.layer] += call.inputs.map { source in
        switch source {
        case .input(let i):
          wiring.inputs.count == 1 ? "input" : wiring.inputs[i].name ?? "input \(i + 1)"
        case .call(let before, _): names[wiring.calls[before].layer]
        case .weight: "a weight"
        case .constant: "numbers"
        }
      }
    }
    return all
  }
}

/// The layers of a network before one that does not fit.
private struct PlacedPart {
  var layers: [Network.PlacedLayer?]
  var callShapes: [Shape?]

  init(_ model: ModelDescription, _ wiring: Wiring, dataShape: Shape, before failing: Int?) {
    layers = Array(repeating: nil, count: model.layers.count)
    callShapes = Array(repeating: nil, count: wiring.calls.count)
    let names = model.layerNames
    // Layers of one name are told apart by no graph.
    guard let failing, Set(names).count == names.count,
      let end = wiring.calls.firstIndex(where: { $0.layer == failing }), end > 0
    else { return }
    let calls = wiring.calls.prefix(end)
    var used: [Int] = []
    for call in calls where !used.contains(call.layer) { used.append(call.layer) }
    var part = model
    part.compilation = nil
    part.layers = used.map { i in
      var layer = model.layers[i]
      layer.countedName = layer.givenName == nil ? names[i] : nil
      return layer
    }
    let partCalls = calls.map { $0.with(layer: used.firstIndex(of: $0.layer) ?? 0) }
    part.wiring = Wiring(
      inputs: wiring.inputs, calls: partCalls, outputs: [.call(end - 1)])
    guard let graph = try? PlacedGraph(part) else { return }
    for (place, layer) in zip(used, graph.layers) { layers[place] = layer }
    for (i, shapes) in graph.callShapes.enumerated() { callShapes[i] = shapes.first }
  }
}

extension Component {
  /// Its activation, `linear` when None; nil when it takes none.
  var activation: ActivationFunction? {
    guard let value = arguments[ifTaken: "activation"] else { return nil }
    return value == .none ? .linear : arguments.activation()
  }
}

extension Shape {
  /// With the axis of examples before it: `(n, 16)`.
  var batched: String { "(" + (["n"] + extents.map(String.init)).joined(separator: ", ") + ")" }

  /// `8 × 8`.
  var product: String { extents.map(String.init).joined(separator: " × ") }
}

/// What a network costs.
struct Cost: Hashable, Sendable {
  /// Multiplications with an addition, for one example forward.
  let multiplyAdds: Int
  let parameters: Int
  /// What is kept of each weight besides itself and its gradient: `m`, `v`.
  let slots: [String]
  /// How many numbers that are.
  let slotNumbers: Int
  /// The numbers that the layers give for one example.
  let activations: Int

  /// Weights, gradients and the optimizer's numbers, four bytes each.
  var bytes: Int {
    parameters.saturatingProduct(2).saturatingSum(slotNumbers).saturatingProduct(4)
  }

  /// What the layers give for a batch and its gradients, four bytes each.
  func activationBytes(batchSize: Int) -> Int {
    activations.saturatingProduct(batchSize).saturatingProduct(8)
  }

  init(_ blueprint: Blueprint) {
    multiplyAdds = blueprint.placed.reduce(0) { $0.saturatingSum(Self.multiplyAdds(of: $1)) }
    activations = blueprint.placed.reduce(0) { $0.saturatingSum(Self.activations(of: $1)) }
    parameters = blueprint.parameterCount
    let kept =
      blueprint.model.compilation.map { compilation in
        blueprint.placed.flatMap { Self.weights(of: $0) }
          .flatMap { OptimizerCatalog.kept(compilation.optimizer, of: $0) }
      } ?? []
    var seen: Set<String> = []
    slots = kept.map(\.symbol).filter { seen.insert($0).inserted }
    slotNumbers = kept.reduce(0) { $0.saturatingSum($1.shape.count) }
  }

  /// The shapes of a layer's weights, those of the layers in it too.
  private static func weights(of layer: Network.PlacedLayer) -> [Shape] {
    layer.inner.map { $0.layers.flatMap(weights) } ?? layer.weights.map(\.shape)
  }

  /// Each number of a matrix is used once at every place it is applied to: a row of the input, a
  /// pixel of the output, a time step.
  private static func multiplyAdds(of layer: Network.PlacedLayer) -> Int {
    if let inner = layer.inner {
      let once = inner.layers.reduce(0) { $0.saturatingSum(multiplyAdds(of: $1)) }
      return once.saturatingProduct(layer.callCount)
    }
    let kernels = LayerCatalog.kernelLayer(named: layer.kind)
    let places =
      switch layer.kind {
      case _ where kernels != nil:
        kernels?.places(from: layer.inputShape, to: layer.outputShape) ?? 0
      case "Dense": layer.inputShape.rows
      case "LSTM", "GRU", "SimpleRNN", "Bidirectional": layer.inputShape.extents.first ?? 1
      case "TimeDistributed": layer.inputShape.rows
      // Other weights are looked up or meet numbers one by one.
      default: 0
      }
    let used = layer.weights.filter { $0.shape.rank > 1 }.reduce(0) { $0 + $1.shape.count }
    return used.saturatingProduct(places).saturatingProduct(layer.callCount)
  }

  private static func activations(of layer: Network.PlacedLayer) -> Int {
    if let inner = layer.inner {
      let once = inner.layers.reduce(0) { $0.saturatingSum(activations(of: $1)) }
      return once.saturatingProduct(layer.callCount)
    }
    return layer.outputShapes.reduce(0) { $0.saturatingSum($1.count) }
      .saturatingProduct(layer.callCount)
  }
}

extension Int {
  func saturatingProduct(_ other: Int) -> Int {
    let (product, overflows) = multipliedReportingOverflow(by: other)
    return overflows ? .max : product
  }

  func saturatingSum(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
