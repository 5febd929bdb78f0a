import ArgumentParser
import Datasets
import FileFormats
import Tensors

/// Data sets: what there is, what they look like, and a user's own.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data", abstract: "List, show, import, fetch, export and remove data sets.",
    discussion: "Example: backstep data show iris",
    subcommands: [
      DataList.self, DataShow.self, DataImport.self, DataFetch.self, DataExport.self,
      DataRemove.self,
    ])
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
      let entry: DatasetLibrary.Entry
      do { entry = try library.entry(named: name) } catch {
        // One damaged folder of the user's hides no other data.
        Output.complain("backstep: \(error)")
        continue
      }
      let classes = entry.task.classes
      if common.json {
        try Output.line(
          JSONLine([
            ("name", .text(name)), ("title", .text(entry.title)),
            ("examples", .integer(entry.examples)),
            ("shape", .list(entry.exampleShape.extents.map { .integer($0) })),
            ("task", .text(classes == nil ? "regression" : "classification")),
            ("classes", .list((classes ?? []).map { .text($0) })),
            ("summary", .text(entry.summary)), ("own", .flag(dataStore.contains(name))),
            ("options", .list(entry.parameters.map { .text($0.name) })),
          ]).text)
      }
      let task = classes.map { "\($0.count) classes" } ?? "regression"
      rows.append(
        [name, "\(entry.examples)", "\(entry.exampleShape)", task, entry.summary.spelledOut])
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
