import Autodiff
import NeuralNets
import Tensors

/// One value as the stepper shows it.
package struct ShownValue: Hashable, Sendable {
  package let value: Value
  /// `dense_1/kernel.grad`
  package let name: String
  /// `∂L/∂W`
  package let symbol: String
  package let tensor: Tensor
  /// Whether it holds this step's numbers already.
  package let isKnown: Bool
}

/// The example of the batch under the lens.
package struct ExampleLens: Hashable, Sendable {
  /// Its place in the batch, and its row among the training examples.
  package let place: Int
  package let row: Int
  package let input: Tensor
  package let target: Tensor
  /// What the network says of it, nil before the forward pass is through.
  package internal(set) var prediction: Tensor?
  package internal(set) var loss: Float?
  /// The further inputs of a network that takes several, and its further targets.
  package var otherInputs: [Named] = []
  package var otherTargets: [Named] = []

  /// An array of the example with the name it has in the plan.
  package struct Named: Hashable, Sendable {
    package let name: String
    package let tensor: Tensor
  }
}

/// What the stepper shows at a position: the instruction just done, its operands and results, one
/// number opened, one example.
package struct StepMoment: Sendable {
  package let plan: Plan
  package let listing: Listing
  /// The step whose numbers are shown.
  package let step: Int
  /// Instructions done in that step: 0 only at the very start of a run.
  package let done: Int
  /// The instruction shown: the last one done, nil before the first.
  package let instruction: Int?
  package internal(set) var operands: [ShownValue]
  package internal(set) var results: [ShownValue]
  /// The number chosen in a result: which result, where, how it came about.
  package let result: Int
  package let cell: Int
  package internal(set) var explanation: CellExplanation?
  /// The chosen number of a gradient beside its numeric estimate, and the scale of that gradient.
  package internal(set) var check: GradientCheck.Finding?
  package let checkScale: Double
  /// The first number of each instruction's first result, where it is known.
  package internal(set) var firstNumbers: [Float?]
  package internal(set) var lens: ExampleLens?
  /// The recurrent layer over time, when the instruction lies in one of its time steps.
  package let recurrent: RecurrentMoment?
  package internal(set) var loss: Float?
  /// Parameters and state that the instruction overwrote, as they were before it.
  package internal(set) var before: [ShownValue]
  /// What an update had made of results that were set by hand, or put back, before the next step.
  package internal(set) var made: [Value: Tensor] = [:]
  /// The learning rate that this step's update uses.
  package let learningRate: Float
  /// The row among the training examples of each place of the batch.
  package let batchRows: [Int]
  /// Whether the numeric estimate is being worked out.
  package var isChecking = false
  /// How often the optimizer had updated before the step, where that is not the number of the step: it
  /// was taken up later, or other networks learn in between.
  package var optimizerStep: Int?
  /// Whether the run is one of passes: what is called a step here is a pass then.
  package internal(set) var countsPasses = false
  /// What is watched.
  package var watches: [WatchReading] = []
  /// Whether what is pending of the past is being worked out: at full speed it waits for a rest.
  package internal(set) var looksBack = true
  /// The chosen number of a weight that the instruction updates, at the ends of the latest steps.
  package var weightPast: WeightPast?
  /// The step's data flow for the example under the lens, when it is asked for.
  package var graph: ExampleGraph?
  /// The fold that was done as one line, when it is closed in the listing.
  package var fold: FoldExplanation?

  package func batchRow(_ place: Int) -> Int? {
    batchRows.indices.contains(place) ? batchRows[place] : nil
  }
}

extension StepMoment {
  /// What is counted.
  package var unit: String { countsPasses ? "pass" : "step" }
  package var units: String { countsPasses ? "passes" : "steps" }

  /// How often the optimizer had updated before the step: t of Adam is one more.
  package var updatesBefore: Int { optimizerStep ?? step }

  /// Whether every instruction of the step is done: the run stands at the start of the next.
  package var isDone: Bool { done == plan.instructions.count }

  /// The number of updates done: that of the step after this one where it is done, else its own.
  package var updates: Int { step + (isDone ? 1 : 0) }
}

