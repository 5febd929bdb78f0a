import Datasets
import FileFormats
import Foundation
import Interchange
import KerasCode
import LabRuntime
import NeuralNets
import Scripts
import Tensors
import Training

/// A model file that was read, with what it says of its own training.
struct LoadedModel {
  let path: String
  let text: String
  let file: ModelFile

  /// Reads a Keras program; `-` is not a file.
  /// - Throws: `CommandFailure`, or a `Diagnostic` with the place in the file.
  init(_ path: String, seed: UInt64) throws {
    text = try Self.text(of: path)
    self.path = path
    file = try ModelLoader.read(text, at: URL(fileURLWithPath: path), named: path, seed: seed)
    for note in file.notes { Output.complain("backstep: \(note)") }
  }

  /// The text of a program.
  static func text(of path: String) throws(CommandFailure) -> String {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw CommandFailure("\(path): no such file; check the name", code: .noSuchFile)
    }
    guard !isFolder.boolValue else {
      throw CommandFailure("\(path): a folder; name a Keras program in it", code: .badInput)
    }
    guard path.lowercased().hasSuffix(".py") else {
      throw CommandFailure("\(path): not a .py file; models are Keras programs", code: .badInput)
    }
    let bytes: [UInt8]
    do { bytes = try FileBytes.read(URL(fileURLWithPath: path)) } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
    guard bytes.count <= 16 << 20 else {
      throw CommandFailure("\(path): larger than 16 MB; programs are short", code: .badInput)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw CommandFailure("\(path): not UTF-8 text; save it as UTF-8", code: .badInput)
    }
    return text
  }

  var name: String { URL(fileURLWithPath: path).lastPathComponent }

  /// The network for examples of a shape.
  func network(for examples: Tensor? = nil) throws -> Network {
    try Network(
      file.description,
      inputShape: examples.map { Shape(Array($0.shape.extents.dropFirst())) })
  }
}

/// The weights of a file, checked against a network.
/// - Throws: `FileFormats.FileFailure` that names the weight.
func readWeights(_ path: String, for network: Network) throws -> [String: Tensor] {
  let bytes = try FileBytes.read(URL(fileURLWithPath: path))
  let weights = try WeightFile.read(bytes, file: path)
  try WeightFile.check(weights, for: network, file: path)
  return weights
}

/// The data sets of the lab and the user's own.
var dataLibrary: DatasetLibrary { DatasetLibrary(userRoot: dataStore.root) }

/// The user's own data sets.
var dataStore: DatasetStore { DatasetStore(root: Directories.data.appending(path: "datasets")) }

/// What `--data` names: a data set of the library or a file, and after a colon options.
func openData(_ name: String, target: String?) throws -> Dataset {
  try checkDataName(name)
  return try dataLibrary.open(name, target: target)
}

/// Checks that `--data` names something.
/// - Throws: `CommandFailure` with what may have been meant; `FileFailure` for options that cannot
///   be understood.
func checkDataName(_ text: String) throws {
  guard !FileManager.default.fileExists(atPath: text) else { return }
  let name = try DataSpecification(parsing: text).name
  guard !dataLibrary.contains(name), !FileManager.default.fileExists(atPath: name) else { return }
  guard name.contains("/") || name.contains(".") else {
    let known = dataLibrary.names
    let remedy =
      Suggestions.didYouMean(name, among: known)
      ?? "there are \(known.joined(separator: ", ")), or give a .csv, .npz or .npy file"
    throw CommandFailure("there is no data set '\(name)'; \(remedy)", code: .noSuchFile)
  }
  throw CommandFailure("\(name): no such file; check the name", code: .noSuchFile)
}
