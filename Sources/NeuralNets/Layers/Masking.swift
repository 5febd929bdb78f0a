import Autodiff
import Tensors

/// Marks the steps of a sequence whose numbers are all the one that stands for padding, and makes
/// them 0: `m = 1` where any feature differs from it.
package struct Masking: SingleLayer, MaskingLayer {
  package static let kind = "Masking"
  package static let summary = "marks padded steps, which later layers leave out"
  package static let ownArguments: [ArgumentSpec] = [
    .number("mask_value", -1e30...1e30, 0, "the number that padded steps consist of")
  ]

  private let padding: Double

  package init(_ arguments: Arguments) { padding = arguments.number("mask_value") }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard input.rank >= 1 else {
      throw LayerFailure(
        "gets a single number", remedy: "an input of shape (time steps, features)")
    }
    return input
  }

  package func outputMasks(
    for inputs: [Shape], masks: [Shape?]
  ) throws(LayerFailure) -> [Shape?] { [Shape(Array(inputs[0].extents.dropLast()))] }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    lower(masked: [MaskedValue(input)], weights: weights, into: &builder)[0].value
  }

  package func lower(
    masked inputs: [MaskedValue], weights: [Value], into builder: inout GraphBuilder
  ) -> [MaskedValue] {
    let input = inputs[0].value
    let differs = builder.mask(
      of: input, padding: .named("p", .constant(padding)), name: "differs")
    let mask = builder.reduce(.maximum, differs, axes: [-1], name: "mask", symbol: "m")
    return [MaskedValue(builder.kept(input, by: mask), mask: mask)]
  }
}
