import FileFormats
import Interchange
import KerasCode
import NeuralNets
import Tensors
import Training

// The weights of a program's models, and the files they lie in.

extension ScriptHost {
  package func summary(_ model: ModelHandle, _ given: SummaryOptions) throws -> String {
    var options = given
    options.terminalColumns = console.columns
    guard model.inputShapes != nil, !model.innerLayers.isEmpty else {
      return SummaryTable.unbuilt(try model.description(), options)
    }
    let network = try TrainedModel.network(of: model)
    return ModelSummary(network).table(
      options, showsInput: model.isFunctional, inputNames: model.inputNames,
      kinds: model.writtenKinds,
      countsOptimizer: trained(model).hasOptimizerState(model),
      beside: try model.otherLength(network.graph, network.description))
  }

  package func weights(of layer: any GraphLayer) throws -> [LayerWeight] {
    if let home = try home(of: layer) {
      let network = try TrainedModel.network(of: home)
      _ = trained(home).weights(of: home, network)
    }
    return try drawn(layer)
  }

  /// The model whose initializers draw the weights of a layer.
  private func home(of layer: any GraphLayer) throws -> ModelHandle? {
    let model = layer as? ModelHandle ?? layer.store.home
    guard let model, model.inputShapes != nil, !model.innerLayers.isEmpty else { return nil }
    return model
  }

  /// The weights of a layer; those that no model has drawn are drawn now.
  private func drawn(_ layer: any GraphLayer) throws -> [LayerWeight] {
    guard let shapes = layer.builtShapes else { return [] }
    let specs = try layer.specs(for: shapes)
    return zip(specs, try owners(of: layer, shapes)).map { spec, owner in
      let known = owner.store.numbers[owner.path]
      let tensor =
        known?.shape == spec.shape
        ? known : nil
      let numbers =
        tensor
        ?? Tensor(
          shape: spec.shape,
          scalars: spec.initialNumbers(seed: seed, name: layer.layerName + "/" + spec.path))
      owner.store.numbers[owner.path] = numbers
      return LayerWeight(path: spec.path, tensor: numbers, isTrainable: spec.isTrainable)
    }
  }

  private func owners(
    of layer: any GraphLayer, _ shapes: [Shape]
  ) throws -> [(store: LayerStore, path: String)] {
    let made = try LayerCatalog.layer(try layer.component(), inputs: shapes, depth: 0)
    guard let graph = made.inner(for: shapes) else {
      return made.weights(for: shapes).map { (layer.store, $0.path) }
    }
    return layer.owners(of: graph)
  }

  package func setWeights(of layer: any GraphLayer, _ tensors: [Tensor]) throws {
    guard let shapes = layer.builtShapes else { return }
    for (owner, tensor) in zip(try owners(of: layer, shapes), tensors) {
      owner.store.numbers[owner.path] = tensor
    }
    if let home = try home(of: layer) { handOver(to: home) }
  }

  /// Gives the fit of a model, where one runs, the numbers that lie with its layers.
  func handOver(to model: ModelHandle) {
    guard let running = trained(model).running else { return }
    let network = running.session.network
    for ((name, _), owner) in zip(network.weights, model.owners(of: network.graph)) {
      if let tensor = owner.store.numbers[owner.path] {
        running.session.overwriteWeights([name: tensor])
      }
    }
  }

  package func carried(by layer: any GraphLayer) throws -> [LayerState] {
    if let home = try home(of: layer) {
      let network = try TrainedModel.network(of: home)
      _ = trained(home).carried(of: home, network)
    }
    return try layer.knownStates()
  }

  package func carry(_ states: [Tensor], by layer: any GraphLayer) throws {
    for (owner, tensor) in zip(try layer.stateOwners(), states) {
      owner.store.carried[owner.path] = tensor
    }
    guard let home = try home(of: layer), let running = trained(home).running else { return }
    let network = running.session.network
    for ((name, _), owner) in zip(network.carried, home.carriers(in: network.graph)) {
      if let tensor = owner.store.carried[owner.path] {
        running.session.overwriteCarried([name: tensor])
      }
    }
  }

  /// The weights in Keras's order.
  private func named(_ model: ModelHandle) throws -> [(name: String, tensor: Tensor)] {
    guard model.inputShapes != nil, !model.innerLayers.isEmpty else { return [] }
    let network = try TrainedModel.network(of: model)
    let weights = trained(model).weights(of: model, network)
    return network.weights.compactMap { name, _ in weights[name].map { (name, $0) } }
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
    trained(model).give(weights, to: model, network)
  }

  package func save(_ model: ModelHandle, to file: String) throws {
    throw Complaint(
      "model.save(\"\(file)\") is not understood in this version",
      remedy:
        "save the weights: model.save_weights(\"model.weights.safetensors\"); this program is the"
        + " rest of the model", at: .argument(0))
  }

  package func loadModel(_ file: String) throws -> ModelHandle {
    throw Complaint(
      "load_model(\"\(file)\") is not understood in this version",
      remedy: "make the model in code, then model.load_weights(\"model.weights.safetensors\")",
      at: .argument(0))
  }

  package func read(file: String) throws -> [UInt8] { try folder.read(file) }
  package func write(_ bytes: [UInt8], to file: String) throws {
    try folder.write(bytes, to: file)
  }

  /// A failure of a file as something that the evaluator gives a place in the program.
  private func filing<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let failure as FileFailure {
      throw Complaint(
        "\(failure.place): \(failure.found)", remedy: failure.right, at: .argument(0))
    }
  }
}
