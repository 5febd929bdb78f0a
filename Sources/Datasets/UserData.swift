import FileFormats
import Foundation
import Tensors

/// A user's own files as data sets.
package enum UserData {
  package typealias Failure = FileFailure

  package static let fileTypes =
    ["csv", "idx", "npy", "npz", "tsv", "txt", "wav"] + FASTAFile.fileTypes

  /// Reads `.csv` (or `.tsv`, `.txt`), `.npz`, `.npy`, `.wav`, FASTA, MNIST's files, or a folder of
  /// them; with a window also a text, or a table as a series.
  /// - Parameter options: what to make of a table; an `.npz` says all by itself.
  /// - Throws: `Failure` naming file, line and column, or the array.
  package static func load(
    _ file: URL, options: TableOptions = TableOptions()
  ) throws(FileFailure) -> Dataset {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder),
      isFolder.boolValue
    {
      return try ClassFolders(folder: file, options: options).load()
    }
    let type = file.pathExtension.lowercased()
    let name = file.lastPathComponent
    if MNISTFiles.isArray(name) { return try MNISTFiles(images: file).load() }
    guard fileTypes.contains(type) else {
      throw Failure(
        at: file.path, found: "a file of another kind",
        right: Raster.fileTypes.contains(type)
          ? "pictures come in a folder with a folder for each class"
          : "data comes as .csv, .npz, .npy, .wav, .fa or .txt, or as MNIST's files")
    }
    if type == "wav" {
      return try Series.load(
        sound: FileBytes.read(file), file: name, window: options.window ?? 256)
    }
    if FASTAFile.fileTypes.contains(type) {
      return try SequenceFiles.load(FileBytes.read(file), file: name, window: options.window)
    }
    if type == "txt", let window = options.window {
      return try TextFile(bytes: FileBytes.read(file), file: name, window: window).load()
    }
    guard type != "npz" && type != "npy" else {
      return try parse(FileBytes.read(file), type: type, file: name, options: options)
    }
    // The bytes of the file are gone before inputs and targets are made of the table.
    let table = try TextTable(
      parsing: FileBytes.read(file), file: name, dialect: options.dialect)
    if let window = options.window {
      return try Series.load(table, file: name, options: options, window: window)
    }
    return try fromTable(table, file: name, options: options)
  }

  /// The columns of a table, even of one that cannot be used without choices; empty for other files.
  package static func profile(_ path: String, options: TableOptions) -> [ColumnProfile] {
    let file = URL(fileURLWithPath: path)
    guard ["csv", "tsv", "txt"].contains(file.pathExtension.lowercased()),
      let bytes = try? FileBytes.read(file),
      let table = try? TextTable(parsing: bytes, file: path, dialect: options.dialect)
    else { return [] }
    let target = options.target.flatMap(table.columnIndex) ?? table.columns.count - 1
    return table.columns.enumerated().map { index, column in
      var profile = ColumnProfile(column, rowCount: table.rowCount)
      profile.isTarget = index == target
      return profile
    }
  }

  package static func load(_ file: URL, target: String?) throws(FileFailure) -> Dataset {
    try load(file, options: TableOptions(target: target))
  }

  /// Reads the bytes of a file of `type`, one of `fileTypes`.
  package static func parse(
    _ bytes: [UInt8], type: String, file: String, options: TableOptions = TableOptions()
  ) throws(FileFailure) -> Dataset {
    switch type {
    case "npz": try fromArchive(NumPyArchive(parsing: bytes, file: file), file: file)
    case "npy": try fromArray(NumPyFile.read(bytes, file: file), file: file, options: options)
    default:
      try fromTable(
        TextTable(parsing: bytes, file: file, dialect: options.dialect), file: file,
        options: options)
    }
  }

  package static func parse(
    _ bytes: [UInt8], type: String, file: String, target: String?
  ) throws(FileFailure) -> Dataset {
    try parse(bytes, type: type, file: file, options: TableOptions(target: target))
  }

  private static func fromTable(
    _ table: TextTable, file: String, options: TableOptions
  ) throws(FileFailure) -> Dataset {
    let examples = try TableReader(table: table, file: file, options: options).read()
    var dataset = Dataset(
      name: file, origin: "Your file \(file).", license: "yours", features: examples.features,
      task: examples.task, training: examples.part)
    dataset.targetName = examples.targetName
    dataset.profile = examples.profile
    dataset.notes = examples.notes
    return dataset
  }

  /// An array of rows is a table whose columns are called `column 1`, `column 2`, …
  private static func fromArray(
    _ array: NumPyArray, file: String, options: TableOptions
  ) throws(FileFailure) -> Dataset {
    guard array.shape.rank == 2 && array.shape[0] > 0 && array.shape[1] > 1 else {
      throw Failure(
        at: file, found: "an array of shape \(array.shape)",
        right: "rows of inputs with the target last, or an .npz file with x and y")
    }
    let width = array.shape[1]
    let columns = (0..<width).map { column in
      (
        name: "column \(column + 1)",
        values: stride(from: column, to: array.scalars.count, by: width).map { array.scalars[$0] }
      )
    }
    var dataset = try fromTable(TextTable(numbers: columns), file: file, options: options)
    dataset.splitRule = .lastRows
    return dataset
  }

  // MARK: - Archives

  static func fromArchive(
    _ archive: NumPyArchive, file: String
  ) throws(FileFailure) -> Dataset {
    guard let training = try part(archive, "x", "y", file: file) else {
      let names = archive.entries.map(\.name).joined(separator: ", ")
      throw Failure(
        at: file, found: "the arrays \(names.isEmpty ? "(none)" : names)",
        right: "name them x and y: np.savez(file, x=inputs, y=targets)")
    }
    let validation = try part(archive, "x_val", "y_val", file: file)
    let test = try part(archive, "x_test", "y_test", file: file)
    let others = [("x_val", validation), ("x_test", test)]
    for case (let name, let part?) in others {
      try checkShapes(part, named: name, like: training, file: file)
    }
    var read = dataset(file: file, parts: [training, validation, test])
    read.imageShape = read.imageShape ?? pictures(archive["shape"], of: read.exampleShape)
    return read
  }

  /// The shape that rows of numbers have as pictures, where an archive says one.
  private static func pictures(_ shape: NumPyArray?, of example: Shape) -> Shape? {
    guard let extents = shape?.scalars, extents.count == 3 else { return nil }
    let sides = extents.compactMap { Int(exactly: $0) }
    guard sides.count == 3, sides.allSatisfy({ (1...example.count).contains($0) }) else {
      return nil
    }
    return sides[0] * sides[1] * sides[2] == example.count ? Shape(sides) : nil
  }

  private static func part(
    _ archive: NumPyArchive, _ x: String, _ y: String, file: String
  ) throws(FileFailure) -> Dataset.Part? {
    guard archive[x] != nil || archive[y] != nil else { return nil }
    guard let inputs = archive[x], let targets = archive[y] else {
      let missing = archive[x] == nil ? x : y
      throw Failure(
        at: file, found: "no array '\(missing)'", right: "\(x) and \(y) come together")
    }
    guard inputs.shape.rank > 1 && inputs.shape.count > 0 else {
      throw Failure(
        at: "\(file), \(x)", found: "shape \(inputs.shape)",
        right: "the first axis counts examples, the others are of one example: [100, 2]")
    }
    guard targets.shape.rank > 0 && targets.shape[0] == inputs.shape[0] else {
      throw Failure(
        at: "\(file), \(y)", found: "shape \(targets.shape) for \(inputs.shape[0]) examples",
        right: "the first axis has one target for each example")
    }
    let count = inputs.shape[0]
    let all = [targets.tensor] + (try further(archive, y, examples: count, file: file))
    return Dataset.Part(
      inputs: [inputs.tensor] + (try further(archive, x, examples: count, file: file)),
      targets: all, weights: weights(archive, "w" + x.dropFirst(), for: all))
  }

  /// How much each example counts, where there is one number for each: w, w_1 beside y, y_1.
  private static func weights(
    _ archive: NumPyArchive, _ name: String, for targets: [Tensor]
  ) -> [Tensor] {
    let found = targets.indices.compactMap { archive[$0 == 0 ? name : "\(name)_\($0)"]?.tensor }
    let isWhole = found.count == targets.count
    return isWhole && zip(found, targets).allSatisfy({ $0.shape.extents == [$1.shape[0]] })
      ? found : []
  }

  /// The arrays for the other inputs or outputs of a network that has several: x_1, x_2 beside x,
  /// x_val_1 beside x_val.
  private static func further(
    _ archive: NumPyArchive, _ name: String, examples count: Int, file: String
  ) throws(FileFailure) -> [Tensor] {
    var found: [Tensor] = []
    while let array = archive["\(name)_\(found.count + 1)"] {
      guard array.shape.extents.first == count else {
        throw Failure(
          at: "\(file), \(name)_\(found.count + 1)",
          found: "shape \(array.shape) for \(count) examples",
          right: "the first axis counts the same examples as that of \(name)")
      }
      found.append(array.tensor)
    }
    return found
  }

  private static func checkShapes(
    _ part: Dataset.Part, named name: String, like training: Dataset.Part, file: String
  ) throws(FileFailure) {
    let found = part.allInputs + part.allTargets
    let wanted = training.allInputs + training.allTargets
    guard part.allInputs.count == training.allInputs.count, found.count == wanted.count else {
      throw Failure(
        at: "\(file), \(name)",
        found: "\(part.allInputs.count) arrays of inputs and \(part.allTargets.count) of targets",
        right: "\(training.allInputs.count) and \(training.allTargets.count), as x and y have")
    }
    for (shape, expected) in zip(found.map(\.shape), wanted.map(\.shape)) {
      guard shape.extents.dropFirst() == expected.extents.dropFirst() else {
        throw Failure(
          at: "\(file), \(name)", found: "examples or targets of shape \(shape)",
          right: "they are shaped like those of x and y, \(expected) but for the first axis")
      }
    }
  }

  private static func dataset(file: String, parts: [Dataset.Part?]) -> Dataset {
    let targets = parts.compactMap { $0?.targets }
    let isColumn = targets.allSatisfy { $0.shape.count == $0.shape[0] }
    let classes = isColumn ? classes(ofNumbers: targets.flatMap(\.scalars)) : nil
    // Class numbers are [examples], also where the file has [examples, 1].
    let shaped = parts.map { part in
      part.map { part in
        classes == nil
          ? part
          : part.replacing(targets: part.targets.reshaped(to: [part.count]))
      }
    }
    guard let training = shaped[0] else { preconditionFailure("a data set has examples") }
    let exampleShape = Shape(Array(training.inputs.shape.extents.dropFirst()))
    var dataset = Dataset(
      name: file, origin: "Your file \(file).", license: "yours",
      features: featureNames(of: exampleShape),
      task: classes.map { .classification(classes: $0) } ?? .regression, training: training,
      validation: shaped[1], test: shaped[2])
    dataset.targetName = "y"
    dataset.splitRule = .lastRows
    if exampleShape.rank == 3 { dataset.imageShape = exampleShape }
    return dataset
  }

  /// `x[0]` … for rows of numbers, `x[0, 3, 1]` … for pictures.
  static func featureNames(of shape: Shape) -> [String] {
    (0..<shape.count).map { "x\(Shape(shape.index(ofOffset: $0)))" }
  }
}
