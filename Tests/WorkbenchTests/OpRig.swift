import Autodiff
import NeuralNets
import Tensors
import Testing

@testable import Training

/// A step over random numbers of one op, a loss and an optimizer, and what the stepper would show.
struct OpRig {
  let execution: Execution
  private let example: OpExample
  private var resultChoice = 0

  /// - Parameter kind: which optimizer.
  init(_ example: OpExample, kind: Int) {
    self.example = example
    execution = Execution(
      example.plan(optimizer: Self.optimizer(kind)))
  }

  /// One rig for each optimizer.
  static func all(_ example: OpExample) -> [OpRig] { (0..<4).map { OpRig(example, kind: $0) } }

  /// Begins a step over other random numbers.
  mutating func begin(seed: Int) {
    resultChoice = seed
    let plan = execution.plan
    execution.begin(seed: UInt64(seed), step: seed % 3, learningRate: 0.01)
    let start = example.start(of: plan, scale: [1, 0.05, 4][seed % 3]) {
      CounterRandom(seed: UInt64(seed), name: $0)
    }
    for (value, numbers) in start { execution.write(numbers, to: value) }
  }

  /// Each in its turn: without momentum, with, with Nesterov's, Adam.
  private static func optimizer(_ kind: Int) -> any UpdateRule {
    let momentum: (name: String, value: ArgumentValue) = ("momentum", .number(0.9))
    switch kind {
    case 0: return OptimizerRule(.known("SGD"))
    case 1: return OptimizerRule(.known("SGD", [momentum]))
    case 2:
      return OptimizerRule(.known("SGD", [momentum, ("nesterov", .boolean(true))]))
    default: return OptimizerRule(.known("Adam"))
    }
  }

  private func shown(_ value: Value) -> ShownValue {
    let info = execution.plan[value]
    return ShownValue(
      value: value, name: info.name, symbol: info.symbol, tensor: execution.tensor(value),
      isKnown: execution.isKnown(value))
  }

  func explain(_ result: InstructionResult, at cell: Int) -> CellExplanation {
    let instruction = execution.plan.instructions[execution.position - 1]
    let isOwn = instruction.results.contains { $0.value == result.value }
    let before = isOwn ? execution.before(instruction) : [:]
    let explainer = CellExplainer(execution.plan, environment: execution.stepEnvironment) {
      before[$0]?[$1] ?? execution.number($0, at: $1)
    }
    return explainer.explain(result, at: cell, value: execution.number(result.value, at: cell))
  }

  /// What is shown of the instruction just done, one of its results and numbers chosen.
  func moment(cell: Int) -> StepMoment {
    let plan = execution.plan
    let index = execution.position - 1
    let instruction = plan.instructions[index]
    let chosen = resultChoice % instruction.results.count
    let result = instruction.results[chosen]
    let place = cell % result.value.shape.count
    let before = execution.before(instruction).map { value, numbers in
      ShownValue(
        value: value, name: plan[value].name, symbol: plan[value].symbol,
        tensor: Tensor(shape: value.shape, scalars: numbers), isKnown: true)
    }
    let example = place / max(1, result.value.shape.last) % plan.batchSize
    let recurrent = RecurrentPlace(instruction, plan).map {
      RecurrentMoment(
        $0, instruction, of: execution, example: example, result: result, cell: place
      ) { explain($0, at: $1) }
    }
    return StepMoment(
      plan: plan, listing: StepInterest().listing(of: plan, done: index + 1), step: 0,
      done: index + 1, instruction: index, operands: instruction.operands.map { shown($0) },
      results: instruction.results.map { shown($0.value) }, result: chosen, cell: place,
      explanation: explain(result, at: place), check: nil, checkScale: 0, firstNumbers: [],
      lens: nil, recurrent: recurrent,
      loss: plan.loss.flatMap { execution.isKnown($0) ? execution.number($0, at: 0) : nil },
      before: before, learningRate: 0.01, batchRows: [])
  }
}

extension OpExample: CustomTestStringConvertible {
  package var testDescription: String { name }
}
