import Lessons
import TerminalGraphics
import Training

// From one's own run to the lesson about it, and back to the moment one left.

extension AppState {
  /// Whether the run at hand is one's own, so that a lesson would take its place.
  var ownsRun: Bool {
    lab.settings != nil && lab.pass == nil && tour == nil && !isAwaitingRun
      && lab.runNumber != learn.runNumber
  }

  /// Whether the run at hand is the open page's: it is set up anew with each page, and not kept.
  var isRunOfLesson: Bool {
    lab.settings != nil && learn.own != nil && lab.runNumber == learn.runNumber
  }

  /// Whether a run of one's own waits behind the lesson's.
  package var isRunWaiting: Bool {
    learn.left != nil && (isAwaitingRun || lab.runNumber == learn.runNumber)
  }

  /// Opens a lesson from one's own run, which waits until one comes back.
  mutating func openLessonAside(_ name: String) -> [Effect] {
    guard let lesson = learn.lessons.first(where: { $0.name == name }) else { return [] }
    guard ownsRun else { return openLesson(name) }
    learn.left = (screen, runIsCurrent)
    let leaving = Effect.leaveRun(isOfWorkpiece: runIsCurrent)
    let effects = openLesson(name)
    say("lesson \(lesson.number): \(lesson.title); Esc comes back to your run")
    return [leaving] + effects
  }

  /// Back to the run that was left for a lesson, at the moment it was left.
  mutating func comeBack() -> [Effect] {
    guard let left = learn.left else { return [] }
    learn.left = nil
    giveWorkpieceBack()
    learn.aside = nil
    closeLesson()
    // The run is on its way: a screen that finds none yet makes none of its own.
    let going = go(to: left.screen).filter { effect in
      if case .lab(.open(_)) = effect { false } else { true }
    }
    train.opened = left.isOfWorkpiece ? workpiece : nil
    return [.takeRunBack(workpiece)] + going
  }
}

extension Binding {
  /// The way back, where a run waits; `u` too, where there is nothing else to undo.
  static func comingBack(_ state: AppState) -> [Binding] {
    guard state.isRunWaiting, state.learn.term == nil else { return [] }
    let isFree =
      state.learn.past.isEmpty
      && state.learn.pageName.map { state.edits.last(onPage: $0) == nil }
        ?? false
    return [
      Binding(
        [KeyStroke(.escape)] + (isFree ? [KeyStroke("u")] : []), "back to your run",
        hint: "back to your run", shortHint: "your run",
        help: "take up the run you left for the lesson, at the moment you left it"
      ) { $0.comeBack() }
    ]
  }
}
