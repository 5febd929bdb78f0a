import Autodiff
import Tensors

/// What one asks of the past: an expression, or one number of a value by its row-major place.
package enum PastQuery: Hashable, Sendable {
  case expression(String)
  case number(name: String, offset: Int)
}

/// What something was at the ends of the latest steps.
package struct Past: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package let step: Int
    package let value: Float
  }

  /// Step after step; without those at whose end it was no number.
  package let points: [Point]
  /// Whether more is being worked out.
  package let isPending: Bool

  /// With what it is now.
  func adding(_ value: Float, step: Int) -> Past {
    Past(points: points + [Point(step: step, value: value)], isPending: isPending)
  }

  package subscript(step: Int) -> Float? { points.last { $0.step == step }?.value }
}

/// One number of a weight over the latest steps: its gradient, what the optimizer keeps of it, and
/// itself after the update.
package struct WeightPast: Hashable, Sendable {
  /// What the optimizer keeps: m or v of Adam, a velocity.
  package struct State: Hashable, Sendable {
    package let symbol: String
    package let past: Past
  }

  package let gradient: Past
  package let state: [State]
  package let weight: Past

  package var isPending: Bool { weight.isPending || gradient.isPending }
}

/// Finds out what numbers were at the ends of past steps: a second run goes the same way again from
/// the nearest kept moment, so that the run itself stays where it is.
struct PastKeeper {
  /// How many steps one looks back.
  static let reach = 40
  /// Steps that are gone through again at most to get there.
  private static let mostReplayed = 2000

  private var moment: MomentKey?
  private var twin: Session?
  private var known: [PastQuery: [Int: Float?]] = [:]

  /// The steps whose ends are looked at: the latest, at most `reach`, that are done.
  static func window(_ session: Session) -> Range<Int> {
    let end = session.done
    return max(0, end - reach)..<end
  }

  func past(_ query: PastQuery, _ session: Session, _ moment: MomentKey) -> Past {
    let window = Self.window(session)
    let values = self.moment == moment ? known[query] ?? [:] : [:]
    let points = window.compactMap { step in
      values[step].flatMap { $0 }.map { Past.Point(step: step, value: $0) }
    }
    let isPending = reachable(session).contains { values[$0] == nil }
    return Past(points: points, isPending: isPending)
  }

  /// Whether all that is asked for is known.
  func knows(_ queries: some Sequence<PastQuery>, _ session: Session, _ moment: MomentKey) -> Bool {
    let window = reachable(session)
    guard !window.isEmpty else { return true }
    guard self.moment == moment else { return queries.allSatisfy { _ in false } }
    return queries.allSatisfy { query in
      let values = known[query] ?? [:]
      return window.allSatisfy { values[$0] != nil }
    }
  }

  /// The part of the window that a bounded replay comes to.
  private func reachable(_ session: Session) -> Range<Int> {
    let window = Self.window(session)
    guard !window.isEmpty else { return window }
    if let twin, moment != nil, twin.done <= window.lowerBound,
      window.upperBound - twin.done <= Self.mostReplayed
    {
      return window
    }
    let near = session.keptStep(atOrBefore: window.lowerBound)
    if window.upperBound - near <= Self.mostReplayed { return window }
    let late = session.keptStep(atOrBefore: window.upperBound - 1)
    guard window.upperBound - late <= Self.mostReplayed else {
      return window.upperBound..<window.upperBound
    }
    return max(late, window.lowerBound)..<window.upperBound
  }

  /// Goes through the steps again that are missing, until something more urgent comes; what was
  /// found until then is kept.
  mutating func find(
    _ queries: Set<PastQuery>, _ session: Session, _ now: MomentKey, stopping isUrgent: () -> Bool
  ) {
    if moment != now {
      (moment, twin, known) = (now, nil, [:])
    }
    known = known.filter { queries.contains($0.key) }
    let window = reachable(session)
    let missing = window.first { step in
      queries.contains { (known[$0] ?? [:])[step] == nil }
    }
    guard let missing else { return }
    let run: Session
    if let twin, twin.done <= missing,
      twin.done >= session.keptStep(atOrBefore: missing)
    {
      run = twin
    } else {
      run = Session(replaying: session, from: missing)
      twin = run
    }
    let expressions = queries.map { ($0, Reading($0)) }
    while run.done < window.upperBound {
      guard !isUrgent() else { return }
      run.trainStep()
      for (query, reading) in expressions {
        known[query, default: [:]][run.shownStep] = .some(reading.value(in: run))
      }
    }
    for query in known.keys {
      known[query] = known[query]?.filter { $0.key >= window.lowerBound - 200 }
    }
  }

  /// A question that is read once and answered many times.
  private enum Reading {
    case expression(RunExpression?)
    case number(name: String, offset: Int)

    init(_ query: PastQuery) {
      switch query {
      case .expression(let text):
        do throws(ExpressionFailure) { self = .expression(try RunExpression(text)) } catch {
          self = .expression(nil)
        }
      case .number(let name, let offset): self = .number(name: name, offset: offset)
      }
    }

    /// The number at the end of the step that a run has just done.
    func value(in session: Session) -> Float? {
      switch self {
      case .expression(let expression):
        guard let expression else { return nil }
        do throws(ExpressionFailure) {
          return try expression.value(in: SessionScope(session)).shownNumber
        } catch { return nil }
      case .number(let name, let offset):
        guard let value = session.plan.value(named: name), offset < value.shape.count else {
          return nil
        }
        return session.execution.number(value, at: offset)
      }
    }
  }
}

extension ExpressionValue {
  /// The number it is, 1 or 0 for whether something holds; nil for an array or a text.
  package var shownNumber: Float? {
    switch self {
    case .number(let value): Float(value)
    case .truth(let value): value ? 1 : 0
    case .tensor(let tensor): tensor.count == 1 ? tensor.scalars[0] : nil
    case .text: nil
    }
  }
}
