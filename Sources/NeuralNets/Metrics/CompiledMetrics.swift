import Tensors

/// The metrics that a model was compiled with, gathered batch by batch under Keras's names.
package struct CompiledMetrics: Sendable {
  private struct Entry: Sendable {
    let name: String
    /// Without the name of its output.
    let ownName: String
    let output: Int
    let isWeighted: Bool
    var metric: any MetricClass
  }

  private var entries: [Entry] = []

  /// The metrics of a network; none when it is not compiled.
  ///
  /// - Throws: for one that does not fit its output and the targets of the loss.
  package init(_ network: Network) throws(MetricFailure) {
    guard let compilation = network.description.compilation else { return }
    let shapes = network.outputShapes.map { Shape([Self.batch] + $0.extents) }
    var naming = MetricNaming(
      outputs: compilation.outputs.count > 1 ? network.graph.outputNames : [])
    for isWeighted in [false, true] {
      for (i, judging) in compilation.outputs.enumerated() {
        // The shape in which targets come to a loss of the program's own is that of the output.
        let target =
          judging.loss?.body == nil ? judging.targetShape(for: shapes[i]) : shapes[i]
        for choice in isWeighted ? judging.weightedMetrics : judging.metrics {
          let name = naming.logName(of: choice)
          let metric: any MetricClass
          do {
            metric = try Self.metric(choice, prediction: shapes[i], target: target)
            try metric.check(prediction: shapes[i], target: target)
          } catch { throw error.named(name) }
          entries.append(
            Entry(
              name: naming.unique(name, output: i, isWeighted: isWeighted), ownName: name,
              output: i, isWeighted: isWeighted, metric: metric))
        }
      }
    }
  }

  /// Any number of examples that no axis is mistaken for.
  private static let batch = 2

  private static func metric(
    _ choice: MetricChoice, prediction: Shape, target: Shape
  ) throws(MetricFailure) -> any MetricClass {
    switch choice {
    case .object(let component):
      guard component.kind != "Mean", component.kind != "Sum" else {
        throw MetricFailure(
          "takes numbers, not predictions and targets", remedy: "\"accuracy\" or \"mae\"")
      }
      return try MetricCatalog.metric(component)
    case .named(let name):
      let kind =
        MetricChoice.isAutomatic(name)
        ? OutputKind(prediction: prediction, target: target).accuracy
        : MetricCatalog.named(name)
      guard let kind else {
        throw MetricFailure(
          "is not one of keras.metrics",
          remedy: "\"accuracy\", or another name of keras.metrics, as \"mean_absolute_error\"")
      }
      guard kind.entry.hasDefaults else {
        throw MetricFailure(
          "needs arguments", remedy: "an object, as keras.metrics.\(kind.entry.kind)(…)")
      }
      return try metric(.object(kind.entry.standard), prediction: prediction, target: target)
    }
  }

  // MARK: Gathering

  package var isEmpty: Bool { entries.isEmpty }

  /// Whether some metric counts examples by their weights.
  package var usesWeights: Bool { entries.contains(where: \.isWeighted) }

  /// As Keras's logs call them, in the order of `compile`: `accuracy`, `left_mae`,
  /// `weighted_accuracy`.
  package var names: [String] { entries.map(\.name) }

  /// The same as they are called by themselves: two of one kind have one name.
  package var ownNames: [String] { entries.map(\.ownName) }

  /// Adds a batch.
  ///
  /// - Parameters:
  ///   - predictions: one array for each output.
  ///   - targets: one for each output, nil where there is none.
  ///   - weights: how much each example counts in the weighted metrics: none, one array for all
  ///     outputs, or one for each.
  ///   - masks: which predictions of each output count, 1 or 0; nil where all do. As in Keras it is
  ///     means that go by them.
  package mutating func update(
    predictions: [Tensor], targets: [Tensor?], weights: [Tensor?] = [], masks: [Tensor?] = []
  ) throws(MetricFailure) {
    for i in entries.indices {
      let output = entries[i].output
      guard predictions.indices.contains(output), targets.indices.contains(output),
        let target = targets[output]
      else {
        throw MetricFailure(
          "has no targets", remedy: "an array of targets for each output",
          metric: entries[i].name)
      }
      let own = weights.count == 1 ? weights[0] : weights.dropFirst(output).first ?? nil
      let mask =
        (entries[i].metric as? MeanMetric)?.goesByMasks == true && masks.indices.contains(output)
        ? masks[output] : nil
      let counts = entries[i].isWeighted ? own : nil
      let batch = MetricBatch(
        predictions: predictions[output], targets: target,
        weights: mask.map { $0.weighted(by: counts) } ?? counts)
      do { try entries[i].metric.update(batch) } catch { throw error.named(entries[i].name) }
    }
  }

  package mutating func reset() {
    for i in entries.indices { entries[i].metric.reset() }
  }

  package var results: [(name: String, result: MetricResult)] {
    entries.map { ($0.name, $0.metric.result) }
  }

  /// One number each: the mean where a metric gives several.
  package var values: [(name: String, value: Double)] {
    entries.map { ($0.name, $0.metric.result.mean) }
  }
}

