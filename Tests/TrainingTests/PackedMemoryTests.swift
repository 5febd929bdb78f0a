import Autodiff
import NeuralNets
import Tensors
import TestSupport
import Testing
import Training

/// Steps that are run whole, in memory that values share.
@Suite("Shared memory of a step")
struct PackedMemoryTests {
  /// Some steps of a network on random numbers, in the one memory or the other.
  private struct Trial {
    let plan: Plan
    let inputs: [(Value, [Float])]

    init(_ network: Network, batchSize: Int, words: Int = 0, seed: UInt64) {
      plan = network.plan(batchSize: batchSize, for: .training)
      let given = plan.inputs + plan.targets + plan.sampleWeights
      inputs = given.enumerated().map { i, value in
        let draws = CounterRandom(seed: seed, name: "input \(i)")
        let isWord = words > 0
        return (
          value,
          (0..<value.shape.count).map {
            isWord
              ? Float(Int(draws.uniform(at: $0) * Double(words)))
              : Float(Int(draws.uniform(at: $0) * 4)) / 2
          }
        )
      }
    }

    /// Its state after three steps, and after each what is asked of a step.
    func digest(_ network: Network, _ packed: PackedMemory?) -> Digest {
      let execution = Execution(plan, packed: packed)
      let initial = network.initialWeights(seed: 3)
      for (name, _) in network.weights {
        guard let tensor = initial[name], let value = plan.value(named: name) else { continue }
        execution.write(tensor.scalars, to: value)
      }
      var digest = Digest()
      let asked =
        plan.outputs + [plan.loss, plan.exampleLoss].compactMap(\.self) + plan.lossTerms
        + plan.parameters.compactMap { plan.gradients[$0] }
      for step in 0..<3 {
        execution.begin(seed: 5, step: step, learningRate: 0.01)
        for (value, numbers) in inputs { execution.write(numbers, to: value) }
        execution.run()
        for value in asked {
          let numbers = execution.numbers(of: value)
          digest.add(numbers, count: numbers.count)
        }
      }
      let state = execution.state.read(0, plan.arenaSizes.state)
      digest.add(state, count: state.count)
      return digest
    }
  }

  @Test("gives the bytes of memory of its own", arguments: NetworkFamily.all(scale: 2))
  func families(family: NetworkFamily) throws {
    let network = try Network(family.model)
    for batchSize in [1, 5, 64] {
      let trial = Trial(network, batchSize: batchSize, words: family.words, seed: 7)
      let packed = PackedMemory(trial.plan)
      #expect(packed.count < trial.plan.arenaSizes.activations)
      #expect(trial.digest(network, packed) == trial.digest(network, nil), "batch \(batchSize)")
    }
  }

  @Test("gives the same bytes for random networks of every layer", arguments: 0..<6)
  func random(seed: Int) throws {
    var models = RandomModels(seed: UInt64(70 + seed))
    var compared = 0
    for _ in 0..<40 {
      var model = models.next()
      let outputs = try Network(model).outputShapes.count
      let loss = try #require(LossCatalog.named("MeanSquaredError")).standard
      var compilation = Compilation(
        optimizer: try #require(OptimizerCatalog.named("Adam")).standard, loss: loss)
      if let judging = compilation.outputs.first {
        compilation.outputs = Array(repeating: judging, count: outputs)
      }
      model.compilation = compilation
      guard let network = try? Network(model) else { continue }
      let trial = Trial(network, batchSize: seed % 2 == 0 ? 4 : 48, seed: UInt64(seed))
      let packed = PackedMemory(trial.plan)
      #expect(
        trial.digest(network, packed) == trial.digest(network, nil),
        "\(model.layers.map(\.kind)) of \(network.inputShapes)")
      compared += 1
    }
    #expect(compared > 15)
  }

  @Test("a run that is only run whole is the same run, and can be looked at when one wants to")
  func session() throws {
    let family = try #require(NetworkFamily.all(scale: 24).first)
    let settings = try Self.settings(family)
    let (whole, own) = (try Session(settings), try Session(settings))
    whole.runWhole()
    #expect(!whole.execution.keepsAll)
    for _ in 0..<5 {
      whole.trainStep()
      own.trainStep()
    }
    #expect(whole.digest == own.digest)
    #expect(whole.history.steps.map(\.loss) == own.history.steps.map(\.loss))
    for session in [whole, own] {
      session.go(to: Position(step: 3, instruction: 4))
      session.move(-2, by: .instruction)
    }
    #expect(whole.execution.keepsAll)
    #expect(whole.digest == own.digest)
  }

  @Test("the first number that is not finite has its name, whichever memory it lay in")
  func unsound() throws {
    let family = try #require(NetworkFamily.all(scale: 24).first)
    var settings = try Self.settings(family)
    var inputs = settings.data.training.inputs.scalars
    inputs[inputs.count / 2] = .nan
    settings.data = TrainingData(
      name: "unsound",
      training: Examples(
        inputs: Tensor(shape: settings.data.training.inputs.shape, scalars: inputs),
        targets: settings.data.training.targets))
    let (whole, own) = (try Session(settings), try Session(settings))
    whole.runWhole()
    for _ in 0..<3 {
      whole.trainStep()
      own.trainStep()
    }
    #expect(own.history.unsoundValue != nil)
    #expect(whole.history.unsoundValue == own.history.unsoundValue)
  }

  private static func settings(_ family: NetworkFamily) throws -> RunSettings {
    let network = try Network(family.model)
    func random(_ shape: Shape, _ name: String) -> Tensor {
      let draws = CounterRandom(seed: 2, name: name)
      let full = Shape([9] + shape.extents)
      return Tensor(shape: full, scalars: (0..<full.count).map { Float(draws.normal(at: $0)) })
    }
    return RunSettings(
      model: family.model,
      data: TrainingData(
        name: "random",
        training: Examples(
          inputs: random(network.inputShape, "x"), targets: random(network.outputShape, "y"))),
      batchSize: 3, epochs: 4, seed: 5)
  }
}
