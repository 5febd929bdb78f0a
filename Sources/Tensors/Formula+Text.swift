// Formulas in the field's notation.

extension Formula {
  /// The formula with names for its operands: `0.5 × x × (1 + erf(x / 1.4142135))`.
  package func text(operands names: [String]) -> String {
    var writer = FormulaWriter { leaf in
      switch leaf {
      case .operand(let i): i < names.count ? names[i] : "x\(i)"
      case .setting(.learningRate): "lr"
      case .setting(.updateCount): "t"
      case .named(let name, _): name
      case .constant(let value): FormulaWriter.digits(value)
      }
    }
    return writer.write(self, .choice)
  }

  /// The formula with a `{}` for each operand, setting, named part and long constant, and these in
  /// the order of their places: what an explanation fills with numbers.
  package var template: (text: String, leaves: [Leaf]) {
    var leaves: [Leaf] = []
    var text = ""
    withoutActuallyEscaping({ (leaf: Leaf) -> String in
      if case .constant(let value) = leaf, FormulaWriter.isShort(value) {
        return FormulaWriter.digits(value)
      }
      leaves.append(leaf)
      return "{}"
    }) {
      var writer = FormulaWriter(leaf: $0)
      text = writer.write(self, .choice)
    }
    return (text, leaves)
  }

  /// What a text has a name or a number for.
  package enum Leaf: Hashable, Sendable {
    case operand(Int)
    case setting(Setting)
    case named(String, Formula)
    case constant(Double)
  }

  /// The formula with every choice made, and the conditions that decided; `value` gives the number
  /// of a condition.
  package func decided(
    _ value: (Formula) -> Double
  ) -> (formula: Formula, conditions: [(Formula, holds: Bool)]) {
    var conditions: [(Formula, holds: Bool)] = []
    func decide(_ formula: Formula) -> Formula {
      switch formula {
      case .choice(let condition, let a, let b):
        let holds = value(condition) != 0
        if !conditions.contains(where: { $0.0 == condition }) {
          conditions.append((condition, holds))
        }
        return decide(holds ? a : b)
      case .named: return formula
      default: return formula.mapParts(decide)
      }
    }
    return (decide(self), conditions)
  }

  /// A condition as a reason: `x > 0`, `x is not > 0`.
  package func reason(holds: Bool) -> Formula.Reason {
    switch self {
    case .combined(.less, let a, let b):
      return a.constantValue != nil && b.constantValue == nil
        ? Reason(b, holds ? " > " : " is not > ", a) : Reason(a, holds ? " < " : " is not < ", b)
    case .combined(.lessOrEqual, let a, let b):
      return a.constantValue != nil && b.constantValue == nil
        ? Reason(b, holds ? " ≥ " : " is not ≥ ", a) : Reason(a, holds ? " ≤ " : " is not ≤ ", b)
    case .combined(.equal, let a, let b): return Reason(a, holds ? " = " : " is not ", b)
    default: return Reason(self, holds ? " is not " : " = ", 0)
    }
  }

  /// Two formulas and the words between them.
  package struct Reason: Hashable, Sendable {
    package let left: Formula
    package let words: String
    package let right: Formula

    init(_ left: Formula, _ words: String, _ right: Formula) {
      self.left = left
      self.words = words
      self.right = right
    }
  }
}

/// How tightly a part of a text holds together.
enum Binding: Int, Comparable {
  case choice, comparison, sum, product, sign, power, atom

  static func < (a: Binding, b: Binding) -> Bool { a.rawValue < b.rawValue }
}

/// Writes a formula with as few brackets as its meaning allows.
struct FormulaWriter {
  let leaf: (Formula.Leaf) -> String

  /// A number as a formula has it: `0.5`, `2`, `1e-7`.
  static func digits(_ value: Double) -> String {
    if value == value.rounded(), value.magnitude < 1e6 { return signed("\(Int(value))") }
    return signed("\(Float(value))".replacing("e-0", with: "e-"))
  }

  private static func signed(_ text: String) -> String {
    text.hasPrefix("-") ? "−" + text.dropFirst() : text
  }

  /// Whether a constant reads well in the midst of numbers.
  static func isShort(_ value: Double) -> Bool {
    let text = digits(value)
    return text.count <= 8 && !text.contains { $0 == "e" || $0.isLetter }
  }

