import TerminalGraphics

/// The keys of where one is, in groups: searchable, and Enter does what is chosen.
enum HelpOverlay {
  /// The lines as they lie: one column, or two side by side.
  private struct Layout {
    let area: Rect
    let columns: [[HelpLine]]
    let about: [StyledText]
    /// Where each thing that can be done stands.
    let places: [(column: Int, row: Int)]

    init(_ help: HelpState, _ state: AppState) {
      let topics = HelpTopics(state, search: help.search)
      let width = min(112, state.size.width - 4)
      let isWide = width >= 92
      if isWide {
        let room = (width - 6) / 2
        columns = Self.balanced(
          Self.fitted(topics.here, room, state), Self.fitted(topics.everywhere, room, state))
        about = topics.about.flatMap { $0.isEmpty ? [$0] : $0.wrapped(to: width - 6) }
      } else {
        let prose = topics.about.flatMap { $0.isEmpty ? [$0] : $0.wrapped(to: width - 6) }
        let note: [HelpLine] =
          prose.isEmpty ? [] : [.heading("What you are looking at")] + prose.map { .prose($0) }
        columns = [Self.fitted(topics.here + topics.everywhere, width - 4, state) + note]
        about = []
      }
      places = columns.enumerated().flatMap { column, lines in
        lines.indices.filter { lines[$0].binding != nil }.map { (column, $0) }
      }
      let rows = columns.map(\.count).max() ?? 0
      let footer = about.isEmpty ? 0 : about.count + 1
      area = state.body.centered(Size(width, min(state.body.height, max(6, rows + footer + 3))))
    }

    /// What belongs to here goes on in the column beside it where it is much longer than the rest.
    private static func balanced(_ here: [HelpLine], _ rest: [HelpLine]) -> [[HelpLine]] {
      let half = (here.count + rest.count + 2) / 2
      guard here.count > rest.count + 8,
        let cut = here.indices.dropFirst(half).first(where: { here[$0].isKey })
      else { return [here, rest] }
      let title = here[..<cut].reversed().lazy.compactMap { line -> String? in
        if case .heading(let title) = line { title } else { nil }
      }.first
      let more: [HelpLine] = title.map { [.heading($0 + ", more")] } ?? []
      return [Array(here[..<cut]), more + here[cut...] + rest]
    }

    /// The reasons that keep many things from being done now: each is said once.
    private static func shared(_ reasons: [String]) -> [String] {
      var seen: [String] = []
      for reason in reasons where !seen.contains(reason) {
        if reasons.count(where: { $0 == reason }) > 2 { seen.append(reason) }
      }
      return seen
    }

    /// The lines with long ones broken, and with the reason behind what cannot be done now; those
    /// that many share are said first, and a sign stands for them.
    private static func fitted(
      _ lines: [HelpLine], _ width: Int, _ state: AppState
    ) -> [HelpLine] {
      let reasons = lines.map { $0.binding?.whyNot(state) }
      let shared = shared(reasons.compactMap(\.self))
      let signs = shared.indices.map { String(repeating: "×", count: $0 + 1) }
      let notes = zip(signs, shared).flatMap { sign, reason in
        StyledText("\(sign) not now: \(reason)").wrapped(to: width - 2)
          .map { HelpLine.prose(.secondary($0.plain)) }
      }
      return notes
        + zip(lines, reasons).flatMap { line, reason -> [HelpLine] in
          guard case .key(let keys, let help, let binding) = line else { return [line] }
          let note =
            reason.map { reason in
              // The first half of a reason is enough here; the key itself tells all of it.
              shared.firstIndex(of: reason).map { " " + signs[$0] }
                ?? " · not now: \(reason.prefix { $0 != ":" && $0 != ";" })"
            } ?? ""
          let parts = StyledText(help + note).wrapped(to: max(8, width - 12)).map(\.plain)
          return [.key(keys, parts.first ?? help, binding)]
            + parts.dropFirst().map {
              .prose(.secondary(String(repeating: " ", count: 12) + $0))
            }
        }
    }

    /// The rows that show lines; what one looks at stays below them.
    var shown: Int { max(1, area.height - 3 - (about.isEmpty ? 0 : about.count + 1)) }
    var rows: Int { columns.map(\.count).max() ?? 0 }

    /// The nearest first row there is.
    func first(_ row: Int) -> Int { max(0, min(row, rows - shown)) }

    /// The first row that shows what is chosen, and a heading above it, moved as little as needed.
    func first(showing index: Int, from row: Int) -> Int {
      guard places.indices.contains(index) else { return 0 }
      let place = places[index]
      var top = place.row
      if top > 0, case .heading = columns[place.column][top - 1] { top -= 1 }
      return first(max(place.row - shown + 1, min(row, top)))
    }

    /// Whether the last thing to do is chosen and lines below it do not show yet.
    func isAtEnd(_ help: HelpState) -> Bool {
      help.selection.index >= places.count - 1 && first(help.first) + shown < rows
    }

    func binding(_ index: Int) -> Binding? {
      guard places.indices.contains(index) else { return nil }
      let place = places[index]
      return columns[place.column][place.row].binding
    }
  }

