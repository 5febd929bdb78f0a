import TerminalGraphics

/// What a search looks through in one panel: its lines, and how one goes to one of them.
package struct Searchable: Sendable {
  /// Everything the panel lists or says, also what has scrolled out of sight.
  package var lines: [String]
  /// Whether lines without a match are left out of sight while the search is on.
  package var isNarrowing: Bool
  /// The line one is at, where the panel knows one.
  package var chosen: Int?
  /// The row of the panel at which a line shows, counted from its upper border; nil where the
  /// chosen line has a background that tells.
  package var row: @Sendable (Int) -> Int?
  /// Shows a line, and chooses it where lines can be chosen.
  package var go: @Sendable (Int, inout AppState) -> [Effect]

  package init(
    _ lines: [String], isNarrowing: Bool = false, chosen: Int? = nil,
    row: @escaping @Sendable (Int) -> Int? = { _ in nil },
    go: @escaping @Sendable (Int, inout AppState) -> [Effect]
  ) {
    self.lines = lines
    self.isNarrowing = isNarrowing
    self.chosen = chosen
    self.row = row
    self.go = go
  }

  /// What stands in a panel as it is drawn; nil where there is not one word, as in a picture.
  init?(drawnIn area: Rect, on grid: CellGrid) {
    let inside = area.inset()
    let lines = (0..<inside.height).map { grid.text(in: inside.row($0)) }
    guard lines.contains(where: Self.hasWord) else { return nil }
    self.init(lines, row: { $0 + 1 }, go: { _, _ in [] })
  }

  private static func hasWord(_ line: String) -> Bool {
    line.split { !$0.isLetter }.contains { $0.count >= 3 }
  }

  /// The lines that have a text, whatever the case of its letters; all for an empty one.
  func matches(_ text: String) -> [Int] {
    guard !text.isEmpty else { return [] }
    let wanted = text.lowercased()
    return lines.indices.filter { lines[$0].lowercased().contains(wanted) }
  }
}

extension CellGrid {
  /// The characters of a row of cells.
  fileprivate func text(in row: Rect) -> String {
    var text = String.UnicodeScalarView()
    for x in row.x..<row.right {
      guard let cell = self[Point(x, row.y)], cell.scalar != Cell.continuation else { continue }
      text.append(cell.scalar)
    }
    return String(text)
  }
}

/// A search in one panel: what is looked for, and where one is.
package struct PanelSearch: Sendable {
  package let screen: ScreenName
  package let panel: String
  package var line = LineEditor()
  /// Whether keys go to the text; Enter ends that and keeps the search.
  package var isTyping = true
  /// The line of the panel one went to.
  package var current: Int?
  /// Where one was before, to come back to when nothing was kept.
  let origin: Int?

  package var text: String { line.text }
}

// MARK: - Searching

extension AppState {
  /// The search of the panel that has the focus, nil when none is on there.
  package var searchHere: PanelSearch? {
    guard let search, search.screen == screen, search.panel == focusedPanel else { return nil }
    return search
  }

  /// What a list is narrowed to by a search in it; empty for all of it.
  func narrowing(_ screen: ScreenName, _ panel: String) -> String {
    guard let search, search.screen == screen, search.panel == panel else { return "" }
    return search.text
  }

  /// The lines of a list of so many that show while a search is on in it.
  func narrowed(
    _ count: Int, _ screen: ScreenName, _ panel: String, lines: @autoclosure () -> [String]
  ) -> [Int] {
    let text = narrowing(screen, panel).lowercased()
    guard !text.isEmpty else { return Array(0..<count) }
    let lines = lines()
    return lines.indices.filter { lines[$0].lowercased().contains(text) }
  }

  /// What there is to look through in the focused panel; nil when there is nothing.
  func searchable() -> Searchable? {
    let panel = focusedPanel
    if let own = current.searchable(panel, self) { return own.lines.isEmpty ? nil : own }
    guard let place = panels.first(where: { $0.id == panel }), !place.area.isEmpty else {
      return nil
    }
    var grid = CellGrid(size: size, ability: ability)
    current.draw(self, [place], on: &grid)
    return Searchable(drawnIn: place.area, on: grid)
  }

