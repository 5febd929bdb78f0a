import Autodiff
import NeuralNets
import Tensors
import Testing

@Suite("What an update is made of")
struct UpdateContributionTests {
  /// Does updates one instruction after the other and looks at each result.
  private func step(
    _ example: OptimizerCase, steps: Int,
    _ look: (Execution, Int, InstructionResult, CellSplit, Int) -> Void
  ) throws {
    let optimizer = try example.optimizer()
    let rate = LearningRate(optimizer)
    let (plan, gradients) = try example.plan(optimizer)
    let execution = Execution(plan)
    let random = CounterRandom(seed: 9, name: example.code)
    for weight in plan.parameters {
      execution.write((0..<weight.shape.count).map { Float(random.normal(at: $0)) }, to: weight)
    }
    for step in 0..<steps {
      execution.begin(seed: 0, step: step, learningRate: rate.rate(at: step))
      for (i, value) in gradients.enumerated() {
        execution.write(
          (0..<value.shape.count).map {
            $0 == step ? 0 : Float(random.normal(at: 100 * step + 10 * i + $0))
          }, to: value)
      }
      while !execution.isDone {
        execution.advance()
        let i = execution.position - 1
        for result in plan.instructions[i].results {
          for cell in 0..<result.value.shape.count {
            look(execution, i, result, execution.split(result, of: i, at: cell), cell)
          }
        }
      }
    }
  }

  @Test(
    "its terms add up, for every optimizer with all that it may be given",
    arguments: OptimizerCase.offered)
  func sums(example: OptimizerCase) throws {
    try step(example, steps: 4) { execution, i, result, split, cell in
      let number = Double(execution.number(result.value, at: cell))
      #expect(
        split.agrees(with: number),
        "\(execution.plan[result.value].name) \(result.formula): \(split.total), not \(number)")
      // A weight below its bound is set to it, whatever it was.
      let isKept = execution.plan[result.value].role != .parameter || number == 0
      #expect(isKept || !split.parts.isEmpty)
    }
  }

  @Test("an optimizer's own numbers are all that it is made of", arguments: OptimizerTests.richest)
  func operands(example: OptimizerCase) throws {
    try step(example, steps: 2) { execution, i, result, split, _ in
      let operands = Set(result.rule.operands)
      #expect(split.parts.allSatisfy { operands.contains($0.place.value) })
    }
  }

  @Test("Adam's move is split between its memory and the gradient, under one scale")
  func adam() throws {
    let example = try #require(
      OptimizerCase.offered.first { $0.code == "keras.optimizers.Adam()" }
        ?? OptimizerCase.offered.first { $0.name == "Adam" })
    var moves = 0
    try step(example, steps: 3) { execution, _, result, split, cell in
      guard execution.plan[result.value].role == .parameter else { return }
      let parts = split.merged.parts
      let names = parts.map { execution.plan[$0.place.value].role }
      #expect(Set(names) == [.parameter, .optimizerState, .gradient])
      let memory = parts.first { execution.plan[$0.place.value].role == .optimizerState }
      let gradient = parts.first { execution.plan[$0.place.value].role == .gradient }
      let ratio = (memory?.coefficient ?? 0) / (gradient?.coefficient ?? 1)
      #expect(abs(ratio - 9) < 1e-4)
      moves += 1
    }
    #expect(moves > 0)
  }
}
