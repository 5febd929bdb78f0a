import Datasets
import TerminalGraphics

/// The data sets there are, and what the chosen one is.
enum DataListPanel {
  /// The list above, words about the chosen set below; compactly the list alone.
  private static func parts(_ area: Rect, _ count: Int) -> (list: Rect, words: Rect) {
    let inside = area.inset()
    guard inside.height >= 16 else { return (inside, inside.trimmed(top: inside.height)) }
    let list = min(count + 1, inside.height - 9)
    return (Rect(inside.x, inside.y, inside.width, list), inside.trimmed(top: list))
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let listed = state.listedData
    let total = state.dataCount
    let areas = parts(view.area, listed.count)
    let table = table(view, listed, areas.list)
    let scroll = table.scroll(in: areas.list)
    // Above words the border has no room for a scroll bar: the numbers say what part one sees.
    let isPart = !areas.words.isEmpty && scroll.isNeeded
    let part = isPart ? "\(scroll.first + 1)–\(scroll.first + scroll.shown) of " : ""
    let count =
      part
      + (listed.count == total ? "\(total)" : "\(listed.count)" + (isPart ? "" : " of \(total)"))
    let inside = grid.box(
      view.area, title: "Data sets", detail: .text(count), isFocused: view.isFocused,
      scroll: areas.words.isEmpty && scroll.isNeeded ? scroll : nil)
    table.draw(in: areas.list, on: &grid)
    if listed.isEmpty {
      grid.write(
        .secondary("no name or words have this"), at: Point(inside.x + 1, areas.list.y + 1))
    }
    if areas.words.height > 2 { drawWords(view, areas.words, on: &grid) }
  }

  private static func table(_ view: PanelView, _ listed: [DataListing], _ area: Rect) -> Table {
    let isNarrow = area.width < 40
    // A name is worth more than a number that the examples tell too.
    let hasCount = area.width >= 32
    var columns: [Table.Column] = [
      .init("", .cells(1)), .init(isNarrow ? "" : "name", .share(1)),
    ]
    if hasCount {
      let longest = columnsOfLongest(listed.map { shaped($0, view.state).examples })
      columns.append(
        .init(isNarrow ? "" : "examples", .cells(max(isNarrow ? 6 : 8, longest)), .trailing))
    }
    if !isNarrow {
      let longest = columnsOfLongest(listed.map { shaped($0, view.state).inputs })
      columns.append(.init("in", .cells(max(4, longest)), .trailing))
    }
    columns.append(.init(isNarrow ? "" : " target", .cells(isNarrow ? 10 : 11)))
    let inUse = view.state.data.listedName(of: view.state.workpiece.dataset.name)
    return Table(
      columns: columns,
      rows: listed.map { listing in
        let shaped = shaped(listing, view.state)
        var row: [StyledText] = [
          listing.name == inUse ? .accent("▶") : "", .text(listing.shortName),
        ]
        if hasCount {
          row.append(StyledText(NumberFormat.integer(shaped.examples), .series(0)))
        }
        if !isNarrow { row.append(.secondary(NumberFormat.integer(shaped.inputs))) }
        return row + [.secondary((isNarrow ? "" : " ") + shaped.target)]
      },
      selection: listed.isEmpty ? nil : view.state.data.list, isFocused: view.isFocused,
      gap: 1)
  }

  private static func columnsOfLongest(_ numbers: [Int]) -> Int {
    numbers.map { NumberFormat.integer($0).count }.max() ?? 1
  }

  /// Of the one shown, which may have been shaped, what it is now.
  private static func shaped(_ listing: DataListing, _ state: AppState) -> DataListing {
    guard let shown = state.data.preview?.dataset, state.data.name == listing.name else {
      return listing
    }
    return DataListing(shown)
  }

