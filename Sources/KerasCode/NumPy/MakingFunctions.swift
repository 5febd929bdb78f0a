import Foundation
import Tensors

/// Functions that make arrays.
enum MakingFunctions {
  static let all: [ArrayFunction] = [
    .array("array", "object, dtype=None, copy=True, ndmin=0", ops: "object, dtype=None") {
      try converted($0, $1, "object")
    },
    .array("asarray", "a, dtype=None", aliases: ["ascontiguousarray", "asanyarray"], in: .numpy) {
      try converted($0, $1, "a")
    },
    .array("copy", "a", in: .functions) { try $1.operand($0, "a") },
    filled("zeros", 0), filled("ones", 1), filled("empty", 0),
    .array("full", "shape, fill_value, dtype=None", ops: "shape, fill_value, dtype=None") {
      call, flavor in
      let shape = try Shape.checked(try call.shape("shape"))
      let value = try flavor.operand(call, "fill_value")
      let kind = try call.kind() ?? value.kind
      return value.with(shape: shape, scalars: value.stretched(to: shape)).converted(to: kind)
    },
    alike("zeros_like", 0), alike("ones_like", 1), alike("empty_like", 0),
    .array("full_like", "a, fill_value, dtype=None") { call, flavor in
      let a = try flavor.array(call, "a")
      let value = try call.number("fill_value")
      let kind = try call.kind() ?? a.kind
      return a.map(kind: kind) { _ in kind.rounded(value) }
    },
    .array("eye", "N, M=None, k=0, dtype=None", ops: "N, M=None, k=0, dtype=None") {
      call, flavor in
      let n = try call.integer("N", in: 0...8192)
      let m = try call.optionalInteger("M", in: 0...8192) ?? n
      let k = try call.integer("k", in: -8192...8192)
      return try matrix(n, m, try call.kind() ?? flavor.real) { $1 - $0 == k ? 1 : 0 }
    },
    .array("identity", "n, dtype=None", ops: "n, dtype=None") { call, flavor in
      let n = try call.integer("n", in: 0...8192)
      return try matrix(n, n, try call.kind() ?? flavor.real) { $0 == $1 ? 1 : 0 }
    },
    .array("tri", "N, M=None, k=0, dtype=None", ops: "N, M=None, k=0, dtype=None") {
      call, flavor in
      let n = try call.integer("N", in: 0...8192)
      let m = try call.optionalInteger("M", in: 0...8192) ?? n
      let k = try call.integer("k", in: -8192...8192)
      return try matrix(n, m, try call.kind() ?? flavor.real) { $1 - $0 <= k ? 1 : 0 }
    },
    triangle("tril") { $1 - $0 <= $2 }, triangle("triu") { $1 - $0 >= $2 },
    .array(
      "arange", "start, stop=None, step=1, dtype=None", ops: "start, stop=None, step=1, dtype=None"
    ) { try ranged($0, $1) },
    .array(
      "linspace", "start, stop, num=50, endpoint=True, dtype=None",
      ops: "start, stop, num=50, endpoint=True, dtype=None"
    ) { call, flavor in
      let n = try call.integer("num", in: 0...NDArray.mostElements)
      return NumPy.linspace(
        try call.number("start"), try call.number("stop"), n,
        includesEnd: try call.boolean("endpoint")
      ).converted(to: try call.kind() ?? flavor.real)
    },
    .array(
      "logspace", "start, stop, num=50, endpoint=True, base=10.0",
      ops: "start, stop, num=50, endpoint=True, base=10.0"
    ) { call, flavor in
      let n = try call.integer("num", in: 0...NDArray.mostElements)
      let base = try call.number("base")
      return NumPy.linspace(
        try call.number("start"), try call.number("stop"), n,
        includesEnd: try call.boolean("endpoint")
      ).map { pow(base, $0) }.converted(to: flavor.real)
    },
    .array("geomspace", "start, stop, num=50, endpoint=True", in: .numpy) { call, _ in
      let (a, b) = (try call.number("start"), try call.number("stop"))
      let n = try call.integer("num", in: 0...NDArray.mostElements)
      guard a > 0, b > 0 else { throw call.unsuitable("start", wanted: "a number above 0") }
      let ends = try call.boolean("endpoint")
      var result = NumPy.linspace(log10(a), log10(b), n, includesEnd: ends).map { pow(10, $0) }
      if n > 0 { result.write([a], at: [0]) }
      if n > 1 && ends { result.write([b], at: [n - 1]) }
      return result
    },
    .array("diag", "v, k=0") { call, flavor in try diagonal(try flavor.array(call, "v"), call) },
    .array("diagonal", "a, offset=0", in: .everywhere) { call, flavor in
      let a = try flavor.array(call, "a")
      guard a.rank == 2 else { throw call.unsuitable("a", wanted: "a matrix") }
      return read(a, try call.integer("offset", in: -8192...8192))
    },
    .array("vander", "x, N=None, increasing=False", in: .numpy) { call, flavor in
      let x = try flavor.array(call, "x")
      let n = try call.optionalInteger("N", in: 0...1024) ?? x.count
      let rises = try call.boolean("increasing")
      return try matrix(x.count, n, x.kind) { pow(x.scalars[$0], Double(rises ? $1 : n - 1 - $1)) }
    },
    .array("fromfunction", "function, shape, dtype=None", in: .numpy) { call, flavor in
      guard case .object(let function as any Callable) = call["function"] else {
        throw call.unsuitable("function", wanted: "a function")
      }
      let shape = try Shape.checked(try call.shape("shape"))
      let grids = try (0..<shape.rank).map { axis in
        try call.evaluator.value(
          NDArray(
            shape: shape,
            scalars: (0..<shape.count).map {
              Double($0 / shape.strides[axis] % shape[axis])
            }, kind: try call.kind() ?? .float64))
      }
      return try call.evaluator.operand(
        from: try function.call(CallArguments(positional: grids), call.evaluator))
    },
  ]

