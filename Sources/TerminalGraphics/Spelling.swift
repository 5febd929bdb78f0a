/// Signs of formulas in characters that every terminal has.
///
/// A stand-in of one character would be read as another sign: `²` as a digit, `√` as the letter v, `σ` as
/// an s. So they are written out, before it is known how much room a text takes.
package enum Spelling {
  /// What is written depends on what stands beside it.
  private static let phrases = [
    ("√(", "sqrt("), ("√ ", "sqrt "), (" ← ", " <- "), ("Σ ", "sum "), ("σ ", "std "),
    (" … ", " ... "),
  ]

  private static let words: [Unicode.Scalar: String] = [
    "√": "sqrt ", "±": "+-", "Σ": "sum ", "Π": "product ", "∏": "product ", "∞": "inf", "∈": "in",
    "≤": "<=", "≥": ">=", "≠": "!=", "‖": "||", "ŷ": "y^",
    "α": "alpha", "β": "beta", "γ": "gamma", "Δ": "delta ", "δ": "delta", "ε": "eps", "η": "lr",
    "θ": "theta", "λ": "lambda", "μ": "mu", "π": "pi", "ρ": "rho", "σ": "std", "τ": "tau",
    "φ": "phi", "ω": "omega",
  ]

  private static let superscripts: [Unicode.Scalar: Unicode.Scalar] = {
    let pairs = zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ᵀᵗˣ".unicodeScalars, "0123456789-Ttx".unicodeScalars)
    return Dictionary(uniqueKeysWithValues: pairs.map { ($0, $1) })
  }()

  /// The text in characters that a terminal has.
  package static func text(_ text: String, for glyphs: Ability.Glyphs) -> String {
    guard glyphs != .full, text.hasSigns else { return text }
    guard glyphs == .ascii else { return text.replacing("ᵀ", with: "^T") }
    let text = phrases.reduce(text) { $0.replacing($1.0, with: $1.1) }
    var spelled = ""
    var isRaised = false
    let scalars = Array(text.unicodeScalars)
    for (place, scalar) in scalars.enumerated() {
      if let raised = superscripts[scalar] {
        if !isRaised { spelled += "^" }
        spelled.unicodeScalars.append(raised)
        isRaised = true
        continue
      }
      isRaised = false
      if scalar == "≈", scalars.count == place + 1 || scalars[place + 1] == " " {
        // Behind a name it is a sign of its own, not that of the number that follows.
        spelled += "~="
      } else if let word = words[scalar] {
        spelled += word
      } else {
        spelled.unicodeScalars.append(scalar)
      }
    }
    return spelled
  }
}

extension StyledText {
  /// The same text in characters that a terminal has.
  package func spelled(for glyphs: Ability.Glyphs) -> StyledText {
    guard glyphs != .full, runs.contains(where: \.text.hasSigns) else { return self }
    return StyledText(runs: runs.map { $0.with { $0.text = Spelling.text($0.text, for: glyphs) } })
  }
}

extension String {
  /// Whether some of it is no ASCII.
  fileprivate var hasSigns: Bool { utf8.contains { $0 >= 0x80 } }
}
