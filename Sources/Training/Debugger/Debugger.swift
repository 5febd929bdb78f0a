import Autodiff
import NeuralNets
import Tensors

/// What a command answers: lines to read, and the same as named values for programs.
package struct DebuggerReply: Hashable, Sendable {
  package enum Field: Hashable, Sendable {
    case integer(Int)
    case number(Float)
    case double(Double)
    case text(String)
    case truth(Bool)
    case numbers([Float])
    case integers([Int])
    case texts([String])
  }

  package struct NamedField: Hashable, Sendable {
    package let name: String
    package let value: Field
  }

  package var lines: [String]
  package var fields: [NamedField]

  init(_ lines: [String], _ fields: [(String, Field)] = []) {
    self.lines = lines
    self.fields = fields.map { NamedField(name: $0.0, value: $0.1) }
  }
}

/// The debugger's commands on a session: the same at the `:` prompt, in `backstep debug`, in lessons
/// and in tests.
package struct Debugger {
  package private(set) var session: Session
  /// The example of the batch that is looked at.
  package internal(set) var example = 0
  /// What was done since it began, or since a page was set up: lessons ask.
  package internal(set) var doings = Doings()
  /// Folds opened and closed by hand.
  var folding = Folding()
  /// What a screen looks at: its folds count then.
  var look: StepInterest?
  /// What is said of a moment, in sentences: a screen has the words.
  package var words: (@Sendable (StepMoment) -> [String])?
  /// What was asked and answered, in that order: carried out again from the start of the same run it
  /// comes to the same moment.
  package private(set) var log: [String] = []
  /// Told how far an answer is that takes long, from 0 to 1; says whether to go on.
  package var progress: (@Sendable (Double) -> Bool)?
  /// Where the next 'why' goes on.
  var chain: UpstreamChain?
  /// The last answer to why a weight changed.
  var lastChange: WeightAnswer?
  /// Where a run stops.
  package internal(set) var breakpoints = Breakpoints()
  /// Why it stands where it does, when a breakpoint stopped it there.
  package internal(set) var stop: Stop?
  /// Says a moment as one line: whoever knows data sets and formats.
  package var share: (@Sendable (Session) throws -> String)?
  /// What lies outside of the run; nil where commands may not reach there.
  package var workshop: Workshop?
  /// What was found of the fault that is planted in the run.
  var faultCase: FaultCase?
  /// The runs in whose place others were taken, and what was taken back of those.
  var past = ReplacedRuns()
  private var displays: [Int: RunExpression] = [:]
  private var nextDisplay = 1

  package init(_ session: Session) { self.session = session }

  /// A debugger of another run that takes breakpoints along.
  package init(_ session: Session, with breakpoints: Breakpoints) {
    self.session = session
    self.breakpoints = breakpoints.fresh
  }

  /// Carries out a command as typed.
  /// - Throws: `DebuggerCommand.Failure`, `ExpressionFailure`.
  package mutating func run(_ text: String) throws -> DebuggerReply {
    let reply = try carryOut(text)
    log.append(text)
    return reply
  }

  /// Keeps a command in the log that is carried out elsewhere.
  mutating func note(_ command: String) { log.append(command) }

  private mutating func carryOut(_ text: String) throws -> DebuggerReply {
    do { return try run(try DebuggerCommand(text)) } catch let error as ExpressionFailure {
      // A title may be no expression and yet that of a line: `print (y − t)²`.
      let words = text.split(maxSplits: 1, whereSeparator: \.isWhitespace)
      guard let name = words.last, words.count == 2, ["print", "p"].contains(words[0]),
        isFold(String(name))
      else { throw error }
      return try printFold(FoldAddress(String(name)))
    }
  }

  package mutating func run(_ command: DebuggerCommand) throws -> DebuggerReply {
    switch command {
    case .move(let count, let unit):
      if unit == .epoch { try refuseEpochs() }
      let lines = listing
      return travel { $0.move(count, by: unit, listing: lines) }
    case .moveOver(let fold, let count):
      let target = try position(over: fold, count)
      return travel { $0.go(to: target) }
    case .until(let fold):
      let target = try beginning(of: fold)
      return travel { $0.go(to: target) }
    case .goToFold(let fold):
      let target = try end(of: fold)
      return travel { $0.go(to: target) }
    case .finish(let fold, let forwards):
      let target = try finish(fold, forwards: forwards)
      return travel { $0.go(to: target) }
    case .into(let fold):
      let target = try enter(fold)
      return travel { $0.go(to: target) }
    case .fold(let fold): return try setFolds(fold, isOpen: false)
    case .unfold(let fold): return try setFolds(fold, isOpen: true)
    case .printFold(let fold): return try printFold(fold)
    case .listFold(let fold): return try list(fold)
    case .goTo(let destination):
      let target = try position(of: destination)
      // Where a step begins one sees what it is given, not what the one before has made.
      let begins = target.instruction == 0 && destination.isBeginning
      return travel { session in
        session.go(to: target)
        if begins { session.begin() }
      }
    case .location: return location()
    case .run(let forwards): return resume(forwards: forwards)
    case .breakpoint(let command): return try run(command)
    case .change(let command): return try run(command)
    case .example(let place): return try look(at: place)
    case .forward(let row, let rows): return try forward(row, of: rows)
    case .print(let expression): return try printed(expression)
    case .display(let expression):
      try checkMeaning(of: expression)
      displays[nextDisplay] = expression
      nextDisplay += 1
      return DebuggerReply(["\(nextDisplay - 1): " + shown(expression)])
    case .undisplay(let number):
      guard displays.removeValue(forKey: number) != nil else {
        throw DebuggerCommand.Failure(
          "there is no display \(number)",
          remedy: displays.isEmpty ? "display EXPR first" : "one of \(displays.keys.sorted())")
      }
      return DebuggerReply([])
    case .list: return listed()
    case .helpExpressions: return DebuggerReply(ExpressionNames.help)
    case .info(.data): return dataFacts()
    case .info(.judging): return try judgingFacts()
    case .info(let info): return self.info(info)
    case .sabotage(let number): return try sabotage(number)
    case .verdict(let verdict):
      let reply = try judge(verdict)
      if reply.fields.first?.value == .truth(true) { doings.provedVerdict() }
      return reply
    case .reveal: return try reveal()
    case .explain(let place):
      let reply = try explain(place)
      noteExplained(place)
      return reply
    case .why(let question):
      let reply = try why(question)
      if case .place(let place) = question { noteExplained(place) }
      return reply
    case .origin(let place):
      let reply = try origin(place)
      noteExplained(place)
      return reply
    case .originUnsound: return try unsoundOrigin()
    case .check(let place):
      let reply = try check(place)
      noteCheck(reply)
      return reply
    case .setLearningRate where session.passRun != nil: throw Self.fixed
    case .setWeight(let place, let number) where session.passRun != nil:
      return try setInPasses(place, to: Float(number))
    case .setLearningRate(let rate):
      session.setLearningRate(Float(rate), isWhatIf: true)
      return grown(
        "learning rate \(Float(rate)) from step \(session.learningRates.last?.step ?? 0) on",
        [("learning_rate", .number(Float(rate)))])
    case .drop(let example): return try drop(example)
    case .skipUpdate: return try skip()
    case .undo: return try undo()
    case .redo: return try redo()
    case .branches: return branchList()
    case .switchTo(let number):
      try failing { () throws(RunFailure) in try session.switchBranch(to: number) }
      return travel { _ in }
    case .compare(let a, let b): return try comparison(a, b)
    case .ask(let patch, let seeds):
      let reply = try asked(patch, seeds)
      if patch != nil { doings.answeredQuestion() }
      return reply
    case .setWeight(let place, let number): return try set(place, to: Float(number))
    case .complete(let text):
      let lines = DebuggerCompletion(session).lines(for: text)
      return DebuggerReply(lines, [("completions", .texts(lines))])
    case .log: return DebuggerReply(log, [("commands", .texts(log))])
    case .share: return try shared()
    case .help:
      let width = DebuggerCommand.guide.map(\.form.count).max() ?? 0
      return DebuggerReply(
        DebuggerCommand.guide.map {
          $0.form + String(repeating: " ", count: width + 2 - $0.form.count) + $0.does
        })
    }
  }

  /// Takes another run in the place of this one; breakpoints stay, what was looked at is gone.
  mutating func replace(by next: Session, isSetByHand: Bool) {
    past.add(session)
    takeUp(next, isSetByHand: isSetByHand)
  }

  mutating func takeUp(_ next: Session, isSetByHand: Bool) {
    doings = doings.goingOn(from: session, to: next, isSetByHand: isSetByHand)
    session = next
    breakpoints = breakpoints.fresh
    (stop, chain, lastChange, folding, example) = (nil, nil, nil, Folding(), 0)
  }

  // MARK: Moving

  mutating func travel(_ move: (Session) -> Void) -> DebuggerReply {
    let before = session.position
    stop = nil
    move(session)
    doings.travels.moved(from: before, to: session.position, in: session.plan)
    var reply = here()
    reply.lines += session.callbackDeeds.filter {
      before.step < $0.step && $0.step <= session.position.step
    }.suffix(6).map(\.words)
    for (number, expression) in displays.sorted(by: { $0.key < $1.key }) {
      reply.lines.append("\(number): " + shown(expression))
    }
    return reply
  }

  private func position(of destination: DebuggerCommand.Destination) throws -> Position {
    switch destination {
    case .start: return Position(step: 0)
    case .end: return session.end
    case .step(let step): return Position(step: step)
    case .epoch(let epoch):
      try refuseEpochs()
      return Position(step: epoch * session.stepsPerEpoch)
    case .pass(let pass): return Position(step: session.position.step, pass: pass)
    case .endOfStep(let step): return Position(step: step + 1)
    case .endOfPass(let pass): return Position(step: session.position.step, pass: pass + 1)
    case .instruction(let instruction):
      let count = session.plan.instructions.count
      guard instruction <= count else {
        throw DebuggerCommand.Failure(
          "instruction \(instruction)", remedy: "one from 0 to \(count)")
      }
      let begins = session.position.instruction == 0 && instruction > 0
      return session.moment(begins ? session.done : session.shownStep, instruction)
    }
  }

  /// A program's loop has epochs that only it knows of.
  private func refuseEpochs() throws {
    guard session.passRun != nil else { return }
    throw DebuggerCommand.Failure(
      "a run that the program's own loop made has no epochs", remedy: "step or pass as the unit")
  }

  /// The lines that one moves by.
  var listing: Listing {
    look?.listing(of: session.plan, done: session.execution.position)
      ?? folding.listing(of: session.plan)
  }

  /// What names mean now.
  package var scope: SessionScope {
    SessionScope(session, doings: doings, breakpoints: breakpoints.rows.count)
  }

  /// Notes that the making of a number was asked for: of the instruction just done where none is named.
  private mutating func noteExplained(_ place: DebuggerCommand.Place?) {
    let done = session.execution.position
    let name =
      place?.name
      ?? (done > 0 ? session.plan.instructions[done - 1].results.first : nil).flatMap {
        session.plan[$0.value].name
      }
    guard let name else { return }
    doings.explained(name + (place.map { CellExplainer.subscript($0.index) } ?? ""))
  }

  private mutating func noteCheck(_ reply: DebuggerReply) {
    func number(_ name: String) -> Double? {
      guard case .double(let value)? = reply.fields.first(where: { $0.name == name })?.value else {
        return nil
      }
      return value
    }
    guard case .integer(let count)? = reply.fields.first(where: { $0.name == "checked" })?.value,
      let worst = number("worst_relative_error") ?? number("relative_error")
    else { return }
    doings.checked(count, worst: worst)
  }
}
