import Autodiff
import TerminalGraphics
import Training

/// What stands on Step before there is a run: what keeps it from beginning, which key mends that, and
/// a picture of what will stand here.
enum NoRunPanel {
  static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      guard state.lab.network == nil else {
        // There is a run, and its step will be here in a moment.
        let inside = grid.box(panel.area, title: "Step", isFocused: true).inset(columns: 1, rows: 0)
        grid.write(
          .secondary("doing the step once more, to keep every number of it"),
          at: inside.origin, width: inside.width)
        continue
      }
      let inside = grid.box(
        panel.area, title: "Step", detail: .secondary("no run yet"), isFocused: true
      )
      .inset(columns: panel.area.width >= 76 ? 2 : 1, rows: 0)
      let head = head(state).flatMap { $0.wrapped(to: inside.width) }
      var y = inside.y + (inside.height >= 20 ? 1 : 0)
      for line in head where y < inside.bottom {
        grid.write(line, at: Point(inside.x, y), width: inside.width)
        y += 1
      }
      let rest = inside.trimmed(top: y - inside.y + 1)
      guard rest.height >= 5 else { continue }
      grid.rule(
        .secondary("what will stand here: a training step, line by line"), in: panel.area.inset(),
        row: y - panel.area.y - 1)
      drawPlan(in: rest, on: &grid)
    }
  }

  private static func head(_ state: AppState) -> [StyledText] {
    if let why = state.whyNoOwnRun { return [.text(why + ".")] }
    if let why = state.lab.failure ?? BuildChecks.whyNoRun(state) {
      return [
        .bad("× ") + .strong("No run can begin: ") + .text(why + "."),
        .hint("3", "mends the network on Build") + "   " + .hint("6", "takes other data"),
      ]
    }
    return [
      .accent("Enter") + .text(" begins a run of the network on Build with the data on Data."),
      .hint("3", "another network") + "   " + .hint("6", "other data"),
    ]
  }

  /// The four phases with lines as a plan has them, and what each is for.
  private static let phases: [(phase: Phase, meaning: String, lines: [(String, String)])] = [
    (
      .forward, "the inputs go through the layers",
      [("x W", "each input times its weight, added up"), ("+ b", "and the bias of each unit")]
    ),
    (
      .loss, "one number says how wrong the outputs are",
      [("−log p, mean", "large where the right class was unlikely")]
    ),
    (
      .backward, "back from the loss, layer by layer",
      [("∂ + b", "how the loss changes with each bias"), ("∂ x W", "and with each weight")]
    ),
    (
      .update, "each weight changes so that the loss falls",
      [("w ← w − lr · g", "against its gradient g")]
    ),
  ]

  private static func drawPlan(in area: Rect, on grid: inout CellGrid) {
    let lineCount = phases.reduce(0) { $0 + $1.lines.count }
    let hasLines = area.height >= phases.count + lineCount + 2
    let hasAir = area.height >= 2 * phases.count + lineCount + 2
    var y = area.y
    for (phase, meaning, lines) in phases {
      let name = StyledText(phase.rawValue.padding(to: 10), phase.ink, .bold)
      grid.write(name + .text(meaning), at: Point(area.x, y), width: area.width)
      y += 1
      for (title, words) in hasLines ? lines : [] {
        grid.write(
          StyledText("  ○ ", phase.ink) + .text(title.padding(to: 16)) + .secondary(words),
          at: Point(area.x, y), width: area.width)
        y += 1
      }
      if hasAir { y += 1 }
    }
    guard y < area.bottom else { return }
    grid.write(
      .secondary(". does a line; , takes it back, to the last digit"),
      at: Point(area.x, area.bottom - 1), width: area.width)
  }
}
