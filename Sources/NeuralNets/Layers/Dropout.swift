import Autodiff
import Tensors

/// Drops a share of the numbers at random in training; does nothing otherwise. (Srivastava 2014.)
package struct Dropout: SingleLayer {
  package static let kind = "Dropout"
  package static let summary = "drops numbers at random while training"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("rate", .number(0...0.999), "the share that is dropped")

  ]

  private let rate: Double

  package init(_ arguments: Arguments) { rate = arguments.number("rate") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape { input }
  package func weights(for input: Shape) -> [WeightSpec] { [] }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    guard builder.mode == .training, rate > 0 else { return input }
    return builder.apply(DropoutOp(rate: rate, layer: builder.layerName), to: [input])
  }
}
