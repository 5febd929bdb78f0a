import Autodiff
import Tensors

/// `y = f(x W + b)`: every output is a weighted sum of all inputs. W [inputs, units], b [units].
package struct Dense: SingleLayer {
  package static let kind = "Dense"
  package static let summary = "each unit weighs all inputs"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("units", .integer(1...65_536), "how many outputs"),
    .activation(), .useBias(),
    .initializer("kernel_initializer", default: "glorot_uniform"),
    .initializer("bias_initializer", default: "zeros"),
    .regularizer("kernel_regularizer"), .regularizer("bias_regularizer"),
    .activityRegularizer(),
    .constraint("kernel_constraint"), .constraint("bias_constraint"),
    .fixed("lora_rank"), .fixed("lora_alpha"), .fixed("quantization_config"),
  ]

  private let units: Int
  private let activation: ActivationFunction
  private let useBias: Bool
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    units = arguments.integer("units")
    activation = arguments.activation()
    useBias = arguments.boolean("use_bias")
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard input.rank >= 1 else {
      throw LayerFailure("gets a single number", remedy: "an input of shape (features,)")
    }
    return try activation.outputShape(for: Shape(input.extents.dropLast() + [units]))
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    let kernel = arguments.weight("kernel", [input.last, units])
    return useBias ? [kernel, arguments.weight("bias", [units])] : [kernel]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    var z = builder.apply(MatMulOp(), to: [input, weights[0]])
    if useBias { z = builder.apply(AddBiasOp(), to: [z, weights[1]]) }
    return builder.apply(activation, to: z)
  }
}
