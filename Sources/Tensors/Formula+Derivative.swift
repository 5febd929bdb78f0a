// Derivatives, by the rules of calculus, and the few simplifications that keep them short.

extension Formula {
  /// `∂f/∂(operand i)`, simplified.
  ///
  /// At kinks as PyTorch has it: `relu'(0) = 0`, `|x|'(0) = 0`, where two numbers are the largest
  /// each gets half, and a number that `clip` leaves as it is counts whole, at the limits too.
  package func derivative(by i: Int) -> Formula {
    guard operands.contains(i) else { return 0 }
    switch self {
    case .operand: return 1
    case .constant, .setting: return 0
    case .named(_, let a): return a.derivative(by: i)
    case .function(let f, let a):
      return Self.product(a.derivative(by: i), slope(f, a))
    case .combined(.minimum, .combined(.maximum, let a, let low), let high)
    where low.operands.isEmpty && high.operands.isEmpty:
      return Self.choose(.equal(self, a), a.derivative(by: i), 0)
    case .combined(let f, let a, let b):
      return Self.derivative(f, self, a, b, a.derivative(by: i), b.derivative(by: i))
    case .choice(let condition, let a, let b):
      return Self.choose(condition, a.derivative(by: i), b.derivative(by: i))
    }
  }

  /// The same, with `y`, an operand that holds f itself, wherever f occurs in its own derivative:
  /// `y (1 − y)` for sigmoid, `1 − y²` for tanh.
  package func derivative(by i: Int, output y: Formula) -> Formula {
    guard !parts.isEmpty else { return derivative(by: i) }
    return derivative(by: i).replacing(self.unnamed, by: y)
  }

  private var unnamed: Formula {
    if case .named(_, let a) = self { return a.unnamed }
    return self
  }

  /// f'(a); `self` is f(a).
  private func slope(_ f: Function, _ a: Formula) -> Formula {
    let y = self
    return switch f {
    case .negate: -1
    case .absolute: .sign(a)
    case .sign, .floor, .ceil, .round: 0
    case .square: Self.product(2, a)
    case .squareRoot: 0.5 / y
    case .reciprocalSquareRoot: -0.5 * (y * .square(y))
    case .reciprocal: -.square(y)
    case .exp: y
    case .expm1: .exp(a)
    case .log: 1 / a
    case .log1p: 1 / Self.sum(1, a)
    case .tanh: 1 - .square(y)
    case .sigmoid: y * (1 - y)
    // Where a is NaN the gradient passes, as PyTorch has it.
    case .relu: .where(a <= 0, 0, 1)
    case .erf: .constant(1.1283791670955126) * .exp(-.square(a))
    case .sin: .cos(a)
    case .cos: -.sin(a)
    case .tan: 1 + .square(y)
    case .arcsin: 1 / .sqrt(1 - .square(a))
    case .arccos: -1 / .sqrt(1 - .square(a))
    case .arctan: 1 / (1 + .square(a))
    case .sinh: .function(.cosh, a)
    case .cosh: .function(.sinh, a)
    case .arsinh: 1 / .sqrt(.square(a) + 1)
    case .arcosh: 1 / .sqrt(.square(a) - 1)
    case .artanh: 1 / (1 - .square(a))
    }
  }

  /// The derivative of `y = a ∘ b`, da and db known.
  private static func derivative(
    _ f: Operator, _ y: Formula, _ a: Formula, _ b: Formula, _ da: Formula, _ db: Formula
  ) -> Formula {
    switch f {
    case .add: return sum(da, db)
    case .subtract: return difference(da, db)
    case .multiply: return sum(product(da, b), product(a, db))
    case .divide: return difference(quotient(da, b), product(db, quotient(y, b)))
    case .power: return powerDerivative(y, a, b, da, db)
    case .maximum: return choose(b < a, da, choose(.equal(a, b), half(da, db), db))
    case .minimum: return choose(a < b, da, choose(.equal(a, b), half(da, db), db))
    case .less, .lessOrEqual, .equal, .floorDivide: return 0
    case .modulo: return difference(da, product(.combined(.floorDivide, a, b), db))
    }
  }

