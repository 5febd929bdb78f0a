import Autodiff
import Training

/// The debugger's words that open and close folds of the listing: what is drawn is the screen's.
enum FoldCommands {
  /// Nil where the debugger is to say what is wrong.
  static func run(_ word: String, _ text: String, _ state: inout AppState) -> [Effect]? {
    guard let moment = state.lab.moment else { return nil }
    let scopes = moment.instruction.map { moment.plan.instructions[$0].scopes } ?? []
    if word == "into", text.isEmpty { return enterNext(moment, &state) }
    guard let found = try? FoldAddress(text).folds(in: moment.plan, near: scopes) else {
      return nil
    }
    let folds = found.filter { !$0.isInstruction && !$0.path.isEmpty }
    guard !folds.isEmpty else { return nil }
    if word == "into" {
      guard
        let next = folds.first(where: { $0.range.lowerBound >= moment.done }) ?? folds.first
      else { return nil }
      open(next, &state)
      let isAhead = next.range.lowerBound >= moment.done
      return StepBindings.go(
        next.range.lowerBound + 1, step: moment.step + (isAhead ? 0 : 1), &state)
    }
    for fold in folds {
      if word == "unfold" {
        open(fold, &state)
      } else {
        state.step.interest.openFolds.remove(fold.foldPath)
        state.step.interest.closedFolds.insert(fold.foldPath)
      }
    }
    return [.lab(.look(state.interest))]
  }

  /// Opens a fold and those around it.
  private static func open(_ fold: Fold, _ state: inout AppState) {
    for depth in fold.path.indices {
      let path = FoldPath(phase: fold.phase, scopes: Array(fold.path[...depth]))
      state.step.interest.closedFolds.remove(path)
      state.step.interest.openFolds.insert(path)
    }
  }

  private static func enterNext(_ moment: StepMoment, _ state: inout AppState) -> [Effect]? {
    let done = moment.isDone ? 0 : moment.done
    guard let line = moment.listing.lines.first(where: { $0.range.lowerBound == done }),
      let scopes = line.fold
    else { return nil }
    let phase = moment.plan.instructions[done].phase
    open(Fold(phase: phase, path: scopes, range: line.range, isInstruction: false), &state)
    return StepBindings.go(done + 1, step: moment.updates, &state)
  }
}
