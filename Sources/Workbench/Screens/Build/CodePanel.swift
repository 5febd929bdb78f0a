import NeuralNets
import TerminalGraphics

/// The network as Keras code, the chosen layer's line marked; the same while it is edited.
struct CodePanel {
  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    if view.state.isEditingCode, let draft = view.state.build.draft {
      return CodeEditorView(draft).draw(in: area, on: &grid)
    }
    let lines = KerasSource.lines(of: view.state.workpiece)
    let notes = notes
    let shown = max(1, area.height - 2 - (notes.isEmpty || area.height < 8 ? 0 : notes.count))
    let scroll = Self.scroll(lines, view.line, shown: shown)
    let inside = grid.box(
      area, title: "Keras code", detail: detail(area.width), isFocused: isFocused, scroll: scroll)
    let isNarrow =
      inside.width < 50 || lines.contains { TextWidth.columns($0.text) > inside.width - 2 }
    for (row, line) in lines.dropFirst(scroll.first).prefix(shown).enumerated() {
      let rect = inside.row(row)
      if line.about == view.line { grid.highlight(rect) }
      if line.about == view.line, !grid.ability.hasBackgrounds {
        grid.put("▶", at: rect.origin, ink: .accent)
      }
      // The modules go where there is no room: what is copied and saved has them.
      let text = isNarrow ? Self.shortened(line.text) : line.text
      let room = rect.trimmed(left: 1, right: isNarrow ? 0 : 1)
      grid.write(PythonInk.styled(text), at: room.origin, width: room.width)
    }
    guard area.height >= 8 else { return }
    for (i, note) in notes.enumerated() {
      let row = inside.row(-notes.count + i)
      grid.write(note, at: Point(row.x + 1, row.y), width: row.width - 1)
    }
  }

  private func detail(_ width: Int) -> StyledText {
    let keys: StyledText = .hint("E", "edit") + .secondary(" · ") + .hint("y", "copy")
    guard width >= 56 else { return keys }
    let path = view.state.workpiece.fileName
    let file = path.split(separator: "/").last.map(String.init) ?? path
    let saving = keys + .secondary(" · ") + .hint("w", "save")
    let full = StyledText.secondary(file + " · ") + saving
    return full.width + 21 <= width ? full : saving
  }

  /// What is wrong with the network, or that a text is kept.
  private var notes: [StyledText] {
    if let draft = view.state.build.draft, !draft.isOpen {
      return [.warning("a changed text waits: ") + .hint("E", "goes on with it")]
    }
    guard let failure = view.blueprint.failure else { return [] }
    let lines = KerasSource.lines(of: view.state.workpiece)
    let place = lines.firstIndex { $0.about == view.blueprint.failingLine }
    let line = place.map { "line \($0 + 1): " } ?? ""
    return [.bad(line) + .text(failure.name) + .secondary(" \(failure.problem)")]
  }

  private static func scroll(
    _ lines: [KerasSource.Line], _ chosen: Int, shown: Int
  ) -> ScrollPosition {
    // The line of the call, where a shared layer is made elsewhere.
    let place =
      lines.lastIndex { $0.about == chosen }
      // Of a whole program the lines that make the network.
      ?? lines.lastIndex { $0.text.contains("Model(") || $0.text.contains("Sequential(") } ?? 0
    return ListSelection(index: place).scroll(shown: shown, count: lines.count)
  }

  static func shortened(_ line: String) -> String {
    line.replacing("keras.optimizers.", with: "").replacing("keras.", with: "")
      .replacing("layers.", with: "").replacing("    ", with: " ")
  }

  /// A click chooses the layer of a line; in the editor it places the cursor.
  static func click(_ point: Point, in area: Rect, _ state: inout AppState) -> [Effect] {
    if state.isEditingCode, var draft = state.build.draft {
      let editor = CodeEditorView(draft)
      if editor.button(in: area).contains(point) { return state.applyCode() }
      if let (row, column) = editor.place(of: point, in: area) {
        draft.place(row: row, column: column)
        state.build.draft = draft
      }
      return []
    }
    let view = BuildView(state)
    let lines = KerasSource.lines(of: view.state.workpiece)
    let notes = CodePanel(view).notes
    let shown = max(1, area.height - 2 - (notes.isEmpty || area.height < 8 ? 0 : notes.count))
    let row = point.y - area.y - 1
    let place = row + scroll(lines, view.line, shown: shown).first
    guard row >= 0, row < shown, lines.indices.contains(place), let about = lines[place].about
    else { return [] }
    state.choose(line: about)
    return []
  }
}

/// The code while it is edited: line numbers, the cursor, what is wrong, the button that applies.
struct CodeEditorView {
  private let draft: CodeDraft

  init(_ draft: CodeDraft) { self.draft = draft }

  private func numberWidth(_ area: Rect) -> Int { area.width >= 44 ? 4 : 0 }

  /// Rows below the text: the problem when there is one, then the button.
  private func problemRows(_ area: Rect) -> [StyledText] {
    guard let problem = draft.problem else { return [] }
    let place = problem.line.map { "line \($0 + 1), column \(problem.column + 1): " } ?? ""
    let width = max(8, area.width - 4)
    var rows = (StyledText.bad("× \(place)") + .text(problem.message)).wrapped(to: width)
    if let remedy = problem.remedy {
      rows += (StyledText.good("→ ") + .text(remedy)).wrapped(to: width)
    }
    return Array(rows.prefix(max(1, min(4, area.height - 6))))
  }

