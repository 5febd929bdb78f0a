import Autodiff
import NeuralNets
import Tensors
import TestSupport
import Testing

/// One optimizer under the twelve gradients of `optimizers.json`.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let json: KerasFamily.JSON
  var name: String { json["name"].text ?? "" }
  var code: String { json["code"].text ?? "" }
  var testDescription: String { code + " " + (json["constraint"].text ?? "") }

  static let family = try? KerasFamily("optimizers")
  static let all = (family?.cases ?? []).map { OptimizerCase(json: $0) }
  static let offered = all.filter { OptimizerCatalog.named($0.name) != nil }

  func optimizer() throws -> Component { try CodedParts.optimizer(code) }

  /// A plan whose loss is `Σ w · g`, so that each gradient is what is written into g.
  func plan(_ optimizer: Component) throws -> (plan: Plan, gradients: [Value]) {
    var builder = GraphBuilder(mode: .training)
    let shapes: [(String, String, Shape)] = [("kernel", "W", [3, 2]), ("bias", "b", [2])]
    let weights = shapes.map { builder.parameter("dense/" + $0, $1, $2) }
    let gradients = shapes.map { builder.input("given_" + $0.0, "G", $0.2) }
    builder.beginLoss()
    let terms = zip(weights, gradients).map { w, g in
      builder.reduce(.sum, builder.formula("term", "L", .operand(0) * .operand(1), [w, g]))
    }
    let loss = builder.formula("loss", "L", .operand(0) + .operand(1), terms)
    let constraint = try json["constraint"].text.flatMap { try CodedParts.part("constraint", $0) }
    let specs = [
      WeightSpec("kernel", [3, 2], .zeros, constraint: constraint),
      WeightSpec("bias", [2], .zeros),
    ]
    let plan = Planner.plan(
      builder, inputs: gradients, outputs: [loss], parameters: weights,
      judgment: Judgment(loss: loss),
      optimizer: OptimizerRule(optimizer, for: Array(zip(weights, specs).map { ($0, $1) })))
    return (plan, gradients)
  }
}

@Suite("Optimizers")
struct OptimizerTests {
  @Test("twelve updates are those of Keras", arguments: OptimizerCase.offered)
  func updates(example: OptimizerCase) throws {
    let family = try #require(OptimizerCase.family)
    let optimizer = try example.optimizer()
    let rate = LearningRate(optimizer)
    let (plan, gradients) = try example.plan(optimizer)
    let execution = Execution(plan)
    let names = ["kernel", "bias"]
    for (name, weight) in zip(names, plan.parameters) {
      execution.write(try #require(family.content["start"][name].tensor).scalars, to: weight)
    }
    // A loss scaled by a factor has gradients that the optimizer divides by it again.
    let scale = Float(optimizer.arguments["loss_scale_factor"].asNumber ?? 1)
    for step in 0..<12 {
      execution.begin(seed: 0, step: step, learningRate: rate.rate(at: step))
      for (name, value) in zip(names, gradients) {
        let given = try #require(family.content["gradients"][name].tensor).rows([step])
        execution.write(given.scalars.map { $0 / scale }, to: value)
      }
      execution.run()
      for (name, weight) in zip(names, plan.parameters) {
        let expected = try #require(example.json[name].tensor).rows([step])
        let off = difference(execution.numbers(of: weight), expected.scalars)
        #expect(off < 2e-6, "\(name) after step \(step): \(off)")
      }
    }
    for (name, weight) in zip(names, plan.parameters) where !example.json["finalized"].isNull {
      let average = try #require(
        plan.value(named: OptimizerRule.averageName(of: plan[weight].name)))
      let expected = try #require(example.json["finalized"][name].tensor)
      #expect(difference(execution.numbers(of: average), expected.scalars) < 2e-6, "\(name)")
    }
  }

  @Test("every optimizer of Keras is there but for two newcomers")
  func whole() {
    let missing = Set(OptimizerCase.all.map(\.name)).filter { OptimizerCatalog.named($0) == nil }
    #expect(missing == ["Muon", "ScheduleFreeAdamW"])
    #expect(OptimizerCase.offered.count > 250)
  }

  /// One case of each optimizer, with as much of what all optimizers do as there is.
  static let richest = Dictionary(grouping: OptimizerCase.offered) { $0.name }.values
    .compactMap { cases in
      cases.filter { !$0.code.contains("schedules") }.max { $0.code.count < $1.code.count }
    }

  @Test("every step back restores the numbers before it", arguments: richest)
  func backwards(example: OptimizerCase) throws {
    let optimizer = try example.optimizer()
    let (plan, gradients) = try example.plan(optimizer)
    let execution = Execution(plan)
    let random = CounterRandom(seed: 4, name: example.code)
    for weight in plan.parameters {
      execution.write((0..<weight.shape.count).map { Float(random.normal(at: $0)) }, to: weight)
    }
    for step in 0..<4 {
      execution.begin(seed: 0, step: step, learningRate: 0.05)
      for (i, value) in gradients.enumerated() {
        execution.write(
          (0..<value.shape.count).map { Float(random.normal(at: 100 * step + 10 * i + $0)) },
          to: value)
      }
      var digests = [execution.digest()]
      while !execution.isDone {
        execution.advance()
        digests.append(execution.digest())
      }
      for digest in digests.reversed().dropFirst() {
        execution.retreat()
        #expect(execution.digest() == digest)
      }
      execution.run()
      #expect(execution.digest() == digests.last)
    }
  }

