import Autodiff
import Tensors

/// A model whose every shape is resolved: it exists only when all layers fit.
package struct Network: Sendable {
  /// One layer in its place.
  package struct PlacedLayer: Sendable {
    package let name: String
    package let kind: String
    package let layer: any Layer
    package let inputShape: Shape
    package let outputShape: Shape
    package let weights: [WeightSpec]

    package var parameterCount: Int { weights.reduce(0) { $0 + $1.shape.count } }
  }

  /// Why a description does not make a network.
  package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The layer's place, nil when the model as a whole is at fault.
    package let layer: Int?
    package let name: String
    package let problem: String
    package let remedy: String

    package var description: String { "\(name) \(problem); right would be \(remedy)" }
  }

  package let description: ModelDescription
  package let inputShape: Shape
  package let layers: [PlacedLayer]

  /// - Parameter inputShape: the shape of one example, when the description leaves it to the data.
  package init(_ description: ModelDescription, inputShape: Shape? = nil) throws(Failure) {
    guard let first = description.inputShape ?? inputShape else {
      throw Failure(
        layer: nil, name: description.name, problem: "has no input shape",
        remedy: "Input(shape=(…,)) first, or input_shape= on the first layer")
    }
    guard !description.layers.isEmpty else {
      throw Failure(
        layer: nil, name: description.name, problem: "has no layer",
        remedy: "at least one, as Dense(1)")
    }
    guard first.extents.allSatisfy({ $0 > 0 }), first.count(upTo: Self.largestExample) != nil else {
      throw Failure(
        layer: nil, name: description.name, problem: "has an input of shape \(first.tuple)",
        remedy: "between 1 and \(Self.largestExample) numbers an example")
    }
    self.description = description
    self.inputShape = first
    layers = try Self.place(description, first)
  }

  /// The most numbers that one example may have, before or after a layer: they lie in memory for
  /// every example of a batch, and once more for gradients.
  package static let largestExample = 1 << 24

  /// The most numbers that one weight may have: 1 GiB.
  package static let largestWeight = 1 << 28

  private static func place(
    _ description: ModelDescription, _ input: Shape
  ) throws(Failure) -> [PlacedLayer] {
    var shape = input
    var placed: [PlacedLayer] = []
    for (i, (component, name)) in zip(description.layers, description.layerNames).enumerated() {
      guard !placed.contains(where: { $0.name == name }) else {
        throw Failure(
          layer: i, name: name, problem: "is the name of two layers", remedy: "another name=")
      }
      guard let type = LayerCatalog.type(named: component.kind) else {
        throw Failure(
          layer: i, name: name, problem: "is a \(component.kind), which is not a layer here",
          remedy: "one of " + LayerCatalog.all.map { $0.kind }.joined(separator: ", "))
      }
      let layer = type.init(component.arguments)
      let output: Shape
      do { output = try layer.outputShape(for: shape) } catch {
        throw Failure(layer: i, name: name, problem: error.problem, remedy: error.remedy)
      }
      let weights = layer.weights(for: shape)
      try check(output, weights, ofLayer: i, name)
      placed.append(
        PlacedLayer(
          name: name, kind: component.kind, layer: layer, inputShape: shape, outputShape: output,
          weights: weights))
      shape = output
    }
    return placed
  }

  /// Refuses what no memory holds before anybody allocates it.
  private static func check(
    _ output: Shape, _ weights: [WeightSpec], ofLayer layer: Int, _ name: String
  ) throws(Failure) {
    guard output.count(upTo: largestExample) != nil else {
      throw Failure(
        layer: layer, name: name, problem: "gives \(output.tuple) for every example",
        remedy: "at most \(largestExample) numbers: fewer units or filters, a smaller input")
    }
    for weight in weights where weight.shape.count(upTo: largestWeight) == nil {
      throw Failure(
        layer: layer, name: name, problem: "learns a \(weight.path) of \(weight.shape.tuple)",
        remedy: "at most \(largestWeight) numbers: fewer units or filters, a smaller input")
    }
  }

  package var outputShape: Shape { layers[layers.count - 1].outputShape }

  package var parameterCount: Int { layers.reduce(0) { $0 + $1.parameterCount } }

  /// Every weight under Keras's name, in order: `dense/kernel`, `lstm/lstm_cell/bias`.
  package var weights: [(name: String, spec: WeightSpec)] {
    layers.flatMap { layer in layer.weights.map { ("\(layer.name)/\($0.path)", $0) } }
  }

  /// The weights a run with this seed begins with.
  package func initialWeights(seed: UInt64) -> [String: Tensor] {
    var all: [String: Tensor] = [:]
    for (name, spec) in weights {
      all[name] = Tensor(
        shape: spec.shape,
        scalars: spec.initialNumbers(seed: seed, name: name))
    }
    return all
  }

  // MARK: Plans

  /// What a plan is for.
  package enum Purpose: Hashable, Sendable {
    /// All four phases.
    case training
    /// Forward and loss on examples that nothing is learned from.
    case evaluation
    /// Forward alone.
    case prediction
  }

  /// The plan for batches of one size. Parameters lie at the same place in every plan of a network.
  ///
  /// - Precondition: training and evaluation need a compilation.
  package func plan(batchSize: Int, for purpose: Purpose) -> Plan {
    var builder = GraphBuilder(mode: purpose == .training ? .training : .inference)
    let parameters = weights.map { name, spec in
      builder.parameter(name, Self.symbol(of: spec), spec.shape)
    }
    let input = builder.input("input", "x", Shape([batchSize] + inputShape.extents))
    var value = input
    var next = 0
    for placed in layers {
      let own = Array(parameters[next..<next + placed.weights.count])
      next += own.count
      let before = value
      value = builder.layer(placed.name) {
        placed.layer.lower(before, weights: own, into: &$0)
      }
    }
    guard purpose != .prediction, let compilation = description.compilation else {
      precondition(purpose == .prediction, "the model is not compiled")
      return Planner.plan(builder, input: input, output: value, parameters: parameters)
    }
    return Planner.plan(
      builder, input: input, output: value, parameters: parameters, loss: loss(compilation),
      optimizer: purpose == .training ? Self.optimizer(compilation.optimizer) : nil)
  }

  private func loss(_ compilation: Compilation) -> Loss {
    Loss(compilation.loss, afterSoftmax: endsInSoftmax)
  }

  /// Whether the prediction is a softmax, whose rows sum to 1 already.
  package var endsInSoftmax: Bool {
    guard let last = description.layers.last, last.arguments.values["activation"] != nil else {
      return false
    }
    return last.arguments.activation() == .softmax
  }

  private static func optimizer(_ component: Component) -> any UpdateRule {
    switch component.kind {
    case "Adam": Adam(component.arguments)
    case "SGD": SGD(component.arguments)
    default: preconditionFailure("no optimizer \(component.kind)")
    }
  }

  private static func symbol(of spec: WeightSpec) -> String {
    switch spec.path.split(separator: "/").last {
    case "kernel": spec.shape.rank == 4 ? "K" : "W"
    case "recurrent_kernel": "U"
    default: "b"
    }
  }
}