  private func textArea(_ area: Rect) -> Rect {
    let inside = area.inset()
    return inside.trimmed(
      left: numberWidth(area), bottom: 1 + problemRows(area).count)
  }

  private func scroll(_ area: Rect) -> (row: Int, column: Int) {
    let room = textArea(area)
    // The line of a mistake keeps a row for its caret.
    let shown = max(1, room.height - (draft.problem?.line == nil ? 0 : 1))
    let row = ListSelection(index: draft.row).scroll(shown: shown, count: draft.lines.count).first
    return (row, max(0, draft.column - max(1, room.width - 2)))
  }

  func button(in area: Rect) -> Rect {
    let row = area.inset().row(-1)
    return Rect(row.x + 1, row.y, 11, 1)
  }

  func place(of point: Point, in area: Rect) -> (row: Int, column: Int)? {
    let room = textArea(area)
    guard point.y >= room.y, point.y < room.bottom else { return nil }
    let (first, left) = scroll(area)
    var row = first + point.y - room.y
    if let line = draft.problem?.line, row > line { row -= 1 }
    return (row, max(0, point.x - room.x + left))
  }

  func draw(in area: Rect, on grid: inout CellGrid) {
    let (first, left) = scroll(area)
    let room = textArea(area)
    grid.box(
      area, title: "Keras code",
      detail: .warning(draft.isChanged ? "edited, not applied" : "editing"),
      isFocused: true,
      scroll: ScrollPosition(first: first, shown: room.height, total: draft.lines.count))
    var y = room.y
    for (i, line) in draft.lines.enumerated().dropFirst(first) {
      guard y < room.bottom else { break }
      draw(line, i, y, left: left, in: room, area, on: &grid)
      y += 1
      if let problem = draft.problem, problem.line == i, y < room.bottom {
        let caret = "^" + String(repeating: "~", count: max(0, min(problem.width, 60) - 1))
        let x = room.x + problem.column - left
        if x >= room.x { grid.write(.bad(caret), at: Point(x, y), width: room.right - x) }
        y += 1
      }
    }
    let inside = area.inset()
    let rows = problemRows(area)
    for (i, row) in rows.enumerated() {
      grid.write(row, at: Point(inside.x + 1, inside.bottom - 1 - rows.count + i))
    }
    drawButton(in: area, on: &grid)
  }

  private func draw(
    _ line: String, _ i: Int, _ y: Int, left: Int, in room: Rect, _ area: Rect,
    on grid: inout CellGrid
  ) {
    if numberWidth(area) > 0 {
      let ink: Ink = draft.problem?.line == i ? .bad : .faint
      grid.write(
        StyledText("\(i + 1)", ink), at: Point(room.x - 4, y), width: 3, alignment: .trailing)
    }
    let isHere = i == draft.row && !draft.isOnButton
    if isHere { grid.highlight(Rect(room.x, y, room.width, 1), background: .bar) }
    let visible = String(line.dropFirst(left))
    grid.write(PythonInk.styled(visible), at: Point(room.x, y), width: room.width)
    guard isHere else { return }
    let x = room.x + draft.column - left
    let under = draft.column < line.count ? Array(line)[draft.column] : " "
    grid.put(
      under.unicodeScalars.first ?? " ", at: Point(x, y), ink: .accent,
      attributes: [.reverse, .bold])
  }

  private func drawButton(in area: Rect, on grid: inout CellGrid) {
    let button = button(in: area)
    let text: StyledText =
      draft.isOnButton ? .accent("▶[ apply ]") : .secondary(" [ apply ]")
    if draft.isOnButton { grid.highlight(button) }
    grid.write(text, at: button.origin)
    let words: StyledText =
      area.width >= 56
      ? .hint("^S", "or Enter here") + "  " + .hint("Esc", "keeps the text")
      : .hint("^S", "applies") + " " + .hint("Esc", "leaves")
    grid.write(
      words, at: Point(button.right + 2, button.y), width: max(0, area.right - button.right - 3))
  }
}

/// Colors of Python code: classes, texts and numbers.
enum PythonInk {
  static func styled(_ line: String) -> StyledText {
    var result = StyledText()
    var rest = Substring(line)
    while let first = rest.first {
      let token: Substring
      let ink: Ink
      if first == "#" {
        token = rest
        ink = .secondary
      } else if first == "\"" || first == "'" {
        let inner = rest.dropFirst().prefix { $0 != first }
        token = rest[..<inner.endIndex] + rest[inner.endIndex...].prefix(1)
        ink = .series(1)
      } else if first.isLetter || first == "_" {
        token = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
        ink = Self.ink(ofWord: token)
      } else if first.isNumber {
        token = rest.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" }
        ink = .series(0)
      } else {
        token = rest.prefix(1)
        ink = .text
      }
      result += StyledText(String(token), ink)
      rest = rest.dropFirst(token.count)
    }
    return result
  }

  private static func ink(ofWord word: Substring) -> Ink {
    switch word {
    case "model": .series(0)
    case "Sequential", "Model", "import", "from", "for", "in", "def", "return": .series(3)
    case "True", "False", "None": .series(1)
    default: word.first?.isUppercase == true ? .series(2) : .text
    }
  }
}
