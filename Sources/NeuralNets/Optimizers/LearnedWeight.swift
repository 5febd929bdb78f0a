import Autodiff
import Tensors

/// When weights are updated: after every step, or after every n-th, by the mean of n gradients.
package struct UpdateTiming: Hashable, Sendable {
  /// How many steps make one update.
  package let steps: Int

  /// The number of this update, counted from 1.
  package var count: Formula {
    steps == 1 ? .updateCount : .named("updates", .updateCount / .constant(Double(steps)))
  }

  /// The updates done before this step.
  var done: Formula {
    let before: Formula = .updateCount - 1
    return steps == 1 ? before : .combined(.floorDivide, before, .constant(Double(steps)))
  }

  /// 1 in a step that ends with an update, else 0; nil when each does.
  var isDue: Formula? {
    steps == 1
      ? nil : .equal(.combined(.modulo, .updateCount, .constant(Double(steps))), 0)
  }
}

/// A weight in an update, with the gradient that it learns from.
package struct LearnedWeight: Sendable {
  package let value: Value
  /// The mean of the accumulated gradients, clipped.
  package let gradient: Value
  package let timing: UpdateTiming
  /// What the optimizer remembers for all weights together.
  package let shared: [Value]

  /// What the optimizer remembers of this weight: `dense/kernel.m`.
  func state(
    _ state: OptimizerState, _ shape: Shape? = nil, _ emitter: inout Emitter
  ) -> Value {
    emitter.state(
      emitter.name(of: value) + "." + state.name, state.symbol, shape ?? value.shape,
      initially: state.start)
  }

  /// Emits what values become when the update is due, from the numbers of all operands before it.
  ///
  /// - Precondition: each of the values is an operand.
  func assign(
    _ assignments: [(value: Value, formula: Formula)], operands: [Value],
    title: String? = nil, _ emitter: inout Emitter
  ) {
    let names = operands.map { $0 == gradient ? "g" : emitter.symbol(of: $0) }
    let due = assignments.map { value, formula -> (value: Value, formula: Formula) in
      guard let isDue = timing.isDue, let old = operands.firstIndex(of: value) else {
        return (value, formula)
      }
      return (value, .where(isDue, formula, .operand(old)))
    }
    emitter.emitUpdate(title: title, due, operands: operands, names: names)
  }
}

/// An array that an optimizer keeps from step to step.
package struct OptimizerState: Hashable, Sendable {
  let name, symbol: String
  /// What all of it is before the first step.
  let start: Float

  init(_ name: String, _ symbol: String, startingAt start: Double = 0) {
    self.name = name
    self.symbol = symbol
    self.start = Float(start)
  }
}
