import Autodiff
import NeuralNets
import Tensors

// What-ifs: where something is set by hand, the way that was gone without it stays.

extension Session {
  /// All branches of the run, in the order they grew.
  package var branchSummaries: [BranchSummary] { branchSummaries(thinnedTo: .max) }

  /// How many branches there are.
  package var branchCount: Int { branches.origins.count }

  /// Where the branch at hand begins, and what was set there; nil in the run as it began.
  package var branchOrigin: (number: Int, step: Int, words: String)? {
    let origin = branches.origin(branches.current)
    return origin.parent == nil ? nil : (origin.number, origin.step, origin.words)
  }

  /// The same with at most so many steps of each history.
  ///
  /// - Parameter known: the history of the branch at hand, where it is thinned already.
  package func branchSummaries(
    thinnedTo limit: Int, current known: History? = nil
  ) -> [BranchSummary] {
    branches.origins.map {
      let isCurrent = $0.number == branches.current
      let full = isCurrent ? known ?? history : branches.way($0.number)?.history ?? History()
      return BranchSummary(
        number: $0.number, parent: $0.parent, step: $0.step, words: $0.words,
        isCurrent: isCurrent, history: full.thinned(to: limit))
    }
  }

  package var currentBranch: Int { branches.current }

  /// The last step that two branches have in common.
  package func parting(of a: Int, and b: Int) -> Int { branches.parting(of: a, and: b) }

  private var way: Branches.Way {
    Branches.Way(
      parts: parts, setRates: setRates, changes: changesInForce, history: history,
      archive: archive, passes: passes?.thinnedWay())
  }

  /// Whether the branch at hand began at a step and nothing of it was trained since.
  private func isFresh(at step: Int) -> Bool {
    branches.origin(branches.current).step == step && history.count <= step && branches.current > 1
  }

  /// Makes room for a change that holds from a step on: what was recorded after it is put aside as a
  /// branch, and the change is noted.
  ///
  /// - Parameter isWhatIf: whether it can be taken back even if nothing was recorded: where no branch
  ///   has to grow, the one at hand is kept as it was.
  func leaveFuture(from step: Int, _ change: SettingChange? = nil, isWhatIf: Bool = false) {
    judged = nil
    digestAtBeginning = nil
    let words = change?.inWords ?? ""
    let isNew = history.count > step || (isWhatIf && history.count > 0 && !isFresh(at: step))
    let wasFresh = isFresh(at: step)
    if isNew {
      fork(at: step) { $0.grow(from: step, words: words, leaving: $1) }
    } else if isWhatIf {
      revisions += 1
      fork(at: step) { $0.revise(leaving: $1) }
    } else {
      forgetPlans(after: step)
    }
    if !isNew, wasFresh, change != nil {
      rename(adding: words, of: change?.name ?? "")
    }
    if let change {
      changeLog.append(change)
      changesInForce.append(change)
    }
  }

  /// The branch at hand is called by one change more; of one number set twice the last counts.
  private func rename(adding words: String, of name: String) {
    let known = branches.origin(branches.current).words.split(separator: ", ").map(String.init)
      .filter { !$0.hasPrefix("\(name) = ") }
    branches.rename((known + [words]).joined(separator: ", "))
  }

  /// Lets a branch grow that a run like this one had: from the step at hand, which its changes follow.
  package func regrow() {
    precondition(passes == nil && position.instruction == 0, "a branch grows between two steps")
    judged = nil
    digestAtBeginning = nil
    let step = position.step
    fork(at: step) { $0.grow(from: step, words: "", leaving: $1) }
  }

  /// Calls the branch at hand what it was called.
  package func nameBranch(_ words: String) { branches.rename(words) }

  /// The parts up to the step stay common; the one that it lies in becomes two.
  ///
  /// - Parameter keep: puts the way that was gone aside.
  private func fork(at step: Int, _ keep: (inout Branches, Branches.Way) -> Void) {
    keep(&branches, way)
    if let passes {
      passes.forget(after: step)
      changesInForce.removeAll { $0.step > step }
      history.truncate(toStep: step, stepsPerEpoch: stepsPerEpoch)
      return
    }
    let last = parts.lastIndex { $0.firstStep <= step } ?? 0
    // A replay in the branch put aside finds moments at this distance.
    let own = RunPart(forking: parts[last], at: step)
    parts[last].checkpoints.thin(to: 64)
    parts = Array(parts[..<last]) + [own]
    if place >= last { (part, place) = (own, last) }
    setRates.removeAll { $0.step > step }
    changesInForce.removeAll { $0.step > step }
    archive?.forget(after: step)
    history.truncate(toStep: step, stepsPerEpoch: stepsPerEpoch)
  }

