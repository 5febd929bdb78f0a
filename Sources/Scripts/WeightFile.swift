import FileFormats
import NeuralNets
import Tensors

/// Weights in a file, under Keras's names.
package enum WeightFile {
  package typealias Failure = FileFailure

  private static let advice = "weights are written and read as .safetensors or .npz"

  /// Reads `.safetensors` or `.npz`.
  /// - Throws: `Failure` for another kind of file, or a damaged one.
  package static func read(_ bytes: [UInt8], file: String) throws(Failure) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    switch try kind(of: file) {
    case .safetensors:
      for entry in try Safetensors(parsing: bytes, file: file).entries {
        tensors[entry.name] = entry.tensor
      }
    case .archive:
      for entry in try NumPyArchive(parsing: bytes, file: file).entries {
        tensors[entry.name] = entry.array.tensor
      }
    }
    return tensors
  }

  /// The bytes of a file of weights, in the order given.
  package static func bytes(
    _ weights: [(name: String, tensor: Tensor)], file: String
  ) throws(Failure) -> [UInt8] {
    switch try kind(of: file) {
    case .safetensors:
      return try Safetensors(
        entries: weights.map { Safetensors.Entry(name: $0.name, tensor: $0.tensor) }
      ).bytes()
    case .archive:
      return try NumPyArchive(
        entries: weights.map { .init(name: $0.name, array: NumPyArray($0.tensor)) }
      ).bytes()
    }
  }

  private enum Kind { case safetensors, archive }

  private static func kind(of file: String) throws(Failure) -> Kind {
    if file.hasSuffix(".safetensors") { return .safetensors }
    if file.hasSuffix(".npz") { return .archive }
    let found =
      [".weights.h5", ".keras", ".h5"].first { file.hasSuffix($0) }
      .map { "a \($0) file, which this version does not understand" } ?? "another kind of file"
    throw Failure(at: file, found: found, right: advice)
  }

  /// Checks that a file has every weight of a network, in its shape, and no others.
  /// - Throws: `Failure` that names the first that does not fit.
  package static func check(
    _ weights: [String: Tensor], for network: Network, file: String
  ) throws(Failure) {
    for (name, spec) in network.weights {
      guard let tensor = weights[name] else {
        throw Failure(
          at: file, found: "no weight '\(name)'",
          right: weights.isEmpty
            ? "weights of the same model" : "it has " + listed(Array(weights.keys)))
      }
      guard tensor.shape == spec.shape else {
        throw Failure(
          at: "\(file), \(name)", found: "shape \(tensor.shape.tuple)",
          right: "the model has \(spec.shape.tuple) there")
      }
    }
    let known = Set(network.weights.map(\.name))
    if let odd = weights.keys.sorted().first(where: { !known.contains($0) }) {
      throw Failure(
        at: "\(file), \(odd)", found: "a weight that the model does not have",
        right: "it has " + listed(Array(known)))
    }
  }

  private static func listed(_ names: [String]) -> String {
    let shown = names.sorted().prefix(12).joined(separator: ", ")
    return names.count > 12 ? shown + ", …" : shown
  }
}
