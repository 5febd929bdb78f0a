import FileFormats
import Foundation
import Tensors

/// A data set as a folder: `dataset.json`, which says what it is, and `data.csv` or `data.npz`.
struct DatasetFolder {
  let folder: URL

  var name: String { folder.lastPathComponent }
  private var descriptionFile: URL { folder.appending(path: "dataset.json") }

  /// The folders of `root` that have a `dataset.json`, by name.
  static func folders(in root: URL) -> [DatasetFolder] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return names.sorted().map { DatasetFolder(folder: root.appending(path: $0)) }
      .filter(\.exists)
  }

  var exists: Bool { FileManager.default.fileExists(atPath: descriptionFile.path) }

  func describe() throws(FileFailure) -> DatasetDescription {
    try DatasetDescription.read(
      FileBytes.read(descriptionFile), file: "\(name)/dataset.json")
  }

  /// - Parameter window: of a series, how many steps an example has; by itself what its description
  ///   says.
  func load(window: Int? = nil) throws(FileFailure) -> Dataset {
    let description = try describe()
    if let series = description.series {
      return try load(series, description, window: window)
    }
    guard window == nil else {
      throw FileFailure(
        at: "data set '\(name)'", found: "window = \(window ?? 0)",
        right: "leave it out: its examples are not pieces of a series")
    }
    let arrays = folder.appending(path: "data.npz")
    if FileManager.default.fileExists(atPath: arrays.path) {
      return try load(arrays, description)
    }
    let file = "\(name)/data.csv"
    let table = try TextTable(
      parsing: FileBytes.read(folder.appending(path: "data.csv")), file: file)
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

  private func load(
    _ series: [String], _ description: DatasetDescription, window: Int?
  ) throws(FileFailure) -> Dataset {
    let file = "\(name)/data.csv"
    let table = try TextTable(
      parsing: FileBytes.read(folder.appending(path: "data.csv")), file: file)
    let standard = description.exampleShape[0]
    let read = try Series.load(
      table, file: file, options: TableOptions(target: description.target),
      window: window ?? standard, columns: series)
    let shape = Shape([window ?? standard, series.count])
    guard read.exampleShape == shape, window != nil || read.count == description.examples else {
      throw FileFailure(
        at: file, found: "\(read.count) examples of shape \(read.exampleShape)",
        right: "dataset.json says \(description.examples) of shape \(shape)")
    }
    var dataset = read
    (dataset.name, dataset.title) = (name, description.title)
    (dataset.origin, dataset.license) = (description.origin, description.license)
    dataset.summary = description.description
    return dataset
  }

  private func load(
    _ arrays: URL, _ description: DatasetDescription
  ) throws(FileFailure) -> Dataset {
    let file = "\(name)/data.npz"
    let read = try UserData.parse(FileBytes.read(arrays), type: "npz", file: file)
    let shape = Shape(description.exampleShape)
    let features = description.features ?? read.features
    guard
      read.count == description.examples, read.exampleShape.count == shape.count,
      features.count == shape.count
    else {
      throw FileFailure(
        at: file, found: "\(read.count) examples of shape \(read.exampleShape)",
        right: "dataset.json says \(description.examples) of shape \(shape) with a name each")
    }
    var dataset = Dataset(
      name: name, title: description.title, origin: description.origin,
      license: description.license, features: features, task: description.task,
      training: read.training, validation: read.validation, test: read.test)
    guard dataset.task == .regression || dataset.targetsAreClasses else {
      throw FileFailure(
        at: file, found: "targets that are no class numbers",
        right: "dataset.json names \(description.classes?.count ?? 0) classes, counted from 0")
    }
    dataset.summary = description.description
    dataset.targetName = description.target
    dataset.imageShape = description.imageShape.map { Shape($0) }
    dataset.range = description.range.map { $0[0]...$0[1] }
    dataset.vocabulary = description.vocabulary
    dataset.splitRule = description.validatesLastRows == true ? .lastRows : .stratified
    return try dataset.shaped(as: shape)
  }
}
