import Tensors

/// What was seen of a watched thing in one step, to be compared with the next.
enum Observation: Hashable, Sendable {
  case truth(Bool)
  case number(Double)
  /// All numbers of an array, and its length.
  case array(Digest, shape: Shape, norm: Double)
  /// Units that are sick.
  case units([UnitPlace])

  var words: String {
    switch self {
    case .truth(let holds): holds ? "true" : "false"
    case .number(let number): ValueText.text(.number(number))
    case .array(_, let shape, let norm):
      "\(shape) numbers of norm \(ValueText.text(.number(norm)))"
    case .units(let units): units.isEmpty ? "none" : UnitPlace.words(units)
    }
  }

  /// The same in a sentence.
  var said: String {
    switch self {
    case .number(let number): ValueText.said(.number(number))
    case .array(_, let shape, let norm):
      "\(shape) numbers of norm \(ValueText.said(.number(norm)))"
    case .truth, .units: words
    }
  }

  /// NaN is one value, so that it does not change from step to step.
  func isSame(as other: Observation) -> Bool {
    guard case .number(let a) = self, case .number(let b) = other else { return self == other }
    return a == b || (a.isNaN && b.isNaN)
  }
}

/// A unit of a layer.
struct UnitPlace: Hashable, Sendable {
  let layer: String
  let unit: Int

  /// `units 0, 4 and 9 of dense`
  static func words(_ units: [UnitPlace]) -> String {
    var layers: [String] = []
    for unit in units where !layers.contains(unit.layer) { layers.append(unit.layer) }
    return layers.map { layer in
      let numbers = units.filter { $0.layer == layer }.map(\.unit)
      let shown = numbers.prefix(8).map { "\($0)" } + (numbers.count > 8 ? ["…"] : [])
      let list =
        shown.count > 1
        ? shown.dropLast().joined(separator: ", ") + " and " + (shown.last ?? "")
        : shown.joined()
      return "unit\(numbers.count == 1 ? "" : "s") \(list) of \(layer)"
    }.joined(separator: "; ")
  }
}

/// When what was seen stops a run.
enum StopRule: Hashable, Sendable {
  /// Whenever it holds.
  case holds
  case watch(Breakpoint.WatchRule)
  /// When it comes to hold.
  case setsIn
  /// When there is a unit that was not among them.
  case unitsAdded

  /// Whether it looks at the step before too.
  var compares: Bool { self != .holds }

  /// - Parameter old: nil at the start of the run: healthy then, and nothing has changed.
  func stops(_ old: Observation?, _ new: Observation) -> Bool {
    switch (self, old, new) {
    case (.holds, _, .truth(let holds)): return holds
    case (.setsIn, let old, .truth(let holds)): return holds && old != .truth(true)
    case (.unitsAdded, let old, .units(let units)):
      guard case .units(let before)? = old else { return !units.isEmpty }
      return !Set(units).isSubset(of: before)
    case (.watch(.changes), let old?, let new):
      return Self.isComparable(old, new) && !new.isSame(as: old)
    case (.watch(.crosses(let limit)), .number(let a)?, .number(let b)):
      return !a.isNaN && !b.isNaN && (a < limit) != (b < limit)
    case (.watch(.grows(let by)), .number(let a)?, .number(let b)): return b - a > by
    default: return false
    }
  }

  /// Arrays of other shapes are another thing.
  private static func isComparable(_ a: Observation, _ b: Observation) -> Bool {
    switch (a, b) {
    case (.array(_, let first, _), .array(_, let second, _)): first == second
    case (.number, .number), (.truth, .truth), (.units, .units): true
    default: false
    }
  }
}
