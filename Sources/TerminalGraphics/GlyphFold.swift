/// The characters that stand in where a terminal lacks the real ones; each takes the same columns.
package enum GlyphFold {
  /// The character to draw for `scalar`: itself, or its nearest one among `glyphs`.
  package static func fold(_ scalar: Unicode.Scalar, to glyphs: Ability.Glyphs) -> Unicode.Scalar {
    if scalar.value < 0x7F { return scalar }
    switch glyphs {
    case .full: return scalar
    case .blocks: return console[scalar] ?? (isBraille(scalar) ? "*" : scalar)
    case .ascii: return ascii[scalar] ?? (isBraille(scalar) ? "*" : "?")
    }
  }

  private static func isBraille(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value >= 0x2800 && scalar.value < 0x2900
  }

  /// What fonts of 512 characters lack: round corners, thin blocks, rings.
  private static let console: [Unicode.Scalar: Unicode.Scalar] = [
    "╭": "┌", "╮": "┐", "╰": "└", "╯": "┘", "━": "═", "┊": "│", "╌": "─", "▁": "_", "▂": "_",
    "▃": "▄", "▅": "▄", "▆": "█", "▇": "█", "▏": "▌", "▎": "▌", "▍": "▌", "▋": "█", "▊": "█",
    "▉": "█", "○": "o", "ᵀ": "T", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "\u{2800}": " ",
  ]

  private static let ascii: [Unicode.Scalar: Unicode.Scalar] = {
    let groups: [(String, Unicode.Scalar)] = [
      ("─╌┄┈╴╶–−‐‑", "-"), ("━═╸╺", "="), ("—", "-"), ("│┃║┊┆╎▏▕", "|"),
      ("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╞╡╟╢", "+"),
      ("█▉▊▋▌▐■▇▆▅", "#"), ("▓", "%"), ("▒", "="), ("░", "."), ("▄▀▃", "="), ("▂", "-"),
      ("▁", "_"), ("●", "*"), ("◆", "@"), ("○◇◯□", "o"), ("▶▸►→⇒", ">"), ("◀◂◄←⇐", "<"),
      ("▲▴↑⇑", "^"),
      ("▼▾↓⇓", "v"), ("↔", "="), ("↵", "<"),
      ("∂δ", "d"), ("Σσς∑", "s"), ("√", "v"), ("∞", "&"), ("≈∼≃", "~"), ("≤", "<"), ("≥", ">"),
      ("≠", "!"), ("×", "x"), ("÷", "/"), ("±", "+"), ("·•∙⋅", "."), ("…", "~"), ("ε∈", "e"),
      ("α", "a"), ("β", "b"), ("γ", "g"), ("Δ∇", "D"), ("η", "n"), ("θ", "0"), ("λ", "l"),
      ("μµ", "u"), ("π", "p"), ("ρ", "r"), ("τᵀ", "T"), ("φ", "f"), ("ω", "w"), ("ŷ", "y"),
      ("ĉ", "c"), ("x̂", "x"), ("⊙⊗∗", "*"), ("∘", "o"), ("∏Π", "P"), ("ℒ", "L"),
      ("₀⁰", "0"), ("₁¹", "1"), ("₂²", "2"), ("₃³", "3"), ("₄⁴", "4"), ("₅⁵", "5"), ("₆⁶", "6"),
      ("₇⁷", "7"), ("₈⁸", "8"), ("₉⁹", "9"), ("⁻", "-"), ("“”„«»", "\""), ("‘’‚′", "'"),
      ("°", "o"), ("¬", "!"), ("¶", "$"), ("ä", "a"), ("ö", "o"), ("ü", "u"), ("ß", "s"),
      ("é", "e"),
      ("è", "e"), ("à", "a"), ("ñ", "n"), ("ç", "c"), ("\u{A0}\u{202F}\u{2009}\u{2800}", " "),
    ]
    var table: [Unicode.Scalar: Unicode.Scalar] = [:]
    for (scalars, replacement) in groups {
      for scalar in scalars.unicodeScalars where scalar.value > 0x7E {
        table[scalar] = replacement
      }
    }
    return table
  }()
}
