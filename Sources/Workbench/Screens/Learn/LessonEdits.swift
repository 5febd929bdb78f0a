import Lessons
import TerminalGraphics

extension AppState {
  /// Opens a lesson at its first page with nothing done; what was done can be brought back.
  mutating func startLessonOver(_ name: String) -> [Effect] {
    guard let lesson = learn.lessons.first(where: { $0.name == name }) else { return [] }
    if let earlier = learn.progress[name] {
      learn.past.append(earlier)
      learn.startedOver = now
    }
    for ask in lesson.asks { learn.verdicts[ask.id] = nil }
    learn.progress[name] = nil
    // The page to begin with has its run from the start, whatever was done with it.
    learn.isFree = true
    learn.open = name
    let effects =
      [.forgetProgress(lesson: name, tasks: nil)] + keep(LessonProgress(lesson: name), of: lesson)
      + openLesson(name)
    say("\(lesson.title) begins again; u brings back how far it was", .good)
    return effects
  }

  /// Brings back how far the lesson was that was started over last.
  mutating func undoStartingOver() -> [Effect] {
    guard let earlier = learn.past.popLast(),
      let lesson = learn.lessons.first(where: { $0.name == earlier.lesson })
    else { return [] }
    let effects = keep(earlier, of: lesson)
    say("\(lesson.title) is as far as it was", .good)
    return effects + (learn.open == nil ? [] : openLesson(lesson.name))
  }
}
