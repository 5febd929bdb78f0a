import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The run with its loss, and this step instruction by instruction.
struct TimelinePanel: StepView {
  let scene: StepScene

  private var inside: Rect { area.inset(columns: 2, rows: 1) }
  private var hasRun: Bool { inside.height > 1 }
  /// Beside the branches the line of the run says more than that of the step.
  private var isRunAlone: Bool { !hasRun && state.step.view == .branches }
  private var runLine: Rect { isRunAlone ? inside : inside.trimmed(left: 12).row(0) }
  private var runMarks: TimelineMarks { TimelineMarks(state) }
  /// Whether what is marked in the run has a line of its own.
  private var hasLabels: Bool { inside.height >= 5 && runMarks.hasLabels }
  private var stepLine: Rect {
    hasRun ? inside.trimmed(left: 12, top: hasLabels ? 2 : 1) : inside
  }

  func draw(_ mode: StepMode, _ isFocused: Bool, on grid: inout CellGrid) {
    let watch = inside.height < 3 ? moment.watches.first.map { WatchLine($0, moment) } : nil
    grid.box(
      area, title: "Timeline", detail: detail,
      note: watch.map { $0.line(width: area.width - 8) } ?? StyledText(), isFocused: isFocused)
    guard hasRun else {
      if isRunAlone {
        drawRun(runLine, on: &grid)
      } else {
        drawStep(stepLine, labels: false, on: &grid)
      }
      return
    }
    grid.write(.secondary("run: loss"), at: inside.origin)
    drawRun(runLine, on: &grid)
    if hasLabels {
      runMarks.drawLabels(in: Rect(runLine.x, runLine.y + 1, runLine.width, 1), on: &grid)
    }
    grid.write(.secondary("this step"), at: Point(inside.x, stepLine.y))
    drawStep(stepLine, labels: true, on: &grid)
    drawRest(inside.trimmed(top: stepLine.y - inside.y + 2), mode, on: &grid)
  }

  /// Below the lines: words where they have no panel, what is watched, the keys of the phases.
  private func drawRest(_ rest: Rect, _ mode: StepMode, on grid: inout CellGrid) {
    guard rest.height > 0 else { return }
    let hasWords =
      state.step.view == .line && (mode == .large || mode == .update)
      && state.panels.first { $0.id == "words" }?.area.isEmpty ?? true
    let watches = min(moment.watches.count, hasWords ? max(0, rest.height - 2) : rest.height)
    if hasWords {
      WordsPanel.write(state, moment, in: rest.trimmed(bottom: watches), on: &grid)
      WatchStrip.draw(moment, in: rest.trimmed(top: rest.height - watches), on: &grid)
      return
    }
    let hint =
      StyledText.secondary("run to ")
      + .joined(
        [
          ("f", "forward", Phase.forward), ("l", "loss", .loss), ("b", "backward", .backward),
          ("o", "update", .update),
        ]
        // Beside the branches `l` means the axis of their losses.
        .filter { $0.0 != "l" || state.step.view != .branches }
        .map { key, name, phase in
          let hint = StyledText.hint(key, name)
          return StepBindings.whyNotRun(to: phase, state) == nil ? hint : hint.inked(.faint)
        })
    let line = rest.row(rest.height - 1)
    if watches < rest.height {
      if watches > 0 { WatchStrip.draw(moment, in: rest.row(0), on: &grid) }
      grid.write(hint, at: line.origin, width: rest.width)
    } else {
      WatchStrip.draw(moment, in: rest, on: &grid)
    }
  }

  /// The moment under a point of the two lines.
  func position(at point: Point) -> Position? {
    let count = moment.plan.instructions.count
    if isOnRun(point) {
      let total = runMarks.total
      let step = (point.x - runLine.x) * total / max(1, runLine.width)
      return Position(step: min(step, total - 1), instruction: min(moment.done, count))
    }
    guard !isRunAlone, stepLine.row(0).contains(point), count > 0 else { return nil }
    let x = point.x - stepLine.x
    let marks = marks(stepLine.width)
    guard x <= marks[count - 1] + 3 else { return nil }
    let nearest = marks.indices.min { abs(marks[$0] - x) < abs(marks[$1] - x) } ?? 0
    return Position(step: moment.step, instruction: nearest + 1)
  }

  private func isOnRun(_ point: Point) -> Bool {
    guard hasRun || isRunAlone else { return false }
    let rows = hasLabels ? 2 : 1
    return Rect(runLine.x, runLine.y, runLine.width, rows).contains(point)
  }

  /// What a turn of the wheel moves by at a point.
  func unit(at point: Point) -> MoveUnit { isOnRun(point) ? .step : .line }

  /// `120 of 900 steps done · epoch 3 of 20 · batch loss 0.8633`.
  private var detail: StyledText {
    guard let settings = state.lab.settings else { return StyledText() }
    let done = StepCount.done(moment.stepsDone, of: settings.totalSteps, moment.units)
    if state.isCompact, let branch = state.lab.branchWords {
      return .secondary("\(branch) · \(done)")
    }
    var parts = [done]
    if let pass = state.lab.pass {
      parts.append(pass.words)
    } else if !state.isCompact {
      let epoch = state.lab.epoch(ofStep: moment.step) + 1
      parts.append("epoch \(epoch)" + (epoch > settings.epochs ? "" : " of \(settings.epochs)"))
    }
    if let loss = moment.loss {
      // Train shows the mean of an epoch beside it.
      let name = state.isCompact || state.lab.pass != nil ? "loss" : "batch loss"
      parts.append("\(name) \(NumberFormat.fixed(loss, decimals: 4))")
    }
    if let branch = state.lab.branchWords { parts.insert(branch, at: 0) }
    return .secondary(parts.joined(separator: " · "))
  }

  // MARK: The run

  /// The losses of all steps so far, the position marked; what is to come is a faint line.
  private func drawRun(_ line: Rect, on grid: inout CellGrid) {
    guard state.lab.settings != nil, line.width > 1 else { return }
    let marks = runMarks
    let total = marks.total
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
    marks.drawEpochs(on: line, from: width, on: &grid)
    if !hasLabels { marks.drawGrown(on: line, on: &grid) }
    let here = min(line.width - 1, moment.step * line.width / total)
    grid.put("◆", at: Point(line.x + here, line.y), ink: .accent, attributes: .bold)
  }

  // MARK: This step

  private static func spacing(_ count: Int, _ width: Int) -> Int {
    min(6, (width - 1) / max(1, count - 1))
  }

  /// The column of each instruction.
  private func marks(_ width: Int) -> [Int] {
    let count = moment.plan.instructions.count
    let spacing = Self.spacing(count, width)
    return (0..<count).map {
      spacing >= 2 ? $0 * spacing : $0 * (width - 1) / max(1, count - 1)
    }
  }

  private func drawStep(_ area: Rect, labels: Bool, on grid: inout CellGrid) {
    let count = moment.plan.instructions.count
    guard count > 0, area.width > 0 else { return }
    let marks = marks(area.width)
    let spacing = Self.spacing(count, area.width)
    func x(_ index: Int) -> Int { marks[index] }
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
      let wanted = min(area.x + x(range.lowerBound), area.right - phase.rawValue.count)
      let start = max(free, wanted)
      let taken = grid.write(
        phase.rawValue, at: Point(start, area.y + 1), ink: phase.ink,
        width: max(0, area.right - start))
      free = start + taken + 1
    }
  }
}
