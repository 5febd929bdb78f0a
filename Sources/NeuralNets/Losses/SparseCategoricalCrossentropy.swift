import Autodiff
import Tensors

package struct SparseCategoricalCrossentropy: LossClass {
  package static let entry = ComponentClass(
    "SparseCategoricalCrossentropy", ["sparse_categorical_crossentropy"], [],
    "how surprised a prediction of shares is, classes as numbers")

  package init(_ arguments: Arguments) {}

  package var fused: LossFunction? { .sparseCategoricalCrossentropy }

  package func targetShape(for prediction: Shape) -> Shape {
    Shape(Array(prediction.extents.dropLast()))
  }

  package func each(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Value {
    preconditionFailure("generic")
  }
}
