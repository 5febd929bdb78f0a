import Autodiff

/// What the size of a weight or of an output costs: a number that is added to the loss.
package protocol Regularizer: Catalogued {
  /// One number, from the ops of a graph.
  func penalty(of x: Value, into builder: inout GraphBuilder) -> Value
}

/// The regularizers, alphabetical: one line registers one.
package enum RegularizerCatalog {
  package static let all: [any Regularizer.Type] = []

  static func regularizer(_ component: Component) -> (any Regularizer)? {
    all.first { $0.entry.kind == component.kind }?.init(component.arguments)
  }
}

/// The penalties of a network.
enum Regularization {
  /// The penalty of a layer's output, for each example of the batch.
  static func activity(
    _ component: Component, of output: Value, into builder: inout GraphBuilder
  ) -> Value {
    preconditionFailure("activity")
  }
}
