import Autodiff

/// What a weight is held to after each update.
package protocol Constraint: Catalogued {
  /// Emits the instruction that overwrites the weight with the nearest one that is allowed.
  func hold(_ weight: Value, _ emitter: inout Emitter)
}

/// The constraints, alphabetical: one line registers one.
package enum ConstraintCatalog {
  package static let all: [any Constraint.Type] = []

  static func constraint(_ component: Component) -> (any Constraint)? {
    all.first { $0.entry.kind == component.kind }?.init(component.arguments)
  }
}
