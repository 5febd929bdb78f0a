import Autodiff
import Tensors

/// Every number as it is; what large ones cost is added to the loss.
package struct ActivityRegularization: SingleLayer {
  package static let kind = "ActivityRegularization"
  package static let summary = "adds a penalty for large numbers to the loss"
  package static let ownArguments: [ArgumentSpec] = [
    .number("l1", 0...1e30, 0, "what each number's size costs"),
    .number("l2", 0...1e30, 0, "what each number's square costs"),
  ]

  private let l1, l2: Double

  package init(_ arguments: Arguments) {
    l1 = arguments.number("l1")
    l2 = arguments.number("l2")
  }

  package func lower(_ input: Value, weights: [Value], into builder: inout GraphBuilder) -> Value {
    if l1 != 0 || l2 != 0 {
      let penalty = Component.known("L1L2", [("l1", .number(l1)), ("l2", .number(l2))])
      builder.deferPenalty(builder.layerName) {
        Regularization.activity(penalty, of: input, into: &$0)
      }
    }
    return input
  }
}
