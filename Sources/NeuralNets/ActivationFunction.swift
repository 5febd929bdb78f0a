import Autodiff
import Tensors

/// A function that a layer applies to its outputs: one of `ActivationCatalog`, with its arguments.
package struct ActivationFunction: Hashable, Sendable {
  package let component: Component

  package init(_ component: Component) { self.component = component }

  /// The function of a Keras name with its defaults, if there is one.
  package init?(named name: String) {
    guard let entry = ComponentFamily.activation.named(name) else { return nil }
    self.init(entry.standard)
  }

  package static let linear = Self(.known("linear"))
  package static let relu = Self(.known("relu"))
  package static let sigmoid = Self(.known("sigmoid"))
  package static let softmax = Self(.known("softmax"))
  package static let tanh = Self(.known("tanh"))

  /// As Keras writes it: `relu`.
  package var name: String { component.kind }

  /// What the function is made of; nil for one of the program's own.
  private var known: ActivationClass? { ActivationCatalog.named(component.kind) }

  /// The function as the map kernels know it, where they do.
  package var scalar: ScalarFunction? {
    guard component.body == nil, component.arguments.spoken.isEmpty,
      case .map(let function)? = known?.body
    else { return nil }
    return function
  }
}

/// A function that Keras knows by name.
package struct ActivationClass: Sendable {
  package enum Body: Sendable {
    /// A function of one number that has a kernel of its own.
    case map(ScalarFunction)
    case softmax
  }

  package let entry: ComponentClass
  let body: Body

  init(
    _ names: String..., arguments: [ArgumentSpec] = [], body: Body, summary: String
  ) {
    entry = ComponentClass(names[0], names, arguments, summary)
    self.body = body
  }
}

extension GraphBuilder {
  /// Applies an activation; a linear one adds nothing.
  mutating func apply(_ activation: ActivationFunction, to x: Value) -> Value {
    if activation == .linear { return x }
    if let function = activation.scalar { return apply(MapOp(function), to: [x]) }
    return apply(SoftmaxOp(), to: [x])
  }
}
