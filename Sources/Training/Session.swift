import Autodiff
import NeuralNets
import Tensors

/// A run one can move in: trains at full speed, steps by instruction, goes back.
///
/// It is a chain of parts, one from each change of its settings to the next. Not thread-safe: it
/// belongs to one thread, which hands out snapshots.
package final class Session {
  package internal(set) var history = History()
  /// Learning rates that were set while it ran: from which step, and what.
  var setRates: [(step: Int, rate: Float)] = []

  /// Everything that was set by hand since the run began, in that order and in whichever branch;
  /// nothing is ever taken out.
  package internal(set) var changeLog: [SettingChange] = []
  /// What was set by hand and holds in the branch at hand, in the order of steps.
  package internal(set) var changesInForce: [SettingChange] = []
  /// Every setting of the run that was taken up while it ran, in the order of the change log.
  package internal(set) var settingsLog: [RunSettings] = []

  /// The networks of a program's loop and what it trained; nil in a run of one network, where each
  /// pass is a step. What is called a step below is a pass then.
  let passes: PassTrack?
  /// The ways that the run went, but for the one at hand.
  var branches = Branches()
  /// How often something was set that can be taken back and let no branch grow.
  var revisions = 0
  /// The parts in order, and which of them the run is in.
  var parts: [RunPart]
  var place = 0
  /// The part at hand.
  var part: RunPart
  /// The epochs that were trained before, when this run continues another.
  private let epochsBefore: Int

  /// The step that the current execution is in, and how many of its instructions are done (kept by
  /// the execution itself). Between steps it stands at the end of the one before.
  private(set) var step = 0
  /// The order of the examples in the epoch at hand, and which of them are in the batch at hand.
  private var order: (part: Int, epoch: Int, rows: [Int])?
  private var places = 0..<0
  package internal(set) var execution: Execution
  var meter = UpdateMeter()
  /// What the digest was when a step was begun to be looked at: a program gives weights other numbers
  /// in between, and a moment has one digest.
  var digestAtBeginning: (step: Int, digest: Digest)?
  /// What the weights between two steps made of the examples held back.
  var judged: (step: Int, judgment: Judgment)?
  /// What stateful layers carried when those were judged.
  var carriedAfterJudging: [String: Tensor] = [:]

  /// The state as a step began whose update is to be skipped.
  var stateToKeep: (step: Int, numbers: [Float])?
  /// The numbers of the state as the step at hand began; kept only while someone looks at updates.
  private var stateBefore: (part: Int, step: Int, numbers: [Float])?
  package var keepsUpdates = false
  /// Whether moments are kept to go back to. One that is only run through once needs none.
  package var keepsMoments = true

  /// How long it may work on what is asked of it; nil: as long as that takes.
  package var allowance: Allowance?

  /// How far the callbacks of the part at hand are.
  var watch: CallbackWatch?
  /// Whether it goes the way of another run again: what callbacks did there is known.
  let isReplica: Bool

  /// States of its past that are kept elsewhere; nil in a run that began in this memory.
  var archive: StateArchive?

  /// - Parameters:
  ///   - previous: a run to go on from, as a second `fit` does: its weights (but for those that the
  ///     settings give), its optimizer's state and count of updates, its learning rate. It is used
  ///     up: this run changes its memory. One of another model or compilation is ignored.
  ///   - memory: what the optimizer remembers where there is no such run: of a model whose layers
  ///     could be trained otherwise.
  package init(
    _ settings: RunSettings, continuing previous: Session? = nil, memory: OptimizerMemory? = nil
  ) throws {
    passes = nil
    isReplica = false
    let known = previous.flatMap { $0.settings.model == settings.model ? $0 : nil }
    let memory = known?.memory(withNumbers: false) ?? memory
    part = try RunPart(
      settings, continuing: known?.part, stepsBefore: memory?.updates ?? 0)
    parts = [part]
    epochsBefore = memory?.epochs ?? 0
    execution = part.execution(
      batchSize: min(settings.batchSize, part.training.count), purpose: .training,
      weighting: part.training.weighting)
    if let rate = memory?.rate { setRates = [(0, rate)] }
    beginCallbacks()
    try setInitialWeights(drawn: known == nil)
    if let memory { remember(memory.numbers) }
    part.checkpoints.store(step: 0, part.state)
    beginStep(0)
  }

  /// What the loop of a program trained, to be gone through again from its first pass.
  /// - Throws: `RunFailure`, `Network.Failure`: why a network cannot learn from its batches.
  package init(passes run: PassRun) throws {
    let track = try PassTrack(run)
    passes = track
    isReplica = true
    part = track.part(of: 0)
    parts = [part]
    epochsBefore = 0
    execution = part.execution(
      batchSize: part.training.count, purpose: .training, weighting: part.training.weighting)
    beginStep(0)
  }

  /// A run of its own that stands where another once stood: at the newest kept moment at or before
  /// the start of a step. It goes the same way from there, number for number, while the other stays
  /// where it is; it keeps no history and judges nothing.
  init(replaying other: Session, from wanted: Int) {
    isReplica = true
    other.recall(atOrBefore: wanted)
    let near = other.keptStep(atOrBefore: wanted)
    passes = other.passes.map { PassTrack(copying: $0, at: near) }
    if let passes {
      part = passes.part(of: near)
      execution = part.execution(
        batchSize: part.training.count, purpose: .training, weighting: part.training.weighting)
    } else {
      execution = Execution(other.plan, state: other.plan.freshState())
      part = RunPart(replaying: other.part, from: near, execution)
    }
    parts = [part]
    epochsBefore = other.epochsBefore
    setRates = other.setRates
    keepsMoments = false
    beginStep(near)
  }

  /// The newest step at or before one whose start is kept; never before the part at hand.
  func keptStep(atOrBefore step: Int) -> Int {
    if let passes { return passes.keptPass(atOrBefore: step) }
    return archivedStep(atOrBefore: step)
      ?? part.checkpoints.nearest(atOrBefore: max(firstStep, step)) ?? firstStep
  }

  private func setInitialWeights(drawn: Bool) throws {
    let initial = drawn ? network.initialWeights(seed: settings.seed) : [:]
    for (name, _) in network.weights {
      let tensor = settings.initialWeights?[name] ?? initial[name]
      if let tensor { try setWeight(name, tensor) }
    }
    if let given = settings.initialWeights { part.executions.carry(given) }
  }

  /// What its optimizer remembers.
  /// - Parameter withNumbers: whether with the numbers, or only how far it came.
  package func memory(withNumbers: Bool = true) -> OptimizerMemory {
    var numbers: [String: Tensor] = [:]
    for info in plan.values where withNumbers && info.role == .optimizerState {
      if let value = plan.value(named: info.name) { numbers[info.name] = execution.tensor(value) }
    }
    return OptimizerMemory(
      numbers: numbers, updates: part.stepsBefore + done, epochs: epochsBefore + epochsBegun,
      rate: setRates.last?.rate)
  }

  private func remember(_ numbers: [String: Tensor]) {
    for (name, tensor) in numbers {
      guard let value = plan.value(named: name), value.shape == tensor.shape else { continue }
      execution.write(tensor.scalars, to: value)
    }
  }

  /// How many epochs have at least begun.
  private var epochsBegun: Int {
    settings.origin.epoch
      + (position.step - settings.origin.step + stepsPerEpoch - 1) / stepsPerEpoch
  }

  package var settings: RunSettings { part.settings }
  package var network: Network { part.network }
  /// Numbers of weights that were set by hand in the part at hand, in the order they were set.
  package var weightChanges: [WeightChange] { part.weightChanges }
  /// Which accuracy Keras means by "accuracy" for these outputs and targets.
  package var accuracy: AccuracyFunction? { part.accuracy }
  /// The step that the part at hand begins with.
  package var firstStep: Int { part.firstStep }
  /// What tells the part at hand from every other, also from those of other runs.
  package var partIdentity: Int { part.identity }

  // MARK: Where it is

  package var plan: Plan { execution.plan }

  /// The moment the run is at; the end of a step is the start of the next.
  package var position: Position {
    execution.isDone ? moment(step + 1) : moment(step, execution.position)
  }

  /// The step whose numbers the execution holds: the one before the position at its very start.
  package var shownStep: Int { step }

  package var isFinished: Bool { position >= end }

  package var stepsPerEpoch: Int { settings.stepsPerEpoch }

  /// The rate that the run began with, and those that were set since: from which step, and what.
  package var learningRates: [(step: Int, rate: Float)] {
    let origins = (parts.map { ($0.firstStep, $0.rateOrigin) } + [(0, 0)])
      .filter { $0.0 == $0.1 }.map(\.0)
    let missing = Set(origins).subtracting(setRates.map(\.step))
    return (missing.map { ($0, learningRate(at: $0)) } + setRates).sorted { $0.0 < $1.0 }
  }

  /// The learning rate that holds at a step.
  package func learningRate(at step: Int) -> Float {
    if let passes { return passes.learningRate(ofPass: step) }
    let there = parts[place(ofStep: step)]
    let counting = there.rateOrigin...max(there.rateOrigin, step)
    return setRates.last { counting.contains($0.step) }?.rate
      ?? there.schedule.rate(at: there.stepsBefore + step)
  }

  /// The rate that was set for the next step that begins, else that of the step at hand: what one who
  /// sets it goes on from.
  package var learningRateAhead: Float {
    let next = nextBeginning
    return setRates.last { $0.step == next }?.rate ?? learningRate
  }

  // MARK: Training

  /// Trains to the end of the step at hand, or all of the next one, at full speed.
  ///
  /// - Parameters:
  ///   - clock: seconds on a clock that only moves forward: reads it between the phases and keeps how
  ///     long each took, unless that is known or the step had begun.
  ///   - tester: what looks whether a breakpoint stops in the step.
  ///   - saving: whether to save what is overwritten, so that one sees what the updates did.
  package func trainStep(
    clock: (() -> Double)? = nil, tester: BreakpointTester? = nil, saving: Bool = false
  ) {
    if execution.isDone {
      guard passes == nil || !isFinished else { return }
      beginStep(step + 1)
    }
    if saving { keepAll() }
    if step == history.count { meter.begin(step, execution) }
    tester?.run(self)
    if let clock, step == history.count, execution.position == 0 {
      runTimed(by: clock, saving: saving)
    } else {
      runRest(saving: saving)
    }
    finishStep()
    tester?.look(self)
    applyChanges(toStep: step + 1)
    enterNextPart()
    tester?.lookAtBeginning(self)
  }

  /// From now on only whole steps are run, and what lies between input and output shares memory: until
  /// someone takes a step by instruction.
  package func runWhole() {
    guard passes == nil, execution.position == 0 else { return }
    part.executions.runsWhole = true
    beginStep(step)
  }

  /// Gives every value of the step that begins memory of its own.
  private func keepAll() {
    guard !execution.keepsAll else { return }
    part.executions.runsWhole = false
    beginStep(step)
  }

  /// The same kernel calls as at full speed, with a look at the clock between phases.
  private func runTimed(by clock: () -> Double, saving: Bool) {
    var last = clock()
    let seconds = Phase.allCases.map { phase in
      if saving {
        let end = plan.range(of: phase).upperBound
        while execution.position < end { execution.advance() }
      } else {
        execution.run(through: phase)
      }
      let now = clock()
      defer { last = now }
      return Float(max(0, now - last))
    }
    runRest(saving: saving)
    guard plan.loss != nil else { return }
    history.append(
      History.Timing(
        step: step, forward: seconds[0], loss: seconds[1], backward: seconds[2],
        update: seconds[3]))
  }

  /// Runs what is left of the step.
  private func runRest(saving: Bool) {
    guard saving else { return execution.run() }
    while !execution.isDone { execution.advance() }
  }

  /// Does the next instruction, saving what it overwrites.
  func advance() {
    keepAll()
    if step == history.count { meter.begin(step, execution) }
    execution.advance()
  }

  func beginStep(_ next: Int) {
    step = next
    digestAtBeginning = nil
    if let passes {
      passes.begin(next)
      part = passes.part(of: next)
    } else if keepsMoments {
      part.checkpoints.offer(step: next, part.state)
    }
    pickBatch(ofStep: next)
    execution = part.execution(
      batchSize: places.count, purpose: .training, weighting: part.training.weighting)
    // Only now: the execution before may have been that of another part, with another memory.
    if passes == nil { applyChanges(toStep: next) }
    stateBefore =
      keepsUpdates ? (partIdentity, next, part.state.read(0, part.state.count)) : nil
    keepForSkipping()
    execution.begin(
      seed: part.counting.seed, step: part.stepsBefore + next, learningRate: learningRate(at: next))
    if let order {
      part.training.load(order.rows[places], into: execution)
    } else {
      part.training.load(places, into: execution)
    }
  }

  /// How many examples are in the batch at hand, and their rows among the training examples.
  package var batchCount: Int { places.count }
  package var batchRows: [Int] { order.map { Array($0.rows[places]) } ?? Array(places) }

  /// Finds the training examples that a step learns from; the last batch of an epoch may be short. A
  /// pass of a program's loop has examples of its own, and learns from all of them.
  private func pickBatch(ofStep step: Int) {
    guard passes == nil else {
      (order, places) = (nil, 0..<part.training.count)
      return
    }
    let counting = part.counting
    let (epoch, stepInEpoch) = counting.place(of: step)
    if order?.epoch != epoch || order?.part != partIdentity {
      order = (partIdentity, epoch, settings.order(ofEpoch: epochsBefore + epoch))
    }
    let first = stepInEpoch * counting.batchSize
    places = first..<min(first + counting.batchSize, part.training.count)
  }

  /// Writes the step's numbers into the history, once: travelling does not write again.
  func finishStep() {
    guard step == history.count, let loss = plan.loss else { return recallJudging() }
    let measured = meter.end(step, execution)
    let number = execution.number(loss, at: 0)
    if !part.termNames.isEmpty {
      history.append(
        terms: plan.lossTerms.map { execution.number($0, at: 0) }, names: part.termNames)
    }
    history.append(
      History.Step(
        loss: number, accuracy: accuracy.map { execution.shareRight($0) },
        gradientNorm: measured.gradientNorm, learningRate: learningRate(at: step),
        batchSize: places.count, updateRatio: measured.updateRatio),
      unsound: number.isFinite || history.firstUnsound != nil ? nil : firstUnsoundValue)
    let counting = part.counting
    guard passes == nil else { return }
    meetCallbacks(loss: number)
    if (step + 1 - counting.origin.step) % counting.stepsPerEpoch == 0 {
      finishEpoch()
      meetCallbacks()
    }
  }

  /// The first value of the step at hand in which a number is not finite.
  private var firstUnsoundValue: String? {
    guard execution.keepsAll else {
      let copy = Session(replaying: self, from: step)
      copy.replay(toStep: step)
      copy.execution.run()
      return copy.firstUnsoundValue
    }
    for instruction in plan.instructions {
      for result in instruction.results
      where execution.withNumbers(of: result.value, { !$0.allSatisfy(\.isFinite) }) {
        return plan[result.value].name
      }
    }
    return nil
  }

  /// An epoch that was measured elsewhere ended with its judging too, after which stateful layers
  /// carry on from the examples held back.
  private func recallJudging() {
    let counting = part.counting
    guard passes == nil, step < history.count, !network.carried.isEmpty,
      (step + 1 - counting.origin.step) % counting.stepsPerEpoch == 0,
      part.carriedStarts[step + 1] == nil, judgeValidation() != nil, !carriedAfterJudging.isEmpty
    else { return }
    part.carriedStarts[step + 1] = carriedAfterJudging
  }

  private func finishEpoch() {
    let batches = history.steps.suffix(stepsPerEpoch)
    let count = Double(batches.reduce(0) { $0 + $1.batchSize })
    func mean(_ number: (History.Step) -> Float) -> Float {
      Float(batches.reduce(0.0) { $0 + Double(number($1)) * Double($1.batchSize) } / count)
    }
    let validated = judgeValidation()
    if validated != nil, !carriedAfterJudging.isEmpty {
      part.carriedStarts[step + 1] = carriedAfterJudging
    }
    history.append(
      History.Epoch(
        loss: mean(\.loss), accuracy: accuracy.map { _ in mean { $0.accuracy ?? 0 } },
        validationLoss: validated?.loss, validationAccuracy: validated?.accuracy, end: step + 1,
        numbers: history.termMeans(ofLast: part.termNames.isEmpty ? 0 : batches.count)
          + (validated?.numbers ?? []).map { NamedNumber("val_" + $0.name, $0.result) }))
  }

  // MARK: Updates

  /// What the step at hand has added to a weight so far; nil when it was not watched.
  func lastUpdate(of weight: Value) -> Tensor? {
    guard let stateBefore, stateBefore.step == step, stateBefore.part == partIdentity,
      execution.position > 0, case .state(let offset) = plan[weight].storage
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

/// What an optimizer remembers between two runs, and how far it came.
package struct OptimizerMemory: Sendable {
  /// Under the names that plans give it; other names and shapes are left alone.
  package var numbers: [String: Tensor]
  package var updates: Int
  package var epochs: Int
  /// The learning rate that was set last.
  package var rate: Float?

  /// The same with what another remembers of other weights.
  package func adding(_ older: OptimizerMemory?) -> OptimizerMemory {
    var all = self
    all.numbers.merge(older?.numbers ?? [:]) { mine, _ in mine }
    return all
  }
}
