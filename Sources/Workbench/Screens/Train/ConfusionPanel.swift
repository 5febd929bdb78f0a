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
    let names = names(view.state)
    let room = view.area.inset().inset(columns: 1, rows: 0)
    let (matrix, hasRoom, hasFoot) = places(table, isFocused: view.isFocused, in: room)
    let layout = Layout(table, view.state, in: matrix)
    let part = layout.part(of: table.count, names)
    // Which part of the matrix is shown is said where there is room: that there is more is not seen.
    let isUntold = !hasRoom && !part.isEmpty
    let hasNote = view.fitting(.secondary(part)).width > 0
    let inside = view.box(
      "Confusion",
      detail: isUntold && !hasNote
        ? .secondary(part) : LearnedPanel.rightWords(view, isShort: true, beside: "Confusion"),
      note: isUntold ? .secondary(part) : view.judgedNote, on: &grid)
    let sentence =
      view.isFocused
      ? cellWords(table, names, view.state)
      : [mostOften(table, names), mostOften(table, names, isShort: true)]
    if hasRoom {
      let unit = layout.isPercent ? ", percent of each row" : ""
      let arrows = isNarrow ? "is ↓ said →" : "is ↓  said →"
      let shown = part.isEmpty ? "" : "  " + part
      let words = [arrows + unit + shown, arrows + shown, part, arrows + unit, arrows]
      grid.write(
        .secondary(Fitting.text(words.filter { !$0.isEmpty }, width: inside.width)),
        at: inside.origin)
    }
    if hasFoot {
      grid.write(
        sentence.first { $0.width <= inside.width } ?? sentence.last ?? StyledText(),
        at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
    drawTable(table, names, view, layout, matrix, hasHead: hasRoom, on: &grid)
  }

  /// Where the matrix lies, and whether there is room for a line above and one below it.
  private static func places(
    _ table: [[Int]], isFocused: Bool, in inside: Rect
  ) -> (matrix: Rect, hasHead: Bool, hasFoot: Bool) {
    // A matrix of which only a part has room is not shown less for a line more.
    let isPart = inside.height < table.count + 1
    let hasRoom = inside.height >= table.count + 3 || isPart && inside.height >= 10
    let hasFoot = hasRoom || isFocused && inside.height > table.count / 2
    return (inside.trimmed(top: hasRoom ? 1 : 0, bottom: hasFoot ? 1 : 0), hasRoom, hasFoot)
  }

  /// With every row and column, their names as long as they are shown, a line above and one below.
  static func wholeSize(_ state: AppState) -> Size? {
    guard let table = state.lab.pictures?.confusion else { return nil }
    let heading = Layout.heading(names(state))
    let digits = String(table.flatMap { $0 }.max() ?? 0).count
    let cell = max(3, digits + 1, min(9, heading) + 1)
    return Size(max(38, 4 + heading + 1 + cell * table.count), 5 + table.count)
  }

  /// A click chooses the cell under it.
  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    guard let table = state.lab.pictures?.confusion else { return [] }
    let inside = area.inset().inset(columns: 1, rows: 0)
    let matrix = places(table, isFocused: true, in: inside).matrix
    let layout = Layout(table, state, in: matrix)
    let x = point.x - matrix.x - layout.heading - 1
    let row = layout.rows.lowerBound + point.y - matrix.y - 1
    let column = layout.columns.lowerBound + x / layout.cell
    guard x >= 0, layout.rows.contains(row), layout.columns.contains(column) else { return [] }
    state.train.confusionCursor = NumberMatrix.Place(row: row, column: column)
    return []
  }

  /// The cell that is chosen; until one is, the most frequent mistake, which the panel names.
  private static func cursor(_ table: [[Int]], _ state: AppState) -> NumberMatrix.Place {
    state.train.confusionCursor ?? mostFrequent(table)?.place
      ?? NumberMatrix.Place(row: 0, column: 0)
  }

  private static func names(_ state: AppState) -> [String] {
    state.lab.classNames
  }

  /// Counts or percent; where counts have no room beside each other it says so.
  @Sendable static func togglePercent(_ state: inout AppState) -> [Effect] {
    state.train.confusionInPercent.toggle()
    guard !state.train.confusionInPercent, let table = state.lab.pictures?.confusion,
      let area = state.panels.first(where: { $0.id == TrainPart.confusion.rawValue })?.area
    else { return [] }
    let inside = area.inset().inset(columns: 1, rows: 0)
    if Layout(table, state, in: places(table, isFocused: true, in: inside).matrix).isPercent {
      state.say("the counts would run into each other here: z shows the panel alone")
    }
    return []
  }

  /// Where the cells lie, and which are shown around the cursor.
  private struct Layout {
    let heading: Int
    let cell: Int
    /// Whether its cells have no blank between them.
    let isTight: Bool
    /// Whether it shows percent: as one wants, or since counts have no room beside each other.
    let isPercent: Bool
    let rows: Range<Int>
    let columns: Range<Int>

    init(_ table: [[Int]], _ state: AppState, in area: Rect) {
      let cursor = cursor(table, state)
      heading = Self.heading(names(state))
      let longest = min(area.width >= heading + 6 * table.count ? 9 : 4, heading)
      let room = area.width - heading - 1
      // Alone on the screen it takes the room.
      let widest = state.isZoomed ? 9 : longest + 1
      func roomy(_ digits: Int) -> Int {
        max(digits + 1, min(widest, max(3, room / max(1, table.count))))
      }
      func isWhole(_ cell: Int) -> Bool { cell * table.count <= room }
      let digits = String(table.flatMap { $0 }.max() ?? 0).count
      // Each number on a color of its own ends where the next begins.
      let touches =
        state.ability.hasBackgrounds
        ? Self.touches(table, digits: digits) : Self.touchesColorless(table, digits: digits)
      isPercent =
        state.train.confusionInPercent
        || !isWhole(roomy(digits)) && touches && isWhole(3)
      let width = isPercent ? 3 : digits
      // All columns without a blank between them, where no number touches the next.
      isTight = !isWhole(roomy(width)) && isWhole(width) && (isPercent || !touches)
      cell = isTight ? width : roomy(width)
      let (wide, high) = (max(1, room / cell), max(1, area.height - 1))
      func window(_ place: Int, _ fitting: Int) -> Range<Int> {
        let first = max(0, min(max(0, place - fitting + 1), table.count - fitting))
        return first..<min(table.count, first + fitting)
      }
      rows = window(cursor.row, high)
      columns = window(cursor.column, wide)
    }

    /// The columns of the names before the rows.
    static func heading(_ names: [String]) -> Int {
      min(10, names.map { TextWidth.columns($0) }.max() ?? 1)
    }

    /// Whether two numbers of the most digits stand side by side.
    private static func touches(_ table: [[Int]], digits: Int) -> Bool {
      table.contains { row in
        zip(row, row.dropFirst()).contains { String($0).count + String($1).count == 2 * digits }
      }
    }

    /// Whether a number of the most digits begins where another ends.
    private static func touchesColorless(_ table: [[Int]], digits: Int) -> Bool {
      table.contains { row in
        zip(row, row.dropFirst()).contains { $0 > 0 && String($1).count == digits }
      }
    }

    /// `8–14 of 59`: which columns are shown where not all of them are, else which rows; of both
    /// `rows J–a, columns o–t of 59`; by their names where those are short, as digits are.
    func part(of count: Int, _ names: [String]) -> String {
      func name(_ place: Int) -> String {
        guard let name = names[safe: place], heading <= 3 else { return String(place + 1) }
        return name
      }
      func words(_ range: Range<Int>) -> String {
        "\(name(range.lowerBound))–\(name(range.upperBound - 1))"
      }
      guard rows.count < count || columns.count < count else { return "" }
      let both = rows.count < count && columns.count < count
      let shown =
        both
        ? "rows \(words(rows)), columns \(words(columns))"
        : columns.count < count ? words(columns) : "rows " + words(rows)
      return shown + " of \(count)"
    }
  }

  private static func drawTable(
    _ table: [[Int]], _ names: [String], _ view: PanelView, _ layout: Layout, _ area: Rect,
    hasHead: Bool, on grid: inout CellGrid
  ) {
    let isPercent = layout.isPercent
    let cursor = cursor(table, view.state)
    func name(_ index: Int) -> String { names[safe: index] ?? "\(index)" }
    func x(_ place: Int) -> Int { area.x + layout.heading + 1 + place * layout.cell }
    if !hasHead {
      let first = layout.columns.first.map { TextWidth.columns(name($0)) } ?? 0
      let isFree = x(0) + layout.cell - first - area.x > 2
      if isFree { grid.write(.secondary("is"), at: area.origin) }
    }
    // Without a line above the names of the columns the place behind them says what they are.
    if !hasHead, layout.columns.count == table.count, x(table.count) + 5 <= area.right {
      grid.write(.secondary("said"), at: Point(x(table.count) + 1, area.y))
    }
    for (place, column) in layout.columns.enumerated() {
      let isChosen = view.isFocused && column == cursor.column
      grid.write(
        isChosen ? .accent(name(column)) : .secondary(name(column)),
        at: Point(x(place) + 1, area.y), width: layout.cell - 1, alignment: .trailing)
    }
    for (line, row) in layout.rows.enumerated() {
      let y = area.y + 1 + line
      let isChosen = view.isFocused && row == cursor.row
      grid.write(
        isChosen ? .accent(name(row)) : .secondary(name(row)), at: Point(area.x, y),
        width: layout.heading, alignment: .trailing)
      let sum = max(1, table[row].reduce(0, +))
      var end: Point?
      for (place, column) in layout.columns.enumerated() {
        let share = Float(table[row][column]) / Float(sum)
        drawCount(
          table[row][column], share, isPercent: isPercent, isRight: row == column,
          width: layout.cell,
          attributes: layout.isTight && isChosen && column == cursor.column
            ? [.bold, .underline] : [],
          at: Point(x(place), y), on: &grid)
        guard isChosen, column == cursor.column else { continue }
        // Brackets would cover numbers.
        guard !layout.isTight else { continue }
        grid.put("[", at: Point(x(place), y), ink: .accent, attributes: .bold)
        end = Point(x(place) + layout.cell, y)
      }
      // The number behind it has a blank there.
      if let end, end.x < area.right {
        grid.put("]", at: end, ink: .accent, attributes: .bold)
      }
    }
  }

  private static func drawCount(
    _ count: Int, _ share: Float, isPercent: Bool, isRight: Bool, width: Int,
    attributes: Attributes, at point: Point, on grid: inout CellGrid
  ) {
    guard count > 0 else {
      grid.write(StyledText("·", .faint, attributes), at: point, width: width, alignment: .trailing)
      return
    }
    let percent = NumberFormat.wholePercent(Double(share))
    let text = NumberFormat.padded("\(isPercent ? percent : count)", to: width)
    if grid.ability.hasBackgrounds {
      let place = place(of: count, share: share, isRight: isRight)
      grid.write(
        text, at: point, ink: .contrast, attributes: attributes, background: .diverging(place))
    } else {
      grid.write(
        text, at: point, ink: isRight ? .positive : .negative,
        attributes: isRight ? attributes.union(.bold) : attributes)
    }
  }

  /// Where a count lies between orange and blue; even one error shows.
  static func place(of count: Int, share: Float, isRight: Bool) -> Float {
    guard count > 0 else { return 0 }
    return isRight ? 0.25 + 0.6 * share : -min(1, 0.45 + 2 * share)
  }

  /// The cell under the cursor in words, long and short.
  private static func cellWords(
    _ table: [[Int]], _ names: [String], _ state: AppState
  ) -> [StyledText] {
    let cursor = cursor(table, state)
    guard table.indices.contains(cursor.row), table.indices.contains(cursor.column) else {
      return []
    }
    let count = table[cursor.row][cursor.column]
    let sum = table[cursor.row].reduce(0, +)
    let cell: StyledText =
      .secondary("is ") + .strong(names[safe: cursor.row] ?? "\(cursor.row)")
      + .secondary(", said ") + .strong(names[safe: cursor.column] ?? "\(cursor.column)")
    let short = cell + .secondary(": ") + .text("\(count)") + .secondary(" of \(sum)")
    return [short + "  " + .hint("Enter", "shows them"), short]
  }

  /// The mistake that is made most often, and how many are made as often.
  private static func mostFrequent(
    _ table: [[Int]]
  ) -> (place: NumberMatrix.Place, count: Int, rivals: Int)? {
    var most: (place: NumberMatrix.Place, count: Int, rivals: Int)?
    for row in table.indices {
      for column in table[row].indices where row != column && table[row][column] > 0 {
        let count = table[row][column]
        if let known = most, known.count >= count {
          if known.count == count { most?.rivals += 1 }
        } else {
          most = (NumberMatrix.Place(row: row, column: column), count, 1)
        }
      }
    }
    return most
  }

  /// `most often: said 1 for 8, 5 times`, when one mistake is more frequent than any other: what is
  /// foretold is said, not read.
  static func mostOften(
    _ table: [[Int]], _ names: [String], isShort: Bool = false
  ) -> StyledText {
    func name(_ index: Int) -> String { index < names.count ? names[index] : "\(index)" }
    guard let most = mostFrequent(table) else {
      return table.contains { $0.contains { $0 > 0 } } ? .secondary("no mistake") : ""
    }
    guard most.rivals == 1 else {
      return .secondary("\(most.rivals) mistakes tie, ") + .text("\(most.count)")
        + .secondary(most.count == 1 ? " time each" : " times each")
    }
    let mistake =
      StyledText.secondary("said ") + .strong(name(most.place.column)) + .secondary(" for ")
      + .strong(name(most.place.row))
    if isShort { return mistake + .secondary(": ") + .text("\(most.count)") }
    return .secondary("most often: ") + mistake + .secondary(", ") + .text("\(most.count)")
      + .secondary(most.count == 1 ? " time" : " times")
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    guard let table = state.lab.pictures?.confusion else { return nil }
    var place = cursor(table, state)
    switch key {
    case .up, .character("k"): place.row -= 1
    case .down, .character("j"): place.row += 1
    case .left: place.column -= 1
    case .right: place.column += 1
    case .home: place = NumberMatrix.Place(row: 0, column: 0)
    default: return nil
    }
    place.row = max(0, min(place.row, table.count - 1))
    place.column = max(0, min(place.column, table.count - 1))
    state.train.confusionCursor = place
    return []
  }

  /// Shows the examples of the cell under the cursor.
  @Sendable static func filter(_ state: inout AppState) -> [Effect] {
    let names = names(state)
    guard let table = state.lab.pictures?.confusion,
      case let cursor = cursor(table, state),
      let count = table[safe: cursor.row]?[safe: cursor.column]
    else { return [] }
    let (isName, said) = (
      names[safe: cursor.row] ?? "\(cursor.row)", names[safe: cursor.column] ?? "\(cursor.column)"
    )
    guard count > 0 else {
      state.say("of no example that is \(isName) it said \(said)", .warning)
      return []
    }
    state.train.gallery = GalleryView(order: state.train.gallery.order, cell: cursor)
    state.focus[.train] = TrainPart.worst.rawValue
    return []
  }
}

