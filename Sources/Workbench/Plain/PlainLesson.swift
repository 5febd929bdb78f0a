import Lessons
import Tensors
import TerminalGraphics
import Training

/// A page of a lesson in lines: its text, the arrays it shows, what it asks; and what lines mean there.
enum PlainLesson {
  private static let width = 76

  /// Which page is open: it is read whole when it is another one.
  static func page(_ state: AppState) -> String? {
    guard state.screen == .learn, state.overlay == nil, let place = state.learn.place,
      state.learn.page != nil
    else { return nil }
    return "\(place.lesson) \(place.page)"
  }

  /// The page as it is read.
  static func lines(_ state: AppState) -> [String] {
    guard let lesson = state.learn.lesson, let place = state.learn.place,
      let page = state.learn.page
    else { return [] }
    var text = state.lessonText(width: width)
    text.isStacked = false
    let blocks = place.visibleBlocks(of: page)
    let head =
      "Lesson \(lesson.number), \(lesson.title). Page \(place.page + 1) of \(lesson.pages.count): "
      + "\(page.title)."
    let body = blocks.flatMap { block -> [String] in
      switch block {
      case .ask, .exercise: []
      case .live(let view): live(view, state)
      case .sandbox(let sandbox):
        ["\(sandbox.title):"]
          + sandbox.ideas.map { "- " + text.styled($0).plain }
          + ["Type sandbox to take the run to Train; go learn comes back."]
      default: text.lines(block).map { spoken($0.plain) }
      }
    }
    let isCut = blocks.count < page.blocks.count
    return [head] + body + task(state, text)
      + (isCut ? ["The rest of this page is read once this is done, or skipped."] : [])
  }

  /// Without what only draws.
  private static func spoken(_ line: String) -> String {
    let words = line.filter { !"│╭╮╰╯─".contains($0) }.drop { $0 == " " }
    return String(String(words.reversed()).drop { $0 == " " }.reversed())
  }

  private static func live(_ view: LiveView, _ state: AppState) -> [String] {
    let hidden = state.hiddenNumbers
    switch state.readings[view.value] {
    case .success(.tensor(let tensor)) where tensor.count > 1:
      let columns = max(1, tensor.shape.rank > 1 ? tensor.shape.last : tensor.count)
      let words = tensor.scalars.enumerated().map { place, number in
        hidden.hides(view.value, at: place)
          ? "?" : NumberFormat.fixed(number, decimals: view.digits)
      }
      let rows = stride(from: 0, to: words.count, by: columns).prefix(12).map {
        words[$0..<min(words.count, $0 + columns)].prefix(16).joined(separator: ", ")
      }
      return ["\(view.title):"]
        + rows.enumerated().map { rows.count > 1 ? "row \($0): \($1)" : $1 }
    case .success where hidden.touches(expression: view.value):
      return ["\(view.title): ? until the question is answered"]
    case .success(let value):
      return ["\(view.title): \(LessonText.text(value, digits: view.digits))"]
    case .failure, nil: return ["\(view.title): not computed yet"]
    }
  }

  // MARK: What is to be done

  private static func task(_ state: AppState, _ text: LessonText) -> [String] {
    guard let task = state.learn.task, let place = state.learn.place else {
      return ["Nothing to do here: an empty line turns the page."]
    }
    // The next task takes the place of one that was answered: what that answer was worth is said first.
    var lines = state.learn.tasks.prefix { $0.id != task.id }.flatMap { earlier -> [String] in
      guard case .ask(let ask) = earlier else { return [] }
      return verdict(ask, state, text)
    }
    let isDone = place.done.contains(task.id)
    switch task {
    case .ask(let ask):
      lines += (.text("Question: ") + text.styled(ask.question)).wrapped(to: width).map(\.plain)
      if case .choice(let choices) = ask.answer {
        lines += choices.enumerated().map {
          "\(Ask.letter($0)): " + text.styled($1.text).plain
        }
      }
      lines += verdict(ask, state, text)
      if !isDone { lines.append(asking(ask)) }
    case .exercise(let exercise):
      lines += (.text("Exercise: ") + text.styled(exercise.task)).wrapped(to: width).map(\.plain)
      if isDone {
        let words = text.success(of: exercise) ?? text.open.styled(exercise.success)
        lines.append("Done. " + words.plain)
      } else {
        lines += ExerciseProgress(exercise, text).lines(width: width).map {
          spoken($0.plain.replacing("●", with: "done:").replacing("○", with: "open:"))
        }
        lines.append("Type a command, as step 20 epoch or set …; hint, skip, next, back.")
      }
    }
    if !isDone {
      lines += task.hints.prefix(place.hints[task.id] ?? 0).enumerated().map {
        "Hint \($0 + 1) of \(task.hints.count): " + text.open.styled($1).plain
      }
    } else if state.learn.solutions.contains(task.id) {
      lines += state.solution(of: task).map { "The solution: " + $0 }
    }
    if isDone { lines.append("Done: an empty line turns the page.") }
    return lines
  }

  private static func asking(_ ask: Ask) -> String {
    if case .choice = ask.answer { return "Type the letter of a choice; hint, skip, next, back." }
    return "Type a number; hint, skip, next, back."
  }

  private static func verdict(_ ask: Ask, _ state: AppState, _ text: LessonText) -> [String] {
    guard let said = state.learn.verdicts[ask.id] else { return [] }
    switch said.verdict {
    case .right: return ["\(said.given) is right."]
    case .wrong(let words):
      let why = text.open.styled(words).plain
      return ["Not \(said.given)." + (why.isEmpty ? "" : " " + why)]
    case .unreadable(let why), .cannotTell(let why): return [why]
    }
  }

  // MARK: What a line means

  /// What a line does on a page; nil where it means what it means everywhere.
  static func take(_ line: String, _ state: inout AppState) -> [Effect]? {
    guard page(state) != nil else { return nil }
    let words = line.split(separator: " ").map(String.init)
    guard let first = words.first?.lowercased() else {
      return state.learn.isTaskOpen ? [] : state.turn(by: 1)
    }
    switch first {
    case "next" where words.count == 1: return state.turn(by: 1)
    case "back" where words.count == 1: return state.turn(by: -1)
    case "skip" where words.count == 1: return state.skipTask()
    case "sandbox" where words.count == 1: return state.openSandbox()
    case "hint", "solution":
      if let why = state.whyNoHelp {
        state.say(why)
        return []
      }
      return state.moreHelp()
    case "answer" where words.count > 1:
      return answer(words.dropFirst().joined(separator: " "), &state)
    default:
      if isLetter(first, state), words.count == 1 { return answer(first, &state) }
      guard let start = line.first, "0123456789.-+(".contains(start) else { return nil }
      return answer(line, &state)
    }
  }

  /// Whether a word is the letter of a choice that is open.
  private static func isLetter(_ word: String, _ state: AppState) -> Bool {
    guard word.count == 1, state.learn.isTaskOpen, case .ask(let ask)? = state.learn.task else {
      return false
    }
    return ask.choice(named: word) != nil
  }

  private static func answer(_ text: String, _ state: inout AppState) -> [Effect]? {
    guard case .ask(let ask)? = state.learn.task, state.learn.isTaskOpen else { return nil }
    guard case .choice(let choices) = ask.answer else { return state.answer(ask, .typed(text)) }
    guard let choice = ask.choice(named: text) else {
      let last = Ask.letter(choices.count - 1)
      state.say("\(text) is no choice; right would be a to \(last)", .warning)
      return []
    }
    return state.answer(ask, .chosen(choice))
  }
}