  private static func drawWords(_ view: PanelView, _ area: Rect, on grid: inout CellGrid) {
    let state = view.state
    let name = state.data.name
    grid.rule(.text(name), in: area)
    let inside = area.trimmed(left: 1, top: 1, right: 1)
    var y = 0
    func write(_ text: StyledText, lines: Int) {
      let room = Rect(
        inside.x, inside.y + y, inside.width, max(0, min(lines, inside.height - 1 - y)))
      guard room.height > 0 else { return }
      let wrapped = text.spelled(for: grid.ability.glyphs).wrapped(to: room.width)
      for (row, line) in wrapped.prefix(room.height).enumerated() {
        let isCut = row == room.height - 1 && wrapped.count > room.height
        grid.write(
          isCut
            ? line.width < room.width
              ? line + .secondary("…") : (line + .secondary("…")).truncated(to: room.width) : line,
          at: Point(room.x, room.y + row))
      }
      y += min(room.height, wrapped.count)
    }
    if let trouble = state.data.trouble {
      write(.warning("▲ " + trouble), lines: 4)
    }
    let listed = state.listedData.first { $0.name == name }
    // A file that says no more of itself than where it is from says it once.
    if listed?.summary != state.data.preview?.dataset.origin {
      write(.secondary(listed?.summary ?? ""), lines: 4)
    }
    if let preview = state.data.preview {
      let warned =
        max(
          1,
          preview.warnings.prefix(2).reduce(0) {
            $0 + min(2, StyledText.text("▲ " + $1.description).wrapped(to: inside.width).count)
          }) + (preview.warnings.count > 2 ? 1 : 0)
      let room = max(2, inside.height - 1 - y - warned)
      write(origin(preview.dataset, state, Size(inside.width, room)), lines: room)
      for warning in preview.warnings.prefix(2) {
        write(.warning("▲ ") + .text(warning.description), lines: 2)
      }
      if preview.warnings.count > 2 {
        write(.secondary("and \(preview.warnings.count - 2) warnings more"), lines: 1)
      }
      if preview.warnings.isEmpty { write(.good("● ") + .secondary("nothing odd found"), lines: 1) }
    }
    // What a command takes after --data.
    let full = state.data.fullName
    if full != name, inside.height - 1 - y > 0 {
      write(.secondary("as text: ") + .text(full), lines: min(3, inside.height - 1 - y))
    }
    let keys: StyledText =
      (state.isShownDataInUse ? .good("● in use") : .hint("Enter", "use it")) + "  "
      + .hint("o", "open a CSV") + "  " + .hint("/", "find")
    grid.write(keys, at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  /// Where the data is from; its source alone, before a colon, where there is no room for all.
  private static func origin(_ dataset: Dataset, _ state: AppState, _ room: Size) -> StyledText {
    guard state.isMadeData else {
      let text = dataset.origin
      let ends = [": ", ", "].flatMap { mark in
        text.indices.filter { text[$0...].hasPrefix(mark) }.reversed()
      }
      let ways = [text] + ends.map { String(text[..<$0]) }
      let fitting = ways.first { StyledText.text($0).wrapped(to: room.width).count <= room.height }
      return .secondary(fitting ?? text)
    }
    return .secondary("made here: ")
      + .text("\(NumberFormat.integer(dataset.count)) examples, seed \(state.data.seed)")
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let listed = state.listedData
    let before = state.data.list.index
    guard state.data.list.handle(key, count: listed.count, shown: max(1, listed.count)) else {
      return nil
    }
    if state.data.list.index != before, listed.indices.contains(state.data.list.index) {
      state.showData(named: listed[state.data.list.index].name)
    }
    return []
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let listed = state.listedData
    let list = parts(area, listed.count).list
    let view = PanelView(state: state, area: area, isFocused: true)
    let table = table(view, listed, list)
    guard let row = table.row(at: point, in: list) else { return [] }
    state.data.list.choose(row, shown: table.scroll(in: list).shown, count: listed.count)
    state.showData(named: listed[row].name)
    return []
  }
}
