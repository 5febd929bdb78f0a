import KerasCode
import TerminalGraphics

/// The Keras code while it is edited: lines, a cursor, and what was found wrong.
struct CodeDraft: Hashable, Sendable {
  /// What was found wrong when the code was last applied.
  struct Problem: Hashable, Sendable {
    /// From 0; nil when no line is to blame.
    let line: Int?
    let column: Int
    let width: Int
    let message: String
    let remedy: String?
  }

  var lines: [String]
  var row = 0
  var column = 0
  /// Whether keys go into it.
  var isOpen = true
  /// Whether the button below the text is chosen.
  var isOnButton = false
  var problem: Problem?
  /// The text it began with: nothing is lost when it is left unchanged.
  let original: [String]

  init(_ text: [String], row: Int = 0) {
    lines = text.isEmpty ? [""] : text
    original = lines
    self.row = max(0, min(row, lines.count - 1))
  }

  var text: String { lines.joined(separator: "\n") + "\n" }
  var isChanged: Bool { lines != original }

  // MARK: Cursor

  private var length: Int { lines[row].count }

  mutating func move(_ key: Key, page: Int) {
    switch key {
    case .left where column > 0: column -= 1
    case .left where row > 0: (row, column) = (row - 1, lines[row - 1].count)
    case .right where column < length: column += 1
    case .right where row + 1 < lines.count: (row, column) = (row + 1, 0)
    case .up where isOnButton: isOnButton = false
    case .up where row > 0: row -= 1
    case .down where row + 1 < lines.count: row += 1
    case .down: isOnButton = true
    case .home: column = 0
    case .end: column = length
    case .pageUp: row = max(0, row - page)
    case .pageDown: row = min(lines.count - 1, row + page)
    default: break
    }
    column = max(0, min(column, length))
  }

  mutating func place(row: Int, column: Int) {
    isOnButton = false
    self.row = max(0, min(row, lines.count - 1))
    self.column = max(0, min(column, length))
  }

  // MARK: Text

  /// Puts another text in the place of all there is.
  mutating func replace(by text: String) {
    lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(
      String.init)
    if lines.count > 1, lines.last?.isEmpty == true { lines.removeLast() }
    (row, column) = (0, 0)
    (isOnButton, problem) = (false, nil)
  }

  private func split() -> (before: String, after: String) {
    let line = lines[row]
    let place = line.index(line.startIndex, offsetBy: column)
    return (String(line[..<place]), String(line[place...]))
  }

  /// The most that is taken: more is no code of a network.
  private static let most = 200_000

  mutating func insert(_ text: String) {
    isOnButton = false
    problem = nil
    guard lines.reduce(0, { $0 + $1.count }) + text.count <= Self.most else { return }
    let (before, after) = split()
    let clean = text.filter { !$0.isNewline && $0 >= " " || $0.isNewline || $0 == "\t" }
    var parts = clean.replacing("\t", with: "    ")
      .split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    let last = parts.count - 1
    let end = parts[last].count + (last == 0 ? before.count : 0)
    parts[0] = before + parts[0]
    parts[last] += after
    lines.replaceSubrange(row...row, with: parts)
    row += last
    column = end
  }

  /// A new line, indented as the one before it, more after a bracket.
  mutating func breakLine() {
    let (before, _) = split()
    let indent = before.prefix { $0 == " " }
    let opens = before.last.map { "([{:".contains($0) } ?? false
    insert("\n" + indent + (opens ? "    " : ""))
  }

  mutating func deleteBackward() {
    problem = nil
    isOnButton = false
    if column > 0 {
      let (before, after) = split()
      // Blanks at the beginning go four at a time, as Tab puts them.
      let isIndent = !before.isEmpty && before.allSatisfy { $0 == " " }
      let count = isIndent ? (before.count - 1) % 4 + 1 : 1
      lines[row] = String(before.dropLast(count)) + after
      column -= count
    } else if row > 0 {
      column = lines[row - 1].count
      lines[row - 1] += lines[row]
      lines.remove(at: row)
      row -= 1
    }
  }

  mutating func deleteForward() {
    problem = nil
    if column < length {
      let (before, after) = split()
      lines[row] = before + after.dropFirst()
    } else if row + 1 < lines.count {
      lines[row] += lines[row + 1]
      lines.remove(at: row + 1)
    }
  }

  mutating func deleteLine() {
    problem = nil
    lines.remove(at: row)
    if lines.isEmpty { lines = [""] }
    row = min(row, lines.count - 1)
    column = min(column, length)
  }
}
