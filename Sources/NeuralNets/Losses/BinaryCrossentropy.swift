import Autodiff
import Tensors

package struct BinaryCrossentropy: LossClass {
  package static let entry = ComponentClass(
    "BinaryCrossentropy", ["binary_crossentropy", "bce", "BCE"], [],
    "how surprised a yes-or-no prediction is")

  package init(_ arguments: Arguments) {}

  package var fused: LossFunction? { .binaryCrossentropy }

  package func each(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Value {
    preconditionFailure("generic")
  }
}