/// The share of each class that is right.
enum ClassesPanel {
  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let inside = view.box(TrainPart.classes.title, detail: "percent", on: &grid)
    guard let table = view.lab.pictures?.confusion, inside.height > 0 else { return }
    let names = view.lab.classNames
    let label = min(10, names.map { TextWidth.columns($0) }.max() ?? 1)
    let perColumn = max(1, inside.height)
    let columns = max(1, (table.count + perColumn - 1) / perColumn)
    // Few classes have air between them, and their counts.
    let lines = columns > 1 ? 1 : min(3, max(1, inside.height / max(1, table.count)))
    // Two blanks part the columns; the last needs none behind it.
    let width = (inside.width + 2) / columns
    for (index, row) in table.enumerated() {
      let sum = row.reduce(0, +)
      let x = inside.x + index / perColumn * width
      let y = inside.y + index % perColumn * lines
      grid.write(
        .secondary(index < names.count ? names[index] : "\(index)"), at: Point(x, y), width: label)
      guard sum > 0 else {
        grid.write(.faint("none"), at: Point(x + label + 1, y))
        continue
      }
      let share = Double(row[index]) / Double(sum)
      let bar = Rect(x + label + 1, y, max(0, width - label - 7), 1)
      StackedBar(share, ink: .good).draw(in: bar, on: &grid)
      let percent = NumberFormat.wholePercent(share)
      grid.write(
        .text(NumberFormat.padded("\(percent)", to: 4)), at: Point(bar.right, y))
      guard lines > 1 else { continue }
      let counts = [row[index], sum].map { NumberFormat.integer($0) }
      grid.write(
        .text(counts[0]) + .secondary(" of \(counts[1])"), at: Point(bar.x, y + 1),
        width: bar.width)
    }
  }
}
