/// The text of a program with the places of its lines.
///
/// Offsets count Unicode scalars, so that a line break of two characters cannot hide inside one.
package struct SourceText: Hashable, Sendable {
  /// What messages call it: `model.py`.
  package let name: String
  package let scalars: [Unicode.Scalar]
  /// The offset at which each line begins.
  private let lineStarts: [Int]

  package init(name: String, text: String) {
    self.name = name
    scalars = Array(text.unicodeScalars)
    var starts = [0]
    for (i, scalar) in scalars.enumerated() {
      let endsLine = scalar == "\n" || (scalar == "\r" && !Self.isNewline(scalars, at: i + 1))
      if endsLine { starts.append(i + 1) }
    }
    lineStarts = starts
  }

  private static func isNewline(_ scalars: [Unicode.Scalar], at i: Int) -> Bool {
    i < scalars.count && scalars[i] == "\n"
  }

  /// The characters of a range of offsets.
  package func text(_ range: Range<Int>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars[range.clamped(to: 0..<scalars.count)])
    return String(text)
  }

  /// The line, from 1, and the column, from 1, of an offset.
  package func place(of offset: Int) -> (line: Int, column: Int) {
    var low = 0
    var high = lineStarts.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return (low + 1, offset - lineStarts[low] + 1)
  }

  /// A line without its line break; lines count from 1.
  package func line(_ number: Int) -> String {
    guard number >= 1 && number <= lineStarts.count else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] : scalars.count
    while end > start && (scalars[end - 1] == "\n" || scalars[end - 1] == "\r") { end -= 1 }
    return text(start..<end)
  }

  /// The offset at which the line of an offset begins.
  package func lineStart(of offset: Int) -> Int { lineStarts[place(of: offset).line - 1] }
}
