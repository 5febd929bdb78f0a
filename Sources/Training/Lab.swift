import Autodiff
import NeuralNets
import Tensors

/// How fast a run is shown: the engine itself is too fast to watch.
package enum Pace: Hashable, Sendable {
  /// So many training steps a second.
  case steps(Double)
  /// As fast as it goes.
  case full

  /// The pace at which a run of so many steps lasts about ten seconds.
  package static func tenSeconds(for steps: Int) -> Pace {
    .steps(max(1, (Double(steps) / 10).rounded()))
  }

  /// The paces that one key goes through: from one step a second, times ten, to full speed; the
  /// ten-second pace has its place among them.
  package static func ladder(for steps: Int) -> [Pace] {
    guard case .steps(let usual) = tenSeconds(for: steps) else { return [.full] }
    let rungs = [1, 10, 100, 1000, 10_000].filter { $0 < usual * 5 && $0 != usual } + [usual]
    return rungs.sorted().map { .steps($0) } + [.full]
  }
}

/// What a screen asks of the run: everything the lab thread understands.
package enum LabRequest: Sendable {
  /// Takes these settings and stands at the start of the run.
  case open(RunSettings)
  /// Takes what a program's loop trained, and stands at its start.
  case openPasses(PassRun)
  case play
  case pause
  case pace(Pace)
  /// Stops and moves; forwards beyond what was recorded it trains on.
  case move(Int, MoveUnit)
  case go(Position)
  /// The same settings again, with another seed if given.
  case restart(seed: UInt64?)
  case learningRate(Float)
  /// Goes on under other settings with what fits of the weights; the words say what was changed.
  case change(RunSettings, words: String)
  /// Makes a change again that a run's record has under a name.
  case repeatChange(String, Float)
  /// Gives one number of a weight another value: its name, its position row by row.
  case setWeight(String, at: Int, to: Float)
  case look(Interest)
}

/// What the screen wants to see; a snapshot holds no more than that.
package struct Interest: Hashable, Sendable {
  /// Pictures of layers on the probe set, decision boundary, confusion, examples.
  package var pictures: Bool
  /// Which of them.
  package var parts = PictureParts.all
  package var quantity: LayerPicture.Quantity
  /// Which example of each class the layers are shown on, from 0.
  package var probe: Int
  package var step: StepInterest?
  /// A hash of every number of the moment, while the run rests.
  package var digest = false
  /// Expressions whose values a lesson needs.
  package var expressions: Set<String> = []
  /// An example of one's own to be put to the network.
  package var question: Question?
  /// What is looked at closely.
  package var closeUp: CloseUpInterest?
  /// The branch that the one at hand is compared with.
  package var comparedBranch: Int?

  package init(
    pictures: Bool = false, parts: PictureParts = .all,
    quantity: LayerPicture.Quantity = .activation, probe: Int = 0, step: StepInterest? = nil
  ) {
    self.pictures = pictures
    self.parts = parts
    self.quantity = quantity
    self.probe = max(0, probe)
    self.step = step
  }
}

/// What the stepper looks at.
package struct StepInterest: Hashable, Sendable {
  /// Which result of the instruction, and which of its numbers (row-major); nil takes the number
  /// of the largest size.
  package var result: Int
  package var cell: Int?
  /// The example of the batch under the lens; nil takes the one that matters to the chosen number:
  /// the example of its row, or of the largest term of its sum.
  package var example: Int?
  /// The unit of a recurrent layer that is followed from time step to time step; nil: the first.
  package var unit: Int?
  /// Folds the student opened or closed against the standard listing.
  package var openFolds: Set<FoldPath>
  package var closedFolds: Set<FoldPath>
  /// Whether to compare the chosen gradient with a numeric one.
  package var checks: Bool
  /// Expressions that are watched.
  package var watches: [String] = []
  /// Whether to show the step's data flow for one example, and which of its numbers is open.
  package var showsGraph = false
  package var graphPlace: GraphPlace?

  package init(
    result: Int = 0, cell: Int? = nil, example: Int? = nil, openFolds: Set<FoldPath> = [],
    closedFolds: Set<FoldPath> = [], checks: Bool = true
  ) {
    self.result = result
    self.cell = cell
    self.example = example
    self.openFolds = openFolds
    self.closedFolds = closedFolds
    self.checks = checks
  }

  /// The listing of a plan of which so many instructions are done: layers are open, and the parts
  /// of layers that one is in or comes to next.
  package func listing(of plan: Plan, done: Int) -> Listing {
    let near = [done - 1, done].filter { plan.instructions.indices.contains($0) }
      .map { plan.instructions[$0] }
    return Listing(plan) { phase, path in
      let fold = FoldPath(phase: phase, scopes: path)
      let isNear = near.contains { $0.phase == phase && $0.scopes.starts(with: path) }
      return openFolds.contains(fold)
        || ((path.count == 1 || isNear) && !closedFolds.contains(fold))
    }
  }
}

/// A fold of the listing: a path of scopes within a phase.
package struct FoldPath: Hashable, Sendable {
  package let phase: Phase
  package let scopes: [String]

  package init(phase: Phase, scopes: [String]) {
    self.phase = phase
    self.scopes = scopes
  }
}

/// What a run looks like at one moment: a value that the screen draws from.
package struct LabSnapshot: Sendable {
  package enum Activity: Hashable, Sendable {
    case idle, paused, training, finished
  }

  package var activity: Activity = .idle
  package var settings: RunSettings?
  package var network: Network?
  package var position = Position(step: 0)
  package var history = History()
  /// From which step on which learning rate holds, the first from the start.
  package var learningRates: [(step: Int, rate: Float)] = []
  package var learningRate: Float = 0
  /// How many steps a second it trained lately; nil while it rests or is not measured.
  package var stepsPerSecond: Double?
  package var pace: Pace = .full
  package var pictures: LabPictures?
  package var moment: StepMoment?
  /// A hash of every number written in this step so far and of all state, when asked for.
  package var digest: String?
  /// The values of the expressions that were asked for.
  package var readings: Readings?
  /// What the network says of the example that was put to it, with its weights as they are.
  package var answer: Answer?
  /// Why it says nothing of it.
  package var unanswered: String?
  /// What is looked at closely, when something is.
  package var closeUp: CloseUpPicture?
  /// What was set by hand up to where it stands.
  package var changes: [Session.SettingChange] = []
  /// What the last change of settings kept of the network, with the number of such changes.
  package var kept: (number: Int, Session.Kept)?
  /// The step that the settings at hand were taken up at.
  package var firstStep = 0
  /// Why the last request could not be carried out.
  package var failure: String?
  /// What is asked over many seeds, and what came out so far.
  package var asked: SeedQuestion.Standing?
  /// The ways that the run went; one where nothing was tried.
  package var branches: [BranchSummary] = []
  /// The branch at hand beside the one that was asked for.
  package var comparison: BranchComparison?
  /// In a run of passes: the pass whose numbers are shown. What is counted as a step then is a pass.
  package var pass: ShownPass?
  /// Rises with every snapshot of another run, so that screens can drop what belonged to the last.
  package var runNumber = 0
  /// Why it stands where it does, when a breakpoint stopped it there.
  package var stop: Stop?
  package var breakpoints: [BreakpointRow] = []

  package init() {}
}

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
    case .pause: if activity == .training { activity = .paused }
    case .pace(let wanted): pace = wanted
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
  package func ask(_ command: String) -> [String] {
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
    return done
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
    snapshot.branches = session.branchSummaries(thinnedTo: 2048)
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
