import Autodiff
import Tensors

/// A long short-term memory: reads a sequence [time steps, features] and keeps what it needs of it
/// in `units` cells. Gives the last output, or with `return_sequences` the outputs of all steps.
package struct LSTM: Layer {
  package static let kind = "LSTM"
  package static let summary = "reads a sequence and remembers what it needs"
  package static let arguments: [ArgumentSpec] = [
    ArgumentSpec("units", .integer(1...65_536), "how many cells it has"),
    function("activation", .tanh, "the function of candidate and output"),
    function("recurrent_activation", .sigmoid, "the function of the gates"),
    .useBias(),
    .initializer("kernel_initializer", default: .glorotUniform),
    .initializer("recurrent_initializer", default: .orthogonal),
    .initializer("bias_initializer", default: .zeros),
    ArgumentSpec(
      "unit_forget_bias", .boolean, default: .boolean(true),
      "whether the forget gate starts open, with a bias of 1"),
    ArgumentSpec(
      "return_sequences", .boolean, default: .boolean(false), keywordOnly: true,
      "whether it gives the outputs of all time steps"),
    .layerName,
  ]

  /// An activation that works number by number: all but softmax.
  private static func function(
    _ name: String, _ standard: ActivationFunction, _ help: String
  ) -> ArgumentSpec {
    let choices = ActivationFunction.allCases.filter { $0.scalar != nil }.map(\.rawValue)
    return ArgumentSpec(name, .choice(choices), default: .text(standard.rawValue), help)
  }

  private let units: Int
  private let op: LSTMOp
  private let useBias: Bool
  private let returnsSequences: Bool
  private let kernelInitializer: Initializer
  private let recurrentInitializer: Initializer
  private let biasInitializer: Initializer
  private let opensForgetGate: Bool

  package init(_ arguments: Arguments) {
    units = arguments.integer("units")
    useBias = arguments.boolean("use_bias")
    returnsSequences = arguments.boolean("return_sequences")
    op = LSTMOp(
      activation: arguments.activation().scalar ?? .tanh,
      recurrentActivation: arguments.activation("recurrent_activation").scalar ?? .sigmoid,
      returnsSequences: returnsSequences)
    kernelInitializer = arguments.initializer("kernel_initializer")
    recurrentInitializer = arguments.initializer("recurrent_initializer")
    biasInitializer = arguments.initializer("bias_initializer")
    opensForgetGate = arguments.boolean("unit_forget_bias")
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard input.rank == 2 else {
      throw LayerFailure(
        "gets \(input.tuple), which is not a sequence",
        remedy: "an input of shape (time steps, features)")
    }
    guard input[0] <= Self.mostTimeSteps else {
      throw LayerFailure(
        "gets sequences of \(input[0]) time steps",
        remedy: "at most \(Self.mostTimeSteps): cut them into windows")
    }
    return returnsSequences ? [input[0], units] : [units]
  }

  /// Every time step has instructions of its own.
  private static let mostTimeSteps = 4096

  package func weights(for input: Shape) -> [WeightSpec] {
    let kernels = [
      WeightSpec("lstm_cell/kernel", [input.last, 4 * units], kernelInitializer),
      WeightSpec("lstm_cell/recurrent_kernel", [units, 4 * units], recurrentInitializer),
    ]
    guard useBias else { return kernels }
    return kernels + [
      WeightSpec(
        "lstm_cell/bias", [4 * units], biasInitializer, opensForgetGate: opensForgetGate)
    ]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.apply(op, to: [input] + weights)
  }
}
