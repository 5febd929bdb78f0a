import Autodiff
import KerasCode
import NeuralNets
import Tensors
import Testing

@Suite("Masks and wrapped layers against Keras")
struct MaskReferenceTests {
  struct File: Decodable { let cases: [Case] }

  struct Case: Decodable, CustomStringConvertible, Sendable {
    let name, code: String
    let training: Bool
    let inputs: [KerasReference.Array]
    let weights: [String: KerasReference.Array]
    let output: KerasReference.Array
    let mask, target: KerasReference.Array?
    let loss: String?
    let value: KerasReference.Array?
    let gradients, after: [String: KerasReference.Array]?
    let metrics: [String]?
    let results: [String: Float]?

    var description: String { name }

    /// The model as its code makes it, compiled as the case says.
    func network() throws -> Network {
      var model = try ModelFile.read(code, file: "m.py").description
      if let loss {
        let component =
          try loss.contains("(")
          ? KerasCall(loss).component(.loss)
          : #require(ComponentFamily.loss.named(loss)).standard
        model.compilation = Compilation(
          optimizer: .known("SGD"), loss: component,
          metrics: (metrics ?? []).map { .named($0) })
      }
      return try Network(model)
    }

    /// A plan with the weights in place; examples and targets from `rows`.
    func execution(
      _ network: Network, _ purpose: Network.Purpose, rows: Range<Int>? = nil
    ) throws -> Execution {
      let rows = rows ?? 0..<inputs[0].shape[0]
      let execution = Execution(network.plan(batchSize: rows.count, for: purpose))
      for (name, spec) in network.weights {
        let numbers = try #require(weights[name], "\(name)").tensor
        #expect(numbers.shape == spec.shape, "\(name)")
        execution.write(
          numbers.scalars, to: try #require(execution.plan.value(named: name)))
      }
      let given = inputs.map(\.tensor) + (target.map { [$0.tensor] } ?? [])
      for (value, tensor) in zip(execution.plan.inputs + execution.plan.targets, given) {
        let width = tensor.count / tensor.shape[0]
        execution.write(
          Array(tensor.scalars[rows.lowerBound * width..<rows.upperBound * width]), to: value)
      }
      execution.begin(seed: 1, step: 0, learningRate: 0)
      return execution
    }
  }

  static let cases = (try? KerasReference.read("layers_masking", as: File.self).cases) ?? []

  /// Whether two arrays agree to five digits of the largest number.
  private func expectEqual(_ ours: Tensor, _ theirs: Tensor, _ what: String) {
    #expect(ours.count == theirs.count, "\(what)")
    let size = theirs.scalars.reduce(Float(1e-3)) { max($0, abs($1)) }
    let worst = zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= 1e-5 * size, "\(what): off by \(worst) of \(size)")
  }

  @Test("the reference is there")
  func there() { #expect(Self.cases.count > 80) }

  @Test("outputs, losses, gradients and weights are Keras's", arguments: cases)
  func same(example: Case) throws {
    let network = try example.network()
    #expect(Set(network.weights.map(\.name)) == Set(example.weights.keys))
    let isLearned = example.loss != nil && example.training
    let execution = try example.execution(
      network,
      isLearned ? .training : example.loss == nil ? .rehearsal : .evaluation)
    let plan = execution.plan
    execution.run()
    #expect(execution.tensor(plan.output).shape == example.output.tensor.shape)
    expectEqual(execution.tensor(plan.output), example.output.tensor, "output")
    if let loss = plan.loss, let theirs = example.value {
      expectEqual(execution.tensor(loss), theirs.tensor, "loss")
      // A mask that leaves nothing out is none.
      let leavesOut = example.mask?.tensor.scalars.contains(0) ?? false
      #expect((plan.targetMasks[0] != nil) == leavesOut)
    }
    if let mask = plan.targetMasks.first ?? nil, let theirs = example.mask {
      #expect(execution.tensor(mask) == theirs.tensor)
    }
    guard isLearned else { return }
    for (name, theirs) in example.gradients ?? [:] {
      let value = try #require(plan.value(named: name))
      let ours =
        plan.gradients[value].map { execution.tensor($0) }
        ?? Tensor(shape: value.shape, repeating: 0)
      expectEqual(ours, theirs.tensor, "∂\(name)")
    }
    for (name, theirs) in example.after ?? [:] {
      let value = try #require(plan.value(named: name))
      expectEqual(execution.tensor(value), theirs.tensor, "\(name) after")
    }
  }

  @Test("gradients are those of central differences in Float64", arguments: cases)
  func gradients(example: Case) throws {
    guard example.loss != nil, example.training else { return }
    let network = try example.network()
    let execution = try example.execution(network, .training)
    let learned = network.weights.filter(\.spec.isTrainable)
      .compactMap { execution.plan.value(named: $0.name) }
    let worst = GradientCheck(execution).worst(stride: 5, of: learned)
    #expect(worst?.1 ?? 0 < 1e-6, "\(String(describing: worst))")
  }

  @Test("metrics go by masks as Keras's do", arguments: cases.filter { $0.results != nil })
  func metrics(example: Case) throws {
    let network = try example.network()
    var metrics = try CompiledMetrics(network)
    var loss: Float = 0
    let count = example.inputs[0].shape[0]
    for start in stride(from: 0, to: count, by: 4) {
      let rows = start..<min(start + 4, count)
      let execution = try example.execution(network, .evaluation, rows: rows)
      execution.run()
      let plan = execution.plan
      loss += execution.number(try #require(plan.loss), at: 0) * Float(rows.count)
      try metrics.update(
        predictions: [execution.tensor(plan.output)],
        targets: [execution.tensor(plan.targets[0])],
        masks: plan.targetMasks.map { $0.map { execution.tensor($0) } })
    }
    let theirs = try #require(example.results)
    #expect(abs(loss / Float(count) - (theirs["loss"] ?? .nan)) < 1e-5)
    for (name, value) in metrics.values {
      #expect(abs(Float(value) - (theirs[name] ?? .nan)) < 1e-5, "\(name)")
    }
  }
}
