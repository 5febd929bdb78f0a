import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// How far the run is, how fast it goes, and where its time goes.
enum RunPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let settings = view.lab.settings else { return }
    let isCompact = view.area.height < 5
    let pace: StyledText =
      .secondary("pace \(view.lab.pace.shortWords) ") + .key("-") + " " + .key("+")
      + .secondary(" · \(left(view.lab))")
    let inside = view.box(
      "Run", detail: isCompact ? pace : .text(title(view, settings)), on: &grid)
    drawProgress(view, settings, isCompact, inside.row(0), on: &grid)
    guard !isCompact else { return }
    drawLadder(view, settings, inside.row(1), on: &grid)
    drawWork(view, settings, inside.row(2), on: &grid)
    if inside.height > 3 {
      let words =
        view.lab.pass == nil ? epochWords(settings) : .secondary("each pass is one batch")
      grid.write(words, at: Point(inside.x, inside.y + 3), width: inside.width)
    }
  }

  /// `digits · 64-32-10 · 2,410 parameters · Adam · batch 32 · seed 7`
  private static func title(_ view: PanelView, _ settings: RunSettings) -> String {
    var parts = [settings.data.name]
    if let network = view.lab.network {
      let widths = network.layers.filter { !$0.weights.isEmpty }.map {
        String($0.outputShape.last)
      }
      let first = network.inputShape.extents.map(String.init).joined(separator: "×")
      parts.append(([first] + widths.suffix(6)).joined(separator: "-"))
      parts.append(Words.count(network.parameterCount, "parameter"))
    }
    parts.append(settings.model.compilation?.optimizer.kind ?? "")
    parts.append("batch \(settings.batchSize)")
    parts.append("seed \(settings.seed)")
    return parts.joined(separator: " · ")
  }

  /// How long the rest takes at this pace, or as measured.
  private static func left(_ lab: LabSnapshot) -> String {
    let total = lab.settings?.totalSteps ?? 0
    let rest = max(0, total - lab.position.step)
    if rest == 0 { return "done" }
    if let stop = lab.stoppedAt, lab.position.step >= stop { return "stopped early" }
    let speed: Double
    switch lab.pace {
    case .steps(let rate): speed = min(rate, lab.stepsPerSecond ?? rate)
    case .full:
      guard let measured = lab.stepsPerSecond else { return "at full speed" }
      speed = measured
    }
    guard speed > 0 else { return "" }
    let seconds = (Double(rest) / speed).rounded(.up)
    guard seconds < 100 else {
      return
        "left \(NumberFormat.padded(NumberFormat.integer(Int(min(seconds, 6e9)) / 60), to: 3)) min"
    }
    return "left \(NumberFormat.padded("\(Int(seconds))", to: 2)) s"
  }

  /// Whether it stands before what it has learned already.
  private static func isPast(_ lab: LabSnapshot) -> Bool { lab.position.step < lab.history.count }

  /// `step 540 of 900`; gone back: `replaying step 300 of 2,000`, of those trained so far; within a
  /// step: `at step 672, instruction 7 of 18`.
  private static func place(
    _ lab: LabSnapshot, _ settings: RunSettings, isCompact: Bool
  ) -> StyledText {
    let isPast = isPast(lab)
    let total = isPast ? lab.history.count : settings.totalSteps
    let width = NumberFormat.integer(settings.totalSteps).count
    let step = NumberFormat.padded(NumberFormat.integer(lab.position.step), to: width)
    let of = isCompact ? "/" : " of "
    let part = lab.position.instruction
    let unit = lab.pass == nil ? "step" : "pass"
    if part > 0, lab.activity != .training {
      let line = isCompact ? "instr. " : "instruction "
      return .secondary("at \(unit) ") + .strong(NumberFormat.integer(lab.position.step))
        + .secondary(", \(line)\(part)\(of)\(lab.instructionCount)")
    }
    let verb: StyledText =
      !isPast
      ? .secondary("\(unit) ")
      : .warning(lab.activity == .training ? "replaying \(unit) " : "back at \(unit) ")
    return verb + .strong(step)
      + .secondary(
        isCompact && lab.position.step <= total
          ? "/\(NumberFormat.integer(total))" : StepCount.of(total, at: lab.position.step))
  }

  /// A run that was trained beyond its end is whole.
  private static func share(_ lab: LabSnapshot, _ settings: RunSettings) -> Double {
    let total = settings.totalSteps
    return total > 0 ? min(1, Double(lab.position.step) / Double(total)) : 1
  }

  /// ` 60 %   epoch 12 of 20   left 4 s`
  private static func progressEnd(
    _ lab: LabSnapshot, _ settings: RunSettings, _ isCompact: Bool
  ) -> StyledText {
    let epochs = String(settings.epochs)
    let epoch = lab.epochNumber
    let epochText = NumberFormat.padded(String(epoch), to: epochs.count)
    let percent = String(NumberFormat.wholePercent(share(lab, settings)))
    var end: StyledText = .text(NumberFormat.padded(percent, to: 3) + " %")
    if let pass = lab.pass {
      end += .secondary("   " + pass.words)
      if !isCompact { end += .text("   " + NumberFormat.padded(left(lab), to: 13)) }
    } else {
      end += .secondary("   epoch ") + .text(epochText)
      if !isCompact {
        let of = epoch > settings.epochs ? "" : " of \(epochs)"
        end += .secondary("\(of)   ") + .text(NumberFormat.padded(left(lab), to: 13))
      }
    }
    return end
  }

  private static func drawProgress(
    _ view: PanelView, _ settings: RunSettings, _ isCompact: Bool, _ row: Rect,
    on grid: inout CellGrid
  ) {
    let lab = view.lab
    let total = settings.totalSteps
    let share = share(lab, settings)
    let end = progressEnd(lab, settings, isCompact)
    let start = place(lab, settings, isCompact: isCompact)
    grid.write(start, at: row.origin)
    let bar = bar(lab, settings, start, end, isCompact, row)
    ProgressBar(share).draw(in: bar, on: &grid)
    if isPast(lab), total > 0, bar.width > 2 {
      // What was learned already and comes again.
      let end = bar.x + min(bar.width, bar.width * lab.history.count / total)
      for x in bar.x + max(1, Int(share * Double(bar.width)))..<max(bar.x + 1, end) {
        grid.put("═", at: Point(x, bar.y), ink: .secondary)
      }
    }
    if bar.width > 2 { TimelineMarks(view.state).drawGrown(on: bar, on: &grid) }
    grid.writeTrailing(end, in: row)
  }

  /// Where the bar is, which keeps its place while numbers grow.
  private static func bar(
    _ lab: LabSnapshot, _ settings: RunSettings, _ start: StyledText, _ end: StyledText,
    _ isCompact: Bool, _ row: Rect
  ) -> Rect {
    let width = NumberFormat.integer(settings.totalSteps).count
    let usual = (isCompact ? 8 : 14) + 2 * width + 4
    return row.trimmed(left: max(usual, start.width + 2), right: end.width + 3)
  }

  // MARK: The mouse on the bar

  /// A click or a drag on the bar goes there, the wheel one step on or back.
  static func mouse(_ mouse: Mouse, _ area: Rect, _ state: inout AppState) -> [Effect]? {
    guard let settings = state.lab.settings, settings.totalSteps > 0 else { return nil }
    let isCompact = area.height < 5
    let row = area.inset().inset(columns: 1, rows: 0).row(0)
    let bar = bar(
      state.lab, settings, place(state.lab, settings, isCompact: isCompact),
      progressEnd(state.lab, settings, isCompact), isCompact, row)
    guard bar.contains(mouse.point), bar.width > 0 else { return nil }
    switch mouse.action {
    case .wheelUp: return state.lab.position == Position(step: 0) ? [] : [.lab(.move(-1, .step))]
    case .wheelDown:
      return state.lab.position.step >= settings.totalSteps ? [] : [.lab(.move(1, .step))]
    case .press where mouse.button == .left, .drag where mouse.button == .left:
      state.focus[.train] = TrainPart.run.rawValue
      return go(
        to: (mouse.point.x - bar.x) * settings.totalSteps / bar.width,
        saying: mouse.action == .press, &state)
    default: return nil
    }
  }

  private static func go(
    to step: Int, saying: Bool, _ state: inout AppState
  ) -> [Effect] {
    guard step <= state.lab.history.count else {
      if saying {
        state.say(
          "step \(NumberFormat.integer(step)) has not been trained yet: Space trains on", .warning)
      }
      return []
    }
    let here = state.lab.position
    return here == Position(step: step) ? [] : [.lab(.go(Position(step: step)))]
  }

  // MARK: The pace

  private struct Rung {
    let pace: Pace
    let text: StyledText
    let x: Int
  }

  /// `pace  1/s ━ 2/s ━ 5/s ━ 10/s ━ ◆ 90/s, 10 s a run ━ full speed`; the shorter words where it is narrow.
  private static func rungs(_ lab: LabSnapshot, _ settings: RunSettings, in row: Rect) -> [Rung] {
    let usual = Pace.tenSeconds(for: settings.totalSteps)
    var x = row.x + 6
    let ladder = Pace.ladder(for: settings.totalSteps)
    // What was typed stands among the others.
    let all =
      ladder.contains(lab.pace) ? ladder : (ladder + [lab.pace]).sorted { $0.rate < $1.rate }
    return all.map { pace in
      let words = pace.shortWords + (pace == usual ? ", 10 s a run" : "")
      let text: StyledText = pace == lab.pace ? .accent("◆ \(words)") : .text(words)
      defer { x += text.width + 4 }
      return Rung(pace: pace, text: text, x: x)
    }
  }

  private static func drawLadder(
    _ view: PanelView, _ settings: RunSettings, _ row: Rect, on grid: inout CellGrid
  ) {
    grid.write(.secondary("pace"), at: row.origin)
    let rungs = rungs(view.lab, settings, in: row)
    for (index, rung) in rungs.enumerated() where rung.x + rung.text.width <= row.right {
      if index > 0 {
        grid.write(StyledText("━━", .border), at: Point(rung.x - 3, row.y))
      }
      grid.write(rung.text, at: Point(rung.x, row.y))
    }
    let used = rungs.last.map { $0.x + $0.text.width } ?? row.x
    let keys: [StyledText] = [
      .hint("- +", "slower, faster") + "  " + .hint("F", "full"), .key("- +") + "  " + .key("F"),
    ]
    let room = row.right - used - 3
    guard speedWidth <= room else { return }
    // Beside the place of the speed, also while it is empty: nothing jumps when the run starts.
    if let keys = keys.first(where: { $0.width + 2 + speedWidth <= room }) {
      grid.write(keys, at: Point(used + 3, row.y))
    }
    grid.writeTrailing(speed(view.lab), in: row)
  }

  /// `now       18/s`
  private static let speedWidth = 13

  /// How many steps a second were measured, in as many columns whatever it is.
  private static func speed(_ lab: LabSnapshot) -> StyledText {
    guard let measured = lab.stepsPerSecond, lab.activity == .training else { return StyledText() }
    let number =
      measured < 10
      ? NumberFormat.fixed(measured, decimals: 1) : NumberFormat.integer(Int(measured.rounded()))
    return .secondary("now ") + .text(NumberFormat.padded(number, to: 7)) + .secondary("/s")
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    guard let settings = state.lab.settings, area.height >= 5 else { return [] }
    let row = area.inset().inset(columns: 1, rows: 0).row(1)
    guard point.y == row.y,
      let rung = rungs(state.lab, settings, in: row).first(where: {
        point.x >= $0.x && point.x < $0.x + $0.text.width
      })
    else { return [] }
    return TrainKeys.setPace(rung.pace, &state)
  }

  // MARK: The work

  private static func drawWork(
    _ view: PanelView, _ settings: RunSettings, _ row: Rect, on grid: inout CellGrid
  ) {
    let lab = view.lab
    guard let times = PhaseTimes(lab.history, before: max(lab.position.step, 1)) else {
      let words =
        view.lab.pass == nil ? epochWords(settings) : .secondary("each pass is one batch")
      grid.write(words, at: row.origin, width: row.width)
      return
    }
    var words = times.words(isShort: false, ability: grid.ability)
    if words.width + 8 > row.width { words = times.words(isShort: true, ability: grid.ability) }
    grid.write(words, at: row.origin, width: row.width)
    let bar = row.trimmed(left: words.width + 2)
    // Without colors its parts have the shades of their words.
    if bar.width >= 8 { times.bar.draw(in: bar, on: &grid) }
  }

  /// `45 steps are one epoch: 1,437 examples in batches of 32`
  static func epochWords(_ settings: RunSettings) -> StyledText {
    let steps = settings.stepsPerEpoch
    let count = NumberFormat.integer(settings.data.training.count)
    guard settings.batchSize < settings.data.training.count else {
      return .secondary("one step is one epoch: all \(count) examples in one batch")
    }
    return .secondary(
      "\(NumberFormat.integer(steps)) \(steps == 1 ? "step is" : "steps are") one epoch: "
        + "\(count) examples in batches of \(NumberFormat.integer(settings.batchSize))")
  }
}

extension Pace {
  /// `90/s`, `full speed`.
  var shortWords: String {
    switch self {
    case .steps(let count): "\(Axis.label(count))/s"
    case .full: "full speed"
    }
  }
}
