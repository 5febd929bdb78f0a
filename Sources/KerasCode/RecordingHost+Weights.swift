import NeuralNets
import Tensors

// Weights that a program gives to its model before it trains: what it begins with.

extension RecordingHost {
  /// The weights now: as the program set them, else as the initializers draw them.
  func weights(of layer: any GraphLayer) throws -> [LayerWeight] {
    guard let shapes = layer.builtShapes else { return [] }
    let specs = try layer.specs(for: shapes)
    return zip(specs, try owners(of: layer, shapes)).map { spec, owner in
      let known = owner.store.numbers[owner.path]
      return LayerWeight(
        path: spec.path,
        tensor: known?.shape == spec.shape
          ? known ?? drawn(spec, of: layer, owner) : drawn(spec, of: layer, owner),
        isTrainable: spec.isTrainable)
    }
  }

  func setWeights(of layer: any GraphLayer, _ tensors: [Tensor]) throws {
    mark()
    guard let shapes = layer.builtShapes else { return }
    for (owner, tensor) in zip(try owners(of: layer, shapes), tensors) {
      owner.store.numbers[owner.path] = tensor
    }
  }

  func loadWeights(_ model: ModelHandle, from file: String) throws {
    mark()
    guard let readWeights else { return }
    let weights = try readWeights(file)
    guard let network = try network(of: model) else { return }
    for ((name, spec), owner) in zip(network.weights, model.owners(of: network.graph)) {
      guard let tensor = weights[name], tensor.shape == spec.shape else {
        throw Complaint(
          "\"\(file)\" has no weight \(name) of shape \(spec.shape.tuple)",
          remedy: "a file of this model's weights", at: .argument(0))
      }
      owner.store.numbers[owner.path] = tensor
    }
  }

  /// What the program gave, under Keras's names; nil when it left all to the initializers.
  func givenWeights(of model: ModelHandle) throws -> [String: Tensor]? {
    guard let network = try? network(of: model) else { return nil }
    var given: [String: Tensor] = [:]
    for ((name, spec), owner) in zip(network.weights, model.owners(of: network.graph)) {
      if let tensor = owner.store.numbers[owner.path], tensor.shape == spec.shape {
        given[name] = tensor
      }
    }
    return given.isEmpty ? nil : given
  }

  /// The model with every shape resolved; nil before its inputs are known.
  private func network(of model: ModelHandle) throws -> Network? {
    guard model.inputShapes != nil, !model.innerLayers.isEmpty else { return nil }
    let description = try model.description().withoutCountedNames
    return try Network(description, inputShape: model.inputShapes?.first)
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

  /// What the initializers draw: with the seed of the program, under the names of the run.
  private func drawn(
    _ spec: WeightSpec, of layer: any GraphLayer, _ owner: (store: LayerStore, path: String)
  ) -> Tensor {
    let seed = evaluator?.seeds.programSeed.map { UInt64(bitPattern: Int64($0)) } ?? 1
    if let home = layer as? ModelHandle ?? layer.store.home, let network = try? network(of: home),
      let place = home.owners(of: network.graph).firstIndex(where: {
        $0.store === owner.store && $0.path == owner.path
      }), network.weights[place].spec.shape == spec.shape
    {
      let (name, spec) = network.weights[place]
      return Tensor(shape: spec.shape, scalars: spec.initialNumbers(seed: seed, name: name))
    }
    return Tensor(
      shape: spec.shape,
      scalars: spec.initialNumbers(seed: seed, name: layer.layerName + "/" + spec.path))
  }
}

extension FitOptions {
  /// What a `LearningRateScheduler` gives for each epoch, as far as it can be asked before any of
  /// them; empty without one.
  func scheduledRates(from first: Double) -> [Float] {
    guard let caller,
      let schedule = watchers.lazy.compactMap({ watcher in
        if case .program(let callback) = watcher, callback.kind == "LearningRateScheduler" {
          callback
        } else {
          nil
        }
      }).first
    else { return [] }
    var (rates, now) = ([Float](), Double(Float(first)))
    // More epochs than the program asks for may be trained by hand.
    for epoch in 0..<max(min(epochs, 100_000), 200) {
      guard let rate = try? caller.rate(schedule, epoch: epoch, now: now), rate >= 0 else { break }
      rates.append(Float(rate))
      now = Double(Float(rate))
    }
    return rates
  }
}
