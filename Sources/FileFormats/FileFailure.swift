/// What is wrong with a file: where, what was found there, and what would be right.
///
/// Each format names it `Failure`: `CSV.Failure`, `Safetensors.Failure`.
package struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
  /// The file, and line and column or byte where they are known: `iris.csv:14:3`.
  package let place: String
  package let found: String
  package let right: String
  package let kind: Kind

  /// What sort of failure it is: a command line tells them apart by its exit status.
  package enum Kind: Hashable, Sendable {
    case badContent, missing, unwritable
  }

  package init(at place: String, found: String, right: String, kind: Kind = .badContent) {
    self.place = place
    self.found = found
    self.right = right
    self.kind = kind
  }

  package var description: String { "\(place): \(found); \(right)" }
}
