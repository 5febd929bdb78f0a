import Autodiff
import NeuralNets
import Synchronization
import Tensors

/// A run from one change of its settings to the next: its network and data, and all that it
/// remembers. Most runs are one part.
final class RunPart {
  private static let made = Atomic(0)
  /// Another number for every part that was ever made.
  let identity = made.add(1, ordering: .relaxed).newValue

  let settings: RunSettings
  /// What the settings say that is asked at every step.
  let counting: Counting
  /// The network with its weights, for batches of every size.
  let executions: Executions
  /// The examples as the network takes them.
  let training: Examples
  let validation: Examples?
  /// Which accuracy Keras means by "accuracy" for these outputs and targets.
  let accuracy: AccuracyFunction?
  /// Losses and metrics, of no examples yet.
  let results: RunningResults
  /// The learning rate where none was set: what the optimizer was compiled with.
  let schedule: LearningRate

  /// The step that it begins with.
  let firstStep: Int
  /// The step from which on learning rates that were set count: where this optimizer, with this
  /// rate, was taken up.
  let rateOrigin: Int
  /// What is added to the number of a step: those that were trained before, when this run continues
  /// another; an optimizer that is taken up later counts anew.
  let stepsBefore: Int

  var checkpoints: Checkpoints
  /// Numbers of weights that were set by hand, in the order they were set.
  var weightChanges: [Session.WeightChange] = []
  /// The steps whose start replaced weights by their averages.
  var averagings: Set<Int> = []
  /// The steps whose update has no effect.
  var skips: Set<Int> = []
  /// What callbacks did, in the order of steps, and the weights that they restored at a step's start.
  var deeds: [CallbackDeed] = []
  var restorings: [Int: Restoring] = [:]
  /// What callbacks go by, before the first epoch.
  let rules: [EpochRule]

  /// What stateful layers carry at the start of steps before which they were given other numbers: by
  /// the examples held back, with which they went on while those were judged, or by a program.
  var carriedStarts: [Int: [String: Tensor]] = [:]

  /// What pictures call the classes.
  lazy var shownClasses: [String] = {
    let found = settings.data.classes(for: settings.model)
    // A batch need not have an example of each class.
    guard isPass, found.count > 1 else { return found }
    return found + (found.count..<max(found.count, network.outputShape.last)).map(String.init)
  }()
  /// Whether the loss divides each row of the output by its sum: where no softmax made it 1.
  private(set) lazy var dividesBySum: Bool = {
    let plan = plan
    return plan.instructions.contains { instruction in
      instruction.results.contains { result in
        guard case .exampleLoss(_, let prediction, _, let normalizes) = result.rule else {
          return false
        }
        return normalizes && prediction == plan.output
      }
    }
  }()
  /// Whether its examples are one batch of many.
  private var isPass = false

  /// How steps are counted and drawn.
  struct Counting {
    let seed: UInt64
    let batchSize: Int
    let stepsPerEpoch: Int
    let origin: RunSettings.Origin

    init(_ settings: RunSettings) {
      (seed, batchSize) = (settings.seed, settings.batchSize)
      (stepsPerEpoch, origin) = (settings.stepsPerEpoch, settings.origin)
    }

    /// The epoch that a step belongs to, and its number in it.
    func place(of step: Int) -> (epoch: Int, step: Int) {
      let (epoch, within) = (step - origin.step).quotientAndRemainder(dividingBy: stepsPerEpoch)
      return (origin.epoch + epoch, within)
    }
  }

  var network: Network { executions.network }
  /// What is measured on the examples held back, under Keras's names.
  var epochNames: [String] {
    validation == nil ? [] : results.numbers.map { "val_" + $0.name }
  }
  /// What the losses of the outputs are called, where there are several: `rating_loss`.
  var termNames: [String] { results.termNames }
  /// The plan of a whole batch.
  var plan: Plan {
    execution(
      batchSize: min(counting.batchSize, training.count), purpose: .training,
      weighting: training.weighting
    ).plan
  }
  /// Weights and what the optimizer remembers of them.
  var state: Arena { executions.state }

  /// The beginning of a run, its weights not yet set.
  ///
  /// - Parameter previous: a part of the same model to go on from, whose state becomes this one's.
  /// - Throws: `RunFailure`, `Network.Failure`: why there can be no such run.
  init(_ settings: RunSettings, continuing previous: RunPart?, stepsBefore: Int) throws {
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
    let network = try previous?.network ?? Network(settings.model, inputShape: example)
    let training = try Targets.fitted(data, to: network)
    validation = try settings.data.validation.flatMap {
      $0.count == 0 ? nil : try Targets.fitted($0, to: network)
    }
    try network.checkBatches(of: training.count, by: settings.batchSize, in: "fit")
    try network.checkBatches(
      of: validation?.count ?? 0, by: settings.batchSize, in: "validation")
    executions = try Self.executions(
      network, batchSize: min(settings.batchSize, training.count),
      weighting: training.weighting, planted: settings.sabotage?.formula,
      continuing: previous?.executions)
    (self.settings, self.training) = (settings, training)
    results = try RunningResults(network)
    counting = Counting(settings)
    accuracy = Self.accuracy(of: network, settings)
    schedule = LearningRate(compilation.optimizer)
    rules = try EpochRule.rules(settings.callbacks)
    checkpoints = executions.checkpoints(from: 0)
    (firstStep, rateOrigin, self.stepsBefore) = (0, 0, stepsBefore)
  }

