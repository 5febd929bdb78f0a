import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// How the chosen number came about: its formula with the numbers in, its sum term by term, and a
/// numeric check where it is a gradient.
struct CellPanel: StepView {
  let scene: StepScene
  private var inside: Rect { area.inset(columns: 2, rows: 1) }

  /// The lines it needs: of a sum for every term.
  static func height(_ moment: StepMoment) -> Int {
    guard let explanation = moment.explanation else { return 5 }
    if case .sum(let all) = explanation.body, case let terms = counted(all), terms.count > 2 {
      return terms.count + 5
    }
    return 9
  }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    guard let explanation = moment.explanation else {
      grid.box(area, title: "This cell", isFocused: isFocused)
      grid.write(.secondary("not yet: . does the first line"), at: inside.origin)
      return
    }
    if let update = AdamFormulas(moment) {
      grid.box(
        area, title: explanation.name,
        detail: Fitting.detail(
          ["formula and numbers", "numbers"], beside: explanation.name, in: area),
        isFocused: isFocused)
      let past = state.isCompact ? PastPanel.line(moment, width: inside.width) : nil
      // What became of the number stands there in any case, or the equation would not be that of it.
      let below =
        (explanation.afterwards.map { [Self.note($0)] } ?? [])
        + (inside.height >= 6 ? [past].compactMap(\.self) : [])
      let gap = past != nil && inside.height >= 6 ? 1 : 0
      let room = inside.trimmed(bottom: below.count + gap)
      update.draw(in: room, on: &grid)
      let changes = ChangeLines.lines(moment, width: room.width)
      if update.height(in: room) + changes.count <= room.height {
        for (row, line) in changes.enumerated() {
          let y = room.bottom - changes.count + row
          grid.write(line, at: Point(room.x, y), width: room.width)
        }
      }
      for (row, line) in below.enumerated() {
        let y = inside.bottom - below.count + row
        grid.write(line, at: Point(inside.x, y), width: inside.width)
      }
      return
    }
    if let fold = moment.fold, !fold.outputs.isEmpty {
      FoldLines(fold: fold).draw(in: area, isFocused, on: &grid)
      return
    }
    if let terms = Self.terms(moment) {
      let title = "This cell, term by term"
      let keys: StyledText = isFocused ? .accent("↑↓ ") : ""
      let list = selection(of: terms)
      grid.box(
        area, title: title,
        detail: Fitting.detail(
          [keys + .secondary("largest first"), keys + .secondary("largest ↑")], beside: title,
          in: area),
        isFocused: isFocused,
        scroll: isFocused ? list.scroll(shown: shown(terms), count: terms.count) : nil)
      drawTable(terms, explanation, chosen: isFocused ? list : nil, on: &grid)
    } else {
      grid.box(
        area, title: "This cell", detail: .accent("←↑↓→") + .secondary(" choose"),
        isFocused: isFocused)
      drawFormula(explanation, on: &grid)
    }
  }

  // MARK: Formulas

  /// What became of the number after the update.
  private static func note(_ afterwards: CellExplanation.Afterwards) -> StyledText {
    StyledText(
      afterwards.words(NumberFormat.compact(afterwards.number, digits: 6)), .warning)
  }

  /// The terms, without those that are 0 when at most two are not: a short sum then. Two terms stay
  /// as they are, so that `z + b` is one also where b is 0.
  private static func counted(_ terms: [SumTerm]) -> [SumTerm] {
    guard terms.count > 2 else { return terms }
    let others = terms.filter { $0.product != 0 }
    return (1...2).contains(others.count) ? others : terms
  }

  private func drawFormula(_ explanation: CellExplanation, on grid: inout CellGrid) {
    let formula: CellFormula
    var zeros = 0
    switch explanation.body {
    case .sum(let all):
      let terms = Self.counted(all)
      formula = CellFormula(sum: terms, result: explanation.result)
      if terms.count < all.count { zeros = all.count - terms.count }
    case .formula(let text, let operands):
      formula = CellFormula(text, operands, result: explanation.result)
    }
    let shown = formula.shown
    let isSame = formula.operands.isEmpty || formula.text == "{}" || formula.text.isEmpty
    let glyphs = grid.ability.glyphs
    func wrapped(_ text: String, _ ink: Ink) -> [StyledText] {
      StyledText(text, ink).spelled(for: glyphs).wrapped(to: inside.width)
    }
    var lines: [StyledText] = [.strong(explanation.name)]
    if !formula.operands.isEmpty {
      lines += wrapped("= " + formula.named, .text)
    }
    if !isSame { lines += wrapped("= " + shown.numbers, .loss) }
    var end = StyledText.text("= ") + .accent(shown.result)
    if let afterwards = explanation.afterwards { end += .secondary("   ") + Self.note(afterwards) }
    if zeros > 0 {
      end += .secondary(
        zeros == 1
          ? "   the other term is 0" : "   the other \(NumberFormat.integer(zeros)) terms are 0")
    }
    let checks = check
    let room = inside.height - (checks.isEmpty ? 0 : 1) - 1
    if lines.count > room {
      // A long sum says how it begins and ends.
      let brief = [formula.named] + (isSame ? [] : [shown.numbers])
      lines =
        [lines[0]]
        + zip(brief, [Ink.text, .loss]).flatMap { text, ink in
          wrapped("= " + Self.elided(text), ink)
        }
    }
    if lines.count > room {
      lines = Array(lines.prefix(max(1, room - 1))) + [.faint("…")]
    }
    lines.append(end)
    for (row, line) in lines.prefix(inside.height).enumerated() {
      grid.write(line, at: Point(inside.x, inside.y + row), width: inside.width)
    }
    drawMore(inside.trimmed(top: lines.count + (checks.isEmpty ? 1 : 3)), on: &grid)
    if !checks.isEmpty, lines.count < inside.height {
      grid.write(
        checks, at: Point(inside.x, inside.y + min(lines.count + 1, inside.height - 1)),
        width: inside.width)
    }
  }

  /// `a + b + … + z` of a sum of many terms.
  private static func elided(_ sum: String) -> String {
    let terms = sum.split(separator: " + ")
    guard terms.count > 4, let last = terms.last else { return sum }
    return terms.prefix(2).joined(separator: " + ") + " + … + " + last
  }

  /// Where there is room: what the number is used for, and the function's curve; at an update what
  /// the change is.
  private func drawMore(_ area: Rect, on grid: inout CellGrid) {
    let changes = ChangeLines.lines(moment, width: area.width)
    let lines = changes.isEmpty ? uses(width: area.width) : changes
    guard area.height >= lines.count else { return }
    for (row, line) in lines.enumerated() {
      grid.write(line, at: Point(area.x, area.y + row), width: area.width)
    }
    FunctionCurve(moment)?.draw(in: area.trimmed(top: lines.count + 1), on: &grid)
  }

  /// `used by  3 tanh · 12 ∂ tanh`.
  private func uses(width: Int) -> [StyledText] {
    guard moment.result < moment.results.count else { return [] }
    let value = moment.results[moment.result].value
    let users = moment.plan.instructions.indices.filter {
      moment.plan.instructions[$0].operands.contains(value)
        && reads(moment.plan.instructions[$0], value)
    }
    guard !users.isEmpty else { return [] }
    var text = ""
    for (place, index) in users.enumerated() {
      let next = (place > 0 ? " · " : "") + "\(index + 1) " + moment.plan.instructions[index].title
      let more = users.count - place - 1 > 0 ? " and \(users.count - place - 1) more" : ""
      guard TextWidth.columns("used by " + text + next + more) <= width else {
        text +=
          place == 0
          ? Self.lines(users.count) : " and \(users.count - place) more"
        break
      }
      text += next
    }
    return [.secondary("used by ") + .text(text)]
  }

  private static func lines(_ count: Int) -> String { count == 1 ? "1 line" : "\(count) lines" }

  /// Whether an instruction reads the chosen number; a gate reads its own columns alone.
  private func reads(_ instruction: Instruction, _ value: Value) -> Bool {
    let column = moment.cell % max(1, value.shape.last)
    return !instruction.results.allSatisfy { result in
      guard case .functionOfColumns(_, of: value, let from) = result.rule else { return false }
      return !(from..<from + result.value.shape.last).contains(column)
    }
  }

  // MARK: Sums

  /// The terms of the sum that is listed; nil where the panel shows something else.
  static func terms(_ moment: StepMoment) -> [SumTerm]? {
    guard AdamFormulas(moment) == nil, moment.fold?.outputs.isEmpty ?? true,
      case .sum(let all)? = moment.explanation?.body, case let terms = counted(all), terms.count > 2
    else { return nil }
    return terms
  }

  private var hasCheckLine: Bool { !check.isEmpty && inside.height >= 6 }

  /// How many terms are listed; the others are added in a line of their own.
  func shown(_ terms: [SumTerm]) -> Int {
    let room = inside.height - 2 - (hasCheckLine ? 1 : 0)
    return terms.count <= room ? terms.count : max(1, room - 1)
  }

  /// The chosen term, and the first that is listed with it.
  func selection(of terms: [SumTerm]) -> ListSelection {
    let chosen = state.step.term.of == moment.explanation?.name ? state.step.term.place : 0
    var list = ListSelection(index: min(chosen, terms.count - 1))
    list.reveal(shown: shown(terms), count: terms.count)
    return list
  }

  /// - Parameter chosen: the term that is marked; nil marks that of the example under the lens.
  private func drawTable(
    _ terms: [SumTerm], _ explanation: CellExplanation, chosen: ListSelection?,
    on grid: inout CellGrid
  ) {
    let first = chosen?.first ?? 0
    // No column writes over another: first the class goes, then digits, then the word `example`.
    // Where the factors are few and their places long, these stand in the first column alone.
    var ways = SumColumns.Key.allCases.map { (digits: 6, key: $0, hasPlaces: true) }
    ways.insert(contentsOf: [5, 4].map { (digits: $0, key: .example, hasPlaces: true) }, at: 2)
    ways += [5, 4].map { (digits: $0, key: .place, hasPlaces: true) }
    ways += [6, 5, 4, 3].map { (digits: $0, key: .place, hasPlaces: false) }
    let (ordered, names) = (SumTable.Ordered(terms), TermNames(terms))
    if names.hasSeveralPlaces { ways.removeAll { $0.key != .place } }
    func table(_ digits: Int) -> SumTable {
      SumTable(
        ordered, result: explanation.result, from: first, most: shown(terms), digits: digits)
    }
    let classes = ExamplePanel(state, moment).classes
    let glyphs = grid.ability.glyphs
    let laidOut = ways.lazy.map { way in
      let table = table(way.digits)
      return (
        table,
        SumColumns(
          terms, names, table, inside, classes: classes, key: way.key, hasPlaces: way.hasPlaces,
          glyphs: glyphs)
      )
    }
    guard let (table, columns) = laidOut.first(where: { $0.1.fits }) ?? laidOut.last else { return }
    columns.drawHeadings(on: &grid)
    for (line, row) in table.rows.enumerated() {
      let y = inside.y + 1 + line
      let isLens = row.term.example != nil && row.term.example == moment.lens?.place
      let isMarked = chosen.map { $0.index == first + line } ?? isLens
      columns.draw(row, at: y, isMarked: isMarked, label: label(row.term), on: &grid)
      if isMarked { grid.highlight(Rect(area.x + 1, y, area.width - 2, 1)) }
    }
    var y = inside.y + 1 + table.rows.count
    if let rest = table.rest {
      grid.write(
        .secondary(
          rest.count == 1
            ? "  the other one" : "  the other \(NumberFormat.integer(rest.count)), added"),
        at: Point(inside.x, y))
      grid.writeTrailing(ink(rest.text), in: Rect(inside.x, y, inside.width, 1))
      y += 1
    }
    let total = StyledText(table.result, .accent, .bold)
    let last = explanation.name.split(separator: "/").last.map(String.init) ?? explanation.name
    let name = Fitting.text(
      [explanation.name, last, "the sum"], width: inside.width - total.width - 5)
    grid.write(.strong(name) + .secondary("  ="), at: Point(inside.x, y))
    grid.writeTrailing(total, in: Rect(inside.x, y, inside.width, 1))
    if hasCheckLine {
      grid.write(check, at: Point(inside.x, y + 1), width: inside.width)
    }
  }

  private func ink(_ number: String) -> StyledText {
    let isNegative = number.hasPrefix("-") || number.hasPrefix("≈-")
    return StyledText(number, isNegative ? .negative : .positive)
  }

  /// The class of a term's example.
  private func label(_ term: SumTerm) -> String? {
    guard let example = term.example else { return nil }
    return ExamplePanel(state, moment).label(ofPlace: example)
  }

  /// `numeric -0.149341  ● agrees to 6 digits, ε = 1e-5, Float64`.
  private var check: StyledText {
    CheckText(moment)?.line(width: inside.width) ?? StyledText()
  }
}
