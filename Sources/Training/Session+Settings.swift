import Autodiff
import NeuralNets
import Tensors

// What is set by hand while a run goes on.

extension Session {
  /// A setting of a run under the name that the debugger's `set` knows: `dense/kernel[1,2]`; or
  /// `settings`, whose value is a place in `settingsLog`.
  package struct SettingChange: Hashable, Sendable {
    package let step: Int
    package let name: String
    package let value: Float
    /// What a student reads of it; empty where name and value say it.
    package var words = ""
  }

  /// One number of a weight, set by hand for the start of a step.
  package struct WeightChange: Hashable, Sendable {
    package let step: Int
    package let weight: Value
    package let offset: Int
    package let number: Float
  }

  // MARK: Numbers

  /// Sets the learning rate from the next step on. A future that was recorded stays as a branch.
  ///
  /// - Parameter isWhatIf: whether the way without it is to stay a branch in any case.
  /// - Precondition: the run is not one of passes: a program's loop made those.
  package func setLearningRate(_ rate: Float, isWhatIf: Bool = false) {
    precondition(passes == nil, "passes are as the program made them")
    let from = nextBeginning
    let change = SettingChange(step: from, name: "learning_rate", value: rate)
    leaveFuture(from: from, change, isWhatIf: isWhatIf)
    setRates.removeAll { $0.step == from }
    setRates.append((from, rate))
    // A step that has begun and of which nothing is done takes the new rate.
    if step == from, execution.position == 0 { beginStep(from) }
  }

  /// Sets one number of a weight: at once between steps, else from the next step on. A future that
  /// was recorded stays as a branch.
  ///
  /// - Parameter isWhatIf: whether the way without it is to stay a branch in any case.
  /// - Returns: the step that begins with it.
  package func setWeight(
    _ weight: Value, at offset: Int, to number: Float, isWhatIf: Bool = false
  ) -> Int {
    precondition(plan[weight].role == .parameter, "\(plan[weight].name) is not a weight")
    precondition(passes == nil, "passes are as the program made them")
    let from = nextBeginning
    let index = CellExplainer.subscript(weight.shape.index(ofOffset: offset))
    leaveFuture(
      from: from, SettingChange(step: from, name: plan[weight].name + index, value: number),
      isWhatIf: isWhatIf)
    let part = parts[place(ofStep: from)]
    // In a part that begins there the same weight may be another value of another plan.
    let isHere = part.identity == partIdentity
    let own = isHere ? weight : part.plan.value(named: plan[weight].name)
    if let own, own.shape == weight.shape {
      part.weightChanges.append(
        WeightChange(step: from, weight: own, offset: offset, number: number))
    }
    if position == Position(step: from) { applyChanges(toStep: from) }
    if step == from, execution.position == 0 { keepForSkipping() }
    return from
  }

  /// Lets the update of the step at hand, or of the next one between steps, pass without an effect:
  /// what it changed is as before when the step ends.
  ///
  /// - Parameter isWhatIf: whether the way without it is to stay a branch in any case.
  /// - Returns: the step.
  package func skipUpdate(isWhatIf: Bool = true) -> Int {
    precondition(passes == nil, "passes are as the program made them")
    let (here, skipped) = (standing, position.step)
    go(to: Position(step: skipped))
    leaveFuture(
      from: skipped, SettingChange(step: skipped, name: Self.skippedName, value: 0),
      isWhatIf: isWhatIf)
    parts[place(ofStep: skipped)].skips.insert(skipped)
    if step == skipped { keepForSkipping() }
    go(to: here)
    return skipped
  }

  /// Makes a change again that was noted under a name: `learning_rate`, `update`,
  /// `dense/kernel[2,1]`. A new run that is brought to where another stood grows no branch by it.
  ///
  /// - Throws: `RunFailure` when the run has nothing of that name.
  package func repeatChange(_ name: String, _ value: Float) throws(RunFailure) {
    if passes != nil { return try repeatPassChange(name, value) }
    switch name {
    case "learning_rate": setLearningRate(value)
    case Self.skippedName: _ = skipUpdate(isWhatIf: false)
    default:
      let weight = String(name.prefix { $0 != "[" })
      let index = name.dropFirst(weight.count + 1).dropLast().split(separator: ",")
        .compactMap { Int($0.filter { $0 != " " }) }
      guard let own = plan.value(named: weight), plan.parameters.contains(own),
        let offset = own.shape.offset(of: index)
      else { throw RunFailure("there is no weight \(name)", remedy: "one of this network") }
      _ = setWeight(own, at: offset, to: value)
    }
  }

  private func repeatPassChange(_ name: String, _ value: Float) throws(RunFailure) {
    if name == Self.skippedName {
      _ = try skipUpdateOfPass(isWhatIf: false)
      return
    }
    let weight = String(name.prefix { $0 != "[" })
    let index = name.dropFirst(weight.count + 1).dropLast().split(separator: ",")
      .compactMap { Int($0.filter { $0 != " " }) }
    _ = try setWeight(ofPasses: weight, index, to: value)
  }

  /// What a skipped update is called among changes.
  package static let skippedName = "update"

  /// Replaces every learned weight by its average, as Keras does at the end of a fit with
  /// `use_ema=True`; without averages nothing happens. What was recorded after it is forgotten.
  ///
  /// - Precondition: the run stands between steps, at least one done.
  package func useAverages() {
    guard passes == nil, !averages.isEmpty, position.step > 0 else { return }
    precondition(position.instruction == 0, "a fit ends with a step")
    let from = position.step
    leaveFuture(from: from)
    guard part.averagings.insert(from).inserted else { return }
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
    judged = nil
    for (weight, average) in averages {
      execution.write(execution.numbers(of: average), to: weight)
    }
  }

