#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `import math`.
enum MathNames {
  static func module() -> Namespace {
    let math = Namespace("math")
    functions(math)
    whole(math)
    for (name, value) in [
      ("pi", Double.pi), ("e", M_E), ("tau", 2 * Double.pi), ("inf", .infinity), ("nan", .nan),
    ] {
      math.add(name, .number(value))
    }
    return math
  }

  private static let unary: [(String, @Sendable (Double) -> Double)] = [
    ("sin", { sin($0) }), ("cos", { cos($0) }), ("tan", { tan($0) }), ("asin", { asin($0) }),
    ("acos", { acos($0) }), ("atan", { atan($0) }),
    ("sinh", { sinh($0) }), ("cosh", { cosh($0) }), ("tanh", { tanh($0) }),
    ("asinh", { asinh($0) }), ("acosh", { acosh($0) }),
    ("atanh", { atanh($0) }), ("exp", { exp($0) }), ("expm1", { expm1($0) }),
    ("log1p", { log1p($0) }), ("log2", { log2($0) }),
    ("log10", { log10($0) }), ("sqrt", { $0.squareRoot() }), ("fabs", { abs($0) }),
    ("erf", { erf($0) }),
    ("erfc", { erfc($0) }), ("gamma", { tgamma($0) }), ("lgamma", { lgamma($0) }),
    ("radians", { $0 * (Double.pi / 180) }), ("degrees", { $0 * (180 / Double.pi) }),
  ]

  private static func checked(
    _ result: Double, of x: Double, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    guard !result.isNaN || x.isNaN, result.isFinite || !x.isFinite else {
      let isRange = result.isInfinite && call.function != "log" && !call.function.hasPrefix("log")
      throw Complaint(
        "\(call.function)() got \(call["x"].described) for \"x\"",
        remedy: "it takes a number that \(call.function)() is defined for", at: .argument(0),
        as: isRange
          ? .raised("OverflowError", "math range error")
          : .raised("ValueError", "math domain error"))
    }
    return .number(result)
  }

  private static func functions(_ math: Namespace) {
    for (name, f) in unary {
      math.add(
        NativeFunction("\(name)(x)") { call in
          if let symbolic = try SymbolicOperations.unary(name, call) { return symbolic }
          let x = try call.number("x")
          return try checked(f(x), of: x, call)
        })
    }
    math.add(
      NativeFunction("log(x, base=None)") { call in
        if let symbolic = try SymbolicOperations.unary("log", call) { return symbolic }
        let x = try call.number("x")
        let natural = try checked(log(x), of: x, call)
        guard !call["base"].isNone, let top = natural.anyNumber else { return natural }
        return try checked(top / log(try call.number("base")), of: x, call)
      })
    for (name, f) in [
      ("atan2", atan2), ("copysign", copysign), ("fmod", fmod),
      ("hypot", hypot), ("pow", pow),
    ] as [(String, (Double, Double) -> Double)] {
      math.add(
        NativeFunction("\(name)(x, y)") { call in
          let x = try call.number("x")
          return try checked(f(x, try call.number("y")), of: x, call)
        })
    }
    for (name, f) in [
      ("isnan", { $0.isNaN }), ("isinf", { $0.isInfinite }), ("isfinite", { $0.isFinite }),
    ] as [(String, (Double) -> Bool)] {
      math.add(NativeFunction("\(name)(x)") { .boolean(f(try $0.number("x"))) })
    }
    math.add(
      NativeFunction("isclose(a, b, rel_tol=1e-09, abs_tol=0.0)") { call in
        let (a, b) = (try call.number("a"), try call.number("b"))
        let gap = abs(a - b)
        let relative = try call.number("rel_tol") * max(abs(a), abs(b))
        let allowed = max(relative, try call.number("abs_tol"))
        return .boolean(a == b || gap.isFinite && gap <= allowed)
      })
    math.add(
      NativeFunction("dist(p, q)") { call in
        let p = try Builtins.items(call, "p").compactMap(\.anyNumber)
        let q = try Builtins.items(call, "q").compactMap(\.anyNumber)
        return .number(zip(p, q).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot())
      })
    math.add(
      NativeFunction("fsum(items)") { call in
        .number(try Builtins.items(call, "items").reduce(0) { $0 + ($1.anyNumber ?? 0) })
      })
    math.add(
      NativeFunction("prod(items, start=1)") { call in
        var total = call["start"]
        for item in try Builtins.items(call, "items") {
          total = try call.evaluator.operate(total, "*", item, at: call.evaluator.callPlace)
        }
        return total
      })
  }

  private static func whole(_ math: Namespace) {
    for (name, rule) in [
      ("floor", FloatingPointRoundingRule.down), ("ceil", .up), ("trunc", .towardZero),
    ] {
      math.add(
        NativeFunction("\(name)(x)") { call in
          if let i = call["x"].wholeNumber { return .integer(i) }
          guard let i = Int(exactly: try call.number("x").rounded(rule)) else {
            throw call.unsuitable("x", wanted: "a finite number")
          }
          return .integer(i)
        })
    }
    math.add(
      NativeFunction("factorial(n)") { call in
        .integer((0..<(try call.integer("n", in: 0...20))).reduce(1) { $0 * ($1 + 1) })
      })
    math.add(
      NativeFunction("isqrt(n)") { call in
        let n = try call.integer("n", in: 0...Int.max)
        var root = Int(Double(n).squareRoot())
        while root > n / max(1, root) { root -= 1 }
        while (root + 1) <= n / (root + 1) { root += 1 }
        return .integer(root)
      })
    math.add(
      NativeFunction("comb(n, k)") { call in
        let n = try call.integer("n", in: 0...10_000)
        let k = try call.integer("k", in: 0...10_000)
        return try ratio(n, min(k, n - k), call)
      })
    for name in ["gcd", "lcm"] {
      math.add(
        NativeFunction("\(name)(*numbers)") { call in
          let all = try call.rest.map { value in
            guard let i = value.wholeNumber, i != Int.min else {
              throw Complaint("\(name)() takes whole numbers")
            }
            return abs(i)
          }
          let divisor = all.reduce(0) { commonDivisor($0, $1) }
          guard name == "lcm" else { return .integer(divisor) }
          return .integer(
            try all.reduce(1) { total, i in
              guard i != 0 else { return 0 }
              let (product, overflow) = (total / commonDivisor(total, i))
                .multipliedReportingOverflow(by: i)
              guard !overflow else { throw Complaint("a whole number beyond ±\(Int.max)") }
              return product
            })
        })
    }
  }

  /// n over k.
  private static func ratio(_ n: Int, _ k: Int, _ call: BoundCall) throws -> PythonValue {
    guard k >= 0 else { return .integer(0) }
    var result = 1
    for i in 0..<k {
      let (product, overflow) = result.multipliedReportingOverflow(by: n - i)
      guard !overflow else {
        throw Complaint(
          "a whole number beyond ±\(Int.max)", as: .raised("OverflowError", "too large"))
      }
      result = product / (i + 1)
    }
    return .integer(result)
  }

  private static func commonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