extension Tensor {
  /// A mask [batch, …] times how much each example counts, [batch], or each of its places.
  fileprivate func weighted(by counts: Tensor?) -> Tensor {
    if let counts, counts.shape == shape {
      return Tensor(shape: shape, scalars: zip(scalars, counts.scalars).map { $0 * $1 })
    }
    guard let counts, let batch = shape.extents.first, counts.count == batch else { return self }
    let inner = count / max(batch, 1)
    return Tensor(
      shape: shape, scalars: scalars.enumerated().map { $1 * counts.scalars[$0 / inner] })
  }
}

extension MetricChoice {
  /// Whether a name leaves it to loss and output which accuracy is meant.
  package static func isAutomatic(_ name: String) -> Bool {
    ["accuracy", "acc"].contains(name.lowercased())
  }
}

/// What an output and its targets are, by their shapes: what "accuracy" and "crossentropy" go by.
package enum OutputKind: Sendable {
  case binary, sparseCategorical, categorical

  /// - Parameters: shapes of a batch.
  package init(prediction: Shape, target: Shape) {
    if prediction.last == 1 {
      self = .binary
    } else if target.rank < prediction.rank || target.last == 1 {
      self = .sparseCategorical
    } else {
      self = .categorical
    }
  }

  /// The accuracy that fits.
  var accuracy: MetricKind {
    switch self {
    case .binary: .binaryAccuracy
    case .sparseCategorical: .sparseCategoricalAccuracy
    case .categorical: .categoricalAccuracy
    }
  }

  /// The class of the loss that "crossentropy" stands for.
  package var crossentropy: String {
    switch self {
    case .binary: "BinaryCrossentropy"
    case .sparseCategorical: "SparseCategoricalCrossentropy"
    case .categorical: "CategoricalCrossentropy"
    }
  }
}

/// How Keras names the metrics of a model in its logs.
private struct MetricNaming {
  /// The names of the outputs; none when there is only one.
  let outputs: [String]
  private var seen: [String: Int] = [:]
  private var counted: [String: Int] = [:]

  init(outputs: [String]) { self.outputs = outputs }

  /// A name in code stands for itself, an object for its name, which is counted where the class
  /// has none of its own: `precision`, `precision_1`.
  mutating func logName(of choice: MetricChoice) -> String {
    switch choice {
    case .named(let name): return name
    case .object(let component):
      if let name = component.givenName ?? component.countedName { return name }
      let base =
        MetricCatalog.named(component.kind)?.entry.shortName ?? component.kind.snakeCased
      guard component.body == nil else { return base }
      let n = counted[base, default: 0]
      counted[base] = n + 1
      return n == 0 ? base : "\(base)_\(n)"
    }
  }

  /// The name under which no other metric stands: `mae_1`, `weighted_mae`.
  mutating func unique(_ name: String, output: Int, isWeighted: Bool) -> String {
    let prefix = outputs.isEmpty ? "" : outputs[output] + "_"
    var full = prefix + name
    if isWeighted, seen[full] != nil { full = prefix + "weighted_" + name }
    let n = seen[full, default: 0]
    seen[full] = n + 1
    return n == 0 ? full : "\(full)_\(n)"
  }
}