  /// What was set for later steps that never were.
  private func forgetPlans(after step: Int) {
    if let passes {
      passes.forget(after: step)
      return changesInForce.removeAll { $0.step > step }
    }
    setRates.removeAll { $0.step > step }
    changesInForce.removeAll { $0.step > step }
    parts.removeAll { $0.firstStep > step }
    let last = parts[parts.count - 1]
    last.weightChanges.removeAll { $0.step > step }
    last.averagings = last.averagings.filter { $0 <= step }
    last.skips = last.skips.filter { $0 <= step }
    last.deeds.removeAll { $0.step > step }
    last.restorings = last.restorings.filter { $0.key <= step }
    last.carriedStarts = last.carriedStarts.filter { $0.key <= step }
    last.checkpoints.forget(after: step)
    archive?.forget(after: step)
    if place >= parts.count { (place, part) = (parts.count - 1, last) }
  }

  /// Takes up another branch, at the same moment if it was recorded so far and its plan has it, else
  /// at the end of what was recorded of it.
  ///
  /// - Throws: `RunFailure` when there is no such branch.
  package func switchBranch(to number: Int) throws(RunFailure) {
    guard number != branches.current else { return }
    guard branches.way(number) != nil, let next = branches.take(number, leaving: way) else {
      throw RunFailure(
        "there is no branch \(number)",
        remedy: branches.origins.count == 1
          ? "set … first: a branch grows there" : "one from 1 to \(branches.origins.count)")
    }
    adopt(next)
  }

  /// Takes back what was set by hand last in the branch at hand, at the same moment if it was recorded
  /// so far.
  ///
  /// - Returns: whether anything was.
  package func takeBack() -> Bool {
    guard let before = branches.takeBack(leaving: way) else { return false }
    adopt(before)
    return true
  }

  /// Does again what was taken back last; whether anything was.
  package func doAgain() -> Bool {
    guard let next = branches.doAgain(leaving: way) else { return false }
    adopt(next)
    return true
  }

  /// What was set by hand until now can no more be taken back.
  var takeBacks: Int { branches.takeBacks }

  func forgetVersions() { branches.forgetVersions() }

  private func adopt(_ next: Branches.Way) {
    digestAtBeginning = nil
    let (here, length) = (position, plan.instructions.count)
    (parts, setRates) = (next.parts, next.setRates)
    (changesInForce, history, archive) = (next.changes, next.history, next.archive)
    if let passes, let way = next.passes {
      passes.take(way)
      judged = nil
      let target = min(self.number(of: here), history.count)
      restore(before: target)
      return go(to: target == self.number(of: here) ? here : moment(target))
    }
    let target = here.step <= history.count ? here.step : history.count
    place = place(ofStep: target)
    part = parts[place]
    judged = nil
    restore(before: target)
    var moment = Position(step: target)
    if target == here.step, here.instruction > 0, history.count > target {
      go(to: moment)
      // The plan of that step, which other settings may have made another.
      if part.execution(like: execution).plan.instructions.count == length { moment = here }
    }
    go(to: moment)
  }

  // MARK: An update skipped

  /// Keeps the state when the update of the step that begins is to have no effect.
  func keepForSkipping() {
    guard passes == nil, part.skips.contains(step) else { return stateToKeep = nil }
    stateToKeep = (step, part.state.read(0, part.state.count))
  }

  /// Gives everything that updates write the numbers that it had before the step.
  func undoSkippedUpdate(ofStep done: Int) {
    guard let stateToKeep, stateToKeep.step == done, part.skips.contains(done), step == done,
      execution.isDone
    else { return }
    meter.forget()
    judged = nil
    part.state.write(stateToKeep.numbers, at: 0)
  }
}

extension RunPart {
  /// Its execution for batches like those of another.
  fileprivate func execution(like other: Execution) -> Execution {
    execution(
      batchSize: other.plan.batchSize, purpose: .training, weighting: training.weighting)
  }
}
