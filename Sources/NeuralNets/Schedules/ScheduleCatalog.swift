/// A learning rate that depends on the number of updates done.
package protocol Schedule: Catalogued {
  /// The rate of the step that comes after `step` updates, in Float32 arithmetic as Keras's.
  func rate(at step: Int) -> Float

  /// Why arguments that fit one by one do not fit each other, and what would be right.
  static func problem(_ arguments: Arguments) -> (problem: String, remedy: String)?
}

extension Schedule {
  package static func problem(_ arguments: Arguments) -> (problem: String, remedy: String)? { nil }
}

/// The schedules, alphabetical: one line registers one.
package enum ScheduleCatalog {
  package static let all: [any Schedule.Type] = [
    CosineDecay.self, CosineDecayRestarts.self, ExponentialDecay.self, InverseTimeDecay.self,
    PiecewiseConstantDecay.self, PolynomialDecay.self,
  ]

  /// Why a schedule cannot be, as one with more boundaries than values; nil when it can.
  package static func problem(_ component: Component) -> (problem: String, remedy: String)? {
    all.first { $0.entry.kind == component.kind }?.problem(component.arguments)
  }

  package static func schedule(_ component: Component) -> (any Schedule)? {
    all.first { $0.entry.kind == component.kind }?.init(component.arguments)
  }
}

/// The learning rate of an optimizer: one number, or a schedule.
package enum LearningRate: Sendable {
  case constant(Float)
  case schedule(any Schedule)

  package init(_ optimizer: Component) {
    switch optimizer.arguments["learning_rate"] {
    case .number(let rate): self = .constant(Float(rate))
    case .component(let component):
      guard let schedule = ScheduleCatalog.schedule(component) else {
        preconditionFailure("no schedule \(component.kind)")
      }
      self = .schedule(schedule)
    default: self = .constant(0.001)
    }
  }

  package func rate(at step: Int) -> Float {
    switch self {
    case .constant(let rate): rate
    case .schedule(let schedule): schedule.rate(at: step)
    }
  }
}
