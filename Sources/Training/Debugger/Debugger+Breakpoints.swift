import Autodiff

// Breakpoints in the debugger: made, listed, met in either direction.

extension Debugger {
  mutating func run(_ command: BreakpointCommand) throws -> DebuggerReply {
    switch command {
    case .add(let request): return try add(request)
    case .delete(let number):
      try breakpoints.delete(number)
      return breakpointInfo()
    case .enable(let number):
      try breakpoints.enable(number, true)
      return breakpointInfo()
    case .disable(let number):
      try breakpoints.enable(number, false)
      return breakpointInfo()
    case .ignore(let number, let count):
      try breakpoints.ignore(number, count)
      return DebuggerReply(
        ["breakpoint \(number) is passed over \(count) time\(count == 1 ? "" : "s")"],
        [("number", .integer(number)), ("ignores", .integer(count))])
    case .condition(let number, let condition):
      let changed = try breakpoints.conditioned(number, condition)
      try check(changed)
      try breakpoints.replace(changed)
      return DebuggerReply(
        [
          condition.map { "breakpoint \(number) stops only where \($0.source)" }
            ?? "breakpoint \(number) always stops"
        ],
        [("number", .integer(number)), ("condition", .text(condition?.source ?? ""))])
    case .when(let request, let isLast): return try when(request, isLast: isLast)
    case .goTo(let request, let isLast): return try goTo(request, isLast: isLast)
    }
  }

  private mutating func add(_ request: BreakpointRequest) throws -> DebuggerReply {
    try check(Breakpoint(number: 0, request))
    let added = breakpoints.add(request)
    return DebuggerReply(
      ["breakpoint \(added.number), \(added.what)"],
      [("number", .integer(added.number)), ("what", .text(added.what))])
  }

  /// Refuses what can stop in no part of the run.
  private func check(_ breakpoint: Breakpoint) throws {
    var failure: (any Error)?
    for place in session.samplePlaces {
      let maker = BreakTestMaker(
        session: session, number: place, execution: session.execution(ofStep: place))
      do { if try !maker.tests(breakpoint).isEmpty { return } } catch { failure = failure ?? error }
    }
    throw failure
      ?? DebuggerCommand.Failure(
        "'\(breakpoint.words)' is nowhere in this run", remedy: "a place that 'info folds' lists")
  }

  /// Every breakpoint with what it has met.
  func breakpointInfo() -> DebuggerReply {
    let rows = breakpoints.rows
    let fields: [(String, DebuggerReply.Field)] = [
      ("numbers", .integers(rows.map(\.number))), ("what", .texts(rows.map(\.what))),
      ("hits", .integers(rows.map(\.hits))), ("ignores", .integers(rows.map(\.ignores))),
      ("enabled", .integers(rows.filter(\.isEnabled).map(\.number))),
      ("temporary", .integers(rows.filter(\.isTemporary).map(\.number))),
    ]
    guard !rows.isEmpty else { return DebuggerReply(["no breakpoints"], fields) }
    let width = rows.map(\.what.count).max() ?? 0
    return DebuggerReply(
      rows.map { row in
        var line = row.isEnabled ? "●" : "○"
        line += " \(row.number)  \(row.what)"
        line += String(repeating: " ", count: width + 2 - row.what.count)
        line += "hits \(row.hits)"
        if row.ignores > 0 { line += ", passed over \(row.ignores) times more" }
        if !row.isEnabled { line += ", off" }
        if row.isTemporary { line += ", for one stop" }
        if let seen = row.seen { line += ", seen at \(seen.words)" }
        return line
      }, fields)
  }

  // MARK: Going to them

  /// Goes on, or back, until a breakpoint stops.
  mutating func resume(forwards: Bool) -> DebuggerReply {
    let enabled = breakpoints.enabled
    guard !enabled.isEmpty else {
      let end = forwards ? session.end : Position(step: 0)
      return told(travel { $0.go(to: end) }, atEndAfter: forwards)
    }
    let search = BreakpointSearch(session: session, breakpoints: enabled)
    var met = breakpoints
    var found: [Meeting]?
    var reply = travel { session in
      let isStop: ([Meeting]) -> Bool = { met.meet($0, among: enabled) }
      found =
        forwards
        ? search.forwards(isStop) : search.backwards(before: session.position, isStop)
      if !forwards, found == nil { session.go(to: Position(step: 0)) }
    }
    breakpoints = met
    guard let found else { return told(reply, atEndAfter: forwards) }
    let stop = tell(found, among: enabled)
    reply.lines.insert(contentsOf: stop.lines, at: 0)
    reply.add(stop.fields)
    return reply
  }

