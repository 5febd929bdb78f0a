import Foundation
import Tensors

/// Functions of each element by itself, one line each.
enum ElementwiseFunctions {
  /// What kind a result has.
  enum Rule: Sendable {
    /// A fraction: floats stay, whole numbers become floats.
    case real
    /// The kind of the operand.
    case same
    /// True or False.
    case test
  }

  struct Function: Sendable {
    let name: String
    let rule: Rule
    let aliases: [String]
    let homes: ArrayFunction.Homes
    let f: @Sendable (Double) -> Double
  }

  private static func real(
    _ name: String, _ aliases: String..., in homes: ArrayFunction.Homes = .functions,
    _ f: @escaping @Sendable (Double) -> Double
  ) -> Function { Function(name: name, rule: .real, aliases: aliases, homes: homes, f: f) }

  private static func same(
    _ name: String, _ aliases: String..., in homes: ArrayFunction.Homes = .functions,
    _ f: @escaping @Sendable (Double) -> Double
  ) -> Function { Function(name: name, rule: .same, aliases: aliases, homes: homes, f: f) }

  private static func test(
    _ name: String, _ f: @escaping @Sendable (Double) -> Bool
  ) -> Function {
    Function(name: name, rule: .test, aliases: [], homes: .functions) { f($0) ? 1 : 0 }
  }

