import Autodiff
import Tensors

// What is done to a number between the end of a step and the start of the next: the instruction that
// made it does not give the number that is there.

extension Session {
  /// What was done to a number since the update of the step that is done; nil where nothing was.
  func doneAfterwards(to place: CellPlace) -> CellExplanation.Afterwards.Cause? {
    guard execution.isDone, passes == nil else { return nil }
    let role = plan[place.value].role
    let next = shownStep + 1
    if part.skips.contains(shownStep), [.parameter, .optimizerState, .carried].contains(role) {
      return .skipped
    }
    guard role == .parameter else { return nil }
    if part.averagings.contains(next) { return .averaged }
    if isSetByHand(place, beforeStep: next) { return .set }
    return part.restorings[next] == nil ? nil : .restored
  }

  /// The number that was set by hand for the next step, while the step at hand is not done.
  func setAhead(of place: CellPlace) -> Float? {
    guard !execution.isDone, passes == nil else { return nil }
    return weightChanges.last {
      $0.step == shownStep + 1 && $0.weight == place.value && $0.offset == place.offset
    }?.number
  }

  /// What the step that is done had made of values, where something was done to them since.
  ///
  /// The step is run again beside this one.
  func asMade(_ values: [Value]) -> [Value: Tensor] {
    guard execution.isDone, passes == nil else { return [:] }
    let touched = values.filter { value in
      doneAfterwards(to: CellPlace(value, 0)) != nil
        || weightChanges.contains { $0.step == shownStep + 1 && $0.weight == value }
    }
    guard !touched.isEmpty else { return [:] }
    let copy = Session(replaying: self, from: shownStep)
    copy.replay(toStep: shownStep)
    while !copy.execution.isDone { copy.execution.advance() }
    return Dictionary(uniqueKeysWithValues: touched.map { ($0, copy.execution.tensor($0)) })
  }
}
