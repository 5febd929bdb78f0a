/// What is wrong in a lesson's files: where, what was found, what would be right.
package struct LessonFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// `01-one-neuron/lesson.md`
  package let file: String
  /// Counted from 1.
  package let line: Int
  /// Counted from 1 in characters, where it is one of them that is meant.
  package let column: Int?
  package let found: String
  package let right: String

  package init(
    _ file: String, _ line: Int, _ found: String, right: String, column: Int? = nil
  ) {
    self.file = file
    self.line = line
    self.column = column
    self.found = found
    self.right = right
  }

  /// The lesson's folder.
  package var folder: String { String(file.prefix { $0 != "/" }) }

  package var description: String {
    "\(file):\(line)\(column.map { ":\($0)" } ?? ""): \(found); right would be \(right)"
  }
}
