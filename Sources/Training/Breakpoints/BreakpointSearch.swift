import Autodiff

/// Finds where a run stops, forwards and backwards. Backwards it is the last moment at which going
/// forwards from the start would have stopped: found segment by segment between kept moments, from
/// the present to the past.
///
/// It moves the session, and leaves it where it stops.
struct BreakpointSearch {
  let session: Session
  /// Those that are enabled.
  let breakpoints: [Breakpoint]

  /// What was met at one moment.
  typealias Meetings = [Meeting]

  /// A stretch that the history answers is no longer than this.
  private static let stretch = 1024

  private func tester(isFromStart: Bool, _ previous: [Observation?]? = nil) -> BreakpointTester {
    BreakpointTester(breakpoints, session, isFromStart: isFromStart, previous: previous)
  }

  private var compares: Bool { breakpoints.contains { $0.rule.compares } }

  /// Whether the history answers everything, so that nothing is run again.
  private var isInHistory: Bool {
    let tester = tester(isFromStart: true)
    return session.samplePlaces.allSatisfy { tester.isInHistory(session, $0) }
  }

  // MARK: Forwards

  /// Goes on until it stops; trains beyond what was recorded.
  ///
  /// - Parameter isStop: whether what was met at a moment stops.
  /// - Returns: what it stopped at; nil at the end of the run.
  func forwards(_ isStop: (Meetings) -> Bool) -> Meetings? {
    let here = session.position
    let tester = primed()
    if isInHistory, session.done < session.history.count {
      let next = session.done
      if let found = first(in: next..<session.history.count, tester, after: here, isStop) {
        session.go(to: found.standing)
        return found
      }
      session.go(to: session.moment(session.history.count))
    }
    while !session.isFinished, session.mayGoOn {
      tester.met.removeAll(keepingCapacity: true)
      session.trainStep(tester: tester)
      if let found = Self.stop(tester.met, after: here, isStop) {
        session.go(to: found.standing)
        return found
      }
    }
    return nil
  }

  private func first(
    in steps: Range<Int>, _ tester: BreakpointTester, after here: Position?,
    _ isStop: (Meetings) -> Bool
  ) -> Meetings? {
    for number in steps {
      tester.met.removeAll(keepingCapacity: true)
      tester.remember(session, number)
      if let found = Self.stop(tester.met, after: here, isStop) { return found }
    }
    return nil
  }

  /// The first moment that stops among what was met in order.
  static func stop(
    _ met: [Meeting], after here: Position?, _ isStop: (Meetings) -> Bool
  ) -> Meetings? {
    guard !met.isEmpty else { return nil }
    var rest = met.filter { meeting in here.map { meeting.position > $0 } ?? true }[...]
    while let position = rest.first?.position {
      let group = Array(rest.prefix { $0.position == position })
      if isStop(group) { return group }
      rest = rest.dropFirst(group.count)
    }
    return nil
  }

  // MARK: What was before

  /// A tester that goes on from where the session stands as one that came from the start.
  func primed() -> BreakpointTester {
    let next = session.done
    guard next > 0, compares else { return tester(isFromStart: next == 0) }
    var known: [Observation?] = breakpoints.map { _ in nil }
    func isComplete() -> Bool {
      zip(breakpoints, known).allSatisfy { !$0.rule.compares || $1 != nil }
    }
    func add(_ seen: BreakpointTester) {
      for i in known.indices where known[i] == nil { known[i] = seen.previous[i] }
    }
    if let latest = latestStep { add(latest) }
    let here = session.standing
    var end = next
    let isInHistory = isInHistory
    while end > 0, !isComplete() {
      let (seen, begin) = scanned(to: end, partly: 0, inHistory: isInHistory)
      add(seen)
      end = begin
    }
    session.go(to: here)
    return tester(isFromStart: end == 0 && !isComplete(), known)
  }

  /// What there is to see in the step that has just been done, where it is as it left it.
  private var latestStep: BreakpointTester? {
    guard session.execution.isDone, !session.isChanged(beforeStep: session.done) else { return nil }
    let tester = tester(isFromStart: false)
    tester.look(session)
    return tester
  }

  // MARK: Backwards

