import FileFormats
import Foundation
import Tensors

/// A data set as a folder: `dataset.json`, which says what it is, and `data.csv`.
struct DatasetFolder {
  let folder: URL

  var name: String { folder.lastPathComponent }
  private var descriptionFile: URL { folder.appending(path: "dataset.json") }

  /// The folders of `root` that have a `dataset.json`, by name.
  static func folders(in root: URL) -> [DatasetFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().map { DatasetFolder(folder: root.appending(path: $0)) }
      .filter { FileManager.default.fileExists(atPath: $0.descriptionFile.path) }
  }

  func describe() throws(FileFailure) -> DatasetDescription {
    try DatasetDescription.read(
      FileBytes.read(descriptionFile), file: "\(name)/dataset.json")
  }

  func load() throws(FileFailure) -> Dataset {
    let description = try describe()
    let file = "\(name)/data.csv"
    let table = try TextTable(parsing: FileBytes.read(folder.appending(path: "data.csv")), file: file)
    let examples = try TableReader(
      table: table, file: file, options: TableOptions(target: description.target),
      knownClasses: description.classes
    ).read()
    let shape = Shape(description.exampleShape)
    guard examples.part.count == description.examples, examples.features.count == shape.count else {
      throw FileFailure(
        at: file, found: "\(examples.part.count) examples of \(examples.features.count) inputs",
        right: "dataset.json says \(description.examples) of shape \(shape)")
    }
    var dataset = Dataset(
      name: name, title: description.title, origin: description.origin,
      license: description.license, features: examples.features,
      task: examples.task, training: examples.part)
    dataset.summary = description.description
    dataset.targetName = examples.targetName
    dataset.imageShape = description.imageShape.map { Shape($0) }
    dataset.range = description.range.map { $0[0]...$0[1] }
    return try dataset.shaped(as: shape)
  }
}
