import FileFormats
import Foundation
import Tensors

/// A folder with one folder for each class, and the examples of the class as files in it.
///
/// A `.csv` has an example in each row, without the class; the `.npy` files of all classes are one
/// example each, or, with a single file in each class, one example for each step of the first axis.
/// A `.png`, `.pgm` or `.wav` is an example, and so is each sequence of a `.fa`.
/// A folder with `x.npy` and `y.npy` (and `x_val.npy`, …) is read like an `.npz` of them.
struct ClassFolders {
  private static let (mostFiles, mostNumbers) = (100_000, 250_000_000)

  let folder: URL
  let options: TableOptions

  private struct Class {
    let name: String
    let files: [URL]
  }

  func load() throws(FileFailure) -> Dataset {
    let arrays = contents(of: folder).filter { $0.pathExtension.lowercased() == "npy" }
    if arrays.contains(where: { $0.lastPathComponent == "x.npy" }) {
      return try fromArrays(arrays)
    }
    let images = contents(of: folder).filter { MNISTFiles.areImages($0.lastPathComponent) }
    if let first = images.first(where: { $0.lastPathComponent.contains("train") }) ?? images.first {
      return try MNISTFiles(images: first).load()
    }
    let classes = contents(of: folder).filter(\.isFolder).map { folder in
      Class(
        name: folder.lastPathComponent,
        files: contents(of: folder).filter {
          ClassFiles(type: $0.pathExtension.lowercased()) != nil
        })
    }.filter { !$0.files.isEmpty }
    guard classes.count >= 2 else {
      throw FileFailure(
        at: folder.path,
        found: "\(classes.count) folders with \(ClassFiles.words) files",
        right: "a folder for each class, two or more; or name a file")
    }
    let files = classes.flatMap(\.files)
    let kinds = Set(files.compactMap { ClassFiles(type: $0.pathExtension.lowercased()) })
    guard kinds.count == 1, let kind = kinds.first, files.count <= Self.mostFiles else {
      throw FileFailure(
        at: folder.path,
        found: kinds.count > 1 ? "files of several kinds" : "\(files.count) files",
        right: kinds.count > 1
          ? "keep one kind in a folder" : "there are up to \(Self.mostFiles); join them")
    }
    switch kind {
    case .tables: return try fromTables(classes)
    case .arrays: return try fromArrayFiles(classes)
    case .sequences: return try fromSequences(classes)
    case .pictures:
      var dataset = try fromExamples(classes) { file, place throws(FileFailure) in
        try ClassFiles.picture(file, place)
      }
      dataset.range = 0...255
      return dataset
    case .sounds:
      let length = if let window = options.window { window } else { try longest(classes) }
      return try fromExamples(classes) { file, place throws(FileFailure) in
        try ClassFiles.sound(file, place, length: length)
      }
    }
  }

