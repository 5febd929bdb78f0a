import Autodiff
import Tensors

/// A row of a table for each number: `y = E[n]`. E [numbers, size].
package struct Embedding: SingleLayer {
  package static let kind = "Embedding"
  package static let summary = "looks up a row of learned numbers for each number"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("input_dim", .integer(1...Network.largestWeight), "how many numbers there are"),
    ArgumentSpec("output_dim", .integer(1...65_536), "how long a row is"),
    .initializer("embeddings_initializer", default: "random_uniform"),
    .regularizer("embeddings_regularizer"), .constraint("embeddings_constraint"),
    .fixed("mask_zero", .boolean(false)), .fixed("weights"), .fixed("lora_rank"),
    .fixed("lora_alpha"), .fixed("quantization_config"),
    ArgumentSpec(
      "input_length", .integer(1...Network.largestExample), default: ArgumentValue.none,
      keywordOnly: true, "ignored, as in Keras 3"),
  ]

  private let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  private var size: Int { arguments.integer("output_dim") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    Shape(input.extents + [size])
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    [arguments.weight("embeddings", [arguments.integer("input_dim"), size])]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.apply(GatherOp(wrapsNegative: true), to: [weights[0], input])
  }
}
