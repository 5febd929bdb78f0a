import Tensors

/// Functions that move elements around: shapes, joins, parts.
enum ShapeFunctions {
  static let all: [ArrayFunction] = shapes + orders + joins + parts + repeats

  private static let shapes: [ArrayFunction] = [
    .array("reshape", "a, shape, order='C'", ops: "x, newshape") { call, flavor in
      try flavor.operand(call, "a").reshaped(try call.shape("shape"))
    },
    .array("ravel", "a, order='C'") { call, flavor in
      let a = try flavor.operand(call, "a")
      return a.reshaped(to: [a.count])
    },
    .array("squeeze", "a, axis=None", in: .everywhere) { call, flavor in
      let a = try flavor.operand(call, "a")
      let gone = try call.axes()?.map { try a.axis($0) } ?? (0..<a.rank).filter { a.shape[$0] == 1 }
      guard gone.allSatisfy({ a.shape[$0] == 1 }) else {
        throw call.unsuitable("axis", wanted: "an axis of extent 1")
      }
      return a.reshaped(
        to: Shape((0..<a.rank).filter { !gone.contains($0) }.map { a.shape[$0] }))
    },
    .array("expand_dims", "a, axis") { call, flavor in
      var a = try flavor.operand(call, "a")
      let axes = try call.shape("axis")
      let rank = a.rank + axes.count
      for axis in axes.map({ $0 < 0 ? $0 + rank : $0 }).sorted() { a = try a.expanded(at: axis) }
      return a
    },
    .array("atleast_1d", "a", in: .numpy) { call, flavor in
      let a = try flavor.operand(call, "a")
      return a.rank == 0 ? a.reshaped(to: [1]) : a
    },
    .array("atleast_2d", "a", in: .numpy) { call, flavor in
      let a = try flavor.operand(call, "a")
      return a.rank < 2 ? a.reshaped(to: Shape([1, a.count])) : a
    },
    .array("broadcast_to", "array, shape") { call, flavor in
      let a = try flavor.operand(call, "array")
      let shape = try Shape.checked(try call.shape("shape"))
      guard try NDArray.broadcast(a.shape, shape) == shape else {
        throw call.unsuitable("shape", wanted: "a shape that \(a.shape.tupleText) stretches to")
      }
      return a.with(shape: shape, scalars: a.stretched(to: shape))
    },
  ]

  private static let orders: [ArrayFunction] = [
    .array("transpose", "a, axes=None", aliases: ["permute_dims"]) { call, flavor in
      let a = try flavor.operand(call, "a")
      let order = try call.axes("axes")?.map { try a.axis($0) } ?? (0..<a.rank).reversed()
      guard order.sorted() == Array(0..<a.rank) else {
        throw call.unsuitable("axes", wanted: "each axis once")
      }
      return a.transposed(order)
    },
    .array("swapaxes", "a, axis1, axis2", in: .everywhere) { call, flavor in
      let a = try flavor.operand(call, "a")
      var order = Array(0..<a.rank)
      order.swapAt(try call.axis("axis1", of: a), try call.axis("axis2", of: a))
      return a.transposed(order)
    },
    .array("moveaxis", "a, source, destination") { call, flavor in
      let a = try flavor.operand(call, "a")
      let from = try call.shape("source").map { try a.axis($0) }
      let to = try call.shape("destination").map { try a.axis($0) }
      guard from.count == to.count, Set(from).count == from.count, Set(to).count == to.count
      else { throw call.unsuitable("destination", wanted: "as many axes as \"source\"") }
      var order = (0..<a.rank).filter { !from.contains($0) }
      for (target, source) in zip(to, from).sorted(by: { $0.0 < $1.0 }) {
        order.insert(source, at: target)
      }
      return a.transposed(order)
    },
    .array("flip", "m, axis=None") { call, flavor in
      let a = try flavor.operand(call, "m")
      return try flipped(a, try call.axes() ?? Array(0..<a.rank))
    },
    .array("fliplr", "m", in: .numpy) { try flipped(try $1.operand($0, "m"), [1]) },
    .array("flipud", "m", in: .numpy) { try flipped(try $1.operand($0, "m"), [0]) },
    .array("rot90", "m, k=1") { call, flavor in
      var a = try flavor.operand(call, "m")
      guard a.rank >= 2 else { throw call.unsuitable("m", wanted: "an array of two axes") }
      let turns = ((try call.integer("k", in: -1000...1000)) % 4 + 4) % 4
      for _ in 0..<turns {
        a = try flipped(a.transposed([1, 0] + Array(2..<a.rank)), [0])
      }
      return a
    },
    .array("roll", "a, shift, axis=None") { call, flavor in try rolled(call, flavor) },
  ]

  private static func flipped(_ array: NDArray, _ axes: [Int]) throws -> NDArray {
    var result = array
    for given in axes {
      let axis = try array.axis(given)
      result = result.taking((0..<array.shape[axis]).reversed(), axis: axis)
    }
    return result
  }

