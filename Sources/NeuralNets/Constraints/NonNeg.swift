import Autodiff
import Tensors

/// No weight below 0.
package struct NonNeg: Constraint {
  package static let entry = ComponentClass("NonNeg", ["non_neg"], [], "no weight below 0")

  package init(_ arguments: Arguments) {}

  package func hold(_ weight: Value, _ emitter: inout Emitter) {
    let w = Formula.operand(0)
    emitter.emitUpdate(title: "constrain", [(weight, .where(w < 0, 0, w))], operands: [weight])
  }
}
