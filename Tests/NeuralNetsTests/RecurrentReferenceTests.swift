import Autodiff
import NeuralNets
import Tensors
import Testing

/// A recurrent layer at work: forward, the loss `Σ output · cotangent` over all outputs, gradients.
private struct RecurrentRun {
  let specs: [WeightSpec]
  let weights: [Value]
  let inputs: [Value]
  let outputs: [Value]
  let execution: Execution

  init(_ example: RecurrentReferenceTests.Case) throws {
    let component = try layerComponent(example.code)
    let type = try #require(LayerCatalog.type(named: component.kind) as? any RecurrentLayer.Type)
    let layer = type.init(component.arguments)
    let tensors = example.inputs.map(\.tensor)
    let shapes = tensors.map { Shape(Array($0.shape.extents.dropFirst())) }
    specs = layer.weights(for: shapes)
    var builder = GraphBuilder(mode: example.training ? .training : .inference)
    let weights = specs.map { builder.parameter($0.path, $0.symbol, $0.shape) }
    let inputs = tensors.enumerated().map { builder.parameter("x\($0)", "x", $1.shape) }
    let mask = example.mask.map { builder.input("mask", "m", $0.tensor.shape) }
    let outputs = builder.layer("layer") {
      layer.lower(
        inputs[0], mask: mask, initialState: Array(inputs.dropFirst()), weights: weights,
        into: &$0)
    }
    builder.beginLoss()
    let terms = zip(outputs, example.cotangents).map { output, cotangent in
      let factor = builder.constant(cotangent.tensor)
      return builder.reduce(
        .sum, builder.formula("product", "p", .operand(0) * .operand(1), [output, factor]))
    }
    let sum = terms.indices.dropFirst().reduce(Formula.operand(0)) { $0 + .operand($1) }
    let loss = builder.formula("loss", "L", sum, terms)
    let plan = Planner.plan(
      builder, inputs: [inputs[0]], outputs: outputs, parameters: weights + inputs,
      judgment: Judgment(loss: loss), optimizer: NoUpdate())
    execution = Execution(plan)
    for (value, spec) in zip(weights, specs) {
      execution.write(try #require(example.weights[spec.path]).tensor.scalars, to: value)
    }
    for (value, tensor) in zip(inputs, tensors) { execution.write(tensor.scalars, to: value) }
    if let mask, let numbers = example.mask { execution.write(numbers.tensor.scalars, to: mask) }
    (self.weights, self.inputs, self.outputs) = (weights, inputs, outputs)
    execution.begin(seed: 5, step: 3, learningRate: 0)
  }

  /// Runs the step; what is drawn by chance becomes what is given instead.
  func run(kept: [Tensor]) throws {
    var inputMasks = kept.filter { $0.shape.last != 2 }
    let recurrentMasks = kept.filter { $0.shape.last == 2 }
    while !execution.isDone {
      let instruction = execution.plan.instructions[execution.position]
      execution.advance()
      guard instruction.title == "draw" else { continue }
      let value = instruction.results[0].value
      let isRecurrent = execution.plan[value].name.hasSuffix("recurrent_draws")
      execution.write(
        isRecurrent ? recurrentMasks.flatMap(\.scalars) : inputMasks.removeFirst().scalars,
        to: value)
    }
    #expect(inputMasks.isEmpty)
  }

  func gradient(of value: Value) -> Tensor {
    execution.plan.gradients[value].map { execution.tensor($0).reshaped(to: value.shape) }
      ?? Tensor(shape: value.shape, repeating: 0)
  }
}

@Suite("Recurrent layers against Keras")
struct RecurrentReferenceTests {
  struct File: Decodable {
    let cases, dropped: [Case]
    let stateful: [Stateful]
  }

  /// Batches that a layer goes on with, but for the last, before which it was reset.
  struct Stateful: Decodable {
    let code: String
    let batches: [KerasReference.Array]
    let outputs: [[KerasReference.Array]]
    let weights: [String: KerasReference.Array]
    let parameters: Int
  }

  struct Case: Decodable {
    let name, code, layerName: String
    let training: Bool
    let inputs: [KerasReference.Array]
    let mask: KerasReference.Array?
    let weights, weightGradients: [String: KerasReference.Array]
    let starts: [String: Double]
    let outputShapes: [[Int?]]
    let parameters: Int
    let outputs, cotangents, inputGradients: [KerasReference.Array]
    let kept: [KerasReference.Array]?
  }

  static func file() throws -> File { try KerasReference.read("layers_recurrent", as: File.self) }

  private func expectEqual(_ ours: Tensor, _ theirs: Tensor, _ what: String) {
    #expect(ours.shape == theirs.shape, "\(what)")
    guard ours.shape == theirs.shape else { return }
    let size = theirs.scalars.reduce(Float(1e-3)) { max($0, abs($1)) }
    let worst = zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? 0
    #expect(worst <= 1e-5 * size, "\(what): off by \(worst)")
  }

