import Autodiff
import Tensors

/// Where a number came from, one instruction upstream.
package struct OriginAnswer: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// An instruction of the step made it.
    case made(OpenedNumber)
    /// It came with the data of an example.
    case data(ExampleLabel?)
    /// It stands in the code.
    case constant
    /// No instruction writes it: the zeros that a state begins with.
    case given
    /// No update has written it yet: it is as the run began, or as it was set by hand.
    case beginning(step: Int, setByHand: Bool)
  }

  package let name: String
  package let value: Float
  /// The step whose numbers these are.
  package let step: Int
  package let source: Source
}
