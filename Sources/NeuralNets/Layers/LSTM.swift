import Autodiff
import Tensors

/// A long short-term memory: reads a sequence [time steps, features] and keeps what it needs of it
/// in `units` cells.
package struct LSTM: RecurrentLayer {
  package static let kind = "LSTM"
  package static let summary = "reads a sequence and remembers what it needs"
  package static let cell = "lstm_cell"
  package static let states = ["h", "c"]
  package static let gates = ["i", "f", "c", "o"]
  package static let ownArguments = ArgumentSpec.recurrent(
    forgets: true, last: [.fixed("use_cudnn", .text("auto"))])

  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package var formula: RecurrentFormula { .longShortTerm }

  package func op(_ form: RecurrentOp.Form) -> RecurrentOp {
    .longShortTerm(
      activation: arguments.activation().scalar ?? .tanh,
      recurrentActivation: arguments.activation("recurrent_activation").scalar ?? .sigmoid, form)
  }
}
