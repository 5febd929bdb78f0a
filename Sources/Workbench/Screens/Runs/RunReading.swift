import Foundation

/// A number of a run over time, thinned out to what a picture shows.
package struct RunCurve: Hashable, Sendable {
  /// Steps done when it was measured.
  package var steps: [Float]
  package var values: [Float]

  package init(steps: [Float] = [], values: [Float] = []) {
    self.steps = steps
    self.values = values
  }

  /// The last value measured up to a step; nil before the first one, and after the end.
  func value(at step: Double) -> Float? {
    guard let end = steps.last, step < Double(end) + 1 else { return nil }
    return steps.lastIndex { Double($0) <= step + 0.5 }.map { values[$0] }
  }
}

/// One setting of a run, in words.
package struct RunSetting: Hashable, Sendable {
  /// `learning rate`, `dense_1 kernel_initializer`.
  package let name: String
  /// The same for a narrow panel: `rate`.
  package let short: String
  package let value: String

  package init(_ name: String, _ value: String, short: String? = nil) {
    self.name = name
    self.value = value
    self.short = short ?? name
  }
}

/// What is read of a run when it shows: its curves; its settings when it is compared with others.
package struct RunReading: Hashable, Sendable {
  package let number: Int
  /// The `revision` of the run that it was read of.
  package let revision: Int
  package let loss: RunCurve
  /// On examples that it never learned from; empty without such.
  package let validation: RunCurve
  /// Nil when they were not asked for.
  package let settings: [RunSetting]?

  package init(
    number: Int, revision: Int, loss: RunCurve, validation: RunCurve = RunCurve(),
    settings: [RunSetting]? = nil
  ) {
    self.number = number
    self.revision = revision
    self.loss = loss
    self.validation = validation
    self.settings = settings
  }
}

/// What the lab is asked to do with kept runs.
package enum RunsRequest: Hashable, Sendable {
  /// Looks whether the record has changed; news brings the list if so.
  case look
  /// Reads the curves of runs, and for some their settings too; news brings them.
  case read([Int], withSettings: [Int])
  /// Makes pictures of what runs have learned; news brings each.
  case learned([Int])
  case rename(Int, to: String?)
  case remove(Int)
  /// Undoes `remove`.
  case restore(Int)
  /// Trains a new run with the settings of a kept one.
  case trainAgain(Int)
  /// Writes the numbers, the weights or the code of a run, whichever the ending of the path says.
  case export(Int, path: String)
}
