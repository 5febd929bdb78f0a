import Lessons
import TerminalGraphics
import Training

// What can be done on Learn: in the list of lessons, and on a page.

extension LearnScreen {
  package static func bindings(_ state: AppState) -> [Binding] {
    let back = Binding.comingBack(state)
    guard state.learn.page != nil else { return back + list(state) + [words] + lessonEdits(state) }
    let (enter, run) = ([enter(state)], run(state))
    let debugger = state.offersDebugger ? [openNumber] : []
    let sandbox = state.learn.page?.sandbox == nil ? [] : [sandboxBinding(hint: true)]
    let more = sandbox.isEmpty ? [sandboxBinding(hint: false)] : []
    // First what this page is for: an answer, the run, or the next page.
    let out = state.learn.term == nil ? back : [leaveWord]
    switch state.learn.task {
    case .ask? where state.learn.isTaskOpen:
      let letters = letters(state)
      let taken = Set(letters.flatMap(\.keys))
      return out + enter + letters + scrolling(state) + debugger + answering + pages(state)
        + sandbox
        + run.filter { taken.isDisjoint(with: $0.keys) } + more + lessonEdits(state)
    case .exercise? where state.learn.isTaskOpen:
      return out + run + enter + answering + pages(state) + sandbox + more + lessonEdits(state)
    default:
      return out + enter + pages(state) + sandbox + run + answering + more + lessonEdits(state)
    }
  }

