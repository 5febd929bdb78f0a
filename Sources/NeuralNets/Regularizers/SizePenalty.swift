import Autodiff
import Tensors

/// `λ₁ Σ |x| + λ₂ Σ x²`: the first drives small numbers to 0 (Tibshirani 1996), the second keeps all
/// of them small (Hoerl & Kennard 1970).
struct SizePenalty: Sendable {
  let l1, l2: Double

  func penalty(of x: Value, into builder: inout GraphBuilder) -> Value {
    var sums: [Value] = []
    var total: Formula?
    func add(_ name: String, _ symbol: String, _ factor: Double, _ size: Formula) {
      let each = builder.formula(name, symbol, size, [x])
      let term = .named("λ", factor) * Formula.operand(sums.count)
      total = total.map { $0 + term } ?? term
      sums.append(builder.reduce(.sum, each))
    }
    let symbol = builder.symbol(of: x)
    // Without either it is nothing still.
    if l1 != 0 || l2 == 0 { add("absolute", "|\(symbol)|", l1, .abs(.operand(0))) }
    if l2 != 0 { add("square", symbol + "²", l2, .square(.operand(0))) }
    return builder.formula("penalty", "R", total ?? 0, sums)
  }

  static func factor(_ name: String, _ standard: Double, _ help: String) -> ArgumentSpec {
    .number(name, 0...1e30, standard, help)
  }
}

/// `λ Σ |x|`.
package struct L1: Regularizer {
  package static let entry = ComponentClass(
    "L1", ["l1"], [SizePenalty.factor("l1", 0.01, "cost of each unit of size")],
    "small weights become 0")
  private let size: SizePenalty

  package init(_ arguments: Arguments) {
    size = SizePenalty(l1: arguments.number("l1"), l2: 0)
  }

  package func penalty(of x: Value, into builder: inout GraphBuilder) -> Value {
    size.penalty(of: x, into: &builder)
  }
}

/// `λ Σ x²`.
package struct L2: Regularizer {
  package static let entry = ComponentClass(
    "L2", ["l2"], [SizePenalty.factor("l2", 0.01, "cost of each unit of square")],
    "no weight grows large")
  private let size: SizePenalty

  package init(_ arguments: Arguments) {
    size = SizePenalty(l1: 0, l2: arguments.number("l2"))
  }

  package func penalty(of x: Value, into builder: inout GraphBuilder) -> Value {
    size.penalty(of: x, into: &builder)
  }
}

/// `λ₁ Σ |x| + λ₂ Σ x²`, nothing by default.
package struct L1L2: Regularizer {
  package static let entry = ComponentClass(
    "L1L2", ["l1l2"],
    [
      SizePenalty.factor("l1", 0, "cost of each unit of size"),
      SizePenalty.factor("l2", 0, "cost of each unit of square"),
    ], "both at once")
  private let size: SizePenalty

  package init(_ arguments: Arguments) {
    size = SizePenalty(l1: arguments.number("l1"), l2: arguments.number("l2"))
  }

  package func penalty(of x: Value, into builder: inout GraphBuilder) -> Value {
    size.penalty(of: x, into: &builder)
  }
}
