/// What a number is computed from, written once: activations, losses, optimizers and a student's own
/// functions are formulas.
///
///     let gelu = 0.5 * x * (1 + .erf(x / .sqrt(2)))     // x = .operand(0)
///
/// From a formula follow a fast kernel (`Program`), its twin in Float64 (`Reference.evaluate`), the
/// derivative (`derivative(by:)`) and the words and numbers of an explanation (`text`, `template`).
package indirect enum Formula: Hashable, Sendable {
  /// The number of an operand, by its place.
  case operand(Int)
  case constant(Double)
  /// What changes from step to step.
  case setting(Setting)
  /// A part with a name, so that texts can say `α` for what α stands for.
  case named(String, Formula)
  case function(Function, Formula)
  case combined(Operator, Formula, Formula)
  /// The second where the first is not 0, else the third.
  case choice(Formula, Formula, Formula)

  package enum Setting: Int, CaseIterable, Hashable, Sendable {
    case learningRate
    /// The number t of this update, counted from 1.
    case updateCount
  }

  /// Functions of one number, in the order of `bs_step`'s operations.
  package enum Function: Int, CaseIterable, Hashable, Sendable {
    case negate, absolute, sign, square, squareRoot, reciprocalSquareRoot, reciprocal
    case exp, expm1, log, log1p, tanh, sigmoid, relu, erf
    case sin, cos, tan, arcsin, arccos, arctan, sinh, cosh, arsinh, arcosh, artanh
    case floor, ceil
    /// To the nearest integer, halves to the even one.
    case round
  }

  /// Functions of two numbers, in the order of `bs_step`'s operations. Comparisons give 1 or 0.
  package enum Operator: Int, CaseIterable, Hashable, Sendable {
    case add, subtract, multiply, divide, power, minimum, maximum
    case less, lessOrEqual, equal
    /// Rounded down.
    case floorDivide
    /// `a − ⌊a / b⌋ b`, which has the sign of b.
    case modulo
  }
}

extension Formula: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  package init(floatLiteral value: Double) { self = .constant(value) }
  package init(integerLiteral value: Int) { self = .constant(Double(value)) }
}

// MARK: Writing formulas

extension Formula {
  package static let learningRate = Formula.setting(.learningRate)
  package static let updateCount = Formula.setting(.updateCount)

  /// A constant with a name: `β₁`.
  package static func named(_ name: String, _ value: Double) -> Formula {
    .named(name, .constant(value))
  }

  package static prefix func - (a: Formula) -> Formula { .function(.negate, a) }
  package static func + (a: Formula, b: Formula) -> Formula { .combined(.add, a, b) }
  package static func - (a: Formula, b: Formula) -> Formula { .combined(.subtract, a, b) }
  package static func * (a: Formula, b: Formula) -> Formula { .combined(.multiply, a, b) }
  package static func / (a: Formula, b: Formula) -> Formula { .combined(.divide, a, b) }
  package static func < (a: Formula, b: Formula) -> Formula { .combined(.less, a, b) }
  package static func <= (a: Formula, b: Formula) -> Formula { .combined(.lessOrEqual, a, b) }
  package static func > (a: Formula, b: Formula) -> Formula { .combined(.less, b, a) }
  package static func >= (a: Formula, b: Formula) -> Formula { .combined(.lessOrEqual, b, a) }

  package static func abs(_ a: Formula) -> Formula { .function(.absolute, a) }
  package static func sign(_ a: Formula) -> Formula { .function(.sign, a) }
  package static func square(_ a: Formula) -> Formula { .function(.square, a) }
  package static func sqrt(_ a: Formula) -> Formula { .function(.squareRoot, a) }
  package static func exp(_ a: Formula) -> Formula { .function(.exp, a) }
  package static func expm1(_ a: Formula) -> Formula { .function(.expm1, a) }
  package static func log(_ a: Formula) -> Formula { .function(.log, a) }
  package static func log1p(_ a: Formula) -> Formula { .function(.log1p, a) }
  package static func tanh(_ a: Formula) -> Formula { .function(.tanh, a) }
  package static func sigmoid(_ a: Formula) -> Formula { .function(.sigmoid, a) }
  package static func relu(_ a: Formula) -> Formula { .function(.relu, a) }
  package static func erf(_ a: Formula) -> Formula { .function(.erf, a) }
  package static func sin(_ a: Formula) -> Formula { .function(.sin, a) }
  package static func cos(_ a: Formula) -> Formula { .function(.cos, a) }
  package static func floor(_ a: Formula) -> Formula { .function(.floor, a) }
  package static func round(_ a: Formula) -> Formula { .function(.round, a) }
  package static func power(_ a: Formula, _ b: Formula) -> Formula { .combined(.power, a, b) }
  package static func min(_ a: Formula, _ b: Formula) -> Formula { .combined(.minimum, a, b) }
  package static func max(_ a: Formula, _ b: Formula) -> Formula { .combined(.maximum, a, b) }

  /// The limits' nearer one where x lies beyond them.
  package static func clip(_ x: Formula, _ low: Formula, _ high: Formula) -> Formula {
    .min(.max(x, low), high)
  }

  /// 1 where both are the same number, else 0.
  package static func equal(_ a: Formula, _ b: Formula) -> Formula { .combined(.equal, a, b) }

  /// `a` where the condition is not 0, else `b`.
  package static func `where`(_ condition: Formula, _ a: Formula, _ b: Formula) -> Formula {
    .choice(condition, a, b)
  }
}

// MARK: Parts

extension Formula {
  /// The formulas that it is directly made of.
  package var parts: [Formula] {
    switch self {
    case .operand, .constant, .setting: []
    case .named(_, let a), .function(_, let a): [a]
    case .combined(_, let a, let b): [a, b]
    case .choice(let a, let b, let c): [a, b, c]
    }
  }

  /// The same with each part replaced.
  package func mapParts(_ change: (Formula) -> Formula) -> Formula {
    switch self {
    case .operand, .constant, .setting: self
    case .named(let name, let a): .named(name, change(a))
    case .function(let f, let a): .function(f, change(a))
    case .combined(let f, let a, let b): .combined(f, change(a), change(b))
    case .choice(let a, let b, let c): .choice(change(a), change(b), change(c))
    }
  }

  /// The places of the operands that it reads.
  package var operands: Set<Int> {
    if case .operand(let i) = self { return [i] }
    return parts.reduce(into: []) { $0.formUnion($1.operands) }
  }

  /// The same with other places of operands.
  package func mapOperands(_ change: (Int) -> Int) -> Formula {
    if case .operand(let i) = self { return .operand(change(i)) }
    return mapParts { $0.mapOperands(change) }
  }

  /// The same with formulas in place of operands: a function applied to what is given.
  package func applied(to operands: [Formula]) -> Formula {
    if case .operand(let i) = self { return operands[i] }
    return mapParts { $0.applied(to: operands) }
  }

  /// The same with every occurrence of a formula replaced.
  package func replacing(_ part: Formula, by other: Formula) -> Formula {
    self == part ? other : mapParts { $0.replacing(part, by: other) }
  }

  /// Its number when it depends on nothing.
  package var constantValue: Double? {
    switch self {
    case .constant(let value): return value
    case .operand, .setting: return nil
    default:
      guard parts.allSatisfy({ $0.constantValue != nil }) else { return nil }
      return value(of: { _ in 0 }, StepEnvironment())
    }
  }

  /// The same with every part that depends on nothing computed, in Float64: `1 − β` is rounded once.
  package var folded: Formula {
    if let value = constantValue { return .constant(value) }
    return mapParts(\.folded)
  }
}
