/// How far a student has come in one lesson.
package struct LessonProgress: Hashable, Sendable {
  /// The lesson's folder name.
  package let lesson: String
  /// The page that is open, counted from 0.
  package private(set) var page: Int
  /// Questions and exercises that are done.
  package private(set) var done: Set<String>
  /// What was last given to each question.
  package private(set) var answers: [String: String]
  /// How many hints of a question or exercise were shown.
  package private(set) var hints: [String: Int]
  /// Questions and exercises that were passed over, and are not done.
  package private(set) var skipped: Set<String>
  /// How many answers to each question were wrong.
  package private(set) var misses: [String: Int]
  /// Pages that were opened.
  package private(set) var opened: Set<Int>

  /// - Parameter opened: pages that were seen before; the open one counts in any case.
  package init(
    lesson: String, page: Int = 0, opened: Set<Int> = [], done: Set<String> = [],
    answers: [String: String] = [:], hints: [String: Int] = [:], skipped: Set<String> = [],
    misses: [String: Int] = [:]
  ) {
    self.lesson = lesson
    self.page = max(0, page)
    self.opened = opened.union([max(0, page)])
    self.done = done
    self.answers = answers
    self.hints = hints
    self.skipped = skipped.subtracting(done)
    self.misses = misses
  }

  /// Opens a page, the nearest one when there is none of this number.
  package func opening(page: Int, of lesson: Lesson) -> LessonProgress {
    var next = self
    next.page = min(max(0, page), lesson.pages.count - 1)
    next.opened.insert(next.page)
    return next
  }

  /// After an answer was judged. What was once right stays done.
  package func answering(_ ask: Ask, _ given: GivenAnswer, _ verdict: Verdict) -> LessonProgress {
    var next = self
    switch given {
    case .typed(let text):
      next.answers[ask.id] = ask.choice(named: text).map { "\($0 + 1)" } ?? text
    case .chosen(let i): next.answers[ask.id] = "\(i + 1)"
    }
    switch verdict {
    case .right: next = next.finishing(task: ask.id)
    case .wrong: next.misses[ask.id] = (misses[ask.id] ?? 0) + 1
    case .unreadable, .cannotTell: break
    }
    return next
  }

  private func finishing(task id: String) -> LessonProgress {
    var next = self
    next.done.insert(id)
    next.skipped.remove(id)
    return next
  }

  /// After an exercise was found to be done.
  package func finishing(_ exercise: Exercise) -> LessonProgress { finishing(task: exercise.id) }

  /// What stands among the answers for the numbers that an exercise was done with.
  package static let successMark = "success "

  /// With the numbers that an exercise was done with.
  package func keeping(_ numbers: String, ofSuccess id: String) -> LessonProgress {
    var next = self
    next.answers[Self.successMark + id] = numbers
    return next
  }

  /// The numbers that an exercise was done with.
  package func numbers(ofSuccess id: String) -> String? { answers[Self.successMark + id] }

  /// After a question or exercise was passed over; it stays open, and can be come back to.
  package func skipping(_ id: String) -> LessonProgress {
    guard !done.contains(id) else { return self }
    var next = self
    next.skipped.insert(id)
    return next
  }

  /// With one more hint of a question or exercise shown, of so many.
  package func showingHint(of id: String, count: Int) -> LessonProgress {
    var next = self
    next.hints[id] = min((hints[id] ?? 0) + 1, count)
    return next
  }

  /// With the answers to some questions as they were earlier, none where nothing was answered.
  package func taking(_ ids: Set<String>, from earlier: LessonProgress?) -> LessonProgress {
    var next = self
    for id in ids {
      next.answers[id] = earlier?.answers[id]
      if earlier?.done.contains(id) ?? false { next.done.insert(id) } else { next.done.remove(id) }
    }
    return next
  }

  // MARK: Looking

  package func isDone(page: Int, of lesson: Lesson) -> Bool {
    lesson.pages.indices.contains(page) && opened.contains(page)
      && lesson.pages[page].tasks.allSatisfy(done.contains)
  }

  package func donePages(of lesson: Lesson) -> Set<Int> {
    Set(lesson.pages.indices.filter { isDone(page: $0, of: lesson) })
  }

  /// Pages of which something was passed over.
  package func skippedPages(of lesson: Lesson) -> Set<Int> {
    Set(lesson.pages.indices.filter { !skipped.isDisjoint(with: lesson.pages[$0].tasks) })
  }

  package func isFinished(_ lesson: Lesson) -> Bool {
    donePages(of: lesson).count == lesson.pages.count
  }

  /// The blocks of a page that may be shown: what follows a prediction stays hidden until it is
  /// made, and what follows an exercise that says so until that is done.
  package func visibleBlocks(of page: Page) -> ArraySlice<Block> {
    let end = page.blocks.firstIndex { block in
      switch block {
      case .ask(let ask) where ask.hidesTheRest: !done.contains(ask.id) && !skipped.contains(ask.id)
      case .exercise(let exercise) where exercise.hidesTheRest:
        !done.contains(exercise.id) && !skipped.contains(exercise.id)
      default: false
      }
    }
    return page.blocks.prefix(end.map { $0 + 1 } ?? page.blocks.count)
  }
}
