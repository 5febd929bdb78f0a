import Autodiff
import NeuralNets
import Tensors
import Testing
import Training

@Suite("Travelling through updates")
struct UpdateTravelTests {
  /// Nadam, whose one number for all weights has a start of its own, under all that optimizers do.
  static let all: [SampleRun] = [
    run("clipped by length", "Nadam", ["clipnorm": 0.1]),
    run(
      "clipped together, decayed", "RMSprop",
      ["global_clipnorm": 0.2, "weight_decay": 0.1, "momentum": 0.9, "centered": true]),
    run("accumulated", "Adagrad", ["gradient_accumulation_steps": 3, "clipvalue": 0.01]),
    run("averages taken over", "Lamb", ["ema_overwrite_frequency": 3]),
    run("factored", "Adafactor", [:]),
  ]

  private static func run(
    _ name: String, _ optimizer: String, _ own: [String: any Sendable]
  ) -> SampleRun {
    let arguments = own.merging(["use_ema": true, "ema_momentum": 0.8]) { $1 }
    return SampleRun(
      name, input: [4],
      layers: [
        ("Dense", ["units": 5, "activation": "tanh", "kernel_constraint": "max_norm"]),
        (
          "Dense",
          [
            "units": 3, "activation": "softmax", "kernel_regularizer": "l2",
            "bias_constraint": "unit_norm", "activity_regularizer": "l1",
          ]
        ),
      ], loss: "SparseCategoricalCrossentropy", optimizer: optimizer,
      optimizerArguments: arguments, classes: 3)
  }

  @Test("200 moves there and back give the bytes of a straight run", arguments: all)
  func moves(run: SampleRun) throws {
    let straight = try Session(run.settings)
    var digests: [Position: Digest] = [:]
    for _ in 0..<straight.plan.instructions.count * 7 {
      digests[straight.position] = straight.digest
      straight.move(1, by: .instruction)
    }
    let traveller = try Session(run.settings)
    let random = CounterRandom(seed: 8, name: run.name)
    for i in 0..<200 {
      let unit = MoveUnit.allCases[Int(random.uniform(at: 2 * i) * Double(MoveUnit.allCases.count))]
      traveller.move(random.uniform(at: 2 * i + 1) < 0.5 ? 1 : -1, by: unit)
      if traveller.position.step >= 7 { traveller.go(to: Position(step: i % 6)) }
      #expect(traveller.digest == digests[traveller.position], "after move \(i)")
    }
  }

  @Test("a fit ends with its averages, there and back", arguments: all)
  func averages(run: SampleRun) throws {
    let session = try Session(run.settings)
    for _ in 0..<5 { session.trainStep() }
    let before = session.weights
    session.useAverages()
    let after = session.weights
    let averaged = session.plan.parameters.map { session.plan[$0].name }.map { name in
      session.plan.value(named: OptimizerRule.averageName(of: name))
        .map { session.execution.numbers(of: $0) }
    }
    #expect(after.map(\.tensor.scalars) == averaged.map { $0 ?? [] })
    #expect(before.map(\.tensor) != after.map(\.tensor))
    let digest = session.digest
    session.move(-7, by: .instruction)
    session.move(7, by: .instruction)
    #expect(session.digest == digest)
    session.go(to: Position(step: 2))
    session.go(to: Position(step: 5))
    #expect(session.digest == digest)
    session.trainStep()
    let next = session.digest
    session.move(-1, by: .step)
    #expect(session.digest == digest)
    session.move(1, by: .step)
    #expect(session.digest == next)
  }

  @Test("numbers overwritten several times in a step open as they were", arguments: all)
  func explanations(run: SampleRun) throws {
    let session = try Session(run.settings)
    for _ in 0..<3 { session.trainStep() }
    session.go(to: Position(step: 3, instruction: session.plan.range(of: .update).lowerBound))
    var opened = [session.plan.range(of: .update).lowerBound: session.digest]
    for i in session.plan.range(of: .update) {
      let result = session.plan.instructions[i].results[0]
      session.move(1, by: .instruction)
      let here = session.explain(result, at: 0)
      opened[i + 1] = session.digest
      #expect(here.result == session.execution.number(result.value, at: 0))
      // The same from the end of the step on.
      session.go(to: Position(step: 4))
      #expect(session.explain(result, at: 0) == here, "\(here.formula)")
      session.go(to: Position(step: 3, instruction: i + 1))
      #expect(session.digest == opened[i + 1])
    }
  }

  @Test("a second fit goes on with the optimizer's state", arguments: all)
  func continued(run: SampleRun) throws {
    let whole = try Session(run.settings)
    for _ in 0..<6 { whole.trainStep() }
    var settings = run.settings
    settings.shuffles = false
    let first = try Session(settings)
    for _ in 0..<3 { first.trainStep() }
    let second = try Session(settings, continuing: first)
    for _ in 0..<3 { second.trainStep() }
    let straight = try Session(settings)
    for _ in 0..<6 { straight.trainStep() }
    #expect(second.weights.map(\.tensor) == straight.weights.map(\.tensor))
  }
}
