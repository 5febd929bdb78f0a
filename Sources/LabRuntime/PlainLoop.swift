import Glibc
import Synchronization
import TerminalGraphics
import Training
import Workbench

/// The loop of the lab in plain words: read a line, do it, say what changed. What a line does is said
/// before the next one is read.
@MainActor
package final class PlainLoop {
  private let console: PlainConsole
  private let lab: LabThread
  private let runner: EffectRunner
  private let started = ContinuousClock.now
  private var session: PlainSession
  /// Whether a line was ever taken.
  private var hasTaken = false
  /// Whether one asked for the screen, and left for that.
  package private(set) var wantsScreen = false

  package var state: AppState { session.state }

  package init(console: PlainConsole, state: AppState, lab: LabThread, runner: EffectRunner) {
    self.console = console
    self.lab = lab
    self.runner = runner
    session = PlainSession(state)
  }

  /// Runs until one leaves, or nothing more comes in; returns the exit status: 0, or 128 + the signal
  /// that asked.
  ///
  /// - Parameter readsThrough: whether a lesson is only read, to its last page: nobody can answer.
  package func run(first: [Effect] = [], readsThrough: Bool = false) -> Int32 {
    if let status = perform(first) ?? settle() { return status }
    say(session.greeting())
    if readsThrough { return readOn() }
    ask()
    while true {
      switch console.wait(seconds: pause) {
      case .line(let line):
        session.state.now = seconds
        if let status = take(line) { return status }
        ask()
      case .nothing:
        if let status = takeNews() { return status }
        let lines = session.report()
        if !lines.isEmpty {
          say(console.isTyped ? [""] + lines : lines)
          ask()
        }
      case .end: return hasTaken ? 0 : readOn()
      case .leave(let signal): return 128 + signal
      }
    }
  }

  /// The pages of a lesson that are left, where none takes lines.
  private func readOn() -> Int32 {
    guard session.isOnLessonPage else { return 0 }
    while let effects = session.turnPage() {
      // Who only reads stays where one was.
      let shown = effects.filter { effect in
        switch effect {
        case .keepProgress, .remember: false
        default: true
        }
      }
      if let status = perform(shown) ?? settle() { return status }
      say([""] + session.changes())
    }
    return 0
  }

  private func take(_ line: String) -> Int32? {
    hasTaken = true
    let request = session.take(line)
    say(request.answer)
    if let status = perform(request.effects) ?? settle() { return status }
    if let wait = request.wait, let status = rest(wait) { return status }
    if request.says { say(session.changes()) }
    return nil
  }

  /// Waits until what was asked of the run's thread is done, so that the answer comes before the next
  /// question.
  private func settle() -> Int32? {
    let isDone = Flag()
    // What the run is after the requests is published between reading them and reading the next ones.
    lab.post { [lab] _ in
      lab.post { _ in
        isDone.set()
        return []
      }
      return []
    }
    let end = seconds + 60
    while seconds < end {
      // The news of what came before is out by then.
      let wasDone = isDone.isSet
      if case .leave(let signal) = console.wait(seconds: 0.02, takesLines: false) {
        return 128 + signal
      }
      if let status = takeNews() { return status }
      if wasDone { return nil }
    }
    return nil
  }

  private func rest(_ wait: PlainSession.Wait) -> Int32? {
    let end: Double
    if case .seconds(let count) = wait { end = seconds + count } else { end = .infinity }
    while seconds < end, wait != .rest || session.state.lab.activity == .training {
      if case .leave(let signal) = console.wait(
        seconds: min(0.5, end - seconds), takesLines: false)
      {
        return 128 + signal
      }
      if let status = takeNews() { return status }
      say(session.report())
    }
    return nil
  }

  private func takeNews() -> Int32? {
    session.state.now = seconds
    if let status = perform(session.state.tick()) { return status }
    for news in lab.takeNews() + runner.takeNews() {
      if let status = perform(session.state.receive(news)) { return status }
    }
    return nil
  }

  private func ask() {
    if console.isTyped { console.write(session.prompt) }
  }

  private func say(_ lines: [String]) {
    guard !lines.isEmpty else { return }
    console.write(lines.map { $0 + "\n" }.joined())
  }

  private var seconds: Double {
    let passed = (ContinuousClock.now - started).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }

  /// When something is to be said unasked.
  private var pause: Double? {
    let isTraining = session.state.lab.activity == .training
    let due = session.state.nextDeadline.map { $0 - session.state.now + 0.01 }
    return isTraining ? min(1, due ?? 1) : due
  }

  private func perform(_ effects: [Effect]) -> Int32? {
    for effect in effects {
      switch effect {
      case .quit: return 0
      case .suspend: raise(SIGTSTP)
      case .redraw: break
      case .plain(let isPlain):
        if isPlain { continue }
        wantsScreen = true
        return 0
      case .look(let choice, let kept):
        if let theme = choice.theme { session.state.look.theme = Theme(name: theme) }
        KeptLook.write(kept)
        session.state.say("kept for the screen")
      case .copy(let text): say([text])
      default: runner.run(effect)
      }
    }
    return nil
  }

  private final class Flag: Sendable {
    private let value = Atomic(false)
    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
  }
}
