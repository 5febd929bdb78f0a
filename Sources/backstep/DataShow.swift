import ArgumentParser
import Datasets
import FileFormats
import Tensors

/// Statistics of a data set and a picture of its first rows.
struct DataShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Statistics of a data set and a picture of its first rows.",
    discussion: """
      Columns with their kinds, missing values, ranges and histograms, class balance, and what may \
      be wrong with the data. Options may also follow the name, as everywhere after --data: \
      spiral:arms=3,noise=0.2,features=x1^2+x1x2 or houses.csv:target=price,missing=mean.

      Examples: backstep data show spiral --arms 3 --noise 0.2 --features x1^2,sin_x1
                backstep data show houses.csv --target price --missing median
      """)

  @Argument(help: .data) var name: String
  @OptionGroup var choice: DataChoice
  @OptionGroup var common: CommonOptions

  private static let mostColumns = 16

  func run() throws {
    let specification = try choice.specification(name)
    let dataset: Dataset
    do { dataset = try dataLibrary.load(specification) } catch {
      try showColumns(specification)
      throw error
    }
    try common.json ? writeJSON(dataset) : writeText(dataset)
  }

  /// The columns of a table that cannot be used as it is: they tell what to choose.
  private func showColumns(_ specification: DataSpecification) throws {
    let profile = UserData.profile(specification.name, options: specification.table)
    guard !profile.isEmpty else { return }
    if common.json {
      for column in profile { try Output.line(Self.json(column).text) }
    } else {
      let rows = profile.prefix(200).map { column in
        [
          column.name.spelledOut, column.kind.rawValue, "\(column.missing)",
          column.distinct.map { "\($0)" } ?? "",
        ]
      }
      try Output.show(aligned([["COLUMN", "KIND", "MISSING", "WORDS"]] + rows))
    }
  }

  private static func json(_ column: ColumnProfile) -> JSONLine {
    JSONLine([
      ("file_column", .text(column.name)), ("kind", .text(column.kind.rawValue)),
      ("missing", .integer(column.missing)),
      ("words", column.distinct.map { .integer($0) } ?? .null), ("target", .flag(column.isTarget)),
    ])
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
        ("notes", .list(dataset.notes.map { .text($0) })),
      ]).text)
    for column in dataset.profile { try Output.line(Self.json(column).text) }
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
    try Output.line(dataset.title.spelledOut)
    if !dataset.summary.isEmpty { try Output.line(dataset.summary.spelledOut) }
    try Output.line("\(dataset.origin) License: \(dataset.license)".spelledOut)
    let (shape, target) = (dataset.exampleShape, dataset.targetName.spelledOut)
    try Output.line("\(dataset.count) examples of shape \(shape), target \(target)")
    if let classes = dataset.task.classes {
      // Answers of several classes are not counted.
      let isCounted = dataset.targetCount == 1
      let counts = zip(classes, dataset.classCounts).prefix(20).map {
        isCounted ? "\($0.spelledOut) \($1)" : $0.spelledOut
      }
      let more = classes.count > 20 ? ", … \(classes.count - 20) more" : ""
      try Output.line("classes: " + counts.joined(separator: ", ") + more)
    }
    for note in dataset.notes { try Output.line("note: \(note.spelledOut)") }
    for warning in dataset.warnings.prefix(20) {
      try Output.line("warning: \(warning.description.spelledOut)")
    }
    let changed = dataset.profile.filter { $0.missing > 0 || $0.distinct != nil }
    if !changed.isEmpty {
      let rows = changed.prefix(Self.mostColumns).map { column in
        [
          column.name.spelledOut, column.kind.rawValue, "\(column.missing)",
          column.distinct.map { "\($0)" } ?? "",
        ]
      }
      try Output.line()
      try Output.show(aligned([["IN THE FILE", "KIND", "MISSING", "WORDS"]] + rows))
    }
    try Output.line()
    if let vocabulary = dataset.vocabulary {
      return try Output.show(firstWords(dataset, vocabulary))
    }
    try Output.show(columns(dataset))
    try Output.line()
    try Output.show(pictures(dataset) ?? firstRows(dataset))
  }

  private func columns(_ dataset: Dataset) -> String {
    let summaries = dataset.columnSummaries(bins: 12)
    let rows = summaries.prefix(Self.mostColumns).map { column in
      [
        column.name.spelledOut, Self.short(Double(column.minimum)),
        Self.short(Double(column.maximum)),
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
    let names = dataset.features.prefix(shown).map(\.spelledOut) + (width > shown ? ["…"] : [])
    let rows = (0..<min(5, dataset.count)).map { row in
      (0..<shown).map { Self.short(Double(dataset.inputs.scalars[row * width + $0])) }
        + (width > shown ? ["…"] : []) + [label(row, dataset)]
    }
    return aligned([names + [dataset.targetName.spelledOut]] + rows)
  }

  /// The first examples as the words or letters that their numbers stand for.
  private func firstWords(_ dataset: Dataset, _ vocabulary: [String]) -> String {
    let rows = (0..<min(5, dataset.count)).map { row in
      let words = dataset.example(row).map { number in
        number.classNumber.flatMap { $0 < vocabulary.count ? vocabulary[$0] : nil } ?? "\(number)"
      }
      return [Self.joined(words), label(row, dataset)]
    }
    return "words: " + vocabulary.prefix(60).map(\.spelledOut).joined(separator: " ")
      + (vocabulary.count > 60 ? " …" : "") + "\n\n"
      + aligned([["TOKENS", dataset.targetName.spelledOut]] + rows)
  }

  /// Letters stand side by side, words apart.
  private static func joined(_ words: [String]) -> String {
    words.joined(separator: words.allSatisfy { $0.count == 1 } ? "" : " ").spelledOut
  }

  private func label(_ row: Int, _ dataset: Dataset) -> String {
    if let classes = dataset.task.classes, dataset.targetCount > 1, dataset.targetCount <= 256 {
      let width = dataset.targetCount
      return Self.joined(
        (0..<width).map { place in
          let target = dataset.targets.scalars[row * width + place]
          return target.classNumber.flatMap { $0 < classes.count ? classes[$0] : nil }
            ?? "\(target)"
        })
    }
    if dataset.targetCount > 8 { return "\(dataset.targetCount) numbers" }
    if dataset.task.classes != nil { return dataset.answer(row).spelledOut }
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