  private func compare(_ example: Case) throws {
    let what =
      "\(example.code) \(example.mask == nil ? "" : "masked") \(example.inputs.count) inputs"
    let run = try RecurrentRun(example)
    try run.run(kept: (example.kept ?? []).map(\.tensor))
    #expect(run.outputs.count == example.outputs.count, "\(what)")
    for (ours, theirs) in zip(run.outputs, example.outputs) {
      expectEqual(run.execution.tensor(ours), theirs.tensor, what)
    }
    for (i, (ours, theirs)) in zip(run.inputs, example.inputGradients).enumerated() {
      expectEqual(run.gradient(of: ours), theirs.tensor, "\(what) ∂x\(i)")
    }
    for (ours, spec) in zip(run.weights, run.specs) {
      let theirs = try #require(example.weightGradients[spec.path])
      expectEqual(run.gradient(of: ours), theirs.tensor, "\(what) ∂\(spec.path)")
    }
  }

  @Test("outputs, states and gradients are Keras's, masked and not, whatever goes in first")
  func cases() throws {
    let cases = try Self.file().cases
    #expect(cases.count > 50)
    for example in cases { try compare(example) }
  }

  @Test("with the same numbers dropped they are Keras's too")
  func dropped() throws {
    for example in try Self.file().dropped { try compare(example) }
  }

  @Test("stateful layers go on where the batch before ended")
  func stateful() throws {
    let all = try Self.file().stateful
    #expect(all.count > 5)
    for example in all {
      let network = try Network(
        ModelDescription(
          inputShape: [5, 4], layers: [try layerComponent(example.code)], batchSize: 3))
      #expect(network.parameterCount == example.parameters)
      let plan = network.plan(batchSize: 3, for: .prediction, carries: true)
      let outputs = network.graph.layers[0].outputShapes.indices.map {
        plan.value(named: network.layers[0].name + "/output" + ($0 == 0 ? "" : "_\($0)"))
      }
      let execution = Execution(plan)
      for (value, spec) in zip(plan.parameters, network.layers[0].weights) {
        execution.write(try #require(example.weights[spec.path]).tensor.scalars, to: value)
      }
      #expect(!plan.carried.isEmpty)
      for (i, (batch, wanted)) in zip(example.batches, example.outputs).enumerated() {
        if i == 3 {
          for state in plan.carried {
            execution.write([Float](repeating: 0, count: state.shape.count), to: state)
          }
        }
        execution.begin(seed: 1, step: i, learningRate: 0)
        execution.write(batch.tensor.scalars, to: plan.input)
        execution.run()
        #expect(outputs.count == wanted.count)
        for (ours, theirs) in zip(outputs, wanted) {
          expectEqual(
            execution.tensor(try #require(ours)), theirs.tensor, "\(example.code), batch \(i)")
        }
      }
    }
  }

  @Test("names, shapes, counts and starts are Keras's")
  func facts() throws {
    for example in try Self.file().cases {
      let network = try Network(
        ModelDescription(inputShape: [5, 4], layers: [try layerComponent(example.code)]))
      let placed = network.graph.layers[0]
      #expect(placed.name == example.layerName)
      #expect(
        placed.outputShapes.map(\.extents)
          == example.outputShapes.map { $0.dropFirst().map { $0 ?? 0 } }, "\(example.code)")
      #expect(placed.parameterCount == example.parameters, "\(example.code)")
      #expect(Set(placed.weights.map(\.path)) == Set(example.weights.keys))
      for weight in placed.weights {
        guard let start = example.starts[weight.path] else { continue }
        let numbers = weight.initialNumbers(seed: 3, name: weight.path)
        #expect(numbers.allSatisfy { $0 == Float(start) }, "\(example.code) \(weight.path)")
      }
    }
  }

  @Test("gradients are those of central differences in Float64")
  func gradients() throws {
    let file = try Self.file()
    // Every fourth of the many, and all that drop.
    for (i, example) in (file.dropped + file.cases).enumerated()
    where i < file.dropped.count || i.isMultiple(of: 4) {
      let run = try RecurrentRun(example)
      let worst = try #require(
        GradientCheck(run.execution).worst(stride: 3, of: run.weights + run.inputs))
      #expect(worst.1 < 1e-6, "\(example.code): \(worst.0)")
    }
  }

  @Test("a state of another size, and too many of them, are refused with what would be right")
  func misfits() throws {
    func problem(_ code: String, _ inputs: [Shape]) throws -> LayerFailure? {
      let component = try layerComponent(code)
      let type = try #require(LayerCatalog.type(named: component.kind))
      do throws(LayerFailure) {
        _ = try type.init(component.arguments).outputShapes(for: inputs)
        return nil
      } catch { return error }
    }
    let state = try problem("keras.layers.GRU(3)", [[5, 2], [4]])
    #expect(state?.problem == "gets an initial state of shape (4,)")
    #expect(state?.remedy == "(3,), as many numbers as it has units")
    let count = try problem("keras.layers.LSTM(3)", [[5, 2], [3]])
    #expect(count?.problem == "gets 2 arrays")
    #expect(count?.remedy == "a sequence, with initial_state=[h, c] if wanted")
    let rank = try problem("keras.layers.SimpleRNN(3)", [[5]])
    #expect(rank?.remedy == "an input of shape (time steps, features)")
    let half = try problem("keras.layers.GRU(4, activation='glu')", [[5, 2]])
    #expect(half?.problem.contains("another shape than it gets") == true)
    #expect(
      try problem(
        "keras.layers.TimeDistributed(keras.layers.LSTM(3, stateful=True))", [[2, 5, 2]])?
        .problem.contains("stateful=True") == true)
  }
}
