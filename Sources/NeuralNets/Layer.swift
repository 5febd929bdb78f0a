import Autodiff
import Tensors

/// A layer of a network: what Keras code says of it, the shapes it makes, the weights it has, and
/// the ops it consists of.
///
/// To add one, write `Layers/X.swift` and name it in `LayerCatalog`: Keras code, builder, summary,
/// plan and gradient checks then know it.
package protocol Layer: Sendable {
  /// The Keras class name.
  static var kind: String { get }
  /// What it does, in one line for the builder.
  static var summary: String { get }
  /// Its arguments in Keras's positional order, `name` last.
  static var arguments: [ArgumentSpec] { get }

  init(_ arguments: Arguments)

  /// The shape of one example after this layer; throws when the input does not fit.
  func outputShape(for input: Shape) throws(LayerFailure) -> Shape

  /// The weights, in Keras's order, for an input of this shape.
  func weights(for input: Shape) -> [WeightSpec]

  /// Adds the layer's ops to a graph and returns its output, [batch, …].
  func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value
}

/// One array that a layer learns.
package struct WeightSpec: Hashable, Sendable {
  /// Keras's variable path below the layer: `kernel`, `lstm_cell/recurrent_kernel`.
  package let path: String
  package let shape: Shape
  package let initializer: Initializer
  /// Whether it is the bias of a long short-term memory whose forget gate starts open: the second
  /// quarter is one, only the rest is drawn. (Jozefowicz et al. 2015.)
  package let opensForgetGate: Bool

  package init(
    _ path: String, _ shape: Shape, _ initializer: Initializer, opensForgetGate: Bool = false
  ) {
    self.path = path
    self.shape = shape
    self.initializer = initializer
    self.opensForgetGate = opensForgetGate
  }

  /// The numbers that a run with this seed begins with.
  ///
  /// - Parameter name: of the weight in its network; other names draw other numbers.
  package func initialNumbers(seed: UInt64, name: String) -> [Float] {
    guard opensForgetGate else {
      return initializer.numbers(shape: shape, seed: seed, name: name)
    }
    let units = shape.count / 4
    // Keras draws the part before the forget gate and the parts after it by themselves.
    return initializer.numbers(shape: [units], seed: seed, name: name)
      + [Float](repeating: 1, count: units)
      + initializer.numbers(shape: [2 * units], seed: seed, name: name + "/after forget")
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

extension ArgumentSpec {
  static let layerName = ArgumentSpec(
    "name", .text, default: ArgumentValue.none, keywordOnly: true, "the layer's name")

  static func activation(
    _ standard: ArgumentValue? = ArgumentValue.none, keywordOnly: Bool = false
  ) -> ArgumentSpec {
    ArgumentSpec(
      "activation", .choice(ActivationFunction.allCases.map(\.rawValue)), default: standard,
      keywordOnly: keywordOnly, "the function of each output")
  }

  static func initializer(
    _ name: String, default standard: Initializer, keywordOnly: Bool = false
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .choice(Initializer.choices), default: .text(standard.rawValue),
      keywordOnly: keywordOnly, "how it starts")
  }

  static func useBias(keywordOnly: Bool = false) -> ArgumentSpec {
    ArgumentSpec(
      "use_bias", .boolean, default: .boolean(true), keywordOnly: keywordOnly,
      "whether a number is added to each output")
  }
}

extension Arguments {
  /// The activation named, linear when None.
  func activation(_ name: String = "activation") -> ActivationFunction {
    guard case .text(let function) = self[name] else { return .linear }
    return ActivationFunction(rawValue: function) ?? .linear
  }

  func initializer(_ name: String) -> Initializer {
    guard let initializer = Initializer(rawValue: text(name)) else {
      preconditionFailure("no initializer \(text(name))")
    }
    return initializer
  }
}

extension Shape {
  /// As Keras writes the shape of an example: `(8, 8, 1)`, `(2,)`.
  package var tuple: String {
    rank == 1
      ? "(\(extents[0]),)" : "(" + extents.map(String.init).joined(separator: ", ") + ")"
  }
}
