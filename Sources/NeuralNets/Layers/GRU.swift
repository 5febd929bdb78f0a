import Autodiff
import Tensors

/// Gated recurrent units: a memory with two gates, which is also its output.
package struct GRU: RecurrentLayer {
  package static let kind = "GRU"
  package static let summary = "reads a sequence and remembers, with two gates"
  package static let cell = "gru_cell"
  package static let gates = ["z", "r", "h"]
  package static let ownArguments = ArgumentSpec.recurrent(
    last: [
      .flag("reset_after", true, "whether the reset gate acts after the product, or before it"),
      .fixed("use_cudnn", .text("auto")),
    ])

  package let arguments: Arguments
  private let resetsAfter: Bool

  package init(_ arguments: Arguments) {
    self.arguments = arguments
    resetsAfter = arguments.boolean("reset_after")
  }

  /// One row for the input and one for what is fed back, when the reset gate acts after.
  package var biasShape: Shape { resetsAfter ? [2, 3 * units] : [3 * units] }

  package var formula: RecurrentFormula { .gated(resetsAfter: resetsAfter) }

  package func op(_ form: RecurrentOp.Form) -> RecurrentOp {
    .gated(
      activation: arguments.activation().scalar ?? .tanh,
      recurrentActivation: arguments.activation("recurrent_activation").scalar ?? .sigmoid,
      resetsAfter: resetsAfter, form)
  }
}
