import Tensors

// Examples of formulas and reductions. Arguments are kept within each function's domain.

extension OpCatalog {
  static let formulas: [OpExample] =
    Formula.Function.allCases.map { f in
      OpExample("formula \(f)", FormulaOp("\(f)") { .function(f, f.argument($0)) }, [rows])
    }
    + Formula.Operator.allCases.map { f in
      OpExample(
        "formula \(f) of rows and a bias",
        FormulaOp("\(f)") { a, b in
          f == .power ? .combined(f, 0.5 + .abs(a), .tanh(b)) : .combined(f, a, f.second(b))
        }, [rows, ("b", "b", [4])])
    } + [
      OpExample(
        "gelu", FormulaOp("gelu") { x in 0.5 * x * (1 + .erf(x / .sqrt(2))) }, [rows]),
      OpExample(
        "softplus", FormulaOp("softplus") { x in .max(x, 0) + .log1p(.exp(-.abs(x))) }, [rows]),
      OpExample(
        "elu", FormulaOp("elu") { x in .where(x > 0, x, .named("α", 0.7) * .expm1(x)) }, [rows]),
      OpExample(
        "clipped", FormulaOp("clipped") { x in .clip(x, -0.5, 1) * .power(x, 3) }, [rows]),
      OpExample(
        "product with a number for each row", FormulaOp("scaled") { x, s in x * s + s },
        [rows, ("s", "s", [3, 1])]),
      OpExample(
        "product with one number", FormulaOp("scaled") { x, s in x * .square(s) },
        [("x", "x", [2, 3, 2]), ("s", "s", [1])]),
      OpExample(
        "sum of three", FormulaOp("sum", .operand(0) + .operand(1) - .operand(2)),
        [rows, ("b", "b", [4]), ("c", "c", [3, 4])]),
      OpExample("zero", FormulaOp("zero") { x in .sign(x) * 0.5 }, [rows]),
    ]
    + Reduction.allCases.flatMap { reduction in
      [
        OpExample(
          "\(reduction) of rows", ReduceOp(reduction, axes: 1..<2, keepsAxes: true), [rows]),
        OpExample(
          "\(reduction) over the batch", ReduceOp(reduction, axes: 0..<1), [rows]),
        OpExample(
          "\(reduction) in the middle", ReduceOp(reduction, axes: 1..<3),
          [("x", "x", [2, 2, 2, 3])]),
      ]
    }

  private static let rows: (name: String, symbol: String, shape: Shape) = ("x", "x", [3, 4])
}

extension Formula.Function {
  /// Of any x, an argument within the function's domain.
  fileprivate func argument(_ x: Formula) -> Formula {
    switch self {
    case .squareRoot, .reciprocalSquareRoot, .log: 0.5 + .square(x)
    case .reciprocal: 1.5 + .abs(x)
    case .log1p, .exp, .expm1, .sinh, .cosh: .abs(x) * 0.5
    case .arcsin, .arccos, .artanh, .tan: 0.9 * .tanh(x)
    case .arcosh: 1.5 + .square(x)
    default: x
    }
  }
}

extension Formula.Operator {
  /// Of any b, a second operand that one can divide by.
  fileprivate func second(_ b: Formula) -> Formula {
    switch self {
    case .divide, .floorDivide, .modulo: 1.5 + .square(b)
    default: b
    }
  }
}
