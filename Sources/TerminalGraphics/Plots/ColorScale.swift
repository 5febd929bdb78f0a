/// How values become places on a ramp of inks.
package struct ColorScale: Hashable, Sendable {
  package enum Ramp: Hashable, Sendable {
    /// Signed values, 0 in the middle: orange below, blue above.
    case diverging
    /// Unsigned values, from dark to bright.
    case sequential
    /// Pictures: a pen on paper.
    case ink
  }

  package var ramp: Ramp
  package var low: Float
  package var high: Float
  /// Whether the ramp shows the root of a value's size, which lifts small ones out of the dark.
  package var isRooted = false

  /// From `-limit` to `limit`.
  package static func diverging(limit: Float, isRooted: Bool = false) -> ColorScale {
    ColorScale(ramp: .diverging, low: -limit, high: limit, isRooted: isRooted)
  }

  package static func sequential(_ low: Float, _ high: Float) -> ColorScale {
    ColorScale(ramp: .sequential, low: low, high: high)
  }

  package static func ink(_ low: Float, _ high: Float) -> ColorScale {
    ColorScale(ramp: .ink, low: low, high: high)
  }

  /// Symmetric about 0, wide enough for every finite value.
  package static func diverging(
    fitting values: some Sequence<Float>, isRooted: Bool = false
  ) -> ColorScale {
    .diverging(
      limit: values.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }, isRooted: isRooted)
  }

  /// From the least finite value to the largest.
  package static func sequential(fitting values: some Sequence<Float>) -> ColorScale {
    var low = Float.infinity
    var high = -Float.infinity
    for value in values where value.isFinite {
      low = min(low, value)
      high = max(high, value)
    }
    return low <= high ? .sequential(low, high) : .sequential(0, 1)
  }

  /// The place on the ramp: -1…1 when diverging, else 0…1; NaN stays NaN.
  package func place(of value: Float) -> Float {
    guard !value.isNaN else { return value }
    let place: Float
    if ramp == .diverging {
      place = high > 0 ? min(1, max(-1, value / high)) : 0
    } else {
      place = high > low ? min(1, max(0, (value - low) / (high - low))) : 0
    }
    guard isRooted else { return place }
    return place < 0 ? -(-place).squareRoot() : place.squareRoot()
  }

  package func ink(of value: Float) -> Ink {
    switch ramp {
    case .diverging: .diverging(place(of: value))
    case .sequential: .sequential(place(of: value))
    case .ink: .ink(place(of: value))
    }
  }

  /// The character that stands for a value where cells have no colors, and its ink.
  package func shade(of value: Float, ability: Ability) -> (scalar: Unicode.Scalar, ink: Ink) {
    let place = place(of: value)
    guard !place.isNaN else { return ("!", .bad) }
    let hasBlocks = ability.glyphs != .ascii
    guard ramp == .diverging else {
      let shades: [Unicode.Scalar] =
        hasBlocks
        ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "-", "=", "+", "*", "#", "%", "@"]
      return (shades[Int((place * Float(shades.count - 1)).rounded())], .text)
    }
    let level = Int((abs(place) * 4).rounded())
    let isColored = ability.depth != .none
    let negative: [Unicode.Scalar] =
      isColored && hasBlocks ? [" ", "░", "▒", "▓", "█"] : [" ", ".", ":", "+", "#"]
    let positive: [Unicode.Scalar] =
      hasBlocks ? [" ", "░", "▒", "▓", "█"] : [" ", "-", "=", "%", "@"]
    return place < 0 ? (negative[level], ink(of: value)) : (positive[level], ink(of: value))
  }
}

extension CellGrid {
  /// Draws `low ▀▀▀▀▀▀ high` for a scale and returns the columns it took.
  @discardableResult
  package mutating func drawLegend(of scale: ColorScale, at point: Point, steps: Int = 8) -> Int {
    var x = point.x
    x += write(.secondary(NumberFormat.compact(scale.low, digits: 3) + " "), at: point)
    for step in 0..<max(1, steps) {
      let part = Float(step) / Float(max(1, steps - 1))
      // The value whose place is evenly spaced, also when the scale is rooted.
      var place = scale.ramp == .diverging ? 2 * part - 1 : part
      if scale.isRooted { place *= abs(place) }
      let value =
        scale.ramp == .diverging ? place * scale.high : scale.low + place * (scale.high - scale.low)
      drawSwatch(value, scale: scale, at: Point(x, point.y))
      x += 1
    }
    x += write(
      .secondary(" " + NumberFormat.compact(scale.high, digits: 3)), at: Point(x, point.y))
    return x - point.x
  }

  /// Draws one cell in a value's color or shade.
  package mutating func drawSwatch(_ value: Float, scale: ColorScale, at point: Point) {
    if ability.hasHalfBlocks {
      put("█", at: point, ink: scale.ink(of: value))
    } else {
      let shade = scale.shade(of: value, ability: ability)
      put(shade.scalar, at: point, ink: shade.ink)
    }
  }
}
