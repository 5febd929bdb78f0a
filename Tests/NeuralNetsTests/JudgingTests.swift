import Autodiff
import NeuralNets
import Tensors
import Testing

@Suite("Judging")
struct JudgingTests {
  private func model(
    _ loss: Component, units: Int = 3, activation: ArgumentValue = .text("sigmoid")
  ) -> ModelDescription {
    ModelDescription(
      inputShape: [2],
      layers: [.known("Dense", [("units", .integer(units)), ("activation", activation)])],
      compilation: Compilation(optimizer: .known("SGD"), loss: loss))
  }

  /// The loss of random numbers and all gradients.
  private func numbers(of plan: Plan) -> [String: [Float]] {
    let execution = Execution(plan)
    execution.begin(seed: 1, step: 0, learningRate: 0.1)
    for value in plan.parameters + plan.inputs + plan.targets {
      let draws = CounterRandom(seed: 5, name: plan[value].name)
      execution.write(
        (0..<value.shape.count).map { Float(draws.uniform(at: $0)) }, to: value)
    }
    for weights in plan.sampleWeights {
      execution.write([Float](repeating: 1, count: weights.shape.count), to: weights)
    }
    if let target = plan.target, target.shape.rank == 1 {
      execution.write((0..<target.shape.count).map { Float($0 % 2) }, to: target)
    }
    execution.run()
    var all = ["loss": plan.loss.map { execution.numbers(of: $0) } ?? []]
    for (value, gradient) in plan.gradients where plan.parameters.contains(value) {
      all[plan[value].name] = execution.numbers(of: gradient)
    }
    return all
  }

  private func close(_ a: [String: [Float]], _ b: [String: [Float]]) -> Bool {
    a.keys == b.keys
      && a.allSatisfy { name, numbers in
        zip(numbers, b[name] ?? []).allSatisfy { abs($0 - $1) <= 1e-5 * max(1, abs($0)) }
      }
  }

  @Test(
    "losses with kernels of their own agree with their formulas",
    arguments: [
      "MeanSquaredError", "BinaryCrossentropy", "CategoricalCrossentropy",
      "SparseCategoricalCrossentropy",
    ])
  func fused(kind: String) throws {
    let network = try Network(model(.known(kind)))
    let quick = network.plan(batchSize: 4, for: .training)
    #expect(quick.range(of: .loss).count == 1)
    // Sums take the long way; four examples make them four times the mean.
    let sum = try Network(model(.known(kind, [("reduction", .text("sum"))])))
    let slow = sum.plan(batchSize: 4, for: .training)
    #expect(slow.range(of: .loss).count > 1)
    #expect(close(numbers(of: quick).mapValues { $0.map { 4 * $0 } }, numbers(of: slow)))
  }

  @Test("weights of 1 change nothing", arguments: LossCatalog.all.map(\.kind))
  func weights(kind: String) throws {
    let network = try Network(model(.known(kind)))
    let plain = network.plan(batchSize: 4, for: .training)
    let weighted = network.plan(batchSize: 4, for: .training, weighting: .byExample(losses: 1))
    #expect(weighted.sampleWeights.count == 1)
    #expect(close(numbers(of: plain), numbers(of: weighted)), "\(kind)")
  }

  @Test("a loss that is never one number is refused with what would be right")
  func unreduced() throws {
    for none in [ArgumentValue.none, .text("none")] {
      do {
        _ = try Network(model(.known("Huber", [("reduction", none)])))
        Issue.record("it was taken")
      } catch {
        #expect(error.problem.contains("never reduced"))
        #expect(error.remedy.contains("sum_over_batch_size"))
      }
    }
    #expect(throws: Never.self) {
      try Network(model(.known("Dice", [("reduction", .none)])))
    }
  }

  @Test("arguments that do not fit the output are refused")
  func misfits() {
    func problem(_ loss: Component) -> String {
      do {
        _ = try Network(model(loss))
        return ""
      } catch { return error.problem }
    }
    #expect(problem(.known("CosineSimilarity", [("axis", .integer(2))])).contains("axis 2"))
    #expect(
      problem(
        .known("CategoricalFocalCrossentropy", [("alpha", .list([.number(0.2), .number(0.8)]))])
      ).contains("2 weights alpha for 3 classes"))
    for kind in ["SparseCategoricalCrossentropy", "BinaryCrossentropy", "Dice"] {
      #expect(problem(.known(kind, [("axis", .integer(0))])).contains("along the batch"))
    }
  }

  // MARK: Functions of the program

  /// `tanh(x)` and `relu(x)` one after the other, as a traced function has them.
  private var traced: Component {
    let inner = ModelDescription(
      name: "bend", inputShape: nil,
      layers: [
        .known("Activation", [("activation", .text("tanh"))]),
        .known("Activation", [("activation", .text("relu"))]),
      ])
    return Component(
      kind: "bend", arguments: Arguments.ofModel(name: "bend", isTrainable: true),
      body: .model(inner))
  }

  @Test("a function of the program is an activation, and has a curve")
  func tracedActivation() throws {
    let own = try Network(model(.known("Huber"), activation: .component(traced)))
    let plan = own.plan(batchSize: 4, for: .training)
    let other = try Network(
      ModelDescription(
        inputShape: [2],
        layers: [
          .known("Dense", [("units", .integer(3)), ("activation", .text("tanh"))]),
          .known("Activation", [("activation", .text("relu"))]),
        ], compilation: Compilation(optimizer: .known("SGD"), loss: .known("Huber"))))
    #expect(close(numbers(of: plan), numbers(of: other.plan(batchSize: 4, for: .training))))
    let curve = try #require(ActivationFunction(traced).curve(over: [-1, 0.5]))
    #expect(curve.values[0] == 0 && abs(curve.values[1] - 0.46211716) < 1e-6)
    #expect(curve.slopes[0] == 0 && abs(curve.slopes[1] - 0.7864477) < 1e-6)
  }

  @Test("a function of the program is a loss")
  func tracedLoss() throws {
    // The target is left alone; the loss is the mean of softplus of the prediction.
    let inner = ModelDescription(
      name: "own", layers: [.known("Activation", [("activation", .text("softplus"))])],
      wiring: Wiring(
        inputs: [Wiring.Input(shape: [3]), Wiring.Input(shape: [3])],
        calls: [Wiring.Call(layer: 0, inputs: [.input(1)])], outputs: [.call(0)]))
    let loss = Component(
      kind: "own", arguments: Arguments.ofModel(name: "own", isTrainable: true),
      body: .model(inner))
    let plan = try Network(model(loss)).plan(batchSize: 4, for: .training)
    let found = try #require(numbers(of: plan)["loss"]?.first)
    #expect(found > 0.6 && found < 1.4)
    #expect(plan.gradients[plan.parameters[0]] != nil)
    #expect(plan.exampleLoss?.shape == [4, 3])
  }
}
