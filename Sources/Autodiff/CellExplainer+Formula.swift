import Tensors

// Formulas and reductions.

extension CellExplainer {
  /// A formula with the numbers of one cell: choices are made, and why is said.
  func formula(
    _ formula: Formula, _ operands: [Value], _ layout: OperandLayout, _ offset: Int
  ) -> CellExplanation.Body {
    func number(_ i: Int) -> Operand {
      operand(operands[i], layout.modes[i].offset(of: offset, columns: layout.columns))
    }
    func value(_ part: Formula) -> Double {
      part.folded.value(of: { Double(number($0).value) }, environment)
    }
    func named(_ leaf: Formula.Leaf) -> Operand {
      switch leaf {
      case .operand(let i): number(i)
      case .setting(.learningRate): Operand("lr", Float(environment.learningRate))
      case .setting(.updateCount): Operand("t", Float(environment.step + 1))
      case .named(let name, let part): Operand(name, Float(value(part)))
      case .constant(let constant): Operand("\(Float(constant))", Float(constant))
      }
    }
    let (decided, conditions) = formula.decided(value)
    var (text, leaves) = decided.template
    for (i, (condition, holds)) in conditions.enumerated() {
      let reason = condition.reason(holds: holds)
      let (left, right) = (reason.left.template, reason.right.template)
      text += (i == 0 ? ", because " : " and ") + left.text + reason.words + right.text
      leaves += left.leaves + right.leaves
    }
    return .formula(text, leaves.map(named))
  }

  func reduction(
    _ reduction: Reduction, _ x: Value, _ geometry: ReductionGeometry, _ offset: Int
  ) -> CellExplanation.Body {
    let places = geometry.places(of: offset)
    let numbers = places.map { operand(x, $0) }
    switch reduction {
    case .sum, .mean:
      let share = Operand("1/\(geometry.count)", 1 / Float(geometry.count))
      return .sum(
        zip(places, numbers).map { place, number in
          // The rows of a list are its numbers.
          let row = self.place(x, x.shape.rank > 1 ? place / max(x.shape.last, 1) : place)
          return SumTerm(
            reduction == .mean ? [number, share] : [number],
            example: geometry.outer == 1 ? row.example : nil,
            time: geometry.outer == 1 ? row.time : nil)
        })
    case .maximum, .minimum:
      return .formula(
        (reduction == .maximum ? "max(" : "min(")
          + numbers.map { _ in "{}" }.joined(separator: ", ") + ")", numbers)
    case .product:
      return .formula(numbers.map { _ in "{}" }.joined(separator: " × "), numbers)
    }
  }

  func reductionGradient(
    _ reduction: Reduction, _ x: Value, _ y: Value, _ dy: Value, _ geometry: ReductionGeometry,
    _ offset: Int
  ) -> CellExplanation.Body {
    let result = geometry.result(of: offset)
    let (given, own, output) = (operand(dy, result), operand(x, offset), operand(y, result))
    let places = geometry.places(of: result)
    switch reduction {
    case .sum: return .sum([SumTerm([given])])
    case .mean: return .formula("{} / \(geometry.count)", [given])
    case .product:
      let others = places.filter { $0 != offset }.map { operand(x, $0) }
      return .formula(
        "{}" + others.map { _ in " × {}" }.joined(), [given] + others)
    case .maximum, .minimum:
      guard own.value == output.value else {
        return .formula("0, because {} is not {}", [own, output])
      }
      let equal = places.count { read(x, $0) == output.value }
      return .formula(
        (equal == 1 ? "{}" : "{} / \(equal)") + ", because {} = {}", [given, own, output])
    }
  }
}
