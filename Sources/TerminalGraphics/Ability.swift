/// What a terminal can show: how many colors, and which characters.
package struct Ability: Hashable, Sendable {
  /// The colors, from the most to none.
  package enum Depth: String, Hashable, Sendable, CaseIterable {
    /// 24-bit color.
    case direct
    /// The 256 colors of xterm.
    case indexed
    /// The 16 colors of ANSI, bright ones included, used for the foreground only.
    case bright
    /// 8 colors, used for the foreground only.
    case ansi
    /// No color: bold, dim, reverse and underline carry the meaning.
    case none
  }

  /// The characters, from the most to the fewest.
  package enum Glyphs: String, Hashable, Sendable, CaseIterable {
    /// All of them, braille included.
    case full
    /// Lines and blocks, as on the Linux console; no braille.
    case blocks
    /// The 95 printable characters of ASCII.
    case ascii
  }

  package var depth: Depth
  package var glyphs: Glyphs
  /// Whether frames are read instead of looked at: then pictures say their numbers.
  package var isSpoken = false

  package init(depth: Depth, glyphs: Glyphs) {
    self.depth = depth
    self.glyphs = glyphs
  }

  package static let full = Ability(depth: .direct, glyphs: .full)

  /// Frames for plain mode.
  package static let spoken: Ability = {
    var ability = Ability(depth: .none, glyphs: .full)
    ability.isSpoken = true
    return ability
  }()

  /// Whether a cell can show two values as the colors of its upper and lower half.
  package var hasHalfBlocks: Bool {
    glyphs != .ascii && (depth == .direct || depth == .indexed)
  }

  /// Whether a cell's background can carry a color of a ramp.
  package var hasBackgrounds: Bool { depth == .direct || depth == .indexed }
}
