import Autodiff
import NeuralNets
import Tensors
import Testing

/// One call of a layer that attends: its inputs by name, some of which are numbers of the code.
private struct AttentionRun {
  let network: Network
  let plan: Plan
  let execution: Execution
  let weights: [Value]
  let inputs: [String: Value]
  let penalties: [Value]

  init(
    _ component: Component, _ options: CallOptions, _ tensors: [String: Tensor],
    weights given: [String: Tensor] = [:], cotangents: [Tensor]? = nil, training: Bool = false
  ) throws {
    // What is the same for all examples stands in the code.
    let batch = tensors["query"]?.shape[0] ?? 1
    let isConstant = options.roles.map { role in
      role.hasSuffix("mask") && (tensors[role]?.shape.rank == 2 || tensors[role]?.shape[0] == 1)
        && tensors[role]?.shape[0] != batch
    }
    var sources: [Wiring.Source] = []
    var arriving: [String] = []
    for (role, isConstant) in zip(options.roles, isConstant) {
      if isConstant, let tensor = tensors[role] {
        sources.append(.constant(tensor))
      } else {
        sources.append(.input(arriving.count))
        arriving.append(role)
      }
    }
    let all = try arriving.map { try #require(tensors[$0]) }
    network = try Network(
      ModelDescription(
        name: "model", layers: [component],
        wiring: Wiring(
          inputs: all.map { Wiring.Input(shape: Shape(Array($0.shape.extents.dropFirst()))) },
          calls: [Wiring.Call(layer: 0, inputs: sources, options: options)],
          outputs: (0..<(options.flags.contains("return_attention_scores") ? 2 : 1)).map {
            .call(0, output: $0)
          })))
    var builder = GraphBuilder(mode: training ? .training : .inference, batchSize: batch)
    let weights = network.weights.map { builder.parameter($0.name, $0.spec.symbol, $0.spec.shape) }
    let inputs = zip(arriving, all).map { role, tensor in
      role.hasSuffix("mask")
        ? builder.input(role, "m", tensor.shape) : builder.parameter(role, "x", tensor.shape)
    }
    let outputs = network.graph.lower(inputs, weights: weights, into: &builder)
    builder.beginLoss()
    builder.computePenalties()
    let sums = outputs.enumerated().map { i, output in
      let factor = builder.constant(
        cotangents?[i]
          ?? Tensor(
            shape: output.shape, scalars: (0..<output.shape.count).map { Float($0 % 7) - 2.5 }))
      return builder.reduce(
        .sum,
        builder.formula("product", "p", .operand(0) * .operand(1), [output, factor]))
    }
    let loss =
      sums.count == 1
      ? sums[0] : builder.formula("loss", "L", .operand(0) + .operand(1), sums)
    let learned = zip(arriving, inputs).filter { !$0.0.hasSuffix("mask") }.map(\.1)
    plan = Planner.plan(
      builder, inputs: inputs, outputs: outputs, parameters: weights + learned,
      judgment: Judgment(loss: loss), optimizer: NoUpdate())
    (self.weights, self.inputs) = (
      weights, Dictionary(uniqueKeysWithValues: zip(arriving, inputs))
    )
    penalties = builder.penalties.map(\.value)
    execution = Execution(plan)
    for (value, weight) in zip(weights, network.weights) {
      let path = String(weight.name.drop { $0 != "/" }.dropFirst())
      execution.write(
        given[path]?.scalars ?? weight.spec.initialNumbers(seed: 1, name: weight.name), to: value)
    }
    for (value, tensor) in zip(inputs, all) { execution.write(tensor.scalars, to: value) }
    execution.begin(seed: 5, step: 3, learningRate: 0.1)
  }

  var learned: [Value] { plan.parameters }

  func gradient(of value: Value) -> Tensor {
    plan.gradients[value].map { execution.tensor($0).reshaped(to: value.shape) }
      ?? Tensor(shape: value.shape, repeating: 0)
  }
}

@Suite("Attention against Keras")
struct AttentionReferenceTests {
  struct File: Decodable { let cases: [Case] }

  struct Case: Decodable {
    let name, code, layerName: String
    let inputs, weights: [String: KerasReference.Array]
    let flags, order: [String]
    let starts: [String: Double]
    let parameters: Int
    let outputs, cotangents: [KerasReference.Array]
    let inputGradients, weightGradients: [String: KerasReference.Array]
    let losses: [KerasReference.Array]?

    var options: CallOptions {
      let order = [
        "query", "value", "key", "query_mask", "value_mask", "key_mask", "attention_mask",
      ]
      return CallOptions(roles: order.filter { inputs[$0] != nil }, flags: Set(flags))
    }

