import TerminalGraphics
import Training

extension AppState {
  /// The frame: top line, screen, hint bar, and what lies over them.
  package func frame() -> CellGrid {
    var grid = CellGrid(size: size, ability: ability)
    guard !isTooSmall else {
      TooSmall.draw(self, on: &grid)
      return grid
    }
    TopLine.draw(self, on: &grid)
    current.draw(self, panels, on: &grid)
    SearchMarks.draw(self, on: &grid)
    FileList.draw(self, on: &grid)
    HintBar.draw(self, on: &grid)
    TourPanel.draw(self, on: &grid)
    if let overlay {
      grid.dim(body)
      overlay.draw(self, on: &grid)
    }
    if let message, message.until > now {
      message.toast.draw(in: body, on: &grid)
    }
    return grid
  }
}

/// The line on top: where one is, and how it is going.
enum TopLine {
  private static func labels(_ state: AppState) -> [(name: ScreenName, x: Int, text: String)] {
    var x = state.isCompact ? 1 : 14
    if state.isCompact { x = 2 }
    return ScreenName.allCases.map { name in
      let text = " \(name.digit) \(name.title) "
      defer { x += text.count + (state.isCompact ? -1 : 0) }
      return (name, x, text)
    }
  }

  static func draw(_ state: AppState, on grid: inout CellGrid) {
    let line = Rect(0, 0, state.size.width, 1)
    grid.fill(line, background: .bar)
    grid.write(
      state.isCompact ? .accent("◆") : .accent("◆ Backstep"),
      at: Point(state.isCompact ? 0 : 1, 0))
    for (name, x, text) in labels(state) {
      let isHere = name == state.screen
      grid.write(
        StyledText(" \(name.digit) ", .secondary)
          + StyledText("\(name.title) ", .text, isHere ? .bold : []),
        at: Point(x, 0), background: isHere ? .selection : .bar)
      if isHere && !state.ability.hasBackgrounds {
        grid.put("[", at: Point(x, 0), ink: .accent)
        grid.put("]", at: Point(x + text.count - 1, 0), ink: .accent)
      }
    }
    let status = state.current.status(state, isCompact: state.isCompact)
    let end = (labels(state).last.map { $0.x + $0.text.count } ?? 0) + 1
    let room = Rect(end, 0, max(0, state.size.width - end - 1), 1)
    grid.writeTrailing(status.truncated(to: room.width), in: room, background: .bar)
  }

  /// The screen whose label lies at a column.
  static func screen(at x: Int, _ state: AppState) -> ScreenName? {
    labels(state).first { x >= $0.x && x < $0.x + $0.text.count }?.name
  }
}

/// The line at the bottom: what can be pressed now, as much as fits, never wrapped.
enum HintBar {
  private static func layout(_ state: AppState) -> [(x: Int, text: StyledText, binding: Binding)] {
    let right = rightHints(state)
    let room = state.size.width - 2 - right.width
    var x = 1
    var shown: [(x: Int, text: StyledText, binding: Binding)] = []
    let gap = state.isCompact ? 1 : 2
    for binding in state.screenBindings where !binding.hint.isEmpty {
      let text = text(of: binding)
      guard x + text.width <= room else { break }
      shown.append((x, text, binding))
      x += text.width + gap
    }
    return shown
  }

  /// A hint that begins with one character names the other key of a pair: `>` with `< phase`.
  private static func text(of binding: Binding) -> StyledText {
    let words = binding.hint.split(separator: " ", maxSplits: 1)
    guard words.count == 2, words[0].count == 1 else {
      return .hint(binding.label, binding.hint)
    }
    return .accent(binding.label + " ") + .hint(String(words[0]), String(words[1]))
  }

  private static func rightHints(_ state: AppState) -> StyledText {
    state.isCompact
      ? .hint("?", "help") + " " + .hint(":", "cmd") + " " + .hint("q", "quit")
      : .hint("?", "help") + "  " + .hint(":", "commands") + "  " + .hint("q", "quit")
  }

  static func draw(_ state: AppState, on grid: inout CellGrid) {
    let y = state.size.height - 1
    let line = Rect(0, y, state.size.width, 1)
    grid.fill(line, background: .bar)
    if let field = state.field {
      drawField(field, state, line, on: &grid)
      return
    }
    if let search = state.searchHere, search.isTyping, state.overlay == nil {
      let hints: [StyledText] = [
        .hint("Enter", "keep it"), .hint("↑↓", "previous, next"), .hint("Esc", "end it"),
      ]
      grid.write(.joined(hints), at: Point(1, y), background: .bar)
      return
    }
    if let overlay = state.overlay {
      grid.write(
        overlay.hints, at: Point(1, y), width: max(0, state.size.width - 13), background: .bar)
      grid.writeTrailing(
        .hint("Esc", "close"), in: Rect(0, y, state.size.width - 1, 1), background: .bar)
      return
    }
    if state.tour != nil {
      grid.write(TourPanel.hints, at: Point(1, y), background: .bar)
      return
    }
    if state.isEditingCode {
      grid.write(CodeKeys.hints, at: Point(1, y), width: state.size.width - 2, background: .bar)
      return
    }
    for (x, text, binding) in layout(state) {
      let isOpen = binding.whyNot(state) == nil
      grid.write(isOpen ? text : text.inked(.faint), at: Point(x, y), background: .bar)
    }
    grid.writeTrailing(
      rightHints(state), in: Rect(0, y, state.size.width - 1, 1), background: .bar)
  }

  /// What is typed, around the cursor, and what the keys do in it.
  private static func drawField(
    _ field: TextField, _ state: AppState, _ line: Rect, on grid: inout CellGrid
  ) {
    var hints: [StyledText] = [.hint("Enter", "takes it"), .hint("Esc", "leaves it")]
    if field.endings != nil { hints.insert(.hint("Tab", "completes"), at: 0) }
    if let offer = state.fieldOffer, offer.count < state.size.width / 4 {
      hints.insert(.hint("↑", "“\(offer)”"), at: 0)
    }
    let label = StyledText.secondary("\(field.label): ")
    while hints.count > 1, label.width + 20 + StyledText.joined(hints).width > line.width {
      hints.removeFirst()
    }
    let right = StyledText.joined(hints)
    let shown = field.line.shown(width: max(8, line.width - right.width - label.width - 4))
    grid.write(label + .strong(shown), at: Point(1, line.y), background: .bar)
    grid.writeTrailing(right, in: line.trimmed(right: 1), background: .bar)
  }

  static func binding(at x: Int, _ state: AppState) -> Binding? {
    layout(state).first { x >= $0.x && x < $0.x + $0.text.width }?.binding
  }
}

/// What a window below 60 × 16 shows.
enum TooSmall {
  static func draw(_ state: AppState, on grid: inout CellGrid) {
    let lines: [StyledText] = [
      .strong("This window is too small."),
      .text("width   \(state.size.width), needs 60"),
      .text("height  \(state.size.height), needs 16"),
      state.lab.activity == .training
        ? .good("● training goes on: step \(state.lab.position.step)") : StyledText(),
    ]
    for (i, line) in lines.enumerated() {
      grid.write(line.truncated(to: max(0, state.size.width - 2)), at: Point(1, i))
    }
  }
}
