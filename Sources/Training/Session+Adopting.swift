import Autodiff
import NeuralNets
import Tensors

// What a run is given of its past, and gives of it: states and numbers that are kept elsewhere.

extension Session {
  /// All that outlives a step, when the run stands between two; nil within a step, in a program's
  /// own passes, and where weights were replaced by their averages, or by those of the best epoch:
  /// that is no state to train on from.
  package func copyState() -> StateCopy? {
    guard passes == nil, position.instruction == 0, !part.averagings.contains(position.step),
      part.restorings[position.step] == nil
    else { return nil }
    let state = part.state
    return StateCopy(
      step: position.step, part: place, entries: plan.stateEntries,
      numbers: state.read(0, plan.arenaSizes.state))
  }

  /// The state that the run began with.
  package func copyOfStart() -> StateCopy? {
    guard passes == nil, let first = parts.first else { return nil }
    let start = Arena(count: first.state.count)
    first.checkpoints.restore(step: 0, into: start)
    let plan = first.execution(
      batchSize: min(first.settings.batchSize, first.training.count), purpose: .training,
      weighting: first.training.weighting
    ).plan
    return StateCopy(
      step: 0, part: 0, entries: plan.stateEntries, numbers: start.read(0, plan.arenaSizes.state))
  }

  /// The settings that the run began with.
  package var firstSettings: RunSettings { parts.first?.settings ?? settings }

  /// Gives a run that begins the numbers of steps that were trained before; they are not measured
  /// again.
  package func adopt(_ history: History) {
    precondition(passes == nil, "passes are as the program made them")
    self.history = history
    recallCallbacks()
  }

  /// Gives a run states of its past: going back and forth restores the nearest of them.
  package func adopt(_ archive: StateArchive) {
    precondition(passes == nil, "passes are as the program made them")
    self.archive = archive
  }

  /// The newest step at or before one to whose start the run goes without training.
  package func keptMoment(atOrBefore step: Int) -> Int {
    guard passes == nil else { return keptStep(atOrBefore: step) }
    let index = place(ofStep: step)
    return archivedStep(atOrBefore: step) ?? parts[index].checkpoints.nearest(atOrBefore: step)
      ?? parts[index].firstStep
  }

  /// Goes to where a step has begun and nothing of it is done. `go(to:)` goes to the end of the step
  /// before, whose numbers are there to be looked at.
  package func goToStart(ofStep step: Int) {
    precondition(step >= 0 && passes == nil, "a step of a run that trains")
    restore(before: step)
    replay(toStep: step)
  }

  /// The newest state of the archive that is nearer to a step than what is kept in memory.
  func archivedStep(atOrBefore step: Int) -> Int? {
    guard passes == nil, let archive else { return nil }
    let index = place(ofStep: step)
    let known = parts[index].checkpoints.nearest(atOrBefore: step) ?? -1
    return archive.nearest(atOrBefore: step, in: index).flatMap {
      $0 > known && $0 >= parts[index].firstStep ? $0 : nil
    }
  }

  /// Takes the state of the archive into memory that is nearest to a step; what cannot be read, or is
  /// of another network, is left out.
  func recall(atOrBefore step: Int) {
    let target = parts[place(ofStep: step)]
    while let near = archivedStep(atOrBefore: step) {
      if let numbers = archive?.state(at: near).flatMap({ target.numbers(of: $0) }) {
        let state = Arena(count: target.state.count)
        state.write(numbers, at: 0)
        target.checkpoints.store(step: near, state)
        return
      }
      archive?.remove(near)
    }
  }
}

extension RunPart {
  /// The numbers of a state in the order of this part's memory; nil when an array is missing or has
  /// another shape.
  fileprivate func numbers(of copy: StateCopy) -> [Float]? {
    let plan = execution(
      batchSize: min(settings.batchSize, training.count), purpose: .training,
      weighting: training.weighting
    ).plan
    let known = Dictionary(copy.entries.map { ($0.name, $0) }) { first, _ in first }
    var numbers = state.read(0, state.count)
    for entry in plan.stateEntries {
      guard let source = known[entry.name], source.shape == entry.shape else { return nil }
      numbers.replaceSubrange(
        entry.offset..<entry.offset + entry.shape.count,
        with: copy.numbers[source.offset..<source.offset + source.shape.count])
    }
    return numbers
  }
}

extension Plan {
  /// The arrays that outlive a step, in the order of their memory.
  var stateEntries: [StateCopy.Entry] {
    values.compactMap { info in
      guard case .state(let offset) = info.storage, info.parent == nil, info.role != .scratch
      else { return nil }
      return StateCopy.Entry(name: info.name, shape: info.shape, offset: offset)
    }.sorted { $0.offset < $1.offset }
  }
}
