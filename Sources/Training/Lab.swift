import Autodiff
import NeuralNets
import Tensors

/// The lab's run and how it is driven; the same whether a thread or a test drives it.
///
/// Not thread-safe. It reads no clock but the one it is given, to say how long things take: whoever
/// drives it says how many steps are due.
package final class Lab {
  package private(set) var session: Session?
  package private(set) var activity: LabSnapshot.Activity = .idle
  package private(set) var pace: Pace = .full
  private var interest = Interest()
  private var failure: String?
  private var debugger: Debugger?
  /// What looks for breakpoints while it trains; made anew after everything else that is done.
  private var trap: BreakpointTrap?
  /// The pace to go back to when `continue` has come to its end.
  private var paceBefore: Pace?
  /// Seconds on a clock that only moves forward; without one nothing is timed.
  package var clock: (@Sendable () -> Double)?
  private var speedometer = Speedometer()
  private let pictureMaker = PictureMaker()
  private let closeUpMaker = CloseUpMaker()
  private var kept: (number: Int, Session.Kept)?
  private var question: SeedQuestion?
  /// Where one has been in this run: lessons ask.
  private var travels = Travels()
  /// What is said of a moment, in sentences.
  package var words: (@Sendable (StepMoment) -> [String])?
  /// Says a moment as one line.
  package var share: (@Sendable (Session) throws -> String)?
  /// Rises with every run that is opened.
  package private(set) var runNumber = 0
  private let memory = StepMemory()

  package init() {}

  /// - Parameter defers: whether what takes long is left to `attend`, so that a snapshot is there at
  ///   once; else a snapshot holds all that was asked for.
  package init(defers: Bool) { memory.defers = defers }

  /// Whether a snapshot left something out that `attend` works out.
  package var hasWork: Bool {
    activity != .training && session != nil && (memory.hasWork || isAsking)
  }

  private var isAsking: Bool { question.map { !$0.isDone } ?? false }

  /// Works out one thing that a snapshot left out, until something more urgent comes.
  /// - Returns: whether the next snapshot holds more.
  package func attend(stopping isUrgent: () -> Bool) -> Bool {
    guard let session else { return false }
    let key = MomentKey(run: runNumber, changes: session.changeLog.count)
    guard !memory.hasWork else { return memory.attend(session, key, stopping: isUrgent) }
    return train(forQuestionUntil: isUrgent)
  }

  /// Trains for what is asked over many seeds, in slices of a twentieth of a second by the clock.
  private func train(forQuestionUntil isUrgent: () -> Bool) -> Bool {
    guard let question else { return false }
    let start = clock?() ?? 0
    do {
      while !question.isDone, !isUrgent() {
        try question.advance(steps: 4)
        if let clock, clock() - start > 0.05 { break }
      }
    } catch {
      failure = "\(error)"
      self.question = nil
    }
    return true
  }

  /// Takes up a question that is answered while the run rests.
  private func ask(_ patch: SettingPatch?, seeds: Int) throws -> [String] {
    guard let session else { return [] }
    guard let patch else {
      defer { question = nil }
      return question.map { $0.standing.sentences } ?? ["nothing was asked"]
    }
    question = try SeedQuestion(patch, of: session.settings, seeds: seeds)
    return ["\(patch): trains \(seeds) times with it and \(seeds) times without; ask stop ends it"]
  }

  package func handle(_ request: LabRequest) {
    failure = nil
    forgetStop(request)
    switch request {
    case .open(let settings): open { try Session(settings) }
    case .openPasses(let run): open { try Session(passes: run) }
    case .play:
      guard let session else { return }
      activity = session.isFinished ? .finished : .training
    case .pause:
      if activity == .training { activity = .paused }
      endContinuing()
    case .pace(let wanted): (pace, paceBefore) = (wanted, nil)
    case .move(let count, let unit):
      guard let session else { return }
      let before = session.position
      session.move(
        count, by: unit,
        listing: interest.step?.listing(of: session.plan, done: session.execution.position))
      travels.moved(from: before, to: session.position, in: session.plan)
      rest()
    case .go(let position):
      guard let session else { return }
      session.go(
        to: session.moment(max(0, position.step), max(0, position.instruction)))
      rest()
    case .restart, .learningRate, .change, .setWeight, .repeatChange:
      guard let run = session?.passRun else { return set(request) }
      if case .setWeight(let name, let offset, let number) = request {
        return setInPasses(name, offset, number)
      }
      if case .repeatChange = request { return set(request) }
      if case .restart(nil) = request { return open { try Session(passes: run) } }
      failure = Session.isFixed.description
    case .look(let wanted):
      interest = wanted
      if wanted.step == nil { memory.rest() }
    }
    session?.keepsUpdates = interest.pictures && interest.quantity == .update
  }

  /// Carries out what sets something by hand.
  private func set(_ request: LabRequest) {
    switch request {
    case .restart(let seed):
      guard var settings = session?.settings.asFirst else { return }
      if let seed { settings.seed = seed }
      open { try Session(settings) }
    case .learningRate(let rate):
      guard rate.isFinite, rate >= 0 else { return }
      session?.setLearningRate(rate)
    case .change(let settings, let words): change(settings, words)
    case .setWeight(let name, let offset, let number): setWeight(name, offset, number)
    case .repeatChange(let name, let value):
      do { try session?.repeatChange(name, value) } catch { failure = "\(error)" }
    default: break
    }
    session?.keepsUpdates = interest.pictures && interest.quantity == .update
  }

  private func change(_ settings: RunSettings, _ words: String) {
    guard let session else { return open { try Session(settings) } }
    do {
      kept = ((kept?.number ?? 0) + 1, try session.change(to: settings, words: words))
      if activity != .training || session.isFinished { rest() }
    } catch { failure = "\(error)" }
  }

  /// A number of a weight of the network whose pass is shown.
  private func setInPasses(_ name: String, _ offset: Int, _ number: Float) {
    guard let session, let value = session.plan.value(named: name),
      (0..<value.shape.count).contains(offset), number.isFinite
    else {
      failure = "\(name)[\(offset)] = \(number) is no weight of the run"
      return
    }
    do {
      _ = try session.setWeight(ofPasses: name, value.shape.index(ofOffset: offset), to: number)
      if activity != .training { rest() }
    } catch { failure = "\(error)" }
  }

  private func setWeight(_ name: String, _ offset: Int, _ number: Float) {
    guard let session else { return }
    guard let weight = session.plan.value(named: name), session.plan.parameters.contains(weight),
      (0..<weight.shape.count).contains(offset), number.isFinite
    else {
      failure = "\(name)[\(offset)] = \(number) is no weight of the run"
      return
    }
    _ = session.setWeight(weight, at: offset, to: number)
    if activity != .training { rest() }
  }

  /// Answers a debugger's command about the run, as typed; a move stops it where it arrives.
  ///
  /// - Parameter atOnce: whether `continue` is at its end when this returns, also in a lab that a screen
  ///   watches.
  package func ask(_ command: String, atOnce: Bool = false) -> [String] {
    guard let session else { return ["there is no run yet: t on Home opens one"] }
    var own = debugger ?? Debugger(session)
    trap = nil
    own.look = interest.step
    own.words = words
    own.share = share
    defer { debugger = own }
    do {
      if case .ask(let patch, let seeds)? = try? DebuggerCommand(command), session.passRun == nil {
        return try ask(patch, seeds: seeds)
      }
      // Where a screen watches, it is training that can be watched and paused.
      let goesOn = (try? DebuggerCommand(command)) == .run(forwards: true)
      if goesOn, memory.defers, !atOnce, !session.isFinished {
        own.note(command)
        own.stop = nil
        (paceBefore, pace, activity) = (paceBefore ?? pace, .full, .training)
        return []
      }
      let before = session.position
      let reply = try own.run(command)
      if session.position != before {
        travels.moved(from: before, to: session.position, in: session.plan)
        rest()
      }
      return reply.lines
    } catch { return ["\(error)"] }
  }

  private func open(_ make: () throws -> Session) {
    do {
      let made = try make()
      session = made
      debugger = debugger.map { Debugger(made, with: $0.breakpoints) }
      (kept, question) = (nil, nil)
      travels = Travels()
      activity = .paused
      pace = .tenSeconds(for: made.settings.totalSteps)
      runNumber += 1
    } catch { failure = "\(error)" }
  }

  private func rest() {
    guard let session else { return }
    takeAverages(session)
    activity = session.isFinished ? .finished : .paused
  }

  /// Trains up to `count` steps if it is playing; returns how many were done.
  package func train(steps count: Int) -> Int {
    guard activity == .training, let session else { return 0 }
    var done = 0
    let trap = armed()
    while done < count && !session.isFinished {
      if let clock, isTimed(session.done) {
        session.trainStep(clock: clock, tester: trap?.tester)
      } else {
        session.trainStep(tester: trap?.tester)
      }
      done += 1
      if let trap, debugger?.isStopped(by: trap) == true {
        activity = .paused
        self.trap = nil
        break
      }
    }
    speedometer.count(done)
    if session.isFinished {
      takeAverages(session)
      activity = .finished
    }
    endContinuing()
    return done
  }

  /// After `continue` the pace is what it was.
  private func endContinuing() {
    guard let before = paceBefore, activity != .training else { return }
    (pace, paceBefore) = (before, nil)
  }

  /// What looks for the breakpoints of this run; nil where none is set.
  private func armed() -> BreakpointTrap? {
    guard let debugger, debugger.breakpoints.isArmed else { return nil }
    let armed = trap ?? debugger.trap()
    trap = armed
    return armed
  }

  /// What only looks changes nothing of why it stopped.
  private func forgetStop(_ request: LabRequest) {
    switch request {
    case .look, .pace: return
    default: break
    }
    trap = nil
    debugger?.stop = nil
  }

  /// Whether the phases of a step are timed: of all at a pace one can watch, else of each 32nd, which
  /// costs less than a thousandth of the time.
  private func isTimed(_ step: Int) -> Bool {
    if case .steps(let rate) = pace, rate <= 1000 { return true }
    return step % 32 == 0
  }

  /// A run with averaged weights ends with them, as a fit does.
  private func takeAverages(_ session: Session) {
    guard session.isFinished, session.position == Position(step: session.settings.totalSteps)
    else { return }
    session.useAverages()
  }

  /// What the screen asked for, as it is now.
  package func snapshot() -> LabSnapshot {
    var snapshot = LabSnapshot()
    snapshot.activity = activity
    snapshot.pace = pace
    snapshot.failure = failure
    snapshot.runNumber = runNumber
    snapshot.stop = debugger?.stop
    snapshot.breakpoints = debugger?.breakpoints.rows ?? []
    guard let session else { return snapshot }
    snapshot.fault = (debugger ?? Debugger(session)).openCase
    snapshot.settings = session.settings
    snapshot.network = session.network
    snapshot.position =
      session.passRun == nil
      ? session.position : Position(step: session.done, instruction: session.position.instruction)
    snapshot.pass = session.shownPass
    // A picture of a long run that goes on costs no more than one of a short run.
    snapshot.history =
      activity == .training ? session.history.thinned(to: 2048) : session.history
    snapshot.learningRates = session.learningRates
    if let clock {
      snapshot.stepsPerSecond = speedometer.read(at: clock(), isRunning: activity == .training)
    }
    snapshot.learningRate = session.learningRate
    if interest.pictures {
      if activity != .training { session.watchUpdate() }
      snapshot.pictures = pictureMaker.pictures(
        of: session, interest, isTraining: activity == .training)
    }
    if let wanted = interest.closeUp {
      snapshot.closeUp = closeUpMaker.picture(of: session, wanted)
    }
    snapshot.changes = session.changesInForce.filter { $0.step <= session.position.step }
    snapshot.kept = kept
    snapshot.asked = question?.standing
    // The history of the branch at hand is thinned already.
    snapshot.branches = session.branchSummaries(
      thinnedTo: 2048, current: snapshot.history)
    snapshot.firstStep = session.firstStep
    snapshot.comparison = interest.comparedBranch.flatMap {
      try? BranchComparison(session.currentBranch, $0, of: session)
    }
    if let step = interest.step {
      if activity != .training { session.rearm() }
      snapshot.moment = StepMoment(of: session, step, memory, run: runNumber)
      if !memory.defers, hasWork {
        while memory.hasWork, attend(stopping: { false }) {}
        snapshot.moment = StepMoment(of: session, step, memory, run: runNumber)
      }
    }
    if !interest.expressions.isEmpty {
      snapshot.readings = Readings(
        interest.expressions, in: SessionScope(session, travels: travels))
    }
    if let question = interest.question {
      do { snapshot.answer = try Answer(to: question, of: session) } catch {
        snapshot.unanswered = error.description
      }
    }
    if interest.digest, activity != .training { snapshot.digest = session.digest.description }
    return snapshot
  }
}
