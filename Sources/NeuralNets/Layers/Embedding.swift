import Autodiff
import Tensors

/// A row of a table for each number: `y = E[n]`. E [numbers, size].
///
/// With `mask_zero` the number 0 stands for padding: steps of 0 carry a mask of 0.
package struct Embedding: SingleLayer, MaskingLayer {
  package static let kind = "Embedding"
  package static let summary = "looks up a row of learned numbers for each number"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("input_dim", .integer(1...Network.largestWeight), "how many numbers there are"),
    ArgumentSpec("output_dim", .integer(1...65_536), "how long a row is"),
    .initializer("embeddings_initializer", default: "random_uniform"),
    .regularizer("embeddings_regularizer"), .constraint("embeddings_constraint"),
    .flag("mask_zero", false, "whether 0 stands for padding, which later layers leave out"),
    .fixed("weights"), .fixed("lora_rank"),
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

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] { [arguments.boolean("mask_zero") ? inputs[0] : nil] }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let numbers = inputs[0].value
    let mask =
      arguments.boolean("mask_zero") ? builder.mask(of: numbers, padding: 0) : nil
    return [MaskedValue(lower(numbers, weights: weights, into: &builder), mask: mask)]
  }
}
