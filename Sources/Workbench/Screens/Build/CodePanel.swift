import TerminalGraphics

/// The network as Keras code, the chosen layer's line marked.
struct CodePanel {
  private let view: BuildView

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let lines = KerasSource.lines(of: view.blueprint.model)
    let shown = area.height - 2
    var scroll = ScrollPosition(
      first: min(view.state.build.firstCodeLine, max(0, lines.count - shown)), shown: shown,
      total: lines.count)
    if !isFocused, let chosen = lines.firstIndex(where: { $0.about == view.line }) {
      scroll = ListSelection(index: chosen).scroll(shown: shown, count: lines.count)
    }
    let detail: StyledText =
      area.width >= 56
      ? .secondary(view.state.workpiece.fileName + " · ") + .hint("y", "copy") + .secondary(" · ")
        + .hint("w", "save") : .hint("y", "copy")
    let inside = grid.box(
      area, title: "Keras code", detail: detail, isFocused: isFocused, scroll: scroll)
    let isNarrow = inside.width < 50
    for (row, line) in lines.dropFirst(scroll.first).prefix(inside.height).enumerated() {
      let rect = inside.row(row)
      if line.about == view.line { grid.highlight(rect) }
      // The modules go where there is no room: what is copied and saved has them.
      let text = isNarrow ? Self.shortened(line.text) : line.text
      let room = isNarrow ? rect : rect.trimmed(left: 1, right: 1)
      grid.write(PythonInk.styled(text), at: room.origin, width: room.width)
    }
  }

  private static func shortened(_ line: String) -> String {
    line.replacing("keras.optimizers.", with: "").replacing("keras.", with: "")
      .replacing("layers.", with: "").replacing("    ", with: " ")
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
      if first == "\"" {
        let inner = rest.dropFirst().prefix { $0 != "\"" }
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
    case "Sequential": .series(3)
    case "True", "False", "None": .series(1)
    default: word.first?.isUppercase == true ? .series(2) : .text
    }
  }
}
