import Tensors
import TerminalGraphics
import Training

/// An array of the run with a number in it that is asked for (`?`) or pointed at (`▶`).
struct LiveMatrix {
  let title: StyledText
  private let numbers: [Float]
  private let columns: Int
  private let digits: Int
  /// Row by row.
  private let asked: Int?
  private let pointed: Int?
  private let isHidden: @Sendable (Int) -> Bool

  /// - Parameters:
  ///   - asked: the place of the number asked for, of which nothing but the place shows.
  ///   - isHidden: whether a number is kept back.
  init(
    _ title: StyledText, _ tensor: Tensor, digits: Int, asked: Int? = nil, pointed: Int? = nil,
    isHidden: @escaping @Sendable (Int) -> Bool = { _ in false }
  ) {
    self.title = title
    numbers = tensor.scalars
    columns = max(1, tensor.shape.rank > 1 ? tensor.shape.last : tensor.count)
    self.digits = digits
    self.asked = asked
    self.pointed = pointed
    self.isHidden = isHidden
  }

  private var rows: Int { (numbers.count + columns - 1) / columns }
  private var chosen: Int? { asked ?? pointed }

  /// The columns a number takes, the sign before it and a blank included.
  private var cellWidth: Int {
    let largest = numbers.reduce(Float(1)) { $1.isFinite ? max($0, abs($1)) : $0 }
    let whole = NumberFormat.fixed(largest, decimals: 0).count
    return min(14, whole + (digits > 0 ? digits + 1 : 0) + 3)
  }

  /// The lines it takes, its title included.
  func height(atMost limit: Int) -> Int { min(rows + (title.isEmpty ? 0 : 1), limit) }

  /// Draws what fits, the number that matters in sight.
  /// - Returns: the lines it took.
  @discardableResult
  func draw(in area: Rect, on grid: inout CellGrid) -> Int {
    guard area.height > 0, area.width >= cellWidth else { return 0 }
    var inside = area
    let shownColumns = min(columns, max(1, area.width / cellWidth))
    let top = title.isEmpty ? 0 : 1
    let shownRows = min(rows, max(0, area.height - top))
    let firstRow = Self.first(chosen.map { $0 / columns }, of: rows, shown: shownRows)
    let firstColumn = Self.first(chosen.map { $0 % columns }, of: columns, shown: shownColumns)
    if top == 1 {
      let parts = [
        (name: "rows", first: firstRow, shown: max(1, shownRows), count: rows),
        (name: "columns", first: firstColumn, shown: shownColumns, count: columns),
      ].filter { $0.shown < $0.count }.map {
        (name: $0.name, range: "\($0.first)–\($0.first + $0.shown - 1) of \($0.count)")
      }
      let whole = "  " + parts.map { "\($0.name) \($0.range)" }.joined(separator: ", ")
      let fits = title.width + TextWidth.columns(whole) <= area.width
      let part: StyledText =
        parts.isEmpty
        ? StyledText()
        : .faint(fits ? whole : "  " + parts.map(\.range).joined(separator: " × "))
      // Rather a shorter title than a matrix that looks whole.
      let room = max(0, area.width - part.width)
      grid.write(title.truncated(to: room) + part, at: area.origin, width: area.width)
      inside = area.trimmed(top: 1)
    }
    let shown = numbers.indices.filter { !isHidden($0) && $0 != asked }.map { numbers[$0] }
    let scale = ColorScale.diverging(fitting: shown)
    for row in 0..<shownRows {
      for column in 0..<shownColumns {
        let place = (firstRow + row) * columns + firstColumn + column
        guard numbers.indices.contains(place) else { continue }
        let cell = Rect(inside.x + column * cellWidth, inside.y + row, cellWidth - 1, 1)
        draw(place, in: cell, scale, on: &grid)
      }
    }
    return top + shownRows
  }

  private static func first(_ wanted: Int?, of count: Int, shown: Int) -> Int {
    guard let wanted else { return 0 }
    return max(0, min(wanted - shown / 2, count - shown))
  }

  private func draw(
    _ place: Int, in cell: Rect, _ scale: ColorScale, on grid: inout CellGrid
  ) {
    let isAsked = place == asked
    let number = isAsked || isHidden(place) ? nil : numbers[place]
    let word = isAsked ? "?" : number.map { NumberFormat.fixed($0, decimals: digits) } ?? "?"
    let text = NumberFormat.padded(word, to: cell.width - 1)
    let hasColor = grid.ability.hasBackgrounds
    let background: Ink? =
      !hasColor ? nil : isAsked ? .selection : number.map { scale.ink(of: $0) }
    let isPointed = place == pointed
    let ink: Ink =
      isAsked ? .accent : number == nil ? .secondary : hasColor ? .contrast : .text
    grid.write(
      (isPointed || isAsked ? "▶" : " ") + text, at: cell.origin, ink: ink,
      attributes: isAsked ? .bold : isPointed ? [.bold, .underline] : [], background: background)
    if isPointed || isAsked {
      grid.restyle(Rect(cell.x, cell.y, 1, 1)) { $0.foreground = .accent }
    }
  }
}
