import Foundation

/// What a program printed, cut into words and numbers, so that two runs can be compared.
struct Transcript {
  /// How near the numbers of two transcripts have to be.
  enum Rule {
    /// 2e-5 of the number, 1e-6, or a unit of its last digit.
    case same
    /// 2e-5 of the largest of its line: a line is a tensor.
    case close
    /// As `close`, but half: what rounding alone may do.
    case determined
    /// Numbers with a fraction are free.
    case shape
  }

  private enum Token: Equatable {
    case text(String)
    case integer(String)
    /// - Parameter unit: of the last digit shown.
    case real(Double, unit: Double)

    var isReal: Bool { if case .real = self { true } else { false } }
  }

  private let lines: [String]

  init(_ output: String) {
    lines = output.split(separator: "\n", omittingEmptySubsequences: false).map {
      Self.settled(String($0))
    }
  }

  /// A line without the time that its progress bar tells.
  private static func settled(_ line: String) -> String {
    guard line.contains("/step") || line.contains("/epoch") else { return line }
    let timing = /(?:\d+s|\d+:\d\d(?::\d\d)?)( -)? \d+(?:s|ms|us)\/(step|epoch)/
    return line.replacing(timing) { "0s\($0.1 ?? "") 1ms/\($0.2)" }
  }

  /// The first line that differs from the expected one, both shown; nil when none does.
  func difference(from expected: Transcript, _ rule: Rule) -> String? {
    for i in 0..<max(lines.count, expected.lines.count) {
      let here = i < lines.count ? lines[i] : nil
      let there = i < expected.lines.count ? expected.lines[i] : nil
      if let here, let there, Self.agree(here, there, rule) { continue }
      return """
        line \(i + 1) differs
          Keras: \(there ?? "(has ended)")
          here:  \(here ?? "(has ended)")
        """
    }
    return nil
  }

  private static func agree(_ here: String, _ there: String, _ rule: Rule) -> Bool {
    if here == there { return true }
    let (ours, theirs) = (tokens(here), tokens(there))
    guard ours.count == theirs.count else { return false }
    let size = theirs.reduce(0.0) {
      if case .real(let value, _) = $1, value.isFinite { max($0, abs(value)) } else { $0 }
    }
    return zip(ours, theirs).allSatisfy { one, other in
      guard case .real(let a, let unit) = one, case .real(let b, let otherUnit) = other else {
        return one == other
      }
      switch rule {
      case .shape: return true
      case .determined: return abs(a - b) <= max(1e-5 * size, 1e-7)
      case .close: return abs(a - b) <= max(2e-5 * size, 1e-7)
      case .same: return abs(a - b) <= max(2e-5 * abs(b), 1e-6, 1.01 * min(unit, otherUnit))
      }
    }
  }

  /// The words and numbers of a line. Blanks beside a number with a fraction do not count: arrays
  /// are padded to the longest of theirs.
  private static func tokens(_ line: String) -> [Token] {
    var result: [Token] = []
    var rest = line[...]
    for match in line.matches(of: /(^|[^\w.])([-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)(?!\w)/) {
      guard match.2.startIndex >= rest.startIndex else { continue }
      result.append(.text(String(rest[..<match.2.startIndex])))
      result.append(number(match.2))
      rest = rest[match.2.endIndex...]
    }
    result.append(.text(String(rest)))
    return result.enumerated().map { i, token in
      guard case .text(var text) = token else { return token }
      if i > 0, result[i - 1].isReal { text = text.trimmed(.leading) }
      if i + 1 < result.count, result[i + 1].isReal { text = text.trimmed(.trailing) }
      return .text(text)
    }
  }

  private static func number(_ text: Substring) -> Token {
    guard text.contains(where: { ".eE".contains($0) }), let value = Double(text) else {
      return .integer(String(text))
    }
    let parts = text.lowercased().split(separator: "e")
    let places =
      parts.first?.split(separator: ".", omittingEmptySubsequences: false).dropFirst()
      .first?.count ?? 0
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return .real(value, unit: pow(10, Double(power - places)))
  }
}

extension String {
  fileprivate enum Side { case leading, trailing }

  fileprivate func trimmed(_ side: Side) -> String {
    switch side {
    case .leading: String(drop { $0 == " " })
    case .trailing: String(self[..<(lastIndex { $0 != " " }.map(index(after:)) ?? startIndex)])
    }
  }
}
