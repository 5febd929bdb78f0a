import Training

/// How lessons write commands: as one types them at the prompt, `` `:step 3` ``.
enum CommandStyle {
  /// Commands of a text that are written otherwise, each with what would be right.
  static func faults(in block: Block) -> [(found: String, right: String)] {
    var faults = block.runs.flatMap { run -> [(String, String)] in
      switch run {
      case .text(let words, .code): isBare(words) ? [bare(words)] : []
      case .text(let words, _): spoken(words)
      case .live, .link, .lineBreak: []
      }
    }
    if case .code(_, let text) = block {
      faults += text.split(separator: "\n").map(String.init).filter(isBare).map(bare)
    }
    return faults
  }

  private static func bare(_ command: String) -> (String, String) {
    ("the command ‘\(command)’ without its colon", "‘:\(command)’")
  }

  /// Whether code is a command, and no expression or program, without its colon.
  private static func isBare(_ text: String) -> Bool {
    let words = text.split(separator: " ").map(String.init)
    guard let first = words.first, DebuggerCommand.words.contains(first) else { return false }
    return words.count == 1
      ? !SessionScope.runNames.contains(first) : (try? RunExpression(text)) == nil
  }

  /// Commands that stand among words without being marked as code.
  private static func spoken(_ text: String) -> [(String, String)] {
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    return words.indices.compactMap { start in
      guard isUnmistakable(words[start...]) else { return nil }
      let command = (2...4).reversed().lazy
        .filter { start + $0 <= words.count }
        .map { withoutPoint(words[start..<start + $0].joined(separator: " ")) }
        .first { (try? DebuggerCommand($0)) != nil }
      return command.map { ("the command ‘\($0)’ in plain words", "`:\($0)`, as code") }
    }
  }

  /// Whether words begin as no sentence does.
  private static func isUnmistakable(_ words: ArraySlice<String>) -> Bool {
    guard let first = words.first, let second = words.dropFirst().first else { return false }
    switch first {
    case "goto", "info", "gradcheck", "verdict": return true
    case "set": return words.dropFirst(2).first == "="
    case "break": return second == "if" || Sickness.begins(with: withoutPoint(second))
    case "load": return withoutPoint(second).hasSuffix(".py")
    case "step":
      let third = words.dropFirst(2).first.map(withoutPoint)
      return Int(second) != nil && third.flatMap(MoveUnit.init(rawValue:)) != nil
    default: return false
    }
  }

  private static func withoutPoint(_ text: String) -> String {
    var text = text
    while let last = text.last, ".,;:?".contains(last) { text.removeLast() }
    return text
  }
}
