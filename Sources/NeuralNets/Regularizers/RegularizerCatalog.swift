import Autodiff
import Tensors

/// What the size of a weight or of an output costs: a number that is added to the loss.
package protocol Regularizer: Catalogued {
  /// One number, from the ops of a graph.
  func penalty(of x: Value, into builder: inout GraphBuilder) -> Value
  /// Why it does not apply to arrays of a shape, and what would.
  func problem(with shape: Shape) -> (problem: String, remedy: String)?
}

extension Regularizer {
  package func problem(with shape: Shape) -> (problem: String, remedy: String)? { nil }
}

/// The regularizers, alphabetical: one line registers one.
package enum RegularizerCatalog {
  package static let all: [any Regularizer.Type] = [
    L1.self, L1L2.self, L2.self, OrthogonalRegularizer.self,
  ]

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
    guard let regularizer = RegularizerCatalog.regularizer(component) else {
      preconditionFailure("no regularizer \(component.kind)")
    }
    return builder.formula(
      "penalty", "R", .operand(0) / .constant(Double(max(output.shape.extents.first ?? 1, 1))),
      [regularizer.penalty(of: output, into: &builder)])
  }
}
