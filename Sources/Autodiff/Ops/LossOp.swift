import Tensors

/// A loss in Keras's form that has kernels of its own: one number an example (its mean over the last
/// axis), then their mean.
///
///     mean squared error       Σ_j (y[j] − t[j])² / n
///     binary cross-entropy     −Σ_j (t[j] log y[j] + (1 − t[j]) log(1 − y[j])) / n
///     categorical              −Σ_j t[j] log p[j]
///     sparse categorical       −log p[t]
///
/// Probabilities are clipped to [1e-7, 1 − 1e-7] before the logarithm. Categorical losses divide
/// each row by its sum first, as Keras does, unless a softmax has just made the sum 1.
package struct LossOp: Op {
  package let function: LossFunction
  package let normalizes: Bool
  package let outputName: String

  /// - Parameters:
  ///   - afterSoftmax: whether the prediction is a softmax already.
  ///   - name: what the debugger calls the loss.
  package init(_ function: LossFunction, afterSoftmax: Bool, name: String = "loss") {
    self.function = function
    outputName = name
    let categorical =
      function == .categoricalCrossentropy || function == .sparseCategoricalCrossentropy
    normalizes = categorical && !afterSoftmax
  }

  package var outputSymbol: String { "L" }
  package var contributions: [ContributionRule] { [.linearized, .terms] }
  package var beginsBackward: Bool { true }

  package func outputShape(_ inputs: [Shape]) -> Shape { [] }

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

  package func forward(_ inputs: [Value], _ mean: Value, _ emitter: inout Emitter) -> [Value] {
    let (prediction, target) = (inputs[0], inputs[1])
    let shape = Shape(Array(prediction.shape.extents.dropLast()))
    let prefix = outputName == "loss" ? "" : outputName.dropLast(4)
    let each = emitter.value(prefix + "example_loss", "L[n]", shape, role: .loss)
    emitter.emit(
      title,
      [KernelCall(.loss, [prediction, target, each, mean], sizes: sizes(prediction))],
      [
        InstructionResult(mean, "L = Σ L[n] / \(shape.count)", .mean(of: each)),
        InstructionResult(
          each, "L[n] = \(formula(emitter.symbol(of: prediction)))",
          .exampleLoss(function, prediction: prediction, target: target, normalizes: normalizes)),
      ])
    return []
  }

  private func formula(_ y: String) -> String {
    switch function {
    case .meanSquaredError: "mean of (\(y) − t)²"
    case .binaryCrossentropy: "−t log \(y) − (1 − t) log(1 − \(y))"
    case .categoricalCrossentropy: normalizes ? "−Σ t log(\(y) / Σ \(y))" : "−Σ t log \(y)"
    case .sparseCategoricalCrossentropy:
      normalizes ? "−log(\(y)[t] / Σ \(y))" : "−log \(y)[t]"
    }
  }

  package func backward(_ node: Node, _ emitter: inout Emitter) -> [Value?] {
    let (prediction, target) = (node.inputs[0], node.inputs[1])
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
    guard let share = node.outputGradient else { return [gradient, nil] }
    emitter.rename(gradient, emitter.name(of: gradient) + ".unweighted")
    let scaled = emitter.gradient(of: prediction)
    let text = "\(emitter.symbol(of: scaled)) × \(emitter.symbol(of: share))"
    emitter.emitFormulas(
      "∂ share", [(scaled, .operand(0) * .operand(1), text)], operands: [gradient, share],
      layout: OperandLayout(
        rows: prediction.shape.rows, columns: prediction.shape.last, modes: [.full, .scalar]))
    return [scaled, nil]
  }
}