  private static func rolled(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    let a = try flavor.operand(call, "a")
    let shifts = try call.shape("shift")
    func turned(_ a: NDArray, _ axis: Int, _ shift: Int) -> NDArray {
      let n = max(1, a.shape[axis])
      return a.taking((0..<a.shape[axis]).map { (($0 - shift % n) + n) % n }, axis: axis)
    }
    guard let axes = try call.axes() else {
      return turned(a.reshaped(to: [a.count]), 0, shifts.first ?? 0).reshaped(to: a.shape)
    }
    guard axes.count == shifts.count || shifts.count == 1 else {
      throw call.unsuitable("shift", wanted: "a shift for each axis")
    }
    var result = a
    for (i, axis) in axes.enumerated() {
      result = turned(result, try a.axis(axis), shifts[shifts.count == 1 ? 0 : i])
    }
    return result
  }

  // MARK: Repeats

  private static let repeats: [ArrayFunction] = [
    .array("repeat", "a, repeats, axis=None", in: .everywhere) { call, flavor in
      let a = try flavor.operand(call, "a")
      let whole = call["axis"].isNone ? a.reshaped(to: [a.count]) : a
      let axis = call["axis"].isNone ? 0 : try call.axis(of: a)
      let counts = try call.integers("repeats")
      let n = whole.shape[axis]
      guard counts.count == 1 || counts.count == n, counts.allSatisfy({ $0 >= 0 && $0 < 1 << 24 })
      else { throw call.unsuitable("repeats", wanted: "a count, or one for each of \(n)") }
      let total = counts.count == 1 ? counts[0] * n : counts.reduce(0, +)
      _ = try Shape.checked([total, whole.count / max(1, n)])
      return whole.taking(
        (0..<n).flatMap { [Int](repeating: $0, count: counts[counts.count == 1 ? 0 : $0]) },
        axis: axis)
    },
    .array("tile", "A, reps", ops: "x, repeats") { call, flavor in
      var a = try flavor.operand(call, "A")
      var reps = try call.shape("reps")
      guard reps.count <= 32, reps.allSatisfy({ $0 >= 0 && $0 < 1 << 24 }) else {
        throw call.unsuitable("reps", wanted: "counts")
      }
      while reps.count < a.rank { reps.insert(1, at: 0) }
      while a.rank < reps.count { a = try a.expanded(at: 0) }
      _ = try Shape.checked(zip(a.shape.extents, reps).map { $0 * $1 })
      for (axis, n) in reps.enumerated() {
        let all = Array(0..<a.shape[axis])
        a = a.taking((0..<max(0, n)).flatMap { _ in all }, axis: axis)
      }
      return a
    },
    .array(
      "pad", "array, pad_width, mode='constant', constant_values=0",
      ops: "x, pad_width, mode='constant', constant_values=0"
    ) { try padded($0, $1) },
  ]

  private static func padded(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    var a = try flavor.array(call, "array")
    let widths = try call.array("pad_width")
    let value = call["constant_values"].isNone ? 0 : try call.number("constant_values")
    let shape = Shape([a.rank, 2])
    let given = widths.rank == 1 && widths.count == 1 ? widths.reshaped(to: []) : widths
    guard try NDArray.broadcast(given.shape, shape) == shape,
      given.scalars.allSatisfy({ $0 >= 0 && $0 < 1e6 })
    else { throw call.unsuitable("pad_width", wanted: "a pair of widths for each axis") }
    let all = given.stretched(to: shape).map { Int($0) }
    let mode = try call.text("mode")
    for axis in 0..<a.rank {
      let (before, after) = (all[axis * 2], all[axis * 2 + 1])
      let n = a.shape[axis]
      var extents = a.shape.extents
      extents[axis] = n + before + after
      _ = try Shape.checked(extents)
      let places = try (-before..<n + after).map { try place($0, n, mode, call) }
      let wide = a.taking(places.map { $0 ?? 0 }, axis: axis)
      let mask = (-before..<n + after).map { $0 >= 0 && $0 < n || mode != "constant" }
      var k = [Int](repeating: 1, count: a.rank)
      k[axis] = mask.count
      let inside = NDArray(shape: Shape(k), scalars: mask.map { $0 ? 1 : 0 }).stretched(
        to: wide.shape)
      a = wide.with(
        shape: wide.shape,
        scalars: wide.scalars.indices.map { inside[$0] != 0 ? wide.scalars[$0] : value })
    }
    return a
  }

  /// Where a position outside takes its number from.
  private static func place(
    _ i: Int, _ n: Int, _ mode: String, _ call: BoundCall
  ) throws -> Int? {
    if i >= 0 && i < n { return i }
    guard n > 0 else { throw call.unsuitable("array", wanted: "an array that is not empty") }
    switch mode {
    case "constant": return nil
    case "edge": return i < 0 ? 0 : n - 1
    case "wrap": return ((i % n) + n) % n
    case "reflect":
      guard n > 1 else { return 0 }
      let turn = (((i % (2 * n - 2)) + 2 * n - 2) % (2 * n - 2))
      return turn < n ? turn : 2 * n - 2 - turn
    case "symmetric":
      let turn = ((i % (2 * n)) + 2 * n) % (2 * n)
      return turn < n ? turn : 2 * n - 1 - turn
    default:
      throw call.unsuitable(
        "mode", wanted: "one of 'constant', 'edge', 'reflect', 'symmetric', 'wrap'")
    }
  }
}
