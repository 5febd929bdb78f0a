/// The characters that stand in where a terminal lacks the real ones; each takes the same columns. What
/// no one character can stand for is written out by `Spelling`.
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
    "▉": "█", "○": "o", "₀": "0", "₁": "1", "₂": "2", "₃": "3", "\u{2800}": " ",
  ]

  private static let ascii: [Unicode.Scalar: Unicode.Scalar] = {
    let groups: [(String, Unicode.Scalar)] = [
      ("─╌┄┈╴╶–−‐‑", "-"), ("━═╸╺", "="), ("—", "-"), ("│┃║┊┆╎▏▕", "|"),
      ("╭╮╰╯┌┐└┘├┤┬┴┼┏┓┗┛┣┫┳┻╋╔╗╚╝╠╣╦╩╬╞╡╟╢", "+"),
      ("█▉▊▋▌▐■▇▆▅", "#"), ("▓", "%"), ("▒", "="), ("░", "."), ("▄▀▃", "="), ("▂", "-"),
      ("▁", "_"), ("●", "*"), ("◆", "@"), ("○◇◯□", "o"), ("△", "^"), ("▽", "v"), ("▶▸►→⇒", ">"),
      ("◀◂◄←⇐", "<"),
      ("▲▴↑⇑", "^"),
      ("▼▾↓⇓", "v"), ("↔", "="), ("↵", "<"),
      ("∂", "d"), ("≈∼≃", "~"), ("×", "x"), ("÷", "/"), ("·•∙⋅", "."), ("…", "~"), ("›", ">"),
      ("µ", "u"), ("⊙⊗∗", "*"), ("ℒ", "L"),
      ("₀", "0"), ("₁", "1"), ("₂", "2"), ("₃", "3"), ("₄", "4"), ("₅", "5"), ("₆", "6"),
      ("₇", "7"), ("₈", "8"), ("₉", "9"), ("“”„«»", "\""), ("‘’‚′", "'"),
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
