import Autodiff
import NeuralNets
import Tensors
import Training

/// A number that tells how good predictions are, beside the loss; Keras's definition and name.
package struct Metric: Hashable, Sendable {
  private enum Measure: Hashable {
    /// The share of rows whose largest output, or whose only one, says the right class.
    case rowAccuracy(AccuracyFunction)
    /// The share of outputs on the right side of one half.
    case elementAccuracy
    case absoluteError, squaredError
  }

  /// As Keras reports it: `accuracy`, `mae`.
  package let name: String
  private let measure: Measure

  /// The metrics that a model was compiled with.
  /// - Throws: `RunFailure` for one that does not fit the outputs and the loss.
  package static func compiled(for network: Network) throws(RunFailure) -> [Metric] {
    guard let compilation = network.description.compilation else { return [] }
    var metrics: [Metric] = []
    for case .named(let name) in compilation.metrics where !metrics.contains(where: { $0.name == name }) {
      metrics.append(try Metric(name, network, compilation.loss))
    }
    return metrics
  }

  private init(_ name: String, _ network: Network, _ loss: Component) throws(RunFailure) {
    let isSparse = loss.kind == "SparseCategoricalCrossentropy"
    let hasOneOutput = network.outputShape.last == 1
    self.name = name
    switch name {
    case "accuracy" where hasOneOutput, "binary_accuracy" where hasOneOutput:
      measure = .rowAccuracy(.binary)
    case "accuracy": measure = .rowAccuracy(isSparse ? .sparseCategorical : .categorical)
    case "categorical_accuracy" where !isSparse, "sparse_categorical_accuracy" where isSparse:
      measure = .rowAccuracy(isSparse ? .sparseCategorical : .categorical)
    case "binary_accuracy" where !isSparse: measure = .elementAccuracy
    case "mae" where !isSparse, "mean_absolute_error" where !isSparse: measure = .absoluteError
    case "mse" where !isSparse, "mean_squared_error" where !isSparse: measure = .squaredError
    default:
      throw RunFailure(
        "the metric \"\(name)\" does not fit the loss \(loss.kind)", remedy: "\"accuracy\"")
    }
  }

  /// The mean over the rows of the batch that an execution has just done.
  func mean(of execution: Execution) -> Double {
    let rows = Double(max(execution.plan.output.shape.rows, 1))
    if case .rowAccuracy(let function) = measure {
      return Double(execution.countRight(function)) / rows
    }
    guard let target = execution.plan.target else { return .nan }
    let numbers = zip(execution.numbers(of: execution.plan.output), execution.numbers(of: target))
    let sum = numbers.reduce(0.0) { sum, pair in
      sum + value(said: Double(pair.0), right: Double(pair.1))
    }
    return sum / Double(max(target.shape.count, 1))
  }

  private func value(said: Double, right: Double) -> Double {
    switch measure {
    case .absoluteError: abs(said - right)
    case .squaredError: (said - right) * (said - right)
    case .elementAccuracy, .rowAccuracy: (said > 0.5) == (right != 0) ? 1 : 0
    }
  }
}

/// A number with the name that Keras gives it: `loss`, `val_accuracy`.
package struct NamedNumber: Hashable, Sendable {
  package let name: String
  package let value: Double

  package init(_ name: String, _ value: Double) {
    self.name = name
    self.value = value
  }
}

/// Means over examples that come batch by batch.
struct RunningMeans {
  private var sums: [Double]
  private var count = 0.0

  init(count: Int) { sums = [Double](repeating: 0, count: count) }

  mutating func add(_ values: [Double], weight: Int) {
    for (i, value) in values.enumerated() { sums[i] += value * Double(weight) }
    count += Double(weight)
  }

  var means: [Double] { sums.map { $0 / max(count, 1) } }
}
