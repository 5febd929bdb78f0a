import Autodiff

/// What a student did since a page was set up, by whichever way: what lessons ask.
package struct Doings: Hashable, Sendable {
  /// Where one has been.
  package var travels = Travels()
  /// How often a breakpoint stopped the run, and what the last one was.
  package private(set) var stops = 0
  private var lastStop: Stop?
  /// Values whose making was asked for, by name and by number.
  private var explained: Set<String> = []
  /// Gradients that were compared with numeric ones on a screen: where and when.
  private var seen: Set<String> = []
  private var checks = 0
  private var worst: Double?
  private var isProved = false
  private var asked = 0
  private var exported: Set<String> = []
  /// What was set by hand in runs that others took the place of.
  private var setEarlier = 0
  /// Changes of the run at hand that were made before.
  private let changesBefore: Int

  package init() { changesBefore = 0 }

  /// Nothing done yet in a run that stands where a page wants it.
  init(in session: Session) { changesBefore = session.changesByHand }

  private init(_ other: Doings, setEarlier: Int, in next: Session) {
    self = other.forgettingChanges(of: next)
    self.setEarlier = setEarlier
  }

  private func forgettingChanges(of next: Session) -> Doings {
    // What the next run begins with is nothing that one set in it.
    var fresh = Doings(in: next)
    (fresh.travels, fresh.stops, fresh.lastStop) = (travels, stops, lastStop)
    (fresh.explained, fresh.seen, fresh.checks) = (explained, seen, checks)
    (fresh.worst, fresh.isProved, fresh.asked) = (worst, isProved, asked)
    fresh.exported = exported
    return fresh
  }

  /// The same where another run takes the place of one.
  ///
  /// - Parameter isSetByHand: whether that itself is something set by hand.
  func goingOn(from old: Session, to next: Session, isSetByHand: Bool) -> Doings {
    Doings(self, setEarlier: sets(in: old) + (isSetByHand ? 1 : 0), in: next)
  }

  // MARK: Noting

  mutating func stopped(by stop: Stop) {
    stops += 1
    lastStop = stop
  }

  /// - Parameter place: a value with or without the index of one of its numbers.
  mutating func explained(_ place: String) {
    explained.insert(place.filter { $0 != " " })
    explained.insert(String(place.prefix { $0 != "[" }))
  }

  mutating func checked(_ count: Int, worst error: Double) {
    checks += count
    worst = max(worst ?? 0, error)
  }

  /// A comparison that a screen shows: counted once.
  mutating func saw(check place: String, worst error: Double) {
    if seen.insert(place).inserted { checked(1, worst: error) }
  }

  mutating func provedVerdict() { isProved = true }
  mutating func answeredQuestion() { asked += 1 }

  package mutating func did(_ deed: Deed) {
    switch deed {
    case .exported(let format): exported.insert(format.lowercased())
    case .explained(let place): explained(place)
    }
  }

  // MARK: Asking

  private func sets(in session: Session) -> Int {
    setEarlier + max(0, session.changesByHand - changesBefore)
  }

  /// The value of a name, nil when it is none of what one did.
  func value(
    named name: String, _ session: Session, breakpoints: Int
  ) throws(ExpressionFailure) -> ExpressionValue? {
    switch name {
    case "stepped_back", "moved_back": return .number(Double(travels.movesBack))
    case "sets": return .number(Double(sets(in: session)))
    case "branches": return .number(Double(session.branchCount))
    case "branch": return .number(Double(session.currentBranch))
    case "breakpoints": return .number(Double(breakpoints))
    case "stops": return .number(Double(stops))
    case "stop_step":
      guard let lastStop else { throw Self.notYet("no breakpoint stopped the run yet") }
      return .number(Double(lastStop.step))
    case "checks": return .number(Double(checks))
    case "worst_check":
      guard let worst else { throw Self.notYet("no gradient was checked yet") }
      return .number(worst)
    case "sabotaged": return .truth(session.sabotage != nil)
    case "proved": return .truth(isProved)
    case "asked": return .number(Double(asked))
    default: return nil
    }
  }

  private static func notYet(_ problem: String) -> ExpressionFailure {
    ExpressionFailure(.notYet(instruction: nil), problem, remedy: "what you do makes it")
  }

  /// What a function of a text says, nil for a function of something else.
  func value(of function: String, _ text: String) -> ExpressionValue? {
    switch function {
    case "visited": .truth(travels.visited(text))
    case "stopped": .truth(lastStop?.isBy(text) ?? false)
    case "explained": .truth(explained.contains(text.filter { $0 != " " }))
    case "exported": .truth(exported.contains(text.lowercased()))
    default: nil
    }
  }
}

/// Something done outside of the run that lessons ask for.
package enum Deed: Hashable, Codable, Sendable {
  /// The network written for another program: `keras`, `pytorch`, `numpy`, `c`.
  case exported(String)
  /// How a number came about was opened: `dense/kernel.grad[0,1]`.
  case explained(String)
}

extension Session {
  /// What was set by hand, faults that were planted left out.
  fileprivate var changesByHand: Int {
    changeLog.count { !["sabotage", "mended"].contains($0.words) }
  }
}

extension Stop {
  /// Whether it was by a breakpoint that a text names: `loss-up`, `loss > 1`, `backward dense_1`.
  fileprivate func isBy(_ text: String) -> Bool {
    let wanted = Self.core(text)
    return reasons.contains { Self.core($0.what) == wanted }
  }

  /// The words of a breakpoint without its command and spaces.
  private static func core(_ text: String) -> String {
    var words = text.split(whereSeparator: \.isWhitespace)[...]
    while let first = words.first, ["break", "tbreak", "watch", "if"].contains(first) {
      words = words.dropFirst()
    }
    return words.joined()
  }
}
