import Datasets
import NeuralNets
import TerminalGraphics

/// What was checked, and what the network costs.
struct ChecksPanel {
  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let facts = view.state.dataFacts
    let checks = BuildChecks.all(view.blueprint, view.state.workpiece, facts)
    let inside = grid.box(
      area, title: "Checks", detail: .secondary(BuildChecks.tally(checks)), isFocused: isFocused
    ).inset(rows: 0)
    if inside.height == 1 { return drawInOneLine(checks, in: inside, on: &grid) }
    let cost = view.blueprint.failure == nil ? costLines(facts, width: inside.width) : []
    let isAiry = inside.height >= 10
    let costHeight = cost.isEmpty ? 0 : cost.count + 1
    drawChecks(checks, in: inside.trimmed(bottom: costHeight), on: &grid)
    guard !cost.isEmpty else { return }
    let below = Rect(inside.x, inside.bottom - costHeight, inside.width, costHeight)
    if isAiry { grid.rule("cost", in: Rect(area.x + 1, below.y, area.width - 2, 1)) }
    for (i, line) in cost.enumerated() {
      grid.write(line, at: Point(below.x, below.y + 1 + i), width: below.width)
    }
  }

  /// What fails first, then advice, in the order of the network; what does not fit is counted.
  private func drawChecks(_ checks: [BuildCheck], in area: Rect, on grid: inout CellGrid) {
    let titleWidth = area.width >= 50 ? 12 : 11
    let sorted =
      checks.filter { $0.verdict == .fails } + checks.filter { $0.verdict == .good }
      + checks.filter { $0.verdict == .advice }
    var y = area.y
    for (i, check) in sorted.enumerated() {
      let isLong = check.verdict != .good
      let text = StyledText.secondary(check.text)
      let width = area.width - titleWidth - 2
      let lines = isLong ? text.wrapped(to: width) : [text.truncated(to: width)]
      let isLast = i == sorted.count - 1
      guard y + lines.count <= area.bottom - (isLast ? 0 : 1) else {
        if y < area.bottom {
          grid.write(.secondary("\(sorted.count - i) more: z shows them"), at: Point(area.x, y))
        }
        return
      }
      grid.write(check.sign, at: Point(area.x, y))
      grid.write(.text(check.title), at: Point(area.x + 2, y), width: titleWidth - 1)
      for line in lines {
        grid.write(line, at: Point(area.x + titleWidth + 2, y))
        y += 1
      }
    }
  }

  private func drawInOneLine(_ checks: [BuildCheck], in area: Rect, on grid: inout CellGrid) {
    let failing = checks.filter { $0.verdict == .fails }
    let parts = (failing + checks.filter { $0.verdict != .fails }).map {
      $0.sign + " " + .text($0.title)
    }
    grid.write(.joined(parts), at: area.origin, width: area.width)
  }

  private func costLines(_ facts: DataFacts, width: Int) -> [StyledText] {
    let cost = Cost(view.blueprint)
    let workpiece = view.state.workpiece
    let steps = LayerFacts.steps(of: facts.trainingCount, by: workpiece.batchSize)
    let (adds, bytes) = (NumberFormat.integer(cost.multiplyAdds), NumberFormat.integer(cost.bytes))
    let examples = NumberFormat.integer(facts.trainingCount)
    let kept = (["weights", "gradients"] + cost.slots).joined(separator: ", ")
    guard width >= 50 else {
      return [
        .secondary("multiply-adds ") + .text(adds) + .secondary(" an example"),
        .secondary("memory ") + .text(bytes) + .secondary(" bytes"),
        .secondary("an epoch ") + .text(NumberFormat.integer(steps))
          + .secondary(" steps of \(workpiece.batchSize)"),
      ]
    }
    return [
      .secondary("multiply-adds  ") + .text(adds) + .secondary(" for one example forward"),
      .secondary("memory         ") + .text(bytes) + .secondary(" bytes: \(kept)"),
      .secondary("an epoch       ") + .text(NumberFormat.integer(steps))
        + .secondary(" steps of \(workpiece.batchSize): \(examples) training examples"),
    ]
  }
}
