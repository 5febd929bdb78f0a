import ArgumentParser
import Datasets
import FileFormats
import Foundation
import Tensors

func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

/// Makes a file one of the user's data sets.
struct DataImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Keep a file or folder as a data set with a name.",
    discussion: """
      A .csv of any dialect, an .npz with x and y, an .npy whose last column is the target, MNIST's \
      files (also packed), a .fa whose headings end in the class, a .wav, a .txt with --window, or \
      a folder with a folder of .csv, .npy, .png, .pgm, .wav or .fa files for each class. With \
      --window a table is a series. What was made of gaps and words is kept with it.

      Example: backstep data import houses.csv --target price --missing median
      """)

  @Argument(help: "A file, or a folder.") var file: String
  @Option(help: "The name of the data set (default: the file's).") var name: String?
  @OptionGroup var table: TableChoice
  @OptionGroup var common: CommonOptions

  func run() throws {
    guard isThere(file) else {
      throw CommandFailure("\(file): no such file; check the name", code: .noSuchFile)
    }
    let url = URL(fileURLWithPath: file)
    let chosen = name ?? url.deletingPathExtension().lastPathComponent
    guard DatasetStore.isName(chosen) else {
      throw CommandFailure(
        "'\(chosen)' is no name for a data set; --name with letters, digits, - and _",
        code: .usage)
    }
    guard !DatasetLibrary().contains(chosen) else {
      throw CommandFailure(
        "'\(chosen)' is the name of a data set that comes along; give another with --name",
        code: .usage)
    }
    var specification = DataSpecification(file)
    try table.apply(to: &specification)
    let dataset = try UserData.load(url, options: specification.table)
    try dataStore.save(dataset, as: chosen)
    try report(dataset, chosen)
  }

  private func report(_ dataset: Dataset, _ chosen: String) throws {
    if common.json {
      try Output.line(
        JSONLine([
          ("name", .text(chosen)), ("examples", .integer(dataset.count)),
          ("inputs", .integer(dataset.exampleShape.count)),
          ("classes", .list((dataset.task.classes ?? []).map { .text($0) })),
          ("notes", .list(dataset.notes.map { .text($0) })),
          ("path", .text(dataStore.folder(chosen).path)),
        ]).text)
    } else if !common.quiet {
      for note in dataset.notes { try Output.line("note: \(note.spelledOut)") }
      try Output.line("\(chosen): \(dataset.count) examples; backstep data show \(chosen)")
    }
  }
}

/// Writes a data set as a file for other programs.
struct DataExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write a data set as .npz, .csv or .npy.",
    discussion: """
      An .npz has x and y (and x_val, y_val, x_test, y_test), a .csv the target in its last column, \
      an .npy the targets in its last columns.

      Example: backstep data export spiral --arms 3 -o spiral.npz
      """)

  @Argument(help: .data) var name: String
  @Option(name: [.customShort("o"), .long], help: "A .npz, .csv or .npy file to write.")
  var output: String
  @OptionGroup var choice: DataChoice
  @OptionGroup var common: CommonOptions

  func run() throws {
    let dataset = try dataLibrary.load(try choice.specification(name))
    switch URL(fileURLWithPath: output).pathExtension.lowercased() {
    case "npz": try Output.save(try dataset.npz(), to: output)
    case "npy": try Output.save(try dataset.npy(), to: output)
    case "csv": try Output.save(dataset.csv(), to: output)
    default:
      throw CommandFailure(
        "\(output): another kind of file; data is written as .npz, .csv or .npy", code: .usage)
    }
    if common.json {
      try Output.line(
        JSONLine([
          ("name", .text(dataset.name)), ("examples", .integer(dataset.count)),
          ("path", .text(output)),
        ]).text)
    } else if !common.quiet {
      try Output.line("\(output): \(dataset.count) examples")
    }
  }
}

/// Removes one of the user's data sets.
struct DataRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a data set that was imported or drawn.",
    discussion: "Example: backstep data remove houses")

  @Argument(help: "The name of a data set of your own.") var name: String
  @OptionGroup var common: CommonOptions

  func run() throws {
    try dataStore.remove(name)
    if common.json {
      try Output.line(JSONLine([("removed", .text(name))]).text)
    } else if !common.quiet {
      try Output.line("\(name): removed")
    }
  }
}
