import TerminalGraphics
import Training

/// Which classes are taken for which: a row each true class, a column each class said.
enum ConfusionPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    guard let pictures = view.lab.pictures, let table = pictures.confusion else {
      let inside = view.box("Confusion", on: &grid)
      grid.writeWrapped(.secondary("The picture comes with the next news of the run."), in: inside)
      return
    }
    let isNarrow = view.area.width < 30
    let inside = view.box(
      "Confusion", detail: LearnedPanel.rightWords(view, isShort: true), on: &grid)
    let sentence = mostOften(table, view.lab.settings?.data.classes ?? [])
    let short = mostOften(table, view.lab.settings?.data.classes ?? [], isShort: true)
    let hasRoom = inside.height >= table.count + 3
    let matrix = inside.trimmed(top: hasRoom ? 1 : 0, bottom: hasRoom ? 1 : 0)
    if hasRoom {
      grid.write(
        .secondary(isNarrow ? "is ↓ said →" : "is ↓  said →"), at: inside.origin)
      grid.write(
        sentence.width <= inside.width ? sentence : short, at: Point(inside.x, inside.bottom - 1),
        width: inside.width)
    }
    drawTable(table, names(view), view, matrix, on: &grid)
  }

  private static func names(_ view: PanelView) -> [String] {
    view.lab.settings?.data.classes ?? []
  }

  private static func drawTable(
    _ table: [[Int]], _ names: [String], _ view: PanelView, _ area: Rect,
    on grid: inout CellGrid
  ) {
    let widest = table.flatMap { $0 }.max() ?? 0
    let heading = min(10, names.map { TextWidth.columns($0) }.max() ?? 1)
    let longest = min(area.width >= heading + 6 * table.count ? 9 : 4, heading)
    let digits = String(widest).count
    let cell = max(digits + 1, min(longest + 1, max(3, (area.width - heading - 1) / table.count)))
    let columns = max(1, (area.width - heading - 1) / cell)
    let rows = max(1, area.height - 1)
    let offset = view.state.train.confusionOffset
    let firstRow = max(0, min(offset.row, table.count - rows))
    let firstColumn = max(0, min(offset.column, table.count - columns))
    if area.height < table.count + 1 || heading > 2 {
      grid.write(.secondary("is"), at: area.origin)
    }
    for (place, column) in (firstColumn..<min(table.count, firstColumn + columns)).enumerated() {
      grid.write(
        .secondary(column < names.count ? names[column] : "\(column)"),
        at: Point(area.x + heading + 2 + place * cell, area.y), width: cell - 1,
        alignment: .trailing)
    }
    for (line, row) in (firstRow..<min(table.count, firstRow + rows)).enumerated() {
      let y = area.y + 1 + line
      grid.write(
        .secondary(row < names.count ? names[row] : "\(row)"), at: Point(area.x, y),
        width: heading, alignment: .trailing)
      let sum = max(1, table[row].reduce(0, +))
      for (place, column) in (firstColumn..<min(table.count, firstColumn + columns)).enumerated() {
        let share = Float(table[row][column]) / Float(sum)
        drawCount(
          table[row][column], share, isRight: row == column, width: cell,
          at: Point(area.x + heading + 1 + place * cell, y), on: &grid)
      }
    }
  }

  private static func drawCount(
    _ count: Int, _ share: Float, isRight: Bool, width: Int, at point: Point,
    on grid: inout CellGrid
  ) {
    guard count > 0 else {
      grid.write(.faint("·"), at: point, width: width, alignment: .trailing)
      return
    }
    let text = NumberFormat.padded("\(count)", to: width)
    if grid.ability.hasBackgrounds {
      // Even one error shows.
      let place = isRight ? 0.25 + 0.6 * share : -min(1, 0.45 + 2 * share)
      grid.write(text, at: point, ink: .contrast, background: .diverging(place))
    } else {
      grid.write(
        text, at: point, ink: isRight ? .positive : .negative, attributes: isRight ? .bold : [])
    }
  }

  /// `most often: 8 read as 1, 5 times`, when one mistake is more frequent than any other.
  static func mostOften(
    _ table: [[Int]], _ names: [String], isShort: Bool = false
  ) -> StyledText {
    var mistakes: [(row: Int, column: Int, count: Int)] = []
    for row in table.indices {
      for column in table[row].indices where row != column && table[row][column] > 0 {
        mistakes.append((row, column, table[row][column]))
      }
    }
    func name(_ index: Int) -> String { index < names.count ? names[index] : "\(index)" }
    guard let most = mistakes.max(by: { $0.count < $1.count }) else {
      return table.contains { $0.contains { $0 > 0 } } ? .secondary("no mistake") : ""
    }
    let rivals = mistakes.count { $0.count == most.count }
    guard rivals == 1 else {
      return .secondary("\(rivals) mistakes tie, ") + .text("\(most.count)")
        + .secondary(most.count == 1 ? " time each" : " times each")
    }
    if isShort {
      return .strong(name(most.row)) + .secondary(" read as ") + .strong(name(most.column))
        + .secondary(": ") + .text("\(most.count)")
    }
    return .secondary("most often: ") + .strong(name(most.row)) + .secondary(" read as ")
      + .strong(name(most.column))
      + .secondary(", ") + .text("\(most.count)")
      + .secondary(most.count == 1 ? " time" : " times")
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let count = state.lab.pictures?.confusion?.count ?? 0
    var place = state.train.confusionOffset
    switch key {
    case .up, .character("k"): place.row -= 1
    case .down, .character("j"): place.row += 1
    case .left: place.column -= 1
    case .right: place.column += 1
    default: return nil
    }
    place.row = max(0, min(place.row, count - 1))
    place.column = max(0, min(place.column, count - 1))
    state.train.confusionOffset = place
    return []
  }
}

/// The share of each class that is right.
enum ClassesPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let inside = view.box(TrainPart.classes.title, detail: "percent", on: &grid)
    guard let table = view.lab.pictures?.confusion, inside.height > 0 else { return }
    let names = view.lab.settings?.data.classes ?? []
    let label = min(10, names.map { TextWidth.columns($0) }.max() ?? 1)
    let perColumn = max(1, inside.height)
    let columns = max(1, (table.count + perColumn - 1) / perColumn)
    // Two blanks part the columns; the last needs none behind it.
    let width = (inside.width + 2) / columns
    for (index, row) in table.enumerated() {
      let sum = row.reduce(0, +)
      let x = inside.x + index / perColumn * width
      let y = inside.y + index % perColumn
      grid.write(
        .secondary(index < names.count ? names[index] : "\(index)"), at: Point(x, y), width: label)
      guard sum > 0 else {
        grid.write(.faint("none"), at: Point(x + label + 1, y))
        continue
      }
      let share = Double(row[index]) / Double(sum)
      let bar = Rect(x + label + 1, y, max(0, width - label - 7), 1)
      StackedBar(share, ink: share == 1 ? .good : .series(1)).draw(in: bar, on: &grid)
      // 99.6 % is not all of them.
      let percent = share == 1 ? 100 : min(99, Int((share * 100).rounded()))
      grid.write(
        .text(NumberFormat.padded("\(percent)", to: 4)), at: Point(bar.right, y))
    }
  }
}
