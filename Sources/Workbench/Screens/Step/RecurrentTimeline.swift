import Autodiff
import TerminalGraphics
import Training

/// The way through a recurrent layer: its time steps, and the lines of the present one.
struct RecurrentTimeline: StepView {
  let scene: StepScene

  /// A stop on the way: its name and the instructions that it stands for.
  private struct Stop {
    let name: String
    let range: Range<Int>
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    guard let recurrent = moment.recurrent, let here = moment.instruction else { return }
    let inside = grid.box(area, title: "Timeline", detail: .secondary(detail), isFocused: isFocused)
      .inset(rows: 0)
    if inside.height < 2 {
      draw(timeStops(recurrent.layer, around: here), after: nil, inside, on: &grid)
      return
    }
    let line = inside.trimmed(left: 11)
    let times = timeStops(recurrent.layer, around: here)
    grid.write(.secondary("time"), at: inside.origin)
    draw(times, after: nextLayer(times), line, on: &grid)
    if let present = times.first(where: { $0.range.contains(here) }) {
      grid.write(.secondary("line"), at: Point(inside.x, inside.y + 2))
      let lines = present.range.map {
        Stop(name: moment.plan.instructions[$0].title, range: $0..<$0 + 1)
      }
      draw(lines, after: nil, line.trimmed(top: 2), on: &grid)
    }
    guard inside.height > 4 else { return }
    if !moment.watches.isEmpty {
      WatchStrip.draw(moment, in: inside.trimmed(top: 4), on: &grid)
      return
    }
    let hint =
      StyledText.secondary("move by ") + .accent(".") + .secondary(" line  ") + .accent(")")
      + .secondary(" time step  ") + .accent(">") + .secondary(" phase    back with ")
      + .accent(", ( <") + .secondary("    a closed fold counts as one line")
    grid.write(hint, at: Point(inside.x, inside.y + 4), width: inside.width)
  }

  /// `step 1,200 of 1,500 · example 7 is a lens, not a move`.
  private var detail: String {
    let total = state.lab.settings.map { StepCount.of($0.totalSteps, at: moment.step) } ?? ""
    let step = "step \(NumberFormat.integer(moment.step))" + total
    if area.height < 7 {
      return step + (moment.recurrent.map { " · time step \($0.time) of 0–\($0.steps - 1)" } ?? "")
    }
    return moment.lens.map { step + " · example \($0.place) is a lens, not a move" } ?? step
  }

  /// The time steps of this phase in the order in which they are done: backward begins at the last.
  private func timeStops(_ layer: String, around here: Int) -> [Stop] {
    let all = moment.plan.instructions
    let phase = all[here].phase
    var stops: [Stop] = []
    var open: (name: String, start: Int)?
    for index in moment.plan.range(of: phase) {
      let name = all[index].timeStep.flatMap { $0.layer == layer ? $0.scope : nil }
      if name == open?.name { continue }
      if let open { stops.append(Stop(name: short(open.name), range: open.start..<index)) }
      open = name.map { ($0, index) }
    }
    if let open {
      let end = moment.plan.range(of: phase).upperBound
      stops.append(Stop(name: short(open.name), range: open.start..<end))
    }
    return stops
  }

  /// `t=5` of `t = 5`.
  private func short(_ name: String) -> String { name.replacing(" ", with: "") }

  /// What comes after the last time step, in this phase or the next.
  private func nextLayer(_ stops: [Stop]) -> String? {
    guard let end = stops.last?.range.upperBound, end < moment.plan.instructions.count else {
      return nil
    }
    let next = moment.plan.instructions[end]
    return next.layer.map { $0 == moment.recurrent?.layer ? next.title : $0 } ?? next.title
  }

  private func draw(
    _ stops: [Stop], after: String?, _ line: Rect, on grid: inout CellGrid
  ) {
    guard !stops.isEmpty, let here = moment.instruction else { return }
    let room = line.width - (after.map { $0.count + 3 } ?? 0)
    let widest = stops.map(\.name.count).max() ?? 1
    let spacing = min(8, max(1, (room - widest) / max(1, stops.count)))
    let ink = moment.plan.instructions[here].phase.ink
    let every = max(1, (widest + spacing) / spacing)
    for (place, stop) in stops.enumerated() {
      let x = line.x + place * spacing
      let isHere = stop.range.contains(here)
      let isDone = stop.range.upperBound <= moment.done
      if place + 1 < stops.count || after != nil {
        for between in x + 1..<max(x + 1, x + spacing) {
          grid.put("─", at: Point(between, line.y), ink: isDone && !isHere ? ink : .border)
        }
      }
      grid.put(
        isHere ? "◆" : isDone ? "●" : "○", at: Point(x, line.y),
        ink: isHere ? .accent : isDone ? ink : .secondary, attributes: isHere ? .bold : [])
      guard line.height > 1 else { continue }
      let isNear = stops.indices.contains {
        stops[$0].range.contains(here) && abs($0 - place) < every
      }
      if isHere || (place % every == 0 && !isNear) {
        grid.write(
          isHere ? .accent(stop.name) : .secondary(stop.name), at: Point(x, line.y + 1),
          width: max(0, line.right - x))
      }
    }
    if let after {
      grid.write(.faint(" " + after), at: Point(line.x + stops.count * spacing, line.y))
    }
  }
}
