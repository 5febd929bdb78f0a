import FileFormats
import KerasCode
import NeuralNets
import Tensors

// The weights of a program's models, and the files they lie in.

extension ScriptHost {
  package func summary(_ model: ModelHandle) throws -> String {
    guard model.description.inputShape != nil, !model.description.layers.isEmpty else {
      return ModelSummary.unbuilt(model.description)
    }
    let summary = ModelSummary(try TrainedModel.network(of: model))
    return summary.table(
      showsInput: model.isFunctional,
      countsOptimizer: trained(model).hasOptimizerState(model))
  }

  package func parameterCount(_ model: ModelHandle) throws -> Int {
    try TrainedModel.network(of: model).parameterCount
  }

  package func weights(_ model: ModelHandle) throws -> [NDArray] {
    try named(model).map { NDArray($0.tensor) }
  }

  /// The weights in Keras's order.
  private func named(_ model: ModelHandle) throws -> [(name: String, tensor: Tensor)] {
    guard model.description.inputShape != nil, !model.description.layers.isEmpty else { return [] }
    let network = try TrainedModel.network(of: model)
    let weights = trained(model).weights(for: network)
    return network.weights.compactMap { name, _ in weights[name].map { (name, $0) } }
  }

  package func setWeights(_ model: ModelHandle, _ weights: [NDArray]) throws {
    let network = try TrainedModel.network(of: model)
    guard weights.count == network.weights.count else {
      throw Complaint(
        "\(weights.count) arrays for a model of \(network.weights.count) weights",
        remedy: "give them in the order of get_weights()", at: .argument(0))
    }
    var named: [String: Tensor] = [:]
    for ((name, spec), array) in zip(network.weights, weights) {
      guard array.shape == spec.shape else {
        throw Complaint(
          "an array of shape \(array.shape.tuple) for \(name)",
          remedy: "its shape is \(spec.shape.tuple)", at: .argument(0))
      }
      named[name] = array.tensor
    }
    trained(model).set(named)
  }

  package func saveWeights(_ model: ModelHandle, to file: String) throws {
    let bytes = try filing { try WeightFile.bytes(try named(model), file: file) }
    try folder.write(bytes, to: file)
  }

  package func loadWeights(_ model: ModelHandle, from file: String) throws {
    let network = try TrainedModel.network(of: model)
    let bytes = try folder.read(file)
    let weights = try filing {
      let weights = try WeightFile.read(bytes, file: file)
      try WeightFile.check(weights, for: network, file: file)
      return weights
    }
    trained(model).set(weights)
  }

  package func save(_ model: ModelHandle, to file: String) throws {
    throw Complaint(
      "model.save(\"\(file)\") is not understood in this version",
      remedy: "save the weights: model.save_weights(\"model.safetensors\")", at: .argument(0))
  }

  package func loadModel(_ file: String) throws -> (ModelDescription, AnyObject?) {
    throw Complaint(
      "load_model(\"\(file)\") is not understood in this version",
      remedy: "make the model in code, then model.load_weights(\"model.safetensors\")",
      at: .argument(0))
  }

  package func read(file: String) throws -> [UInt8] { try folder.read(file) }

  /// A failure of a file as something that the evaluator gives a place in the program.
  private func filing<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let failure as FileFailure {
      throw Complaint(
        "\(failure.place): \(failure.found)", remedy: failure.right, at: .argument(0))
    }
  }
}
