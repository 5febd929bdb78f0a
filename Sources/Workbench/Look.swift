import TerminalGraphics

/// How the lab looks now, and what was chosen of that.
package struct Look: Hashable, Sendable {
  /// By options, variables and `:`.
  package var choice = LookChoice()
  /// By `:` alone: kept for the next start.
  package var kept = LookChoice()
  package var theme = Theme.dark
  /// Words alone, in lines: for screen readers and pipes.
  package var isPlain = false

  package init() {}
}

extension AppState {
  /// Goes on on a screen after plain words.
  package mutating func leavePlain(size: Size, ability: Ability, theme: Theme) {
    look.isPlain = false
    look.theme = theme
    self.size = size
    self.ability = ability
  }

  /// The terminal has taken a choice over as far as it could: says how it looks now.
  package mutating func adopt(_ ability: Ability, _ theme: Theme) {
    self.ability = ability
    look.theme = theme
    say("\(theme.name) background, \(ability.depth.words), \(ability.glyphs.words)", .good)
  }
}

extension Ability.Depth {
  /// As sentences name it: `256 colors`.
  package var words: String {
    switch self {
    case .direct: "24-bit colors"
    case .indexed: "256 colors"
    case .bright: "16 colors"
    case .ansi: "8 colors"
    case .none: "no colors"
    }
  }
}

extension Ability.Glyphs {
  /// As sentences name them.
  package var words: String {
    switch self {
    case .full: "all characters"
    case .blocks: "no braille"
    case .ascii: "ASCII characters"
    }
  }
}
