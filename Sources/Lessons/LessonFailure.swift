/// What is wrong in a lesson's files: where, what was found, what would be right.
package struct LessonFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// `01-one-neuron/lesson.md`
  package let file: String
  /// Counted from 1.
  package let line: Int
  package let found: String
  package let right: String

  package init(_ file: String, _ line: Int, _ found: String, right: String) {
    self.file = file
    self.line = line
    self.found = found
    self.right = right
  }

  /// The lesson's folder.
  package var folder: String { String(file.prefix { $0 != "/" }) }

  package var description: String { "\(file):\(line): \(found); right would be \(right)" }
}
