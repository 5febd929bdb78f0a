import Autodiff
import NeuralNets
import Tensors

/// A run one can move in: trains at full speed, steps by instruction, goes back.
///
/// Not thread-safe: it belongs to one thread, which hands out snapshots.
package final class Session {
  package private(set) var settings: RunSettings
  package let network: Network
  package private(set) var history = History()
  /// Learning rates that were set while it ran: from which step, and what.
  private var setRates: [(step: Int, rate: Float)] = []
  /// The learning rate where none was set: what the optimizer was compiled with.
  private let schedule: LearningRate
  /// Numbers of weights that were set by hand, in the order they were set.
  package private(set) var weightChanges: [WeightChange] = []

  /// The steps whose start replaced weights by their averages.
  private var averagings: Set<Int> = []

  /// Everything that was set by hand since the run began, in that order; nothing is ever taken out.
  package private(set) var changeLog: [SettingChange] = []

  /// A setting of a run under the name that the debugger's `set` knows: `dense/kernel[1,2]`.
  package struct SettingChange: Hashable, Sendable {
    package let step: Int
    package let name: String
    package let value: Float
  }

  /// One number of a weight, set by hand for the start of a step.
  package struct WeightChange: Hashable, Sendable {
    package let step: Int
    package let weight: Value
    package let offset: Int
    package let number: Float
  }

  let state: Arena
  let training: Examples
  private let validation: Examples?
  private var executions: [ExecutionKey: Execution] = [:]
  private var checkpoints: Checkpoints
  private var meter = UpdateMeter()

  /// The step that the current execution is in, and how many of its instructions are done (kept by
  /// the execution itself). Between steps it stands at the end of the one before.
  private var step = 0
  /// The order of the examples in the epoch at hand.
  private var order: (epoch: Int, rows: [Int]) = (-1, [])
  private(set) package var execution: Execution

  /// Steps and epochs that were trained before this run began, when it continues another.
  private let stepsBefore: Int
  private let epochsBefore: Int

  private struct ExecutionKey: Hashable {
    let batchSize: Int
    let purpose: Network.Purpose
    let isWeighted: Bool
  }

  /// - Parameter previous: a run to go on from, as a second `fit` does: its weights (but for those
  ///   that the settings give), its optimizer's state and count of updates, its learning rate. It
  ///   is used up: this run changes its memory. One of another model or compilation is ignored.
  package init(_ settings: RunSettings, continuing previous: Session? = nil) throws {
    guard let compilation = settings.model.compilation else {
      throw RunFailure(
        "the model is not compiled", remedy: "model.compile(optimizer=\"adam\", loss=…)")
    }
    guard settings.batchSize >= 1, settings.epochs >= 0 else {
      throw RunFailure(
        "batch size \(settings.batchSize), \(settings.epochs) epochs",
        remedy: "a batch size of at least 1 and no negative number of epochs")
    }
    let data = settings.data.training
    guard data.count > 0 else {
      throw RunFailure("there are no examples to learn from", remedy: "at least one")
    }
    let example = Shape(Array(data.inputs.shape.extents.dropFirst()))
    let known = previous.flatMap { $0.settings.model == settings.model ? $0 : nil }
    let network = try known?.network ?? Network(settings.model, inputShape: example)
    self.network = network
    self.settings = settings
    training = try Targets.fitted(data, to: network)
    validation = try settings.data.validation.flatMap {
      $0.count == 0 ? nil : try Targets.fitted($0, to: network)
    }
    stepsBefore = known.map { $0.stepsBefore + $0.position.step } ?? 0
    epochsBefore = known.map { $0.epochsBefore + $0.epochsBegun } ?? 0
    executions = known?.executions ?? [:]
    let key = ExecutionKey(
      batchSize: min(settings.batchSize, training.count), purpose: .training,
      isWeighted: training.isWeighted)
    if let execution = executions[key], let known {
      (self.execution, state) = (execution, known.state)
    } else {
      let plan = network.plan(
        batchSize: key.batchSize, for: .training, isWeighted: key.isWeighted)
      try Self.checkSize(of: plan)
      state = known?.state ?? plan.freshState()
      execution = Execution(plan, state: state)
      executions[key] = execution
    }
    checkpoints = Checkpoints(stateSize: state.count)
    schedule = LearningRate(compilation.optimizer)
    if let known, let rate = known.setRates.last?.rate { setRates = [(0, rate)] }
    try setInitialWeights(drawn: known == nil)
    checkpoints.store(step: 0, state)
    beginStep(0)
  }

  /// 16 GiB of numbers: beyond it a machine for learning gives up without saying why.
  private static func checkSize(of plan: Plan) throws(RunFailure) {
    guard plan.arenaSizes.state + plan.arenaSizes.activations <= 1 << 32 else {
      throw RunFailure(
        "a batch of \(plan.batchSize) takes \(plan.arenaSizes.activations >> 28) GiB",
        remedy: "a smaller batch size, or smaller layers")
    }
  }

  private func setInitialWeights(drawn: Bool) throws {
    let initial = drawn ? network.initialWeights(seed: settings.seed) : [:]
    for (name, _) in network.weights {
      let tensor = settings.initialWeights?[name] ?? initial[name]
      if let tensor { try setWeight(name, tensor) }
    }
  }

  /// How many epochs have at least begun.
  private var epochsBegun: Int { (position.step + stepsPerEpoch - 1) / stepsPerEpoch }

  // MARK: Where it is

  package var plan: Plan { execution.plan }

  /// The moment the run is at; the end of a step is the start of the next.
  package var position: Position {
    execution.isDone
      ? Position(step: step + 1) : Position(step: step, instruction: execution.position)
  }

  /// The step whose numbers the execution holds: the one before the position at its very start.
  package var shownStep: Int { step }

  package var isFinished: Bool { position.step >= settings.totalSteps }

  package var stepsPerEpoch: Int { settings.stepsPerEpoch }

  /// The rows of the training examples in the batch at hand.
  package private(set) var batchRows: [Int] = []

  /// The rate that the run began with, and those that were set since: from which step, and what.
  package var learningRates: [(step: Int, rate: Float)] {
    setRates.first?.step == 0 ? setRates : [(0, learningRate(at: 0))] + setRates
  }

  /// The learning rate that holds at a step.
  package func learningRate(at step: Int) -> Float {
    setRates.last { $0.step <= step }?.rate ?? schedule.rate(at: stepsBefore + step)
  }

  // MARK: Training

  /// Trains to the end of the step at hand, or all of the next one, at full speed.
  ///
  /// - Parameter clock: seconds on a clock that only moves forward: reads it between the phases and
  ///   keeps how long each took, unless that is known or the step had begun.
  package func trainStep(clock: (() -> Double)? = nil) {
    if execution.isDone { beginStep(step + 1) }
    if step == history.count { meter.begin(step, execution) }
    if let clock, step == history.count, execution.position == 0 {
      runTimed(by: clock)
    } else {
      execution.run()
    }
    finishStep()
    applyChanges(toStep: step + 1)
  }

  /// The same kernel calls as at full speed, with a look at the clock between phases.
  private func runTimed(by clock: () -> Double) {
    var last = clock()
    let seconds = Phase.allCases.map { phase in
      execution.run(through: phase)
      let now = clock()
      defer { last = now }
      return Float(max(0, now - last))
    }
    execution.run()
    guard plan.loss != nil else { return }
    history.append(
      History.Timing(
        step: step, forward: seconds[0], loss: seconds[1], backward: seconds[2],
        update: seconds[3]))
  }

  /// Does the next instruction, saving what it overwrites.
  private func advance() {
    if step == history.count { meter.begin(step, execution) }
    execution.advance()
  }

  private func beginStep(_ next: Int) {
    step = next
    checkpoints.offer(step: next, state)
    applyChanges(toStep: next)
    batchRows = rows(ofStep: next)
    execution = execution(
      batchSize: batchRows.count, purpose: .training, isWeighted: training.isWeighted)
    execution.begin(
      seed: settings.seed, step: stepsBefore + next, learningRate: learningRate(at: next))
    load(training, batchRows, into: execution)
  }

  /// The rows of the training examples that a step learns from; the last of an epoch may be few.
  private func rows(ofStep step: Int) -> [Int] {
    let (epoch, inEpoch) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    if order.epoch != epoch { order = (epoch, settings.order(ofEpoch: epochsBefore + epoch)) }
    let first = inEpoch * settings.batchSize
    return Array(order.rows[first..<min(first + settings.batchSize, training.count)])
  }

  func execution(
    batchSize: Int, purpose: Network.Purpose, isWeighted: Bool = false
  ) -> Execution {
    let key = ExecutionKey(batchSize: batchSize, purpose: purpose, isWeighted: isWeighted)
    if let known = executions[key] { return known }
    let plan = network.plan(batchSize: batchSize, for: purpose, isWeighted: isWeighted)
    let made = Execution(plan, state: state)
    executions[key] = made
    return made
  }

  func load(_ examples: Examples, _ rows: [Int], into execution: Execution) {
    let plan = execution.plan
    for (value, source) in zip(plan.inputs, examples.allInputs) {
      fill(execution, value, source, rows)
    }
    for (value, source) in zip(plan.targets, examples.allTargets) {
      fill(execution, value, source, rows)
    }
    for (value, source) in zip(plan.sampleWeights, examples.weights) {
      fill(execution, value, source, rows)
    }
  }

  private func fill(_ execution: Execution, _ value: Value, _ source: Tensor, _ rows: [Int]) {
    let width = source.shape.extents.dropFirst().reduce(1, *)
    execution.withNumbers(of: value) { target in
      source.scalars.withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        for (i, row) in rows.enumerated() {
          (to + i * width).update(from: from + row * width, count: width)
        }
      }
    }
  }

  /// Writes the step's numbers into the history, once: travelling does not write again.
  private func finishStep() {
    guard step == history.count, let loss = plan.loss else { return }
    let measured = meter.end(step, execution)
    let rows = Float(plan.output.shape.rows)
    history.append(
      History.Step(
        loss: execution.number(loss, at: 0),
        accuracy: accuracy.map { Float(execution.countRight($0)) / rows },
        gradientNorm: measured.gradientNorm, learningRate: learningRate(at: step),
        batchSize: plan.batchSize, updateRatio: measured.updateRatio),
      unsound: execution.number(loss, at: 0).isFinite || history.firstUnsound != nil
        ? nil : firstUnsoundValue)
    if (step + 1) % stepsPerEpoch == 0 { finishEpoch() }
  }

  /// The first value of the step at hand in which a number is not finite.
  private var firstUnsoundValue: String? {
    for instruction in plan.instructions {
      for result in instruction.results
      where execution.withNumbers(of: result.value, { !$0.allSatisfy(\.isFinite) }) {
        return plan[result.value].name
      }
    }
    return nil
  }

  private func finishEpoch() {
    let batches = history.steps.suffix(stepsPerEpoch)
    let count = Float(batches.reduce(0) { $0 + $1.batchSize })
    let validated = validation.map { evaluate($0) }
    history.append(
      History.Epoch(
        loss: batches.reduce(0) { $0 + $1.loss * Float($1.batchSize) } / count,
        accuracy: accuracy.map { _ in
          batches.reduce(0) { $0 + ($1.accuracy ?? 0) * Float($1.batchSize) } / count
        },
        validationLoss: validated?.loss, validationAccuracy: validated?.accuracy))
  }

  /// Which accuracy Keras means by "accuracy" for these outputs and targets.
  package var accuracy: AccuracyFunction? {
    guard let compilation = settings.model.compilation, compilation.outputs.count == 1,
      let loss = compilation.outputs[0].loss,
      !settings.data.classes.isEmpty
        || compilation.metrics.contains(where: \.isAccuracy)
    else { return nil }
    let prediction = Shape([1] + network.outputShape.extents)
    let judge = LossCatalog.loss(loss)
    if network.outputShape.last == 1 { return .binary }
    if judge.classCount(for: prediction) != nil { return .sparseCategorical }
    return judge.targetShape(for: prediction) == prediction ? .categorical : nil
  }

  // MARK: Settings that act at once

  /// Sets the learning rate from the next step on. What was recorded after it is forgotten.
  package func setLearningRate(_ rate: Float) {
    let from = nextBeginning
    setRates.removeAll { $0.step == from }
    forget(from: from)
    setRates.append((from, rate))
    changeLog.append(SettingChange(step: from, name: "learning_rate", value: rate))
    if from == 0 { beginStep(0) }
  }

  /// Sets one number of a weight: at once between steps, else from the next step on. What was
  /// recorded after it is forgotten.
  ///
  /// - Returns: the step that begins with it.
  package func setWeight(_ weight: Value, at offset: Int, to number: Float) -> Int {
    precondition(plan[weight].role == .parameter, "\(plan[weight].name) is not a weight")
    let from = nextBeginning
    forget(from: from)
    weightChanges.append(
      WeightChange(step: from, weight: weight, offset: offset, number: number))
    let index = CellExplainer.subscript(weight.shape.index(ofOffset: offset))
    changeLog.append(
      SettingChange(step: from, name: plan[weight].name + index, value: number))
    if position == Position(step: from) { applyChanges(toStep: from) }
    return from
  }

  /// Replaces every learned weight by its average, as Keras does at the end of a fit with
  /// `use_ema=True`; without averages nothing happens. What was recorded after it is forgotten.
  ///
  /// - Precondition: the run stands between steps, at least one done.
  package func useAverages() {
    guard !averages.isEmpty, position.step > 0 else { return }
    precondition(position.instruction == 0, "a fit ends with a step")
    let from = position.step
    forget(from: from)
    guard averagings.insert(from).inserted else { return }
    writeAverages()
  }

  /// The learned weights with what is kept of them.
  private var averages: [(weight: Value, average: Value)] {
    plan.parameters.compactMap { weight in
      plan.value(named: OptimizerRule.averageName(of: plan[weight].name)).map { (weight, $0) }
    }
  }

  private func writeAverages() {
    meter.forget()
    for (weight, average) in averages {
      execution.write(execution.numbers(of: average), to: weight)
    }
  }

  /// Gives weights new numbers between two steps. A program does so in the middle of a fit; it is
  /// not replayed, so a run that one travels in uses `setWeight(_:at:to:)`.
  package func overwriteWeights(_ weights: [String: Tensor]) {
    meter.forget()
    for ((name, _), value) in zip(network.weights, plan.parameters) {
      if let tensor = weights[name], tensor.shape == value.shape {
        execution.write(tensor.scalars, to: value)
      }
    }
  }

  /// The first step that has not begun.
  private var nextBeginning: Int {
    position.instruction == 0 ? position.step : position.step + 1
  }

  /// Writes what was set by hand for the start of a step. The state then is the same whichever way
  /// one came there.
  private func applyChanges(toStep step: Int) {
    if averagings.contains(step) { writeAverages() }
    for change in weightChanges where change.step == step {
      meter.forget()
      execution.withNumbers(of: change.weight) { $0[change.offset] = change.number }
    }
  }

  private func forget(from step: Int) {
    setRates.removeAll { $0.step > step }
    weightChanges.removeAll { $0.step > step }
    averagings = averagings.filter { $0 <= step }
    history.truncate(toStep: step, stepsPerEpoch: stepsPerEpoch)
    checkpoints.forget(after: step)
  }

  // MARK: Travelling

  /// Moves by units, forwards if `count` is positive; stops at the start of the run. Forwards it
  /// trains on beyond what was recorded.
  package func move(_ count: Int, by unit: MoveUnit, listing: Listing? = nil) {
    let stops = plan.stops(unit, listing: listing ?? .standard(plan))
    let length = plan.instructions.count
    let stride = unit == .epoch ? stepsPerEpoch : 1
    for _ in 0..<abs(count) {
      let here = position
      let target: Position
      if unit == .step || unit == .epoch {
        target = Self.wholeStep(from: here, by: stride, forwards: count > 0)
      } else if count > 0 {
        let next = stops.first { $0 > here.instruction } ?? length
        target = Position(step: here.step, instruction: next)
      } else if let before = stops.last(where: { $0 < here.instruction }) {
        target = Position(step: here.step, instruction: before)
      } else if here.step > 0 {
        let before = stops.last { $0 < length } ?? 0
        target = Position(step: here.step - 1, instruction: before)
      } else {
        return
      }
      // At the start of the run there is no way back, however often it is asked for.
      guard target != here else { return }
      go(to: target)
    }
  }

  private static func wholeStep(from here: Position, by stride: Int, forwards: Bool) -> Position {
    if forwards { return Position(step: (here.step / stride + 1) * stride) }
    let begun = here.instruction > 0 || here.step % stride != 0
    return Position(step: max(0, (here.step / stride - (begun ? 0 : 1)) * stride))
  }

  /// Goes to any moment, back by a checkpoint and replay, forwards by training on.
  package func go(to target: Position) {
    let length = plan.instructions.count
    precondition(target.step >= 0 && (0...length).contains(target.instruction))
    // The end of a step is where the execution stands after it; the start of the run has none.
    let (wantedStep, wanted) =
      target.instruction == 0 && target.step > 0
      ? (target.step - 1, length) : (target.step, target.instruction)
    // What was set by hand at the end of the step is not undone by taking instructions back.
    let isAsLeft =
      !execution.isDone
      || !averagings.contains(step + 1) && !weightChanges.contains { $0.step == step + 1 }
    if wantedStep == step, wanted < execution.position, isAsLeft {
      while execution.position > wanted && execution.canRetreat { execution.retreat() }
      if execution.position == wanted { return }
    }
    if wantedStep < step || (wantedStep == step && wanted < execution.position) {
      restore(before: wantedStep)
    } else if wantedStep > step {
      // A step done in part ends at full speed; a checkpoint nearer to the target saves work.
      if let near = checkpoints.nearest(atOrBefore: wantedStep), near > step {
        restore(before: wantedStep)
      }
    }
    replay(toStep: wantedStep)
    while execution.position < wanted { advance() }
    if execution.isDone {
      finishStep()
      applyChanges(toStep: step + 1)
    }
  }

  /// Runs the step at hand again, saving what it overwrites, if it ran at full speed: so that one
  /// sees what its updates did and can take them back.
  package func rearm() {
    guard execution.position > 0, !execution.canRetreat else { return }
    let wanted = execution.position
    let here = step
    restore(before: here)
    replay(toStep: here)
    while execution.position < wanted { advance() }
    if execution.isDone { applyChanges(toStep: here + 1) }
  }

  /// Runs at full speed until a later step is begun and nothing of it done.
  private func replay(toStep wanted: Int) {
    while step < wanted {
      if execution.isDone { beginStep(step + 1) } else { trainStep() }
    }
  }

  /// Restores the nearest checkpoint at or before a step and begins the step it belongs to.
  private func restore(before target: Int) {
    guard let near = checkpoints.nearest(atOrBefore: target) else {
      preconditionFailure("the start of the run is always kept")
    }
    checkpoints.restore(step: near, into: state)
    meter.forget()
    beginStep(near)
  }

  // MARK: Looking

  package var digest: Digest { digestAtPosition() }

  private func digestAtPosition() -> Digest {
    // Between steps nothing of the next one is written: the state alone counts, so that a moment
    // has one digest whichever way one came to it.
    guard !execution.isDone else {
      var digest = Digest()
      digest.add(UInt64(bitPattern: Int64(position.step)))
      digest.add(0)
      digest.add(state.base, count: plan.arenaSizes.state)
      return digest
    }
    return execution.digest()
  }

  /// The weights now, under Keras's names.
  package var weights: [(name: String, tensor: Tensor)] {
    zip(network.weights, plan.parameters).map { ($0.name, execution.tensor($1)) }
  }

  private func setWeight(_ name: String, _ tensor: Tensor) throws(RunFailure) {
    guard let value = plan.value(named: name) else {
      throw RunFailure(
        "there is no weight \(name)",
        remedy: "one of " + network.weights.map(\.name).joined(separator: ", "))
    }
    guard tensor.shape == value.shape else {
      throw RunFailure(
        "\(name) has shape \(value.shape.tuple), the given one \(tensor.shape.tuple)",
        remedy: "weights of the same model")
    }
    execution.write(tensor.scalars, to: value)
  }
}
