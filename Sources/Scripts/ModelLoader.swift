import Datasets
import FileFormats
import Foundation
import Interchange
import KerasCode
import NeuralNets
import Tensors
import Training

/// What a command line adds to a model file: it overrides what the file's own `fit` says.
package struct RunOverrides: Sendable {
  /// A data set by name, or a file.
  package var data: String?
  /// A data set that was opened already.
  package var dataset: Dataset?
  package var target: String?
  package var epochs: Int?
  package var batchSize: Int?
  package var seed: UInt64?
  package var shuffles: Bool?
  package var unseenShare: Double?

  package init() {}
}

/// Reads model files and makes runs of them.
package struct ModelLoader: Sendable {
  package let library: DatasetLibrary

  package init(library: DatasetLibrary) { self.library = library }

  /// Reads a model file; the program may read files in its own folder only.
  /// - Parameter keepsMisfits: whether a model whose layer does not fit is read too.
  /// - Throws: `Diagnostic`, `FileFailure`.
  package func read(
    _ url: URL, seed: UInt64 = 0, keepsMisfits: Bool = false
  ) throws -> ModelFile {
    let text = String(decoding: try FileBytes.read(url), as: UTF8.self)
    return try Self.read(
      text, at: url, named: url.lastPathComponent, seed: seed, keepsMisfits: keepsMisfits)
  }

  /// Reads the text of a model file; messages call it by `name`.
  package static func read(
    _ text: String, at url: URL, named name: String, seed: UInt64, keepsMisfits: Bool = false
  ) throws -> ModelFile {
    let folder = ProgramFolder(url.deletingLastPathComponent())
    return try ModelFile.read(
      text, file: name, seed: seed, keepsMisfits: keepsMisfits,
      readFile: { try folder.read($0) },
      readWeights: { try WeightFile.read(try folder.read($0), file: $0) })
  }

  /// The run that a model file and overrides make.
  package func settings(_ file: ModelFile, _ overrides: RunOverrides) throws -> RunSettings {
    var model = file.description
    let seed = overrides.seed ?? file.seed.map { UInt64(bitPattern: Int64($0)) } ?? 1
    let options = file.fit?.options
    let data: TrainingData
    let given =
      try overrides.dataset
      ?? overrides.data.map { try library.open($0, target: overrides.target) }
    if let dataset = given {
      let share = overrides.unseenShare ?? options?.validationSplit ?? 0
      data = try TrainingData(
        dataset, DataPreparation(unseenShare: share, seed: seed), for: model)
    } else if let fit = file.fit {
      try Self.checkSteps(fit.data, fit.options, overrides)
      data = try TrainingData(
        fit.data, fit.options, name: "the program's data", share: overrides.unseenShare)
    } else {
      throw RunFailure(
        "\(file.source.name) fits the model to no data",
        remedy: "--data with a data set (\(library.names.joined(separator: ", "))) or a file")
    }
    if model.inputShape == nil {
      model.inputShape = Shape(Array(data.training.inputs.shape.extents.dropFirst()))
    }
    var settings = RunSettings(
      model: model, data: data,
      batchSize: overrides.batchSize ?? options?.batchSize
        ?? (model.carriesStates ? model.batchSize : nil) ?? 32,
      epochs: overrides.epochs ?? options?.epochs ?? 1, seed: seed,
      shuffles: overrides.shuffles ?? options?.shuffle ?? true,
      initialWeights: file.initialWeights)
    settings.callbacks = RunCallbacks(file)
    return settings
  }

  /// A run that one goes through takes all batches in an epoch.
  private static func checkSteps(
    _ data: BatchData, _ options: FitOptions, _ overrides: RunOverrides
  ) throws(RunFailure) {
    guard let steps = options.stepsPerEpoch else { return }
    let share = overrides.unseenShare ?? options.validationSplit
    let examples = Int(Double(data.count) * (1 - share))
    let batches = Batches.count(of: examples, by: overrides.batchSize ?? options.batchSize)
    guard steps < batches else { return }
    throw RunFailure(
      "fit() with steps_per_epoch=\(steps) ends an epoch before its \(batches) batches are through",
      remedy: "backstep run, which does so, or a fit() without it")
  }
}
