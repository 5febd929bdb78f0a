import TerminalGraphics

/// What the help screen remembers: its search and where it is.
package struct HelpState: Sendable {
  var line = LineEditor()
  /// Whether `/` was pressed, so that every letter is searched for.
  var isSearching = false
  package var selection = ListSelection()
  /// The first row shown.
  var first = 0
  package init() {}

  package var search: String { line.text }
}

/// What the command palette remembers.
package struct PaletteState: Sendable {
  package var line = LineEditor()
  package var selection = ListSelection()
  /// Which earlier command shows, 0 the latest; nil while one types.
  var past: Int?
  /// The files whose names begin as the path does, once they are known.
  var files = FileChoice()
  package init() {}

  /// The path that `load` or `open` is being given; nil where none is.
  var path: String? {
    ["load ", "open "].first { text.hasPrefix($0) }.map { String(text.dropFirst($0.count)) }
  }

  /// With a beginning that one goes on from.
  init(typed text: String) { line = LineEditor(text) }

  package var text: String {
    get { line.text }
    set { line = LineEditor(newValue) }
  }
}

extension Overlay {
  /// What can be pressed while it is open.
  var hints: StyledText {
    switch self {
    case .help:
      .joined([
        .hint("↑↓", "move"), .hint("Tab", "next topic"), .hint("Enter", "do it"),
        .hint("/", "search"),
      ])
    case .palette:
      .joined([
        .hint("Enter", "do it"), .hint("Tab", "complete"), .hint("↑↓", "choose"),
        .secondary("↑ at the top: what you did before"),
      ])
    case .menu:
      .joined([.hint("Enter", "choose"), .hint("↑↓", "move"), .secondary("type to narrow")])
    case .templates:
      .joined([
        .hint("Enter", "choose"), .hint("Tab", "with its data"), .hint(">", "write the program"),
        .hint("↑↓", "move"), .secondary("type to narrow"),
      ])
    case .reader(let reader): reader.hints
    case .question(let question): question.hints
    }
  }

  func draw(_ state: AppState, on grid: inout CellGrid) {
    switch self {
    case .help(let help): HelpOverlay.draw(help, state, on: &grid)
    case .palette(let palette): PaletteOverlay.draw(palette, state, on: &grid)
    case .menu(let menu): MenuOverlay.draw(menu, state, on: &grid)
    case .templates(let templates): TemplatesOverlay.draw(templates, state, on: &grid)
    case .reader(let reader): ReaderOverlay.draw(reader, state, on: &grid)
    case .question(let question): QuestionOverlay.draw(question, state, on: &grid)
    }
  }
}

extension AppState {
  mutating func pressOverlay(_ stroke: KeyStroke) -> [Effect] {
    if stroke.key == .escape, case .reader(var reader)? = overlay, reader.search != nil {
      (reader.search, reader.isTyping) = (nil, false)
      overlay = .reader(reader)
      return []
    }
    if case .question(let question)? = overlay {
      return QuestionOverlay.press(stroke, question, &self)
    }
    if stroke.key == .escape || stroke == .control("c") {
      overlay = nil
      return []
    }
    switch overlay {
    case .help(let help): return HelpOverlay.press(stroke, help, &self)
    case .palette(let palette): return PaletteOverlay.press(stroke, palette, &self)
    case .menu(let menu): return MenuOverlay.press(stroke, menu, &self)
    case .templates(let templates): return TemplatesOverlay.press(stroke, templates, &self)
    case .reader(let reader): return ReaderOverlay.press(stroke, reader, &self)
    case .question(let question): return QuestionOverlay.press(stroke, question, &self)
    case nil: return []
    }
  }
}