extension StepMoment {
  /// The moment a session is at.
  /// - Parameters:
  ///   - memory: what has been worked out of this run and is kept.
  ///   - run: the number of the run in its lab.
  init(of session: Session, _ interest: StepInterest, _ memory: StepMemory, run: Int) {
    let key = MomentKey(run: run, changes: session.changeLog.count)
    let execution = session.execution
    let plan = execution.plan
    let index = execution.position > 0 ? execution.position - 1 : nil
    let instruction = index.map { plan.instructions[$0] }
    func shown(_ value: Value) -> ShownValue {
      let info = plan[value]
      return ShownValue(
        value: value, name: info.name, symbol: info.symbol, tensor: execution.tensor(value),
        isKnown: execution.isKnown(value))
    }
    self.plan = plan
    listing = interest.listing(of: plan, done: execution.position)
    step = session.shownStep
    countsPasses = session.passRun != nil
    optimizerStep = execution.stepEnvironment.step
    done = execution.position
    self.instruction = index
    results = instruction?.results.map { shown($0.value) } ?? []
    let before = instruction.map { execution.before($0) } ?? [:]
    self.before = before.sorted { $0.key.id < $1.key.id }.map { value, numbers in
      ShownValue(
        value: value, name: plan[value].name, symbol: plan[value].symbol,
        tensor: Tensor(shape: value.shape, scalars: numbers), isKnown: true)
    }
    made = instruction.map { session.asMade($0.results.map(\.value)) } ?? [:]
    operands = instruction?.operands.map { shown($0) } ?? []
    let chosen = min(max(0, interest.result), max(0, results.count - 1))
    let count = results.isEmpty ? 0 : results[chosen].tensor.count
    let recurrence = instruction.flatMap { RecurrentPlace($0, plan) }
    let example = recurrence == nil ? interest.example : interest.example ?? 0
    let unitCell = instruction.flatMap { instruction in
      recurrence?.cell(
        of: instruction.results[chosen].value, example: example ?? 0, unit: interest.unit ?? 0)
    }
    let place =
      interest.cell.map { min(max(0, $0), max(0, count - 1)) } ?? unitCell
      ?? (results.isEmpty ? 0 : Self.strongest(results[chosen].tensor))
    result = chosen
    cell = place
    explanation =
      count == 0 ? nil : instruction.map { session.explain($0.results[chosen], at: place) }
    let asked = Self.pastQueries(instruction, place, plan)
    var queries = Set(asked.map { [$0.gradient, $0.weight] + $0.state.map(\.query) } ?? [])
    for watch in interest.watches { queries.insert(.expression(watch)) }
    memory.want(queries, session, key)
    (check, checkScale, isChecking) = Self.check(
      session, results.isEmpty ? nil : results[chosen].value, place, interest.checks, memory, key)
    firstNumbers = plan.instructions.indices.map { i in
      guard i < execution.position, let first = plan.instructions[i].results.first,
        first.value.shape.count > 0
      else { return nil }
      return execution.number(first.value, at: 0)
    }
    let lensPlace =
      example ?? Self.example(of: explanation, results, chosen, place, plan.batchSize)
    lens = Self.lens(session, lensPlace)
    recurrent = recurrence.flatMap { recurrence in
      instruction.map {
        RecurrentMoment(
          recurrence, $0, of: execution, example: min(max(0, lensPlace), plan.batchSize - 1),
          result: $0.results[chosen], cell: place
        ) { session.explain($0, at: $1) }
      }
    }
    batchRows = session.batchRows
    learningRate = Float(execution.stepEnvironment.learningRate)
    loss = plan.loss.flatMap { execution.isKnown($0) ? execution.number($0, at: 0) : nil }
    func past(_ query: PastQuery) -> Past { memory.past(query, session, key) }
    weightPast = asked.map { queries in
      func past(_ query: PastQuery) -> Past {
        // What the step at hand has made of it already comes last.
        let past = memory.past(query, session, key)
        guard !execution.isDone, case .number(let name, let offset) = query,
          let value = plan.value(named: name)
        else { return past }
        return past.adding(execution.number(value, at: offset), step: session.shownStep)
      }
      return WeightPast(
        gradient: past(queries.gradient),
        state: queries.state.map { WeightPast.State(symbol: $0.symbol, past: past($0.query)) },
        weight: past(queries.weight))
    }
    watches = interest.watches.map { WatchReading($0, of: session, past(.expression($0))) }
    fold = listing.closedFold(endingAt: execution.position, in: plan).map {
      FoldExplanation(
        of: $0, in: session, example: min(max(0, lensPlace), plan.batchSize - 1),
        unit: recurrent?.unit)
    }
    if interest.showsGraph {
      graph = ExampleGraph(
        of: session, example: min(max(0, lensPlace), plan.batchSize - 1),
        looking: interest.graphPlace)
    }
  }

