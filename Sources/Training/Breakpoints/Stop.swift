import Autodiff

/// Why a run stands where it does: which breakpoints stopped it, and what they saw.
package struct Stop: Hashable, Sendable, Codable {
  /// One breakpoint that stopped it.
  package struct Reason: Hashable, Sendable, Codable {
    package let number: Int
    /// What it is called; nil for a place that was asked for once, by `goto when`.
    package var name: String? { number > 0 ? "breakpoint \(number)" : nil }
    /// `watch loss crosses 0.5`
    package let what: String
    /// What a watched thing was, and what it is.
    package let old: String?
    package let new: String?
    /// What was found, a sentence each.
    package let words: [String]
  }

  package let position: Position
  /// The step whose numbers are shown: what is seen when it is done belongs to it, not to the next.
  package let step: Int
  /// The number that the first reason names.
  package internal(set) var place: StopPlace?
  /// The units of the layer that is sick, where the first reason is a sickness of units.
  package internal(set) var units: UnitMap?
  package let reasons: [Reason]

  /// The same to be kept: JSON has no NaN, so that the place of one is left out.
  package var storable: Stop {
    var stop = self
    if stop.place?.number.isFinite == false { stop.place = nil }
    return stop
  }

  /// Whether one went there, and nothing stopped a run.
  package var isArrival: Bool { reasons.allSatisfy { $0.name == nil } }

  /// The sickness that stopped it, as one asks for it: `dead-relu dense`.
  package var sickness: String? {
    guard let what = reasons.first?.what.split(separator: " ", maxSplits: 1).last.map(String.init),
      let first = what.split(separator: " ").first, Sickness.begins(with: first)
    else { return nil }
    return what.firstRange(of: " if ").map { String(what[..<$0.lowerBound]) } ?? what
  }

  /// `breakpoint 2, break if loss > 1: loss = 1.25`, and what else there is to say.
  package var lines: [String] {
    reasons.flatMap { reason in
      let first = reason.words.first.map { ": " + $0 } ?? ""
      let name = reason.name.map { $0 + ", " } ?? ""
      return [name + "\(reason.what)\(first)"]
        + reason.words.dropFirst().map { "  " + $0 }
    }
  }

  var fields: [(String, DebuggerReply.Field)] {
    [
      ("stopped", .text("breakpoint")), ("stop_step", .integer(step)),
      ("breakpoints", .integers(reasons.map(\.number))),
      ("what", .texts(reasons.map(\.what))),
      ("old", .texts(reasons.map { $0.old ?? "" })), ("new", .texts(reasons.map { $0.new ?? "" })),
      ("words", .texts(reasons.map { $0.words.joined(separator: "\n") })),
    ] + (place?.fields ?? [])
  }
}
