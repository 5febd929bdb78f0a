/// What is wrong with a file: where, what was found there, and what would be right.
///
/// Each format names it `Failure`: `CSV.Failure`, `Safetensors.Failure`.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, and line and column or byte where they are known: `iris.csv:14:3`.
  package let place: String
  package let found: String
  package let right: String

  package init(at place: String, found: String, right: String) {
    self.place = place
    self.found = found
    self.right = right
  }

  package var description: String { "\(place): \(found); \(right)" }
}
