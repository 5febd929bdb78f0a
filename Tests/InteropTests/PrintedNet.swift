import FileFormats
import Foundation
import Tensors

/// A network as Keras code, with weights under Keras's names and inputs to try, for real Keras to
/// build.
struct PrintedNet: Sendable {
  /// What Keras made of it.
  struct Built: Sendable {
    /// Of all weights, moving averages included.
    let parameterCount: Int
    let trainableCount: Int
    /// The names of its layers in Keras's order, inputs left out.
    let layers: [String]
    /// In the model's order, as `predict` gives them.
    let outputs: [Tensor]
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  let name: String
  /// Statements that make the variable `model`.
  let code: String
  let weights: [String: Tensor]
  let inputs: [Tensor]

  /// Builds networks, all in one Python.
  /// - Returns: by name, what was built or why Keras would not.
  static func build(_ nets: [PrintedNet]) throws -> [String: Result<Built, Failure>] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "code-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for net in nets { try net.write(to: folder) }
    let script = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "build_keras_code.py")
    try KerasChild.run(["-W", "ignore", script.path, folder.path])
    var built: [String: Result<Built, Failure>] = [:]
    for net in nets { built[net.name] = try net.read(from: folder) }
    return built
  }

  private func write(to folder: URL) throws {
    try Data(code.utf8).write(to: folder.appending(path: name + ".py"))
    var entries = weights.sorted { $0.key < $1.key }.map {
      Safetensors.Entry(name: "weight/" + $0.key, tensor: $0.value)
    }
    entries += inputs.enumerated().map { Safetensors.Entry(name: "input/\($0)", tensor: $1) }
    let bytes = try Safetensors(entries: entries, metadata: [:]).bytes()
    try Data(bytes).write(to: folder.appending(path: name + ".in.safetensors"))
  }

  /// The facts that Python wrote down.
  private struct Facts: Decodable {
    let parameters: Int?
    let trainable: Int?
    let layers: [String]?
    let error: String?
  }

  private func read(from folder: URL) throws -> Result<Built, Failure> {
    let json = try Data(contentsOf: folder.appending(path: name + ".out.json"))
    let facts = try JSONDecoder().decode(Facts.self, from: json)
    guard let parameters = facts.parameters, let trainable = facts.trainable else {
      return .failure(Failure(description: "\(name): \(facts.error ?? "no answer")"))
    }
    let data = try Data(contentsOf: folder.appending(path: name + ".out.safetensors"))
    let entries = try Safetensors(parsing: [UInt8](data)).entries
    let byName = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.tensor) })
    let outputs = (0..<byName.count).compactMap { byName["output/\($0)"] }
    return .success(
      Built(
        parameterCount: parameters, trainableCount: trainable, layers: facts.layers ?? [],
        outputs: outputs))
  }
}

extension Tensor {
  /// The largest difference from another tensor against the largest of its numbers, or against
  /// `least` where they are smaller; infinite when the shapes differ.
  func deviation(from other: Tensor, least: Float = 1e-6) -> Float {
    guard shape == other.shape else { return .infinity }
    let size = other.scalars.reduce(least) { max($0, abs($1)) }
    return (zip(scalars, other.scalars).map { abs($0 - $1) }.max() ?? 0) / size
  }
}
