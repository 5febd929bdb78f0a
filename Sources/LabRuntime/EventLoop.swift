import Foundation
import TerminalGraphics
import Training
import Workbench

/// The loop of the lab: present, wait, update, run effects, take news. The order is part of the
/// contract: what a key does is on the screen before anything is waited for.
@MainActor
package final class EventLoop {
  private let terminal: any Terminal
  private let lab: LabThread
  private let runner: EffectRunner
  private let keeper: Keeper?
  /// Where one was when the lab was left, until all of it is back or a key is pressed.
  private var kept: KeptState?
  private var drawing = DrawingTime()
  private var frames: FrameMaker
  private var memory = FreeMemory()
  /// Whether only the run has gone on since the last frame.
  private var isNewsAlone = false
  private let started = ContinuousClock.now
  package var state: AppState
  /// Whether one asked for plain words, and left for that.
  package private(set) var wantsPlain = false

  package init(
    terminal: any Terminal, state: AppState, lab: LabThread, runner: EffectRunner,
    keeper: Keeper? = nil, kept: KeptState? = nil, frames: FrameMaker = FrameMaker()
  ) {
    self.terminal = terminal
    self.state = state
    self.lab = lab
    self.runner = runner
    self.keeper = keeper
    self.kept = kept
    self.frames = frames
  }

  /// Runs until one leaves; returns the exit status: 0, or 128 + the signal that asked.
  package func run(first: [Effect] = []) -> Int32 {
    if let status = perform(first) { return status }
    if let typing = kept?.typing, state.take(typing) { kept?.forgetTyping() }
    while true {
      state.now = seconds
      drawing.measure {
        state.beginFrame()
        let frame = frames.frame(of: state, isNewsAlone: isNewsAlone)
        state.endFrame()
        terminal.present(frame, cursor: frame.cursor)
      }
      memory.giveBack(at: state.now)
      lab.setInterval(drawing.interval)
      let events = terminal.wait(for: deadline)
      isNewsAlone = true
      for event in events {
        state.now = seconds
        if case .wake = event {} else { isNewsAlone = false }
        if case .leave(let signal) = event { return 128 + signal }
        if case .key = event { kept = nil }
        if case .background(let name) = event, state.look.choice.theme == nil {
          terminal.theme = Theme(name: name)
          state.look.theme = terminal.theme
        }
        if let status = perform(state.handle(event)) { return status }
      }
      state.now = seconds
      if let status = perform(state.tick()) { return status }
      let news = lab.takeNews() + runner.takeNews()
      if let status = receive(news) { return status }
      if kept != nil, state.lab.runNumber > 0, let status = perform(finishRestoring()) {
        return status
      }
      if !events.isEmpty || !news.isEmpty {
        keeper?.look(at: state)
        memory.noteWork()
      }
      keeper?.tick(state)
    }
  }

  /// Some of what one looked at and typed into needs the run, which is there now.
  private func finishRestoring() -> [Effect] {
    guard let kept else { return [] }
    self.kept = nil
    kept.restoreStep(in: &state)
    if let typing = kept.typing { _ = state.take(typing) }
    return [.lab(.look(state.interest))]
  }

  private var seconds: Double {
    let passed = (ContinuousClock.now - started).components
    return Double(passed.seconds) + Double(passed.attoseconds) * 1e-18
  }

  /// When the screen changes by itself: a message goes away, the tour goes on, panels are brought
  /// up to date; or there is something to keep, or memory to give back.
  private var deadline: Duration? {
    let next = [state.nextDeadline, keeper?.deadline, frames.deadline, memory.deadline]
      .compactMap(\.self).min()
    return next.map { .seconds(max(0, $0 - state.now + 0.01)) }
  }

  /// Carries out effects; returns a status when one of them is to leave.
  private func perform(_ effects: [Effect]) -> Int32? {
    if !effects.isEmpty { isNewsAlone = false }
    for effect in effects {
      switch effect {
      case .quit: return 0
      case .plain(true):
        wantsPlain = true
        return 0
      case .suspend: terminal.suspend()
      case .redraw: terminal.invalidate()
      case .look(let choice, let kept):
        terminal.adopt(choice)
        state.adopt(terminal.ability, terminal.theme)
        KeptLook.write(kept)
      case .copy(let text):
        terminal.copyToClipboard(text)
        state.say("copied \(text.count) characters", .good)
      case .lab(.open(_)):
        runner.run(effect)
        if let status = awaitRun() { return status }
      default: runner.run(effect)
      }
    }
    return effects.isEmpty ? nil : receive(runner.takeNews())
  }

  /// Takes news; returns a status when one of them asks to leave. What a key asked for is there before
  /// the next key acts: a file that is open, and the screen that shows it.
  private func receive(_ news: [News]) -> Int32? {
    for item in news {
      if case .run = item {} else { isNewsAlone = false }
      if let status = perform(state.receive(item)) { return status }
    }
    return nil
  }

  /// What is typed ahead is for the run that was just asked for: it is waited for, a tenth of a
  /// second at most. Made in a few milliseconds, it is mostly there at once.
  private func awaitRun() -> Int32? {
    let end = ContinuousClock.now + .milliseconds(100)
    let run = state.lab.runNumber
    while state.lab.runNumber == run, ContinuousClock.now < end {
      let news = lab.takeNews()
      for item in news {
        if let status = perform(state.receive(item)) { return status }
        // It makes no run, and says why.
        if case .run(let snapshot) = item, snapshot.failure != nil { return nil }
      }
      if news.isEmpty { Thread.sleep(forTimeInterval: 0.0005) }
    }
    return nil
  }
}

/// How long it takes to draw and present a frame, and how many frames are worth it: on a machine
/// with much to do, or a slow line, redraws become rarer. Keys are not made to wait for them.
struct DrawingTime {
  /// Seconds, a mean in which the last frame counts a fourth.
  private var mean = 0.0

  /// Thirty frames a second at most, one a second at least, and less than 3 % of the time, what
  /// comes between frames included.
  var interval: Duration { .seconds(min(1, max(0.033, 36 * mean))) }

  mutating func measure(_ draw: () -> Void) {
    let seconds = ContinuousClock().measure(draw) / .seconds(1)
    mean = mean == 0 ? seconds : mean * 0.75 + seconds * 0.25
  }
}
