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

/// Gaussian elimination with partial pivoting.
enum Elimination {
  /// Solves A X = B for an n × n matrix and m right sides.
  static func solve(
    _ a: [Double], _ b: [Double], _ n: Int, _ m: Int
  ) throws(Complaint) -> (solution: [Double], determinant: Double) {
    var (a, b) = (a, b)
    // NumPy sums the logarithms of the pivots.
    var (sign, logarithm) = (1.0, 0.0)
    for column in 0..<n {
      let pivot = (column..<n).max { abs(a[$0 * n + column]) < abs(a[$1 * n + column]) } ?? column
      guard a[pivot * n + column] != 0 else {
        throw Complaint("a singular matrix has no inverse")
      }
      if pivot != column {
        for j in 0..<n { a.swapAt(pivot * n + j, column * n + j) }
        for j in 0..<m { b.swapAt(pivot * m + j, column * m + j) }
        sign = -sign
      }
      sign *= a[column * n + column] < 0 ? -1 : 1
      logarithm += log(abs(a[column * n + column]))
      for row in column + 1..<max(n, column + 1) {
        let factor = a[row * n + column] / a[column * n + column]
        guard factor != 0 else { continue }
        for j in column..<n { a[row * n + j] -= factor * a[column * n + j] }
        for j in 0..<m { b[row * m + j] -= factor * b[column * m + j] }
      }
    }
    for row in (0..<n).reversed() {
      for j in 0..<m {
        var x = b[row * m + j]
        for k in row + 1..<max(n, row + 1) { x -= a[row * n + k] * b[k * m + j] }
        b[row * m + j] = x / a[row * n + row]
      }
    }
    return (b, sign * exp(logarithm))
  }

  static func determinant(_ a: [Double], _ n: Int) -> Double {
    (try? solve(a, [], n, 0).determinant) ?? 0
  }

  /// The number of independent rows.
  static func rank(_ given: [Double], _ rows: Int, _ columns: Int) -> Int {
    var a = given
    let small = (a.map(abs).max() ?? 0) * Double(max(rows, columns)) * 2.220446049250313e-16
    var rank = 0
    for column in 0..<columns where rank < rows {
      let pivot =
        (rank..<rows).max { abs(a[$0 * columns + column]) < abs(a[$1 * columns + column]) } ?? rank
      guard abs(a[pivot * columns + column]) > small else { continue }
      for j in 0..<columns { a.swapAt(pivot * columns + j, rank * columns + j) }
      for row in rank + 1..<max(rows, rank + 1) {
        let factor = a[row * columns + column] / a[rank * columns + column]
        for j in 0..<columns { a[row * columns + j] -= factor * a[rank * columns + j] }
      }
      rank += 1
    }
    return rank
  }
}

/// Sums of products over named axes.
enum Einsum {
  static func tensordot(
    _ a: NDArray, _ b: NDArray, _ left: [Int], _ right: [Int]
  ) throws(Complaint) -> NDArray {
    guard left.count == right.count, zip(left, right).allSatisfy({ a.shape[$0] == b.shape[$1] })
    else { throw Complaint("the axes of a product differ in extent") }
    let freeA = (0..<a.rank).filter { !left.contains($0) }
    let freeB = (0..<b.rank).filter { !right.contains($0) }
    let k = left.reduce(1) { $0 * a.shape[$1] }
    let m = a.count / max(1, k)
    let n = b.count / max(1, k)
    let x = a.transposed(freeA + left).reshaped(to: [m, k])
    let y = b.transposed(right + freeB).reshaped(to: [k, n])
    return try NDArray.matrixProduct(x, y)
      .reshaped(to: Shape(freeA.map { a.shape[$0] } + freeB.map { b.shape[$0] }))
  }

  /// `"ij,jk->ik"`: letters name axes; what is not in the result is summed over.
  static func apply(_ text: String, _ operands: [NDArray]) throws(Complaint) -> NDArray {
    let clean = text.filter { $0 != " " }
    let halves = clean.components(separatedBy: "->")
    let terms = halves[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    guard terms.count == operands.count, halves.count <= 2,
      zip(terms, operands).allSatisfy({ $0.count == $1.rank }),
      terms.joined().allSatisfy({ $0.isLetter })
    else {
      throw Complaint(
        "einsum() with \"\(text)\" for these arrays",
        remedy: "a letter for each axis, as \"ij,jk->ik\"; \"...\" is not supported")
    }
    var extents: [Character: Int] = [:]
    for (term, operand) in zip(terms, operands) {
      for (letter, extent) in zip(term, operand.shape.extents) {
        guard extents[letter].map({ $0 == extent }) ?? true else {
          throw Complaint("einsum(): the axes named \"\(letter)\" differ in extent")
        }
        extents[letter] = extent
      }
    }
    let implicit = extents.keys.sorted().filter { c in terms.joined().count { $0 == c } == 1 }
    let output = halves.count == 2 ? Array(halves[1]) : implicit
    guard output.allSatisfy({ extents[$0] != nil }), Set(output).count == output.count else {
      throw Complaint("einsum(): the result names an axis that no array has, or one twice")
    }
    let summed = extents.keys.filter { !output.contains($0) }.sorted()
    let letters = output + summed
    let whole = try Shape.checked(letters.map { extents[$0] ?? 1 })
    var product = [Double](repeating: 1, count: whole.count)
    var kind = operands.first?.kind ?? .float64
    for (term, operand) in zip(terms, operands) {
      kind = kind.promoted(with: operand.kind)
      let strides = operand.shape.strides
      let steps = letters.map { letter in
        zip(term, strides).reduce(0) { $1.0 == letter ? $0 + $1.1 : $0 }
      }
      var i = 0
      NDArray.walk(whole.extents, steps) {
        product[i] *= operand.scalars[$0]
        i += 1
      }
    }
    let result = NDArray(shape: whole, scalars: product)
    let axes = Array(output.count..<letters.count)
    let sums = axes.isEmpty ? result : try result.sums(along: axes, kind: .float64)
    return sums.converted(to: kind)
  }
}