  // MARK: While it trains

  /// What looks for the breakpoints in steps that are trained from here on.
  func trap() -> BreakpointTrap {
    let search = BreakpointSearch(session: session, breakpoints: breakpoints.enabled)
    return BreakpointTrap(tester: search.primed(), start: session.position)
  }

  /// Whether something stopped in the step just trained; then the session stands where it did.
  mutating func isStopped(by trap: BreakpointTrap) -> Bool {
    let tester = trap.tester
    guard !tester.met.isEmpty else { return false }
    let met = tester.met
    tester.met.removeAll(keepingCapacity: true)
    var table = breakpoints
    let found = BreakpointSearch.stop(met, after: trap.start) {
      table.meet($0, among: tester.breakpoints)
    }
    breakpoints = table
    guard let found else { return false }
    session.go(to: found.standing)
    _ = tell(found, among: tester.breakpoints)
    return true
  }

  /// Says what stopped at the moment that the session stands at.
  mutating func tell(_ meetings: [Meeting], among enabled: [Breakpoint]) -> Stop {
    let stopped = breakpoints.stopped(meetings, among: enabled)
    let told = StopWords(session: session, doings: doings).stop(stopped, enabled)
    doings.stopped(by: told)
    return look(at: told)
  }

  private func told(_ reply: DebuggerReply, atEndAfter forwards: Bool) -> DebuggerReply {
    var reply = reply
    let words = forwards ? "the end of the run" : "the start of the run"
    reply.lines.insert(breakpoints.isArmed ? "no breakpoint, \(words)" : words, at: 0)
    reply.add([("stopped", .text(forwards ? "end" : "start"))])
    return reply
  }

  // MARK: The recorded run

  private func when(_ request: BreakpointRequest, isLast: Bool) throws -> DebuggerReply {
    let asked = Breakpoint(number: 0, request)
    try check(asked)
    let found = BreakpointSearch(session: session, breakpoints: [asked]).recorded(isLast: isLast)
    let order = isLast ? "last" : "first"
    guard let position = found?.first?.position else {
      return DebuggerReply(
        ["\(request.words) held nowhere in the \(session.history.count) steps recorded"],
        [("expression", .text(request.words)), ("found", .truth(false))])
    }
    let moves = [
      "goto step \(position.step)", position.pass > 0 ? "goto pass \(position.pass)" : nil,
      position.instruction > 0 ? "goto instruction \(position.instruction)" : nil,
    ].compactMap { $0 }
    return DebuggerReply(
      ["\(request.words) \(order) held at \(position): \(moves.joined(separator: ", then "))"],
      [
        ("expression", .text(request.words)), ("found", .truth(true)),
        ("step", .integer(position.step)), ("pass", .integer(position.pass)),
        ("instruction", .integer(position.instruction)),
      ])
  }
}

extension Debugger {
  /// Goes to where something first held in the recorded run, or last, and tells what there is to see
  /// as a stop does.
  private mutating func goTo(
    _ request: BreakpointRequest, isLast: Bool
  ) throws -> DebuggerReply {
    let number = breakpoints.all.first { $0.trigger == request.trigger }?.number ?? 0
    let asked = Breakpoint(number: number, request)
    try check(asked)
    let found = BreakpointSearch(session: session, breakpoints: [asked]).recorded(isLast: isLast)
    guard let found else {
      throw DebuggerCommand.Failure(
        "\(request.words) held nowhere in the \(session.history.count) steps recorded",
        remedy: "continue, which trains on")
    }
    var reply = travel { $0.go(to: found.standing) }
    let told = look(at: StopWords(session: session, doings: doings).stop(found, [asked]))
    reply.lines.insert(contentsOf: told.lines, at: 0)
    reply.add(told.fields)
    return reply
  }

  /// The example and the listing show what a stop names.
  private mutating func look(at told: Stop) -> Stop {
    stop = told
    if let example = told.place?.example { self.example = example }
    if let place = told.place?.instruction { show(place) }
    return told
  }
}

/// What looks for breakpoints while a run trains, from some moment on.
struct BreakpointTrap {
  let tester: BreakpointTester
  let start: Position
}

extension DebuggerReply {
  fileprivate mutating func add(_ more: [(String, Field)]) {
    fields += more.map { NamedField(name: $0.0, value: $0.1) }
  }
}