  @Test("what is kept of a weight is what the update makes", arguments: OptimizerCase.offered)
  func kept(example: OptimizerCase) throws {
    let optimizer = try example.optimizer()
    let plan = try example.plan(optimizer).plan
    for weight in plan.parameters {
      let made = plan.values.filter {
        $0.role == .optimizerState && $0.name.hasPrefix(plan[weight].name + ".")
      }
      let kept = OptimizerCatalog.kept(optimizer, of: weight.shape)
      #expect(
        kept.map(\.shape.count).reduce(0, +) == made.map(\.shape.count).reduce(0, +),
        "\(kept.map(\.symbol)), \(made.map(\.name))")
    }
  }

  @Test("the twins in Float64 go the same way", arguments: richest)
  func twins(example: OptimizerCase) throws {
    let optimizer = try example.optimizer()
    let (plan, gradients) = try example.plan(optimizer)
    let execution = Execution(plan)
    let random = CounterRandom(seed: 5, name: example.code)
    for value in plan.parameters + gradients {
      execution.write((0..<value.shape.count).map { Float(random.normal(at: $0)) }, to: value)
    }
    execution.begin(seed: 0, step: 0, learningRate: 0.05)
    for value in gradients {
      execution.write((0..<value.shape.count).map { Float(random.normal(at: 50 + $0)) }, to: value)
    }
    var twin = ReferenceExecution<Double>(execution)
    twin.run(0..<plan.instructions.count)
    execution.run()
    for weight in plan.parameters {
      let exact = (0..<weight.shape.count).map { Float(twin[weight, $0]) }
      #expect(difference(execution.numbers(of: weight), exact) < 5e-6)
    }
  }

  @Test("any number of an update opens with its numbers before it", arguments: richest)
  func explanations(example: OptimizerCase) throws {
    let optimizer = try example.optimizer()
    let (plan, gradients) = try example.plan(optimizer)
    let execution = Execution(plan)
    let random = CounterRandom(seed: 6, name: example.code)
    for value in plan.parameters + gradients {
      execution.write((0..<value.shape.count).map { Float(random.normal(at: $0)) }, to: value)
    }
    for step in 0..<3 {
      execution.begin(seed: 0, step: step, learningRate: 0.05)
      for value in gradients {
        execution.write(
          (0..<value.shape.count).map { Float(random.normal(at: 50 * step + $0)) }, to: value)
      }
      while !execution.isDone {
        execution.advance()
        try explain(execution, execution.position - 1)
      }
    }
  }

  private func explain(_ execution: Execution, _ i: Int) throws {
    let plan = execution.plan
    let explainer = CellExplainer(plan, environment: execution.stepEnvironment) {
      execution.number($0, at: $1, after: i)
    }
    for result in plan.instructions[i].results {
      for cell in 0..<result.value.shape.count {
        let number = execution.number(result.value, at: cell)
        let opened = explainer.explain(result, at: cell, value: number)
        if let sum = opened.recomputed {
          #expect(abs(Float(sum) - number) <= 1e-5 * max(1, abs(number)), "\(opened.name)")
        } else if case .formula(let text, let operands) = opened.body {
          #expect(
            text.split(separator: "{}", omittingEmptySubsequences: false).count - 1
              == operands.count, "\(text)")
        }
        guard case .formula(let formula, let operands, let layout) = result.rule else { continue }
        let exact = formula.folded.value(
          of: {
            Double(
              execution.number(
                operands[$0], at: layout.modes[$0].offset(of: cell, columns: layout.columns),
                after: i))
          },
          execution.stepEnvironment)
        #expect(abs(Float(exact) - number) <= 2e-5 * max(1, abs(number)), "\(opened.formula)")
      }
    }
  }
}

@Suite("Rosenblatt's rule")
struct PerceptronTests {
  private func network(_ layer: String) throws -> Network {
    var model = ModelDescription(
      inputShape: [2], layers: [.known("Dense", [("units", .integer(1))])],
      compilation: Compilation(
        optimizer: .known("Perceptron"), loss: .known("MeanSquaredError")))
    if layer != "linear" {
      model.layers[0] = .known("Dense", [("units", .integer(1)), ("activation", .text(layer))])
    }
    return try Network(model)
  }

  @Test("mistakes alone move the weights, by lr (t − step(z)) x")
  func rule() throws {
    let plan = try network("linear").plan(batchSize: 1, for: .training)
    let execution = Execution(plan)
    var (w, b): ([Float], Float) = ([0, 0], 0)
    // OR, until it is right everywhere.
    let examples: [([Float], Float)] = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
    for step in 0..<40 {
      let (x, t) = examples[step % 4]
      execution.begin(seed: 0, step: step, learningRate: 1)
      execution.write(x, to: plan.input)
      execution.write([t], to: try #require(plan.target))
      execution.run()
      let z = w[0] * x[0] + w[1] * x[1] + b
      let isWrong = t == 1 ? z <= 0 : z >= 0
      if isWrong {
        let side: Float = t == 1 ? 1 : -1
        (w, b) = ([w[0] + side * x[0], w[1] + side * x[1]], b + side)
      }
      #expect(execution.numbers(of: plan.parameters[0]) == w)
      #expect(execution.numbers(of: plan.parameters[1]) == [b])
    }
    for (x, t) in examples { #expect((w[0] * x[0] + w[1] * x[1] + b > 0) == (t == 1)) }
  }

  @Test("it asks for a linear output")
  func refused() {
    #expect(throws: Network.Failure.self) { try network("sigmoid") }
  }
}
