/// Why an expression has no value: where in it, what was found, what would be right.
package struct ExpressionFailure: Error, Hashable, Sendable, CustomStringConvertible {
  package enum Kind: Hashable, Sendable {
    /// It cannot be read at all.
    case syntax
    case unknownName
    /// It will have a value later in the step or the run; the number of the instruction that makes
    /// it, where there is one.
    case notYet(instruction: Int?)
    /// It can be read but means nothing: shapes that do not fit, an index outside.
    case meaning
  }

  package let kind: Kind
  /// Counted from 1 in characters; nil when all of it is meant.
  package private(set) var column: Int?
  package let problem: String
  package let remedy: String

  package init(_ kind: Kind, _ problem: String, remedy: String, column: Int? = nil) {
    self.kind = kind
    self.column = column
    self.problem = problem
    self.remedy = remedy
  }

  package var isNotYet: Bool {
    if case .notYet = kind { true } else { false }
  }

  /// The same failure at a place, unless it has one.
  func at(_ column: Int) -> ExpressionFailure {
    var placed = self
    placed.column = self.column ?? column
    return placed
  }

  package var description: String {
    (column.map { "column \($0): " } ?? "") + problem
      + (isNotYet ? "; \(remedy)" : "; right would be \(remedy)")
  }
}

/// The names nearest to one that was mistyped.
package enum NameSuggestion {
  /// Up to `limit` of the names, the nearest first; none when all are far away.
  package static func near(_ name: String, among names: [String], limit: Int = 3) -> [String] {
    let wanted = Array(name.lowercased())
    guard wanted.count <= 64 else { return [] }
    let reach = max(1, wanted.count / 3)
    return names.map { (distance(wanted, Array($0.lowercased())), $0) }
      .filter {
        $0.0 <= reach || (wanted.count >= 3 && $0.1.lowercased().hasPrefix(name.lowercased()))
      }
      .sorted { $0 < $1 }.prefix(limit).map(\.1)
  }

  /// Letters to insert, delete or replace to make one word the other (Levenshtein, 1966).
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, other) in b.enumerated() {
        let replaced = diagonal + (letter == other ? 0 : 1)
        diagonal = row[j + 1]
        row[j + 1] = min(replaced, row[j + 1] + 1, row[j] + 1)
      }
    }
    return row[b.count]
  }
}
