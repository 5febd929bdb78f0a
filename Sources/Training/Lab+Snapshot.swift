import Autodiff
import NeuralNets
import Tensors

// What a screen asked to see of the run, as it is now.

extension Lab {
  /// What the screen asked for, as it is now.
  package func snapshot() -> LabSnapshot {
    var snapshot = LabSnapshot()
    snapshot.activity = activity
    snapshot.pace = pace
    snapshot.failure = failure
    snapshot.runNumber = runNumber
    snapshot.pageNumber = pageNumber
    snapshot.commanded = commanded
    snapshot.revised = revised
    snapshot.isReturning = isReturning
    snapshot.stop = debugger?.stop
    snapshot.breakpoints = debugger?.breakpoints.rows ?? []
    guard let session else { return snapshot }
    snapshot.fault = (debugger ?? Debugger(session)).openCase
    snapshot.position =
      session.passRun == nil
      ? session.position : Position(step: session.done, instruction: session.position.instruction)
    snapshot.pass = session.shownPass
    snapshot.isBegun = session.standing.isBegun
    snapshot.instructionCount = session.plan.instructions.count
    // A picture of a long run that goes on costs no more than one of a short run. One that rests can be
    // looked at closely, but keys are still answered at once.
    snapshot.history = session.history.thinned(to: activity == .training ? 2048 : stepsShownAtRest)
    snapshot.learningRates = session.learningRates
    if let clock {
      snapshot.stepsPerSecond = speedometer.read(at: clock(), isRunning: activity == .training)
    }
    snapshot.learningRate = session.learningRateAhead
    snapshot.rateByHand = session.rateByHand
    if interest.pictures, activity != .training { session.watchUpdate() }
    // Where one steps, all is of the pass at hand.
    if interest.step == nil {
      session.pictured { addPictures(of: session, to: &snapshot) }
    } else {
      addPictures(of: session, to: &snapshot)
    }
    snapshot.changes = session.changesInForce.filter { $0.step <= session.position.step }
    snapshot.deeds = session.callbackDeeds
    snapshot.stoppedAt = session.stoppedAt
    snapshot.notes = session.callbackNotes
    snapshot.kept = kept
    snapshot.asked = question?.standing
    // The history of the branch at hand is thinned already.
    if interest.countsDead, activity != .training, !memory.defers {
      while let branch = uncountedBranch { deadUnits.find(branch, runNumber, session) }
    }
    snapshot.branches = session.branchSummaries(
      thinnedTo: 2048, current: snapshot.history)
    if interest.countsDead {
      for i in snapshot.branches.indices {
        let branch = snapshot.branches[i]
        snapshot.branches[i].dead = deadUnits.count(of: branch, runNumber, session)
      }
    }
    snapshot.firstStep = session.firstStep
    snapshot.comparison = interest.comparedBranch.flatMap {
      try? BranchComparison(session.currentBranch, $0, of: session)
    }
    if let step = interest.step {
      if activity != .training { session.rearm() }
      snapshot.moment = StepMoment(of: session, step, memory, run: runNumber)
      if !memory.defers, hasWork {
        while memory.hasWork, attend(stopping: { false }) {}
        snapshot.moment = StepMoment(of: session, step, memory, run: runNumber)
      }
      snapshot.moment?.looksBack = activity != .training || pace != .full
      note(snapshot.moment, step)
    }
    if !interest.expressions.isEmpty {
      snapshot.readings = readings(interest.expressions)
    }
    if let question = interest.question {
      do { snapshot.answer = try Answer(to: question, of: session) } catch {
        snapshot.unanswered = error.description
      }
    }
    if interest.digest, activity != .training { snapshot.digest = session.digest.description }
    return snapshot
  }

  /// The network at hand, and what was asked for of it.
  private func addPictures(of session: Session, to snapshot: inout LabSnapshot) {
    snapshot.settings = session.settings
    snapshot.network = session.network
    snapshot.shownClasses = session.shownClasses
    if interest.pictures {
      snapshot.pictures = pictureMaker.pictures(
        of: session, interest, isTraining: activity == .training)
    }
    if let wanted = interest.closeUp {
      snapshot.closeUp = closeUpMaker.picture(of: session, wanted)
    }
  }

  /// Notes what a screen shows of a number that was chosen on it.
  func note(_ moment: StepMoment?, _ step: StepInterest) {
    guard let moment, let cell = step.cell, let session, activity != .training,
      moment.results.indices.contains(moment.result)
    else { return }
    let shown = moment.results[moment.result]
    guard (0..<shown.tensor.count).contains(cell) else { return }
    let place = shown.name + CellExplainer.subscript(shown.tensor.shape.index(ofOffset: cell))
    doings.explained(place)
    guard step.checks, let check = moment.check else { return }
    doings.saw(
      check: "\(place) at \(session.position)",
      worst: check.relativeError(scale: max(moment.checkScale, 1e-6)))
  }

  /// What expressions are now.
  /// - Parameter earlier: the lab that `before(…)` looks at.
  package func readings(
    _ expressions: some Sequence<String>, before earlier: Lab? = nil
  ) -> Readings {
    guard let session else { return Readings() }
    var scope = debugger?.scope ?? SessionScope(session)
    scope.earlier = earlier?.debugger?.scope
    scope.isTraining = activity == .training
    return Readings(expressions, in: scope)
  }
}
