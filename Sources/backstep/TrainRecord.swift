import Datasets
import FileFormats
import Foundation
import KerasCode
import LabRuntime
import NeuralNets
import RunStore
import Scripts
import Tensors
import Training

/// Keeps what was trained in the record; a record that cannot be kept is said and gone without.
struct TrainRecord {
  private let store: RunStore
  private let number: RunNumber

  /// Begins a run in the record under the XDG data directory; nil when there can be none.
  init?(_ session: Session, code: String, name: String?) {
    do {
      store = try RunStore(directory: Directories.data)
      let settings = session.settings
      let optimizer = settings.model.compilation?.optimizer.kind ?? ""
      number = try store.begin(
        RunRecord(
          name: name, started: Date(), modelCode: code,
          modelSummary: Self.shortSummary(session.network), dataName: settings.data.name,
          dataFingerprint: Self.fingerprint(settings.data), batchSize: settings.batchSize,
          epochs: settings.epochs,
          seed: settings.seed, optimizer: optimizer,
          learningRate: Double(session.learningRate(at: 0)),
          parameterCount: session.network.parameterCount))
    } catch {
      Output.complain("backstep: the run is not recorded: \(error)")
      return nil
    }
  }

  /// Keeps numbers and weights of a run that has ended.
  /// - Returns: what the run is called, nil when it could not be kept.
  func finish(_ session: Session, _ weights: Safetensors, isWhole: Bool) -> String? {
    do {
      let history = session.history
      // A curve of some thousand points says it all: long runs keep every so many steps.
      let spacing = max(1, history.steps.count / 20_000)
      let points = history.metricPoints(from: 0, stepsPerEpoch: session.stepsPerEpoch)
        .filter { Self.isOfEpoch($0.series) || $0.step % spacing == 0 }
      try store.append(points, to: number)
      try store.update(number, history.outcome(isWhole ? .finished : .stopped), at: Date())
      try store.saveWeights(weights, of: number)
      return "\(number)"
    } catch {
      Output.complain("backstep: the run is not recorded: \(error)")
      return nil
    }
  }

  private static func isOfEpoch(_ series: String) -> Bool {
    series.hasPrefix("epoch_") || series.hasPrefix("val_")
  }

  private static func fingerprint(_ data: TrainingData) -> String {
    func part(_ examples: Examples) -> Dataset.Part {
      Dataset.Part(inputs: examples.inputs, targets: examples.targets)
    }
    return Dataset(
      name: data.name, origin: "", license: "", features: [], task: .regression,
      training: part(data.training), validation: data.validation.map(part)
    ).fingerprint
  }

  /// `64-32-10 relu`: outputs of the layers with weights, and the first activation.
  private static func shortSummary(_ network: Network) -> String {
    let sizes =
      [network.inputShape.count]
      + network.layers.filter { !$0.weights.isEmpty }.map(\.outputShape.last)
    var functions: [String] = []
    for layer in network.description.layers {
      guard layer.arguments.values["activation"] != nil,
        case .text(let name) = layer.arguments["activation"]
      else { continue }
      functions.append(name)
    }
    return sizes.map(String.init).joined(separator: "-") + (functions.first.map { " \($0)" } ?? "")
  }
}
