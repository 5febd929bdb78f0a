import Autodiff
import Tensors

extension Session {
  /// Looks at the end of a step that was done, and comes back.
  func atEnd<R>(ofStep step: Int, _ look: () throws -> R) rethrows -> R {
    guard step != shownStep else { return try look() }
    let here = standing
    defer { go(to: here) }
    if passes == nil, parts.contains(where: { $0.firstStep == step + 1 }) {
      // Where settings were changed the run stands at the start of what follows, which has another
      // plan: the step is done without going on.
      go(to: Position(step: step, instruction: 1))
      while !execution.isDone { advance() }
    } else {
      go(to: moment(step + 1))
    }
    return try look()
  }

  /// The last step, at hand or before, in which an update has written a weight; nil where none has.
  ///
  /// In a run of passes other networks learn in between, so it looks back as far as a step of the
  /// program has passes.
  func lastUpdate(ofWeight name: String) -> Int? {
    if let weight = plan.value(named: name), isUpdated(weight, before: execution.position) {
      return shownStep
    }
    let reach = passRun == nil ? 1 : 64
    for step in (max(0, shownStep - reach)..<max(0, shownStep)).reversed() {
      let wrote = atEnd(ofStep: step) {
        plan.value(named: name).map { isUpdated($0, before: execution.position) } ?? false
      }
      if wrote { return step }
    }
    return nil
  }

  private func isUpdated(_ weight: Value, before end: Int) -> Bool {
    plan.instructions[..<end].contains { $0.overwrites.contains(weight) }
  }

  /// Whether a number of a weight was set by hand for the start of a step, or became its average.
  func isSetByHand(_ place: CellPlace, beforeStep step: Int) -> Bool {
    guard plan[place.value].role == .parameter, passes == nil else { return false }
    return part.averagings.contains(step)
      || weightChanges.contains {
        $0.step == step && $0.weight == place.value && $0.offset == place.offset
      }
  }

  /// Why a number of a weight changed in the last step that updated it.
  package func whyChanged(_ name: String, at offset: Int) -> WeightAnswer? {
    guard let step = lastUpdate(ofWeight: name) else { return nil }
    return atEnd(ofStep: step) {
      plan.value(named: name).flatMap { WeightAnswer($0, at: offset, in: self) }
    }
  }

  /// What the inputs contributed to a number of this step; nil where nothing has made it yet.
  /// - Throws: `DebuggerCommand.Failure` where too many numbers are on the way.
  package func whyNumber(
    _ name: String, at offset: Int
  ) throws(DebuggerCommand.Failure) -> PredictionAnswer? {
    guard let value = plan.value(named: name) else { return nil }
    let opener = NumberOpener(self)
    guard
      let maker = opener.makers.maker(of: CellPlace(value, offset), before: execution.position)
    else { return nil }
    return try PredictionAnswer(maker, with: opener)
  }

  /// Where a number came from, one instruction upstream.
  package func origin(of name: String, at offset: Int) -> OriginAnswer? {
    guard let value = plan.value(named: name) else { return nil }
    let opener = NumberOpener(self)
    let place = CellPlace(value, offset)
    let role = plan[value].role
    func answer(_ source: OriginAnswer.Source) -> OriginAnswer {
      OriginAnswer(
        name: opener.makers.name(of: place), value: execution.number(value, at: offset),
        step: shownStep, source: source)
    }
    if execution.isDone, isSetByHand(place, beforeStep: shownStep + 1) {
      return answer(.beginning(step: shownStep + 1, setByHand: true))
    }
    if let opened = opener.open(place) { return answer(.made(opened)) }
    switch role {
    case .input, .target:
      let isConstant = plan.constants.contains { $0.value == value }
      return answer(
        isConstant
          ? .constant : .data(opener.batch.example(of: place).map { ExampleLabel($0, in: self) }))
    case .parameter, .optimizerState, .carried:
      return writtenBefore(place, name)
        ?? answer(
          .beginning(step: shownStep, setByHand: isSetByHand(place, beforeStep: shownStep)))
    case .activation, .gradient, .loss, .scratch:
      return execution.isKnown(value) ? answer(.given) : nil
    }
  }

  /// The update of an earlier step that wrote what outlives steps.
  private func writtenBefore(_ place: CellPlace, _ name: String) -> OriginAnswer? {
    guard !isSetByHand(place, beforeStep: shownStep), let step = lastUpdate(ofWeight: name),
      step != shownStep
    else { return nil }
    return atEnd(ofStep: step) { origin(of: name, at: place.offset) }
  }
}
