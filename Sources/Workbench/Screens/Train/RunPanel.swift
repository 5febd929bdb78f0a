import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// How far the run is, and how fast it goes.
enum RunPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let settings = view.lab.settings else { return }
    let isCompact = view.area.height < 5
    let pace: StyledText =
      .secondary("pace \(view.lab.pace.shortWords) ") + .accent("- +")
      + .secondary(" · \(left(view.lab))")
    let inside = view.box(
      "Run", detail: isCompact ? pace : .text(title(view, settings)), on: &grid)
    drawProgress(view, settings, isCompact, inside.row(0), on: &grid)
    guard !isCompact else { return }
    drawLadder(view, settings, inside.row(1), on: &grid)
    grid.write(epochWords(settings), at: Point(inside.x, inside.y + 2), width: inside.width)
    if let last = Happenings.lines(view.past).first, TrainScreen.kind(view.state) == .classes {
      let text: StyledText =
        .secondary("step \(NumberFormat.integer(last.step)): ")
        + (last.isBad ? .bad(last.text) : .text(last.text))
      let room = inside.trimmed(left: epochWords(settings).width + 4)
      if text.width <= room.width { grid.writeTrailing(text, in: room, row: 2) }
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
      parts.append("\(NumberFormat.integer(network.parameterCount)) parameters")
    }
    parts.append(settings.model.compilation?.optimizer.kind ?? "")
    parts.append("batch \(settings.batchSize)")
    parts.append("seed \(settings.seed)")
    return parts.joined(separator: " · ")
  }

  /// How long the rest takes at this pace.
  private static func left(_ lab: LabSnapshot) -> String {
    let total = lab.settings?.totalSteps ?? 0
    let rest = max(0, total - lab.position.step)
    if rest == 0 { return "done" }
    guard case .steps(let rate) = lab.pace, rate > 0 else { return "as fast as it goes" }
    let seconds = Int((Double(rest) / rate).rounded(.up))
    return seconds < 100
      ? "\(NumberFormat.padded("\(seconds)", to: 2)) s left"
      : "\(NumberFormat.integer((seconds + 59) / 60)) min left"
  }

  private static func drawProgress(
    _ view: PanelView, _ settings: RunSettings, _ isCompact: Bool, _ row: Rect,
    on grid: inout CellGrid
  ) {
    let lab = view.lab
    let total = settings.totalSteps
    let width = NumberFormat.integer(total).count
    let step = NumberFormat.padded(NumberFormat.integer(lab.position.step), to: width)
    let part = lab.position.instruction
    let begun = part > 0 && !isCompact ? " + \(part)" : ""
    let of = isCompact ? "/" : " of "
    let start =
      StyledText.secondary("step ") + .strong(step)
      + .secondary("\(of)\(NumberFormat.integer(total))\(begun)")
    let share = total > 0 ? Double(lab.position.step) / Double(total) : 1
    let epochs = String(settings.epochs)
    let epoch = min(settings.epochs, lab.position.step / settings.stepsPerEpoch + 1)
    let epochText = NumberFormat.padded(String(epoch), to: epochs.count)
    var end: StyledText =
      .text(NumberFormat.padded(String(Int(share * 100)), to: 3) + " %")
      + .secondary("   epoch ") + .text(epochText)
    if !isCompact {
      end += .secondary(" of \(epochs)   ") + .text(NumberFormat.padded(left(lab), to: 12))
    }
    grid.write(start, at: row.origin)
    let begin = isCompact ? 8 + 2 * width : 14 + 2 * width
    let bar = row.trimmed(left: begin + 4, right: end.width + 3)
    ProgressBar(share).draw(in: bar, on: &grid)
    grid.writeTrailing(end, in: row)
  }

  /// `pace  1/s ━ 10/s ━ ◆ 90/s, 10 s a run ━ full speed`
  private static func drawLadder(
    _ view: PanelView, _ settings: RunSettings, _ row: Rect, on grid: inout CellGrid
  ) {
    let usual = Pace.tenSeconds(for: settings.totalSteps)
    let rungs = Pace.ladder(for: settings.totalSteps).map { pace -> StyledText in
      let words = pace.shortWords + (pace == usual ? ", 10 s a run" : "")
      return pace == view.lab.pace ? .accent("◆ \(words)") : .text(words)
    }
    let ladder: StyledText =
      .secondary("pace  ") + .joined(rungs, separator: StyledText(" ━━ ", .border))
    let keys: StyledText =
      .hint("- +", "slower, faster") + "   " + .hint("F", "full")
    let used = grid.write(ladder, at: row.origin, width: row.width)
    if used + keys.width + 5 <= row.width {
      grid.write(keys, at: Point(row.x + used + 5, row.y))
    }
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
    case .steps(let count): "\(NumberFormat.integer(Int(count)))/s"
    case .full: "full speed"
    }
  }
}
