import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// What was checked, and what the network costs.
struct ChecksPanel {
  private let view: BuildView
  private let checks: [BuildCheck]

  init(_ view: BuildView) {
    self.view = view
    checks = view.state.checks(of: view.blueprint)
  }

  /// A line of the panel, and the check that it belongs to.
  private struct Line {
    let text: StyledText
    let check: Int?
  }

  private var marked: Int { view.state.build.markedCheck(of: checks) }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let hint = isFocused && area.width >= 50 ? remedyHint : StyledText()
    let detail = StyledText.joined(
      [.secondary(BuildChecks.tally(checks)), hint], separator: .secondary(" · "))
    let inside = grid.box(area, title: "Checks", detail: detail, isFocused: isFocused)
      .inset(rows: 0)
    if inside.height == 1 { return drawInOneLine(in: inside, on: &grid) }
    let cost = cost(width: inside.width)
    let lines = shown(in: area, isFocused: isFocused)
    let bottom = inside.bottom - costHeight(cost)
    for (row, line) in lines.enumerated() where inside.y + row < bottom {
      let rect = Rect(inside.x, inside.y + row, inside.width, 1)
      if isFocused, line.check == marked {
        grid.highlight(rect)
        if !grid.ability.hasBackgrounds {
          grid.put("▶", at: Point(inside.x - 1, rect.y), ink: .accent)
        }
      }
      grid.write(line.text, at: rect.origin, width: rect.width)
    }
    guard !cost.isEmpty else { return }
    let below = Rect(inside.x, bottom, inside.width, costHeight(cost))
    if inside.height >= 10 {
      grid.rule("cost", in: Rect(area.x + 1, below.y, area.width - 2, 1))
    }
    for (i, line) in cost.enumerated() {
      grid.write(line, at: Point(below.x, below.y + 1 + i), width: below.width)
    }
  }

  private var remedyHint: StyledText {
    guard checks.indices.contains(marked) else { return StyledText() }
    if let fix = checks[marked].fix { return .hint("Enter", fix.title) }
    return checks[marked].line == nil ? StyledText() : .hint("Enter", "goes there")
  }

  private func costHeight(_ cost: [StyledText]) -> Int { cost.isEmpty ? 0 : cost.count + 1 }

  /// The check under a point.
  func check(at point: Point, in area: Rect) -> Int? {
    let lines = shown(in: area, isFocused: true)
    let row = point.y - area.y - 1
    return lines.indices.contains(row) ? lines[row].check : nil
  }

  /// In full where there is room, else what is good shortly, else in one line; the marked check shows
  /// in any case.
  private func shown(in area: Rect, isFocused: Bool) -> [Line] {
    let inside = area.inset().inset(rows: 0)
    let height = max(1, inside.height - costHeight(cost(width: inside.width)))
    let all = checks.indices
    let good = all.filter { checks[$0].verdict == .good }
    let rest = all.filter { checks[$0].verdict != .good }
    let joined = Line(
      text: .joined(
        good.map {
          checks[$0].sign
            + .text(
              " " + checks[$0].title.replacing(" fits", with: "").replacing(" fit", with: ""))
        }), check: good.contains(marked) ? marked : good.first)
    let width = inside.width
    let versions: [[Line]] = [
      all.flatMap { lines(of: $0, width: width) },
      all.flatMap { lines(of: $0, width: width, isShort: checks[$0].verdict == .good) },
      rest.flatMap { lines(of: $0, width: width, titleWidth: 7) } + [joined],
      rest.flatMap { lines(of: $0, width: width, isShort: true, titleWidth: 7) } + [joined],
    ]
    let found =
      versions.first { $0.count <= height } ?? brief(in: width, height: height, good: joined)
    guard found.count > height else { return found }
    let place = isFocused ? found.firstIndex { $0.check == marked } ?? 0 : 0
    let first = ListSelection(index: place).scroll(shown: height - 1, count: found.count).first
    var part = Array(found.dropFirst(first).prefix(height - 1))
    // A check is whole or among the rest: half a sentence says less than none.
    if let last = part.last?.check, last != part.first?.check,
      first + part.count < found.count, found[first + part.count].check == last
    {
      part.removeAll { $0.check == last }
    }
    let left = found.count - part.count
    let more = isFocused ? "… ↑↓ \(left) lines more" : "… z shows \(left) lines more"
    return part + [Line(text: .secondary(more), check: nil)]
  }

  /// Where not all have room with all their words: of what is advised the marked or first one stands
  /// whole, then the others as far as there is room, the rest with as many words as a line has room for.
  private func brief(in width: Int, height: Int, good: Line) -> [Line] {
    let rest = checks.indices.filter { checks[$0].verdict != .good }
    func lines(whole: Set<Int>) -> [Line] {
      rest.flatMap { i -> [Line] in
        if whole.contains(i) {
          return self.lines(of: i, width: width, isShort: true, titleWidth: 7)
        }
        let check = checks[i]
        let words = StyledText.secondary(" " + (check.short ?? check.text))
        let line = check.sign + .text(" " + check.title) + words
        return [Line(text: line.truncatedAtWord(to: width), check: i)]
      } + [good]
    }
    guard let spoken = rest.contains(marked) ? marked : rest.first else { return [good] }
    let whole = rest.reduce(into: Set([spoken])) { whole, i in
      let more = whole.union([i])
      if lines(whole: more).count <= height { whole = more }
    }
    return lines(whole: whole)
  }

  /// A check with its text beside its title, wrapped, and the key that mends it.
  private func lines(
    of i: Int, width: Int, isShort: Bool = false, titleWidth least: Int = 11
  ) -> [Line] {
    let check = checks[i]
    let titleWidth = max(least, check.title.count + 1)
    let title = check.title.padding(to: titleWidth)
    let text = isShort ? check.short ?? check.text : check.text
    let fix: StyledText =
      check.fix.map { .secondary(" → ") + StyledText($0.title, .good) } ?? StyledText()
    let wrapped = (StyledText.secondary(text) + fix).spelled(for: view.state.ability.glyphs)
      .wrapped(to: max(8, width - 2 - titleWidth))
    return wrapped.enumerated().map { row, line in
      Line(
        text: row == 0
          ? check.sign + .text(" " + title) + line
          : .text(String(repeating: " ", count: titleWidth + 2)) + line, check: i)
    }
  }

  private func drawInOneLine(in area: Rect, on grid: inout CellGrid) {
    let failing = checks.filter { $0.verdict == .fails }
    let parts = (failing + checks.filter { $0.verdict != .fails }).map {
      $0.sign + " " + .text($0.title)
    }
    grid.write(.joined(parts), at: area.origin, width: area.width)
  }

  // MARK: Cost

  private func cost(width: Int) -> [StyledText] {
    guard view.blueprint.failure == nil else { return [] }
    let facts = view.state.dataFacts
    let cost = Cost(view.blueprint)
    let batch = view.state.workpiece.batchSize
    let steps = LayerFacts.steps(of: facts.trainingCount, by: batch)
    let (adds, bytes) = (NumberFormat.integer(cost.multiplyAdds), NumberFormat.integer(cost.bytes))
    let stepAdds = NumberFormat.integer(
      cost.multiplyAdds.saturatingProduct(min(batch, facts.trainingCount)))
    let examples = NumberFormat.integer(facts.trainingCount)
    let kept = (["weights", "gradients"] + cost.slots).joined(separator: ", ")
    let passing = NumberFormat.integer(cost.activationBytes(batchSize: batch))
    let time = seconds(steps)
    let noun = steps == 1 ? "step" : "steps"
    guard width >= 50 else {
      return [
        .secondary("multiply-adds ") + .text(adds)
          + .secondary(adds.count + 25 <= width ? " an example" : ""),
        .secondary("memory ") + .text(bytes) + .secondary(" bytes"),
        .secondary("an epoch ") + .text(NumberFormat.integer(steps))
          + .secondary(" \(noun) of \(batch)")
          + (time.map { .secondary(", ≈ ") + .text($0) } ?? StyledText()),
      ]
    }
    return [
      .secondary("multiply-adds  ") + .text(adds)
        + .secondary(
          Fitting.text(
            [
              " for one example forward, \(stepAdds) for a step of \(batch)",
              " an example forward, \(stepAdds) a step", " for one example forward",
            ], width: width - 15 - adds.count)),
      .secondary("memory         ") + .text(bytes) + .secondary(" bytes: \(kept)"),
      .secondary("               ") + .text(passing)
        + .secondary(
          Fitting.text(
            [
              " bytes: what the layers give for a batch of \(batch), and its gradients",
              " bytes: outputs of a batch of \(batch), gradients", " bytes: outputs, gradients",
            ],
            width: width - 15 - passing.count)),
      .secondary("an epoch       ") + .text(NumberFormat.integer(steps))
        + .secondary(" \(noun) of \(batch): \(examples) training examples")
        + (time.map { .secondary(", ≈ ") + .text($0) } ?? StyledText()),
    ]
  }

  /// How long an epoch takes, when a run of this network at full speed was measured.
  private func seconds(_ steps: Int) -> String? {
    let state = view.state
    guard state.runHasThisNetwork, let rate = state.build.meter.stepsPerSecond, rate > 0,
      state.lab.settings?.batchSize == state.workpiece.batchSize
    else { return nil }
    let seconds = Double(steps) / rate
    return seconds < 0.1
      ? "\(NumberFormat.compact(seconds * 1000, digits: 2)) ms"
      : "\(NumberFormat.compact(seconds, digits: 2)) s"
  }
}

extension String {
  /// With blanks at the end, to so many characters.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