  /// What is in a folder by name, hidden things apart.
  private func contents(of folder: URL) -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map { folder.appending(path: $0) }
  }

  private func fromArrays(_ files: [URL]) throws(FileFailure) -> Dataset {
    var entries: [NumPyArchive.Entry] = []
    for file in files {
      let name = file.deletingPathExtension().lastPathComponent
      entries.append(
        .init(
          name: name,
          array: try NumPyFile.read(FileBytes.read(file), file: file.lastPathComponent)))
    }
    return try UserData.fromArchive(
      NumPyArchive(entries: entries), file: folder.lastPathComponent)
  }

  private func fromTables(_ classes: [Class]) throws(FileFailure) -> Dataset {
    var names: [String]?
    var (scalars, targets): ([Float], [Float]) = ([], [])
    for (number, group) in classes.enumerated() {
      for file in group.files {
        let place = "\(group.name)/\(file.lastPathComponent)"
        let table = try TextTable(
          parsing: FileBytes.read(file), file: place, dialect: options.dialect)
        let found = table.columns.map(\.name)
        guard names == nil || names == found else {
          throw FileFailure(
            at: place, found: "the columns \(found.joined(separator: ", "))",
            right: "all files have the columns of the first: "
              + (names ?? []).joined(separator: ", "))
        }
        names = found
        scalars += try rows(of: table, place)
        targets += [Float](repeating: Float(number), count: table.rowCount)
      }
    }
    return dataset(classes, scalars, targets, shape: [names?.count ?? 0], features: names)
  }

  private func rows(of table: TextTable, _ place: String) throws(FileFailure) -> [Float] {
    let width = table.columns.count
    var scalars = [Float](repeating: 0, count: table.rowCount * width)
    for (position, column) in table.columns.enumerated() {
      guard case .numbers(let numbers) = column.values, column.missing == 0 else {
        let row = column.firstWord ?? (0..<table.rowCount).first(where: column.isMissing) ?? 0
        throw FileFailure(
          at: "\(place):\(table.line(ofRow: row))",
          found: "a cell of '\(column.name)' that is no number",
          right: "in folders of classes each cell is a number")
      }
      for (row, number) in numbers.enumerated() { scalars[row * width + position] = Float(number) }
    }
    return scalars
  }

  private func fromArrayFiles(_ classes: [Class]) throws(FileFailure) -> Dataset {
    guard classes.allSatisfy({ $0.files.count == 1 }) else {
      return try fromExamples(classes) { file, place throws(FileFailure) in
        let array = try NumPyFile.read(FileBytes.read(file), file: place)
        return ClassFiles.Example(
          shape: array.shape.extents, scalars: array.scalars.map { Float($0) })
      }
    }
    return try fromExamples(classes, isStacked: true) { file, place throws(FileFailure) in
      let array = try NumPyFile.read(FileBytes.read(file), file: place)
      return ClassFiles.Example(
        shape: array.shape.extents, scalars: array.scalars.map { Float($0) })
    }
  }

  /// - Parameter isStacked: whether the first axis of an array counts examples.
  private func fromExamples(
    _ classes: [Class], isStacked: Bool = false,
    read: (URL, String) throws(FileFailure) -> ClassFiles.Example
  ) throws(FileFailure) -> Dataset {
    var shape: [Int]?
    var (scalars, targets): ([Float], [Float]) = ([], [])
    for (number, group) in classes.enumerated() {
      for file in group.files {
        let place = "\(group.name)/\(file.lastPathComponent)"
        let example = try read(file, place)
        let isStack = isStacked && example.shape.count > 1
        let found = isStack ? Array(example.shape.dropFirst()) : example.shape
        guard !found.isEmpty, !example.scalars.isEmpty, shape == nil || shape == found else {
          throw FileFailure(
            at: place, found: "an example of shape \(Shape(example.shape))",
            right: "all examples have one shape" + (shape.map { ", \(Shape($0))" } ?? ""))
        }
        shape = found
        scalars += example.scalars
        guard scalars.count <= Self.mostNumbers else {
          throw FileFailure(
            at: place, found: "more than \(Self.mostNumbers) numbers", right: "take fewer files")
        }
        targets += [Float](repeating: Float(number), count: isStack ? example.shape[0] : 1)
      }
    }
    return dataset(classes, scalars, targets, shape: shape ?? [], features: nil)
  }

  private func fromSequences(_ classes: [Class]) throws(FileFailure) -> Dataset {
    var examples: [SequenceFiles.Example] = []
    for group in classes {
      for file in group.files {
        let place = "\(group.name)/\(file.lastPathComponent)"
        examples += try FASTAFile(parsing: FileBytes.read(file), file: place).records.map {
          SequenceFiles.Example(letters: $0.letters, group: group.name)
        }
      }
    }
    return try SequenceFiles.dataset(
      examples, name: folder.lastPathComponent, window: options.window)
  }

  /// The frames of the longest sound.
  private func longest(_ classes: [Class]) throws(FileFailure) -> Int {
    var most = 0
    for group in classes {
      for file in group.files {
        let place = "\(group.name)/\(file.lastPathComponent)"
        most = max(most, try WAVFile(parsing: FileBytes.read(file), file: place).frameCount)
      }
    }
    return most
  }

  private func dataset(
    _ classes: [Class], _ scalars: [Float], _ targets: [Float], shape: [Int], features: [String]?
  ) -> Dataset {
    let name = folder.lastPathComponent
    var dataset = Dataset(
      name: name, origin: "Your folder \(name).", license: "yours",
      features: features ?? UserData.featureNames(of: Shape(shape)),
      task: .classification(classes: classes.map(\.name)),
      training: Dataset.Part(
        inputs: Tensor(shape: Shape([targets.count] + shape), scalars: scalars),
        targets: Tensor(shape: [targets.count], scalars: targets)))
    dataset.targetName = "class"
    if shape.count == 3 { dataset.imageShape = Shape(shape) }
    return dataset
  }
}

extension URL {
  fileprivate var isFolder: Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }
}
