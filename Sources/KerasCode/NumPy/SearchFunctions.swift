import Foundation
import Tensors

/// Functions that sort, search, count and compare.
enum SearchFunctions {
  static let all: [ArrayFunction] = sorting + searching + counting + comparing

  /// The positions at which an array is not zero, an array for each axis.
  static func places(
    _ a: NDArray, _ call: BoundCall, _ flavor: ArrayFlavor
  ) throws -> PythonValue {
    let strides = a.shape.strides
    let positions = a.scalars.indices.filter { a.scalars[$0] != 0 }
    return try call.evaluator.tuple(
      try (0..<a.rank).map { axis in
        try call.evaluator.value(
          NDArray(
            row: positions.map { Double($0 / strides[axis] % a.shape[axis]) }, kind: flavor.index))
      })
  }

  private static let sorting: [ArrayFunction] = [
    .array("sort", "a, axis=-1") { call, flavor in
      let a = try flavor.operand(call, "a")
      guard !call["axis"].isNone else {
        return a.with(shape: [a.count], scalars: NDArray.order(a.scalars).map { a.scalars[$0] })
      }
      return a.mappingRuns(try call.axis(of: a)) { run in NDArray.order(run).map { run[$0] } }
    },
    .array("argsort", "a, axis=-1, kind=None", ops: "x, axis=-1", in: .everywhere) {
      call, flavor in
      let a = try flavor.operand(call, "a")
      guard !call["axis"].isNone else {
        return NDArray(whole: NDArray.order(a.scalars)).converted(to: flavor.index)
      }
      return a.mappingRuns(try call.axis(of: a), kind: flavor.index) {
        NDArray.order($0).map(Double.init)
      }
    },
    .array("lexsort", "keys", in: .numpy) { call, flavor in
      let keys = try call.arrays("keys", flavor)
      let n = keys.first?.count ?? 0
      guard keys.allSatisfy({ $0.count == n }) else {
        throw call.unsuitable("keys", wanted: "keys of one length")
      }
      return NDArray(
        whole: (0..<n).sorted { a, b in
          for key in keys.reversed() where key.scalars[a] != key.scalars[b] {
            return key.scalars[a] < key.scalars[b]
          }
          return a < b
        })
    },
    ArrayFunction(
      "unique",
      "ar, return_index=False, return_inverse=False, return_counts=False, axis=None", in: .functions
    ) { try unique($0, $1) },
    ArrayFunction("top_k", "x, k=1, sorted=True", ops: "x, k=1, sorted=True", in: .ops) {
      call, flavor in
      let x = try flavor.array(call, "x")
      guard x.rank > 0 else { throw call.unsuitable("x", wanted: "an array") }
      let k = try call.integer("k", in: 1...max(1, x.shape.last))
      func best(_ run: [Double]) -> [Int] {
        Array(run.indices.sorted { run[$0] == run[$1] ? $0 < $1 : run[$0] > run[$1] }.prefix(k))
      }
      return try call.evaluator.tuple([
        try call.evaluator.value(x.mappingRuns(x.rank - 1) { run in best(run).map { run[$0] } }),
        try call.evaluator.value(
          x.mappingRuns(x.rank - 1, kind: .int32) { best($0).map(Double.init) }),
      ])
    },
  ]

  private static func unique(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> PythonValue {
    let a = try flavor.operand(call, "ar")
    if let axis = try call.optionalInteger("axis", in: -32...32) {
      guard axis == 0, a.rank == 2 else {
        throw call.unsuitable("axis", wanted: "None, or 0 of a matrix")
      }
    }
    let byRow = !call["axis"].isNone
    let width = byRow ? a.shape[1] : 1
    let n = byRow ? a.shape[0] : a.count
    func key(_ i: Int) -> ArraySlice<Double> { a.scalars[i * width..<(i + 1) * width] }
    let order = (0..<n).sorted { i, j in
      let (x, y) = (key(i), key(j))
      return x.elementsEqual(y) ? i < j : x.lexicographicallyPrecedes(y)
    }
    var firsts: [Int] = []
    var counts: [Int] = []
    var inverse = [Int](repeating: 0, count: n)
    for i in order {
      let same = firsts.last.map { last in
        zip(key(last), key(i)).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN }
      }
      if same == true {
        counts[counts.count - 1] += 1
      } else {
        firsts.append(i)
        counts.append(1)
      }
      inverse[i] = firsts.count - 1
    }
    var results = [byRow ? a.rows(firsts) : a.taking(firsts)]
    if try call.boolean("return_index") { results.append(NDArray(whole: firsts)) }
    if try call.boolean("return_inverse") {
      results.append(NDArray(whole: inverse).reshaped(to: byRow ? [n] : a.shape))
    }
    if try call.boolean("return_counts") { results.append(NDArray(whole: counts)) }
    let values = try results.map { try call.evaluator.value($0) }
    return values.count == 1 ? values[0] : try call.evaluator.tuple(values)
  }