  static let table: [Function] = [
    real("sin") { sin($0) }, real("cos") { cos($0) }, real("tan") { tan($0) },
    real("arcsin", "asin") { asin($0) }, real("arccos", "acos") { acos($0) },
    real("arctan", "atan") { atan($0) }, real("sinh") { sinh($0) }, real("cosh") { cosh($0) },
    real("tanh") { tanh($0) }, real("arcsinh", "asinh") { asinh($0) },
    real("arccosh", "acosh") { acosh($0) }, real("arctanh", "atanh") { atanh($0) },
    real("exp") { exp($0) }, real("exp2") { exp2($0) }, real("expm1") { expm1($0) },
    real("log") { log($0) }, real("log2") { log2($0) }, real("log10") { log10($0) },
    real("log1p") { log1p($0) }, real("sqrt") { $0.squareRoot() },
    real("cbrt", in: .numpy) { cbrt($0) },
    real("deg2rad", "radians") { $0 * (Double.pi / 180) },
    real("rad2deg", "degrees", in: .numpy) { $0 * (180 / Double.pi) },
    real("sinc", in: .numpy) { $0 == 0 ? 1 : sin(Double.pi * $0) / (Double.pi * $0) },
    real("fabs", in: .numpy) { abs($0) },
    same("floor") { $0.rounded(.down) }, same("ceil") { $0.rounded(.up) },
    same("trunc", "fix") { $0.rounded(.towardZero) },
    same("rint", in: .numpy) { $0.rounded(.toNearestOrEven) },
    same("absolute", "abs") { abs($0) }, same("square") { $0 * $0 },
    same("sign") { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, same("negative") { -$0 },
    same("positive", in: .numpy) { $0 }, real("reciprocal") { 1 / $0 },
    test("isnan") { $0.isNaN }, test("isfinite") { $0.isFinite }, test("isinf") { $0.isInfinite },
    test("logical_not") { $0 == 0 }, test("signbit") { $0.sign == .minus },
    real("rsqrt", in: .ops) { 1 / $0.squareRoot() },
    real("sigmoid", in: .ops) { Activations.sigmoid($0) },
    real("softplus", in: .ops) { Activations.softplus($0) },
    real("softsign", in: .ops) { $0 / (1 + abs($0)) },
    real("log_sigmoid", in: .ops) { -Activations.softplus(-$0) },
    real("silu", "swish", in: .ops) { $0 * Activations.sigmoid($0) },
    same("relu", in: .ops) { max(0, $0) }, same("relu6", in: .ops) { min(max(0, $0), 6) },
    real("hard_sigmoid", in: .ops) { min(max($0 / 6 + 0.5, 0), 1) },
    real("hard_silu", in: .ops) { $0 * min(max($0 / 6 + 0.5, 0), 1) },
    real("selu", in: .ops) {
      1.0507009873554805 * ($0 > 0 ? $0 : 1.6732632423543772 * expm1($0))
    },
    real("erf", in: .ops) { erf($0) },
  ]

  static let all: [ArrayFunction] =
    table.map { entry in
      .array(
        entry.name, "x", aliases: entry.aliases, in: entry.homes, isElementwise: true
      ) { call, flavor in
        let x = try flavor.array(call, "x")
        let kind =
          switch entry.rule {
          case .real: flavor.real(x.kind)
          case .same: x.kind
          case .test: NDArray.Kind.bool
          }
        return x.map(kind: kind, entry.f)
      }
    } + special

  /// Those that take more than an operand.
  private static let special: [ArrayFunction] = [
    .array(
      "round", "a, decimals=0, out=None", ops: "x, decimals=0", aliases: ["around"],
      in: .everywhere, isElementwise: true
    ) { call, flavor in
      let a = try flavor.array(call, "a")
      let digits = try call.integer("decimals", in: -20...20)
      let factor = pow(10, Double(abs(digits)))
      if a.kind.isWhole && digits >= 0 { return a }
      return a.map {
        digits >= 0
          ? ($0 * factor).rounded(.toNearestOrEven) / factor
          : ($0 / factor).rounded(.toNearestOrEven) * factor
      }
    },
    .array(
      "clip", "a, a_min=None, a_max=None, min=None, max=None", ops: "x, x_min, x_max",
      in: .functions, isElementwise: true
    ) { call, flavor in try clipped(call, flavor) },
    .array("nan_to_num", "x, copy=True, nan=0.0, posinf=None, neginf=None", isElementwise: true) {
      call, flavor in
      let x = try flavor.array(call, "x")
      let nan = try call.number("nan")
      let most =
        x.kind == .float32 ? Double(Float.greatestFiniteMagnitude) : Double.greatestFiniteMagnitude
      let high = call["posinf"].isNone ? most : try call.number("posinf")
      let low = call["neginf"].isNone ? -most : try call.number("neginf")
      return x.map { $0.isNaN ? nan : $0 == .infinity ? high : $0 == -.infinity ? low : $0 }
    },
    activation("leaky_relu", "x, negative_slope=0.2") { x, slope in x >= 0 ? x : slope * x },
    activation("elu", "x, alpha=1.0") { x, alpha in x >= 0 ? x : alpha * expm1(x) },
    activation("celu", "x, alpha=1.0") { x, alpha in max(0, x) + min(0, alpha * expm1(x / alpha)) },
    activation("gelu", "x, approximate=True") { x, approximate in
      approximate != 0
        ? 0.5 * x * (1 + tanh((2 / Double.pi).squareRoot() * (x + 0.044715 * x * x * x)))
        : 0.5 * x * (1 + erf(x / 2.0.squareRoot()))
    },
  ]

  /// An activation with one number beside its operand.
  private static func activation(
    _ name: String, _ parameters: String, _ f: @escaping @Sendable (Double, Double) -> Double
  ) -> ArrayFunction {
    .array(name, parameters, ops: parameters, in: .ops, isElementwise: true) { call, flavor in
      let x = try flavor.array(call, "x")
      let other = call.order.count > 1 ? try call.number(call.order[1]) : 0
      return x.map(kind: flavor.real(x.kind)) { f($0, other) }
    }
  }

  static func clipped(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    var a = try flavor.array(call, "a")
    for (names, isLow) in [(["a_min", "min"], true), (["a_max", "max"], false)] {
      guard let name = names.first(where: { !call[$0].isNone }) else { continue }
      let bound = try call.evaluator.operandLike(call[name], a)
      a = try NDArray.combined(a, bound, kind: a.kind.promoted(with: bound.kind)) {
        $0.isNaN || $1.isNaN ? .nan : isLow ? max($0, $1) : min($0, $1)
      }
    }
    return a
  }
}

/// Activations that other functions are made of.
enum Activations {
  /// 1 / (1 + e⁻ˣ), without overflow.
  static func sigmoid(_ x: Double) -> Double {
    x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
  }

  /// log(1 + eˣ), without overflow.
  static func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
