import NeuralNets
import Tensors
import Testing

@Suite("The metrics of a compiled model")
struct CompiledMetricTests {
  /// A metric, where a loss may have the same name.
  private static func metric(
    _ kind: String, _ arguments: [(name: String, value: ArgumentValue)] = []
  ) -> Component {
    guard let specs = MetricCatalog.named(kind)?.entry.arguments,
      let checked = try? Arguments(specs, keywords: arguments)
    else { preconditionFailure("\(kind) does not take \(arguments)") }
    return Component(kind: kind, arguments: checked)
  }

  private func network(
    units: Int, loss: String, metrics: [MetricChoice], weighted: [MetricChoice] = []
  ) throws -> Network {
    try Network(
      ModelDescription(
        inputShape: [3], layers: [.known("Dense", [("units", .integer(units))])],
        compilation: Compilation(
          optimizer: .known("Adam"),
          outputs: [
            .init(loss: .known(loss), metrics: metrics, weightedMetrics: weighted)
          ])))
  }

  /// A model with the outputs `left` and `right`, judged as told.
  private func branches(_ judgings: [Compilation.Judging]) throws -> Network {
    func dense(_ name: String, _ units: Int) -> Component {
      .known("Dense", [("units", .integer(units)), ("name", .text(name))])
    }
    return try Network(
      ModelDescription(
        layers: [dense("left", 1), dense("right", 4)],
        wiring: Wiring(
          inputs: [Wiring.Input(shape: [3])],
          calls: [0, 1].map { Wiring.Call(layer: $0, inputs: [.input(0)]) },
          outputs: [.call(0), .call(1)]),
        compilation: Compilation(optimizer: .known("Adam"), outputs: judgings)))
  }

  private func failure(_ network: Network) -> MetricFailure? {
    do {
      _ = try CompiledMetrics(network)
      return nil
    } catch { return error }
  }

