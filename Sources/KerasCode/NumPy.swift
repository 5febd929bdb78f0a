import Tensors

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// What programs use of NumPy, but for its random numbers.
enum NumPy {
  static func module() -> Namespace {
    let numpy = Namespace("numpy")
    for function in maps + reductions + making + shaping { numpy.add(function) }
    for kind in NDArray.Kind.allCases { numpy.add(kind.name, .object(DType(kind))) }
    numpy.add("bool_", .object(DType(.bool)))
    numpy.add("pi", .number(Double.pi))
    numpy.add("e", .number(M_E))
    numpy.add("inf", .number(.infinity))
    numpy.add("nan", .number(.nan))
    numpy.add("newaxis", .none)
    return numpy
  }

  // MARK: Elementwise

  private static func map(_ name: String, _ f: @escaping (Double) -> Double) -> NativeFunction {
    NativeFunction("\(name)(x)") { call in
      let array = try call.array("x")
      return try call.evaluator.value(
        array.map(kind: array.kind.isWhole ? .float64 : array.kind, f))
    }
  }

  private static func keeping(_ name: String, _ f: @escaping (Double) -> Double) -> NativeFunction {
    NativeFunction("\(name)(x)") { call in
      try call.evaluator.value(try call.array("x").map(f))
    }
  }

  private static func test(_ name: String, _ f: @escaping (Double) -> Bool) -> NativeFunction {
    NativeFunction("\(name)(x)") { call in
      try call.evaluator.value(try call.array("x").map(kind: .bool) { f($0) ? 1 : 0 })
    }
  }

  private static func pair(
    _ name: String, _ f: @escaping (Double, Double) -> Double
  )
    -> NativeFunction
  {
    NativeFunction("\(name)(x, y)") { call in
      let (a, b) = try operands(call, "x", "y")
      return try call.evaluator.value(
        try NDArray.combined(a, b, kind: a.kind.promoted(with: b.kind), f))
    }
  }

  /// Two operands, a plain number taking the kind of the array beside it.
  static func operands(_ call: BoundCall, _ x: String, _ y: String) throws -> (NDArray, NDArray) {
    if case .array(let r) = call[x] {
      return (r.array, try call.evaluator.array(from: call[y], like: r.array))
    }
    if case .array(let r) = call[y] {
      return (try call.evaluator.array(from: call[x], like: r.array), r.array)
    }
    return (try call.array(x), try call.array(y))
  }

  private static func operation(_ name: String, _ mark: String) -> NativeFunction {
    NativeFunction("\(name)(x, y)") { call in
      let (a, b) = try operands(call, "x", "y")
      return try call.evaluator.value(try NDArray.operation(mark, a, b))
    }
  }

  private static var maps: [NativeFunction] {
    [
      map("sin", sin), map("cos", cos), map("tan", tan), map("tanh", tanh), map("exp", exp),
      map("log", log), map("log2", log2), map("log10", log10), map("log1p", log1p),
      map("expm1", expm1), map("sqrt", { $0.squareRoot() }), map("arctan", atan),
      map("sinh", sinh), map("cosh", cosh),
      map("floor", { $0.rounded(.down) }), map("ceil", { $0.rounded(.up) }),
      keeping("abs", { abs($0) }), keeping("absolute", { abs($0) }),
      keeping("square", { $0 * $0 }), keeping("sign", { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }),
      keeping("negative", { -$0 }), test("isnan", \.isNaN), test("isfinite", \.isFinite),
      pair("maximum", { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }),
      pair("minimum", { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }),
      operation("add", "+"), operation("subtract", "-"), operation("multiply", "*"),
      operation("divide", "/"), operation("power", "**"), operation("matmul", "@"),
      operation("dot", "@"), operation("mod", "%"),
      NativeFunction("where(condition, x, y)", choosing),
      NativeFunction("clip(a, a_min, a_max)") { try clipped($0, "a_min", "a_max") },
      NativeFunction("round(a, decimals=0)", rounding),
      NativeFunction("logical_not(x)") { call in
        try call.evaluator.value(try call.array("x").map(kind: .bool) { $0 == 0 ? 1 : 0 })
      },
    ]
  }

  private static func choosing(_ call: BoundCall) throws -> PythonValue {
    let condition = try call.array("condition")
    let (x, y) = try operands(call, "x", "y")
    let shape = try NDArray.broadcast(condition.shape, try NDArray.broadcast(x.shape, y.shape))
    let (c, a, b) = (
      condition.stretched(to: shape), x.stretched(to: shape), y.stretched(to: shape)
    )
    return try call.evaluator.value(
      NDArray(
        shape: shape, scalars: c.indices.map { c[$0] != 0 ? a[$0] : b[$0] },
        kind: x.kind.promoted(with: y.kind)))
  }

