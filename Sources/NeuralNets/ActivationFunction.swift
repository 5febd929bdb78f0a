import Autodiff
import Tensors

/// A function that a layer applies to its outputs: one of `ActivationCatalog` with its arguments, or
/// one of the program's own.
package struct ActivationFunction: Hashable, Sendable {
  package let component: Component

  package init(_ component: Component) { self.component = component }

  /// The function of a Keras name with its defaults, if there is one.
  package init?(named name: String) {
    guard let entry = ComponentFamily.activation.named(name), entry.hasDefaults else { return nil }
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
  private var known: ActivationClass? {
    component.body == nil ? ActivationCatalog.named(component.kind) : nil
  }

  /// The function as the map kernels know it, where they do.
  package var scalar: ScalarFunction? {
    guard component.arguments.spoken.isEmpty else { return nil }
    return known?.kernel
  }

  /// The function of one number x, `.operand(0)`; nil where it looks at a row, or is one of the
  /// program's own.
  package var formula: Formula? {
    guard case .formula(let make)? = known?.body else { return nil }
    return make(.operand(0), component.arguments)
  }

  /// What it makes of one number; nil where it looks at a row.
  package func value(at x: Float) -> Float? { curve(over: [x])?.values[0] }

  /// Its slope at one number; nil where it looks at a row.
  package func slope(at x: Float) -> Float? { curve(over: [x])?.slopes[0] }

  /// The shape of one example after it; throws when it does not fit.
  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    if case .model(let model)? = component.body {
      let layer = try placed(model, for: input)
      guard let output = try layer.outputShapes(for: [input]).first else {
        throw LayerFailure(
          "applies \(name), which gives nothing", remedy: "a function of one array")
      }
      return output
    }
    guard case .row(let function)? = known?.body else { return input }
    let axis = component.arguments.integer("axis")
    let place = axis < 0 ? input.rank + axis : axis - 1
    guard place >= 0 && place < input.rank else {
      throw LayerFailure(
        "applies \(name) along axis \(axis) of \(input.tuple)",
        remedy: "an axis from 1, the first one after the batch, to \(input.rank), or -1")
    }
    guard function == .gated else { return input }
    guard input[place].isMultiple(of: 2) else {
      throw LayerFailure(
        "applies \(name) to an axis of \(input[place]) places, which has no two halves",
        remedy: "an even number of places")
    }
    var output = input
    output.extents[place] /= 2
    return output
  }

  /// The layers of a function of the program's own, in their places.
  private func placed(
    _ model: ModelDescription, for input: Shape
  ) throws(LayerFailure) -> NestedModel {
    let layer = try NestedModel(model, inputs: [input], depth: 1)
    guard layer.weights(for: [input]).isEmpty else {
      throw LayerFailure(
        "applies \(name), which has weights", remedy: "a layer, added to the model itself")
    }
    return layer
  }

  /// - Precondition: `outputShape(for:)` accepts the shape of an example of x.
  fileprivate func lower(_ x: Value, into builder: inout GraphBuilder) -> Value {
    if self == .linear { return x }
    if let scalar { return builder.apply(MapOp(scalar), to: [x]) }
    if case .model(let model)? = component.body {
      let input = Shape(Array(x.shape.extents.dropFirst()))
      guard let layer = try? placed(model, for: input) else {
        preconditionFailure("\(name) was not checked for \(input)")
      }
      return layer.lower([x], weights: [], into: &builder)[0]
    }
    if let formula { return builder.formula(name, "h", formula, [x]) }
    guard case .row(let function)? = known?.body else {
      preconditionFailure("no activation \(name)")
    }
    return function.lower(x, axis: component.arguments.integer("axis"), into: &builder)
  }
}

/// A function that Keras knows by name.
package struct ActivationClass: Sendable {
  enum Body: Sendable {
    /// A function of one number.
    case formula(@Sendable (Formula, Arguments) -> Formula)
    /// A function of all numbers along an axis.
    case row(RowFunction)
  }

  package let entry: ComponentClass
  let body: Body
  /// The kernel of its own, where nothing differs from the defaults.
  let kernel: ScalarFunction?

  /// A function of one number.
  init(
    _ names: String..., arguments: [ArgumentSpec] = [], kernel: ScalarFunction? = nil,
    summary: String, _ formula: @escaping @Sendable (Formula, Arguments) -> Formula
  ) {
    entry = ComponentClass(names[0], names, arguments, summary)
    body = .formula(formula)
    self.kernel = kernel
  }

  /// A function of a row.
  init(_ name: String, arguments: [ArgumentSpec], row: RowFunction, summary: String) {
    entry = ComponentClass(name, [name], arguments, summary)
    body = .row(row)
    kernel = nil
  }
}

extension GraphBuilder {
  /// Applies an activation; a linear one adds nothing.
  mutating func apply(_ activation: ActivationFunction, to x: Value) -> Value {
    activation.lower(x, into: &self)
  }
}
