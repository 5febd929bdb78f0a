import Autodiff
import NeuralNets
import Tensors

/// A run one can move in: trains at full speed, steps by instruction, goes back.
///
/// Not thread-safe: it belongs to one thread, which hands out snapshots.
package final class Session {
  package private(set) var settings: RunSettings
  package private(set) var network: Network
  package private(set) var history = History()
  /// Learning rates that were set while it ran: from which step, and what.
  private var setRates: [(step: Int, rate: Float)] = []
  /// The learning rate where none was set: what the optimizer was compiled with.
  private var schedule: LearningRate
  /// Numbers of weights that were set by hand, in the order they were set.
  package private(set) var weightChanges: [WeightChange] = []

  /// The steps whose start replaced weights by their averages.
  private var averagings: Set<Int> = []

  /// Everything that was set by hand since the run began, in that order; nothing is ever taken out.
  package private(set) var changeLog: [SettingChange] = []

  /// A setting of a run under the name that the debugger's `set` knows: `dense/kernel[1,2]`; or
  /// `settings`, whose value is a place in `settingsLog`.
  package struct SettingChange: Hashable, Sendable {
    package let step: Int
    package let name: String
    package let value: Float
    /// What a student reads of it; empty where name and value say it.
    package var words = ""
  }

  /// What was set by hand and still holds: what was set later in a future that was left is not in it.
  package var changesInForce: [SettingChange] {
    changeLog.reduce(into: []) { all, change in
      all.removeAll { $0.step > change.step }
      all.append(change)
    }
  }

  /// Every setting of the run that was taken up while it ran, in the order of the change log.
  package private(set) var settingsLog: [RunSettings] = []

  /// One number of a weight, set by hand for the start of a step.
  package struct WeightChange: Hashable, Sendable {
    package let step: Int
    package let weight: Value
    package let offset: Int
    package let number: Float
  }

  private(set) var state: Arena
  private(set) var training: Examples
  private var validation: Examples?
  private var executions: [ExecutionKey: Execution] = [:]
  private var checkpoints: Checkpoints
  private var meter = UpdateMeter()

  /// The step that the current execution is in, and how many of its instructions are done (kept by
  /// the execution itself). Between steps it stands at the end of the one before.
  private var step = 0
  /// The order of the examples in the epoch at hand.
  private var order: (epoch: Int, rows: [Int]) = (-1, [])
  private(set) package var execution: Execution

  /// What is added to the number of a step and of an epoch: those that were trained before, when
  /// this run continues another; an optimizer that is taken up later counts anew.
  private var stepsBefore: Int
  private var epochsBefore: Int

  /// The run from one change of its settings to the next, while it is not the part at hand.
  private struct Part {
    let firstStep: Int
    let rateOrigin: Int
    let settings: RunSettings
    let network: Network
    let schedule: LearningRate
    let state: Arena
    let training: Examples
    let validation: Examples?
    let stepsBefore: Int
    let executions: [ExecutionKey: Execution]
    let checkpoints: Checkpoints
    let weightChanges: [WeightChange]
    let averagings: Set<Int>
  }

  /// The parts in order; the one at hand is kept in the session itself.
  private var parts: [Part] = []
  private var place = 0
  /// The step that the part at hand begins with, and from which on rates that were set count.
  package private(set) var firstStep = 0
  private var rateOrigin = 0
  /// Another number for each part that was ever begun.
  package private(set) var partNumber = 0

  /// The numbers of the state as the step at hand began; kept only while someone looks at updates.
  private var stateBefore: (step: Int, numbers: [Float])?
  package var keepsUpdates = false

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
    checkpoints = Checkpoints(stateSize: state.count, first: 0)
    schedule = LearningRate(compilation.optimizer)
    if let known, let rate = known.setRates.last?.rate { setRates = [(0, rate)] }
    try setInitialWeights(drawn: known == nil)
    checkpoints.store(step: 0, state)
    beginStep(0)
  }

  /// A run of its own that stands where another once stood: at the newest kept moment at or before
  /// the start of a step. It goes the same way from there, number for number, while the other stays
  /// where it is; it keeps no history and judges nothing.
  init(replaying other: Session, from wanted: Int) {
    settings = other.settings
    network = other.network
    training = other.training
    validation = nil
    schedule = other.schedule
    stepsBefore = other.stepsBefore
    epochsBefore = other.epochsBefore
    state = other.plan.freshState()
    execution = Execution(other.plan, state: state)
    (firstStep, rateOrigin) = (other.firstStep, other.rateOrigin)
    let near = other.keptStep(atOrBefore: wanted)
    checkpoints = Checkpoints(stateSize: state.count, first: near)
    other.checkpoints.restore(step: near, into: state)
    setRates = other.setRates
    weightChanges = other.weightChanges
    averagings = other.averagings
    executions[
      ExecutionKey(
        batchSize: other.plan.batchSize, purpose: .training, isWeighted: training.isWeighted)] =
      execution
    checkpoints.store(step: near, state)
    beginStep(near)
  }

  /// The newest step at or before one whose start is kept; never before the part at hand.
  func keptStep(atOrBefore step: Int) -> Int {
    checkpoints.nearest(atOrBefore: max(firstStep, step)) ?? firstStep
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
  private var epochsBegun: Int {
    settings.origin.epoch
      + (position.step - settings.origin.step + stepsPerEpoch - 1) / stepsPerEpoch
  }

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
    let origins = (allParts.map { ($0.firstStep, $0.rateOrigin) } + [(0, 0)])
      .filter { $0.0 == $0.1 }.map(\.0)
    let missing = Set(origins).subtracting(setRates.map(\.step))
    return (missing.map { ($0, learningRate(at: $0)) } + setRates).sorted { $0.0 < $1.0 }
  }

  /// The learning rate that holds at a step.
  package func learningRate(at step: Int) -> Float {
    var (origin, schedule, before) = (rateOrigin, schedule, stepsBefore)
    let other = part(ofStep: step)
    if other != place {
      let part = parts[other]
      (origin, schedule, before) = (part.rateOrigin, part.schedule, part.stepsBefore)
    }
    return setRates.last { (origin...max(origin, step)).contains($0.step) }?.rate
      ?? schedule.rate(at: before + step)
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
    enterNextPart()
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
    stateBefore = keepsUpdates ? (next, state.read(0, state.count)) : nil
    batchRows = rows(ofStep: next)
    execution = execution(
      batchSize: batchRows.count, purpose: .training, isWeighted: training.isWeighted)
    execution.begin(
      seed: settings.seed, step: stepsBefore + next, learningRate: learningRate(at: next))
    load(training, batchRows, into: execution)
  }

  /// The rows of the training examples that a step learns from; the last of an epoch may be few.
  private func rows(ofStep step: Int) -> [Int] {
    let (sinceOrigin, inEpoch) = (step - settings.origin.step).quotientAndRemainder(
      dividingBy: stepsPerEpoch)
    let epoch = settings.origin.epoch + sinceOrigin
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
    if (step + 1 - settings.origin.step) % stepsPerEpoch == 0 { finishEpoch() }
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
        validationLoss: validated?.loss, validationAccuracy: validated?.accuracy, end: step + 1))
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
    if let later = parts.firstIndex(where: { $0.firstStep > step }), later > place {
      parts.removeSubrange(later...)
    }
    averagings = averagings.filter { $0 <= step }
    history.truncate(toStep: step, stepsPerEpoch: stepsPerEpoch)
    checkpoints.forget(after: step)
  }

  // MARK: Travelling

  /// Moves by units, forwards if `count` is positive; stops at the start of the run. Forwards it
  /// trains on beyond what was recorded.
  package func move(_ count: Int, by unit: MoveUnit, listing: Listing? = nil) {
    for _ in 0..<abs(count) {
      let stops = plan.stops(unit, listing: listing ?? .standard(plan))
      let length = plan.instructions.count
      let here = position
      let target: Position
      if unit == .step || unit == .epoch {
        target = wholeStep(from: here, isEpoch: unit == .epoch, forwards: count > 0)
      } else if count > 0 {
        let next = stops.first { $0 > here.instruction } ?? length
        target = Position(step: here.step, instruction: next)
      } else if let before = stops.last(where: { $0 < here.instruction }) {
        target = Position(step: here.step, instruction: before)
      } else if here.step == firstStep, here.step > 0 {
        // The step before is one of other settings, with a listing of its own.
        go(to: Position(step: here.step - 1))
        let before = plan.stops(unit, listing: .standard(plan)).last {
          $0 < plan.instructions.count
        }
        target = Position(step: here.step - 1, instruction: before ?? 0)
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

  private func wholeStep(from here: Position, isEpoch: Bool, forwards: Bool) -> Position {
    guard isEpoch else {
      let begun = here.instruction > 0
      return Position(step: forwards ? here.step + 1 : max(0, here.step - (begun ? 0 : 1)))
    }
    // An epoch ends where the settings change, and epochs of other settings are longer or shorter.
    let isBefore = !forwards && here.step == firstStep && here.instruction == 0 && place > 0
    let settings = isBefore ? parts[place - 1].settings : self.settings
    let origin = settings.origin.step
    let begin = isBefore ? parts[place - 1].firstStep : firstStep
    let stride = settings.stepsPerEpoch
    let done = here.step - origin
    if forwards {
      let end = origin + (done / stride + 1) * stride
      let next = parts.indices.contains(place + 1) ? parts[place + 1].firstStep : end
      return Position(step: min(end, next))
    }
    let begun = here.instruction > 0 || done % stride != 0
    return Position(step: max(begin, origin + (done / stride - (begun ? 0 : 1)) * stride, 0))
  }

  /// Goes to any moment, back by a checkpoint and replay, forwards by training on.
  /// Instructions beyond the end of a step mean its end.
  package func go(to target: Position) {
    precondition(target.step >= 0 && target.instruction >= 0)
    // The end of a step is where the execution stands after it; the start of a part has none.
    let isEnd =
      target.instruction == 0 && target.step > 0
      && target.step != beginning(ofPart: part(ofStep: target.step))
    let wantedStep = isEnd ? target.step - 1 : target.step
    let isHere = part(ofStep: wantedStep) == place
    var wanted = isEnd ? plan.instructions.count : min(target.instruction, plan.instructions.count)
    // What was set by hand at the end of the step is not undone by taking instructions back.
    let isAsLeft =
      !execution.isDone
      || !averagings.contains(step + 1) && !weightChanges.contains { $0.step == step + 1 }
    if wantedStep == step, wanted < execution.position, isAsLeft {
      while execution.position > wanted && execution.canRetreat { execution.retreat() }
      if execution.position == wanted { return }
    }
    if !isHere || wantedStep < step || (wantedStep == step && wanted < execution.position) {
      restore(before: wantedStep)
    } else if wantedStep > step {
      // A step done in part ends at full speed; a checkpoint nearer to the target saves work.
      if let near = checkpoints.nearest(atOrBefore: wantedStep), near > step {
        restore(before: wantedStep)
      }
    }
    replay(toStep: wantedStep)
    // Another batch, or other settings, have another plan.
    let length = plan.instructions.count
    wanted = isEnd ? length : min(target.instruction, length)
    while execution.position < wanted { advance() }
    if execution.isDone {
      finishStep()
      applyChanges(toStep: step + 1)
      enterNextPart()
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
    enter(part(ofStep: target))
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

  // MARK: Parts

  private var allParts: [Part] {
    var all = parts
    if all.isEmpty { return [partAtHand] }
    all[place] = partAtHand
    return all
  }

  private var partAtHand: Part {
    Part(
      firstStep: firstStep, rateOrigin: rateOrigin, settings: settings, network: network,
      schedule: schedule, state: state, training: training, validation: validation,
      stepsBefore: stepsBefore, executions: executions, checkpoints: checkpoints,
      weightChanges: weightChanges, averagings: averagings)
  }

  private func part(ofStep step: Int) -> Int {
    parts.lastIndex { $0.firstStep <= step } ?? 0
  }

  private func beginning(ofPart index: Int) -> Int {
    parts.isEmpty ? firstStep : parts[index].firstStep
  }

  /// Puts another part in the place of the one at hand; whoever calls it restores a checkpoint.
  private func enter(_ index: Int) {
    guard index != place, parts.indices.contains(index) else { return }
    parts[place] = partAtHand
    take(parts[index])
    place = index
  }

  private func take(_ part: Part) {
    (firstStep, rateOrigin, settings) = (part.firstStep, part.rateOrigin, part.settings)
    (network, schedule, state) = (part.network, part.schedule, part.state)
    (training, validation) = (part.training, part.validation)
    (stepsBefore, executions) = (part.stepsBefore, part.executions)
    (checkpoints, weightChanges) = (part.checkpoints, part.weightChanges)
    (averagings, order) = (part.averagings, (-1, []))
    meter.forget()
    partNumber += 1
  }

  /// Where one part ends the next begins, with its own memory.
  private func enterNextPart() {
    let next = place + 1
    guard execution.isDone, parts.indices.contains(next), parts[next].firstStep == step + 1 else {
      return
    }
    restore(before: step + 1)
  }

  /// What a change of settings kept of the network.
  package struct Kept: Hashable, Sendable {
    /// Layers with weights, and those of them that went on with theirs.
    package let layers: Int
    package let kept: Int
    /// The names of the others.
    package let anew: [String]
    /// Whether the optimizer went on with what it remembers.
    package let keepsOptimizer: Bool
  }

  /// Goes on under other settings from the weights at hand: those of layers of the same name and
  /// shape are kept, and what the optimizer remembers of them when it is the same optimizer. What
  /// was recorded after this moment is forgotten; what was before it stays as it was, with the old
  /// settings. A step that is half done is finished first.
  ///
  /// - Throws: `RunFailure`, `Network.Failure`: why no run can go on under these settings; the run
  ///   then is as it was.
  package func change(to wanted: RunSettings, words: String = "") throws -> Kept {
    let next = try Session(wanted.asFirst)
    while position.instruction > 0 { trainStep() }
    let from = position.step
    forget(from: from)
    dropEmptyPart(at: from)
    let kept = next.takeOver(from: self)
    let before = partAtHand
    var all = allParts
    if before.firstStep == from { all.removeLast() }
    var settings = wanted
    let isSameEpoch =
      settings.stepsPerEpoch == self.settings.stepsPerEpoch
      && settings.data.training == self.settings.data.training
    settings.origin =
      isSameEpoch
      ? self.settings.origin
      : RunSettings.Origin(
        step: from,
        epoch: self.settings.origin.epoch + (from - self.settings.origin.step) / stepsPerEpoch)
    let (old, new) = (self.settings.model.compilation, wanted.model.compilation)
    let keepsRate =
      old?.optimizer.kind == new?.optimizer.kind
      && old?.optimizer.arguments["learning_rate"] == new?.optimizer.arguments["learning_rate"]
    (network, state, schedule) = (next.network, next.state, next.schedule)
    (training, validation) = (next.training, next.validation)
    executions = next.executions
    weightChanges = []
    averagings = []
    self.settings = settings
    if !kept.keepsOptimizer { stepsBefore = -from }
    if !keepsRate { rateOrigin = from }
    setRates.removeAll { !keepsRate && $0.step == from }
    firstStep = from
    checkpoints = Checkpoints(stateSize: state.count, first: from)
    checkpoints.store(step: from, state)
    order = (-1, [])
    meter.forget()
    all.append(partAtHand)
    (parts, place) = (all, all.count - 1)
    partNumber += 1
    settingsLog.append(settings)
    changeLog.append(
      SettingChange(
        step: from, name: "settings", value: Float(settingsLog.count - 1), words: words))
    beginStep(from)
    return kept
  }

  /// Settings that were changed again before a step was done: the new ones go on from what was before
  /// them. Weights that were set by hand in between stay.
  private func dropEmptyPart(at step: Int) {
    guard firstStep == step, place > 0, weightChanges.isEmpty else { return }
    enter(place - 1)
    parts.removeLast()
    restore(before: step - 1)
    replay(toStep: step - 1)
    while !execution.isDone { execution.run() }
    applyChanges(toStep: step)
  }

  /// Takes the weights of another run, and what its optimizer remembers, as far as they fit.
  private func takeOver(from other: Session) -> Kept {
    let (old, new) = (other.plan, plan)
    func copy(_ name: String) -> Bool {
      guard let target = new.value(named: name), let source = old.value(named: name),
        target.shape == source.shape
      else { return false }
      execution.write(other.execution.numbers(of: source), to: target)
      return true
    }
    var anew: [String] = []
    let layers = network.layers.filter { !$0.weights.isEmpty }
    for layer in layers {
      let names = layer.weights.map { "\(layer.name)/\($0.path)" }
      let fits = names.allSatisfy { old.value(named: $0)?.shape == new.value(named: $0)?.shape }
      guard fits else {
        anew.append(layer.name)
        continue
      }
      for name in names { _ = copy(name) }
    }
    let (before, after) = (
      other.settings.model.compilation?.optimizer, settings.model.compilation?.optimizer
    )
    let isSame =
      before?.kind == after?.kind
      && before?.arguments["use_ema"] == after?.arguments["use_ema"]
      && before?.arguments["gradient_accumulation_steps"]
        == after?.arguments["gradient_accumulation_steps"]
    if isSame {
      for info in new.values where info.role == .optimizerState {
        let isAnew = anew.contains { info.name.hasPrefix($0 + "/") }
        if !isAnew { _ = copy(info.name) }
      }
    }
    return Kept(
      layers: layers.count, kept: layers.count - anew.count, anew: anew, keepsOptimizer: isSame)
  }

  // MARK: Updates

  /// What the step at hand has added to a weight so far; nil when it was not watched.
  func lastUpdate(of weight: Value) -> Tensor? {
    guard let stateBefore, stateBefore.step == step, execution.position > 0,
      case .state(let offset) = plan[weight].storage
    else { return nil }
    let now = execution.numbers(of: weight)
    let before = stateBefore.numbers[offset..<offset + now.count]
    return Tensor(shape: weight.shape, scalars: zip(now, before).map { $0 - $1 })
  }

  /// Runs the step at hand again when nobody watched what it added to the weights.
  func watchUpdate() {
    guard keepsUpdates, stateBefore?.step != step else { return }
    let (here, wanted) = (step, execution.position)
    restore(before: here)
    replay(toStep: here)
    while execution.position < wanted { execution.advance() }
    if execution.isDone { applyChanges(toStep: here + 1) }
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
