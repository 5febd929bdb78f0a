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

  /// What fails first, then what is good, then advice: in full where there is room, else what is good
  /// shortly, else in one line; what does not fit then is counted.
  private func drawChecks(_ checks: [BuildCheck], in area: Rect, on grid: inout CellGrid) {
    let sorted =
      checks.filter { $0.verdict == .fails } + checks.filter { $0.verdict == .good }
      + checks.filter { $0.verdict == .advice }
    let good = sorted.filter { $0.verdict == .good }
    let rest = sorted.filter { $0.verdict != .good }
    let joined = StyledText.joined(
      good.map {
        $0.sign + .text(" " + $0.title.replacing(" fits", with: "").replacing(" fit", with: ""))
      })
    let versions: [[StyledText]] = [
      sorted.flatMap { lines(of: $0, width: area.width) },
      sorted.flatMap { lines(of: $0, width: area.width, isShort: $0.verdict == .good) },
      rest.flatMap { lines(of: $0, width: area.width, titleWidth: 7) } + [joined],
      rest.flatMap { lines(of: $0, width: area.width, isShort: true, titleWidth: 7) } + [joined],
    ]
    let shown = versions.first { $0.count <= area.height } ?? versions[versions.count - 1]
    for (row, line) in shown.prefix(area.height).enumerated() {
      let isCut = row == area.height - 1 && shown.count > area.height
      grid.write(
        isCut ? .secondary("… z shows them all") : line, at: Point(area.x, area.y + row),
        width: area.width)
    }
  }

  /// A check with its text beside its title, wrapped.
  private func lines(
    of check: BuildCheck, width: Int, isShort: Bool = false, titleWidth least: Int = 11
  ) -> [StyledText] {
    let titleWidth = max(least, check.title.count + 1)
    let title = check.title.padding(to: titleWidth)
    let text = isShort ? check.short ?? check.text : check.text
    let wrapped = StyledText.secondary(text).wrapped(to: max(8, width - 2 - titleWidth))
    return wrapped.enumerated().map { i, line in
      i == 0
        ? check.sign + .text(" " + title) + line
        : .text(String(repeating: " ", count: titleWidth + 2)) + line
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

extension String {
  /// With blanks at the end, to so many characters.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
