import Autodiff
import Tensors

/// `y = f(x)` as a layer of its own.
package struct Activation: SingleLayer {
  package static let kind = "Activation"
  package static let summary = "applies a function to every number"
  package static let ownArguments: [ArgumentSpec] = [
    .activation("activation", nil, "the function")
  ]

  private let activation: ActivationFunction

  package init(_ arguments: Arguments) { activation = arguments.activation() }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    try activation.outputShape(for: input)
  }
  package func weights(for input: Shape) -> [WeightSpec] { [] }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.apply(activation, to: input)
  }
}
