import Datasets
import Lessons

/// All that is checked of lessons: what stands in them, and what happens when they are played.
package enum LessonCheck {
  /// What is to be mended in each lesson of a library and in what could not be read, by name.
  ///
  /// - Parameters:
  ///   - course: names of the lessons that keep to the rules of the course.
  ///   - names: the lessons that are wanted, all if empty.
  ///   - trials: sequences of aimless commands that each exercise has to survive.
  ///   - progress: told what is being played: `03-drawing-a-line (3 of 16), page 4 of 10`.
  package static func findings(
    _ library: LessonLibrary, course: Set<String>, names: [String] = [], data: DatasetLibrary,
    trials: Int = LessonTrials.sequences, progress: (String) -> Void = { _ in }
  ) -> [(name: String, problems: [String])] {
    let wanted = library.lessons.filter { names.isEmpty || names.contains($0.name) }
    let shared = grouped(
      LessonLinter.order(library.lessons)
        + CourseRules.findings(library.lessons.filter { course.contains($0.name) }))
    let known = library.lessons.map(\.name)
    let problems = wanted.enumerated().map { place, lesson in
      let name = "\(lesson.name) (\(place + 1) of \(wanted.count))"
      let played = LessonRehearsal.findings(lesson, library: data, trials: trials) { page in
        progress("\(name), page \(page + 1) of \(lesson.pages.count)")
      }
      return (LessonLinter.findings(lesson, known: known) + (shared[lesson.name] ?? []))
        .map(\.description) + played
    }
    let unread = library.failures.filter { names.isEmpty || names.contains($0.folder) }
      .map { ($0.folder, ["\($0)"]) }
    return unread + zip(wanted.map(\.name), problems)
  }

  private static func grouped(
    _ findings: [LessonLinter.Finding]
  ) -> [String: [LessonLinter.Finding]] {
    Dictionary(grouping: findings) { String($0.file.prefix { $0 != "/" }) }
  }
}