  static func draw(_ help: HelpState, _ state: AppState, on grid: inout CellGrid) {
    let layout = Layout(help, state)
    grid.fill(layout.area, background: .bar)
    defer { grid.mark(layout.area, .inside) }
    let chosen =
      layout.places.indices.contains(help.selection.index)
      ? layout.places[help.selection.index] : nil
    let scroll = ScrollPosition(
      first: layout.first(help.first), shown: layout.shown, total: layout.rows)
    let inside = grid.box(
      layout.area, title: "Help · \(state.screen.title)",
      detail: help.search.isEmpty
        ? .hint("/", "search") + .secondary(" · ") + .hint("Esc", "closes")
        : .accent("/") + .strong(help.line.shown(width: 24))
          + (layout.places.isEmpty
            ? .warning("  nothing has it") : .secondary("  \(layout.places.count)")),
      isFocused: true, scroll: scroll)
    let content = inside.inset(columns: 1, rows: 0).trimmed(top: 1)
    let spans = content.columns(layout.columns.map { _ in .share(1) }, gap: 2)
    for (column, lines) in layout.columns.enumerated() {
      for row in 0..<layout.shown where lines.indices.contains(row + scroll.first) {
        let line = Rect(spans[column].x, content.y + row, spans[column].width, 1)
        let isChosen = chosen.map { $0 == (column, row + scroll.first) } ?? false
        draw(lines[row + scroll.first], line, isChosen, on: &grid)
        let place = layout.places.firstIndex { $0 == (column, row + scroll.first) }
        if let place { grid.mark(line, .entry(place)) }
      }
    }
    if layout.places.isEmpty {
      grid.write(.secondary("nothing is called that here"), at: Point(content.x + 2, content.y))
    }
    SearchMarks.mark(help.search, in: inside, current: -1, on: &grid)
    guard !layout.about.isEmpty else { return }
    let y = inside.bottom - layout.about.count
    let panel = PanelGuide.entry(state.focusedPanel, of: state.screen)?.title
    grid.rule(
      .accent("What you are looking at") + .text(panel.map { ": \($0)" } ?? ""), in: inside,
      row: y - 1 - inside.y)
    for (row, line) in layout.about.enumerated() {
      grid.write(line, at: Point(content.x, y + row), width: content.width)
    }
  }

  private static func draw(
    _ line: HelpLine, _ area: Rect, _ isChosen: Bool, on grid: inout CellGrid
  ) {
    if isChosen { grid.highlight(area) }
    switch line {
    case .blank: break
    case .heading(let title): grid.write(.accent(title), at: area.origin, width: area.width)
    case .prose(let text): grid.write(text, at: area.origin, width: area.width)
    case .key(let keys, let help, _):
      grid.write(
        .strong(keys), at: area.origin, width: 10, alignment: .trailing)
      grid.write(
        StyledText(help, isChosen ? .text : .secondary), at: Point(area.x + 12, area.y),
        width: max(0, area.width - 12))
    }
  }

  static func press(_ stroke: KeyStroke, _ help: HelpState, _ state: inout AppState) -> [Effect] {
    var help = help
    let layout = Layout(help, state)
    switch stroke.key {
    case .enter:
      guard let binding = layout.binding(help.selection.index) else { return [] }
      state.overlay = nil
      return binding.run(&state)
    case .down where layout.isAtEnd(help), .pageDown where layout.isAtEnd(help):
      // Below the last key there is more to read.
      help.first = layout.first(help.first + (stroke.key == .down ? 1 : layout.shown - 1))
      state.overlay = .help(help)
      return []
    case .tab: help.selection = nextTopic(layout, help.selection)
    case .character("/") where help.search.isEmpty: help.isSearching = true
    case .character("j") where help.search.isEmpty && !help.isSearching,
      .character("k") where help.search.isEmpty && !help.isSearching,
      .up, .down, .pageUp, .pageDown:
      _ = help.selection.handle(stroke.key, count: layout.places.count, shown: layout.shown)
    case .left, .right: help.selection = otherColumn(layout, help.selection)
    default:
      let before = help.search
      guard help.line.press(stroke) else { return [] }
      if help.search != before { (help.selection, help.first) = (ListSelection(), 0) }
      state.overlay = .help(help)
      return []
    }
    help.first = layout.first(showing: help.selection.index, from: help.first)
    state.overlay = .help(help)
    return []
  }

  /// The thing to do in the other column that is nearest in height.
  private static func otherColumn(_ layout: Layout, _ selection: ListSelection) -> ListSelection {
    let places = layout.places
    guard places.indices.contains(selection.index) else { return selection }
    let here = places[selection.index]
    let others = places.indices.filter { places[$0].column != here.column }
    return others.min {
      abs(places[$0].row - here.row) < abs(places[$1].row - here.row)
    }.map { ListSelection(index: $0) } ?? selection
  }

  /// The first thing to do under the next heading, around to the first.
  private static func nextTopic(_ layout: Layout, _ selection: ListSelection) -> ListSelection {
    let places = layout.places
    guard places.indices.contains(selection.index) else { return ListSelection() }
    let next = places.indices.dropFirst(selection.index + 1).first { i in
      let (before, here) = (places[i - 1], places[i])
      guard before.column == here.column else { return true }
      return layout.columns[here.column][before.row..<here.row].contains {
        if case .heading = $0 { true } else { false }
      }
    }
    return ListSelection(index: next ?? 0)
  }
}
