import Datasets
import NeuralNets
import Tensors

/// The network as far as its shapes are known: all of it, or up to the layer that does not fit.
struct Blueprint: Sendable {
  let model: ModelDescription
  let names: [String]
  let inputShape: Shape
  /// The layers that fit, from the first on.
  let placed: [Network.PlacedLayer]
  /// Why the next one does not, nil when all do.
  let failure: Network.Failure?
  /// What each layer takes, by name; empty for a chain, where it is the layer before.
  let sources: [[String]]
  private let network: Network?

  init(_ workpiece: Workpiece) {
    self.init(workpiece.model, dataShape: workpiece.dataset.exampleShape)
  }

  init(_ model: ModelDescription, dataShape: Shape) {
    self.model = model
    names = model.layerNames
    inputShape = model.inputShape ?? dataShape
    sources = model.sources
    do {
      let network = try Network(model, inputShape: dataShape)
      placed = network.layers
      failure = nil
      self.network = network
    } catch {
      failure = error
      network = nil
      // A graph has no first part that is one by itself.
      guard model.isChain else {
        placed = []
        return
      }
      var prefix = model
      prefix.layers = Array(model.layers.prefix(error.layer ?? 0))
      placed = (try? Network(prefix, inputShape: dataShape))?.layers ?? []
    }
  }

  /// The line of the list where the failure is.
  var failingLine: Int? { failure.map { ($0.layer ?? -1) + 1 } }

  /// The shape that comes into a layer, nil when it waits for an earlier one.
  func input(of layer: Int) -> Shape? {
    if !model.isChain {
      return placed.indices.contains(layer) ? placed[layer].inputShape : nil
    }
    if layer == 0 { return inputShape }
    return placed.indices.contains(layer - 1) ? placed[layer - 1].outputShape : nil
  }

  var parameterCount: Int { placed.reduce(0) { $0 + $1.parameterCount } }

  var outputShape: Shape? { network?.outputShape }

  /// Why a run on data of one input and one target is not to be had, nil when it is.
  var severalEnds: String? {
    guard let wiring = model.wiring, wiring.inputs.count > 1 || wiring.outputs.count > 1 else {
      return nil
    }
    func count(_ n: Int, _ noun: String) -> String { n == 1 ? "1 \(noun)" : "\(n) \(noun)s" }
    return count(wiring.inputs.count, "input") + " and " + count(wiring.outputs.count, "output")
      + "; the data here have one of each: backstep run trains it by its file"
  }

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

extension Component {
  /// Its activation, `linear` when None; nil when it takes none.
  var activation: ActivationFunction? {
    guard let value = arguments.values["activation"] else { return nil }
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
  /// What is kept for each weight besides itself and its gradient: `m`, `v`.
  let slots: [String]

  /// Weights, gradients and the optimizer's numbers, four bytes each.
  var bytes: Int { parameters.saturatingProduct(4 * (2 + slots.count)) }

  init(_ blueprint: Blueprint) {
    multiplyAdds = blueprint.placed.reduce(0) { $0.saturatingSum(Self.multiplyAdds(of: $1)) }
    parameters = blueprint.parameterCount
    slots = Self.slots(of: blueprint.model.compilation?.optimizer)
  }

  /// Each number of a matrix is used once at every place it is applied to: a row of the input, a
  /// pixel of the output, a time step.
  private static func multiplyAdds(of layer: Network.PlacedLayer) -> Int {
    let places =
      switch layer.kind {
      case "Dense": layer.inputShape.rows
      case "LSTM", "GRU", "SimpleRNN": layer.inputShape.extents.first ?? 1
      case "Conv1D", "Conv2D": layer.outputShape.rows
      // Other weights are looked up or meet numbers one by one.
      default: 0
      }
    let used = layer.weights.filter { $0.shape.rank > 1 }.reduce(0) { $0 + $1.shape.count }
    return used.saturatingProduct(places)
  }

  private static func slots(of optimizer: Component?) -> [String] {
    guard let optimizer else { return [] }
    switch optimizer.kind {
    case "Adam": return ["m", "v"]
    case "SGD":
      guard case .number(let momentum) = optimizer.arguments["momentum"] else { return [] }
      return momentum > 0 ? ["velocity"] : []
    default: return []
    }
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
