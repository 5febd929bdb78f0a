import Autodiff
import Tensors

/// A breakpoint met at a moment of a run.
struct Meeting {
  /// Its place among those that are looked for.
  let breakpoint: Int
  /// The step (the pass) in which it was met, and how many of its instructions were done.
  let number: Int
  let instruction: Int
  let position: Position
  let old: Observation?
  let new: Observation?
  /// The step that it belongs to, of which a run of passes has several numbers.
  let step: Int
  /// Where that step (pass) begins.
  let begin: Position
  /// Where its test was made, which is not before the moment that it stops at.
  let latest: Position
  /// The test that saw it.
  let test: BreakTest

  /// How one stands there: the end of a step is no beginning of the next.
  var standing: Standing { Standing(position, isBegun: instruction == 0) }
}

/// Looks at each step that a run does whether one of some breakpoints stops in it.
///
/// Steps run at full speed: what they wrote is still there when they are done, so that most is asked
/// then; only what is overwritten before the step ends is asked on the way.
package final class BreakpointTester {
  let breakpoints: [Breakpoint]
  /// What was met in the steps done since it was last emptied, in order.
  var met: [Meeting] = []
  /// For each breakpoint that compares steps what it saw last.
  private(set) var previous: [Observation?]
  /// What was seen first, where nothing is known of what was before: a later answer.
  private(set) var open: [Meeting?]
  /// Whether the steps begin with the first of the run, so that nothing was before.
  private let isFromStart: Bool

  private let reading: StepReading
  private var plans: [ObjectIdentifier: PlanTests] = [:]
  private var latest: PlanTests
  /// How many were met before the step at hand.
  private var begun = 0
  /// Whether something may be asked where a step begins.
  private let looksAtBeginnings: Bool

  /// The tests for what one execution does.
  private final class PlanTests {
    let execution: Execution
    var beginning: [(breakpoint: Int, test: BreakTest)] = []
    /// By the moments at which they are made: the end of the step last.
    var cuts: [(instruction: Int, tests: [(breakpoint: Int, test: BreakTest)])] = []
    var atEnd: [(breakpoint: Int, test: BreakTest)] = []
    var updates: [(name: String, weight: Value)] = []

    init(_ execution: Execution) { self.execution = execution }
  }

  /// - Parameters:
  ///   - breakpoints: all that are enabled.
  ///   - isFromStart: whether the first step that it sees is the first of the run.
  ///   - previous: what was seen before the first step, as far as it is known.
  init(
    _ breakpoints: [Breakpoint], _ session: Session, isFromStart: Bool,
    previous: [Observation?]? = nil
  ) {
    self.breakpoints = breakpoints
    self.isFromStart = isFromStart
    self.previous = previous ?? breakpoints.map { _ in nil }
    open = breakpoints.map { _ in nil }
    looksAtBeginnings = breakpoints.contains(where: \.mayBeAskedAtBeginning)
    reading = StepReading(session, session.execution)
    latest = PlanTests(session.execution)
    latest = made(session, session.shownStep, session.execution)
  }

  // MARK: Plans

  private func tests(_ session: Session, _ number: Int, _ execution: Execution) -> PlanTests {
    if latest.execution === execution { return latest }
    latest = plans[ObjectIdentifier(execution)] ?? made(session, number, execution)
    return latest
  }

  private func made(_ session: Session, _ number: Int, _ execution: Execution) -> PlanTests {
    let made = PlanTests(execution)
    let maker = BreakTestMaker(session: session, number: number, execution: execution)
    let end = execution.plan.instructions.count
    var cuts: [Int: [(breakpoint: Int, test: BreakTest)]] = [:]
    var names: Set<String> = []
    for (i, breakpoint) in breakpoints.enumerated() {
      // One whose names are not in this plan cannot be met in its steps.
      for test in (try? maker.tests(breakpoint)) ?? [] {
        names.formUnion(test.updates)
        switch test.moment.cut {
        case 0: made.beginning.append((i, test))
        case end: made.atEnd.append((i, test))
        default: cuts[test.moment.cut, default: []].append((i, test))
        }
      }
    }
    made.cuts = cuts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    made.updates = names.sorted().compactMap { name in
      execution.plan.value(named: name).map { (name, $0) }
    }
    plans[ObjectIdentifier(execution)] = made
    return made
  }

  /// Whether all that is looked for in steps like one can be answered by the history alone.
  func isInHistory(_ session: Session, _ number: Int) -> Bool {
    let tests = tests(session, number, session.execution(ofStep: number))
    let all = tests.beginning + tests.atEnd + tests.cuts.flatMap(\.tests)
    return !all.contains { $0.test.needsMemory }
  }

  // MARK: A step

  /// Runs on from where the step is to where something is to be asked on the way.
  func run(_ session: Session) { run(session, limit: .max) }

  private func run(_ session: Session, limit: Int) {
    begun = met.count
    let execution = session.execution
    let tests = tests(session, session.shownStep, execution)
    for (name, weight) in tests.updates {
      let origin = execution.plan.lastOverwriting(of: weight) ?? 0
      reading.before[name] = execution.position <= origin ? execution.numbers(of: weight) : nil
    }
    guard !tests.cuts.isEmpty else { return }
    let begin = execution.position
    for cut in tests.cuts where cut.instruction >= begin && cut.instruction <= limit {
      execution.run(upTo: cut.instruction)
      reading.turn(to: session.shownStep, execution)
      for (breakpoint, test) in cut.tests { ask(session, breakpoint, test) }
    }
  }

  /// Asks what is asked of a step that is done.
  func look(_ session: Session) { look(session, limit: .max) }

  private func look(_ session: Session, limit: Int) {
    let execution = session.execution
    let tests = tests(session, session.shownStep, execution)
    reading.turn(to: session.shownStep, execution)
    for (breakpoint, test) in tests.atEnd
    where test.moment.instruction <= limit || test.isGradual {
      ask(session, breakpoint, test)
    }
  }

  /// Asks what is asked where the next step begins.
  func lookAtBeginning(_ session: Session) {
    if looksAtBeginnings, session.position < session.end { askBeginning(session, session.done) }
    sort()
  }

  /// Asks what is asked where the run begins: a search of all of it does, nothing arrives there.
  func lookAtStart(_ session: Session) {
    begun = met.count
    askBeginning(session, 0)
  }

  private func askBeginning(_ session: Session, _ next: Int) {
    let execution = session.execution(ofStep: next)
    let tests = tests(session, next, execution)
    guard !tests.beginning.isEmpty else { return }
    reading.turn(to: next, execution)
    for (breakpoint, test) in tests.beginning { ask(session, breakpoint, test) }
  }

  /// The step at hand up to some instruction, from its beginning; nothing after it is done.
  func runPart(of session: Session, upTo limit: Int) {
    run(session, limit: limit)
    session.execution.run(upTo: limit)
    let execution = session.execution
    let tests = tests(session, session.shownStep, execution)
    reading.turn(to: session.shownStep, execution)
    // What would be asked later can be asked now: it stays as it is.
    for cut in tests.cuts where cut.instruction > limit {
      for (breakpoint, test) in cut.tests
      where test.moment.instruction <= limit || test.isGradual {
        ask(session, breakpoint, test)
      }
    }
    look(session, limit: limit)
    sort()
  }

  /// A step of which only the history is asked.
  func remember(_ session: Session, _ number: Int) {
    begun = met.count
    let execution = session.execution(ofStep: number)
    let tests = tests(session, number, execution)
    reading.turn(to: number, execution)
    for (breakpoint, test) in tests.atEnd { ask(session, breakpoint, test) }
    if looksAtBeginnings, session.moment(number + 1) < session.end {
      askBeginning(session, number + 1)
    }
    sort()
  }

  /// What is met in one step is met in the order of its moments.
  private func sort() {
    guard met.count > begun + 1 else { return }
    met[begun...].sort { ($0.position, $0.breakpoint) < ($1.position, $1.breakpoint) }
  }

  // MARK: A question

  private func ask(_ session: Session, _ breakpoint: Int, _ test: BreakTest) {
    reading.isUnknown = false
    switch test.look {
    case .always: met.append(meeting(session, breakpoint, test, nil, nil))
    case .holds(let holds):
      guard holds(reading), !reading.isUnknown else { return }
      met.append(meeting(session, breakpoint, test, nil, nil))
    case .observe(let look):
      guard let finding = look(reading), !reading.isUnknown else { return }
      compare(session, breakpoint, test, finding)
    }
  }

  private func compare(
    _ session: Session, _ breakpoint: Int, _ test: BreakTest, _ finding: BreakTest.Finding
  ) {
    let old = previous[breakpoint]
    let isKnown = old != nil || isFromStart
    previous[breakpoint] = finding.observation
    guard isKnown else {
      if open[breakpoint] == nil {
        open[breakpoint] = meeting(session, breakpoint, test, nil, finding)
      }
      return
    }
    guard test.rule.stops(old, finding.observation) else { return }
    met.append(meeting(session, breakpoint, test, old, finding))
  }

  private func meeting(
    _ session: Session, _ breakpoint: Int, _ test: BreakTest, _ old: Observation?,
    _ finding: BreakTest.Finding?
  ) -> Meeting {
    let number = reading.number
    let end = reading.execution.plan.instructions.count
    func position(_ instruction: Int) -> Position {
      instruction == end ? session.moment(number + 1) : session.moment(number, instruction)
    }
    let instruction =
      finding?.instruction ?? test.instruction(seeing: finding?.observation, after: old)
    return Meeting(
      breakpoint: breakpoint, number: number, instruction: instruction,
      position: position(instruction), old: old, new: finding?.observation,
      step: session.moment(number).step, begin: session.moment(number),
      latest: position(max(instruction, test.moment.instruction)), test: test)
  }

  /// Whether a breakpoint stops when it sees one thing after another.
  func stops(_ breakpoint: Int, _ old: Observation?, _ meeting: Meeting) -> Bool {
    guard let new = meeting.new else { return false }
    return breakpoints[breakpoint].rule.stops(old, new)
  }
}

extension Breakpoint {
  /// When what it sees stops.
  var rule: StopRule {
    switch trigger {
    case .place, .condition: .holds
    case .watch(_, let rule): .watch(rule)
    case .sickness(.deadReLU), .sickness(.saturation): .unitsAdded
    case .sickness(.flips): .watch(.changes)
    case .sickness(.lossUp), .sickness(.plateau), .sickness(.overfit): .holds
    case .sickness: .setsIn
    }
  }

  /// Whether it may be asked before a step has done anything.
  var mayBeAskedAtBeginning: Bool {
    switch trigger {
    case .place: true
    case .condition(let condition): condition.names.allSatisfy(RunNames.isKnownAtBeginning)
    case .watch(let expression, _): expression.names.allSatisfy(RunNames.isKnownAtBeginning)
    case .sickness: false
    }
  }
}
