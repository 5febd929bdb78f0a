import Tensors
import TerminalGraphics
import Training

/// Who looks where: a row for each token that looks, a column for each it looks at, head by head.
enum AttentionView: CloseUpView {
  static let kind = CloseUp.attention
  static let name = "who looks where"
  static let help = "the attention weights of each head, with the tokens beside them"
  static let fits = "an attention layer"
  static let moves = "choose"
  static let part = "head"

  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent? {
    guard case .attention(let attention) = picture else { return nil }
    return CloseUpExtent(
      rows: attention.rows, columns: attention.columns, parts: attention.headCount)
  }

  static func draw(_ look: CloseUpLook, on grid: inout CellGrid) {
    guard case .attention(let attention) = look.picture else { return }
    AttentionDrawing(look: look, attention: attention).draw(on: &grid)
  }
}

private struct AttentionDrawing {
  let look: CloseUpLook
  let attention: AttentionCloseUp

  private var scale: ColorScale {
    let size = attention.rows * attention.columns
    let start = attention.head * size
    let most = attention.weights.scalars[start..<start + size].max() ?? 1
    return Self.scale(upTo: most)
  }

  /// Small weights are lifted out of the dark: a row that looks everywhere has no large one.
  private static func scale(upTo most: Float) -> ColorScale {
    var scale = ColorScale.sequential(0, max(most, 1e-6))
    scale.isRooted = true
    return scale
  }

  private func names(_ tokens: [Float]?, _ count: Int) -> [String] {
    guard let tokens else { return (0..<count).map(String.init) }
    return tokens.map { look.tokens.name($0) }
  }

  func draw(on grid: inout CellGrid) {
    let lookers = names(attention.lookers, attention.rows)
    let lookedAt = names(attention.lookedAt, attention.columns)
    let area = look.area
    let side = area.width >= 74 ? 32 : area.width >= 48 ? 22 : 0
    let parts = area.columns(.share(1), .cells(side), gap: side > 0 ? 2 : 0)
    drawMatrix(lookers, lookedAt, parts[0], on: &grid)
    guard side > 0, parts.count > 1 else { return }
    let high = attention.headCount > 1 && area.height >= 12 ? min(8, area.height * 2 / 5) : 0
    drawRow(lookers, lookedAt, parts[1].trimmed(bottom: high), on: &grid)
    if high > 0 { drawHeads(parts[1].trimmed(top: area.height - high), on: &grid) }
  }

  // MARK: The matrix

  private func drawMatrix(
    _ lookers: [String], _ lookedAt: [String], _ part: Rect, on grid: inout CellGrid
  ) {
    let label = min(12, max(2, lookers.map { TextWidth.columns($0) }.max() ?? 1))
    let hasLegend = part.height > 6
    let room = part.trimmed(left: label + 1, top: 1, bottom: hasLegend ? 1 : 0)
    guard room.width > 2, room.height > 0 else { return }
    let size = attention.rows * attention.columns
    let start = attention.head * size
    let whole = Heatmap(
      values: Array(attention.weights.scalars[start..<start + size]), rows: attention.rows,
      columns: attention.columns, scale: scale)
    guard !grid.says(whole.words, numbers: whole.numbers, in: part) else { return }
    let widest = lookedAt.map { TextWidth.columns($0) }.max() ?? 1
    // Words stand over their columns where there is room for all of them.
    let cell = max(2, min(widest + 1, room.width / max(1, attention.columns)))
    let columns = window(attention.columns, around: attention.column, fitting: room.width / cell)
    let rows = window(attention.rows, around: attention.row, fitting: room.height)
    // Names that are wider than a column stand over every few columns, with a blank behind each; of
    // long ones four letters do.
    let longest = columns.map { TextWidth.columns(lookedAt[$0]) }.max() ?? 1
    let every = (min(longest, 4) + cell) / cell
    for (place, column) in columns.enumerated() {
      let isChosen = column == attention.column
      let name = lookedAt[column]
      guard isChosen || column % every == 0 && abs(column - attention.column) >= every else {
        continue
      }
      let x = room.x + place * cell
      let wide = min(every * cell - 1, room.right - x)
      grid.write(
        isChosen ? .accent(name) : .text(name), at: Point(x, part.y), width: max(1, wide))
    }
    for (line, row) in rows.enumerated() {
      let y = room.y + line
      let isChosen = row == attention.row
      grid.write(
        isChosen ? StyledText(lookers[row], .accent, .bold) : .text(lookers[row]),
        at: Point(part.x, y), width: label, alignment: .trailing)
      for (place, column) in columns.enumerated() {
        let start = Point(room.x + place * cell, y)
        guard !attention.isMasked(row, column) else {
          grid.put("·", at: start, ink: .faint)
          continue
        }
        let weight = attention.weight(attention.head, row, column)
        for x in 0..<cell {
          grid.drawSwatch(weight, scale: scale, at: Point(start.x + x, y))
        }
      }
      guard isChosen else { continue }
      mark(y, columns, cell, room, on: &grid)
    }
    if hasLegend { drawLegend(rows, columns, part, on: &grid) }
  }

