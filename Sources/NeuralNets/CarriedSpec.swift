import Tensors

/// One array that a layer carries from each batch to the next, 0 in the beginning: what a recurrent
/// layer with `stateful=True` ended with. It is not learned, and none of the layer's weights.
package struct CarriedSpec: Hashable, Sendable {
  /// Where it lies below the layer: `state_h`, `forward_lstm/state_c`.
  package var path: String
  /// Of one example of the batch.
  package let shape: Shape

  package init(_ path: String, _ shape: Shape) {
    self.path = path
    self.shape = shape
  }

  /// How formulas write it: `h`, `c`.
  package var symbol: String {
    path.split(separator: "_").last.map { $0 + "[−1]" } ?? "h[−1]"
  }

  /// The same below something else.
  func below(_ name: String) -> CarriedSpec { CarriedSpec(name + "/" + path, shape) }
}

extension Component {
  /// Whether it, or a layer within it, carries something from batch to batch.
  package var carriesStates: Bool {
    if case .model(let model)? = body { return model.carriesStates }
    return arguments[ifTaken: "stateful"] == .boolean(true)
      || layers.contains(where: \.carriesStates)
  }
}

extension ModelDescription {
  /// Whether a layer carries something from batch to batch.
  package var carriesStates: Bool { layers.contains(where: \.carriesStates) }
}

extension Network {
  /// What its layers carry from batch to batch, under the names that plans give it.
  package var carried: [(name: String, shape: Shape)] {
    guard let batch = description.batchSize else { return [] }
    return graph.carried.map { ($0.path, Shape([batch] + $0.shape.extents)) }
  }

  /// The only batches that it takes, where a layer carries something for each of their examples.
  package var fixedBatchSize: Int? { graph.carried.isEmpty ? nil : description.batchSize }

  /// Throws where a layer carries something and it is open for how many examples.
  func checkCarried() throws(Failure) {
    guard let place = layers.firstIndex(where: { !$0.carried.isEmpty }) else { return }
    guard let batch = description.batchSize else {
      throw Failure(
        layer: place, name: layers[place].name, problem: Self.openBatch.problem,
        remedy: Self.openBatch.remedy)
    }
    for state in graph.carried
    where Shape([batch] + state.shape.extents).count(upTo: Self.largestWeight) == nil {
      throw Failure(
        layer: place, name: layers[place].name,
        problem: "carries \(state.path) of (\(batch), \(state.shape.last))",
        remedy: "a smaller batch, or fewer units")
    }
  }

  /// What is wrong with a stateful layer in a model that does not say how large its batches are.
  package static let openBatch = LayerFailure(
    "has stateful=True, and the size of the batches is open",
    remedy: "Input(batch_shape=(batch, time steps, features)), or Input(…, batch_size=…)")
}
