import CNCurses
import TerminalGraphics

/// The pairs of colors given to ncurses so far, and the styles of cells made of them.
///
/// ncurses' own `alloc_pair` does not recycle; this table never redefines a pair on the screen.
struct ColorPairs {
  /// What ncurses is told for a cell.
  struct Style {
    var attributes: attr_t
    var pair: Int32
  }

  private struct Look: Hashable {
    var foreground: Ink
    var background: Ink
    var attributes: Attributes
  }

  private struct Colors: Hashable {
    var foreground: Int32
    var background: Int32
  }

  private var styles: [Look: Style] = [:]
  private var pairs: [Colors: Int32] = [:]
  private let hasDefaultColors: Bool
  /// Whether a pair was asked for and there was none left.
  private(set) var isFull = false

  init(hasDefaultColors: Bool) { self.hasDefaultColors = hasDefaultColors }

  /// The style of a cell, with a new pair when needed; without colors when there is none left.
  mutating func style(of cell: Cell, theme: Theme, depth: Ability.Depth) -> Style {
    let look = Look(
      foreground: cell.foreground, background: cell.background, attributes: cell.attributes)
    if let style = styles[look] { return style }
    let appearance = theme.appearance(of: cell, depth: depth)
    let style = Style(
      attributes: Self.bits(appearance.attributes),
      pair: pair(foreground: appearance.foreground, background: appearance.background))
    if !isFull { styles[look] = style }
    return style
  }

  /// The theme has changed: the same inks mean other colors.
  mutating func forgetStyles() { styles = [:] }

  /// Starts over; everything must be drawn again.
  mutating func reset() {
    reset_color_pairs()
    styles = [:]
    pairs = [:]
    isFull = false
  }

  private mutating func pair(foreground: Int?, background: Int?) -> Int32 {
    if foreground == nil, background == nil { return 0 }
    // Without default colors the terminal's own are white on black.
    let colors = Colors(
      foreground: foreground.map(Int32.init) ?? (hasDefaultColors ? -1 : 7),
      background: background.map(Int32.init) ?? (hasDefaultColors ? -1 : 0))
    if let pair = pairs[colors] { return pair }
    let pair = Int32(pairs.count + 1)
    guard pair < nc_color_pairs(),
      init_extended_pair(pair, colors.foreground, colors.background) == OK
    else {
      isFull = true
      return 0
    }
    pairs[colors] = pair
    return pair
  }

  private static func bits(_ attributes: Attributes) -> attr_t {
    let bits: [(Attributes, attr_t)] = [
      (.bold, nc_bold), (.dim, nc_dim), (.italic, nc_italic), (.underline, nc_underline),
      (.reverse, nc_reverse),
    ]
    return bits.reduce(0) { attributes.contains($1.0) ? $0 | $1.1 : $0 }
  }
}