  private func mark(
    _ y: Int, _ columns: Range<Int>, _ cell: Int, _ room: Rect, on grid: inout CellGrid
  ) {
    grid.put("▶", at: Point(room.x - 1, y), ink: .accent, attributes: .bold)
    guard columns.contains(attention.column) else { return }
    let x = room.x + (attention.column - columns.lowerBound) * cell
    grid.point(at: Rect(x, y, cell, 1))
    for (scalar, x) in [(grid.brackets.left, x), (grid.brackets.right, x + cell - 1)] {
      let below = grid[Point(x, y)].flatMap { $0.scalar == "█" ? $0.foreground : nil }
      grid.put(
        scalar, at: Point(x, y), ink: .accent, background: below ?? .plain, attributes: .bold)
    }
  }

  private func window(_ count: Int, around chosen: Int, fitting: Int) -> Range<Int> {
    let shown = max(0, min(count, fitting))
    let first = max(0, min(chosen - shown / 2, count - shown))
    return first..<first + shown
  }

  private func drawLegend(
    _ rows: Range<Int>, _ columns: Range<Int>, _ part: Rect, on grid: inout CellGrid
  ) {
    let swatches = LayersPanel.swatches(
      scale, "0", NumberFormat.compact(scale.high, digits: 2), look.ability, steps: 6)
    var words = "a row looks at the columns  "
    if rows.count < attention.rows || columns.count < attention.columns {
      words =
        "rows \(rows.lowerBound)–\(rows.upperBound - 1) of \(attention.rows), columns "
        + "\(columns.lowerBound)–\(columns.upperBound - 1) of \(attention.columns)  "
    }
    let mask = attention.looksBackOnly ? StyledText.secondary("  · ahead: masked") : StyledText()
    let full = [
      StyledText.secondary(words) + swatches + mask, .secondary(words) + swatches, swatches + mask,
    ]
    grid.write(
      full.first { $0.width <= part.width } ?? swatches, at: Point(part.x, part.bottom - 1),
      width: part.width)
  }

  // MARK: The chosen row

  private func drawRow(
    _ lookers: [String], _ lookedAt: [String], _ part: Rect, on grid: inout CellGrid
  ) {
    let (row, head) = (attention.row, attention.head)
    grid.write(
      .secondary("head \(head): ") + .strong(lookers[row]) + .secondary(" at \(row) looks at"),
      at: part.origin, width: part.width)
    let order = (0..<attention.columns).sorted {
      let (a, b) = (attention.weight(head, row, $0), attention.weight(head, row, $1))
      return a == b ? $0 < $1 : a > b
    }
    let room = part.height - 2
    guard room > 0 else { return }
    // The chosen column is never left out.
    let shown =
      order.prefix(room).contains(attention.column)
      ? Array(order.prefix(room)) : Array(order.prefix(room - 1)) + [attention.column]
    let label = min(10, max(3, lookedAt.map { TextWidth.columns($0) }.max() ?? 1))
    let most = shown.first.map { attention.weight(head, row, $0) } ?? 1
    for (line, column) in shown.enumerated() {
      let weight = attention.weight(head, row, column)
      let y = part.y + 1 + line
      let isChosen = column == attention.column
      grid.write(
        isChosen ? StyledText(lookedAt[column], .accent, .bold) : .text(lookedAt[column]),
        at: Point(part.x, y), width: label)
      grid.write(
        .secondary("\(column)"), at: Point(part.x + label, y), width: 4, alignment: .trailing)
      grid.write(
        attention.isMasked(row, column)
          ? .faint("masked") : .text(NumberFormat.fixed(weight, decimals: 4)),
        at: Point(part.x + label + 5, y), width: 6)
      let bar = Rect(part.x + label + 12, y, max(0, part.right - part.x - label - 12), 1)
      StackedBar(Double(weight / max(most, 1e-9)), ink: .series(0)).draw(in: bar, on: &grid)
    }
    let total = (0..<attention.columns).reduce(Float(0)) { $0 + attention.weight(head, row, $1) }
    grid.write(
      .secondary("all \(attention.columns) together ")
        + .text(NumberFormat.fixed(total, decimals: 4)),
      at: Point(part.x, part.y + 1 + shown.count), width: part.width)
  }

  // MARK: All heads

  private func drawHeads(_ part: Rect, on grid: inout CellGrid) {
    let high = part.height - 2
    let wide = min(2 * high, max(4, (part.width + 1) / min(attention.headCount, 4) - 2))
    let fitting = max(1, (part.width + 1) / (wide + 2))
    let first = max(0, min(attention.head - fitting + 1, attention.headCount - fitting))
    for (place, head) in (first..<min(attention.headCount, first + fitting)).enumerated() {
      let spot = Rect(part.x + 1 + place * (wide + 2), part.y + 1, wide, high)
      let size = attention.rows * attention.columns
      let values = Array(attention.weights.scalars[head * size..<(head + 1) * size])
      Heatmap(
        values: values, rows: attention.rows, columns: attention.columns,
        scale: Self.scale(upTo: values.max() ?? 1), sampling: .strongest
      ).drawFilling(spot, on: &grid)
      let isChosen = head == attention.head
      let name = wide >= 6 ? "head \(head)" : "\(head)"
      grid.write(
        isChosen ? StyledText(name, .accent, .bold) : .secondary(name),
        at: Point(spot.x, spot.bottom), width: wide)
      guard isChosen else { continue }
      grid.bracket(spot)
    }
  }
}
