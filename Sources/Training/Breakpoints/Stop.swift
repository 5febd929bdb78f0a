import Autodiff

/// Why a run stands where it does: which breakpoints stopped it, and what they saw.
package struct Stop: Hashable, Sendable {
  /// One breakpoint that stopped it.
  package struct Reason: Hashable, Sendable {
    package let number: Int
    /// `watch loss crosses 0.5`
    package let what: String
    /// What a watched thing was, and what it is.
    package let old: String?
    package let new: String?
    /// What was found, a sentence each.
    package let words: [String]
  }

  package let position: Position
  package let reasons: [Reason]

  /// `breakpoint 2, break if loss > 1: loss = 1.25`, and what else there is to say.
  package var lines: [String] {
    reasons.flatMap { reason in
      let first = reason.words.first.map { ": " + $0 } ?? ""
      return ["breakpoint \(reason.number), \(reason.what)\(first)"]
        + reason.words.dropFirst().map { "  " + $0 }
    }
  }

  var fields: [(String, DebuggerReply.Field)] {
    [
      ("stopped", .text("breakpoint")), ("breakpoints", .integers(reasons.map(\.number))),
      ("what", .texts(reasons.map(\.what))),
      ("old", .texts(reasons.map { $0.old ?? "" })), ("new", .texts(reasons.map { $0.new ?? "" })),
      ("words", .texts(reasons.map { $0.words.joined(separator: "\n") })),
    ]
  }
}
