import ArgumentParser
import Datasets
import FileFormats
import Foundation
import LabRuntime
import Tensors

/// Data sets: what there is, what they look like, and a user's own.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, show, import and export data sets.",
    discussion: "Example: backstep data show iris",
    subcommands: [DataList.self, DataShow.self, DataImport.self, DataExport.self])
}

/// The data sets that there are.
struct DataList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "The data sets that there are.",
    discussion: "Example: backstep data list --json")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let library = dataLibrary
    var rows: [[String]] = []
    for name in library.names {
      let entry = try library.entry(named: name)
      let classes = entry.task.classes
      if common.json {
        try Output.line(
          JSONLine([
            ("name", .text(name)), ("title", .text(entry.title)),
            ("examples", .integer(entry.examples)),
            ("shape", .list(entry.exampleShape.extents.map { .integer($0) })),
            ("task", .text(classes == nil ? "regression" : "classification")),
            ("classes", .list((classes ?? []).map { .text($0) })),
            ("summary", .text(entry.summary)),
          ]).text)
      }
      let task = classes.map { "\($0.count) classes" } ?? "regression"
      rows.append([name, "\(entry.examples)", "\(entry.exampleShape)", task, entry.summary])
    }
    if !common.json {
      try Output.show(aligned([["NAME", "EXAMPLES", "SHAPE", "TASK", ""]] + rows))
    }
  }
}

/// Rows of cells in columns of equal width; the last column is as wide as it is.
func aligned(_ rows: [[String]]) -> String {
  let count = rows.map(\.count).max() ?? 0
  let widths = (0..<count).map { column in
    rows.compactMap { column < $0.count ? $0[column].count : nil }.max() ?? 0
  }
  return rows.map { row in
    let cells = row.enumerated().map { column, cell in
      column == row.count - 1
        ? cell : cell + String(repeating: " ", count: widths[column] - cell.count)
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed()) + "\n"
  }.joined()
}

/// Makes a file one of the user's data sets.
struct DataImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Keep a .csv, .npz or .npy file as a data set with a name.",
    discussion: "Example: backstep data import houses.csv --target price")

  @Argument(help: "A .csv, .npz or .npy file.") var file: String
  @Option(help: "The column of a .csv to predict (default: the last).") var target: String?
  @Option(help: "The name of the data set (default: the file's).") var name: String?
  @OptionGroup var common: CommonOptions

  func run() throws {
    guard FileManager.default.fileExists(atPath: file) else {
      throw CommandFailure("\(file): no such file; check the name", code: .noSuchFile)
    }
    let url = URL(fileURLWithPath: file)
    let chosen = name ?? url.deletingPathExtension().lastPathComponent
    let isPlain = chosen.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    guard isPlain, !chosen.isEmpty, chosen.count <= 80 else {
      throw CommandFailure(
        "'\(chosen)' is no name for a data set; --name with letters, digits, - and _",
        code: .usage)
    }
    let shipped = DatasetLibrary().names
    guard !shipped.contains(chosen) else {
      throw CommandFailure(
        "'\(chosen)' is the name of a data set that comes along; give another with --name",
        code: .usage)
    }
    let dataset = try UserData.load(url, target: target)
    let folder = Directories.data.appending(path: "Datasets").appending(path: chosen)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        "\(folder.path): a folder that cannot be made; check XDG_DATA_HOME", code: .cannotWrite)
    }
    try Output.save(dataset.csv(), to: folder.appending(path: "data.csv").path)
    try Output.save(
      try description(dataset, chosen), to: folder.appending(path: "dataset.json").path)
    if common.json {
      try Output.line(
        JSONLine([
          ("name", .text(chosen)), ("examples", .integer(dataset.count)),
          ("path", .text(folder.path)),
        ]).text)
    } else if !common.quiet {
      try Output.line("\(chosen): \(dataset.count) examples; backstep data show \(chosen)")
    }
  }

  private func description(_ dataset: Dataset, _ name: String) throws -> [UInt8] {
    guard dataset.targets.count == dataset.count else {
      throw CommandFailure(
        "\(file): several targets for each example; give such a file to --data as it is",
        code: .badInput)
    }
    var line = JSONLine([
      ("title", .text(name)), ("description", .text("Imported from \(dataset.name).")),
      ("origin", .text(dataset.origin)), ("license", .text(dataset.license)),
      ("examples", .integer(dataset.count)), ("target", .text(dataset.targetName)),
      ("exampleShape", .list(dataset.exampleShape.extents.map { .integer($0) })),
    ])
    if let classes = dataset.task.classes { line.add("classes", .list(classes.map { .text($0) })) }
    if let shape = dataset.imageShape {
      line.add("imageShape", .list(shape.extents.map { .integer($0) }))
    }
    return Array((line.text + "\n").utf8)
  }
}

/// Writes a data set as a file for other programs.
struct DataExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a data set as .npz or .csv.",
    discussion: "Example: backstep data export spiral -o spiral.npz")

  @Argument(help: "A data set's name.") var name: String
  @Option(name: [.customShort("o"), .long], help: "A .npz or .csv file to write.")
  var output: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    let dataset = try openData(name, target: nil)
    switch URL(fileURLWithPath: output).pathExtension.lowercased() {
    case "npz": try Output.save(try dataset.npz(), to: output)
    case "csv": try Output.save(dataset.csv(), to: output)
    default:
      throw CommandFailure(
        "\(output): another kind of file; data is written as .npz or .csv", code: .usage)
    }
    if common.json {
      try Output.line(
        JSONLine([
          ("name", .text(name)), ("examples", .integer(dataset.count)),
          ("path", .text(output)),
        ]).text)
    } else if !common.quiet {
      try Output.line("\(output): \(dataset.count) examples")
    }
  }
}
