import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The run with its loss, and this step instruction by instruction.
struct TimelinePanel {
  private let state: AppState
  private let moment: StepMoment
  private let area: Rect

  init(_ state: AppState, _ moment: StepMoment, _ area: Rect) {
    self.state = state
    self.moment = moment
    self.area = area
  }

  func draw(_ mode: StepMode, _ isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(area, title: "Timeline", detail: detail, isFocused: isFocused)
      .inset(rows: 0)
    if inside.height == 1 {
      drawStep(inside, labels: false, on: &grid)
      return
    }
    let line = inside.trimmed(left: 12)
    grid.write(.secondary("run"), at: inside.origin)
    drawRun(line.row(0), on: &grid)
    grid.write(.secondary("this step"), at: Point(inside.x, inside.y + 1))
    drawStep(line.trimmed(top: 1), labels: true, on: &grid)
    let rest = inside.trimmed(top: 3)
    guard rest.height > 0 else { return }
    if mode == .large {
      grid.writeWrapped(WordsPanel.text(moment), in: rest)
    } else {
      let hint =
        StyledText.secondary("run to ") + .accent("f") + .secondary(" forward  ") + .accent("l")
        + .secondary(" loss  ") + .accent("b") + .secondary(" backward  ") + .accent("o")
        + .secondary(" update")
      grid.write(hint, at: Point(rest.x, rest.bottom - 1), width: rest.width)
    }
  }

  /// `step 120 of 900 · epoch 3 of 20 · loss 0.8633`.
  private var detail: StyledText {
    guard let settings = state.lab.settings else { return StyledText() }
    var parts = ["step \(moment.step) of \(settings.totalSteps)"]
    if !state.isCompact {
      parts.append("epoch \(moment.step / settings.stepsPerEpoch + 1) of \(settings.epochs)")
    }
    if let loss = moment.loss { parts.append("loss \(NumberFormat.fixed(loss, decimals: 4))") }
    return .secondary(parts.joined(separator: " · "))
  }

  // MARK: The run

  /// The losses of all steps so far, the position marked; what is to come is a faint line.
  private func drawRun(_ line: Rect, on grid: inout CellGrid) {
    guard let settings = state.lab.settings, line.width > 1 else { return }
    let total = max(1, settings.totalSteps)
    let losses = state.lab.history.steps.map(\.loss)
    for x in 0..<line.width { grid.put("─", at: Point(line.x + x, line.y), ink: .border) }
    let width = min(
      line.width, max(losses.isEmpty ? 0 : 1, line.width * state.lab.history.count / total))
    if !losses.isEmpty {
      let finite = losses.filter(\.isFinite)
      let spread = (0..<width).map { column in
        losses[min(losses.count - 1, column * losses.count / width)]
      }
      // From 0, so that heights compare.
      Sparkline(values: spread, ink: .thumb, limits: 0...max(finite.max() ?? 1, 1e-9))
        .draw(in: Rect(line.x, line.y, width, 1), on: &grid)
    }
    let here = min(line.width - 1, moment.step * line.width / total)
    grid.put("◆", at: Point(line.x + here, line.y), ink: .accent, attributes: .bold)
  }

  // MARK: This step

  private func drawStep(_ area: Rect, labels: Bool, on grid: inout CellGrid) {
    let count = moment.plan.instructions.count
    guard count > 0, area.width > 0 else { return }
    let spacing = min(6, (area.width - 1) / max(1, count - 1))
    func x(_ index: Int) -> Int {
      spacing >= 2 ? index * spacing : index * (area.width - 1) / max(1, count - 1)
    }
    for index in 0..<count {
      let phase = moment.plan.instructions[index].phase
      let isDone = index < moment.done
      let ink: Ink = isDone ? phase.ink : .border
      if index + 1 < count {
        let line: Ink = index + 1 < moment.done ? phase.ink : .border
        for between in x(index) + 1..<max(x(index) + 1, x(index + 1)) {
          grid.put("─", at: Point(area.x + between, area.y), ink: line)
        }
      }
      let mark: Unicode.Scalar = spacing >= 2 ? (isDone ? "●" : "○") : (isDone ? "━" : "─")
      grid.put(
        mark, at: Point(area.x + x(index), area.y),
        ink: isDone || spacing < 2 ? ink : .secondary)
    }
    if let here = moment.instruction {
      grid.put(
        "◆", at: Point(area.x + x(here), area.y), ink: .accent, attributes: .bold)
    }
    guard labels, area.height > 1 else { return }
    var free = area.x
    for phase in Phase.allCases {
      let range = moment.plan.range(of: phase)
      guard !range.isEmpty else { continue }
      let start = max(free, area.x + x(range.lowerBound))
      let taken = grid.write(
        phase.rawValue, at: Point(start, area.y + 1), ink: phase.ink,
        width: max(0, area.right - start))
      free = start + taken + 1
    }
  }
}