    var what: String { "\(code) of \(options.roles) with \(flags)" }

    fileprivate func run(training: Bool = false) throws -> AttentionRun {
      try AttentionRun(
        try layerComponent(code), options, inputs.mapValues(\.tensor),
        weights: weights.mapValues(\.tensor), cotangents: cotangents.map(\.tensor),
        training: training)
    }
  }

  static func cases() throws -> [Case] {
    try KerasReference.read("layers_attention", as: File.self).cases
  }

  /// Whether two tensors agree to `tolerance` of the largest number.
  private func expectEqual(
    _ ours: Tensor, _ theirs: Tensor, _ what: String, floor: Float = 1,
    within tolerance: Float = 1e-5
  ) {
    #expect(ours.shape == theirs.shape, "\(what)")
    guard ours.shape == theirs.shape else { return }
    // A gradient whose terms cancel, as that of the bias of the keys, is their rounding.
    let size = theirs.scalars.reduce(floor) { max($0, abs($1)) }
    let worst = zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= tolerance * size, "\(what): off by \(worst) of \(size)")
  }

  @Test("every call gives Keras's outputs, scores, gradients, weights and shapes")
  func cases() throws {
    let cases = try Self.cases()
    #expect(cases.count > 100)
    #expect(Set(cases.map(\.name)) == ["AdditiveAttention", "Attention", "MultiHeadAttention"])
    for example in cases {
      let run = try example.run()
      let placed = run.network.graph.layers[0]
      #expect(placed.name == example.layerName)
      #expect(placed.weights.map(\.path) == example.order, "\(example.what)")
      #expect(placed.parameterCount == example.parameters, "\(example.what)")
      #expect(
        run.network.outputShapes.map(\.extents)
          == example.outputs.map { Array($0.shape.dropFirst()) }, "\(example.what)")
      for weight in placed.weights {
        guard let start = example.starts[weight.path] else { continue }
        let numbers = weight.initialNumbers(seed: 3, name: weight.path)
        #expect(numbers.allSatisfy { $0 == Float(start) }, "\(example.what) \(weight.path)")
      }
      run.execution.run()
      for (i, theirs) in example.outputs.enumerated() {
        expectEqual(
          run.execution.tensor(run.plan.outputs[i]), theirs.tensor, "\(example.what) \(i)",
          floor: 0.1)
      }
      for (role, theirs) in example.inputGradients {
        let input = try #require(run.inputs[role])
        expectEqual(run.gradient(of: input), theirs.tensor, "\(example.what) ∂\(role)")
      }
      for (value, weight) in zip(run.weights, placed.weights) {
        guard !example.weightGradients.isEmpty else { continue }
        let theirs = try #require(example.weightGradients[weight.path])
        expectEqual(run.gradient(of: value), theirs.tensor, "\(example.what) ∂\(weight.path)")
      }
      let penalties = run.penalties.map { run.execution.number($0, at: 0) }.reduce(0, +)
      // Penalties of weights are the network's; those of what comes out are the layer's.
      guard example.code.contains("activity") else { continue }
      let losses = (example.losses ?? []).map { $0.tensor.scalars[0] }.reduce(0, +)
      #expect(abs(penalties - losses) <= 1e-5 * max(1, losses), "\(example.what)")
    }
  }

  @Test("gradients are those of central differences, while dropping too")
  func gradients() throws {
    var seen: Set<String> = []
    for example in try Self.cases() {
      let isDropping = example.code.contains("dropout")
      let form = "\(example.name) \(example.flags) \(example.options.roles) \(isDropping)"
      guard seen.insert(form).inserted else { continue }
      let run = try example.run(training: isDropping)
      // A bias of the keys moves all scores of a row alike: its gradient is 0, and only rounding is
      // left of it.
      let learned = run.learned.filter { !run.plan[$0].name.hasSuffix("key/bias") }
      let worst = try #require(GradientCheck(run.execution).worst(stride: 13, of: learned))
      #expect(worst.1 < 1e-6, "\(example.what): \(worst)")
    }
  }

  @Test("a head is a fold of its own, forward and backward, and its numbers have names")
  func heads() throws {
    let shape: Shape = [2, 5, 6]
    let run = try AttentionRun(
      try layerComponent("keras.layers.MultiHeadAttention(num_heads=3, key_dim=4)"),
      CallOptions(roles: ["query", "value"], flags: ["use_causal_mask"]),
      ["query": LayerReferenceTests.draws(shape), "value": LayerReferenceTests.draws(shape)])
    for phase in [Phase.forward, .backward] {
      let scopes = run.plan.instructions.filter { $0.phase == phase }.map(\.scopes)
      for head in 0..<3 {
        let places = scopes.indices.filter {
          scopes[$0] == ["multi_head_attention", "head \(head)"]
        }
        #expect(places.count >= 4)
        #expect(places == Array((places.first ?? 0)...(places.last ?? 0)), "one fold each")
      }
    }
    run.execution.run()
    let weights = try #require(run.plan.value(named: "multi_head_attention/head_2/weights"))
    #expect(weights.shape == [2, 5, 5])
    let numbers = run.execution.numbers(of: weights)
    for row in 0..<10 {
      let own = numbers[row * 5..<row * 5 + 5]
      #expect(abs(own.reduce(0, +) - 1) < 1e-6)
      #expect(own.dropFirst(row % 5 + 1).allSatisfy { $0 == 0 }, "nothing of what comes later")
    }
  }

  @Test("one layer may be called in several ways, and shares its weights")
  func calls() throws {
    let mha = try layerComponent("keras.layers.MultiHeadAttention(2, 3)")
    let network = try Network(
      ModelDescription(
        layers: [mha],
        wiring: Wiring(
          inputs: [Wiring.Input(shape: [4, 6])],
          calls: [
            Wiring.Call(layer: 0, inputs: [.input(0), .input(0)]),
            Wiring.Call(
              layer: 0, inputs: [.call(0), .input(0)],
              options: CallOptions(
                roles: ["query", "value"], flags: ["return_attention_scores"])),
          ], outputs: [.call(1), .call(1, output: 1)])))
    #expect(network.weights.count == 8)
    #expect(network.outputShapes == [[4, 6], [2, 4, 4]])
    #expect(
      network.plan(batchSize: 2, for: .prediction).outputs.map(\.shape) == [
        [2, 4, 6], [2, 2, 4, 4],
      ])
  }

  @Test("training said at a call of a functional model holds where its caller says nothing")
  func training() throws {
    func drops(
      _ flag: Bool?, _ purpose: Network.Purpose, isEager: Bool = false
    ) throws -> Bool {
      var wiring = Wiring(
        inputs: [Wiring.Input(shape: [4])],
        calls: [
          Wiring.Call(layer: 0, inputs: [.input(0)], options: CallOptions(isTraining: flag))
        ], outputs: [.call(0)])
      wiring.isEager = isEager
      let network = try Network(
        ModelDescription(
          layers: [try layerComponent("keras.layers.Dropout(0.5)")], wiring: wiring))
      return network.plan(batchSize: 2, for: purpose).instructions.contains {
        $0.title == "dropout"
      }
    }
    #expect(try drops(nil, .rehearsal) && !drops(nil, .prediction))
    #expect(try drops(false, .rehearsal) && !drops(true, .prediction))
    #expect(try drops(true, .call) && !drops(false, .call) && !drops(nil, .call))
    #expect(try !drops(false, .rehearsal, isEager: true) && drops(true, .prediction, isEager: true))
  }

  @Test("what does not fit is refused with what would be right")
  func misfits() throws {
    func failure(
      _ code: String, _ shapes: [Shape], _ options: CallOptions = .init()
    ) throws
      -> Network.Failure?
    {
      do {
        _ = try Network(
          ModelDescription(
            layers: [try layerComponent("keras.layers.\(code)")],
            wiring: Wiring(
              inputs: shapes.map { Wiring.Input(shape: $0) },
              calls: [
                Wiring.Call(
                  layer: 0, inputs: shapes.indices.map { .input($0) }, options: options)
              ], outputs: [.call(0)])))
        return nil
      } catch { return error as? Network.Failure }
    }
    let heads = "MultiHeadAttention(2, 3)"
    #expect(try failure(heads, [[4, 6]])?.problem == "gets one array")
    #expect(try failure(heads, [[6], [6]])?.problem == "gets (6,), (6,), (6,)")
    #expect(try failure(heads, [[4, 6], [5, 6], [3, 6]])?.remedy == "as many rows in both")
    let masked = CallOptions(roles: ["query", "value", "attention_mask"])
    #expect(
      try failure(heads, [[4, 6], [5, 6], [5, 4]], masked)?.remedy
        == "one of shape (4, 5), or (2, 4, 5)")
    #expect(
      try failure("Attention()", [[4, 6], [5, 3]])?.problem
        == "gets query, value and key of (4, 6), (5, 3), (5, 3)")
    #expect(
      try failure("Dense(2)", [[4]], CallOptions(flags: ["use_causal_mask"]))?.problem
        == "is called with use_causal_mask")
  }
}
