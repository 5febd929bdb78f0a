import KerasCode
import NeuralNets
import Tensors

/// A host that trains nothing: what a program prints, and results that tests can know.
final class TestHost: ProgramHost {
  var output = ""
  var notes: [Diagnostic] = []
  var fits: [(data: BatchData, options: FitOptions)] = []
  var files: [String: [UInt8]] = [:]

  func write(_ text: String) { output += text }
  func note(_ message: Diagnostic) { notes.append(message) }

  func fit(_ model: ModelHandle, _ data: BatchData, _ options: FitOptions) -> FitHistory {
    fits.append((data, options))
    return FitHistory(series: [
      FitHistory.Series(
        name: "loss", values: (0..<options.epochs).map { .number(1 / Double($0 + 1)) })
    ])
  }

  func evaluate(
    _ model: ModelHandle, _ data: BatchData, batchSize: Int?, verbose: Int
  ) throws -> [(name: String, value: MetricResult)] {
    let metrics = try model.description().compilation?.metrics ?? []
    return [("loss", .number(0.25))]
      + metrics.map { metric in
        if case .named(let name) = metric {
          (name, .number(0.75))
        } else {
          ("metric", .number(0.75))
        }
      }
  }

  func predict(
    _ model: ModelHandle, _ inputs: [NDArray], batchSize: Int?, verbose: Int, isTraining: Bool?
  ) -> [NDArray] {
    let rows = inputs[0].shape[0]
    return [NDArray(shape: [rows, 1], scalars: [Double](repeating: 0.5, count: rows))]
  }

  func trainOnBatch(
    _ model: ModelHandle, _ data: BatchData
  ) -> [(name: String, value: MetricResult)] { [("loss", .number(0.5))] }

  func learningRate(_ model: ModelHandle) -> Double { 0.001 }
  func setLearningRate(_ model: ModelHandle, _ rate: Double) {}
  func summary(_ model: ModelHandle, _ options: SummaryOptions) -> String {
    "summary of \(model.layerName)"
  }
  func weights(of layer: any GraphLayer) -> [LayerWeight] {
    [LayerWeight(path: "kernel", tensor: Tensor(shape: [6, 7], repeating: 0), isTrainable: true)]
  }
  func setWeights(of layer: any GraphLayer, _ tensors: [Tensor]) {}
  func carried(by layer: any GraphLayer) throws -> [LayerState] { try layer.knownStates() }
  func carry(_ states: [Tensor], by layer: any GraphLayer) {}
  func save(_ model: ModelHandle, to file: String) {}
  func saveWeights(_ model: ModelHandle, to file: String) {}
  func loadWeights(_ model: ModelHandle, from file: String) {}
  func loadModel(_ file: String) throws -> ModelHandle { throw Complaint("no model \(file)") }
  func write(_ bytes: [UInt8], to file: String) { files[file] = bytes }
  func read(file: String) throws -> [UInt8] {
    guard let bytes = files[file] else { throw Complaint("there is no file \"\(file)\"") }
    return bytes
  }
}

/// What a program prints, or the message it ends with.
func outcome(_ program: String, host: TestHost = TestHost()) -> String {
  do {
    try Evaluator.run(program, file: "p.py", host: host)
    return host.output
  } catch {
    return host.output + "\(error)"
  }
}
