import Autodiff
import Tensors

/// A layer of a network: what Keras code says of it, the shapes it makes, the weights it has, and
/// the ops it consists of.
///
/// Shapes are those of one example, without the batch. Most layers take one array and give one: they
/// are `SingleLayer`s.
package protocol Layer: Sendable {
  /// The shapes of one example after this layer; throws when the inputs do not fit.
  func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape]

  /// The weights, in Keras's order, for inputs of these shapes.
  func weights(for inputs: [Shape]) -> [WeightSpec]

  /// Adds the layer's ops to a graph and returns its outputs, [batch, …].
  func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value]

  /// What it carries from each batch to the next, by paths below it; shapes are those of one
  /// example.
  func carried(for inputs: [Shape]) -> [CarriedSpec]

  /// The layers that it consists of, when it is a model or a class of the program.
  func inner(for inputs: [Shape]) -> PlacedGraph?

  /// The layer as a call asks for it: what it computes may depend on more than its inputs.
  func called(with options: CallOptions) throws(LayerFailure) -> any Layer
}

extension Layer {
  package func weights(for inputs: [Shape]) -> [WeightSpec] { [] }
  package func carried(for inputs: [Shape]) -> [CarriedSpec] { [] }
  package func inner(for inputs: [Shape]) -> PlacedGraph? { nil }

  package func called(with options: CallOptions) throws(LayerFailure) -> any Layer {
    guard let odd = (options.roles + options.flags.sorted()).first else { return self }
    throw LayerFailure("is called with \(odd)", remedy: "a call with its inputs alone")
  }
}

/// A layer that Keras has a class for.
///
/// To add one, write `Layers/X.swift` and name it in `LayerCatalog`: Keras code, builder, summary,
/// plan and gradient checks then know it.
package protocol CataloguedLayer: Layer {
  /// The Keras class name.
  static var kind: String { get }
  /// What it does, in one line for the builder.
  static var summary: String { get }
  /// Its own arguments in Keras's positional order; those of every layer follow by themselves.
  static var ownArguments: [ArgumentSpec] { get }
  /// What Keras names it by default where that is not its class name in small letters.
  static var defaultName: String? { get }
  /// What its call takes, in Keras's positional order.
  static var callArguments: [CallArgument] { get }

  init(_ arguments: Arguments)
}

extension CataloguedLayer {
  package static var defaultName: String? { nil }
  package static var callArguments: [CallArgument] { CallArgument.ofEveryLayer }
  package static var arguments: [ArgumentSpec] {
    let own = ownArguments
    return own
      + ArgumentSpec.ofEveryLayer.filter { every in !own.contains { $0.name == every.name } }
  }
}

/// A layer that takes one array and gives one.
package protocol SingleLayer: CataloguedLayer {
  func outputShape(for input: Shape) throws(LayerFailure) -> Shape
  func weights(for input: Shape) -> [WeightSpec]
  func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value
}

extension SingleLayer {
  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape { input }
  package func weights(for input: Shape) -> [WeightSpec] { [] }

  package func outputShapes(for inputs: [Shape]) throws(LayerFailure) -> [Shape] {
    guard inputs.count == 1 else {
      throw LayerFailure("gets \(inputs.count) arrays", remedy: "one array")
    }
    return [try outputShape(for: inputs[0])]
  }

  package func weights(for inputs: [Shape]) -> [WeightSpec] { weights(for: inputs[0]) }

  package func lower(
    _ inputs: [Value], weights: [Value], into builder: inout GraphBuilder
  ) -> [Value] {
    [lower(inputs[0], weights: weights, into: &builder)]
  }
}

/// An input that a layer cannot take, with what would be right.
package struct LayerFailure: Error, Hashable, Sendable {
  /// What was found: "gets (2, 2, 16), smaller than its kernel of 3 × 3".
  package let problem: String
  /// What would be right: "padding=\"same\", or a kernel of at most 2 × 2".
  package let remedy: String

  package init(_ problem: String, remedy: String) {
    self.problem = problem
    self.remedy = remedy
  }
}

extension Shape {
  /// As Keras writes the shape of an example: `(8, 8, 1)`, `(2,)`.
  package var tuple: String {
    rank == 1
      ? "(\(extents[0]),)" : "(" + extents.map(String.init).joined(separator: ", ") + ")"
  }
}
