/// A place, a condition or a sickness at which a run stops; numbered as in gdb.
package struct Breakpoint: Hashable, Sendable {
  package enum Trigger: Hashable, Sendable {
    /// Where a place begins, each time; with a condition only where it holds there.
    case place(BreakPlace, RunExpression?)
    /// At each step in which it holds, as soon as all that it names is known.
    case condition(RunExpression)
    /// When its value is another than at the step before.
    case watch(RunExpression, WatchRule)
    /// When it sets in; with a condition only if that holds at the end of the step.
    case sickness(Sickness)
  }

  /// Which changes of a watched value stop.
  package enum WatchRule: Hashable, Sendable {
    case changes
    /// From below a number to it or above, or back.
    case crosses(Double)
    /// By more than so much from one step to the next.
    case grows(Double)
  }

  package let number: Int
  /// As it was typed: `break if loss > 1`.
  package let words: String
  package internal(set) var trigger: Trigger
  /// A further condition given to a watch or a sickness by `condition`.
  package internal(set) var condition: RunExpression?
  package let isTemporary: Bool
  package internal(set) var isEnabled = true
  /// How often it was met, ignored or not.
  package internal(set) var hits = 0
  /// How often it still is passed over.
  package internal(set) var ignores = 0
  /// Where it stopped last.
  package internal(set) var seen: SeenStop?

  init(number: Int, _ request: BreakpointRequest) {
    self.number = number
    words = request.words
    trigger = request.trigger
    isTemporary = request.isTemporary
  }

  /// `break backward dense_1 if loss > 1`, also where the condition was given later.
  package var what: String {
    guard let condition else { return words }
    return "\(words) if \(condition.source)"
  }
}

extension Breakpoint {
  /// The condition without which it does not stop.
  var conditionInForce: RunExpression? {
    switch trigger {
    case .place(_, let condition): condition
    case .condition(let condition): condition
    case .watch, .sickness: condition
    }
  }
}

/// A place in each step: where folds begin, where an instruction does, or a pass of a network.
package enum BreakPlace: Hashable, Sendable {
  case fold(FoldAddress)
  /// Counted from 1, as listings do.
  case instruction(Int)
}

/// A breakpoint as it is asked for.
package struct BreakpointRequest: Hashable, Sendable {
  package let trigger: Breakpoint.Trigger
  package let isTemporary: Bool
  package let words: String
}
