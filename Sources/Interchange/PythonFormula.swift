import Tensors

/// Formulas in Python: `learning_rate * g / (sqrt(v) + 1e-07)`.
///
/// Functions are called by names that NumPy's and PyTorch's side both define.
struct PythonFormula {
  /// The expression for an operand.
  let operand: (Int) -> String
  let setting: (Formula.Setting) -> String

  init(
    setting: @escaping (Formula.Setting) -> String = Self.settingName,
    operand: @escaping (Int) -> String
  ) {
    self.operand = operand
    self.setting = setting
  }

  /// What scripts call what changes from step to step.
  static func settingName(_ setting: Formula.Setting) -> String {
    switch setting {
    case .learningRate: "learning_rate"
    case .updateCount: "update"
    }
  }

  /// How tightly a part holds together.
  private enum Binding: Int { case sum, product, sign, atom }

  func text(_ formula: Formula) -> String { parts(formula).0 }

  private func write(_ formula: Formula, _ least: Binding) -> String {
    let (text, binding) = parts(formula)
    return binding.rawValue < least.rawValue ? "(\(text))" : text
  }

  private func parts(_ formula: Formula) -> (String, Binding) {
    switch formula {
    case .operand(let i): return (operand(i), .atom)
    case .constant(let value):
      let text = PythonText.number(value)
      return (text, text.hasPrefix("-") ? .sign : .atom)
    case .setting(let setting): return (self.setting(setting), .atom)
    case .named(_, let a): return parts(a)
    case .function(.negate, let a): return ("-" + write(a, .sign), .sign)
    case .function(let f, let a): return ("\(Self.name(f))(\(text(a)))", .atom)
    case .combined(let f, let a, let b): return combined(f, a, b)
    case .choice(let condition, let a, let b):
      return ("where(\(text(condition)), \(text(a)), \(text(b)))", .atom)
    }
  }

  private func combined(
    _ f: Formula.Operator, _ a: Formula, _ b: Formula
  ) -> (String, Binding) {
    switch f {
    case .add: (write(a, .sum) + " + " + write(b, .product), .sum)
    case .subtract: (write(a, .sum) + " - " + write(b, .product), .sum)
    case .multiply: (write(a, .product) + " * " + write(b, .sign), .product)
    case .divide: (write(a, .product) + " / " + write(b, .sign), .product)
    case .power, .minimum, .maximum, .less, .lessOrEqual, .equal, .floorDivide, .modulo:
      ("\(Self.name(f))(\(text(a)), \(text(b)))", .atom)
    }
  }

  static func name(_ f: Formula.Function) -> String {
    switch f {
    case .negate: "-"
    case .squareRoot: "sqrt"
    case .reciprocalSquareRoot: "rsqrt"
    case .round: "round_to_even"
    case .absolute, .sign, .square, .reciprocal, .exp, .expm1, .log, .log1p, .tanh, .sigmoid,
      .relu, .erf, .sin, .cos, .tan, .arcsin, .arccos, .arctan, .sinh, .cosh, .arsinh, .arcosh,
      .artanh, .floor, .ceil:
      "\(f)"
    }
  }

  private static func name(_ f: Formula.Operator) -> String {
    switch f {
    case .lessOrEqual: "less_or_equal"
    case .floorDivide: "floor_divide"
    default: "\(f)"
    }
  }
}