  static func converted(_ call: BoundCall, _ flavor: ArrayFlavor, _ name: String) throws -> NDArray
  {
    var array = try flavor.operand(call, name)
    if let kind = try call.kind() {
      do { array = try array.checkedConversion(to: kind) } catch {
        throw Complaint(error.message, remedy: error.remedy, at: call.anchor(name))
      }
    }
    let least = call["ndmin"].isNone ? 0 : try call.integer("ndmin", in: 0...32)
    while array.rank < least { array = try array.expanded(at: 0) }
    return array
  }

  private static func filled(_ name: String, _ x: Double) -> ArrayFunction {
    .array(name, "shape, dtype=None", ops: "shape, dtype=None") { call, flavor in
      let shape = try Shape.checked(try call.shape("shape"))
      let kind = try call.kind() ?? flavor.real
      if !kind.isNumeric {
        return NDArray(
          shape: shape, cells: [Cell](repeating: .text(""), count: shape.count), kind: kind)
      }
      return NDArray(
        shape: shape, scalars: [Double](repeating: x, count: shape.count), kind: kind)
    }
  }

  private static func alike(_ name: String, _ x: Double) -> ArrayFunction {
    .array(name, "a, dtype=None") { call, flavor in
      try flavor.array(call, "a").map { _ in x }.converted(
        to: try call.kind() ?? flavor.array(call, "a").kind)
    }
  }

  private static func matrix(
    _ n: Int, _ m: Int, _ kind: NDArray.Kind, _ f: (Int, Int) -> Double
  ) throws -> NDArray {
    let shape = try Shape.checked([n, m])
    return NDArray(
      shape: shape, scalars: (0..<n).flatMap { i in (0..<m).map { f(i, $0) } }, kind: kind)
  }

  private static func triangle(
    _ name: String, _ keeps: @escaping @Sendable (Int, Int, Int) -> Bool
  ) -> ArrayFunction {
    .array(name, "m, k=0") { call, flavor in
      let a = try flavor.array(call, "m")
      let k = try call.integer("k", in: -8192...8192)
      guard a.rank >= 2 else { throw call.unsuitable("m", wanted: "a matrix") }
      let (rows, columns) = (a.shape[a.rank - 2], a.shape.last)
      return a.with(
        shape: a.shape,
        scalars: a.scalars.enumerated().map { i, x in
          keeps(i / columns % rows, i % columns, k) ? x : 0
        })
    }
  }

  private static func diagonal(_ v: NDArray, _ call: BoundCall) throws -> NDArray {
    let k = try call.integer("k", in: -8192...8192)
    if v.rank == 2 { return read(v, k) }
    guard v.rank == 1 else { throw call.unsuitable("v", wanted: "an array of one or two axes") }
    let n = v.count + abs(k)
    return try matrix(n, n, v.kind) { i, j in
      j - i == k ? v.scalars[min(i, j)] : 0
    }
  }

  private static func read(_ a: NDArray, _ k: Int) -> NDArray {
    let (rows, columns) = (a.shape[0], a.shape[1])
    return a.taking(
      (0..<rows).filter { $0 + k >= 0 && $0 + k < columns }.map {
        $0 * columns + $0 + k
      })
  }

  private static func ranged(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    let hasStop = !call["stop"].isNone
    let first = try call.number("start")
    let (start, stop) = hasStop ? (first, try call.number("stop")) : (0, first)
    let step = call["step"].isNone ? 1 : try call.number("step")
    let width = ((stop - start) / step).rounded(.up)
    guard step != 0, width.isFinite, width <= Double(NDArray.mostElements) else {
      throw Complaint("arange() of too many numbers")
    }
    let given = ["start", "stop", "step"].filter { !call[$0].isNone }
    let isWhole = given.allSatisfy { call[$0].wholeNumber != nil }
    let delta = (start + step) - start
    return NDArray(
      row: (0..<Int(max(0, width))).map { start + Double($0) * delta },
      kind: try call.kind() ?? (isWhole ? flavor.index : flavor.real))
  }
}