  /// Goes back to the last stop before a moment; the start of the run where there is none.
  ///
  /// - Parameter beginning: of which step (pass) nothing counts any more, and how many instructions of
  ///   it are before the moment.
  func backwards(
    before here: Position, _ isStop: (Meetings) -> Bool
  ) -> Meetings? {
    var end = session.number(of: here)
    var partly = here.instruction > 0 ? here.instruction - 1 : 0
    var (open, waiting): ([Int: Meeting], [Meeting]) = ([:], [])
    let isInHistory = isInHistory
    while end > 0 || partly > 0 {
      let (seen, begin) = scanned(to: end, partly: partly, inHistory: isInHistory)
      waiting += seen.met.filter { $0.position < here }
      waiting += answered(&open, seen, isStart: begin == 0).filter { $0.position < here }
      for (i, meeting) in seen.open.enumerated() {
        if let meeting, meeting.position < here { open[i] = meeting }
      }
      waiting.sort { ($0.position, $0.breakpoint) < ($1.position, $1.breakpoint) }
      let unanswered = open.values.map(\.latest).max()
      while let position = waiting.last?.position, unanswered.map({ $0 < position }) ?? true {
        let group = waiting.filter { $0.position == position }
        waiting.removeLast(group.count)
        if isStop(group) {
          session.go(to: group.standing)
          return group
        }
      }
      (end, partly) = (begin, 0)
    }
    return nil
  }

  /// The first sights of later steps, now that one knows what was before them: those that stop.
  private func answered(
    _ open: inout [Int: Meeting], _ seen: BreakpointTester, isStart: Bool
  ) -> [Meeting] {
    var stops: [Meeting] = []
    for (i, meeting) in open {
      let old = seen.previous[i]
      guard old != nil || isStart else { continue }
      open[i] = nil
      if seen.stops(i, old, meeting) { stops.append(meeting.after(old)) }
    }
    return stops
  }

  /// Goes through the steps from the nearest kept moment to one; of the last so many instructions.
  private func scanned(
    to end: Int, partly: Int, inHistory: Bool
  ) -> (seen: BreakpointTester, begin: Int) {
    if inHistory, partly == 0 {
      let begin = max(0, end - Self.stretch)
      let tester = tester(isFromStart: begin == 0)
      for number in begin..<end { tester.remember(session, number) }
      return (tester, begin)
    }
    session.restore(before: partly > 0 ? end : end - 1)
    let begin = session.shownStep
    let tester = tester(isFromStart: begin == 0)
    while session.done < end { session.trainStep(tester: tester) }
    if partly > 0 {
      if session.execution.isDone { session.beginStep(end) }
      tester.runPart(of: session, upTo: partly)
    }
    return (tester, begin)
  }

  // MARK: All that was recorded

  /// The first or the last moment of the recorded run at which something was met; the session stays
  /// where it is.
  func recorded(isLast: Bool) -> Meetings? {
    let here = session.standing
    defer { session.go(to: here) }
    let count = session.history.count
    if isLast { return backwards(before: session.moment(count)) { _ in true } }
    let inHistory = isInHistory
    if !inHistory { session.restore(before: 0) }
    let tester = tester(isFromStart: true)
    tester.lookAtStart(session)
    if let found = Self.stop(tester.met, after: nil, { _ in true }) { return found }
    if inHistory { return first(in: 0..<count, tester, after: nil) { _ in true } }
    while session.done < count {
      tester.met.removeAll(keepingCapacity: true)
      session.trainStep(tester: tester)
      if let found = Self.stop(tester.met, after: nil, { _ in true }) { return found }
    }
    return nil
  }
}

extension Meeting {
  /// The same, knowing what was seen before.
  fileprivate func after(_ old: Observation?) -> Meeting {
    // What was seen first may have been there before: of units those count that were not.
    let isOfUnits = !test.layers.isEmpty
    let instruction = isOfUnits ? test.instruction(seeing: new, after: old) : instruction
    let isEnd = instruction == test.moment.instruction
    let position =
      isOfUnits
      ? isEnd ? latest : Position(step: begin.step, pass: begin.pass, instruction: instruction)
      : position
    return Meeting(
      breakpoint: breakpoint, number: number, instruction: instruction, position: position,
      old: old, new: new, step: step, begin: begin, latest: latest, test: test)
  }
}

extension [Meeting] {
  /// How one stands at a moment: where something was seen at the end of a step, there.
  var standing: Standing {
    Standing(self[0].position, isBegun: allSatisfy(\.standing.isBegun))
  }
}

extension Session {
  /// Whether something was set by hand for the start of a step.
  fileprivate func isChanged(beforeStep step: Int) -> Bool {
    part.averagings.contains(step) || part.carriedStarts[step] != nil
      || part.skips.contains(step - 1) || weightChanges.contains { $0.step == step }
      || passes?.isChanged(afterPass: step - 1) == true
  }
}
