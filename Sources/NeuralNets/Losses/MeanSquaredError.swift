import Autodiff
import Tensors

package struct MeanSquaredError: LossClass {
  package static let entry = ComponentClass(
    "MeanSquaredError", ["mse", "mean_squared_error", "MSE"], [],
    "the mean of the squared differences")

  package init(_ arguments: Arguments) {}

  package var fused: LossFunction? { .meanSquaredError }

  package func each(
    prediction: Value, target: Value, into builder: inout GraphBuilder
  ) -> Value {
    preconditionFailure("generic")
  }
}
