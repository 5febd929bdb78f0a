import Autodiff
import Tensors

/// What a weight is held to after each update.
package protocol Constraint: Catalogued {
  /// Emits the instructions that overwrite the weight with the nearest one that is allowed.
  func hold(_ weight: Value, _ emitter: inout Emitter)
  /// Why it does not apply to weights of a shape, and what would.
  func problem(with shape: Shape) -> (problem: String, remedy: String)?
}

extension Constraint {
  package func problem(with shape: Shape) -> (problem: String, remedy: String)? { nil }
}

/// The constraints, alphabetical: one line registers one.
package enum ConstraintCatalog {
  package static let all: [any Constraint.Type] = [
    MaxNorm.self, MinMaxNorm.self, NonNeg.self, UnitNorm.self,
  ]

  static func constraint(_ component: Component) -> (any Constraint)? {
    all.first { $0.entry.kind == component.kind }?.init(component.arguments)
  }
}
