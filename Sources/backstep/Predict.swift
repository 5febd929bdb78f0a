import ArgumentParser
import KerasCode
import Datasets
import FileFormats
import Foundation
import NeuralNets
import Scripts
import Tensors
import Training

/// Gives a model's outputs.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The outputs of a model for data.",
    discussion: """
      Inputs are a data set's, the columns of a .csv (a further one, the target, is left out), or \
      the array of an .npy or x of an .npz. Outputs go to standard output as text or JSON, or to a \
      .csv, .npy, .json or .txt file.

      Example: backstep predict model.py --weights w.safetensors --data new.csv -o outputs.csv
      """)

  @Argument(help: "A Keras program.", completion: .file(extensions: ["py"])) var model: String
  @Option(
    help: "The weights: .safetensors or .npz.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var weights: String
  @Option(help: .data) var data: String?
  @Option(help: "The column of a .csv that is no input (default: the last).") var target: String?
  @Option(name: [.customShort("o"), .long], help: "A .csv, .npy, .json or .txt file to write.")
  var output: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.prepareKernels()
    let form = try form()
    if let output { try Output.checkFolder(of: output) }
    let loaded = try LoadedModel(model, seed: 0)
    let inputs = try inputs(for: loaded)
    let network = try loaded.network(for: inputs[0])
    let known = try readWeights(weights, for: network)
    let outputs: Tensor
    do { outputs = try Inference(network, weights: known).predict(inputs)[0] } catch {
      throw CommandFailure("\(error)", code: .badInput)
    }
    guard let output else { return try Output.write(Self.written(outputs, form)) }
    switch form {
    case "csv": try Output.save(Self.table(outputs), to: output)
    case "npy": try Output.save(NumPyFile.bytes(of: NumPyArray(outputs)), to: output)
    default: try Output.save(Array(Self.written(outputs, form).utf8), to: output)
    }
  }

  /// csv, npy, json or txt.
  private func form() throws(CommandFailure) -> String {
    guard let output else { return common.json ? "json" : "txt" }
    let type = URL(fileURLWithPath: output).pathExtension.lowercased()
    guard ["csv", "npy", "json", "txt"].contains(type) else {
      throw CommandFailure(
        "\(output): another kind of file; outputs are written as .csv, .npy, .json or .txt",
        code: .usage)
    }
    return type
  }

  private func inputs(for loaded: LoadedModel) throws -> [Tensor] {
    guard let data else {
      guard let fit = loaded.file.fit else {
        throw CommandFailure(
          "\(model) has no fit of its own; say what to predict for: --data NAME or --data FILE",
          code: .usage)
      }
      return fit.data.inputs.map(\.tensor)
    }
    let wanted = loaded.file.description.inputShape
    if FileManager.default.fileExists(atPath: data),
      let plain = try Self.plainInputs(data, width: wanted?.count)
    {
      return [plain]
    }
    let dataset = try openData(data, target: target)
    return [try wanted.map { try dataset.shaped(as: $0).inputs } ?? dataset.inputs]
  }

  /// The arrays of a file that has inputs alone; nil when it has targets too.
  private static func plainInputs(_ path: String, width: Int?) throws -> Tensor? {
    let url = URL(fileURLWithPath: path)
    switch url.pathExtension.lowercased() {
    case "npz": return try NumPyArchive(parsing: FileBytes.read(url), file: path)["x"]?.tensor
    case "npy":
      let array = try NumPyFile.read(FileBytes.read(url), file: path)
      let found = array.shape.extents.dropFirst().reduce(1, *)
      return width.map { $0 == found } ?? true ? array.tensor : nil
    case "csv":
      let table = try CSV(parsing: FileBytes.read(url), file: path)
      guard table.columns.count == width else { return nil }
      return try rows(table, path)
    default: return nil
    }
  }

  private static func rows(_ table: CSV, _ path: String) throws(CommandFailure) -> Tensor {
    var columns: [[Double]] = []
    for column in table.columns {
      guard case .numbers(let numbers) = column.values else {
        throw CommandFailure(
          "\(path): column '\(column.name)' is text; inputs are numbers", code: .badInput)
      }
      columns.append(numbers)
    }
    let scalars = (0..<table.rowCount).flatMap { row in columns.map { Float($0[row]) } }
    return Tensor(shape: [table.rowCount, columns.count], scalars: scalars)
  }

  // MARK: Forms

  /// One example a line.
  private static func written(_ outputs: Tensor, _ form: String) -> String {
    var text = ""
    for (i, row) in rows(of: outputs).enumerated() {
      text +=
        form == "json"
        ? JSONLine([
          ("example", .integer(i)), ("output", .list(row.map { .float($0) })),
        ]).text : row.map { "\($0)" }.joined(separator: " ")
      text += "\n"
    }
    return text
  }

  private static func rows(of outputs: Tensor) -> [ArraySlice<Float>] {
    let count = outputs.shape.extents.first ?? 0
    let width = outputs.shape.extents.dropFirst().reduce(1, *)
    return (0..<count).map { outputs.scalars[$0 * width..<($0 + 1) * width] }
  }

  private static func table(_ outputs: Tensor) -> [UInt8] {
    let rows = rows(of: outputs)
    let width = rows.first?.count ?? 0
    let columns = (0..<width).map { column in
      CSV.Column(
        name: "output \(column + 1)",
        values: .numbers(rows.map { Double($0[$0.startIndex + column]) }))
    }
    return CSV(columns: columns).bytes(precision: .float32)
  }
}