  /// Gives weights new numbers between two steps. A program does so in the middle of a fit; it is
  /// not replayed, so a run that one travels in uses `setWeight(_:at:to:)`.
  package func overwriteWeights(_ weights: [String: Tensor]) {
    meter.forget()
    judged = nil
    for ((name, _), value) in zip(network.weights, plan.parameters) {
      if let tensor = weights[name], tensor.shape == value.shape {
        execution.write(tensor.scalars, to: value)
      }
    }
  }

  /// The first step that has not begun.
  var nextBeginning: Int {
    position.instruction == 0 ? done : done + 1
  }

  /// Writes what was set by hand for the start of a step. The state then is the same whichever way
  /// one came there.
  func applyChanges(toStep step: Int) {
    // What a pass has made is there for all networks once it is done.
    if let passes { return passes.end(step - 1) }
    // Where a part ends another begins, with what was set for it.
    guard parts[place(ofStep: step)].identity == partIdentity else { return }
    undoSkippedUpdate(ofStep: step - 1)
    applyRestoring(toStep: step)
    if part.averagings.contains(step) { writeAverages() }
    if let carried = part.carriedStarts[step] { part.executions.carry(carried) }
    guard !part.weightChanges.isEmpty else { return }
    for change in weightChanges where change.step == step {
      meter.forget()
      judged = nil
      execution.withNumbers(of: change.weight) { $0[change.offset] = change.number }
    }
  }

  // MARK: All settings

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
  /// was recorded after this moment stays as a branch; what was before it stays as it was, with the
  /// old settings. A step that is half done is finished first.
  ///
  /// - Parameter isWhatIf: whether the way without it is to stay a branch in any case.
  /// - Throws: `RunFailure`, `Network.Failure`: why no run can go on under these settings; the run
  ///   then is as it was.
  package func change(
    to wanted: RunSettings, words: String = "", isWhatIf: Bool = false
  ) throws -> Kept {
    guard passes == nil else { throw Self.isFixed }
    let next = try Session(wanted.asFirst)
    while position.instruction > 0 { trainStep() }
    let from = position.step
    leaveFuture(
      from: from,
      SettingChange(
        step: from, name: "settings", value: Float(settingsLog.count), words: words),
      isWhatIf: isWhatIf)
    dropEmptyPart(at: from)
    let kept = next.takeOver(from: self)
    // Of several changes at one step the last counts, beside what was before them all.
    let before = firstStep == from && place > 0 ? parts[place - 1].settings : self.settings
    let settings = wanted.continuing(before, atStep: from)
    let keepsRate = wanted.hasLearningRate(of: self.settings)
    setRates.removeAll { !keepsRate && $0.step == from }
    let skips = part.skips.filter { $0 >= from }
    if firstStep == from { parts.removeLast() }
    part = RunPart(
      next.part, settings: settings, firstStep: from,
      rateOrigin: keepsRate ? part.rateOrigin : from,
      stepsBefore: kept.keepsOptimizer ? part.stepsBefore : -from)
    part.skips = skips
    parts.append(part)
    place = parts.count - 1
    meter.forget()
    settingsLog.append(settings)
    beginStep(from)
    for weights in settings.fills { fill(weights.name, weights.number) }
    return kept
  }

  /// Settings that were changed again before a step was done: the new ones go on from what was before
  /// them. Weights that were set by hand in between stay, and an update that is skipped.
  private func dropEmptyPart(at step: Int) {
    guard firstStep == step, place > 0, weightChanges.isEmpty, part.skips.isEmpty else { return }
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
    for state in new.carried { _ = copy(new[state].name) }
    let isSame = settings.hasOptimizer(of: other.settings)
    if isSame {
      for info in new.values where info.role == .optimizerState {
        let isAnew = anew.contains { info.name.hasPrefix($0 + "/") }
        if !isAnew { _ = copy(info.name) }
      }
    }
    return Kept(
      layers: layers.count, kept: layers.count - anew.count, anew: anew, keepsOptimizer: isSame)
  }
}

extension RunSettings {
  /// These settings for a run that goes on under them: its epochs count on when they are the same,
  /// else a new one begins.
  fileprivate func continuing(_ old: RunSettings, atStep step: Int) -> RunSettings {
    var settings = self
    // Edited examples are as many in the same order.
    let isSameData =
      data.training == old.data.training
      || edits != old.edits && data.name == old.data.name
        && data.training.count == old.data.training.count
        && data.preparation == old.data.preparation
    let isSameEpoch = stepsPerEpoch == old.stepsPerEpoch && isSameData
    settings.origin =
      isSameEpoch
      ? old.origin
      : Origin(
        step: step, epoch: old.origin.epoch + (step - old.origin.step) / old.stepsPerEpoch)
    return settings
  }

  fileprivate func hasLearningRate(of old: RunSettings) -> Bool {
    let (old, new) = (old.model.compilation?.optimizer, model.compilation?.optimizer)
    return old?.kind == new?.kind
      && old?.arguments["learning_rate"] == new?.arguments["learning_rate"]
  }

  /// Whether an optimizer can go on with what the other remembers.
  fileprivate func hasOptimizer(of old: RunSettings) -> Bool {
    let (old, new) = (old.model.compilation?.optimizer, model.compilation?.optimizer)
    let decisive = ["use_ema", "gradient_accumulation_steps"]
    return old?.kind == new?.kind
      && decisive.allSatisfy { old?.arguments[$0] == new?.arguments[$0] }
  }
}