  /// The text of a part, in brackets if it holds together less than its surroundings ask.
  mutating func write(_ formula: Formula, _ least: Binding) -> String {
    let (text, binding) = parts(formula)
    return binding < least ? "(\(text))" : text
  }

  private mutating func parts(_ formula: Formula) -> (String, Binding) {
    switch formula {
    case .operand(let i): return (leaf(.operand(i)), .atom)
    case .setting(let setting): return (leaf(.setting(setting)), .atom)
    case .named(let name, let a): return (leaf(.named(name, a)), .atom)
    case .constant(let value):
      let text = leaf(.constant(value))
      return (text, text.hasPrefix("−") ? .sign : .atom)
    case .function(let f, let a): return function(f, a)
    case .combined(let f, let a, let b): return combined(f, a, b)
    case .choice(let condition, let a, let b):
      let first = write(a, .sum)
      let middle = write(condition, .comparison)
      return ("\(first) if \(middle) else \(write(b, .choice))", .choice)
    }
  }

  private mutating func function(_ f: Formula.Function, _ a: Formula) -> (String, Binding) {
    switch f {
    case .negate: ("−" + write(a, .product), .sign)
    case .absolute: ("|" + write(a, .sum) + "|", .atom)
    case .square: (write(a, .atom) + "²", .power)
    case .squareRoot: ("√" + write(a, .atom), .power)
    case .reciprocalSquareRoot: ("1 / √" + write(a, .atom), .product)
    case .reciprocal: ("1 / " + write(a, .sign), .product)
    case .exp: ("e^" + write(a, .atom), .power)
    case .expm1: ("e^" + write(a, .atom) + " − 1", .sum)
    case .log1p: ("log(1 + " + write(a, .product) + ")", .atom)
    case .floor: ("⌊" + write(a, .sum) + "⌋", .atom)
    case .ceil: ("⌈" + write(a, .sum) + "⌉", .atom)
    case .sign, .log, .tanh, .sigmoid, .relu, .erf, .sin, .cos, .tan, .arcsin, .arccos, .arctan,
      .sinh, .cosh, .arsinh, .arcosh, .artanh, .round:
      ("\(f)(" + write(a, .choice) + ")", .atom)
    }
  }

  private mutating func combined(
    _ f: Formula.Operator, _ a: Formula, _ b: Formula
  ) -> (String, Binding) {
    switch f {
    case .add: return sum(a, b)
    case .subtract:
      let left = write(a, .sum)
      return (left + " − " + write(b, .product), .sum)
    case .multiply:
      let left = write(a, .product)
      return (left + " × " + write(b, .product), .product)
    case .divide:
      let left = write(a, .product)
      return (left + " / " + write(b, .power), .product)
    case .power: return power(a, b)
    case .minimum, .maximum:
      let left = write(a, .choice)
      return ((f == .minimum ? "min(" : "max(") + left + ", " + write(b, .choice) + ")", .atom)
    case .less, .lessOrEqual, .equal: return comparison(f, a, b)
    case .floorDivide:
      let left = write(a, .product)
      return ("⌊" + left + " / " + write(b, .power) + "⌋", .atom)
    case .modulo:
      let left = write(a, .product)
      return (left + " mod " + write(b, .power), .product)
    }
  }

  /// A sum; of a negative part, a difference.
  private mutating func sum(_ a: Formula, _ b: Formula) -> (String, Binding) {
    let left = write(a, .sum)
    switch b {
    case .function(.negate, let c): return (left + " − " + write(c, .product), .sum)
    case .constant(let value) where value < 0:
      return (left + " − " + write(.constant(-value), .product), .sum)
    default: return (left + " + " + write(b, .sum), .sum)
    }
  }

  private mutating func power(_ a: Formula, _ b: Formula) -> (String, Binding) {
    let base = write(a, .atom)
    if b == 2 { return (base + "²", .power) }
    let exponent = write(b, .atom)
    return (base + (exponent == "t" ? "ᵗ" : "^" + exponent), .power)
  }

  private mutating func comparison(
    _ f: Formula.Operator, _ a: Formula, _ b: Formula
  ) -> (String, Binding) {
    let turns = f != .equal && a.constantValue != nil && b.constantValue == nil
    let sign =
      switch f {
      case .less: turns ? " > " : " < "
      case .lessOrEqual: turns ? " ≥ " : " ≤ "
      default: " = "
      }
    let left = write(turns ? b : a, .sum)
    return (left + sign + write(turns ? a : b, .sum), .comparison)
  }
}
