import Foundation
import Tensors

/// Products of arrays, and linear algebra.
enum LinearFunctions {
  static let all: [ArrayFunction] = [
    .array("matmul", "x1, x2", ops: "x1, x2") { call, flavor in
      let (a, b) = try flavor.operands(call, "x1", "x2")
      return try NDArray.matrixProduct(a, b)
    },
    .array("dot", "a, b", ops: "x1, x2", in: .everywhere) { call, flavor in
      let (a, b) = try flavor.operands(call, "a", "b")
      if a.rank == 0 || b.rank == 0 { return try NDArray.operation("*", a, b) }
      if b.rank <= 2 { return try NDArray.matrixProduct(a, b) }
      return try Einsum.tensordot(a, b, [a.rank - 1], [b.rank - 2])
    },
    .array("vdot", "a, b", ops: "x1, x2") { call, flavor in
      let (a, b) = (try flavor.array(call, "a"), try flavor.array(call, "b"))
      return try NDArray.matrixProduct(a.reshaped(to: [a.count]), b.reshaped(to: [b.count]))
    },
    .array("inner", "a, b", ops: "x1, x2") { call, flavor in
      let (a, b) = (try flavor.array(call, "a"), try flavor.array(call, "b"))
      if a.rank == 0 || b.rank == 0 { return try NDArray.operation("*", a, b) }
      return try Einsum.tensordot(a, b, [a.rank - 1], [b.rank - 1])
    },
    .array("outer", "a, b", ops: "x1, x2") { call, flavor in
      let (a, b) = (try flavor.array(call, "a"), try flavor.array(call, "b"))
      return try NDArray.operation(
        "*", a.reshaped(to: [a.count, 1]), b.reshaped(to: [1, b.count]))
    },
    .array("tensordot", "a, b, axes=2", ops: "x1, x2, axes=2") { call, flavor in
      let (a, b) = (try flavor.array(call, "a"), try flavor.array(call, "b"))
      if let n = call["axes"].wholeNumber {
        guard n >= 0, n <= min(a.rank, b.rank) else {
          throw call.unsuitable("axes", wanted: "a count of axes, or a pair of lists")
        }
        return try Einsum.tensordot(a, b, Array(a.rank - n..<a.rank), Array(0..<n))
      }
      guard let pair = call["axes"].sequence, pair.count == 2 else {
        throw call.unsuitable("axes", wanted: "a count of axes, or a pair of lists")
      }
      return try Einsum.tensordot(
        a, b, try NumPy.extents(pair[0]).map { try a.axis($0) },
        try NumPy.extents(pair[1]).map { try b.axis($0) })
    },
    .array("einsum", "subscripts, *operands", ops: "subscripts, *operands") { call, flavor in
      try Einsum.apply(
        try call.text("subscripts"),
        try call.rest.map { flavor.plain(try call.evaluator.array(from: $0), $0) })
    },
    .array("trace", "a", in: .everywhere) { call, flavor in
      let a = try flavor.array(call, "a")
      guard a.rank == 2 else { throw call.unsuitable("a", wanted: "a matrix") }
      let sum = (0..<min(a.shape[0], a.shape[1])).reduce(0.0) {
        $0 + a.scalars[$1 * a.shape[1] + $1]
      }
      return NDArray(sum, kind: a.kind)
    },
    .array("cross", "a, b", ops: "x1, x2") { call, flavor in
      let (a, b) = (try flavor.array(call, "a"), try flavor.array(call, "b"))
      guard a.shape == b.shape, a.shape.last == 3, a.rank > 0 else {
        throw call.unsuitable("a", wanted: "vectors of three numbers")
      }
      var result: [Double] = []
      for i in stride(from: 0, to: a.count, by: 3) {
        let (x, y) = (Array(a.scalars[i..<i + 3]), Array(b.scalars[i..<i + 3]))
        result += [
          x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0],
        ]
      }
      return NDArray(shape: a.shape, scalars: result, kind: a.kind.promoted(with: b.kind))
    },
  ]

  /// The functions of `np.linalg`; Keras has some in `keras.ops` itself.
  static let linalg: [ArrayFunction] = [
    .array("norm", "x, ord=None, axis=None, keepdims=False") { try norm($0, $1) },
    .array("inv", "a") { call, flavor in
      let a = try square(call, flavor)
      let n = a.shape[0]
      let one = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
      return NDArray(
        shape: a.shape, scalars: try Elimination.solve(a.scalars, one, n, n).solution,
        kind: flavor.real(a.kind))
    },
    .array("solve", "a, b", ops: "a, b") { call, flavor in
      let (a, b) = (try square(call, flavor), try flavor.array(call, "b"))
      let n = a.shape[0]
      guard b.rank >= 1, b.shape[0] == n else {
        throw call.unsuitable("b", wanted: "an array of \(n) rows")
      }
      return NDArray(
        shape: b.shape,
        scalars: try Elimination.solve(a.scalars, b.scalars, n, b.count / max(1, n)).solution,
        kind: flavor.real(a.kind))
    },
    .array("det", "a") { call, flavor in
      let a = try square(call, flavor)
      return NDArray(
        Elimination.determinant(a.scalars, a.shape[0]), kind: flavor.real(a.kind))
    },
    .array("matrix_rank", "A", in: .numpy) { call, flavor in
      let a = try flavor.array(call, "A")
      guard a.rank == 2 else { throw call.unsuitable("A", wanted: "a matrix") }
      return NDArray(Double(Elimination.rank(a.scalars, a.shape[0], a.shape[1])), kind: .int64)
    },
    .array("matrix_power", "a, n", in: .numpy) { call, flavor in
      let a = try square(call, flavor)
      let n = try call.integer("n", in: 0...1000)
      let size = a.shape[0]
      var result = NDArray(
        shape: a.shape, scalars: (0..<a.count).map { $0 / size == $0 % size ? 1.0 : 0 },
        kind: a.kind)
      for _ in 0..<n { result = try NDArray.matrixProduct(result, a) }
      return result
    },
    .array("pinv", "a", in: .numpy) { call, flavor in
      let a = try flavor.array(call, "a")
      guard a.rank == 2 else { throw call.unsuitable("a", wanted: "a matrix") }
      return try pseudoInverse(a)
    },
  ]

  private static func square(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    let a = try flavor.array(call, "a")
    guard a.rank == 2, a.shape[0] == a.shape[1], a.shape[0] <= 2048 else {
      throw call.unsuitable("a", wanted: "a square matrix")
    }
    return a
  }

  /// A⁺ = (AᵀA)⁻¹Aᵀ, or Aᵀ(AAᵀ)⁻¹ for a wide matrix; of full rank.
  static func pseudoInverse(_ a: NDArray) throws -> NDArray {
    let t = a.transposed([1, 0])
    let isWide = a.shape[0] < a.shape[1]
    let gram = try isWide ? NDArray.matrixProduct(a, t) : NDArray.matrixProduct(t, a)
    let n = gram.shape[0]
    let one = (0..<n * n).map { $0 / n == $0 % n ? 1.0 : 0 }
    let inverse = NDArray(
      shape: [n, n], scalars: try Elimination.solve(gram.scalars, one, n, n).solution)
    return try isWide ? NDArray.matrixProduct(t, inverse) : NDArray.matrixProduct(inverse, t)
  }

  private static func norm(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    let x = try flavor.array(call, "x")
    let (axes, keep) = (try call.axes(), try call.boolean("keepdims"))
    let kind = flavor.real(x.kind)
    let order = call["ord"].string == "fro" ? 2 : call["ord"].isNone ? 2 : try call.number("ord")
    let isMatrix = axes.map { $0.count == 2 } ?? (x.rank == 2)
    if order == 2 && (call["ord"].isNone || call["ord"].string == "fro" || !isMatrix) {
      return try x.map(kind: kind) { $0 * $0 }.sums(along: axes, keepAxes: keep, kind: kind)
        .map { $0.squareRoot() }
    }
    guard !isMatrix else {
      throw call.unsuitable("ord", wanted: "None or 'fro' for a matrix")
    }
    if order == .infinity || order == -.infinity {
      return try x.map(kind: kind) { abs($0) }.reduced(along: axes, keepAxes: keep) {
        order > 0 ? NDArray.largest($0) : NDArray.smallest($0)
      }
    }
    if order == 0 {
      return try x.reduced(along: axes, keepAxes: keep, kind: kind) { Double($0.count { $0 != 0 }) }
    }
    return try x.map(kind: kind) { order == 1 ? abs($0) : pow(abs($0), order) }
      .sums(along: axes, keepAxes: keep, kind: kind).map { order == 1 ? $0 : pow($0, 1 / order) }
  }
}
