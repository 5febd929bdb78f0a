import KerasCode
import NeuralNets
import Tensors

/// A host that trains nothing: what a program prints, and results that tests can know.
final class TestHost: ProgramHost {
  var output = ""
  var notes: [Diagnostic] = []
  var fits: [(x: NDArray, y: NDArray, options: FitOptions)] = []
  var files: [String: [UInt8]] = [:]

  func write(_ text: String) { output += text }
  func note(_ message: Diagnostic) { notes.append(message) }

  func fit(_ model: ModelHandle, x: NDArray, y: NDArray, options: FitOptions) -> FitHistory {
    fits.append((x, y, options))
    return FitHistory(series: [
      FitHistory.Series(name: "loss", values: (0..<options.epochs).map { 1 / Double($0 + 1) })
    ])
  }

  func evaluate(
    _ model: ModelHandle, x: NDArray, y: NDArray, batchSize: Int?, verbose: Int
  )
    -> [(name: String, value: Double)]
  {
    [("loss", 0.25)] + (model.description.compilation?.metrics ?? []).map { ($0, 0.75) }
  }

  func predict(_ model: ModelHandle, x: NDArray, batchSize: Int?, verbose: Int) -> NDArray {
    NDArray(shape: [x.shape[0], 1], scalars: [Double](repeating: 0.5, count: x.shape[0]))
  }

  func trainOnBatch(
    _ model: ModelHandle, x: NDArray, y: NDArray
  )
    -> [(name: String, value: Double)]
  { [("loss", 0.5)] }

  func summary(_ model: ModelHandle) -> String { "summary of \(model.description.name)" }
  func parameterCount(_ model: ModelHandle) -> Int { 42 }
  func weights(_ model: ModelHandle) -> [NDArray] { [] }
  func setWeights(_ model: ModelHandle, _ weights: [NDArray]) {}
  func save(_ model: ModelHandle, to file: String) {}
  func saveWeights(_ model: ModelHandle, to file: String) {}
  func loadWeights(_ model: ModelHandle, from file: String) {}
  func loadModel(_ file: String) throws -> (ModelDescription, AnyObject?) {
    throw Complaint("no model \(file)")
  }
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
