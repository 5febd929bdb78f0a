import NeuralNets
import RunStore
import Tensors
import Testing
import Training

@Suite("What of a history is recorded")
struct HistoryTests {
  let scratch = Scratch()
  private func session() throws -> Session {
    let dense = try #require(LayerCatalog.type(named: "Dense"))
    let sgd = try #require(OptimizerCatalog.named("SGD"))
    let loss = try #require(LossCatalog.named("BinaryCrossentropy"))
    let model = ModelDescription(
      inputShape: [2],
      layers: [
        Component(
          kind: "Dense",
          arguments: try Arguments(
            dense.arguments,
            keywords: [("units", .integer(1)), ("activation", .text("sigmoid"))]))
      ],
      compilation: Compilation(
        optimizer: Component(kind: "SGD", arguments: try Arguments(sgd.arguments, keywords: [])),
        loss: loss.standard, metrics: ["accuracy"]))
    let examples = Examples(
      inputs: Tensor(shape: [4, 2], scalars: [0, 0, 0, 1, 1, 0, 1, 1]),
      targets: Tensor(shape: [4, 1], scalars: [0, 0, 0, 1]))
    return try Session(
      RunSettings(
        model: model, data: TrainingData(name: "and", training: examples, validation: examples),
        batchSize: 2, epochs: 3))
  }

  @Test("every step and every epoch has its points, at the step that ended it")
  func points() throws {
    let session = try session()
    for _ in 0..<5 { session.trainStep() }
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    let history = session.history
    func keep(from step: Int) throws {
      try store.append(
        Measurements(history, from: step, stepsPerEpoch: 2), history.outcome(.stopped),
        to: number, at: noon)
    }
    try keep(from: 0)
    // What is written again takes the place of what was there.
    try keep(from: 3)
    let expected = [
      "loss": [0, 1, 2, 3, 4], "accuracy": [0, 1, 2, 3, 4], "gradient_norm": [0, 1, 2, 3, 4],
      "learning_rate": [0, 1, 2, 3, 4], "epoch_loss": [1, 3], "epoch_accuracy": [1, 3],
      "val_loss": [1, 3], "val_accuracy": [1, 3],
    ]
    #expect(Set(try store.series(of: number)).isSuperset(of: expected.keys))
    for (series, steps) in expected {
      #expect(try store.metrics(of: number, series: series).map(\.step) == steps)
    }
    #expect(
      try store.metrics(of: number, series: "loss").map { Float($0.value) }
        == history.steps.map { $0.loss })
    let found = try store.history(of: number)
    #expect(found.steps == history.steps)
    #expect(found.epochs == history.epochs)
    try store.truncate(number, toStep: 3)
    #expect(Array(try store.history(of: number).steps) == Array(history.steps[..<3]))
    #expect(try store.history(of: number).epochs.count == 1)
    let epoch = session.history.epochs[1]
    #expect(
      session.history.outcome(.stopped)
        == RunOutcome(
          status: .stopped, steps: 5, loss: Double(epoch.loss),
          accuracy: epoch.accuracy.map { Double($0) },
          validationLoss: epoch.validationLoss.map { Double($0) },
          validationAccuracy: epoch.validationAccuracy.map { Double($0) }))
  }

  @Test("before the first epoch is through a run stands as its last step does")
  func early() throws {
    let session = try session()
    #expect(session.history.outcome(.running) == RunOutcome(status: .running))
    session.trainStep()
    let outcome = session.history.outcome(.running)
    #expect(outcome.loss == Double(session.history.steps[0].loss))
    #expect(outcome.validationLoss == nil)
  }
}
