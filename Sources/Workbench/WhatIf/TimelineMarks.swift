import TerminalGraphics
import Training

/// What is marked on the line of the whole run: where branches grew, what was set by hand, the marks
/// of the student, and where one stands.
struct TimelineMarks {
  private struct Mark {
    let step: Int
    var isBranch = false
    /// From the longest to the shortest.
    let texts: [StyledText]
  }

  let total: Int
  private let here: Int
  private let marks: [Mark]
  private let epochLength: Int

  init(_ state: AppState) {
    let lab = state.lab
    total = max(1, lab.settings?.totalSteps ?? 1, lab.history.count)
    here = lab.moment?.step ?? lab.position.step
    epochLength = max(1, lab.settings?.stepsPerEpoch ?? 1)
    let grown = lab.branches.places.map { place in
      Self.branches(place.numbers, at: place.step)
    }
    let starts = Set(lab.branches.places.map(\.step))
    let changes = Dictionary(grouping: lab.changes, by: \.step)
      .filter { !starts.contains($0.key) }
      .map { step, _ in Mark(step: step, texts: [StyledText("▲\(Self.number(step))", .update)]) }
    let own = state.train.curves.marks.map { mark in
      Mark(
        step: mark.step,
        texts: [.accent("mark \(mark.number)"), .accent("\(mark.number)")])
    }
    // Where there is no room for all, what cannot be found elsewhere comes first.
    marks = grown + own + changes.sorted { $0.step < $1.step }
  }

  private static func number(_ step: Int) -> String { NumberFormat.integer(step) }

  /// `24 ┬ 2, 3`, `24 ┬ 2 …`.
  private static func branches(_ numbers: [Int], at step: Int) -> Mark {
    let sign: StyledText = .text(number(step)) + .accent(" ┬ ")
    func list(_ shown: ArraySlice<Int>) -> StyledText {
      .joined(
        shown.map { StyledText("\($0)", .series(($0 - 1) % Ink.seriesCount)) }, separator: ", ")
    }
    let more: StyledText = numbers.count > 2 ? .secondary(" …") : StyledText()
    return Mark(
      step: step, isBranch: true,
      texts: [sign + list(numbers[...]), sign + list(numbers.prefix(2)) + more, .accent("┬")])
  }

  /// Whether there is more to say than where one stands.
  var hasLabels: Bool { !marks.isEmpty }

  /// The column of a step on a line of so many columns.
  func column(of step: Int, width: Int) -> Int {
    max(0, min(width - 1, step * width / total))
  }

  /// The ends of epochs, where they are far enough apart to be seen.
  func drawEpochs(on line: Rect, from first: Int, on grid: inout CellGrid) {
    guard epochLength * line.width / total >= 4 else { return }
    for step in stride(from: epochLength, to: total, by: epochLength) {
      let x = column(of: step, width: line.width)
      guard x >= first else { continue }
      grid.put("┴", at: Point(line.x + x, line.y), ink: .border)
    }
  }

  /// Where branches grew, on the line itself where there is none below it.
  func drawGrown(on line: Rect, on grid: inout CellGrid) {
    for mark in marks where mark.isBranch {
      let x = line.x + column(of: mark.step, width: line.width)
      grid.put("┬", at: Point(x, line.y), ink: .accent)
    }
  }

  /// The labels below the line, as many as there is room for.
  func drawLabels(in area: Rect, on grid: inout CellGrid) {
    guard area.width > 4, area.height > 0 else { return }
    var taken: [Range<Int>] = []
    func put(_ text: StyledText, at step: Int, around: Int) -> Bool {
      let x = column(of: step, width: area.width)
      let start = max(0, min(x - around, area.width - text.width))
      let place = start..<start + text.width
      guard text.width <= area.width,
        taken.allSatisfy({ $0.upperBound < place.lowerBound || place.upperBound < $0.lowerBound })
      else { return false }
      grid.write(text, at: Point(area.x + start, area.y))
      taken.append(place)
      return true
    }
    for mark in marks {
      for text in mark.texts {
        // The sign stands under its step.
        let before = text.plain.prefix { $0 != "┬" }.count
        if put(text, at: mark.step, around: mark.isBranch ? before : 0) { break }
      }
    }
    let now = StyledText.accent(Self.number(here))
    if !marks.contains(where: { $0.step == here }) {
      _ = put(now, at: here, around: now.width / 2)
    }
    _ = put(.secondary("0"), at: 0, around: 0)
    let end = StyledText.secondary(Self.number(total))
    _ = put(end, at: total, around: end.width)
  }
}
