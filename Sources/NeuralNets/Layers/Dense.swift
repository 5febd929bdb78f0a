import Autodiff
import Tensors

/// `y = f(x W + b)`: every output is a weighted sum of all inputs. W [inputs, units], b [units].
package struct Dense: Layer {
  package static let kind = "Dense"
  package static let summary = "each unit weighs all inputs"
  package static let arguments: [ArgumentSpec] = [
    ArgumentSpec("units", .integer(1...65_536), "how many outputs"),
    .activation(), .useBias(),
    .initializer("kernel_initializer", default: .glorotUniform),
    .initializer("bias_initializer", default: .zeros),
    .layerName,
  ]

  private let units: Int
  private let activation: ActivationFunction
  private let useBias: Bool
  private let kernelInitializer: Initializer
  private let biasInitializer: Initializer

  package init(_ arguments: Arguments) {
    units = arguments.integer("units")
    activation = arguments.activation()
    useBias = arguments.boolean("use_bias")
    kernelInitializer = arguments.initializer("kernel_initializer")
    biasInitializer = arguments.initializer("bias_initializer")
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard input.rank >= 1 else {
      throw LayerFailure("gets a single number", remedy: "an input of shape (features,)")
    }
    return Shape(input.extents.dropLast() + [units])
  }

  package func weights(for input: Shape) -> [WeightSpec] {
    let kernel = WeightSpec("kernel", [input.last, units], kernelInitializer)
    return useBias ? [kernel, WeightSpec("bias", [units], biasInitializer)] : [kernel]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    var z = builder.apply(MatMulOp(), to: [input, weights[0]])
    if useBias { z = builder.apply(AddBiasOp(), to: [z, weights[1]]) }
    return builder.apply(activation, to: z)
  }
}
