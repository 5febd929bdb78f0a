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
  private func expectEqual(
    _ ours: Tensor, _ theirs: Tensor, _ what: String, floor: Float = 1e-3
  ) {
    #expect(ours.count == theirs.count, "\(what)")
    let size = theirs.scalars.reduce(floor) { max($0, abs($1)) }
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
      let mask = example.mask?.tensor.scalars
      // A mask that leaves nothing out may be none.
      if mask == nil || mask?.contains(0) == true {
        #expect((plan.targetMasks[0] == nil) == (mask == nil))
      }
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
      // The bias of the keys changes nothing: the terms of its gradient cancel but for rounding.
      expectEqual(ours, theirs.tensor, "∂\(name)", floor: name.hasSuffix("key/bias") ? 1 : 1e-3)
    }
    for (name, theirs) in example.after ?? [:] {
      let value = try #require(plan.value(named: name))
      expectEqual(execution.tensor(value), theirs.tensor, "\(name) after")
    }
  }

  @Test("gradients are those of central differences in Float64", arguments: cases)
  func gradients(example: Case) throws {
    // Where a row may see nothing, 10⁹ is taken away from its scores, of which differences keep too
    // few digits.
    guard example.loss != nil, example.training, !example.name.hasSuffix("seeing nothing") else {
      return
    }
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

@Suite("Masks and wrapped layers that do not fit")
struct MaskFailureTests {
  private static let words = "layers.Embedding(7, 3, mask_zero=True)"

  @Test(
    "what a layer cannot go by is refused with what would be right",
    arguments: [
      (
        "keras.Input((5,)), \(words), layers.Softmax()",
        "gets (5, 3) with a mask of (5,), and masks numbers, not steps",
        "Activation(\"softmax\"), which hands masks on"
      ),
      (
        "keras.Input((4, 5, 3)), layers.Masking(), layers.BatchNormalization(), "
          + "layers.TimeDistributed(layers.LSTM(2)), layers.LSTM(3)",
        "gets (4, 2) with a mask of (4, 5)",
        "a mask with one number for each of the 4 steps, as Embedding(mask_zero=True) makes of "
          + "rows of numbers"
      ),
      (
        "keras.Input((4,)), layers.TimeDistributed(layers.Dense(2))",
        "gets (4,), which is not a sequence of arrays",
        "one input of shape (time steps, features), or more axes"
      ),
      (
        "keras.Input((4, 3)), layers.Bidirectional(layers.Dense(2))",
        "wraps forward_dense, a Dense, which reads no sequences",
        "a recurrent layer, as layers.LSTM(8)"
      ),
      (
        "keras.Input((4, 3)), layers.Bidirectional(layers.LSTM(2), backward_layer=layers.LSTM(2))",
        "has two layers that read in one direction",
        "go_backwards=True for one of them, as for backward_layer"
      ),
    ])
  func refused(layers: String, problem: String, remedy: String) {
    do {
      let code = "import keras\nfrom keras import layers\nmodel = keras.Sequential([\(layers)])\n"
      _ = try Network(try ModelFile.read(code, file: "m.py").description)
      Issue.record("\(layers) is accepted")
    } catch {
      let text = "\(error)"
      #expect(text.contains(problem) && text.contains(remedy), "\(text)")
    }
  }

  @Test("an output whose mask does not speak of its losses cannot be judged")
  func judged() throws {
    var model = try ModelFile.read(
      """
      import keras
      from keras import layers
      inputs = keras.Input((4, 5, 3))
      x = layers.Masking()(inputs)
      outputs = layers.TimeDistributed(layers.GlobalAveragePooling1D())(x)
      model = keras.Model(inputs, outputs)
      """, file: "m.py"
    ).description
    _ = try Network(model)
    model.compilation = Compilation(optimizer: .known("SGD"), loss: .known("MeanSquaredError"))
    #expect(throws: Network.Failure.self) { try Network(model) }
  }

  @Test("masks can be looked at under the names of their layers, and have no gradient")
  func names() throws {
    let model = try ModelFile.read(
      """
      import keras
      from keras import layers
      model = keras.Sequential([keras.Input((4, 3)), layers.Dense(3, activation="relu"),
          layers.Masking(), layers.LSTM(2)])
      model.compile("sgd", "mse")
      """, file: "m.py"
    ).description
    let plan = try Network(model).plan(batchSize: 2, for: .training)
    let mask = try #require(plan.value(named: "masking/mask"))
    #expect(mask.shape == [2, 4])
    #expect(plan.gradients[mask] == nil)
    #expect(plan.gradients[try #require(plan.value(named: "dense/kernel"))] != nil)
  }
}
