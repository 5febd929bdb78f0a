import Datasets
import Tensors
import TerminalGraphics
import Training

/// What the Data screen remembers.
package struct DataState: Sendable {
  /// What the library has, as of the last visit.
  var entries: [DatasetLibrary.Entry] = []
  /// Files that were opened, and data that was drawn.
  var opened: [Dataset] = []
  /// The data set shown, by its name in the list.
  var name = ""
  var list = ListSelection()
  /// What is done to each data set, by its name in the list.
  var specifications: [String: DataSpecification] = [:]
  /// The measured data that was read last, so that a slider does not read it again.
  var base: Dataset?
  /// Which line of "Shape it" is chosen.
  var shape = ListSelection()
  var preview: DataPreview?
  /// Why the data set chosen cannot be shown.
  var trouble: String?
  var firstExample = 0
  var firstInput = 0
  var firstImage = 0
  /// The inputs across and up, where there are more than two.
  var across = 0
  var up = 1
  var view = DataView.plot
  /// The input that the columns' cursor is on, and those marked for the pairs.
  var column = 0
  var marked: [Int] = []
  /// The first input of the pairs where none are marked, and the first line of advice.
  var firstPair = 0
  var firstAdvice = 0
  /// What is being drawn; nil while data is looked at.
  var drawing: Drawing?
  /// The example of the run that the drawing shows as it is.
  var judged: JudgedExample?
  /// The screen from which one came to draw.
  var drawsFor: ScreenName?
  /// The strokes of the drawing.
  var strokes = Strokes()

  package init() {}

  /// What is done to the data set shown.
  var specification: DataSpecification {
    get { specifications[name] ?? DataSpecification(name) }
    set { specifications[name] = newValue }
  }

  /// The seed of the data set shown.
  var seed: UInt64 { specification.options.seed }

  /// The text that names the data set shown with what is done to it.
  var fullName: String { specifications[name]?.description ?? name }

  /// The line of the list that a data set belongs to.
  func listedName(of text: String) -> String {
    if opened.contains(where: { $0.name == text }) || entries.contains(where: { $0.name == text }) {
      return text
    }
    if let known = specifications.first(where: { $0.value.description == text }) {
      return known.key
    }
    let base = (try? DataSpecification(parsing: text))?.name ?? text
    return entries.contains { $0.name == base } ? base : text
  }

  /// Forgets where one was in the data set before.
  mutating func startAgain() {
    (firstExample, firstInput, firstImage, across, up) = (0, 0, 0, 0, 1)
    (column, firstPair, firstAdvice) = (0, 0, 0)
    marked = []
    drawing = nil
    strokes = Strokes()
    shape.select(0, count: 1)
  }
}

extension AppState {
  /// The data sets whose names have what is looked for, or whose words where no name does.
  var listedData: [DataListing] {
    let all = allData
    return narrowed(all.count, .data, DataPart.list.rawValue, lines: searchedWords(of: all))
      .map { all[$0] }
  }

  /// All data sets there are, in the order of the list.
  var allData: [DataListing] {
    let own = Set(data.opened.map(\.name))
    return data.entries.filter { !own.contains($0.name) }.map(DataListing.init)
      + data.opened.map(DataListing.init)
  }

  /// How many data sets there are, whatever is looked for.
  var dataCount: Int {
    let own = Set(data.opened.map(\.name))
    return data.entries.count { !own.contains($0.name) } + data.opened.count
  }

  /// Shows a data set by its name in the list, with what is done to it.
  mutating func showData(named name: String) {
    data.name = name
    data.trouble = nil
    data.startAgain()
    if workpiece.dataset.name == data.fullName {
      data.preview = DataPreview(workpiece.dataset, workpiece.preparation)
    } else {
      loadData()
    }
  }

  /// Makes or reads the data set shown anew.
  mutating func loadData() {
    do {
      data.preview = DataPreview(try madeData(), workpiece.preparation)
      data.trouble = nil
    } catch {
      data.preview = nil
      data.trouble = "\(error)"
    }
  }

