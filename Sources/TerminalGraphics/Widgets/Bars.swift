/// How far something has come: `━━━━────`.
package struct ProgressBar: Sendable {
  /// From 0 to 1; anything else is taken as the nearest of these.
  package var fraction: Double
  package var ink: Ink

  package init(_ fraction: Double, ink: Ink = .good) {
    self.fraction = fraction.isNaN ? 0 : min(1, max(0, fraction))
    self.ink = ink
  }

  /// The bar as text, for a column of a table.
  package func styled(width: Int) -> StyledText {
    let width = max(0, width)
    // Neither begun nor done looks like it before it is.
    var done = Int((fraction * Double(width)).rounded())
    if fraction < 1 { done = min(done, width - 1) }
    if fraction > 0 { done = max(done, 1) }
    done = min(max(0, done), width)
    return StyledText(String(repeating: "━", count: done), ink)
      + StyledText(String(repeating: "─", count: width - done), .border)
  }

  package func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.height > 0 else { return }
    grid.write(styled(width: area.width), at: area.origin)
  }
}

/// Lengths side by side in one row of cells, in eighths where the terminal has them: how a whole is
/// made of parts, or one part of a whole.
package struct StackedBar: Sendable {
  package struct Part: Sendable, Equatable {
    package var amount: Double
    package var ink: Ink

    package init(_ amount: Double, _ ink: Ink) {
      self.amount = amount.isFinite ? max(0, amount) : 0
      self.ink = ink
    }
  }

  package var parts: [Part]
  /// What the full width stands for; nil: all parts together.
  package var total: Double?

  package init(parts: [Part], total: Double? = nil) {
    self.parts = parts
    self.total = total
  }

  /// One bar from the left, `fraction` of the width long.
  package init(_ fraction: Double, ink: Ink) {
    self.init(parts: [Part(fraction, ink)], total: 1)
  }

  /// Draws the bar in `area`'s first row.
  package func draw(in area: Rect, on grid: inout CellGrid) {
    let whole = total ?? parts.reduce(0) { $0 + $1.amount }
    guard area.height > 0, whole > 0 else { return }
    // Without colors neighbors need different shades.
    let shades: [Unicode.Scalar] =
      grid.ability.depth == .none && parts.count > 1
      ? (grid.ability.glyphs == .ascii ? ["#", "=", "-", "."] : ["█", "▒", "▓", "░"]) : ["█"]
    var end = 0.0
    var x = 0
    for (index, part) in parts.enumerated() {
      end += part.amount
      let exact = min(1, end / whole) * Double(area.width)
      // The last part ends in eighths, the others at the nearest cell.
      let isLast = index == parts.count - 1 && grid.ability.glyphs == .full
      while Double(x) + (isLast ? 1 : 0.5) <= exact, x < area.width {
        grid.put(shades[index % shades.count], at: Point(area.x + x, area.y), ink: part.ink)
        x += 1
      }
    }
    drawRemainder(of: end / whole, from: x, in: area, on: &grid)
  }

  /// The last eighths of the last part, where nothing follows it.
  private func drawRemainder(
    of fraction: Double, from x: Int, in area: Rect, on grid: inout CellGrid
  ) {
    let eighths: [Unicode.Scalar] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    let rest = Int(((fraction * Double(area.width)) - Double(x)) * 8)
    guard grid.ability.glyphs == .full, rest > 0, x < area.width, let last = parts.last else {
      return
    }
    grid.put(eighths[min(rest, 7) - 1], at: Point(area.x + x, area.y), ink: last.ink)
  }
}
