/// How light a terminal's background is, from what the terminal says of it.
package enum BackgroundColor {
  /// Asks for the background's color, then for the kind of terminal, which every terminal answers:
  /// when that answer is there, no other one comes.
  package static let question = "\u{1B}]11;?\u{7}\u{1B}[c"

  /// From the variable COLORFGBG, `15;0` or `0;default;15`: the last number is the background's place
  /// among the 16 colors. Nil when it says nothing.
  package static func theme(colorFGBG: String) -> Theme.Name? {
    guard colorFGBG.contains(";"), let last = colorFGBG.split(separator: ";").last,
      let color = Int(last), (0...15).contains(color)
    else { return nil }
    return color == 7 || color > 8 ? .light : .dark
  }

  /// From the answer to OSC 11, `rgb:RRRR/GGGG/BBBB` with 1 to 4 hexadecimal digits each, anywhere in
  /// `answer`; nil when there is none.
  package static func theme(answer: some Sequence<UInt8>) -> Theme.Name? {
    let text = String(decoding: Array(answer), as: UTF8.self)
    guard let start = text.firstIndex(of: ":") else { return nil }
    let parts = text[text.index(after: start)...].prefix { $0.isHexDigit || $0 == "/" }
      .split(separator: "/", omittingEmptySubsequences: false).prefix(3)
    let shares = parts.compactMap { part -> Double? in
      guard (1...4).contains(part.count), let value = Int(part, radix: 16) else { return nil }
      return Double(value) / Double((1 << (4 * part.count)) - 1)
    }
    guard shares.count == 3 else { return nil }
    // Perceived brightness (ITU-R BT.601 weights).
    return 0.299 * shares[0] + 0.587 * shares[1] + 0.114 * shares[2] > 0.5 ? .light : .dark
  }
}
