import Autodiff
import Tensors

/// A long short-term memory: reads a sequence [time steps, features] and keeps what it needs of it
/// in `units` cells. Gives the last output, or with `return_sequences` the outputs of all steps.
package struct LSTM: SingleLayer {
  package static let kind = "LSTM"
  package static let summary = "reads a sequence and remembers what it needs"
  package static let ownArguments: [ArgumentSpec] = [
    ArgumentSpec("units", .integer(1...65_536), "how many cells it has"),
    .activation("activation", .text("tanh"), "the function of candidate and output"),
    .activation("recurrent_activation", .text("sigmoid"), "the function of the gates"),
    .useBias(),
    .initializer("kernel_initializer", default: "glorot_uniform"),
    .initializer("recurrent_initializer", default: "orthogonal"),
    .initializer("bias_initializer", default: "zeros"),
    .flag("unit_forget_bias", true, "whether the forget gate starts open, with a bias of 1"),
    .regularizer("kernel_regularizer"), .regularizer("recurrent_regularizer"),
    .regularizer("bias_regularizer"),
    .constraint("kernel_constraint"), .constraint("recurrent_constraint"),
    .constraint("bias_constraint"),
    ArgumentSpec(
      "return_sequences", .boolean, default: .boolean(false), keywordOnly: true,
      "whether it gives the outputs of all time steps"),

  ]

  private let units: Int
  let op: LSTMOp
  private let useBias: Bool
  let returnsSequences: Bool
  private let arguments: Arguments

  package init(_ arguments: Arguments) {
    units = arguments.integer("units")
    useBias = arguments.boolean("use_bias")
    returnsSequences = arguments.boolean("return_sequences")
    op = LSTMOp(
      activation: arguments.activation().scalar ?? .tanh,
      recurrentActivation: arguments.activation("recurrent_activation").scalar ?? .sigmoid,
      returnsSequences: returnsSequences)
    self.arguments = arguments
  }

  package func outputShape(for input: Shape) throws(LayerFailure) -> Shape {
    guard input.rank == 2 else {
      throw LayerFailure(
        "gets \(input.tuple), which is not a sequence",
        remedy: "an input of shape (time steps, features)")
    }
    for name in ["activation", "recurrent_activation"]
    where arguments.activation(name).scalar == nil {
      throw LayerFailure(
        "has \(name)=\"\(arguments.activation(name).name)\"",
        remedy: "\"tanh\", \"sigmoid\", \"relu\" or \"linear\"")
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
      arguments.weight("kernel", [input.last, 4 * units], path: "lstm_cell/kernel"),
      arguments.weight("recurrent", [units, 4 * units], path: "lstm_cell/recurrent_kernel"),
    ]
    guard useBias else { return kernels }
    return kernels + [
      arguments.weight(
        "bias", [4 * units], path: "lstm_cell/bias",
        opensForgetGate: arguments.boolean("unit_forget_bias"))
    ]
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    builder.apply(op, to: [input] + weights)
  }
}
