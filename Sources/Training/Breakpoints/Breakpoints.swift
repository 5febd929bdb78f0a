/// The breakpoints of a debugger, numbered from 1 in the order they were made; a number is never given
/// twice.
package struct Breakpoints: Hashable, Sendable {
  package private(set) var all: [Breakpoint] = []
  private var next = 1
  /// The numbers of those that stopped at the moment met last.
  private var stopping: Set<Int> = []

  package init() {}

  /// Those that can stop.
  var enabled: [Breakpoint] { all.filter(\.isEnabled) }
  package var isArmed: Bool { all.contains(where: \.isEnabled) }

  /// What a panel lists.
  package var rows: [BreakpointRow] { all.map { BreakpointRow($0) } }

  /// The same for another run: nothing was met in it yet.
  package var fresh: Breakpoints {
    var fresh = self
    for i in fresh.all.indices { (fresh.all[i].hits, fresh.all[i].seen) = (0, nil) }
    return fresh
  }

  /// Breakpoints as they were listed: what they have met counts on. What cannot be read is left out.
  init(_ rows: [BreakpointRow]) {
    for row in rows {
      let words = row.words.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2,
        case .add(let request)? = try? BreakpointCommand(words[0], words[1])
      else { continue }
      all.append(Breakpoint(number: row.number, request))
      let condition = row.condition.flatMap { try? RunExpression($0) }
      if let changed = try? conditioned(row.number, condition) { try? replace(changed) }
      let last = all.count - 1
      (all[last].isEnabled, all[last].ignores) = (row.isEnabled, row.ignores)
      (all[last].hits, all[last].seen) = (row.hits, row.seen)
      next = max(next, row.number + 1)
    }
  }

  mutating func add(_ request: BreakpointRequest) -> Breakpoint {
    let breakpoint = Breakpoint(number: next, request)
    next += 1
    all.append(breakpoint)
    return breakpoint
  }

  /// Takes one away, or all.
  mutating func delete(_ number: Int?) throws(DebuggerCommand.Failure) {
    guard let number else { return all.removeAll() }
    all.remove(at: try place(of: number))
  }

  mutating func enable(_ number: Int?, _ isEnabled: Bool) throws(DebuggerCommand.Failure) {
    let places = try number.map { number throws(DebuggerCommand.Failure) in
      [try place(of: number)]
    }
    for i in places ?? Array(all.indices) { all[i].isEnabled = isEnabled }
  }

  /// Passes over one so often.
  mutating func ignore(_ number: Int, _ count: Int) throws(DebuggerCommand.Failure) {
    all[try place(of: number)].ignores = count
  }

  /// The same breakpoint with another condition, or without one.
  func conditioned(
    _ number: Int, _ condition: RunExpression?
  ) throws(DebuggerCommand.Failure) -> Breakpoint {
    var changed = all[try place(of: number)]
    switch changed.trigger {
    case .place(let place, _):
      changed.trigger = .place(place, condition)
      changed.condition = nil
    case .condition:
      guard let condition else {
        throw DebuggerCommand.Failure(
          "breakpoint \(number) is nothing but its condition", remedy: "delete \(number)")
      }
      changed.trigger = .condition(condition)
    case .watch, .sickness: changed.condition = condition
    }
    return changed
  }

  mutating func replace(_ changed: Breakpoint) throws(DebuggerCommand.Failure) {
    all[try place(of: changed.number)] = changed
  }

  private func place(of number: Int) throws(DebuggerCommand.Failure) -> Int {
    if let place = all.firstIndex(where: { $0.number == number }) { return place }
    throw DebuggerCommand.Failure(
      "there is no breakpoint \(number)",
      remedy: all.isEmpty
        ? "break, tbreak or watch first"
        : "one of " + all.map { "\($0.number)" }.joined(separator: ", "))
  }

  // MARK: Meeting them

  /// Counts what was met at a moment.
  /// - Returns: whether one of it stops, that is not to be passed over.
  mutating func meet(_ meetings: [Meeting], among enabled: [Breakpoint]) -> Bool {
    stopping = []
    for number in Set(meetings.map { enabled[$0.breakpoint].number }) {
      guard let i = all.firstIndex(where: { $0.number == number }) else { continue }
      all[i].hits += 1
      if all[i].ignores > 0 {
        all[i].ignores -= 1
        continue
      }
      all[i].seen = SeenStop(meetings)
      stopping.insert(number)
    }
    return !stopping.isEmpty
  }

  /// Those of a moment that stopped; temporary ones are gone after it.
  mutating func stopped(_ meetings: [Meeting], among enabled: [Breakpoint]) -> [Meeting] {
    all.removeAll { $0.isTemporary && stopping.contains($0.number) }
    return meetings.filter { stopping.contains(enabled[$0.breakpoint].number) }
  }
}

/// A breakpoint as a panel shows it.
package struct BreakpointRow: Hashable, Sendable, Codable {
  package let number: Int
  /// `break backward dense_1 if loss > 1`
  package let what: String
  /// As it was typed, and the condition that holds now.
  let words: String
  let condition: String?
  package let isEnabled: Bool
  package let isTemporary: Bool
  package let hits: Int
  package let ignores: Int
  /// Where it stopped last.
  package let seen: SeenStop?

  init(_ breakpoint: Breakpoint) {
    (number, what) = (breakpoint.number, breakpoint.what)
    (words, condition) = (breakpoint.words, breakpoint.conditionInForce?.source)
    (isEnabled, isTemporary) = (breakpoint.isEnabled, breakpoint.isTemporary)
    (hits, ignores, seen) = (breakpoint.hits, breakpoint.ignores, breakpoint.seen)
  }
}
