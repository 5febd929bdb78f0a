import TerminalGraphics
import Training

/// A run that is compared, and the color that it has while it is.
package struct RunMark: Hashable, Sendable, Codable {
  package let number: Int
  package let slot: Int

  var ink: Ink { .series(slot) }
}

/// What the Runs screen remembers.
package struct RunsState: Sendable {
  /// Every run in the order of the list; made anew when runs or the order change.
  package internal(set) var ordered: [RunSummary] = []
  /// The number of the chosen run, and the part of the list that shows.
  package internal(set) var chosen: Int?
  /// The newest run that was ever listed.
  var newest: Int?
  var list = ListSelection()
  package internal(set) var order = RunOrder.newest
  package internal(set) var isReversed = false
  /// The runs that are compared, in the order in which they were marked.
  package internal(set) var marks: [RunMark] = []
  /// The marked run that the others are held against.
  package internal(set) var baseline: Int?
  /// Whether equal settings are listed too.
  package internal(set) var showsAll = false
  package internal(set) var isLogarithmic = true
  /// Where the crosshair of the chart stands, in steps.
  package internal(set) var cursor: Double?
  /// The lines of the settings that show, and the first run whose column does.
  var scroll = ListSelection()
  var firstColumn = 0
  /// What was read of runs.
  var readings: [Int: RunReading] = [:]
  /// What was asked for and has not come: at which revision, and whether with settings.
  var asked: [Int: (revision: Int, withSettings: Bool)] = [:]
  /// What runs have learned, at which revision; nil where there is no picture.
  var learned: [Int: (revision: Int, picture: LearnedPicture?)] = [:]
  var askedLearned: [Int: Int] = [:]
  /// Runs that were deleted here, which undo brings back.
  package internal(set) var removed: Set<Int> = []
  /// When to look again whether the record has changed.
  var nextLook = 0.0

  package init() {}

  /// As many curves as there are colors.
  static let mostMarks = Ink.seriesCount
  /// Seconds between two looks at the record while the screen is open.
  static let lookInterval = 2.0

  func mark(of number: Int) -> RunMark? { marks.first { $0.number == number } }
}

extension RunSummary {
  /// `Adam 0.003`.
  var optimizerText: String {
    guard !optimizer.isEmpty else { return "" }
    return learningRate.isFinite ? "\(optimizer) \(Axis.label(learningRate))" : optimizer
  }

  /// What a filter looks through: whatever a column has.
  var searchText: String {
    let accuracy = validationAccuracy.map { NumberFormat.share($0) } ?? ""
    let loss = validationLoss.map { NumberFormat.compact($0) } ?? ""
    return "r\(number) \(name ?? "") \(data) \(model) \(optimizerText) \(loss) \(accuracy) "
      + NumberFormat.integer(steps)
  }
}

extension AppState {
  /// Whether the record was ever read.
  private var hasListedRuns: Bool { home.received > 0 || !home.contents.runs.isEmpty }

  /// The runs that the list shows: all, or those that a filter leaves.
  var listedRuns: [RunSummary] {
    guard !narrowing(.runs, "list").isEmpty else { return runs.ordered }
    return narrowed(runs.ordered.count, .runs, "list", lines: runs.ordered.map(\.searchText))
      .map { runs.ordered[$0] }
  }

  /// The run that is chosen in the list.
  package var chosenKeptRun: RunSummary? {
    runs.chosen.flatMap { number in runs.ordered.first { $0.number == number } }
  }

  /// The marks of the runs that are there; one that undo brings back comes with its mark.
  var listedMarks: [RunMark] {
    runs.marks.filter { mark in runs.ordered.contains { $0.number == mark.number } }
  }

  /// The runs that are compared, the baseline first: the marked ones, else the chosen one.
  var comparedRuns: [(run: RunSummary, mark: RunMark)] {
    let chosen = runs.chosen.map { [RunMark(number: $0, slot: 0)] } ?? []
    let marks = listedMarks
    let found = (marks.isEmpty ? chosen : marks).compactMap {
      mark -> (run: RunSummary, mark: RunMark)? in
      runs.ordered.first { $0.number == mark.number }.map { ($0, mark) }
    }
    return found.filter { $0.run.number == runs.baseline }
      + found.filter { $0.run.number != runs.baseline }
  }

  /// Brings the list in line with what is kept: after news of it, another order, or an undo.
  mutating func arrangeRuns() {
    // Before the list came for the first time there is nothing to hold the choices against.
    guard hasListedRuns else { return }
    let kept = home.contents.runs.filter { !runs.removed.contains($0.number) }
    let place = runs.list.index
    runs.ordered = runs.order.sorted(kept, isReversed: runs.isReversed)
    let numbers = Set(kept.map(\.number))
    // What was trained meanwhile is what one comes for; under the eyes nothing moves.
    let newest = numbers.max()
    if let before = runs.newest, let newest, newest > before, screen != .runs {
      runs.chosen = newest
    }
    runs.newest = max(runs.newest ?? 0, newest ?? 0)
    if let chosen = runs.chosen, numbers.contains(chosen) {
      chooseRun(chosen)
    } else {
      // The one that takes the place of the run that is gone.
      let listed = listedRuns
      let next = listed.isEmpty ? nil : listed[max(0, min(place, listed.count - 1))].number
      runs.chosen = next
      if let next { chooseRun(next) }
    }
  }

  /// Chooses a run in the list.
  mutating func chooseRun(_ number: Int) {
    let listed = listedRuns
    runs.chosen = number
    if let place = listed.firstIndex(where: { $0.number == number }) {
      runs.list.select(place, count: listed.count)
    }
  }

  /// Asks for what the screen shows and nobody has read yet.
  mutating func readRuns() -> [Effect] {
    guard screen == .runs else { return [] }
    let compared = Set(comparedRuns.map(\.run.number))
    let shown = RunsListPanel.shownRuns(self)
    var wanted: [Int] = []
    var withSettings: [Int] = []
    for run in shown + comparedRuns.map(\.run) where !wanted.contains(run.number) {
      let needsSettings = compared.contains(run.number)
      if let known = runs.readings[run.number], known.revision == run.revision,
        !needsSettings || known.settings != nil
      {
        continue
      }
      if let asked = runs.asked[run.number], asked.revision == run.revision,
        asked.withSettings || !needsSettings
      {
        continue
      }
      runs.asked[run.number] = (run.revision, needsSettings)
      wanted.append(run.number)
      if needsSettings { withSettings.append(run.number) }
    }
    let reading: [Effect] =
      wanted.isEmpty ? [] : [.runs(.read(wanted, withSettings: withSettings))]
    return reading + readLearned()
  }

  /// Takes what was read of runs.
  mutating func receive(_ readings: [RunReading]) {
    for reading in readings {
      runs.asked[reading.number] = nil
      var reading = reading
      // The settings of a run never change: those that are known stay.
      if reading.settings == nil, let known = runs.readings[reading.number]?.settings {
        reading = RunReading(
          number: reading.number, revision: reading.revision, loss: reading.loss,
          validation: reading.validation, settings: known)
      }
      runs.readings[reading.number] = reading
    }
  }

  /// Looks at the record again when it is time, so that what other labs train shows.
  mutating func lookAtRuns() -> [Effect] {
    guard screen == .runs, now >= runs.nextLook else { return [] }
    runs.nextLook = now + RunsState.lookInterval
    return [.runs(.look)]
  }
}
