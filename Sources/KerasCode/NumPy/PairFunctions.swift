import Foundation
import Tensors

/// Functions of two arrays, element by element.
enum PairFunctions {
  static let all: [ArrayFunction] = [
    operation("add", "+"), operation("subtract", "-"), operation("multiply", "*"),
    operation("divide", "/", "true_divide"), operation("floor_divide", "//"),
    operation("power", "**", "pow"), operation("mod", "%", "remainder"),
    operation("bitwise_and", "&"), operation("bitwise_or", "|"), operation("bitwise_xor", "^"),
    comparison("greater", ">"), comparison("greater_equal", ">="), comparison("less", "<"),
    comparison("less_equal", "<="), comparison("equal", "=="), comparison("not_equal", "!="),
    pair("maximum") { $0.isNaN || $1.isNaN ? .nan : max($0, $1) },
    pair("minimum") { $0.isNaN || $1.isNaN ? .nan : min($0, $1) },
    pair("fmax", in: .numpy) { $0.isNaN ? $1 : $1.isNaN ? $0 : max($0, $1) },
    pair("fmin", in: .numpy) { $0.isNaN ? $1 : $1.isNaN ? $0 : min($0, $1) },
    pair("arctan2", isReal: true) { atan2($0, $1) },
    pair("hypot", isReal: true) { hypot($0, $1) },
    pair("logaddexp", isReal: true) { max($0, $1) + log1p(exp(-abs($0 - $1))) },
    pair("copysign", isReal: true, in: .numpy) { copysign($0, $1) },
    pair("fmod", in: .numpy) { fmod($0, $1) },
    logical("logical_and") { $0 != 0 && $1 != 0 }, logical("logical_or") { $0 != 0 || $1 != 0 },
    logical("logical_xor") { ($0 != 0) != ($1 != 0) },
    pair("squared_difference", in: .ops) { ($0 - $1) * ($0 - $1) },
    ArrayFunction("where", "condition, x=None, y=None", ops: "condition, x1=None, x2=None") {
      try choosing($0, $1)
    },
  ]

  private static func operation(
    _ name: String, _ mark: String, _ aliases: String...
  )
    -> ArrayFunction
  {
    .array(name, "x1, x2", ops: "x1, x2", aliases: aliases, isElementwise: true) { call, flavor in
      let (a, b) = try flavor.operands(call, "x1", "x2")
      let result = try NDArray.operation(mark, a, b)
      return a.kind.isWhole && b.kind.isWhole && result.kind == .float64
        ? result.converted(to: flavor.real) : result
    }
  }

  private static func comparison(_ name: String, _ mark: String) -> ArrayFunction {
    .array(name, "x1, x2", ops: "x1, x2", isElementwise: true) { call, flavor in
      let (a, b) = try flavor.operands(call, "x1", "x2")
      return try NDArray.comparison(mark, a, b)
    }
  }

  private static func pair(
    _ name: String, isReal: Bool = false, in homes: ArrayFunction.Homes = .functions,
    _ f: @escaping @Sendable (Double, Double) -> Double
  ) -> ArrayFunction {
    .array(name, "x1, x2", ops: "x1, x2", in: homes, isElementwise: true) { call, flavor in
      let (a, b) = try flavor.operands(call, "x1", "x2")
      try a.requireNumbers("\(name)()")
      try b.requireNumbers("\(name)()")
      let kind = a.kind.promoted(with: b.kind)
      return try NDArray.combined(a, b, kind: isReal ? flavor.real(kind) : kind, f)
    }
  }

  private static func logical(
    _ name: String, _ f: @escaping @Sendable (Double, Double) -> Bool
  ) -> ArrayFunction {
    .array(name, "x1, x2", ops: "x1, x2", isElementwise: true) { call, flavor in
      try NDArray.combined(
        try flavor.array(call, "x1"), try flavor.array(call, "x2"), kind: .bool
      ) { f($0, $1) ? 1 : 0 }
    }
  }

  /// `where`: elements by a condition, or the positions at which it holds.
  private static func choosing(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> PythonValue {
    let condition = try flavor.array(call, "condition")
    if call["x"].isNone && call["y"].isNone {
      return try SearchFunctions.places(condition, call, flavor)
    }
    guard !call["x"].isNone, !call["y"].isNone else {
      throw Complaint("where() takes a condition alone, or with two choices")
    }
    let (x, y) = try flavor.operands(call, "x", "y")
    let shape = try NDArray.broadcast(condition.shape, try NDArray.broadcast(x.shape, y.shape))
    let kind = x.kind.promoted(with: y.kind)
    let both = NDArray.unified(
      kind == .text ? [x.converted(to: .text), y.converted(to: .text)] : [x, y])
    let (c, a, b) = (
      condition.stretched(to: shape), both[0].stretched(to: shape), both[1].stretched(to: shape)
    )
    let chosen = c.indices.map { c[$0] != 0 ? a[$0] : b[$0] }
    return try call.evaluator.value(
      kind.isNumeric
        ? NDArray(shape: shape, scalars: chosen, kind: kind)
        : NDArray(shape: shape, codes: chosen, labels: both[0].labels, kind: kind))
  }
}