  private static func clipped(
    _ call: BoundCall, _ low: String, _ high: String
  ) throws
    -> PythonValue
  {
    let a = try call.array("a")
    let floor = call[low].isNone ? -Double.infinity : try call.number(low)
    let ceiling = call[high].isNone ? Double.infinity : try call.number(high)
    return try call.evaluator.value(a.map { $0.isNaN ? $0 : min(max($0, floor), ceiling) })
  }

  private static func rounding(_ call: BoundCall) throws -> PythonValue {
    let factor = pow(10, Double(try call.integer("decimals", in: -20...20)))
    return try call.evaluator.value(
      try call.array("a").map { ($0 * factor).rounded(.toNearestOrEven) / factor })
  }

  // MARK: Reductions

  private struct Reduction: Sendable {
    let name: String
    let kind: @Sendable (NDArray.Kind) -> NDArray.Kind
    let ofNothing: Bool
    let f: @Sendable ([Double]) -> Double
  }

  private static let table: [Reduction] = {
    @Sendable func summed(_ kind: NDArray.Kind) -> NDArray.Kind {
      kind.isWhole && kind < .int64 ? .int64 : kind
    }
    @Sendable func real(_ kind: NDArray.Kind) -> NDArray.Kind { kind.isWhole ? .float64 : kind }
    return [
      Reduction(name: "sum", kind: summed, ofNothing: true, f: NDArray.sum),
      Reduction(name: "prod", kind: summed, ofNothing: true) { $0.reduce(1, *) },
      Reduction(name: "mean", kind: real, ofNothing: true, f: NDArray.mean),
      Reduction(name: "median", kind: real, ofNothing: true, f: NDArray.median),
      Reduction(name: "max", kind: { $0 }, ofNothing: false, f: NDArray.largest),
      Reduction(name: "min", kind: { $0 }, ofNothing: false, f: NDArray.smallest),
      Reduction(
        name: "argmax", kind: { _ in .int64 }, ofNothing: false, f: NDArray.indexOfLargest),
      Reduction(
        name: "argmin", kind: { _ in .int64 }, ofNothing: false, f: NDArray.indexOfSmallest),
      Reduction(name: "any", kind: { _ in .bool }, ofNothing: true) {
        $0.contains { $0 != 0 } ? 1 : 0
      },
      Reduction(name: "all", kind: { _ in .bool }, ofNothing: true) {
        $0.allSatisfy { $0 != 0 } ? 1 : 0
      },
    ]
  }()

  private static var reductions: [NativeFunction] {
    table.map { reduction in
      NativeFunction("\(reduction.name)(a, axis=None, *, keepdims=False)") {
        try reduce(reduction, try $0.array("a"), $0)
      }
    }
      + ["std", "var"].map { name in
        NativeFunction("\(name)(a, axis=None, *, ddof=0, keepdims=False)") {
          try spread(name, try $0.array("a"), $0)
        }
      } + [NativeFunction("cumsum(a, axis=None)") { try running(try $0.array("a"), $0) }]
  }

  private static func reduce(
    _ reduction: Reduction, _ array: NDArray, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    guard reduction.ofNothing || array.count > 0 else {
      throw Complaint("\(reduction.name)() of an empty array")
    }
    let result = try array.reduced(
      along: try call.axes(), keepAxes: try call.boolean("keepdims"),
      kind: reduction.kind(array.kind), reduction.f)
    return try call.evaluator.value(result.kind.isWhole ? try result.checkedWhole() : result)
  }

  private static func spread(
    _ name: String, _ array: NDArray, _ call: BoundCall
  ) throws
    -> PythonValue
  {
    let freedom = try call.integer("ddof", in: 0...1_000)
    return try call.evaluator.value(
      try array.reduced(
        along: try call.axes(), keepAxes: try call.boolean("keepdims"),
        kind: array.kind.isWhole ? .float64 : array.kind
      ) {
        let variance = NDArray.variance($0, freedom: freedom)
        return name == "std" ? variance.squareRoot() : variance
      })
  }

  private static func running(_ array: NDArray, _ call: BoundCall) throws -> PythonValue {
    guard let axes = try call.axes() else {
      var total = 0.0
      let sums = array.scalars.map { x -> Double in
        total += x
        return total
      }
      return try call.evaluator.value(
        NDArray(
          shape: [array.count], scalars: sums, kind: array.kind == .bool ? .int64 : array.kind))
    }
    let axis = try array.axis(axes.first ?? 0)
    let stride = array.shape.strides[axis]
    var sums = array.scalars
    for i in sums.indices where (i / max(1, stride)) % array.shape[axis] > 0 {
      sums[i] += sums[i - stride]
    }
    return try call.evaluator.value(
      NDArray(shape: array.shape, scalars: sums, kind: array.kind == .bool ? .int64 : array.kind))
  }

