import Autodiff
import NeuralNets
import Tensors
import TestSupport
import Testing
import Training

@Suite("Answers of random networks")
struct RandomAnswerTests {
  /// A step of a random network on random numbers, judged by its distance from others.
  private static func session(_ model: ModelDescription, _ seed: Int) throws -> Session? {
    let network = try Network(model)
    guard network.outputShapes.count == 1 else { return nil }
    let rows = 6
    func random(_ shape: Shape, _ name: String) -> Tensor {
      let draws = CounterRandom(seed: UInt64(seed), name: name)
      return Tensor(
        shape: Shape([rows] + shape.extents),
        scalars: (0..<rows * shape.count).map { Float(Int(draws.uniform(at: $0) * 4)) / 2 })
    }
    var described = model
    described.compilation = Compilation(
      optimizer: try #require(OptimizerCatalog.named("Adam")).standard,
      loss: try #require(LossCatalog.named("MeanSquaredError")).standard)
    let inputs = network.inputShapes.enumerated().map { random($1, "input \($0)") }
    let data = Examples(inputs: inputs, targets: [random(network.outputShape, "target")])
    return try? Session(
      RunSettings(
        model: described, data: TrainingData(name: "random", training: data), batchSize: 3,
        epochs: 2, seed: 5))
  }

  @Test("every number is the sum of its parts, and weights' changes too", arguments: 0..<4)
  func sums(seed: Int) throws {
    var models = RandomModels(seed: UInt64(40 + seed))
    var looked = 0
    for _ in 0..<10 {
      guard let session = try Self.session(models.next(), seed) else { continue }
      session.go(to: Position(step: 2))
      session.rearm()
      let execution = session.execution
      guard let loss = execution.plan.loss, execution.number(loss, at: 0).isFinite else { continue }
      looked += 1
      for (i, instruction) in execution.plan.instructions.enumerated() {
        for result in instruction.results where result.value.shape.count > 0 {
          let count = result.value.shape.count
          for cell in stride(from: 0, to: count, by: max(1, count / 4)) {
            let number = execution.number(result.value, at: cell, after: i + 1)
            let split = execution.split(result, of: i, at: cell)
            #expect(
              split.agrees(with: Double(number)),
              "\(instruction.scopes) \(result.formula): \(split.total), not \(number)")
          }
        }
      }
      for name in session.network.weights.map(\.name).prefix(6) {
        guard let answer = session.whyChanged(name, at: 0) else { continue }
        #expect(abs(answer.rounding) <= 1e-6 * answer.size, "\(name): \(answer)")
      }
      var debugger = Debugger(session)
      let digest = session.digest
      _ = try debugger.run("why prediction 1")
      for _ in 0..<6 { _ = try debugger.run("why") }
      #expect(session.digest == digest)
    }
    #expect(looked > 0)
  }
}
