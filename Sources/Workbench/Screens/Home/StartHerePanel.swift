import TerminalGraphics
import Training

/// What a newcomer sees first: ten digits and the one key that starts.
enum StartHerePanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let inside = grid.box(
      area, title: "Start here", detail: .secondary("one minute"), isFocused: isFocused
    ).inset(columns: state.isCompact ? 1 : 2, rows: 0)
    let isTall = inside.height >= 14
    var y = inside.y + (isTall ? 1 : 0)
    func line(_ text: StyledText, on grid: inout CellGrid) {
      grid.write(text.truncated(to: inside.width), at: Point(inside.x, y))
      y += 1
    }
    line(.strong("Watch a network learn to read handwritten digits."), on: &grid)
    if isTall { y += 1 }
    let digits = state.home.digits
    if inside.height >= 10, !digits.isEmpty {
      drawDigits(digits, at: Point(inside.x, y), width: inside.width, on: &grid)
      y += 4 + (isTall ? 1 : 0)
    }
    let said = [
      "It learns from \(NumberFormat.integer(state.home.digitCount)) pictures of 8 × 8 pixels.",
      "Stop it in the middle of a training step.",
      "Go one step back: every number is as it was.",
      "Open one number and see the sum it came from.",
    ]
    for (i, text) in said.enumerated() {
      line(.accent("\(i + 1)") + .text("  " + text), on: &grid)
    }
    if isTall { y += 1 }
    drawButton(state, inside, y, on: &grid)
  }

  private static func drawButton(
    _ state: AppState, _ inside: Rect, _ y: Int, on grid: inout CellGrid
  ) {
    let button: StyledText = " " + .accent("Enter") + "  start, about a minute "
    let width = grid.write(button, at: Point(inside.x, y), background: .selection)
    let rest: StyledText =
      state.isCompact
      ? .accent("Esc") + .secondary(" leaves at any time")
      : .secondary("nothing to know beforehand; ") + .accent("Esc")
        + .secondary(" leaves at any time")
    grid.write(rest, at: Point(inside.x + width + 4, y), width: inside.width - width - 4)
  }

  /// Pictures side by side: as many as fit, four rows high.
  private static func drawDigits(
    _ digits: [[Float]], at place: Point, width: Int, on grid: inout CellGrid
  ) {
    for (i, pixels) in digits.enumerated() {
      guard (i + 1) * 9 - 1 <= width else { return }
      let area = Rect(place.x + i * 9, place.y, 8, 4)
      Heatmap(values: pixels, rows: 8, columns: 8, scale: .ink(0, 16), largestZoom: 1)
        .draw(in: area, on: &grid)
    }
  }
}