  private static func half(_ a: Formula, _ b: Formula) -> Formula { product(0.5, sum(a, b)) }

  /// `b a^(b − 1) da + aᵇ log(a) db`; where a is 0 the second part is 0.
  private static func powerDerivative(
    _ y: Formula, _ a: Formula, _ b: Formula, _ da: Formula, _ db: Formula
  ) -> Formula {
    let below =
      b.constantValue.map { raised(a, to: $0 - 1) } ?? .power(a, difference(b, 1))
    let byBase = product(da, product(b, below))
    guard db != 0 else { return byBase }
    return sum(byBase, choose(.equal(a, 0), 0, product(db, product(y, .log(a)))))
  }

  private static func raised(_ a: Formula, to exponent: Double) -> Formula {
    switch exponent {
    case 0: 1
    case 1: a
    case 2: .square(a)
    default: .power(a, .constant(exponent))
    }
  }
}

// MARK: Simplification

extension Formula {
  /// a + b.
  package static func sum(_ a: Formula, _ b: Formula) -> Formula {
    if a == 0 { return b }
    if b == 0 { return a }
    if case .constant(let x) = a, case .constant(let y) = b { return .constant(x + y) }
    if case .function(.negate, let c) = b { return difference(a, c) }
    return a + b
  }

  /// a − b.
  package static func difference(_ a: Formula, _ b: Formula) -> Formula {
    if b == 0 { return a }
    if a == 0 { return negated(b) }
    if case .constant(let x) = a, case .constant(let y) = b { return .constant(x - y) }
    if case .function(.negate, let c) = b { return sum(a, c) }
    return a - b
  }

  private static func negated(_ a: Formula) -> Formula {
    if case .constant(let x) = a { return .constant(-x) }
    if case .function(.negate, let c) = a { return c }
    return -a
  }

  /// a · b. A factor that is 1 or 0 in one branch of a choice moves into it, so that relu's gradient
  /// is `dy if x > 0 else 0`.
  package static func product(_ a: Formula, _ b: Formula) -> Formula {
    switch (a, b) {
    case (.constant(let x), .constant(let y)): return .constant(x * y)
    case (0, _), (_, 0): return 0
    case (1, let c), (let c, 1): return c
    case (-1, let c), (let c, -1): return negated(c)
    case (.function(.negate, let c), let d), (let d, .function(.negate, let c)):
      return negated(product(c, d))
    case (let c, .combined(.divide, let d, let e)): return quotient(product(c, d), e)
    case (.combined(.divide, let d, let e), let c): return quotient(product(d, c), e)
    case (let c, .choice(let condition, let d, let e)) where isSimple(d) || isSimple(e):
      return choose(condition, product(c, d), product(c, e))
    case (.choice(let condition, let d, let e), let c) where isSimple(d) || isSimple(e):
      return choose(condition, product(d, c), product(e, c))
    case (.constant(let x), .combined(.multiply, .constant(let y), let c)):
      return product(.constant(x * y), c)
    case (let c, .constant): return b * c
    case (let c, .combined(.multiply, .constant(let y), let d)):
      return .constant(y) * product(c, d)
    default: return a * b
    }
  }

  private static func isSimple(_ a: Formula) -> Bool { a == 0 || a == 1 }

  /// a / b.
  package static func quotient(_ a: Formula, _ b: Formula) -> Formula {
    if a == 0 { return 0 }
    if b == 1 { return a }
    if case .function(.negate, let c) = a { return negated(quotient(c, b)) }
    return a / b
  }

  /// a where the condition holds, else b.
  package static func choose(_ condition: Formula, _ a: Formula, _ b: Formula) -> Formula {
    a == b ? a : .choice(condition, a, b)
  }
}