  /// Those of a part to go on from, or new ones: for a plan that the machine has room for.
  private static func executions(
    _ network: Network, batchSize: Int, weighting: Weighting, planted: PlantedFormula?,
    continuing known: Executions?
  ) throws(RunFailure) -> Executions {
    if let known, known.has(batchSize: batchSize, for: .training, weighting: weighting) {
      return known
    }
    let sound = network.plan(batchSize: batchSize, for: .training, weighting: weighting)
    let plan = planted?.altered(sound) ?? sound
    try checkSize(of: plan)
    return known
      ?? Executions(
        network, Execution(plan, state: plan.freshState()), for: .training,
        weighting: weighting, planted: planted)
  }

  /// The part that begins at a later step with the network and the state of a run made for it.
  init(
    _ beginning: RunPart, settings: RunSettings, firstStep: Int, rateOrigin: Int, stepsBefore: Int
  ) {
    self.settings = settings
    counting = Counting(settings)
    (training, validation) = (beginning.training, beginning.validation)
    (accuracy, schedule) = (beginning.accuracy, beginning.schedule)
    results = beginning.results
    rules = beginning.rules
    executions = beginning.executions
    checkpoints = executions.checkpoints(from: firstStep)
    checkpoints.store(step: firstStep, executions.state)
    (self.firstStep, self.rateOrigin, self.stepsBefore) = (firstStep, rateOrigin, stepsBefore)
  }

  /// A network in one pass of many: on a batch that is all its examples.
  init(_ network: RunPart, batch: Examples, stepsBefore: Int) {
    var settings = network.settings
    settings.data = TrainingData(name: settings.data.name, training: batch)
    settings.batchSize = max(1, batch.count)
    self.settings = settings
    counting = Counting(settings)
    (training, validation) = (batch, nil)
    (accuracy, schedule) = (network.accuracy, network.schedule)
    results = network.results
    rules = []
    executions = network.executions
    checkpoints = executions.checkpoints(from: 0)
    (firstStep, rateOrigin, self.stepsBefore) = (0, 0, stepsBefore)
    isPass = true
  }

  /// The same network and examples with a memory of its own, whose numbers are to be written.
  init(copying other: RunPart) {
    (settings, counting) = (other.settings, other.counting)
    (training, validation) = (other.training, nil)
    (accuracy, schedule) = (other.accuracy, other.schedule)
    results = other.results
    rules = []
    let plan = other.execution(
      batchSize: training.count, purpose: .training, weighting: training.weighting
    ).plan
    executions = Executions(
      other.network, Execution(plan, state: plan.freshState()), for: .training,
      weighting: training.weighting, planted: settings.sabotage?.formula)
    checkpoints = executions.checkpoints(from: 0)
    (firstStep, rateOrigin, stepsBefore) = (0, 0, other.stepsBefore)
  }

  /// A part with a memory of its own that stands where another stood at the start of a step.
  init(replaying other: RunPart, from step: Int, _ execution: Execution) {
    (settings, counting) = (other.settings, other.counting)
    (training, validation) = (other.training, nil)
    (accuracy, schedule) = (other.accuracy, other.schedule)
    results = other.results
    rules = []
    (firstStep, rateOrigin) = (other.firstStep, other.rateOrigin)
    stepsBefore = other.stepsBefore
    (weightChanges, averagings, skips) = (other.weightChanges, other.averagings, other.skips)
    restorings = other.restorings
    carriedStarts = other.carriedStarts
    executions = Executions(
      other.network, execution, for: .training, weighting: training.weighting,
      planted: settings.sabotage?.formula)
    checkpoints = executions.checkpoints(from: step)
    other.checkpoints.restore(step: step, into: execution.state)
    checkpoints.store(step: step, execution.state)
  }

  /// The same part up to a step, from which it is to go another way: on the same memory, as only one
  /// of them is gone through at a time.
  init(forking other: RunPart, at step: Int) {
    (settings, counting) = (other.settings, other.counting)
    (training, validation) = (other.training, other.validation)
    (accuracy, schedule) = (other.accuracy, other.schedule)
    (results, executions, rules) = (other.results, other.executions, other.rules)
    (firstStep, rateOrigin) = (other.firstStep, other.rateOrigin)
    stepsBefore = other.stepsBefore
    weightChanges = other.weightChanges.filter { $0.step <= step }
    averagings = other.averagings.filter { $0 <= step }
    skips = other.skips.filter { $0 <= step }
    deeds = other.deeds.filter { $0.step <= step }
    restorings = other.restorings.filter { $0.key <= step }
    carriedStarts = other.carriedStarts.filter { $0.key <= step }
    checkpoints = other.checkpoints
    checkpoints.forget(after: step)
  }

  /// 16 GiB of numbers: beyond it a machine for learning gives up without saying why.
  private static func checkSize(of plan: Plan) throws(RunFailure) {
    guard plan.arenaSizes.state + plan.arenaSizes.activations <= 1 << 32 else {
      throw RunFailure(
        "a batch of \(plan.batchSize) takes \(plan.arenaSizes.activations >> 28) GiB",
        remedy: "a smaller batch size, or smaller layers")
    }
  }

  private static func accuracy(
    of network: Network, _ settings: RunSettings
  ) -> AccuracyFunction? {
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

  /// The execution for batches of a size; all of them work on the same state.
  func execution(
    batchSize: Int, purpose: Network.Purpose, weighting: Weighting = .none
  ) -> Execution {
    executions.execution(batchSize: batchSize, for: purpose, weighting: weighting)
  }
}
