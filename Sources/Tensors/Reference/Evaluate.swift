import Foundation

extension Reference {
  /// Formulas, number by number: every result of one place is computed, then all are written.
  ///
  /// An operand has a number for each place of [rows, columns], one for each row or each column, or
  /// one for all.
  static func evaluate<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    guard let program = call.program else { preconditionFailure("evaluate needs a program") }
    let (rows, columns) = (call.sizes[0], call.sizes[1])
    for place in 0..<rows * columns {
      let results = program.outputs.map { output in
        output.formula.value(
          of: { i in
            let mode = OperandMode(rawValue: call.sizes[2 + i]) ?? .full
            return call[i][mode.offset(of: place, columns: columns)]
          }, call.environment)
      }
      for (output, result) in zip(program.outputs, results) {
        call[output.buffer][place] = result
      }
    }
  }
}

extension Formula {
  /// Its number for these operands.
  package func value<Scalar: ReferenceScalar>(
    of operand: (Int) -> Scalar, _ environment: StepEnvironment
  ) -> Scalar {
    switch self {
    case .operand(let i): return operand(i)
    case .constant(let value): return Scalar(value)
    case .setting(.learningRate): return Scalar(environment.learningRate)
    case .setting(.updateCount): return Scalar(environment.step + 1)
    case .named(_, let a): return a.value(of: operand, environment)
    case .function(let f, let a): return f.apply(to: a.value(of: operand, environment))
    case .combined(let f, let a, let b):
      return f.apply(to: a.value(of: operand, environment), b.value(of: operand, environment))
    case .choice(let condition, let a, let b):
      let holds = condition.value(of: operand, environment) != 0
      return (holds ? a : b).value(of: operand, environment)
    }
  }
}

extension Formula.Function {
  func apply<Scalar: ReferenceScalar>(to x: Scalar) -> Scalar {
    switch self {
    case .negate: -x
    case .absolute: x.magnitude
    case .sign: x > 0 ? 1 : x < 0 ? -1 : x
    case .square: x * x
    case .squareRoot: x.squareRoot()
    case .reciprocalSquareRoot: 1 / x.squareRoot()
    case .reciprocal: 1 / x
    case .exp: Scalar.exp(x)
    case .log: Scalar.log(x)
    case .tanh: Scalar.tanh(x)
    case .sigmoid: 1 / (1 + Scalar.exp(-x))
    case .relu: x < 0 ? 0 : x
    case .floor: x.rounded(.down)
    case .ceil: x.rounded(.up)
    case .round: x.rounded(.toNearestOrEven)
    case .expm1, .log1p, .erf, .sin, .cos, .tan, .arcsin, .arccos, .arctan, .sinh, .cosh, .arsinh,
      .arcosh, .artanh:
      Scalar(inDouble(Double(x)))
    }
  }

  /// The rarer functions, by the C library.
  private func inDouble(_ x: Double) -> Double {
    switch self {
    case .expm1: Foundation.expm1(x)
    case .log1p: Foundation.log1p(x)
    case .erf: Foundation.erf(x)
    case .sin: Foundation.sin(x)
    case .cos: Foundation.cos(x)
    case .tan: Foundation.tan(x)
    case .arcsin: Foundation.asin(x)
    case .arccos: Foundation.acos(x)
    case .arctan: Foundation.atan(x)
    case .sinh: Foundation.sinh(x)
    case .cosh: Foundation.cosh(x)
    case .arsinh: Foundation.asinh(x)
    case .arcosh: Foundation.acosh(x)
    case .artanh: Foundation.atanh(x)
    default: apply(to: x)
    }
  }
}

extension Formula.Operator {
  func apply<Scalar: ReferenceScalar>(to a: Scalar, _ b: Scalar) -> Scalar {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: Scalar.power(a, b)
    case .minimum: b < a || b.isNaN ? b : a
    case .maximum: b > a || b.isNaN ? b : a
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .floorDivide: (a / b).rounded(.down)
    case .modulo: a - (a / b).rounded(.down) * b
    }
  }
}
