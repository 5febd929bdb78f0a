import Lessons
import TerminalGraphics
import Training

// A page whose run is on its way: what is pressed for that run waits, and nothing is judged by the
// run that was there before.

extension AppState {
  /// Whether the run of the open page is still being set up.
  var isAwaitingRun: Bool { learn.page != nil && learn.awaitedRuns > 0 }

  /// Whether the numbers at hand are those of the open page's run, since the page set it up.
  var isPageRunAtHand: Bool {
    !isAwaitingRun && learn.runNumber == lab.runNumber && learn.pageNumber == lab.pageNumber
  }

  /// Keeps an event back that would act on another run than the page's; nil for one that may act.
  mutating func hold(_ event: Event) -> [Effect]? {
    guard isAwaitingRun else { return nil }
    switch event {
    case .key, .paste, .mouse: break
    default: return nil
    }
    guard learn.heldEvents.isEmpty else { return holdBehind(event) }
    var then = self
    let effects = then.handleNow(event)
    guard effects.contains(where: \.actsOnRun) else {
      self = then
      return effects
    }
    learn.heldEvents = [event]
    say("the page's run is being set up; what you press waits for it, Esc forgets it")
    return []
  }

  /// Behind something that waits everything waits, but for the ways out.
  private mutating func holdBehind(_ event: Event) -> [Effect]? {
    if case .key(let key, let modifiers) = event {
      let stroke = KeyStroke(key, modifiers)
      if stroke.key == .escape {
        learn.heldEvents = []
        say("what you pressed is forgotten")
        return []
      }
      if stroke == .control("c") { return nil }
    }
    if learn.heldEvents.count < 200 { learn.heldEvents.append(event) }
    return []
  }

  /// Does what was pressed, once the page's run and its numbers are there.
  mutating func releaseEvents() -> [Effect] {
    guard !learn.heldEvents.isEmpty, isPageRunAtHand else { return [] }
    let events = learn.heldEvents
    learn.heldEvents = []
    return events.flatMap { handle($0) }
  }
}

extension Effect {
  /// Whether it does something to the run, rather than look at it.
  fileprivate var actsOnRun: Bool {
    switch self {
    case .ask: true
    case .lab(.look), .lab(.pace), .lab(.did): false
    case .lab: true
    default: false
    }
  }
}
