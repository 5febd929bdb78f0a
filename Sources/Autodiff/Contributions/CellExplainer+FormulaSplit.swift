import Tensors

// Formulas as sums over their operands.

extension CellExplainer {
  /// A formula as what each of its operands contributes, in Float64; what depends on settings alone
  /// is computed in Float32, as the kernel does once a call.
  func split(_ formula: Formula, _ operand: (Int) -> Operand) -> CellSplit {
    if let constant = formula.constantValue {
      return CellSplit(constant: formula.text(operands: []), Double(Float(constant)))
    }
    if formula.operands.isEmpty {
      let number: Float = formula.folded.value(of: { _ in 0 }, environment)
      return CellSplit(constant: formula.text(operands: []), Double(number))
    }
    switch formula {
    case .operand(let i): return term([operand(i)])
    case .constant, .setting: return CellSplit()
    case .named(_, let part): return split(part, operand)
    case .choice(let condition, let a, let b):
      return split(split(condition, operand).total != 0 ? a : b, operand)
    case .function(let f, let a): return function(f, split(a, operand))
    case .combined(let f, let a, let b):
      return combined(f, (a, split(a, operand)), (b, split(b, operand)), operand)
    }
  }

  private func function(_ f: Formula.Function, _ u: CellSplit) -> CellSplit {
    func value(_ x: Double) -> Double {
      Formula.function(f, .operand(0)).value(of: { _ in x }, environment)
    }
    let y = value(u.total)
    switch f {
    case .negate: return u.scaled(by: -1)
    case .square: return u.scaled(by: u)
    case .floor, .ceil, .round: return CellSplit(constant: "\(f)", y)
    default:
      let slope: Double = Formula.function(f, .operand(0)).derivative(by: 0)
        .value(of: { _ in u.total }, environment)
      return u.mapped("\(f)", y, atZero: value(0), slope: slope)
    }
  }

  private typealias Side = (formula: Formula, split: CellSplit)

  private func combined(
    _ f: Formula.Operator, _ a: Side, _ b: Side, _ operand: (Int) -> Operand
  ) -> CellSplit {
    let y = f.value(a.split.total, b.split.total, environment)
    switch f {
    case .add: return a.split + b.split
    case .subtract: return a.split + b.split.scaled(by: -1)
    case .multiply: return product(a, b)
    case .divide:
      guard !a.split.parts.isEmpty else {
        let u = b.split.total
        return b.split.mapped("1/x", y, atZero: .infinity, slope: -y / u)
      }
      return a.split.scaled(by: 1 / b.split.total)
    case .power:
      guard !a.split.parts.isEmpty else {
        let slope = y * Double.log(a.split.total)
        return b.split.mapped("power", y, atZero: 1, slope: slope)
      }
      let exponent = b.split.total
      return a.split.mapped(
        "power", y, atZero: exponent > 0 ? 0 : exponent == 0 ? 1 : .infinity,
        slope: exponent * Double.power(a.split.total, exponent - 1))
    case .maximum, .minimum: return extreme(f, a.split, b.split, y)
    case .less, .lessOrEqual, .equal, .floorDivide: return CellSplit(constant: "\(f)", y)
    case .modulo:
      return a.split + CellSplit(constant: "whole times", y - a.split.total)
    }
  }

  /// Which side of a product carries the signal: the one that is linear where the other is not, else
  /// gradients before activations before weights; of two alike each gets half.
  private func product(_ a: Side, _ b: Side) -> CellSplit {
    if b.split.parts.isEmpty { return a.split.scaled(by: b.split) }
    if a.split.parts.isEmpty { return b.split.scaled(by: a.split) }
    func rank(_ split: CellSplit) -> Int {
      split.parts.map { self.rank(of: $0.place.value) }.max() ?? 0
    }
    let (left, right) = (rank(a.split), rank(b.split))
    if a.formula.isLinear != b.formula.isLinear {
      return a.formula.isLinear ? a.split.scaled(by: b.split) : b.split.scaled(by: a.split)
    }
    guard left == right else {
      return left > right ? a.split.scaled(by: b.split) : b.split.scaled(by: a.split)
    }
    return a.split.scaled(by: b.split).scaled(by: 0.5)
      + b.split.scaled(by: a.split).scaled(by: 0.5)
  }

  /// The larger or the smaller; of two that are equal each gets half. Beside a constant it is a
  /// function of the other, as a limit is.
  private func extreme(
    _ f: Formula.Operator, _ a: CellSplit, _ b: CellSplit, _ y: Double
  ) -> CellSplit {
    if a.parts.isEmpty || b.parts.isEmpty {
      let (u, limit) = a.parts.isEmpty ? (b, a.total) : (a, b.total)
      return u.mapped(
        "\(f)", y, atZero: f.value(0, limit, environment), slope: u.total == y ? 1 : 0)
    }
    if a.total == b.total { return a.scaled(by: 0.5) + b.scaled(by: 0.5) }
    return y == a.total ? a : b
  }
}

extension Formula.Operator {
  fileprivate func value(_ a: Double, _ b: Double, _ environment: StepEnvironment) -> Double {
    Formula.combined(self, .operand(0), .operand(1))
      .value(of: { $0 == 0 ? a : b }, environment)
  }
}

extension Formula {
  /// Whether it is a sum of operands, each times what may be a scale: such a factor carries the
  /// signal where the other does not.
  fileprivate var isLinear: Bool {
    guard !operands.isEmpty else { return false }
    func fits(_ part: Formula) -> Bool { part.operands.isEmpty || part.isLinear }
    return switch self {
    case .operand: true
    case .constant, .setting: false
    case .named(_, let a), .function(.negate, let a): a.isLinear
    case .function: false
    case .combined(.add, let a, let b), .combined(.subtract, let a, let b): fits(a) && fits(b)
    case .combined(.multiply, let a, let b): a.isLinear || b.isLinear
    case .combined(.divide, let a, _): a.isLinear
    case .combined: false
    case .choice(_, let a, let b): fits(a) && fits(b)
    }
  }
}
