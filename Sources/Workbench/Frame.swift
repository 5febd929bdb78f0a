import TerminalGraphics
import Training

extension AppState {
  /// The frame: top line, screen, hint bar, and what lies over them.
  package func frame() -> CellGrid { frame(over: ground()) }

  /// The top line, the screen and the hint bar.
  func ground() -> CellGrid {
    var grid = CellGrid(size: size, ability: ability)
    guard !isTooSmall else {
      TooSmall.draw(self, on: &grid)
      return grid
    }
    TopLine.draw(self, on: &grid)
    let panels = panels
    let focused = focusedPanel(of: panels)
    grid.cursorArea = panels.first { $0.id == focused }?.area
    current.draw(withoutHidden, panels, on: &grid)
    drawHidden(panels, on: &grid)
    drawLight(panels, on: &grid)
    SearchMarks.draw(self, on: &grid)
    FileList.draw(self, on: &grid)
    HintBar.draw(self, on: &grid)
    TourPanel.draw(self, on: &grid)
    return grid
  }

  /// What the screen showed last, between the lines above and below it as they are now.
  func ground(_ last: CellGrid) -> CellGrid {
    var grid = last
    TopLine.draw(self, on: &grid)
    HintBar.draw(self, on: &grid)
    return grid
  }

  /// What lies over the ground, drawn on it.
  func frame(over ground: CellGrid) -> CellGrid {
    guard !isTooSmall else { return ground }
    var grid = ground
    if let overlay {
      grid.dim(body)
      grid.forgetCursor()
      overlay.draw(self, on: &grid)
    }
    drawMessage(on: &grid)
    return grid
  }

  /// The ground `last` with some of its panels as they are now, and all else as it was.
  func ground(_ last: CellGrid, redrawing panels: [Panel], focused: String) -> CellGrid {
    var grid = last
    for panel in panels {
      grid.fill(panel.area)
      guard panel.id == focused else { continue }
      grid.forgetCursor()
      grid.cursorArea = panel.area
    }
    current.draw(self, panels, on: &grid)
    return grid
  }

  /// A panel alone: whole, where the window has no room for all of it, and without the marks of focus
  /// and choice.
  func picture(of panel: Panel) -> CellGrid {
    var shown = self
    let whole = current.wholeSize(of: panel.id, self) ?? Size(0, 0)
    let area = Rect(
      panel.area.x, panel.area.y, max(panel.area.width, whole.width),
      max(panel.area.height, whole.height))
    shown.size = Size(max(size.width, area.right), max(size.height, area.bottom + 1))
    shown.marksFocus = false
    let panels = [Panel(panel.id, area)]
    var grid = CellGrid(size: shown.size, ability: ability)
    current.draw(shown.withoutHidden, panels, on: &grid)
    shown.drawHidden(panels, on: &grid)
    return grid.cropped(to: area)
  }

  /// Where the hardware cursor belongs, for those who follow it with a magnifier or by ear.
  package var cursor: Point? { frame().cursor }

  /// The message stands above the hint bar, or higher: above the row where one types, above files.
  private func drawMessage(on grid: inout CellGrid) {
    guard let message else { return }
    let taken = max(FileList.height(self), grid.cursor?.y == body.bottom - 1 ? 1 : 0)
    message.toast.draw(
      in: overlay == nil ? roomBesideTask ?? body.trimmed(bottom: taken) : body, on: &grid)
  }
}

/// The line on top: where one is, and how it is going.
enum TopLine {
  private static func labels(_ state: AppState) -> [(name: ScreenName, x: Int, text: String)] {
    var x = state.isCompact ? (hasMark(state) ? 2 : 0) : 14
    let names = ScreenName.allCases
    return names.enumerated().map { place, name in
      // In the smallest windows only the chosen place has a blank within.
      let isTight = !hasMark(state) && name != state.screen
      let text = " \(name.digit)\(isTight ? "" : " ")\(name.title) "
      // In a small window neighbors share a blank; the marks around the chosen one need their own.
      let next = names.indices.contains(place + 1) ? names[place + 1] : nil
      let isShared = state.isCompact && name != state.screen && next != state.screen
      defer { x += text.count - (isShared ? 1 : 0) }
      return (name, x, text)
    }
  }

  /// In the smallest windows how it is going needs the room of the mark.
  private static func hasMark(_ state: AppState) -> Bool { state.size.width >= 70 }

  /// Where it says how it is going, after the names of the screens.
  static func room(_ state: AppState) -> Rect { room(state, after: labels(state)) }

  private static func room(
    _ state: AppState, after labels: [(name: ScreenName, x: Int, text: String)]
  ) -> Rect {
    // The last name ends in a blank of its own.
    let end = (labels.last.map { $0.x + $0.text.count } ?? 0) + (hasMark(state) ? 1 : 0)
    return Rect(end, 0, max(0, state.size.width - end - 1), 1)
  }

  static func draw(_ state: AppState, on grid: inout CellGrid) {
    let line = Rect(0, 0, state.size.width, 1)
    grid.fill(line, background: .bar)
    if hasMark(state) {
      grid.write(
        state.isCompact ? .accent("◆") : .accent("◆ Backstep"),
        at: Point(state.isCompact ? 0 : 1, 0))
    }
    let labels = labels(state)
    for (name, x, text) in labels {
      let isHere = name == state.screen
      let label =
        StyledText(String(text.prefix(text.count - name.title.count - 1)), .secondary)
        + StyledText("\(name.title) ", .text, isHere ? .bold : [])
      grid.write(
        label.pressing(KeyStroke(name.digit)), at: Point(x, 0),
        background: isHere ? .selection : .bar)
      if isHere && !state.ability.hasBackgrounds {
        grid.put("[", at: Point(x, 0), ink: .accent)
        grid.put("]", at: Point(x + text.count - 1, 0), ink: .accent)
      }
    }
    let room = room(state, after: labels)
    let status = state.current.status(state, isCompact: state.isCompact)
    // Rather short words than cut ones.
    let fitting =
      status.width <= room.width ? status : state.current.status(state, isCompact: true)
    grid.writeTrailing(fitting.truncated(to: room.width), in: room, background: .bar)
  }
}

/// What a window below 60 × 16 shows.
enum TooSmall {
  static func draw(_ state: AppState, on grid: inout CellGrid) {
    func line(_ name: String, _ now: Int, needs least: Int) -> StyledText {
      let start = StyledText.text(
        "\(name)\(NumberFormat.padded(String(now), to: 4)), needs \(least) ")
      return start + (now < least ? .bad("× too small") : .good("● enough"))
    }
    let lines: [StyledText] = [
      .strong("This window is too small."),
      line("width  ", state.size.width, needs: 60),
      line("height ", state.size.height, needs: 16),
      state.size.width < 50
        ? .secondary("Make it larger; ") + .hint("q", "quits.")
        : .secondary("Make it larger, or the letters smaller; ") + .hint("q", "quits."),
      state.lab.activity == .training
        ? .good("● training goes on: step \(NumberFormat.integer(state.lab.position.step))")
        : StyledText(),
    ]
    for (i, line) in lines.enumerated() {
      grid.write(line.truncated(to: max(0, state.size.width - 2)), at: Point(1, i))
    }
  }
}
