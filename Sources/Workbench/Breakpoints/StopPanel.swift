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
      grid.writeWrapped(
        .secondary("No breakpoint stopped the run here. ") + .hint("c", "goes on to the next, ")
          + .hint("C", "back to the one before."), in: inside)
      return
    }
    let step = "step \(NumberFormat.integer(stop.position.step))"
    let long = "Stopped: breakpoint \(first.number), \(bare(first.what))"
    let title = Fitting.text(
      [long, "Stopped: \(bare(first.what))", "Stopped: breakpoint \(first.number)", "Stopped"],
      width: area.width - step.count - 11)
    let inside = grid.box(
      area, title: title, detail: .secondary(step), isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    var row = 0
    for line in lines(stop) {
      for part in line.wrapped(to: inside.width) where row < inside.height {
        grid.write(part, at: Point(inside.x, inside.y + row))
        row += 1
      }
    }
  }

  /// `dead-relu dense` of `break dead-relu dense`.
  private static func bare(_ what: String) -> String {
    what.hasPrefix("break ") ? String(what.dropFirst(6)) : what
  }

  /// What was found comes first; a further breakpoint of the same moment has its own lines.
  private static func lines(_ stop: Stop) -> [StyledText] {
    stop.reasons.enumerated().flatMap { place, reason -> [StyledText] in
      var lines: [StyledText] = []
      if place > 0 {
        lines.append(.bad("◆ ") + .strong("and breakpoint \(reason.number), \(reason.what)"))
      }
      let sign: StyledText = place == 0 ? .bad("◆ ") : "  "
      guard let first = reason.words.first else {
        return place > 0 ? lines : [.bad("◆ ") + .strong("this place is reached")]
      }
      return lines + [sign + .strong(first)] + reason.words.dropFirst().map { .text("  " + $0) }
    }
  }
}
