import Autodiff
import NeuralNets
import Tensors

// Where a run is, in steps and passes; and what a record of passes is made of.

/// Which pass of a step the numbers at hand are of.
package struct ShownPass: Hashable, Sendable {
  package let step: Int
  /// Its place in the step, from 0, and how many the step has.
  package let pass: Int
  package let of: Int
  /// The network that learns in it.
  package let network: String
  /// The network that pictures of the run are of, in every pass.
  package let pictured: String
  /// Whether the share right is counted in any pass of the run.
  package let isCounted: Bool
}

extension Session {
  /// How many passes are done, counted over all steps: of a run of one network the steps.
  package var done: Int { execution.isDone ? shownStep + 1 : shownStep }

  /// The moment at which so many passes are done, and so many instructions of the next.
  func moment(_ number: Int, _ instruction: Int = 0) -> Position {
    guard let passes else { return Position(step: number, instruction: instruction) }
    let place = passes.run.place(of: number)
    return Position(step: place.step, pass: place.pass, instruction: instruction)
  }

  /// The moment at which so many passes are done, counted over all steps, and so many instructions of
  /// the next.
  package func position(ofPass number: Int, instruction: Int) -> Position {
    moment(number, instruction)
  }

  /// How many passes are done at a moment.
  func number(of position: Position) -> Int {
    passes?.run.number(step: position.step, pass: position.pass) ?? position.step
  }

  /// The moment at which it is finished.
  package var end: Position {
    Position(step: passes?.run.stepBegins.count ?? part.stop ?? settings.totalSteps)
  }

  /// The learning rate that the next update takes.
  package var learningRate: Float { learningRate(at: done) }

  /// What a program's loop trained, when this is a run of it.
  package var passRun: PassRun? { passes?.run }

  /// The pass whose numbers are shown: its step, its place there among how many, and its network.
  package var shownPass: ShownPass? {
    guard let passes else { return nil }
    let run = passes.run
    let place = run.place(of: shownStep)
    return ShownPass(
      step: place.step, pass: place.pass, of: run.passCount(ofStep: place.step),
      network: run.networks[run.passes[shownStep].network].name,
      pictured: run.networks[run.passes[passes.picturedPass(near: shownStep)].network].name,
      isCounted: passes.isCounted)
  }

  /// Does something while the network and the batch at hand are those that pictures of the run are
  /// of: in a run of passes the same network whichever one learns, on the batch that it met last. So
  /// a screen of pictures stays one screen while networks take turns.
  func pictured<Result>(_ body: () -> Result) -> Result {
    guard let passes else { return body() }
    let pass = passes.picturedPass(near: shownStep)
    guard pass != shownStep else { return body() }
    let (partAtHand, executionAtHand) = (part, execution)
    defer { (part, execution) = (partAtHand, executionAtHand) }
    part = passes.picturedPart(of: pass)
    execution = part.execution(
      batchSize: part.training.count, purpose: .training, weighting: part.training.weighting)
    let updates = passes.run.passes[pass].updates
    // Gradients of another batch are not shown for those of this one.
    if execution.stepEnvironment.step != updates || pass > shownStep {
      execution.begin(seed: settings.seed, step: updates, learningRate: 0)
    }
    return body()
  }

  /// Why settings and batches are not set by hand in a run of passes.
  package static var isFixed: RunFailure {
    RunFailure(
      "this run is what the program's own loop trained: its settings and batches stay as they were",
      remedy: "the change in the program, or a weight: set dense/kernel[0,0] = 0.5")
  }

  // MARK: By hand

  /// Sets one number of a weight of any of the networks in a run of passes: at once between passes,
  /// else from the next pass on. A future that was recorded stays as a branch; the batches stay those
  /// that the program made.
  ///
  /// - Parameters:
  ///   - name: `dense/kernel` of the network at hand, `generator/dense/kernel` of another.
  ///   - index: one for each axis; none for a weight of one number.
  /// - Returns: the pass that begins with it, and the whole name.
  /// - Throws: `RunFailure` when there is no such number.
  package func setWeight(
    ofPasses name: String, _ index: [Int], to number: Float
  ) throws(RunFailure) -> (pass: Int, name: String) {
    guard let passes else { throw RunFailure("a run of one network", remedy: "set WEIGHT = X") }
    // What is set between passes is set before the program gives weights other numbers.
    let stood = standing
    go(to: stood.position)
    defer { if stood.isBegun { begin() } }
    let from = nextBeginning
    let here = passes.run.passes[min(from, passes.run.passes.count - 1)].network
    let shown = stood.isBegun ? here : passes.run.passes[shownStep].network
    guard let weight = passes.weight(name, in: shown) ?? passes.weight(name, in: here) else {
      throw RunFailure(
        "'\(name)' is not a weight of the networks",
        remedy: "one of " + passes.weightNames.joined(separator: ", "))
    }
    let given =
      index.isEmpty && weight.shape.count == 1 ? weight.shape.extents.map { _ in 0 } : index
    guard given.count == weight.shape.rank, let offset = weight.shape.offset(of: given) else {
      throw RunFailure(
        "\(name)\(CellExplainer.subscript(index)) of shape \(weight.shape)",
        remedy: "one number of it, as \(name)"
          + CellExplainer.subscript(weight.shape.extents.map { _ in 0 }))
    }
    guard from < passes.run.passes.count else {
      throw RunFailure("the program's last pass is done", remedy: "an earlier moment: back, goto")
    }
    let start = passes.run.networks[weight.network].name + "/"
    let full = (name.hasPrefix(start) ? name : start + name) + CellExplainer.subscript(given)
    leaveFuture(
      from: from, SettingChange(step: from, name: full, value: number), isWhatIf: true)
    passes.add(
      PassEdits.Weight(
        pass: from, network: weight.network, place: weight.place + offset, number: number))
    settle(before: from)
    return (from, full)
  }

  /// What was set for the start of a pass is there at once where the run stands at it.
  private func settle(before pass: Int) {
    meter.forget()
    if execution.isDone, shownStep == pass - 1 {
      passes?.end(shownStep)
    } else if shownStep == pass, execution.position == 0 {
      beginStep(pass)
    }
  }

  /// The update of the pass at hand, or of the next one between passes, has no effect.
  package func skipUpdateOfPass(isWhatIf: Bool) throws(RunFailure) -> Int {
    guard let passes else { return skipUpdate(isWhatIf: isWhatIf) }
    let (here, skipped) = (standing, done)
    guard skipped < passes.run.passes.count else {
      throw RunFailure("the program's last pass is done", remedy: "an earlier moment: back, goto")
    }
    go(to: moment(skipped))
    leaveFuture(
      from: skipped, SettingChange(step: skipped, name: Self.skippedName, value: 0),
      isWhatIf: isWhatIf)
    passes.skipUpdate(ofPass: skipped)
    settle(before: skipped)
    go(to: here)
    return skipped
  }

  // MARK: What a recorder takes

  /// The examples of the batch at hand, as the network takes them.
  package var batch: Examples { part.training.rows(batchRows) }

  /// How often the optimizer had updated before the step at hand.
  package var updatesBefore: Int { part.stepsBefore + shownStep }
}
