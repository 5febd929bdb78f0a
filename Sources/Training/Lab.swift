import Autodiff
import NeuralNets
import Tensors

/// The lab's run and how it is driven; the same whether a thread or a test drives it.
///
/// Not thread-safe. It reads no clock but the one it is given, to say how long things take: whoever
/// drives it says how many steps are due.
package final class Lab {
  package internal(set) var session: Session?
  package internal(set) var activity: LabSnapshot.Activity = .idle
  package internal(set) var pace: Pace = .full
  var interest = Interest()
  var failure: String?
  var debugger: Debugger?
  /// What looks for breakpoints while it trains; made anew after everything else that is done.
  var trap: BreakpointTrap?
  /// The pace to go back to when `continue` has come to its end.
  var paceBefore: Pace?
  /// Seconds on a clock that only moves forward; without one nothing is timed.
  package var clock: (@Sendable () -> Double)?
  var speedometer = Speedometer()
  let pictureMaker = PictureMaker()
  let closeUpMaker = CloseUpMaker()
  var kept: (number: Int, Session.Kept)?
  var question: SeedQuestion?
  /// What one did since the run, or a page, was opened: lessons ask.
  var doings: Doings {
    get { debugger?.doings ?? Doings() }
    set { debugger?.doings = newValue }
  }
  /// What is said of a moment, in sentences.
  package var words: (@Sendable (StepMoment) -> [String])?
  /// Says a moment as one line.
  package var share: (@Sendable (Session) throws -> String)?
  /// How long a run may work on what is asked of it; nil: as long as that takes.
  var allowance: Allowance? { didSet { session?.allowance = allowance } }
  /// What commands reach outside of the run; nil where they may not.
  package var standardWorkshop: Workshop?
  /// The same for the run at hand: a lesson's run reaches the lesson alone.
  package var workshop: Workshop?
  /// Whether a lesson made the run at hand, or what it came from.
  package var isOfLesson: Bool { workshop != nil }
  /// Rises with every run that is opened.
  package internal(set) var runNumber = 0
  /// Rises with every page of a lesson that is set up.
  package internal(set) var pageNumber = 0
  let memory = StepMemory()
  var deadUnits = DeadUnits()
  /// How often a command made the run another one, or its settings others.
  var commanded = 0
  /// What was set last that can be taken back and let no branch grow, and how often that was.
  var revised: (number: Int, words: String) = (0, "")
  var noted = Journal()
  /// A run that nobody watches rests after so many steps: all that is measured is kept, 24 bytes a step,
  /// and a small network left alone over night would fill the memory.
  var stepsAtATime = 1 << 25
  /// How many steps of a run that rests a snapshot holds: all of almost every run.
  var stepsShownAtRest = 1 << 17
  /// Whether it is on the way back to where a run stood: what it does there, nobody asked for.
  package var isReturning = false

  package init() {}

  /// What was done since the run was set up, up to where it stands now.
  package var journal: Journal {
    var journal = noted
    journal.arrive(session)
    return journal
  }

  /// How often `undo` can be said.
  package var takeBacks: Int { debugger?.takeBacks ?? 0 }

  /// Begins the journal anew: a page has set the run up.
  package func beginJournal() { noted.begin(session) }

  /// - Parameter defers: whether what takes long is left to `attend`, so that a snapshot is there at
  ///   once; else a snapshot holds all that was asked for.
  package init(defers: Bool) { memory.defers = defers }

  /// Whether a snapshot left something out that `attend` works out.
  ///
  /// Between two steps of a slow run there is time for the past of numbers; at full speed there is none.
  package var hasWork: Bool {
    guard session != nil else { return false }
    guard activity == .training else {
      return memory.hasWork || isAsking || uncountedBranch != nil
    }
    return pace != .full && memory.hasWork
  }

  /// A branch whose dead units one wants to know.
  var uncountedBranch: BranchSummary? {
    guard interest.countsDead, let session else { return nil }
    return deadUnits.missing(session.branchSummaries(thinnedTo: 1), runNumber, session)
  }

  private var isAsking: Bool { question.map { !$0.isDone } ?? false }

  /// Works out one thing that a snapshot left out, until something more urgent comes.
  /// - Returns: whether the next snapshot holds more.
  package func attend(stopping isUrgent: () -> Bool) -> Bool {
    guard let session else { return false }
    let key = MomentKey(run: runNumber, changes: session.changeLog.count)
    guard !memory.hasWork else { return memory.attend(session, key, stopping: isUrgent) }
    if let branch = uncountedBranch {
      deadUnits.find(branch, runNumber, session)
      return true
    }
    return train(forQuestionUntil: isUrgent)
  }

  /// Trains for what is asked over many seeds, in slices of a twentieth of a second by the clock.
  func train(forQuestionUntil isUrgent: () -> Bool) -> Bool {
    guard let question else { return false }
    let start = clock?() ?? 0
    do {
      while !question.isDone, !isUrgent() {
        try question.advance(steps: 4)
        if question.isDone { doings.answeredQuestion() }
        if let clock, clock() - start > 0.05 { break }
      }
    } catch {
      failure = "\(error)"
      self.question = nil
    }
    return true
  }

  /// Takes up a question that is answered while the run rests.
  func ask(_ patch: SettingPatch?, seeds: Int) throws -> [String] {
    guard let session else { return [] }
    guard let patch else {
      defer { question = nil }
      return question.map { $0.standing.sentences } ?? ["nothing was asked"]
    }
    question = try SeedQuestion(
      patch, of: session.settings, rateByHand: session.rateByHand, seeds: seeds)
    return ["\(patch): trains \(seeds) times with it and \(seeds) times without; ask stop ends it"]
  }

  package func handle(_ request: LabRequest) {
    failure = nil
    noted.arrive(session)
    defer { note(request) }
    forgetStop(request)
    switch request {
    case .open(let settings):
      workshop = nil
      open { try Session(settings) }
    case .openPasses(let run):
      workshop = nil
      open { try Session(passes: run) }
    case .play:
      guard let session else { return }
      activity = session.isFinished ? .finished : .training
    case .pause(let instruction):
      if activity == .training {
        activity = .paused
        if let instruction { session?.goBackInStep(to: instruction) }
      }
      endContinuing()
    case .pace(let wanted):
      (pace, paceBefore) = (wanted, nil)
      speedometer = Speedometer()
    case .move(let count, let unit):
      guard let session else { return }
      let before = session.position
      session.move(
        count, by: unit,
        listing: interest.step?.listing(of: session.plan, done: session.execution.position))
      doings.travels.moved(from: before, to: session.position, in: session.plan)
      rest()
    case .go(let position):
      guard let session else { return }
      session.go(
        to: session.moment(max(0, position.step), max(0, position.instruction)))
      rest()
    case .stand(let standing):
      session?.go(to: standing)
      rest()
    case .restart, .learningRate, .change, .setWeight, .repeatChange:
      guard let run = session?.passRun else { return set(request) }
      if case .setWeight(let name, let offset, let number) = request {
        return setInPasses(name, offset, number)
      }
      if case .repeatChange = request { return set(request) }
      if case .restart(nil) = request { return open { try Session(passes: run) } }
      failure = Session.isFixed.description
    case .did(let deed): doings.did(deed)
    case .look(let wanted):
      interest = wanted
      if wanted.step == nil { memory.rest() }
    }
    session?.keepsUpdates = interest.pictures && interest.quantity == .update
  }

  /// Writes down what was asked for; moves show by where they led.
  func note(_ request: LabRequest) {
    switch request {
    case .open(let settings): noted.note(.opened(settings), session)
    case .openPasses: noted.begin(session)
    case .restart(let seed): noted.note(.restart(seed: seed), session)
    case .learningRate(let rate): noted.note(.rate(rate), session)
    case .setWeight(let name, let offset, let number):
      noted.note(.weight(name: name, offset: offset, number: number), session)
    case .change(let settings, let words):
      noted.note(.settings(settings, words: words), session)
    case .move, .go, .stand: noted.arrive(session)
    case .did(let deed): noted.note(.did(deed), session)
    case .play, .pause, .pace, .look, .repeatChange: break
    }
  }

  /// Carries out what sets something by hand.
  func set(_ request: LabRequest) {
    switch request {
    case .restart(let seed):
      guard let old = session else { return }
      let done = doings
      open { try old.begunAgain(seed: seed) }
      if let next = session, failure == nil {
        doings = done.goingOn(from: old, to: next, isSetByHand: false)
      }
    case .learningRate(let rate):
      guard rate.isFinite, rate >= 0 else { return }
      session?.setLearningRate(rate, isWhatIf: true)
    case .change(let settings, let words): change(settings, words)
    case .setWeight(let name, let offset, let number): setWeight(name, offset, number)
    case .repeatChange(let name, let value):
      do { try session?.repeatChange(name, value) } catch { failure = "\(error)" }
    default: break
    }
    session?.keepsUpdates = interest.pictures && interest.quantity == .update
  }

  /// Goes on under other settings once more, as a run did that is brought back: no branch grows.
  package func repeatChange(to settings: RunSettings, words: String) {
    failure = nil
    change(settings, words, isWhatIf: false)
  }

  private func change(_ settings: RunSettings, _ words: String, isWhatIf: Bool = true) {
    guard let session else { return open { try Session(settings) } }
    do {
      let fitting = settings.withFittingWeights
      kept = (
        (kept?.number ?? 0) + 1,
        try session.change(to: fitting, words: words, isWhatIf: isWhatIf)
      )
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
    let revisions = session.revisions
    _ = session.setWeight(weight, at: offset, to: number, isWhatIf: true)
    if session.revisions != revisions {
      let place = CellExplainer.subscript(weight.shape.index(ofOffset: offset))
      revised = (revised.number + 1, "\(name)\(place) = \(number)")
    }
    if activity != .training { rest() }
  }

  func open(_ make: () throws -> Session) {
    do {
      let made = try make()
      debugger = Debugger(made, with: debugger?.breakpoints ?? Breakpoints())
      takeUp(made)
    } catch { failure = "\(error)" }
  }

  /// Another run, at its start.
  func takeUp(_ made: Session) {
    made.allowance = allowance
    session = made
    (kept, question) = (nil, nil)
    activity = .paused
    pace = .tenSeconds(for: made.settings.totalSteps)
    speedometer = Speedometer()
    runNumber += 1
  }

  func rest() {
    guard let session else { return }
    takeAverages(session)
    activity = session.isFinished ? .finished : .paused
  }

  /// What only looks changes nothing of why it stopped.
  private func forgetStop(_ request: LabRequest) {
    switch request {
    case .look, .pace, .did: return
    default: break
    }
    trap = nil
    debugger?.stop = nil
  }

  /// Begins a lesson's page where the run stands: nothing is done yet on it.
  package func beginPage() {
    pageNumber += 1
    guard let session else { return }
    debugger?.forgetPast()
    doings = Doings(in: session)
  }

  /// Takes the breakpoints that a run like this one had.
  package func take(_ rows: [BreakpointRow]) {
    trap = nil
    debugger?.breakpoints = Breakpoints(rows)
  }

  /// Takes why the run stands where it does, and what is known of a fault that was planted in it, as a
  /// run like this one had them.
  package func take(_ stop: Stop?, _ fault: FaultCase?) {
    if let stop, stop.position == session?.position { debugger?.stop = stop }
    debugger?.faultCase = fault
  }

  /// Takes away every breakpoint.
  package func clearBreakpoints() {
    guard let session else { return }
    trap = nil
    debugger = Debugger(session)
  }
}
