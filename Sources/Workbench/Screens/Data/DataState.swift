import Datasets
import TerminalGraphics
import Tensors
import Training

/// What the Data screen remembers.
package struct DataState: Sendable {
  /// What the library has, as of the last visit.
  var entries: [DatasetLibrary.Entry] = []
  /// Files that were opened.
  var opened: [Dataset] = []
  /// The data set shown, by name.
  var name = ""
  var filter = ""
  var list = ListSelection()
  /// What the generators are told, by data set.
  var settings: [String: [String: Double]] = [:]
  private var seeds: [String: UInt64] = [:]
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

  package init() {}

  /// The seed of the data set shown.
  var seed: UInt64 {
    get { seeds[name] ?? DatasetLibrary.standardSeed }
    set { seeds[name] = newValue }
  }
}

/// A data set as the screen shows it, with what is worked out once and not for every frame.
struct DataPreview: Sendable {
  let dataset: Dataset
  let summaries: [ColumnSummary]
  let warnings: [DatasetWarning]
  /// Whether an example is held back.
  let isUnseen: [Bool]
  /// Why the data cannot be split as wished.
  let trouble: String?

  init(_ dataset: Dataset, _ preparation: DataPreparation) {
    self.dataset = dataset
    summaries = dataset.columnSummaries()
    warnings = dataset.warnings
    (isUnseen, trouble) = Self.unseen(dataset, preparation)
  }

  /// The same data split another way.
  init(_ other: DataPreview, _ preparation: DataPreparation) {
    dataset = other.dataset
    summaries = other.summaries
    warnings = other.warnings
    (isUnseen, trouble) = Self.unseen(other.dataset, preparation)
  }

  private static func unseen(
    _ dataset: Dataset, _ preparation: DataPreparation
  ) -> ([Bool], String?) {
    var flags = [Bool](repeating: false, count: dataset.count)
    guard dataset.validation == nil, preparation.unseenShare > 0 else { return (flags, nil) }
    do {
      let split = try dataset.split(
        fraction: preparation.unseenShare, seed: preparation.seed)
      for row in split.validation { flags[row] = true }
      return (flags, nil)
    } catch { return (flags, "\(error)") }
  }

  /// How many examples are held back, a part of its own included.
  var unseenCount: Int { dataset.validation?.count ?? isUnseen.count { $0 } }

  var learnedCount: Int { dataset.count - isUnseen.count { $0 } }

  /// One input of one example.
  func input(_ column: Int, of row: Int) -> Float {
    let width = dataset.exampleShape.count
    let place = row * width + column
    return dataset.inputs.scalars.indices.contains(place) ? dataset.inputs.scalars[place] : .nan
  }

  /// The first target of an example.
  func target(of row: Int) -> Float {
    let width = dataset.targets.count / max(1, dataset.count)
    return dataset.targets.scalars[row * width]
  }

  /// The class of an example, 0 for data without classes.
  func group(of row: Int) -> Int {
    guard let classes = dataset.task.classes else { return 0 }
    let number = target(of: row)
    return number >= 0 && number < Float(classes.count) ? Int(number) : 0
  }
}

extension AppState {
  /// The data sets whose names have what is looked for.
  var listedData: [DataListing] {
    let wanted = field?.label == DataKeys.findLabel ? field?.text ?? "" : data.filter
    let all = data.entries.map(DataListing.init) + data.opened.map(DataListing.init)
    guard !wanted.isEmpty else { return all }
    return all.filter { $0.name.lowercased().contains(wanted.lowercased()) }
  }

  /// Shows a data set by name, with what its generator was told.
  mutating func showData(named name: String) {
    data.name = name
    data.trouble = nil
    (data.firstExample, data.firstInput, data.firstImage, data.across, data.up) = (0, 0, 0, 0, 1)
    if let opened = data.opened.first(where: { $0.name == name }) {
      data.preview = DataPreview(opened, workpiece.preparation)
    } else if workpiece.dataset.name == name, data.settings[name] == nil {
      data.preview = DataPreview(workpiece.dataset, workpiece.preparation)
    } else {
      loadData()
    }
    data.shape.select(0, count: 1)
  }

  /// Makes or reads the data set shown anew.
  mutating func loadData() {
    do {
      let isMade = !(dataEntry?.parameters.isEmpty ?? true)
      let made = try library.load(
        data.name, settings: isMade ? data.settings[data.name] ?? [:] : [:], seed: data.seed)
      data.preview = DataPreview(made, workpiece.preparation)
      data.trouble = nil
    } catch {
      data.preview = nil
      data.trouble = "\(error)"
    }
  }

  /// What the library says of the data set shown.
  var dataEntry: DatasetLibrary.Entry? { data.entries.first { $0.name == data.name } }

  /// Whether the data set shown is the one that the network learns from.
  var isShownDataInUse: Bool { workpiece.dataset.name == data.name }

  /// Takes a file that was read as data: lists and shows it.
  package mutating func receive(dataset: Dataset) -> [Effect] {
    data.opened.removeAll { $0.name == dataset.name }
    data.opened.append(dataset)
    data.filter = ""
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

  private static func words(_ task: Dataset.Task) -> String {
    task.classes.map { "\($0.count) classes" } ?? "number"
  }
}
