import TerminalGraphics

/// A program with a loop of its own while it runs: it trains as it likes, and what it trained can be
/// gone through when it has ended.
package struct RunningLoop: Sendable {
  /// The lines that are kept of what it prints.
  package static let mostLines = 200

  let name: String
  /// When it began.
  let since: Double
  var passes = 0
  /// The last lines that it printed.
  var said: [String] = []

  init(name: String, since: Double) { (self.name, self.since) = (name, since) }
}

/// Train while a program runs: how far it has come, what it prints, and the way out.
enum LoopPanel {
  static let id = "program"

  static func draw(_ view: PanelView, _ loop: RunningLoop, on grid: inout CellGrid) {
    let seconds = NumberFormat.integer(Int(view.state.now - loop.since))
    let inside = view.box(
      "\(loop.name) runs", detail: count(loop) + .secondary(" · \(seconds) s"), on: &grid)
    let head: [StyledText] = [
      .text(
        "It trains in a loop of its own. Each batch that a network learns from is written down,"
          + " and when the program has ended the run is here, from its first pass on."),
      .hint("Esc", "stops it")
        + .secondary(": what it trained until then is the run"),
    ]
    var y = inside.y
    for line in head.flatMap({ $0.wrapped(to: inside.width) }) where y < inside.bottom {
      grid.write(line, at: Point(inside.x, y), width: inside.width)
      y += 1
    }
    let rest = inside.trimmed(top: y - inside.y + 1)
    guard rest.height > 0, !loop.said.isEmpty else { return }
    grid.rule(.secondary("what it prints"), in: view.area.inset(), row: y - view.area.y - 1)
    for (row, line) in loop.said.suffix(rest.height).enumerated() {
      grid.write(.text(line), at: Point(rest.x, rest.y + row), width: rest.width)
    }
  }

  /// `1,234 passes so far`.
  static func count(_ loop: RunningLoop) -> StyledText {
    loop.passes == 0
      ? .secondary("it begins …")
      : .text(NumberFormat.integer(loop.passes))
        + .secondary(loop.passes == 1 ? " pass so far" : " passes so far")
  }

  static let bindings = [
    Binding(
      [KeyStroke(.escape)], "stop program", hint: "stop",
      help: "end the program here: what it trained until now is the run"
    ) { state in
      state.say("\(state.train.program?.name ?? "it") ends with its next pass")
      return [.stopLoop]
    }
  ]
}