  /// A reduction or shape function as a method of an array.
  static func method(_ name: String, of value: PythonValue) -> NativeFunction {
    if let reduction = table.first(where: { $0.name == name }) {
      return NativeFunction("\(name)(axis=None, *, keepdims=False)") {
        try reduce(reduction, try $0.evaluator.array(from: value), $0)
      }
    }
    switch name {
    case "std", "var":
      return NativeFunction("\(name)(axis=None, *, ddof=0, keepdims=False)") {
        try spread(name, try $0.evaluator.array(from: value), $0)
      }
    case "cumsum":
      return NativeFunction("cumsum(axis=None)") {
        try running(try $0.evaluator.array(from: value), $0)
      }
    default:
      return NativeFunction("\(name)(*values)") { call in
        let all = (maps + shaping).first { $0.name == name }
        guard let all else { throw Complaint("arrays have no \(name)()") }
        var arguments = CallArguments(positional: [value])
        if name == "transpose" && !call.rest.isEmpty {
          arguments.positional.append(
            call.rest.count == 1 ? call.rest[0] : try call.evaluator.tuple(call.rest))
        } else {
          arguments.positional += call.rest
        }
        return try all.call(arguments, call.evaluator)
      }
    }
  }

  // MARK: Making arrays

  private static var making: [NativeFunction] {
    [
      NativeFunction("array(object, dtype=None)", converted),
      NativeFunction("asarray(object, dtype=None)", converted),
      NativeFunction("zeros(shape, dtype=None)") { try filled($0, 0) },
      NativeFunction("ones(shape, dtype=None)") { try filled($0, 1) },
      NativeFunction("full(shape, fill_value, dtype=None)") {
        try filled($0, try $0.number("fill_value"))
      },
      NativeFunction("zeros_like(a)") { try alike($0, 0) },
      NativeFunction("ones_like(a)") { try alike($0, 1) },
      NativeFunction("eye(N)") { call in
        let n = try call.integer("N", in: 0...8192)
        var scalars = [Double](repeating: 0, count: n * n)
        for i in 0..<n { scalars[i * n + i] = 1 }
        return try call.evaluator.value(NDArray(shape: [n, n], scalars: scalars))
      },
      NativeFunction("arange(start, stop=None, step=1, dtype=None)", ranged),
      NativeFunction("linspace(start, stop, num=50, endpoint=True, dtype=None)", spaced),
    ]
  }

  private static func converted(_ call: BoundCall) throws -> PythonValue {
    let array = try call.array("object")
    return try call.evaluator.value(try call.kind().map(array.converted) ?? array)
  }

  private static func filled(_ call: BoundCall, _ x: Double) throws -> PythonValue {
    let shape = try Shape.checked(try call.shape("shape"))
    var kind = try call.kind()
    if kind == nil, call["fill_value"].wholeNumber != nil { kind = .int64 }
    return try call.evaluator.value(
      NDArray(
        shape: shape, scalars: [Double](repeating: x, count: shape.count), kind: kind ?? .float64))
  }

  private static func alike(_ call: BoundCall, _ x: Double) throws -> PythonValue {
    try call.evaluator.value(try call.array("a").map { _ in x })
  }

  private static func ranged(_ call: BoundCall) throws -> PythonValue {
    let hasStop = !call["stop"].isNone
    let first = try call.number("start")
    let (start, stop) = hasStop ? (first, try call.number("stop")) : (0, first)
    let step = try call.number("step")
    let width = ((stop - start) / step).rounded(.up)
    guard step != 0, width.isFinite, width <= Double(NDArray.mostElements) else {
      throw Complaint("arange() of too many numbers")
    }
    let isWhole = [call["start"], call["stop"], call["step"]].allSatisfy {
      $0.isNone || $0.wholeNumber != nil
    }
    let scalars = (0..<Int(max(0, width))).map { start + Double($0) * step }
    return try call.evaluator.value(
      NDArray(
        shape: [scalars.count], scalars: scalars,
        kind: try call.kind() ?? (isWhole ? .int64 : .float64)))
  }

  private static func spaced(_ call: BoundCall) throws -> PythonValue {
    let n = try call.integer("num", in: 0...NDArray.mostElements)
    let (start, stop) = (try call.number("start"), try call.number("stop"))
    let includesEnd = try call.boolean("endpoint")
    let kind = try call.kind() ?? .float64
    return try call.evaluator.value(
      linspace(start, stop, n, includesEnd: includesEnd).converted(to: kind))
  }

  /// Evenly spaced numbers, computed as NumPy does: i · step + start, the end exact.
  static func linspace(
    _ start: Double, _ stop: Double, _ n: Int, includesEnd: Bool = true
  )
    -> NDArray
  {
    let parts = Double(includesEnd ? n - 1 : n)
    let step = parts > 0 ? (stop - start) / parts : .nan
    var scalars = (0..<n).map { parts > 0 ? Double($0) * step + start : start }
    if includesEnd && n > 1 { scalars[n - 1] = stop }
    return NDArray(shape: [n], scalars: scalars)
  }
}
