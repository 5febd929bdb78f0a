import Autodiff
import Tensors

/// A loss in Keras's form: one number an example (its mean over the last axis), then their mean.
///
///     mean squared error       Σ_j (y[j] − t[j])² / n
///     binary cross-entropy     −Σ_j (t[j] log y[j] + (1 − t[j]) log(1 − y[j])) / n
///     categorical              −Σ_j t[j] log p[j]
///     sparse categorical       −log p[t]
///
/// Probabilities are clipped to [1e-7, 1 − 1e-7] before the logarithm. Categorical losses divide
/// each row by its sum first, as Keras does, unless a softmax has just made the sum 1.
package struct Loss: LossRule {
  package let function: LossFunction
  package let normalizes: Bool

  /// - Parameter afterSoftmax: whether the prediction is a softmax already.
  package init(_ component: Component, afterSoftmax: Bool) {
    switch component.kind {
    case "BinaryCrossentropy": function = .binaryCrossentropy
    case "CategoricalCrossentropy": function = .categoricalCrossentropy
    case "SparseCategoricalCrossentropy": function = .sparseCategoricalCrossentropy
    case "MeanSquaredError": function = .meanSquaredError
    default: preconditionFailure("no loss \(component.kind)")
    }
    let categorical =
      function == .categoricalCrossentropy || function == .sparseCategoricalCrossentropy
    normalizes = categorical && !afterSoftmax
  }

  package func targetShape(for prediction: Shape) -> Shape {
    function == .sparseCategoricalCrossentropy
      ? Shape(Array(prediction.extents.dropLast())) : prediction
  }

  private var title: String {
    switch function {
    case .meanSquaredError: "(y − t)², mean"
    case .binaryCrossentropy: "log loss, mean"
    case .categoricalCrossentropy: "−t log p, mean"
    case .sparseCategoricalCrossentropy: "−log p, mean"
    }
  }

  private func sizes(_ prediction: Value) -> [Int] {
    [function.rawValue, prediction.shape.rows, prediction.shape.last, normalizes ? 1 : 0]
  }

  package func forward(
    prediction: Value, target: Value, _ emitter: inout Emitter
  ) -> (each: Value, mean: Value) {
    let shape = Shape(Array(prediction.shape.extents.dropLast()))
    let each = emitter.value("example_loss", "L[n]", shape, role: .loss)
    let mean = emitter.value("loss", "L", [], role: .loss)
    emitter.emit(
      title,
      [KernelCall(.loss, [prediction, target, each, mean], sizes: sizes(prediction))],
      [
        InstructionResult(mean, "L = Σ L[n] / \(shape.count)", .mean(of: each)),
        InstructionResult(
          each, "L[n] = \(formula(emitter.symbol(of: prediction)))",
          .exampleLoss(function, prediction: prediction, target: target, normalizes: normalizes)),
      ])
    return (each, mean)
  }

  private func formula(_ y: String) -> String {
    switch function {
    case .meanSquaredError: "mean of (\(y) − t)²"
    case .binaryCrossentropy: "−t log \(y) − (1 − t) log(1 − \(y))"
    case .categoricalCrossentropy: "−Σ t log \(y)"
    case .sparseCategoricalCrossentropy: "−log \(y)[t]"
    }
  }

  package func backward(prediction: Value, target: Value, _ emitter: inout Emitter) -> Value {
    let gradient = emitter.gradient(of: prediction)
    emitter.emit(
      "∂ \(title.split(separator: ",")[0])",
      [
        KernelCall(
          .lossGradient, [prediction, target, gradient], sizes: sizes(prediction))
      ],
      [
        InstructionResult(
          gradient, "\(emitter.symbol(of: gradient)) of the mean loss",
          .lossGradient(function, prediction: prediction, target: target, normalizes: normalizes))
      ])
    return gradient
  }
}
