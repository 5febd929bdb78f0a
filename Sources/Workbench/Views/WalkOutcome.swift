import Autodiff
import TerminalGraphics
import Training

/// What comes out in the end: each class with its score, and what in the last layer speaks for the one
/// that was said.
struct WalkOutcome {
  let outcome: ForwardOutcome
  /// The term that the arrows are at.
  let chosen: Int

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.width > 8, area.height > 1 else { return }
    var area = area
    if let words = placeWords(area.width) {
      grid.write(words, at: area.origin, width: area.width)
      area = area.trimmed(top: 1)
    }
    let left = outcome.classes.isEmpty ? numbers : scores(isNarrow: area.width < 70)
    let width = min(area.width / 2, left.map { $0.width }.max() ?? 0)
    let parts = area.columns(.cells(width), .share(1), gap: area.width < 70 ? 2 : 4)
    draw(shown(left, parts[0].height), in: parts[0], on: &grid)
    drawTerms(parts[1], on: &grid)
  }

  /// `place 3 of 20, the worst: 4 are wrong`.
  private func placeWords(_ width: Int) -> StyledText? {
    guard outcome.places > 1, !outcome.classes.isEmpty else { return nil }
    let place = StyledText.strong(outcome.place.map(String.init).joined(separator: ", "))
    let (wrong, all) = (outcome.wrongPlaces, outcome.places)
    let short = StyledText.secondary("\(wrong) of \(all) wrong; this is place ") + place
    return Fitting.first(
      [
        .secondary("\(wrong) of \(all) places are wrong; this is place ") + place
          + .secondary(", the worst"), short + .secondary(", the worst"),
      ], width: width) ?? short
  }

  // MARK: Classes

  private struct Line {
    let text: StyledText
    /// Whether it is left out last.
    var isKept = false
    var width: Int { text.width }
  }

  private func padded(_ text: String, _ width: Int) -> String {
    NumberFormat.padded(text, to: width)
  }

  private func name(_ number: Int) -> String {
    String(TokenNames.visible(outcome.className(number)).prefix(12))
  }

  /// A line for each class, the likeliest first.
  private func scores(isNarrow: Bool) -> [Line] {
    let order = outcome.outputs.indices.sorted {
      (outcome.outputs[$0], $1) > (outcome.outputs[$1], $0)
    }
    // The terms beside it need the columns more than a word over the classes does.
    let width = max(isNarrow ? 1 : 5, order.map { TextWidth.columns(name($0)) }.max() ?? 0)
    let (score, p) = isNarrow ? (7, 7) : (9, 8)
    let head = filled(width < 5 ? "" : "class", width) + padded("score", score) + padded("p", p)
    return [Line(text: .secondary(head), isKept: true)]
      + order.map { number in
        let own = NumberFormat.compact(outcome.scores[number], digits: isNarrow ? 3 : 4)
        let share = NumberFormat.column(
          outcome.outputs[number], width: p - 1, decimals: isNarrow ? 3 : 4)
        return Line(
          text: .text(filled(name(number), width) + padded(own, score))
            + .secondary(padded(share, p)) + mark(number, isNarrow),
          isKept: number == outcome.said || number == outcome.right)
      }
  }

  /// Whether a class is right, or was said.
  private func mark(_ number: Int, _ isNarrow: Bool) -> StyledText {
    guard number == outcome.said, outcome.isFinite else {
      return number == outcome.right ? .good(" right") : ""
    }
    guard let isRight = outcome.isRight else { return .accent(" said") }
    return isRight ? .good(isNarrow ? " right" : " said, right") : .bad(" said")
  }

  private func filled(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - TextWidth.columns(text)))
  }

  /// A line for each number that comes out, beside what is right, the farthest off first.
  private var numbers: [Line] {
    let (given, wanted) = (outcome.outputs, outcome.wanted)
    let order =
      wanted.isEmpty
      ? Array(given.indices)
      : given.indices.sorted {
        (abs(given[$0] - wanted[$0]), $1) > (abs(given[$1] - wanted[$1]), $0)
      }
    // No window shows more of them.
    let first = order.prefix(200)
    let width = max(6, first.map { outcome.placeName($0).count }.max() ?? 0)
    let head =
      padded("number", width) + padded("says", 10) + (wanted.isEmpty ? "" : padded("right", 10))
    return [Line(text: .secondary(head), isKept: true)]
      + first.map { number in
        let says = padded(NumberFormat.compact(given[number], digits: 4), 10)
        let right =
          wanted.isEmpty ? "" : padded(NumberFormat.compact(wanted[number], digits: 4), 10)
        return Line(
          text: .secondary(padded(outcome.placeName(number), width)) + .text(says)
            + .secondary(right),
          isKept: number == outcome.said)
      }
  }

  /// As many as there is room for; what must be seen is among them.
  private func shown(_ lines: [Line], _ height: Int) -> [StyledText] {
    guard lines.count > height, height > 1 else { return lines.map(\.text) }
    let room = height - 1
    let kept = lines.indices.filter { lines[$0].isKept }
    let free = max(0, room - kept.count)
    let others = lines.indices.filter { !lines[$0].isKept }.prefix(free)
    let places = (kept.prefix(room) + others).sorted()
    return places.map { lines[$0].text } + [
      .secondary("and \(NumberFormat.integer(outcome.outputs.count + 1 - places.count)) more")
    ]
  }

  private func draw(_ lines: [StyledText], in area: Rect, on grid: inout CellGrid) {
    for (row, line) in lines.prefix(area.height).enumerated() {
      grid.write(line, at: Point(area.x, area.y + row), width: area.width)
    }
  }

  // MARK: The terms

  private func drawTerms(_ area: Rect, on grid: inout CellGrid) {
    let counted = outcome.counted
    guard !outcome.terms.isEmpty, area.width > 12, area.height > 2 else { return }
    let head = heading(area.width, area.height)
    draw(head, in: area, on: &grid)
    let room = area.trimmed(top: head.count)
    let zeros = outcome.terms.count - counted.count
    let hasZeros = zeros > 0 && room.height >= 4
    let height = room.height - 1 - (hasZeros ? 1 : 0)
    let most = counted.count <= height ? counted.count : max(0, height - 1)
    var list = ListSelection(index: chosen)
    list.reveal(shown: max(1, most), count: counted.count)
    let terms = WalkTerms(outcome: outcome, first: list.first, most: most, width: area.width)
    var lines = terms.lines
    if let rest = terms.table.rest {
      let ways =
        rest.count == 1
        ? ["the other one"]
        : [
          "the other \(NumberFormat.integer(rest.count)), added",
          "the other \(NumberFormat.integer(rest.count))",
        ]
      let words = Fitting.text(ways, width: area.width - rest.text.count - 1)
      lines.append(TermLines.Line(left: .secondary(words), right: TermLines.signed(rest.text)))
    }
    if hasZeros {
      let ways =
        zeros == 1
        ? ["one more is exactly 0", "one more is 0"]
        : [
          "\(NumberFormat.integer(zeros)) more are exactly 0",
          "\(NumberFormat.integer(zeros)) more are 0",
        ]
      lines.append(
        TermLines.Line(left: .secondary(Fitting.text(ways, width: area.width)), right: ""))
    }
    lines.append(
      TermLines.Line(
        left: totalWords(area.width - terms.table.result.count - 1),
        right: StyledText(terms.table.result, .accent, .bold)))
    TermLines.draw(lines, in: room, on: &grid)
    // Where not all fit the arrows go through them.
    if most < counted.count, most > 0 {
      grid.highlight(Rect(room.x, room.y + list.index - list.first, room.width, 1))
    }
  }

  /// What the terms speak for.
  private func heading(_ width: Int, _ height: Int) -> [StyledText] {
    let hasWeights = outcome.terms.contains { $0.weight != nil } && height >= 12
    guard let rival = outcome.rival else {
      return StyledText(
        "what \(outcome.placeName(outcome.said)) is made of, in the last layer", .secondary
      ).wrapped(to: width) + (hasWeights ? [.secondary("number × weight")] : [])
    }
    let (said, other) = (name(outcome.said), name(rival))
    let what =
      outcome.right == nil
      ? "the second" : outcome.isRight == true ? "the second" : "which is right"
    var words = StyledText.secondary("the last layer: ")
    words += StyledText("+", .positive) + .secondary(" speaks for ") + .strong(said)
    words += .secondary(", ") + StyledText("−", .negative) + .secondary(" for ") + .strong(other)
    words += .secondary(", \(what)")
    guard hasWeights else { return words.wrapped(to: width) }
    let products = "number × (weight for \(said) − for \(other))"
    return words.wrapped(to: width)
      + StyledText(
        Fitting.text([products, "number × difference of weights"], width: width), .secondary
      ).wrapped(to: width)
  }

  private func totalWords(_ width: Int) -> StyledText {
    let said = NumberFormat.compact(outcome.scores[outcome.said], digits: 4)
    guard let rival = outcome.rival else { return .strong("sum =") }
    let second = NumberFormat.compact(outcome.scores[rival], digits: 4)
    let other = second.hasPrefix("-") ? "(\(second))" : second
    let names = "score \(name(outcome.said)) − score \(name(rival))"
    return Fitting.first(
      [
        StyledText.strong(names) + .secondary(" = \(said) − \(other) ="),
        .secondary("\(said) − \(other) ="), .strong("sum ="),
      ], width: width) ?? .strong("sum =")
  }
}
