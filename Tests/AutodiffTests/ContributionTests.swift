import Autodiff
import Tensors
import Testing

/// Learns nothing: the ops are looked at, not trained.
private struct NoUpdate: UpdateRule {
  func update(_ parameters: [LearnedParameter], _ emitter: inout Emitter) {}
}

@Suite("Contributions")
struct ContributionTests {
  /// A step over random numbers, done.
  private func done(_ example: OpExample) -> Execution {
    let execution = Execution(example.plan(optimizer: NoUpdate()))
    execution.begin(seed: 4, step: 0, learningRate: 0)
    for (value, numbers) in example.start(
      of: execution.plan, { CounterRandom(seed: 7, name: $0) })
    {
      execution.write(numbers, to: value)
    }
    execution.run()
    return execution
  }

  @Test("the terms of every number add up to it, forwards and backwards", arguments: OpCatalog.all)
  func sums(example: OpExample) {
    let execution = done(example)
    for (i, instruction) in execution.plan.instructions.enumerated() {
      for result in instruction.results {
        for cell in 0..<result.value.shape.count {
          let number = Double(execution.number(result.value, at: cell))
          let split = execution.split(result, of: i, at: cell)
          #expect(
            split.agrees(with: number),
            "\(execution.plan[result.value].name) at \(cell): \(split.total), not \(number)")
          #expect(split.merged.agrees(with: split.total))
        }
      }
    }
  }

  @Test("every part names a number that the rule reads", arguments: OpCatalog.all)
  func places(example: OpExample) {
    let execution = done(example)
    for (i, instruction) in execution.plan.instructions.enumerated() {
      for result in instruction.results {
        let operands = Set(result.rule.operands)
        for part in execution.split(result, of: i, at: 0).parts {
          #expect(operands.contains(part.place.value))
          #expect(
            part.number == Double(execution.number(part.place.value, at: part.place.offset)))
        }
      }
    }
  }

  @Test("an op's numbers are split by the rules that it declares", arguments: OpCatalog.all)
  func declared(example: OpExample) {
    let plan = example.plan(optimizer: NoUpdate())
    let forward = plan.instructions.filter { $0.phase == .forward }.flatMap(\.results)
    #expect(!forward.isEmpty)
    #expect(
      Set(forward.map(\.rule.contribution)).isSubset(of: example.op.contributions),
      "\(forward.map(\.rule.contribution))")
  }

  @Test("of a product with a gate all belongs to what passes it")
  func gates() throws {
    let example = try #require(OpCatalog.all.first { $0.name == "memory, all outputs" })
    let execution = done(example)
    let plan = execution.plan
    let h = try #require(plan.value(named: "op/t1/h"))
    let maker = try #require(plan.origin(of: h))
    let result = try #require(plan.instructions[maker].results.first { $0.value == h })
    let parts = execution.split(result, of: maker, at: 0).parts
    #expect(parts.count == 1)
    #expect(parts.first.map { plan[$0.place.value].name }?.hasSuffix("/o") == false)
  }

  @Test("rules have a source and words of their own")
  func rules() {
    let all = ContributionRule.allCases
    #expect(Set(all.map(\.words)).count == all.count)
    #expect(all.allSatisfy { !$0.source.isEmpty })
  }

  @Test("functions of a sum keep its proportions, and what they are at 0 belongs to nobody")
  func functions() {
    let made = Execution.formula(
      .function(.sigmoid, .operand(0) + 2 * .operand(1)), [0.5, -0.125])
    let split = made.split
    #expect(split.parts.count == 2)
    #expect(abs(split.parts[0].amount + 2 * split.parts[1].amount) < 1e-12)
    #expect(split.rest.map(\.amount) == [0.5])
    #expect(split.agrees(with: made.number))
  }

  @Test("a denominator is a common scale, a sign keeps proportions, a limit scales down")
  func updates() {
    let mean = Formula.named("m", 0.75 * .operand(0) + 0.25 * .operand(1))
    for formula in [mean / .sqrt(.operand(2)), .sign(mean), .clip(mean, -0.1, 0.1)] {
      let made = Execution.formula(formula, [1, -2, 4])
      #expect(made.split.merged.parts.count == 2, "\(formula)")
      #expect(made.split.agrees(with: made.number))
      #expect(
        abs(made.split.parts[0].amount / made.split.parts[1].amount + 1.5) < 1e-6, "\(formula)")
    }
  }

  @Test("a product of two alike is halved")
  func halves() {
    let made = Execution.formula(.operand(0) * .operand(1), [3, 5])
    #expect(made.split.parts.map(\.amount) == [7.5, 7.5])
  }
}

extension Execution {
  /// What a formula makes of one number for each operand, and its split.
  fileprivate static func formula(
    _ formula: Formula, _ numbers: [Float]
  ) -> (number: Double, split: CellSplit) {
    var builder = GraphBuilder(mode: .inference)
    let inputs = numbers.indices.map { builder.input("x\($0)", "x\($0)", [1]) }
    let output = builder.layer("op") { $0.apply(FormulaOp("f", formula), to: inputs) }
    let plan = Planner.plan(builder, inputs: inputs, outputs: [output], parameters: [])
    let execution = Execution(plan)
    execution.begin(seed: 0, step: 0, learningRate: 0.1)
    for (input, number) in zip(inputs, numbers) { execution.write([number], to: input) }
    execution.run()
    let result = plan.instructions[0].results[0]
    return (
      Double(execution.number(output, at: 0)), execution.split(result, of: 0, at: 0)
    )
  }
}
