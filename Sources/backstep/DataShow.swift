import ArgumentParser
import Datasets
import Tensors

/// Statistics of a data set and a picture of its first rows.
struct DataShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Statistics of a data set and a picture of its first rows.",
    discussion: "Example: backstep data show digits")

  @Argument(help: "A data set's name, or a .csv, .npz or .npy file.") var name: String
  @Option(help: "The column of a .csv to predict (default: the last).") var target: String?
  @OptionGroup var common: CommonOptions

  private static let mostColumns = 16

  func run() throws {
    let dataset = try openData(name, target: target)
    try common.json ? writeJSON(dataset) : writeText(dataset)
  }

  private func writeJSON(_ dataset: Dataset) throws {
    let classes = dataset.task.classes
    try Output.line(
      JSONLine([
        ("name", .text(dataset.name)), ("title", .text(dataset.title)),
        ("examples", .integer(dataset.count)),
        ("shape", .list(dataset.exampleShape.extents.map { .integer($0) })),
        ("task", .text(classes == nil ? "regression" : "classification")),
        ("classes", .list((classes ?? []).map { .text($0) })),
        ("class_counts", .list(dataset.classCounts.map { .integer($0) })),
        ("target", .text(dataset.targetName)), ("origin", .text(dataset.origin)),
        ("license", .text(dataset.license)), ("fingerprint", .text(dataset.fingerprint)),
        ("warnings", .list(dataset.warnings.map { .text($0.description) })),
      ]).text)
    for column in dataset.columnSummaries() {
      try Output.line(
        JSONLine([
          ("column", .text(column.name)), ("minimum", .float(column.minimum)),
          ("maximum", .float(column.maximum)), ("mean", .number(column.mean)),
          ("deviation", .number(column.deviation)), ("missing", .integer(column.missing)),
          ("histogram", .list(column.histogram.map { .integer($0) })),
        ]).text)
    }
  }

  private func writeText(_ dataset: Dataset) throws {
    try Output.line(dataset.title)
    if !dataset.summary.isEmpty { try Output.line(dataset.summary) }
    try Output.line("\(dataset.origin) License: \(dataset.license)")
    let shape = dataset.exampleShape
    try Output.line("\(dataset.count) examples of shape \(shape), target \(dataset.targetName)")
    if let classes = dataset.task.classes {
      let counts = zip(classes, dataset.classCounts).prefix(20).map { "\($0) \($1)" }
      try Output.line("classes: " + counts.joined(separator: ", "))
    }
    for warning in dataset.warnings { try Output.line("note: \(warning)") }
    try Output.line()
    try Output.show(columns(dataset))
    try Output.line()
    try Output.show(pictures(dataset) ?? firstRows(dataset))
  }

  private func columns(_ dataset: Dataset) -> String {
    let summaries = dataset.columnSummaries(bins: 12)
    let rows = summaries.prefix(Self.mostColumns).map { column in
      [
        column.name, Self.short(Double(column.minimum)), Self.short(Double(column.maximum)),
        Self.short(column.mean), Self.short(column.deviation), Self.bars(column.histogram),
      ]
    }
    let more = summaries.count - rows.count
    return aligned([["COLUMN", "MIN", "MAX", "MEAN", "σ", ""]] + rows)
      + (more > 0 ? "… and \(more) more columns\n" : "")
  }

  /// A histogram in one line.
  private static func bars(_ counts: [Int]) -> String {
    let steps = Array("▁▂▃▄▅▆▇█")
    let most = max(counts.max() ?? 0, 1)
    return String(counts.map { steps[$0 * (steps.count - 1) / most] })
  }

  private static func short(_ number: Double) -> String {
    guard number.isFinite else { return "\(number)" }
    if number == number.rounded(), abs(number) < 1e6 { return "\(Int(number))" }
    let scale = abs(number) >= 1 ? 100.0 : 10_000
    return abs(number) < 1e9 ? "\((number * scale).rounded() / scale)" : "\(Float(number))"
  }

  private func firstRows(_ dataset: Dataset) -> String {
    let width = dataset.exampleShape.count
    let shown = min(width, 8)
    let names = dataset.features.prefix(shown) + (width > shown ? ["…"] : [])
    let rows = (0..<min(5, dataset.count)).map { row in
      (0..<shown).map { Self.short(Double(dataset.inputs.scalars[row * width + $0])) }
        + (width > shown ? ["…"] : []) + [label(row, dataset)]
    }
    return aligned([names + [dataset.targetName]] + rows)
  }

  private func label(_ row: Int, _ dataset: Dataset) -> String {
    if let classes = dataset.task.classes, let number = dataset.classNumbers?[row],
      classes.indices.contains(number)
    {
      return classes[number]
    }
    let width = dataset.targets.count / max(dataset.count, 1)
    return (0..<width).map { Self.short(Double(dataset.targets.scalars[row * width + $0])) }
      .joined(separator: " ")
  }

  /// The first pictures side by side, dark to light; nil when examples are no pictures.
  private func pictures(_ dataset: Dataset) -> String? {
    guard let image = dataset.imageShape, image.rank == 3, image[1] <= 36 else { return nil }
    let count = min(dataset.count, max(1, 76 / (2 * image[1] + 2)))
    let ramp = Array(" .:-=+*#%@")
    let top = dataset.range?.upperBound ?? max(dataset.inputs.scalars.max() ?? 1, 1e-9)
    var text = ""
    for y in 0..<image[0] {
      let line = (0..<count).map { example in
        (0..<image[1]).map { x in
          let offset = example * image.count + (y * image[1] + x) * image[2]
          let share = min(max(dataset.inputs.scalars[offset] / top, 0), 1)
          let letter = ramp[Int((share * Float(ramp.count - 1)).rounded())]
          return "\(letter)\(letter)"
        }.joined()
      }
      text += line.joined(separator: "  ") + "\n"
    }
    let labels = (0..<count).map { row in
      let name = label(row, dataset)
      return name + String(repeating: " ", count: max(0, 2 * image[1] + 2 - name.count))
    }
    return text + labels.joined() + "\n"
  }
}