  private static let searching: [ArrayFunction] = [
    ArrayFunction("nonzero", "a", in: .everywhere) { call, flavor in
      try places(try flavor.array(call, "a"), call, flavor)
    },
    .array("flatnonzero", "a", in: .numpy) { call, flavor in
      let a = try flavor.array(call, "a")
      return NDArray(whole: a.scalars.indices.filter { a.scalars[$0] != 0 })
    },
    .array("argwhere", "a", in: .functions) { call, flavor in
      let a = try flavor.array(call, "a")
      let positions = a.scalars.indices.filter { a.scalars[$0] != 0 }
      return NDArray(
        shape: Shape([positions.count, a.rank]),
        scalars: positions.flatMap { a.shape.index(ofOffset: $0).map(Double.init) }, kind: .int64)
    },
    .array("searchsorted", "a, v, side='left'", ops: "sorted_sequence, values, side='left'") {
      call, flavor in
      let both = NDArray.unified([try flavor.operand(call, "a"), try flavor.operand(call, "v")])
      let isRight = try call.text("side") == "right"
      return NDArray(
        shape: both[1].shape,
        scalars: both[1].scalars.map { Double(place($0, in: both[0].scalars, isRight: isRight)) },
        kind: .int64)
    },
    .array("digitize", "x, bins, right=False", ops: "x, bins") { call, flavor in
      let bins = try call.array("bins").scalars
      let isRight = try call.boolean("right")
      let falls = bins.count > 1 && bins[0] > bins[bins.count - 1]
      let rising = falls ? bins.reversed() : bins
      return try flavor.array(call, "x").map(kind: flavor.index) {
        let i = place($0, in: rising, isRight: falls ? isRight : !isRight)
        return Double(falls ? bins.count - i : i)
      }
    },
    .array("isin", "element, test_elements, invert=False", aliases: ["in1d"], in: .functions) {
      call, flavor in
      let both = NDArray.unified([
        try flavor.operand(call, "element"), try flavor.operand(call, "test_elements"),
      ])
      let known = Set(both[1].scalars)
      let inverts = try call.boolean("invert")
      return both[0].with(
        shape: both[0].shape,
        scalars: both[0].scalars.map {
          known.contains($0) != inverts ? 1 : 0
        }
      ).asBooleans
    },
    .array("interp", "x, xp, fp", in: .numpy) { call, _ in
      let (xp, fp) = (try call.array("xp").scalars, try call.array("fp").scalars)
      guard xp.count == fp.count, !xp.isEmpty else {
        throw call.unsuitable("fp", wanted: "as many numbers as \"xp\"")
      }
      return try call.array("x").map(kind: .float64) { x in
        let i = place(x, in: xp, isRight: true)
        if i == 0 { return fp[0] }
        if i == xp.count { return fp[i - 1] }
        let slope = (fp[i] - fp[i - 1]) / (xp[i] - xp[i - 1])
        return slope * (x - xp[i - 1]) + fp[i - 1]
      }
    },
  ]