  /// Compares the chosen number of a gradient with its numeric estimate, when there is one.
  private static func check(
    _ session: Session, _ value: Value?, _ cell: Int, _ wanted: Bool, _ memory: StepMemory,
    _ key: MomentKey
  ) -> (GradientCheck.Finding?, Double, Bool) {
    let plan = session.plan
    guard wanted, let value, let source = plan.gradients.first(where: { $0.value == value })?.key
    else { return (nil, 0, false) }
    let largest = session.execution.numbers(of: value).reduce(Float(0)) { max($0, abs($1)) }
    let known = memory.check(source, cell, session, key)
    return (known.finding, Double(largest), known.isPending)
  }

  /// What is asked of the past of a number that an instruction updates.
  private typealias PastQueries = (
    gradient: PastQuery, state: [(symbol: String, query: PastQuery)], weight: PastQuery
  )

  private static func pastQueries(
    _ instruction: Instruction?, _ cell: Int, _ plan: Plan
  ) -> PastQueries? {
    guard let instruction, instruction.phase == .update,
      let weight = instruction.results.map(\.value).first(where: { plan[$0].role == .parameter }),
      let gradient = plan.gradients[weight], cell < weight.shape.count
    else { return nil }
    let state = instruction.results.map(\.value).filter {
      plan[$0].role == .optimizerState && $0.shape == weight.shape
    }
    return (
      .number(name: plan[gradient].name, offset: cell),
      state.map { (plan[$0].symbol, .number(name: plan[$0].name, offset: cell)) },
      .number(name: plan[weight].name, offset: cell)
    )
  }

  /// The place of the number of the largest size; NaN counts as infinite.
  private static func strongest(_ tensor: Tensor) -> Int {
    let sizes = tensor.scalars.map { $0.isNaN ? .infinity : abs($0) }
    return sizes.indices.max { sizes[$0] < sizes[$1] } ?? 0
  }

  /// The example that matters to a number: that of the largest term when it is a sum over examples,
  /// else that of its row when rows are examples.
  private static func example(
    of explanation: CellExplanation?, _ results: [ShownValue], _ chosen: Int, _ cell: Int,
    _ batchSize: Int
  ) -> Int {
    if case .sum(let terms)? = explanation?.body,
      let largest = terms.filter({ $0.example != nil })
        .max(by: { abs($0.product) < abs($1.product) }), let example = largest.example
    {
      return example
    }
    guard chosen < results.count else { return 0 }
    let shape = results[chosen].tensor.shape
    return shape.rank > 1 && shape[0] == batchSize ? shape.index(ofOffset: cell)[0] : 0
  }

  private static func lens(_ session: Session, _ wanted: Int) -> ExampleLens? {
    let execution = session.execution
    let plan = execution.plan
    guard let target = plan.target, plan.batchSize > 0 else { return nil }
    let place = min(max(0, wanted), plan.batchSize - 1)
    func slice(_ value: Value) -> Tensor {
      execution.tensor(value).rows([place])
    }
    let loss = plan.exampleLoss.flatMap { value -> Float? in
      guard execution.isKnown(value) else { return nil }
      let numbers = slice(value).scalars
      return numbers.reduce(0, +) / Float(max(numbers.count, 1))
    }
    var lens = ExampleLens(
      place: place, row: session.batchRows[place], input: slice(plan.input),
      target: slice(target),
      prediction: execution.isKnown(plan.output) ? slice(plan.output) : nil, loss: loss)
    func named(_ value: Value) -> ExampleLens.Named {
      ExampleLens.Named(name: plan[value].name, tensor: slice(value))
    }
    lens.otherInputs = plan.inputs.dropFirst().map(named)
    lens.otherTargets = plan.targets.dropFirst().map(named)
    return lens
  }
}

extension Session {
  /// How one number of an instruction's result came about. For what the instruction overwrote, the
  /// operands are the numbers before it.
  package func explain(_ result: InstructionResult, at cell: Int) -> CellExplanation {
    let explanation = execution.explain(result, at: cell)
    if let next = setAhead(of: CellPlace(result.value, cell)) {
      return explanation.made(
        explanation.result, CellExplanation.Afterwards(.setAhead, next))
    }
    guard let cause = doneAfterwards(to: CellPlace(result.value, cell)),
      let made = asMade([result.value])[result.value]?.scalars[cell],
      made != explanation.result
    else { return explanation }
    return explanation.made(made, CellExplanation.Afterwards(cause, explanation.result))
  }

  /// Compares one number of a gradient with central differences in Float64.
  package func gradientCheck(_ value: Value, at cell: Int) -> GradientCheck.Finding? {
    GradientCheck(execution).check(value, at: cell)
  }
}
