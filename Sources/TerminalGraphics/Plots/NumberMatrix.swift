import Foundation

/// A matrix as numbers on the colors of their values, with numbered rows and columns, one of them
/// chosen; a window shows what fits.
package struct NumberMatrix: Sendable {
  /// The place of one number.
  package struct Place: Hashable, Sendable {
    package var row: Int
    package var column: Int

    package init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// [rows, columns], row after row.
  package let values: [Float]
  package let rows: Int
  package let columns: Int
  package var scale: ColorScale
  package var chosen: Place?
  /// The first row and column shown.
  package var offset = Place(row: 0, column: 0)
  /// Columns of the screen that a number takes, the space before it included.
  package var cellWidth = 10
  package var decimals = 4
  /// Names instead of the numbers from 0.
  package var rowNames: [String]? = nil
  package var columnNames: [String]? = nil
  /// Whether rows and columns are numbered or named; small matrices can do without.
  package var hasHeadings = true

  /// - values: [rows, columns], row after row; what is missing is left blank.
  package init(
    values: [Float], rows: Int, columns: Int, scale: ColorScale, chosen: Place? = nil,
    offset: Place = Place(row: 0, column: 0), cellWidth: Int = 10, decimals: Int = 4
  ) {
    self.values = values
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    self.scale = scale
    self.chosen = chosen
    self.offset = offset
    self.cellWidth = max(3, cellWidth)
    self.decimals = decimals
  }

  /// Columns before the first number.
  private var left: Int { hasHeadings ? headingWidth + 1 : 0 }
  /// Lines above the first number.
  private var top: Int { hasHeadings ? 1 : 0 }

  private var headingWidth: Int {
    let names = rowNames?.map { TextWidth.columns($0) }.max()
    return max(2, names ?? String(max(0, rows - 1)).count)
  }

  /// How many rows and columns of numbers an area shows.
  package func capacity(of area: Rect) -> (rows: Int, columns: Int) {
    (max(0, area.height - top), max(0, (area.width - left) / cellWidth))
  }

  /// The rows and columns shown in an area.
  package func visible(in area: Rect) -> (rows: Range<Int>, columns: Range<Int>) {
    let capacity = capacity(of: area)
    let row = min(max(0, offset.row), max(0, rows - capacity.rows))
    let column = min(max(0, offset.column), max(0, columns - capacity.columns))
    return (
      row..<min(rows, row + capacity.rows), column..<min(columns, column + capacity.columns)
    )
  }

  /// Moves the window as little as needed to show the chosen number.
  package mutating func revealChosen(in area: Rect) {
    guard let chosen else { return }
    let capacity = capacity(of: area)
    offset.row = Self.revealing(chosen.row, from: offset.row, shown: capacity.rows)
    offset.column = Self.revealing(chosen.column, from: offset.column, shown: capacity.columns)
  }

  private static func revealing(_ index: Int, from first: Int, shown: Int) -> Int {
    guard shown > 0 else { return first }
    return index < first ? index : index >= first + shown ? index - shown + 1 : first
  }

  /// `36–44 of 64, 9–13 of 32`, or nothing when all is shown.
  package func note(in area: Rect) -> String {
    let shown = visible(in: area)
    return [(shown.rows, rows), (shown.columns, columns)].compactMap { range, count in
      guard range.count < count, let last = range.last else { return nil }
      let numbers = [range.lowerBound, last, count].map(NumberFormat.integer)
      return "\(numbers[0])–\(numbers[1]) of \(numbers[2])"
    }.joined(separator: ", ")
  }

  /// The columns of the screen and the lines that all of it takes.
  package var size: Size { Size(left + columns * cellWidth, top + rows) }

  /// Draws the headings and the numbers that fit.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let shown = visible(in: area)
    for (place, column) in shown.columns.enumerated() where hasHeadings {
      let name = columnNames.map { column < $0.count ? $0[column] : "" } ?? String(column)
      let point = Point(area.x + left + place * cellWidth, area.y)
      grid.write(
        heading(name, isChosen: column == chosen?.column), at: point, width: cellWidth,
        alignment: .trailing)
    }
    for (line, row) in shown.rows.enumerated() {
      let y = area.y + top + line
      if hasHeadings {
        let name = rowNames.map { row < $0.count ? $0[row] : "" } ?? String(row)
        grid.write(
          heading(name, isChosen: row == chosen?.row), at: Point(area.x, y), width: headingWidth,
          alignment: .trailing)
      }
      for (place, column) in shown.columns.enumerated() {
        let x = area.x + left + place * cellWidth
        drawNumber(at: Place(row: row, column: column), to: Point(x, y), on: &grid)
      }
    }
  }

  private func heading(_ name: String, isChosen: Bool) -> StyledText {
    isChosen ? .accent(name) : .faint(name)
  }

  private func drawNumber(at place: Place, to point: Point, on grid: inout CellGrid) {
    let index = place.row * columns + place.column
    guard index < values.count else { return }
    let value = values[index]
    let isChosen = place == chosen
    let background: Ink? = grid.ability.hasBackgrounds ? scale.ink(of: value) : nil
    let number = text(value)
    grid.write(
      (isChosen ? marker(in: grid.ability) : " ") + number, at: point,
      ink: numberInk(value, ability: grid.ability),
      attributes: isChosen ? [.bold, .underline] : [],
      background: background)
    guard isChosen else { return }
    let cell = Rect(point.x, point.y, cellWidth, 1)
    grid.point(at: cell)
    if !grid.ability.hasBackgrounds {
      grid.restyle(cell) { $0.attributes.insert(.reverse) }
    }
  }

  /// So many decimals; what would show less than two digits with them is written `-1.5e-7`.
  private func text(_ value: Float) -> String {
    if value.isFinite, value != 0, decimals > 1, abs(value) < Float(pow(10, Double(1 - decimals))) {
      let short = NumberFormat.scientific(Double(value), digits: 2)
      if short.count < cellWidth { return NumberFormat.padded(short, to: cellWidth - 1) }
    }
    return NumberFormat.column(value, width: cellWidth - 1, decimals: decimals)
  }

  private func marker(in ability: Ability) -> String { ability.glyphs == .ascii ? ">" : "▶" }

  private func numberInk(_ value: Float, ability: Ability) -> Ink {
    if !value.isFinite { return ability.hasBackgrounds ? .contrast : .bad }
    if ability.hasBackgrounds { return .contrast }
    guard scale.ramp == .diverging, value != 0 else { return .text }
    return value < 0 ? .negative : .positive
  }

  /// The number under a point of `area`; nil beside the numbers.
  package func place(at point: Point, in area: Rect) -> Place? {
    let shown = visible(in: area)
    let line = point.y - area.y - top
    let x = point.x - area.x - left
    guard line >= 0, line < shown.rows.count, x >= 0, x / cellWidth < shown.columns.count else {
      return nil
    }
    return Place(
      row: shown.rows.lowerBound + line, column: shown.columns.lowerBound + x / cellWidth)
  }
}