  /// Where a number would be put into sorted ones.
  static func place(_ x: Double, in sorted: [Double], isRight: Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if isRight ? sorted[middle] <= x : sorted[middle] < x {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  // MARK: Counting

  private static let counting: [ArrayFunction] = [
    .array("bincount", "x, weights=None, minlength=0") { call, flavor in
      let x = try flavor.array(call, "x")
      guard x.kind.isWhole, x.scalars.allSatisfy({ $0 >= 0 && $0 < 1e7 }) else {
        throw call.unsuitable("x", wanted: "whole numbers from 0")
      }
      let weights = call["weights"].isNone ? nil : try call.array("weights").scalars
      guard weights.map({ $0.count == x.count }) ?? true else {
        throw call.unsuitable("weights", wanted: "a weight for each number")
      }
      let least = try call.integer("minlength", in: 0...10_000_000)
      var counts = [Double](
        repeating: 0, count: max(least, (x.scalars.max().map { Int($0) } ?? -1) + 1))
      for (i, value) in x.scalars.enumerated() { counts[Int(value)] += weights?[i] ?? 1 }
      return NDArray(row: counts, kind: weights == nil ? flavor.index : .float64)
    },
    ArrayFunction("histogram", "a, bins=10, range=None, density=False") { try histogram($0, $1) },
    .array("corrcoef", "x, y=None", ops: "x", in: .functions) { call, flavor in
      var x = try flavor.array(call, "x")
      if !call["y"].isNone {
        let both = [x, try flavor.array(call, "y")].map { a in
          a.rank == 1 ? a.reshaped(to: [1, a.count]) : a
        }
        x = try NDArray.concatenated(both, axis: 0)
      }
      let table = try covariances(x, freedom: 1)
      let n = table.shape.extents.first ?? 1
      return table.with(
        shape: table.shape,
        scalars: table.scalars.enumerated().map { i, c in
          let (a, b) = (table.scalars[i / n * (n + 1)], table.scalars[i % n * (n + 1)])
          return min(max(c / a.squareRoot() / b.squareRoot(), -1), 1)
        })
    },
    .array("cov", "m, rowvar=True, ddof=1", in: .numpy) { call, flavor in
      let m = try flavor.array(call, "m")
      return try covariances(
        try call.boolean("rowvar") ? m : m.transposed((0..<m.rank).reversed()),
        freedom: try call.integer("ddof", in: 0...1000))
    },
  ]

  /// The covariances of rows.
  static func covariances(_ m: NDArray, freedom: Int) throws -> NDArray {
    let x = m.rank == 1 ? m.reshaped(to: Shape([1, m.count])) : m
    let n = x.shape.last
    let apart = try NDArray.operation(
      "-", x, try x.means(along: [1], keepAxes: true, kind: .float64))
    let product = try NDArray.matrixProduct(apart, apart.transposed([1, 0]))
      .map { $0 / Double(n - freedom) }
    return m.rank == 1 ? product.reshaped(to: []) : product
  }

  private static func histogram(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> PythonValue {
    let a = try flavor.array(call, "a").scalars
    let edges: [Double]
    if let n = call["bins"].wholeNumber {
      guard n > 0 && n <= 1_000_000 else { throw call.unsuitable("bins", wanted: "a count") }
      let range = call["range"].isNone ? nil : try call.array("range").scalars
      var (low, high) = (range?.first ?? a.min() ?? 0, range?.last ?? a.max() ?? 1)
      if low == high { (low, high) = (low - 0.5, high + 0.5) }
      edges = NumPy.linspace(low, high, n + 1).scalars
    } else {
      edges = try call.array("bins").scalars
    }
    guard edges.count > 1 else { throw call.unsuitable("bins", wanted: "a count, or edges") }
    var counts = [Double](repeating: 0, count: edges.count - 1)
    for x in a where x >= edges[0] && x <= edges[edges.count - 1] {
      counts[min(place(x, in: edges, isRight: true) - 1, counts.count - 1)] += 1
    }
    let total = counts.reduce(0, +)
    let isDensity = try call.boolean("density")
    if isDensity {
      for i in counts.indices { counts[i] /= (edges[i + 1] - edges[i]) * total }
    }
    return try call.evaluator.tuple([
      try call.evaluator.value(NDArray(row: counts, kind: isDensity ? .float64 : .int64)),
      try call.evaluator.value(NDArray(row: edges)),
    ])
  }

  // MARK: Comparing

  private static let comparing: [ArrayFunction] = [
    .array(
      "isclose", "a, b, rtol=1e-05, atol=1e-08, equal_nan=False",
      ops: "x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False"
    ) { try close($0, $1) },
    ArrayFunction(
      "allclose", "a, b, rtol=1e-05, atol=1e-08, equal_nan=False",
      ops: "x1, x2, rtol=1e-05, atol=1e-08, equal_nan=False"
    ) { call, flavor in
      .boolean(try close(call, flavor).scalars.allSatisfy { $0 != 0 })
    },
    ArrayFunction("array_equal", "a1, a2", ops: "x1, x2") { call, flavor in
      let (a, b) = (try flavor.operand(call, "a1"), try flavor.operand(call, "a2"))
      guard a.shape == b.shape else { return .boolean(false) }
      return .boolean(try NDArray.comparison("==", a, b).scalars.allSatisfy { $0 != 0 })
    },
  ]

  private static func close(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    let (r, t) = (try call.number("rtol"), try call.number("atol"))
    let nan = try call.boolean("equal_nan")
    return try NDArray.combined(
      try flavor.array(call, "a"), try flavor.array(call, "b"), kind: .bool
    ) { x, y in
      if x.isNaN || y.isNaN { return nan && x.isNaN && y.isNaN ? 1 : 0 }
      return x == y || x.isFinite && y.isFinite && abs(x - y) <= t + r * abs(y) ? 1 : 0
    }
  }
}

extension NDArray {
  /// Ones and zeros as True and False.
  var asBooleans: NDArray { NDArray(shape: shape, scalars: scalars, kind: .bool) }
}