  /// The data set shown, with what is done to it.
  private mutating func madeData() throws -> Dataset {
    let specification = data.specification
    if let opened = data.opened.first(where: { $0.name == data.name }) {
      return try specification.applied(to: opened)
    }
    if isMadeData { return try library.load(specification) }
    let base: Dataset
    if let known = data.base, known.name == data.name {
      base = known
    } else {
      base = try library.load(data.name)
      data.base = base
    }
    return try specification.applied(to: base)
  }

  /// Changes what is done to the data set shown; refused when the data cannot be made so. The
  /// network learns from the changed data when it learned from this set.
  mutating func reshapeData(_ change: (inout DataSpecification) -> Void) -> [Effect] {
    let before = data.specifications
    let wasInUse = isShownDataInUse
    var wanted = data.specification
    change(&wanted)
    guard wanted != data.specification else { return [] }
    data.specification = wanted
    do {
      let made = try madeData()
      let keepsInputs = made.features.count == data.preview?.dataset.features.count
      data.preview = DataPreview(made, workpiece.preparation)
      data.trouble = nil
      if !keepsInputs { (data.across, data.up, data.marked, data.column) = (0, 1, [], 0) }
      data.firstExample = min(data.firstExample, max(0, made.count - 1))
      if wasInUse { adopt(made) }
    } catch {
      data.specifications = before
      say("\(error)", .warning)
    }
    return []
  }

  /// What the library says of the data set shown.
  var dataEntry: DatasetLibrary.Entry? {
    data.opened.contains { $0.name == data.name }
      ? nil : data.entries.first { $0.name == data.name }
  }

  /// Whether the data set shown is computed, not measured.
  var isMadeData: Bool { !(dataEntry?.parameters.isEmpty ?? true) }

  /// Whether the data set shown is the one that the network learns from.
  var isShownDataInUse: Bool { data.listedName(of: workpiece.dataset.name) == data.name }

  /// Takes a file that was read as data: lists and shows it, with what is to be done to it.
  package mutating func receive(
    dataset: Dataset, options: DataSpecification? = nil
  ) -> [Effect] {
    data.opened.removeAll { $0.name == dataset.name }
    data.opened.append(dataset)
    data.specifications[dataset.name] = nil
    if let options, var all = try? DataSpecification(parsing: dataset.name) {
      (all.settings, all.options) = (options.settings, options.options)
      data.specifications[dataset.name] = all
    }
    if search?.screen == .data { search = nil }
    let effects = go(to: .data)
    showData(named: dataset.name)
    data.list.select(
      listedData.firstIndex { $0.name == dataset.name } ?? 0, count: listedData.count)
    say("\(dataset.name): \(NumberFormat.integer(dataset.count)) examples; Enter uses it", .good)
    return effects
  }
}

/// A line of the list of data sets.
struct DataListing: Hashable, Sendable {
  let name: String
  let examples: Int
  let inputs: Int
  /// `2 classes`, `number`.
  let target: String
  let summary: String

  init(_ entry: DatasetLibrary.Entry) {
    name = entry.name
    examples = entry.examples
    inputs = entry.exampleShape.count
    target = Self.words(entry.task)
    summary = entry.summary
  }

  init(_ dataset: Dataset) {
    name = dataset.name
    examples = dataset.count
    inputs = dataset.exampleShape.count
    target = Self.words(dataset.task)
    summary = dataset.summary.isEmpty ? dataset.origin : dataset.summary
  }

  /// The name; of a file that was opened by a path or with options, the file's alone.
  var shortName: String {
    guard name.contains("/") || name.contains("=") else { return name }
    let file = (try? DataSpecification(parsing: name))?.name ?? name
    return file.split(separator: "/").last.map(String.init) ?? name
  }

  private static func words(_ task: Dataset.Task) -> String {
    task.classes.map { "\($0.count) classes" } ?? "number"
  }
}
