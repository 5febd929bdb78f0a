/// A learning rate that depends on the number of updates done.
package protocol Schedule: Catalogued {
  /// The rate of the step that comes after `step` updates, in Float32 arithmetic as Keras's.
  func rate(at step: Int) -> Float
}

/// The schedules, alphabetical: one line registers one.
package enum ScheduleCatalog {
  package static let all: [any Schedule.Type] = []

  static func schedule(_ component: Component) -> (any Schedule)? {
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
