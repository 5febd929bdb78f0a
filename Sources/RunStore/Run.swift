import Foundation

/// The number of a run, written `r12`. Numbers rise and are never used again.
package struct RunNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let value: Int

  package init(_ value: Int) { self.value = value }

  /// Reads `r12` or `12`; nil when it is neither.
  package init?(parsing text: String) {
    let digits = text.hasPrefix("r") ? text.dropFirst() : Substring(text)
    guard let value = Int(digits), value > 0, digits.allSatisfy(\.isNumber) else { return nil }
    self.value = value
  }

  package static func < (a: RunNumber, b: RunNumber) -> Bool { a.value < b.value }

  package var description: String { "r\(value)" }
}

/// What is known of a run when it begins.
package struct RunRecord: Hashable, Sendable {
  /// A name the user gave it.
  package var name: String?
  /// To whole milliseconds.
  package let started: Date
  /// The model as Keras source text.
  package var modelCode: String
  /// In short: `64-32-10 relu`.
  package var modelSummary: String
  package var dataName: String
  package var dataFingerprint: String
  package var batchSize: Int
  package var epochs: Int
  package var seed: UInt64
  /// The Keras class: `Adam`.
  package var optimizer: String
  package var learningRate: Double
  package var parameterCount: Int

  package init(
    name: String? = nil, started: Date, modelCode: String, modelSummary: String,
    dataName: String, dataFingerprint: String, batchSize: Int, epochs: Int, seed: UInt64,
    optimizer: String, learningRate: Double, parameterCount: Int
  ) {
    self.name = name
    self.started = started.inWholeMilliseconds
    self.modelCode = modelCode
    self.modelSummary = modelSummary
    self.dataName = dataName
    self.dataFingerprint = dataFingerprint
    self.batchSize = batchSize
    self.epochs = epochs
    self.seed = seed
    self.optimizer = optimizer
    self.learningRate = learningRate
    self.parameterCount = parameterCount
  }
}

/// How far a run has come and with which numbers.
package struct RunOutcome: Hashable, Sendable {
  package enum Status: String, CaseIterable, Hashable, Sendable {
    /// Training, by a process that lives.
    case running
    /// All its epochs are done.
    case finished
    /// Ended by the user before that, or cut off with its process.
    case stopped
  }

  package var status: Status
  /// Training steps done.
  package var steps: Int
  /// Of the last epoch, or the last step before the first epoch is through. May be NaN.
  package var loss: Double?
  package var accuracy: Double?
  package var validationLoss: Double?
  package var validationAccuracy: Double?

  package init(
    status: Status, steps: Int = 0, loss: Double? = nil, accuracy: Double? = nil,
    validationLoss: Double? = nil, validationAccuracy: Double? = nil
  ) {
    self.status = status
    self.steps = steps
    self.loss = loss
    self.accuracy = accuracy
    self.validationLoss = validationLoss
    self.validationAccuracy = validationAccuracy
  }
}

/// A run in the record.
package struct Run: Hashable, Sendable {
  package let number: RunNumber
  package let record: RunRecord
  package let outcome: RunOutcome
  /// When it was last written to.
  package let updated: Date
  /// Whether its weights were saved.
  package let hasWeights: Bool
  /// Another process that has the run open; nil when none has.
  package let writer: RunOwner?
}

/// One number of a run over time: a series, a step, a value (NaN too).
package struct MetricPoint: Hashable, Sendable {
  /// `loss`, `accuracy`, `gradient_norm`, `learning_rate` by step; `epoch_loss`,
  /// `epoch_accuracy`, `val_loss`, `val_accuracy` at the end of each epoch.
  package let series: String
  /// Training steps done when it was measured, counted so that the first step is 0.
  package let step: Int
  package let value: Double

  package init(series: String, step: Int, value: Double) {
    self.series = series
    self.step = step
    self.value = value
  }
}

/// A setting that was changed while a run went on.
package struct LiveChange: Hashable, Sendable {
  /// From which step on it holds.
  package let step: Int
  /// `learning_rate`, `dense/kernel[2,1]`.
  package let name: String
  package let value: String

  package init(step: Int, name: String, value: String) {
    self.step = step
    self.name = name
    self.value = value
  }
}

extension Date {
  /// Rounded so that it reads back from the database as the same value.
  package var inWholeMilliseconds: Date { Date(milliseconds: milliseconds) }

  /// Milliseconds since 1970, as the database keeps time; far-away dates are clamped.
  var milliseconds: Int64 {
    Int64((timeIntervalSince1970 * 1000).rounded().clamped(to: -1e15...1e15))
  }

  init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}

extension Double {
  fileprivate func clamped(to range: ClosedRange<Double>) -> Double {
    isNaN ? 0 : Swift.min(Swift.max(self, range.lowerBound), range.upperBound)
  }
}
