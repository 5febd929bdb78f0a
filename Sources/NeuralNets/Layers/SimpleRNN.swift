import Autodiff
import Tensors

/// A layer that is fed its own last output beside each time step of a sequence.
package struct SimpleRNN: RecurrentLayer {
  package static let kind = "SimpleRNN"
  package static let summary = "reads a sequence, its own last output beside each step"
  package static let cell = "simple_rnn_cell"
  package static let ownArguments = ArgumentSpec.recurrent(gates: false, seedIsLast: true)
  package static let dropsByGate = false

  package let arguments: Arguments

  package init(_ arguments: Arguments) { self.arguments = arguments }

  package var formula: RecurrentFormula { .simple }

  package func op(_ form: RecurrentOp.Form) -> RecurrentOp {
    .simple(activation: arguments.activation().scalar ?? .tanh, form)
  }
}
