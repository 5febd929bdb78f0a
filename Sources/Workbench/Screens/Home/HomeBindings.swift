import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

extension HomeScreen {
  package static func bindings(_ state: AppState) -> [Binding] {
    [enter(state)] + places(state) + [
      Binding(
        [], "one-minute start", help: "digits learn, stop, go one step back; one number's sum",
        perform: { $0.startTour() })
    ] + startOver(state)
  }

  /// The lesson that Continue or the course shows, from its first page.
  private static func startOver(_ state: AppState) -> [Binding] {
    let lesson: LessonSummary? =
      switch state.focusedPanel {
      case "course": state.chosenLesson
      case "continue": state.home.lessonAtHand
      default: nil
      }
    guard let lesson, lesson.page != nil else { return [] }
    return [
      Binding(
        [KeyStroke("r")], "start over", hint: "start over",
        help: "begin the lesson \(lesson.title) again; u on Learn brings back how far it was"
      ) { $0.startLessonOver(lesson.id) }
    ]
  }

  /// What Enter does depends on the panel.
  private static func enter(_ state: AppState) -> Binding {
    let key = [KeyStroke(.enter)]
    switch state.focusedPanel {
    case "start":
      return Binding(
        key, "start", hint: "start", help: "the one-minute start: digits are learned live",
        perform: { $0.startTour() })
    case "course":
      return Binding(
        key, "open lesson", hint: "open", help: "open the chosen lesson",
        perform: { $0.openChosenLesson() })
    case "runs":
      return Binding(
        key, "open run", hint: "open", help: "open the chosen run where it stopped",
        whyNot: { $0.home.contents.runs.isEmpty ? "no run is kept yet: t trains one" : nil }
      ) { state in
        let runs = state.home.contents.latest
        guard runs.indices.contains(state.home.runs.index) else { return [] }
        return state.openKept(runs[state.home.runs.index].number)
      }
    case "learned":
      return Binding(key, "see it", hint: "see it on Train", help: "the run at hand, on Train") {
        $0.go(to: .train)
      }
    case "own", "begin":
      let panel = state.focusedPanel
      return Binding(
        key, "begin the chosen one", hint: "do it", help: "begin what is chosen in the list"
      ) { HomeActionList.run($0.home.beginning.index, panel, &$0) }
    case "terminal":
      return Binding(
        key + [KeyStroke("i")], "what this terminal shows", hint: "what it means",
        help: "what this terminal can show, and what would be better"
      ) {
        $0.overlay = .reader(TerminalPanel.explained($0))
        return []
      }
    default:
      // A run that is over is only looked at.
      let isOver =
        state.home.lessonAtHand == nil && state.home.nextLesson == nil
        && state.lab.activity == .finished
      return Binding(
        key, "resume", hint: isOver ? "look at it" : "resume", help: "go on where you were"
      ) { $0.resume() }
    }
  }

  private static func places(_ state: AppState) -> [Binding] {
    var bindings: [Binding] = []
    if let first = state.home.contents.lessons.first {
      bindings.append(
        Binding(
          [KeyStroke("l")], "first lesson", hint: "first lesson",
          help: "lesson \(first.number): \(first.title)", perform: { $0.openLesson(first.id) }))
    }
    bindings += [
      Binding(
        [KeyStroke("n")], "new network", hint: "new network",
        help: "begin a network: how many layers at first"
      ) {
        $0.offerNewNetwork()
        return []
      },
      Binding([KeyStroke("d")], "choose data", hint: "data", help: "data sets, or your own file") {
        $0.go(to: .data)
      },
      Binding([KeyStroke("o")], "open Keras code", hint: "open", help: "a .py file with a model") {
        $0.field = TextField("a .py model file", files: [".py"]) { path, state in
          path.isEmpty ? [] : [.openModel(path: path)]
        }
        return []
      },
      Binding(
        [KeyStroke("t")], "train the last", hint: "train",
        help: "train the network at hand, and watch",
        whyNot: {
          $0.workpiece.model.layers.isEmpty
            ? "the network has no layer yet: 3 Build adds one, n begins another" : nil
        }
      ) { $0.trainWorkpiece() },
      Binding(
        [KeyStroke("s")], "step through it", hint: "step",
        help: "one training step, line by line"
      ) { $0.stepWorkpiece() },
    ]
    return bindings
  }
}

extension AppState {
  /// Goes on with what one was at: a lesson, the run at hand, the last kept run, or the network.
  mutating func resume() -> [Effect] {
    if let lesson = home.lessonAtHand ?? home.nextLesson { return openLesson(lesson.id) }
    if !lab.history.steps.isEmpty { return go(to: .train) }
    if let run = home.contents.runs.first { return openKept(run.number) }
    return go(to: .build)
  }

  /// Opens a kept run where it stopped; the one at hand is not opened again.
  mutating func openKept(_ number: Int) -> [Effect] {
    if home.openRun == number, lab.settings != nil { return go(to: .train) }
    return [.openRun(number: number)]
  }

  /// Trains the network at hand and goes where it is seen: what `t` does on every screen but Draw,
  /// where it is seen as well.
  mutating func trainWorkpiece() -> [Effect] {
    if runIsCurrent { return go(to: .train) + [.lab(.play)] }
    let opening = openRun()
    return opening.isEmpty ? [] : opening + go(to: .train) + [.lab(.play)]
  }

  /// Trains a new run of the network at hand, also when one like it is there.
  mutating func trainWorkpieceAnew() -> [Effect] {
    let opening = openRun()
    return opening.isEmpty ? [] : opening + go(to: .train) + [.lab(.play)]
  }

  /// Opens the run of the network at hand in the debugger.
  mutating func stepWorkpiece() -> [Effect] {
    if runIsCurrent { return [.lab(.pause())] + go(to: .step) }
    let opening = openRun()
    return opening.isEmpty ? [] : opening + go(to: .step)
  }
}
