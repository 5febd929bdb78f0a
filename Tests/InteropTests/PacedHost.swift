import FileFormats
import Foundation
import KerasCode
import NeuralNets
import Scripts
import Tensors

/// Runs a program in a folder, but trains it little: few epochs, and in the order of the examples, so
/// that Keras can do the same. Beyond some `train_on_batch` the program ends.
final class PacedHost: ProgramHost {
  /// The program has trained enough.
  struct Enough: Error {}

  static let (epochs, steps) = (2, 12)

  private let inner: ScriptHost
  /// The loss of each epoch of `fit` and of each `train_on_batch`.
  private(set) var losses: [Double] = []
  /// What each model began with, in the order in which they were first used.
  private(set) var begun: [[LayerWeight]] = []
  private(set) var printed = ""
  private var models: [ModelHandle] = []
  private var stepCount = 0

  init(_ folder: URL) {
    let console = ScriptConsole(now: { 0 }, write: { _ in })
    inner = ScriptHost(console, folder: ProgramFolder(folder), seed: 1)
  }

  /// Notes what a model begins with when it is used for the first time.
  private func meet(_ model: ModelHandle) throws {
    guard !models.contains(where: { $0 === model }) else { return }
    models.append(model)
    begun.append(try inner.weights(of: model))
  }

  func write(_ text: String) { printed += text }
  func note(_ message: Diagnostic) {}

  func fit(_ model: ModelHandle, _ data: BatchData, _ options: FitOptions) throws -> FitHistory {
    try meet(model)
    var options = options
    (options.epochs, options.shuffle, options.verbose) = (Self.epochs, false, 0)
    let history = try inner.fit(model, data, options)
    losses += history.series.first { $0.name == "loss" }?.values.map(\.mean) ?? []
    return history
  }

  func trainOnBatch(
    _ model: ModelHandle, _ data: BatchData
  ) throws -> [(name: String, value: MetricResult)] {
    try meet(model)
    guard stepCount < Self.steps else { throw Enough() }
    stepCount += 1
    let numbers = try inner.trainOnBatch(model, data)
    losses.append(numbers.first?.value.mean ?? .nan)
    return numbers
  }

  func predict(
    _ model: ModelHandle, _ inputs: [NDArray], batchSize: Int?, verbose: Int, isTraining: Bool?
  ) throws -> [NDArray] {
    try meet(model)
    return try inner.predict(
      model, inputs, batchSize: batchSize, verbose: 0, isTraining: isTraining)
  }

  func evaluate(
    _ model: ModelHandle, _ data: BatchData, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: MetricResult)] {
    try inner.evaluate(model, data, batchSize: batchSize, verbose: 0)
  }

  // MARK: As ever

  func learningRate(_ model: ModelHandle) throws -> Double { try inner.learningRate(model) }
  func setLearningRate(_ model: ModelHandle, _ rate: Double) throws {
    try inner.setLearningRate(model, rate)
  }
  func summary(_ model: ModelHandle, _ options: SummaryOptions) throws -> String {
    try inner.summary(model, options)
  }
  func weights(of layer: any GraphLayer) throws -> [LayerWeight] { try inner.weights(of: layer) }
  func setWeights(of layer: any GraphLayer, _ tensors: [Tensor]) throws {
    try inner.setWeights(of: layer, tensors)
  }
  func carried(by layer: any GraphLayer) throws -> [LayerState] { try inner.carried(by: layer) }
  func carry(_ states: [Tensor], by layer: any GraphLayer) throws {
    try inner.carry(states, by: layer)
  }
  func save(_ model: ModelHandle, to file: String) throws { try inner.save(model, to: file) }
  func saveWeights(_ model: ModelHandle, to file: String) throws {
    try inner.saveWeights(model, to: file)
  }
  func loadWeights(_ model: ModelHandle, from file: String) throws {
    try inner.loadWeights(model, from: file)
  }
  func loadModel(_ file: String) throws -> ModelHandle { try inner.loadModel(file) }
  func read(file: String) throws -> [UInt8] { try inner.read(file: file) }
  func write(_ bytes: [UInt8], to file: String) throws { try inner.write(bytes, to: file) }
}

extension ProgramTemplate {
  /// Runs it in a folder where its data are, trained little.
  func paced(in folder: URL) throws -> PacedHost {
    let host = PacedHost(folder)
    do { try Evaluator.run(text, file: fileName, host: host, seed: 1) } catch is PacedHost.Enough {}
    return host
  }
}
