import Autodiff
import TerminalGraphics

/// The columns of a sum's table.
struct SumColumns {
  /// What the first column says of a term of an example.
  enum Key: CaseIterable {
    case exampleAndClass, example, place
  }

  private let termNames: TermNames
  private let headings: [String]?
  /// What stands over the numbers that are added.
  private let lastHeading: String
  private let hasExamples: Bool
  private let hasClasses: Bool
  private let key: Key
  private let area: Rect
  private let widths: [Int]
  private let productWidth: Int
  private let keyWidth: Int

  init(
    _ terms: [SumTerm], _ names: TermNames, _ table: SumTable, _ area: Rect, classes: [String],
    key: Key, hasPlaces: Bool, glyphs: Ability.Glyphs
  ) {
    termNames = names
    self.area = area
    self.key = key
    let headings = names.headings?.map {
      Spelling.text(hasPlaces ? $0 : String($0.prefix { $0 != "[" }), for: glyphs)
    }
    // A sum of numbers as they are: they stand once, below their own name.
    let isPlain = headings?.count == 1 && terms.allSatisfy { $0.factors.count == 1 }
    self.headings = isPlain ? [] : headings
    lastHeading = isPlain ? headings?.first ?? "" : "product"
    hasExamples = terms.allSatisfy { $0.example != nil }
    hasClasses = hasExamples && !classes.isEmpty && key == .exampleAndClass
    let count = isPlain ? 0 : headings?.count ?? 0
    productWidth = max(
      table.rows.map(\.product.count).max() ?? 7, TextWidth.columns(lastHeading),
      table.result.count)
    widths = (0..<count).map { place in
      max(
        table.rows.map { $0.factors[place].count }.max() ?? 0,
        TextWidth.columns(headings?[place] ?? ""))
    }
    let keys = names.widest
    keyWidth =
      hasExamples
      ? (hasClasses ? 14 : key == .place ? max(keys, names.key.count) + 2 : 8)
      : max(3, max(keys, names.key.count) + 1)
  }

  /// Whether every column has room, with a blank between two.
  var fits: Bool {
    headings == nil
      || keyWidth + widths.reduce(0, +) + widths.count + 1 + productWidth <= area.width
  }

  /// The factors by name, in full and without the places of the first ones.
  private func names(_ term: SumTerm) -> [String] {
    let names = term.factors.map(\.name)
    let short = names.dropLast().map { name in
      name.lastIndex(of: "[").map { String(name[..<$0]) } ?? name
    }
    return [
      names.joined(separator: " × "), (short + names.suffix(1)).joined(separator: " × "),
      names.last ?? "",
    ]
  }

  private var gap: Int {
    let free = area.width - keyWidth - productWidth - widths.reduce(0, +)
    return max(1, min(4, free / max(1, widths.count + 1)))
  }

  /// Where each factor's column ends.
  private var ends: [Int] {
    var x = area.right - productWidth
    var ends: [Int] = []
    for width in widths.reversed() {
      x -= gap
      ends.append(x)
      x -= width
    }
    return ends.reversed()
  }

  private func trailing(_ text: StyledText, at end: Int, _ y: Int, on grid: inout CellGrid) {
    let start = max(area.x, end - text.width)
    grid.write(text, at: Point(start, y), width: end - start)
  }

  func drawHeadings(on grid: inout CellGrid) {
    let key =
      hasExamples
      ? (hasClasses ? "example class" : self.key == .place ? termNames.key : "example")
      : headings == nil ? "" : termNames.key
    if hasExamples {
      grid.write(.secondary(key), at: area.origin)
    } else {
      trailing(.secondary(key), at: area.x + keyWidth - 1, area.y, on: &grid)
    }
    for (heading, end) in zip(headings ?? [], ends) {
      trailing(.secondary(heading), at: end, area.y, on: &grid)
    }
    trailing(.secondary(lastHeading), at: area.right, area.y, on: &grid)
  }

  func draw(
    _ row: SumTable.Row, at y: Int, isMarked: Bool, label: String?, on grid: inout CellGrid
  ) {
    if isMarked { grid.write(.accent("▶"), at: Point(area.x, y)) }
    let ink: Ink = row.product.hasPrefix("-") ? .negative : .positive
    trailing(StyledText(row.product, ink), at: area.right, y, on: &grid)
    guard headings != nil else {
      let numbers = row.factors.joined(separator: " × ")
      let room = area.width - productWidth - 1
      let all = names(row.term).map { $0.isEmpty ? numbers : $0 + "  " + numbers } + [numbers]
      let fitting = all.first { TextWidth.columns($0) + 2 <= room } ?? numbers
      let name = fitting.hasSuffix(numbers) ? String(fitting.dropLast(numbers.count)) : ""
      grid.write(
        .text("  " + name) + .secondary(numbers), at: Point(area.x, y), width: room)
      return
    }
    if let example = row.term.example {
      trailing(
        StyledText(
          key == .place ? termNames.place(of: row.term) : "\(example)", isMarked ? .accent : .text),
        at: area.x + (key == .place ? keyWidth : 6), y, on: &grid)
      if hasClasses, let label {
        grid.write(.text(label), at: Point(area.x + 8, y), width: 6)
      }
    } else {
      trailing(
        .text(termNames.place(of: row.term)), at: area.x + keyWidth - 1, y, on: &grid)
    }
    for (factor, end) in zip(row.factors, ends) { trailing(.text(factor), at: end, y, on: &grid) }
  }
}
