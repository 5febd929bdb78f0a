import Autodiff
import Tensors

package struct CategoricalCrossentropy: LossClass {
  package static let entry = ComponentClass(
    "CategoricalCrossentropy", ["categorical_crossentropy"], [],
    "how surprised a prediction of shares is, classes one-hot")

  package init(_ arguments: Arguments) {}

  package var fused: LossFunction? { .categoricalCrossentropy }

  package func each(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Value {
    preconditionFailure("generic")
  }
}