  @Test("names are Keras's: the word itself, the name of an object, counted where they repeat")
  func names() throws {
    let network = try network(
      units: 1, loss: "MeanSquaredError",
      metrics: [
        "mae", "MAE", "mean_absolute_error", .object(Self.metric("MeanAbsoluteError")),
        .object(Self.metric("Precision")), .object(Self.metric("Precision")), "AUC",
        .object(Self.metric("AUC", [("name", .text("area"))])),
        .object(Self.metric("LogCoshError")), "acc",
        .object(Self.metric("BinaryIoU")), "mae",
      ], weighted: ["mae", "mae", "mse"])
    #expect(
      try CompiledMetrics(network).names == [
        "mae", "MAE", "mean_absolute_error", "mean_absolute_error_1", "precision", "precision_1",
        "AUC", "area", "logcosh", "acc", "binary_io_u", "mae_1", "weighted_mae",
        "weighted_mae_1", "mse",
      ])
  }

  @Test("several outputs put their names before those of their metrics")
  func outputs() throws {
    let network = try branches([
      .init(loss: .known("MeanSquaredError"), metrics: ["mae"], weightedMetrics: ["mae"]),
      .init(
        loss: .known("SparseCategoricalCrossentropy"), metrics: ["accuracy"]),
    ])
    var metrics = try CompiledMetrics(network)
    #expect(metrics.names == ["left_mae", "right_accuracy", "left_weighted_mae"])
    #expect(metrics.usesWeights && !metrics.isEmpty)
    let left = Tensor(shape: [2, 1], scalars: [1, 2])
    let right = Tensor(shape: [2, 4], scalars: [0, 1, 0, 0, 1, 0, 0, 0])
    try metrics.update(
      predictions: [left, right],
      targets: [
        Tensor(shape: [2, 1], scalars: [0, 5]), Tensor(shape: [2], scalars: [1, 2]),
      ], weights: [Tensor(shape: [2], scalars: [3, 1])])
    #expect(metrics.values.map(\.value) == [2, 0.5, 1.5])
    metrics.reset()
    #expect(metrics.values.map(\.value) == [0, 0, 0])
    #expect(throws: MetricFailure.self) {
      try metrics.update(predictions: [left, right], targets: [nil, nil])
    }
  }

  @Test(
    "accuracy is the one that fits the loss",
    arguments: [
      (1, "BinaryCrossentropy", [1.0, 0]), (3, "CategoricalCrossentropy", [1, 0]),
      (3, "SparseCategoricalCrossentropy", [0, 1]),
    ])
  func accuracy(units: Int, loss: String, expected: [Double]) throws {
    var metrics = try CompiledMetrics(
      network(units: units, loss: loss, metrics: ["accuracy", "Accuracy"]))
    let predictions = Tensor(
      shape: Shape([2, units]), scalars: units == 1 ? [0.9, 0.2] : [0.9, 0, 0, 0.1, 0.2, 0])
    let sparse = loss.hasPrefix("Sparse")
    let targets =
      sparse
      ? Tensor(shape: [2], scalars: [1, 1])
      : units == 1
        ? Tensor(shape: [2, 1], scalars: [1, 1])
        : Tensor(shape: [2, 3], scalars: [1, 0, 0, 0, 0, 1])
    try metrics.update(predictions: [predictions], targets: [targets])
    let share = expected.reduce(0, +) / 2
    #expect(metrics.values.map(\.value) == [share, share])
  }

  @Test("metrics that do not fit loss and output are refused with what would be right")
  func unfit() throws {
    for name in ["precision", "mae", "auc", "f1_score", "categorical_accuracy"] {
      let network = try network(
        units: 3, loss: "SparseCategoricalCrossentropy", metrics: [.named(name)])
      let found = try #require(failure(network), "\(name)")
      #expect(found.metric == name && found.problem.contains("(2, 3)"))
      #expect(!found.remedy.isEmpty)
    }
    let dense = try network(
      units: 3, loss: "CategoricalCrossentropy", metrics: ["sparse_categorical_accuracy"])
    #expect(failure(dense)?.problem.contains("class number") == true)
    for word in ["crossentropy", "accurcy", "mean_io_u", "loss"] {
      let network = try network(units: 1, loss: "MeanSquaredError", metrics: [.named(word)])
      #expect(failure(network)?.metric == word)
    }
    let mean = try network(
      units: 1, loss: "MeanSquaredError", metrics: [.object(Self.metric("Mean"))])
    #expect(failure(mean) != nil)
    let wide = try network(
      units: 2, loss: "MeanSquaredError",
      metrics: [.object(Self.metric("Recall", [("class_id", .integer(2))]))])
    #expect(failure(wide)?.problem.contains("class 2") == true)
  }

  @Test("a schedule with too few values is refused when the model is made")
  func schedule() throws {
    let decay = Component.known(
      "PiecewiseConstantDecay",
      [("boundaries", .integers([5, 9])), ("values", .list([.number(0.1)]))])
    #expect(ScheduleCatalog.schedule(decay)?.rate(at: 7) == 0.1)
    let model = ModelDescription(
      inputShape: [3], layers: [.known("Dense", [("units", .integer(1))])],
      compilation: Compilation(
        optimizer: .known("SGD", [("learning_rate", .component(decay))]),
        loss: .known("MeanSquaredError")))
    #expect {
      try Network(model)
    } throws: {
      ($0 as? Network.Failure)?.problem.contains("has 2 boundaries and 1 values") == true
    }
  }

  /// Numbers no program should be able to end the lab with.
  static let odd: [Float] = [.nan, .infinity, -.infinity, 3e38, -1, 0.5, 1e9]

  @Test("no number ends the program", arguments: MetricCatalog.all.map(\.kind))
  func oddNumbers(kind: String) throws {
    let needed: [String: ArgumentValue] = [
      "num_classes": .integer(3), "target_class_ids": .integers([0, 2]),
      "specificity": .number(0.5),
      "sensitivity": .number(0.5), "recall": .number(0.5), "precision": .number(0.5),
    ]
    let entry = try #require(MetricCatalog.named(kind)?.entry)
    let given = entry.arguments.filter { $0.defaultValue == nil }.compactMap { spec in
      needed[spec.name].map { (name: spec.name, value: $0) }
    }
    var metric = try MetricCatalog.metric(Self.metric(kind, given))
    for (p, t) in zip(Self.odd + [1, 0], [0, 1] + Self.odd) {
      for target in [[2, 3], [2, 1], [2], [3], []] as [Shape] {
        let batch = MetricBatch(
          predictions: Tensor(shape: [2, 3], repeating: p),
          targets: Tensor(shape: target, repeating: t),
          weights: Tensor(shape: [2], repeating: p))
        try? metric.update(batch)
        _ = metric.result
      }
      for shape in [[], [0], [0, 3], [4]] as [Shape] {
        try? metric.update(
          MetricBatch(
            predictions: Tensor(shape: shape, repeating: p),
            targets: Tensor(shape: shape, repeating: t)))
      }
    }
    metric.reset()
    _ = metric.result
  }

  @Test("values that a program's own function gives are averaged")
  func ownFunction() throws {
    var metric = MeanMetric { batch in
      Tensor(shape: [batch.predictions.count], scalars: batch.predictions.scalars.map { $0 * 2 })
    }
    let batch = MetricBatch(
      predictions: Tensor(shape: [2], scalars: [1, 4]),
      targets: Tensor(shape: [2], scalars: [0, 0]),
      weights: Tensor(shape: [2], scalars: [3, 1]))
    try metric.update(batch)
    #expect(metric.result == .number(3.5))
  }
}
