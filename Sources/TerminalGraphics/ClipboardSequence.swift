/// The sequences that put a text on the user's clipboard (OSC 52), through what lies between.
package enum ClipboardSequence {
  /// What GNU screen passes on at once.
  private static let chunk = 500

  /// - environment: TMUX and STY tell that tmux or GNU screen is between the lab and the terminal.
  package static func copy(_ text: String, environment: [String: String]) -> String {
    let plain = "\u{1B}]52;c;\(Base64.encoded(text))\u{7}"
    if !environment["TMUX", default: ""].isEmpty {
      // tmux keeps the plain one for itself, or passes the wrapped one on: by its settings, either.
      let doubled = plain.replacing("\u{1B}", with: "\u{1B}\u{1B}")
      return plain + "\u{1B}Ptmux;\(doubled)\u{1B}\\"
    }
    guard !environment["STY", default: ""].isEmpty else { return plain }
    var rest = plain[...]
    var wrapped = ""
    while !rest.isEmpty {
      wrapped += "\u{1B}P\(rest.prefix(chunk))\u{1B}\\"
      rest = rest.dropFirst(chunk)
    }
    return wrapped
  }
}
