import Datasets
import KerasCode
import Foundation
import NeuralNets
import Scripts
import Tensors
import Training

/// What a run is made of, from options and from what the program itself says.
struct TrainingChoice {
  let data: String?
  let target: String?
  let epochs: Int?
  let batchSize: Int?
  let validationSplit: Double?
  let shuffles: Bool?
  let seed: UInt64

  /// - Throws: `CommandFailure` when there is nothing to learn from; as the parts do otherwise.
  func settings(for loaded: LoadedModel, initialWeights: String?) throws -> RunSettings {
    let file = loaded.file
    let options = file.fit?.options
    let split = validationSplit ?? options?.validationSplit ?? 0
    let data = try trainingData(for: loaded, split: split)
    var settings = RunSettings(
      model: file.description, data: data, batchSize: batchSize ?? options?.batchSize ?? 32,
      epochs: epochs ?? options?.epochs ?? 1, seed: seed,
      shuffles: shuffles ?? options?.shuffle ?? true)
    if let initialWeights {
      let network = try loaded.network(for: data.training.inputs)
      settings.initialWeights = try readWeights(initialWeights, for: network)
    }
    return settings
  }

  private func trainingData(for loaded: LoadedModel, split: Double) throws -> TrainingData {
    if let data {
      let dataset = try openData(data, target: target)
      let preparation = DataPreparation(unseenShare: split, standardizes: false, seed: seed)
      return try TrainingData(dataset, preparation, for: loaded.file.description)
    }
    guard let fit = loaded.file.fit else {
      throw CommandFailure(
        "\(loaded.path) has no fit of its own; say what to learn from: --data NAME or --data FILE",
        code: .usage)
    }
    let all = Examples(inputs: fit.x.tensor, targets: fit.y.tensor)
    if let validation = fit.options.validationData, validationSplit == nil {
      return TrainingData(
        name: loaded.name, training: all,
        validation: Examples(inputs: validation.x.tensor, targets: validation.y.tensor))
    }
    guard split > 0 else { return TrainingData(name: loaded.name, training: all) }
    return try TrainingData(lastRowsOf: all, fraction: split, name: loaded.name)
  }
}
