import Tensors

/// One array of a plan: a handle that is trivial to copy; `Plan` knows the rest.
package struct Value: Hashable, Sendable {
  package let id: Int
  package let shape: Shape
}

/// Part of a value from some element on, as kernels are given it.
package struct Slice: Hashable, Sendable {
  package let value: Value
  package let offset: Int

  package init(_ value: Value, from offset: Int = 0) {
    self.value = value
    self.offset = offset
  }
}

/// What a plan knows of one of its values.
package struct ValueInfo: Sendable {
  package enum Role: Hashable, Sendable {
    case input, target, parameter, optimizerState, activation, gradient, loss
    /// What a layer carries from one batch to the next.
    case carried
    /// Room that a kernel works in; its numbers mean nothing, so nobody can ask for them.
    case scratch
  }

  /// Where the numbers lie: parameters, what layers carry and optimizer state outlive a step, the
  /// rest does not.
  package enum Storage: Hashable, Sendable {
    case state(offset: Int)
    case activations(offset: Int)
  }

  /// As the debugger calls it: `dense/kernel`, `dense/output`, `dense/kernel.grad`.
  package var name: String
  /// As formulas write it: `W`, `h`, `∂L/∂W`.
  package var symbol: String
  package let shape: Shape
  package let role: Role
  package var storage: Storage
  /// The first and the last instruction that write it (a value of stacked time steps is written
  /// piece by piece); nil for inputs, parameters and state.
  package var writers: ClosedRange<Int>?
  /// The value that it is a part of, if any.
  package var parent: Int?
  /// Whether its first axis is time and its second the batch; else the first is the batch.
  package var isTimeMajor = false
}

/// The four parts of a training step, in order.
package enum Phase: String, CaseIterable, Hashable, Sendable, Comparable {
  case forward, loss, backward, update

  private var order: Int { Self.allCases.firstIndex(of: self) ?? 0 }
  package static func < (a: Phase, b: Phase) -> Bool { a.order < b.order }
}