  private static func list(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke(.enter)], "open lesson", hint: "open",
        help: "open the chosen lesson, at the chosen page",
        whyNot: { $0.learn.lessons.isEmpty ? "there are no lessons here" : nil }
      ) { $0.openChosenLesson() },
      Binding(
        [KeyStroke("/")], "search lessons", hint: "search",
        help: "search all lessons, their text and their words"
      ) {
        $0.focus[.learn] = "course"
        return $0.beginSearch()
      },
    ]
  }

  /// Enter means the word under the cursor, the answer, or the next page.
  private static func enter(_ state: AppState) -> Binding {
    if state.focusedPanel == "words" {
      return Binding(
        [KeyStroke(.enter)], "what it means", hint: "meaning", help: "what the chosen word means"
      ) { state in
        let words = state.wordsOfPage
        guard words.indices.contains(state.learn.word.index) else { return [] }
        state.explain(words[state.learn.word.index].term)
        return []
      }
    }
    if let term = state.chosenTerm {
      return Binding(
        [KeyStroke(.enter)], "what it means", hint: "what “\(term)” means", shortHint: "meaning",
        help: "what the word under the cursor means"
      ) { state in
        state.explain(term)
        return []
      }
    }
    if case .ask(let ask)? = state.learn.task, state.learn.isTaskOpen {
      let isChoice = if case .choice = ask.answer { true } else { false }
      return Binding(
        [KeyStroke(.enter)], "answer", hint: isChoice ? "take it" : "answer",
        help: "type an answer, or take the choice", perform: { $0.beginAnswer() })
    }
    let isLast = state.learn.lesson.map { ($0.pages.count - 1) == state.learn.place?.page } ?? false
    let isWaiting = state.learn.isTaskOpen
    let isMore = state.hasTextBelow
    return Binding(
      [KeyStroke(.enter)], "go on", hint: isWaiting || isMore ? "" : isLast ? "end" : "go on",
      help: isMore
        ? "the text below; where it ends, the next page"
        : isLast ? "end the lesson; what is open is listed" : "the next page",
      whyNot: {
        $0.learn.isTaskOpen
          ? "Try it asks for something, and the lab sees when it is done: h helps, s skips it" : nil
      }, perform: { $0.readOn() })
  }

  /// The letters of the choices, where there are some; a hint keeps its key.
  private static func letters(_ state: AppState) -> [Binding] {
    guard case .ask(let ask)? = state.learn.task, case .choice(let choices) = ask.answer else {
      return []
    }
    let others = Set(answering.flatMap(\.keys))
    return choices.indices.compactMap { place in
      let letter = Ask.letter(place)
      guard let key = letter.first.map({ KeyStroke($0) }), !others.contains(key) else { return nil }
      return Binding([key], "choice \(letter)", help: "choose \(letter); Enter takes it") { state in
        state.learn.choice.select(place, count: choices.count)
        return []
      }
    }
  }

  /// Where arrows choose, letters scroll the text.
  private static func scrolling(_ state: AppState) -> [Binding] {
    guard case .ask(let ask)? = state.learn.task, case .choice = ask.answer,
      state.hasTextBelow || state.hasTextAbove
    else { return [] }
    return [
      Binding([KeyStroke("j")], "scroll on", hint: "k scroll", help: "the text, a line on") {
        handleText(KeyStroke("j"), &$0) ?? []
      },
      Binding([KeyStroke("k")], "scroll back", help: "the text, a line back") {
        handleText(KeyStroke("k"), &$0) ?? []
      },
    ]
  }

  private static let leaveWord = Binding(
    [KeyStroke(.escape)], "leave the word", help: "the cursor leaves the words of the text"
  ) {
    $0.learn.term = nil
    return []
  }

  private static let openNumber = Binding(
    [KeyStroke("5")], "this number in the debugger", hint: "this number", shortHint: "debug",
    help: "open the number that is asked for in the debugger, where it is computed",
    perform: { $0.openAsked() })

  private static let answering: [Binding] = [
    Binding(
      [KeyStroke("h")], "hint", hint: "hint",
      help: "one more hint; when it is done, how the solution does it",
      whyNot: { $0.whyNoHelp }, perform: { $0.moreHelp() }),
    Binding(
      [KeyStroke("s")], "skip", help: "leave this task open and go on; the overview keeps it",
      whyNot: { state in
        state.learn.isTaskOpen ? nil : "nothing on this page is left to do"
      }, perform: { $0.skipTask() }),
    words,
  ]

  private static let words = Binding(
    [KeyStroke("W")], "all words", help: "all words that the lessons explain"
  ) {
    $0.overlay = .reader($0.allWords)
    return []
  }

  private static func pages(_ state: AppState) -> [Binding] {
    let isMore = state.hasTextBelow
    return [
      Binding(
        [KeyStroke(.pageDown)], isMore ? "read on" : "next page",
        hint: isMore ? "read on" : "next page",
        help: "the text below; where it ends, the next page", perform: { $0.readOn() }),
      Binding(
        [KeyStroke(.pageUp)], "previous page", hint: "back",
        help: "the text above; where it begins, the page before", perform: { $0.readBack() }),
      Binding([KeyStroke("L")], "all lessons", hint: "lessons", help: "the list of lessons") {
        $0.closeLesson()
        return []
      },
    ]
  }

  private static func run(_ state: AppState) -> [Binding] { [train] + lines(state) + [engineCode] }

  private static let train = Binding(
    [KeyStroke(" ")], "train", hint: "train", help: "let the run train, or pause it",
    whyNot: {
      if $0.lab.activity == .finished {
        return "the run is at its end: r sets it anew, :restart begins it again"
      }
      return $0.learn.page?.isTrained ?? true
        ? nil : "this page is about the run as it is set up; nothing is trained here"
    }
  ) {
    [.lab($0.lab.activity == .training ? .pause() : .play)]
  }

  /// The keys of the debugger; named below where there is something to be done with the run.
  private static func lines(_ state: AppState) -> [Binding] {
    let isTask = if case .exercise? = state.learn.task { state.learn.isTaskOpen } else { false }
    return [
      Binding(
        [KeyStroke(".")], "forward", hint: isTask ? ", line" : "",
        help: "one line of the training step forward"
      ) { _ in [.lab(.move(1, .line))] },
      Binding([KeyStroke(",")], "backward", help: "one line back; every number is as it was") { _ in
        [.lab(.move(-1, .line))]
      },
    ]
  }

  private static let engineCode = Binding(
    [KeyStroke("e")], "engine code", help: "the code of the engine that the run stands at",
    whyNot: { $0.lab.moment?.instruction == nil ? "the run stands before its first line" : nil }
  ) { state in
    StepScreen.bindings(state).first { $0.keys.contains(KeyStroke("e")) }?.run(&state) ?? []
  }

  static func sandboxBinding(hint: Bool) -> Binding {
    Binding(
      [KeyStroke("S")], "sandbox", hint: hint ? "sandbox" : "",
      help: "take the run to Train, free of the lesson; 2 comes back",
      perform: { $0.openSandbox() })
  }

  // MARK: Beginning again

  /// Setting the page's run anew, starting the lesson over, and taking that back.
  private static func lessonEdits(_ state: AppState) -> [Binding] {
    // Where none was started over, u takes back edits as everywhere.
    let newer = state.learn.pageName.flatMap { state.edits.last(onPage: $0) }
    let isLast = newer.map { $0.time < state.learn.startedOver } ?? true
    let undo = state.learn.past.isEmpty || !isLast ? [] : [undoStartingOver]
    guard state.learn.page != nil else { return [startOver("r")] + undo }
    return [reset, startOver("R")] + undo
  }

  private static let reset = Binding(
    [KeyStroke("r")], "set the run anew",
    help: "the run as the page wants it at its start; what is done stays done",
    perform: { $0.resetPage() })

  private static func startOver(_ key: Character) -> Binding {
    Binding(
      [KeyStroke(key)], "start over",
      help: "begin the lesson again; u brings back how far it was",
      whyNot: { state in
        guard let name = state.learn.open ?? state.chosenLesson?.id else { return "no lesson" }
        return state.learn.progress[name] == nil ? "this lesson is not begun" : nil
      }
    ) { state in
      (state.learn.open ?? state.chosenLesson?.id).map { state.startLessonOver($0) } ?? []
    }
  }

  private static let undoStartingOver = Binding(
    [KeyStroke("u")], "undo starting over", help: "bring back how far the lesson was",
    whyNot: { $0.learn.past.isEmpty ? "no lesson was started over" : nil }
  ) { $0.undoStartingOver() }
}
