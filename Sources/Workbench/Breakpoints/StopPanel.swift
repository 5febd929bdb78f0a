import TerminalGraphics
import Training

/// Why the run stands where it does: the breakpoint that stopped it, and what it saw.
enum StopPanel {
  static let id = "stop"

  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    guard let stop = state.lab.stop, let first = stop.reasons.first else {
      let inside = grid.box(area, title: "Stopped", isFocused: isFocused).inset(
        columns: 1, rows: 0)
      let words: StyledText =
        state.lab.breakpoints.contains(where: \.isEnabled)
        ? .secondary("One came here by a move, not by a breakpoint. ")
          + .hint("c", "goes on to the next, ") + .hint("C", "back to the one before.")
        : .secondary("No breakpoint is on that could stop the run. ") + .hint("B", "sets one.")
      grid.writeWrapped(words, in: inside)
      return
    }
    let step = "step \(NumberFormat.integer(stop.step))"
    let verb = stop.isArrival ? "Arrived" : "Stopped"
    let what = bare(first.what)
    let titles = [first.name.map { "\($0), \(what)" }, what, first.name].compactMap(\.self)
    let title = Fitting.text(
      titles.map { "\(verb): \($0)" } + [verb], width: area.width - step.count - 11)
    let inside = grid.box(
      area, title: title, detail: .secondary(step), isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    let keys = keys(stop, width: inside.width)
    var row = 0
    for (sign, words) in lines(stop) {
      for (place, part) in words.wrapped(to: inside.width - 2).enumerated()
      where row < inside.height {
        if place == 0 { grid.write(sign, at: Point(inside.x, inside.y + row)) }
        grid.write(part, at: Point(inside.x + 2, inside.y + row))
        row += 1
      }
    }
    if let map = stop.units.map({ Self.map($0, width: inside.width) }) {
      for line in map where row + 1 < inside.height {
        grid.write(line, at: Point(inside.x, inside.y + row))
        row += 1
      }
    }
    // What was found comes first.
    if row + 1 < inside.height, keys.width <= inside.width {
      grid.write(keys, at: Point(inside.x, inside.bottom - 1))
    }
  }

  private static func keys(_ stop: Stop, width: Int) -> StyledText {
    let moves: StyledText =
      .hint("C", "back to the stop before") + "  " + .hint("c", "on to the next")
    guard stop.sickness != nil else { return moves }
    let began = StyledText.hint("A", "Go back to where it began")
    let all = began + "  " + .hint("C", "stop before") + "  " + .hint("c", "next")
    return all.width <= width ? all : began
  }

  /// Each unit of the layer that is sick: `dense  ○○●◆○`, what is new apart; only counted where they
  /// are too many for two lines.
  private static func map(_ units: UnitMap, width: Int) -> [StyledText] {
    let name = units.layer + "  "
    let room = max(8, width - name.count)
    let count = StyledText.secondary("\(units.sick.count) of \(units.count) units")
    guard units.count <= 2 * room else { return [.text(name) + count] }
    let signs = (0..<units.count).map { unit -> StyledText in
      units.new.contains(unit) ? .bad("◆") : units.sick.contains(unit) ? .bad("●") : .secondary("○")
    }
    let lines = stride(from: 0, to: signs.count, by: room).map { first in
      StyledText.joined(Array(signs[first..<min(first + room, signs.count)]), separator: "")
    }
    return lines.enumerated().map { place, line in
      (place == 0 ? .text(name) : .text(String(repeating: " ", count: name.count))) + line
    }
  }

  /// `dead-relu dense` of `break dead-relu dense`.
  private static func bare(_ what: String) -> String {
    what.hasPrefix("break ") ? String(what.dropFirst(6)) : what
  }

  /// What was found, each with its sign; a further breakpoint of the same moment has its own lines.
  private static func lines(_ stop: Stop) -> [(sign: StyledText, words: StyledText)] {
    stop.reasons.enumerated().flatMap { place, reason -> [(sign: StyledText, words: StyledText)] in
      let words = reason.words.isEmpty && place == 0 ? ["this place is reached"] : reason.words
      guard place > 0 else {
        return words.enumerated().map { line, text in
          line == 0 ? (stop.sign, .strong(text)) : (StyledText(), .text(text))
        }
      }
      let head = StyledText.strong(
        "and " + [reason.name, reason.what].compactMap(\.self).joined(separator: ", "))
      return [(stop.sign, head)] + words.map { (StyledText(), .text($0)) }
    }
  }
}
