import NeuralNets
import Tensors

// What the stateful layers of a running program carry from batch to batch, and how large their
// batches are.

/// An array that a layer carries, by its path below it.
package struct LayerState: Sendable {
  package let path: String
  package let tensor: Tensor
}

extension GraphLayer {
  /// What it carries for each example, where its input is known.
  private func carriedSpecs() throws -> [CarriedSpec] {
    guard carriesStates, let shapes = builtShapes else { return [] }
    let component = try component()
    do throws(LayerFailure) {
      return try LayerCatalog.layer(component, inputs: shapes, depth: 0).carried(for: shapes)
    } catch {
      throw Complaint("\(typeName) \(error.problem)", remedy: error.remedy)
    }
  }

  /// Where what it carries lies; none before its batches are known.
  package func stateOwners() throws -> [(store: LayerStore, path: String)] {
    guard store.batchSize != nil else { return [] }
    return try carriedSpecs().map { (store, $0.path) }
  }

  /// What it carries as far as it is known; else the zeros that it begins with.
  package func knownStates() throws -> [LayerState] {
    guard let batch = store.batchSize else { return [] }
    return try carriedSpecs().map { spec in
      let shape = Shape([batch] + spec.shape.extents)
      let known = store.carried[spec.path]
      return LayerState(
        path: spec.path,
        tensor: known?.shape == shape
          ? known ?? Tensor(shape: shape, repeating: 0)
          : Tensor(shape: shape, repeating: 0))
    }
  }

  /// Where each array lies that the layers of its network carry, in the order of the network.
  package func carriers(in graph: PlacedGraph) -> [(store: LayerStore, path: String)] {
    zip(innerLayers, graph.layers).flatMap { layer, placed in
      placed.inner.map { layer.carriers(in: $0) }
        ?? placed.carried.map { (layer.store, $0.path) }
    }
  }

  // MARK: Batches

  /// How many examples its inputs have, nil where that is open.
  func batchSize(of inputs: [NodeInput]) throws -> Int? {
    let sizes = inputs.compactMap { $0.tensor?.batchSize }
    guard let first = sizes.first else { return nil }
    if let other = sizes.first(where: { $0 != first }) {
      throw Complaint(
        "\(typeName) gets batches of \(first) and of \(other) examples",
        remedy: "inputs of one batch_size")
    }
    return first
  }

  /// Notes how large the batches of a layer are that carries something for each of their examples.
  ///
  /// - Throws: a `Complaint` where that is open, or not what it was at the first call.
  func checkBatches(of size: Int?) throws {
    guard carriesStates else { return }
    guard let size else {
      throw Complaint(
        "\(typeName) \(Network.openBatch.problem)", remedy: Network.openBatch.remedy)
    }
    let model = self as? ModelHandle
    if let known = store.batchSize ?? model?.batchSize, known != size {
      throw Complaint(
        "\(typeName) is stateful and carries on \(known) sequences, and gets a batch of \(size)",
        remedy: "batches of \(known)")
    }
    for spec in try carriedSpecs()
    where Shape([size] + spec.shape.extents).count(upTo: Network.largestWeight) == nil {
      throw Complaint(
        "\(typeName) would carry \(spec.path) of (\(size), \(spec.shape.last))",
        remedy: "a smaller batch, or fewer units")
    }
    store.batchSize = size
    model?.takeBatchSize(size)
  }
}

extension Evaluator {
  /// Follows functions of the program on batches of a size.
  func withBatches<R>(of size: Int?, _ body: () throws -> R) rethrows -> R {
    guard let size else { return try body() }
    let before = followedBatch
    followedBatch = size
    defer { followedBatch = before }
    return try body()
  }
}

// MARK: Methods

/// What recurrent layers answer about what they carry.
enum StateMethods {
  private static let all = ["reset_state", "reset_states", "states"]

  /// Those of a layer: `Bidirectional` has them from the layer that it wraps.
  static func names(of layer: LayerObject) -> [String] { isRecurrent(layer) ? all : [] }

  private static func isRecurrent(_ layer: LayerObject) -> Bool {
    layer.typeName == "Bidirectional"
      || LayerCatalog.type(named: layer.typeName) is any RecurrentLayer.Type
  }

  static func attribute(
    _ name: String, _ layer: LayerObject, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    guard isRecurrent(layer) else { return nil }
    let isBidirectional = layer.typeName == "Bidirectional"
    switch name {
    case "stateful" where isBidirectional: return .boolean(layer.carriesStates)
    case "reset_state", "reset_states":
      return .object(
        NativeFunction("\(name)()") { call in
          guard layer.carriesStates || !isBidirectional else {
            throw Complaint(
              "\(layer.layerName) is not stateful",
              remedy: "Bidirectional(LSTM(…, stateful=True))")
          }
          let known = try call.evaluator.host.carried(by: layer)
          try call.evaluator.host.carry(
            known.map { Tensor(shape: $0.tensor.shape, repeating: 0) }, by: layer)
          return .none
        })
    case "states":
      let known = try evaluator.host.carried(by: layer)
      guard !known.isEmpty else { return PythonValue.none }
      let all = known.indices.map {
        PythonValue.object(StateObject(layer, $0, path: known[$0].path))
      }
      return isBidirectional ? try evaluator.tuple(all) : try evaluator.list(all)
    default: return nil
    }
  }
}

/// An array that a layer carries, as `layer.states` gives it.
final class StateObject: ArrayConvertible {
  private let layer: LayerObject
  private let place: Int
  private let path: String

  init(_ layer: LayerObject, _ place: Int, path: String) {
    self.layer = layer
    self.place = place
    // Keras has one name for all of them.
    self.path =
      layer.layerName + "/"
      + (path.split(separator: "/").dropLast().map(String.init) + ["rnn_state"])
      .joined(separator: "/")
  }

  var typeName: String { "Variable" }
  var shown: String { "<Variable path=\(path)>" }
  var attributeNames: [String] {
    ["assign", "dtype", "name", "numpy", "path", "shape", "trainable"]
  }

  private func numbers(_ evaluator: Evaluator) throws -> Tensor {
    try evaluator.host.carried(by: layer)[place].tensor
  }

  func array(_ evaluator: Evaluator) throws -> NDArray { NDArray(try numbers(evaluator)) }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "name": return .text("rnn_state")
    case "path": return .text(path)
    case "dtype": return .text("float32")
    case "trainable": return .boolean(false)
    case "shape":
      return try evaluator.tuple(
        try numbers(evaluator).shape.extents.map { .integer($0) })
    case "numpy", "value":
      return .object(
        NativeFunction("\(name)()") { call in
          try call.evaluator.value(NDArray(try self.numbers(call.evaluator)))
        })
    case "assign":
      return .object(
        NativeFunction("assign(value)") { call in
          let array = try call.array("value")
          var all = try call.evaluator.host.carried(by: self.layer).map(\.tensor)
          guard all[self.place].shape == array.shape else {
            throw Complaint(
              "an array of shape \(array.shape.tupleText) for \(self.path)",
              remedy: "its shape is \(all[self.place].shape.tupleText)", at: .argument(0))
          }
          all[self.place] = array.tensor
          try call.evaluator.host.carry(all, by: self.layer)
          return .none
        })
    default: return nil
    }
  }
}
