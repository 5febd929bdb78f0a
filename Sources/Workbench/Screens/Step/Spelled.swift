import TerminalGraphics

/// Signs of formulas in characters that every terminal has. Folded to one character each, `√` would be
/// read as a letter, `²` as a digit and `←` as "less than".
enum Spelled {
  private static let spellings = [
    ("√(", "sqrt("), ("√ of", "sqrt of"), ("√", "sqrt "), ("²", "^2"), (" ← ", " := "), ("ᵀ", "^T"),
    ("±", "+-"),
    ("Σ ", "sum of "),
  ]

  static func text(_ text: String, for ability: Ability) -> String {
    guard ability.glyphs == .ascii else { return text }
    return spellings.reduce(text) { $0.replacing($1.0, with: $1.1) }
  }
}