  /// Refuses where the focused panel shows no words, which only drawing it tells.
  mutating func beginSearch() -> [Effect] {
    guard let target = searchable() else {
      // What is typed now is a search: none of its letters is to do anything else.
      overlay = .palette(PaletteState())
      say("nothing to search here: this panel shows no words; these are the commands", .warning)
      return []
    }
    // A message would stand over the border that the text is typed into.
    messages.hide()
    search = PanelSearch(screen: screen, panel: focusedPanel, origin: target.chosen)
    return []
  }

  mutating func endSearch() -> [Effect] {
    search = nil
    return []
  }

  /// Takes a key while a search is typed.
  mutating func typeSearch(_ stroke: KeyStroke) -> [Effect] {
    guard var open = search else { return [] }
    switch stroke.key {
    case .escape: return leaveSearch(open)
    case .character("c") where stroke.modifiers.contains(.control): return leaveSearch(open)
    case .enter: return keepSearch(open)
    case .down, .tab: return moveSearch(by: 1)
    case .up: return moveSearch(by: -1)
    default:
      let before = open.text
      guard open.line.press(stroke) else { return [] }
      search = open
      return open.text == before ? [] : follow()
    }
  }

  mutating func pasteIntoSearch(_ text: String) -> [Effect] {
    search?.line.insert(String(text.prefix { !$0.isNewline }))
    return follow()
  }

  /// Goes back to where the search began.
  private mutating func leaveSearch(_ open: PanelSearch) -> [Effect] {
    let target = searchable()
    search = nil
    guard let origin = open.origin, open.current != nil, let target else { return [] }
    return target.go(origin, &self)
  }

  private mutating func keepSearch(_ open: PanelSearch) -> [Effect] {
    guard !open.text.isEmpty else { return endSearch() }
    guard let target = searchable(), !target.matches(open.text).isEmpty else {
      say("nothing here has “\(open.text)”", .warning)
      return []
    }
    search?.isTyping = false
    return []
  }

  /// Goes to the first match from where the search began, as the text changes.
  private mutating func follow() -> [Effect] {
    guard let open = search, let target = searchable() else { return [] }
    let matches = target.matches(open.text)
    let near = matches.first { target.isNarrowing ? $0 == open.origin : $0 >= open.origin ?? 0 }
    guard let first = near ?? matches.first else {
      search?.current = nil
      return []
    }
    search?.current = first
    return target.go(first, &self)
  }

  /// Goes to the next or the previous match, around the ends.
  mutating func moveSearch(by places: Int) -> [Effect] {
    guard let open = search, let target = searchable() else { return [] }
    let matches = target.matches(open.text)
    guard !matches.isEmpty else {
      if !open.text.isEmpty { say("nothing here has “\(open.text)”", .warning) }
      return []
    }
    let here = target.chosen ?? open.current ?? 0
    let next =
      places > 0 ? matches.first { $0 > here } : matches.last { $0 < here }
    if next == nil, matches.count > 1 {
      say(places > 0 ? "on from the first one" : "on from the last one")
    }
    guard let line = next ?? (places > 0 ? matches.first : matches.last) else { return [] }
    search?.current = line
    return target.go(line, &self)
  }

  /// What can be done while a search is on in the focused panel.
  var searchBindings: [Binding] {
    guard let open = searchHere, !open.isTyping else { return [] }
    return [
      Binding(
        [KeyStroke("n")], "next match", hint: "N match",
        help: "the next place that has “\(open.text)”", perform: { $0.moveSearch(by: 1) }),
      Binding(
        [KeyStroke("N")], "previous match", help: "the place before that has “\(open.text)”",
        perform: { $0.moveSearch(by: -1) }),
      Binding(
        [KeyStroke(.escape)], "end search", hint: "end search",
        help: "end the search for “\(open.text)”", perform: { $0.endSearch() }),
    ]
  }
}

extension ListSelection {
  /// Follows the keys of a list of which only some lines show.
  mutating func handle(_ key: Key, among visible: [Int], count: Int, shown: Int) -> Bool {
    guard visible.count < count else { return handle(key, count: count, shown: shown) }
    var part = within(visible)
    guard part.handle(key, count: visible.count, shown: shown) else { return false }
    if visible.indices.contains(part.index) { select(visible[part.index], count: count) }
    return true
  }

  /// The same selection in a list of which only some lines show.
  func within(_ visible: [Int]) -> ListSelection {
    guard let place = visible.firstIndex(of: index), place != index else { return self }
    return ListSelection(index: place)
  }
}
