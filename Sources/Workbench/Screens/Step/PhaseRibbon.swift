import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

extension Phase {
  /// The color that stands for it everywhere.
  var ink: Ink {
    switch self {
    case .forward: .forward
    case .loss: .loss
    case .backward: .backward
    case .update: .update
    }
  }

  var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }
}

/// The four phases of the step and how far each has come.
enum PhaseRibbon {
  static func draw(_ moment: StepMoment, in area: Rect, on grid: inout CellGrid) {
    let here = moment.instruction.map { moment.plan.instructions[$0].phase } ?? .forward
    let spans = area.trimmed(left: 1, right: 1).columns(Phase.allCases.map { _ in .share(1) })
    for (phase, span) in zip(Phase.allCases, spans) {
      let isHere = phase == here
      let range = moment.plan.range(of: phase)
      let done = min(max(0, moment.done - range.lowerBound), range.count)
      let title =
        isHere
        ? .accent("▶ \(phase.title)")
        : StyledText("  " + phase.title, done > 0 ? phase.ink : .secondary)
      grid.write(title, at: span.origin)
      let fraction = range.isEmpty ? 0 : Double(done) / Double(range.count)
      // How many of its instructions are done, where there is room.
      let width = String(range.count).count
      let count =
        span.width >= 24
        ? " " + NumberFormat.padded(String(done), to: width) + "/\(range.count)" : ""
      ProgressBar(fraction, ink: phase.ink).draw(
        in: Rect(span.x + 11, span.y, max(0, span.width - 13 - count.count), 1), on: &grid)
      if !count.isEmpty {
        grid.writeTrailing(
          StyledText(count, done > 0 ? phase.ink : .faint), in: span.trimmed(right: 2))
      }
    }
  }
}
