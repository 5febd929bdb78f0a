import NeuralNets
import Tensors

extension RunSettings {
  /// The same with those of the given weights that fit the network: it may be another one by now.
  package var withFittingWeights: RunSettings {
    guard let given = initialWeights else { return self }
    var settings = self
    let example = Shape(Array(data.training.inputs.shape.extents.dropFirst()))
    guard let network = try? Network(model, inputShape: example) else { return self }
    let shapes = Dictionary(
      network.weights.map { ($0.name, $0.spec.shape) } + network.carried.map { ($0.name, $0.shape) }
    ) { first, _ in first }
    let fitting = given.filter { shapes[$0.key] == $0.value.shape }
    settings.initialWeights = fitting.isEmpty ? nil : fitting
    return settings
  }
}
