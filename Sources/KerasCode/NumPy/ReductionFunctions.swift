import Foundation
import Tensors

/// Functions of runs of elements along axes: sums, means, extremes.
enum ReductionFunctions {
  /// A reduction by a function of the run, one line each.
  private struct Reduction: Sendable {
    let name: String
    var aliases: [String] = []
    var homes = ArrayFunction.Homes.everywhere
    /// Whether a run of nothing has a result.
    var ofNothing = false
    /// Whether texts have one too.
    var ofTexts = false
    let kind: @Sendable (NDArray.Kind, ArrayFlavor) -> NDArray.Kind
    let f: @Sendable ([Double]) -> Double
  }

  @Sendable private static func same(_ kind: NDArray.Kind, _ flavor: ArrayFlavor) -> NDArray.Kind {
    kind
  }
  @Sendable private static func real(_ kind: NDArray.Kind, _ flavor: ArrayFlavor) -> NDArray.Kind {
    flavor.real(kind)
  }
  @Sendable private static func index(
    _ kind: NDArray.Kind, _ flavor: ArrayFlavor
  ) -> NDArray.Kind { flavor.index }
  @Sendable private static func test(_ kind: NDArray.Kind, _ flavor: ArrayFlavor) -> NDArray.Kind {
    .bool
  }

  /// The kind of sums: small whole numbers are added as larger ones.
  @Sendable static func summed(_ kind: NDArray.Kind, _ flavor: ArrayFlavor) -> NDArray.Kind {
    guard kind.isWhole else { return kind }
    if flavor == .ops { return kind == .int64 ? .int64 : .int32 }
    return .int64
  }

  private static let table: [Reduction] = [
    Reduction(name: "prod", ofNothing: true, kind: summed) { $0.reduce(1, *) },
    Reduction(name: "median", homes: .functions, ofNothing: true, kind: real, f: NDArray.median),
    Reduction(name: "max", aliases: ["amax"], ofTexts: true, kind: same, f: NDArray.largest),
    Reduction(name: "min", aliases: ["amin"], ofTexts: true, kind: same, f: NDArray.smallest),
    Reduction(name: "argmax", kind: index, f: NDArray.indexOfLargest),
    Reduction(name: "argmin", kind: index, f: NDArray.indexOfSmallest),
    Reduction(name: "ptp", homes: .numpy, kind: same) {
      NDArray.largest($0) - NDArray.smallest($0)
    },
    Reduction(name: "any", ofNothing: true, kind: test) { $0.contains { $0 != 0 } ? 1 : 0 },
    Reduction(name: "all", ofNothing: true, kind: test) { $0.allSatisfy { $0 != 0 } ? 1 : 0 },
    Reduction(name: "count_nonzero", homes: .functions, ofNothing: true, kind: index) {
      Double($0.count { $0 != 0 })
    },
    Reduction(name: "logsumexp", homes: .ops, kind: real) { x in
      let most = NDArray.largest(x)
      return most + log(NDArray.sum(x.map { exp($0 - most) }))
    },
    present("nanmax", NDArray.largest), present("nanmin", NDArray.smallest),
    present("nanmedian", NDArray.median),
    Reduction(name: "nanargmax", homes: .numpy, kind: index) {
      NDArray.indexOfLargest($0.map { $0.isNaN ? -.infinity : $0 })
    },
    Reduction(name: "nanargmin", homes: .numpy, kind: index) {
      NDArray.indexOfSmallest($0.map { $0.isNaN ? .infinity : $0 })
    },
  ]

  /// A reduction of the numbers that are not missing.
  private static func present(
    _ name: String, _ f: @escaping @Sendable ([Double]) -> Double
  ) -> Reduction {
    Reduction(name: name, homes: .numpy, kind: same) { f($0.filter { !$0.isNaN }) }
  }

  static let all: [ArrayFunction] = table.map(function) + sums + spreads + quantiles + running

  private static func function(_ entry: Reduction) -> ArrayFunction {
    .array(
      entry.name, "a, axis=None, out=None, keepdims=False", ops: "x, axis=None, keepdims=False",
      aliases: entry.aliases, in: entry.homes
    ) { call, flavor in
      let a = entry.ofTexts ? try flavor.operand(call, "a") : try flavor.array(call, "a")
      guard entry.ofNothing || a.count > 0 else {
        throw Complaint("\(entry.name)() of an empty array")
      }
      let result = try a.reduced(
        along: try call.axes(), keepAxes: try call.boolean("keepdims"),
        kind: entry.kind(a.kind, flavor), entry.f)
      return result.kind.isWhole ? try result.checkedWhole() : result
    }
  }

  private static let parameters = "a, axis=None, dtype=None, out=None, keepdims=False"

  private static let sums: [ArrayFunction] = [
    .array("sum", parameters, ops: "x, axis=None, keepdims=False", in: .everywhere) {
      call, flavor in
      let a = try flavor.array(call, "a")
      let kind = try call.kind() ?? summed(a.kind, flavor)
      let result = try a.sums(
        along: try call.axes(), keepAxes: try call.boolean("keepdims"), kind: kind)
      return kind.isWhole ? try result.checkedWhole() : result
    },
    .array("mean", parameters, ops: "x, axis=None, keepdims=False", in: .everywhere) {
      call, flavor in
      let a = try flavor.array(call, "a")
      return try a.means(
        along: try call.axes(), keepAxes: try call.boolean("keepdims"),
        kind: try call.kind() ?? flavor.real(a.kind))
    },
    .array("average", "a, axis=None, weights=None", ops: "x, axis=None, weights=None") {
      try averaged($0, $1)
    },
    nanSum("nansum") { sum, _ in sum }, nanSum("nanmean") { $0 / $1 },
  ]

  private static func averaged(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> NDArray {
    let a = try flavor.array(call, "a")
    let kind = flavor.real(a.kind)
    guard !call["weights"].isNone else { return try a.means(along: try call.axes(), kind: kind) }
    var weights = try flavor.array(call, "weights")
    if weights.rank == 1 && a.rank > 1, let axis = try call.axes()?.first {
      var extents = [Int](repeating: 1, count: a.rank)
      extents[try a.axis(axis)] = weights.count
      weights = weights.reshaped(to: Shape(extents))
    }
    let axes = try call.axes()
    let weighted = try NDArray.combined(a, weights, kind: kind, *).sums(along: axes, kind: kind)
    let spread = NDArray(shape: a.shape, scalars: weights.stretched(to: a.shape))
    return try NDArray.combined(weighted, try spread.sums(along: axes, kind: kind), kind: kind, /)
  }

  private static func nanSum(
    _ name: String, _ f: @escaping @Sendable (Double, Double) -> Double
  ) -> ArrayFunction {
    .array(name, parameters, in: .numpy) { call, flavor in
      let a = try flavor.array(call, "a")
      let (axes, keep) = (try call.axes(), try call.boolean("keepdims"))
      let sums = try a.map { $0.isNaN ? 0 : $0 }.sums(along: axes, keepAxes: keep, kind: a.kind)
      let counts = try a.reduced(along: axes, keepAxes: keep, kind: .int64) {
        Double($0.count { !$0.isNaN })
      }
      return try NDArray.combined(sums, counts, kind: flavor.real(a.kind), f)
    }
  }

  private static let spreads: [ArrayFunction] = ["std", "var"].flatMap { name in
    [(name, ArrayFunction.Homes.everywhere), ("nan" + name, .numpy)].map { full, homes in
      .array(
        full, "a, axis=None, dtype=None, out=None, ddof=0, keepdims=False",
        ops: "x, axis=None, keepdims=False", in: homes
      ) { call, flavor in
        let a = try flavor.array(call, "a")
        let freedom = call["ddof"].isNone ? 0 : try call.number("ddof")
        let (axes, keep) = (try call.axes(), try call.boolean("keepdims"))
        let kind = try call.kind() ?? flavor.real(a.kind)
        let variances =
          homes == .numpy
          ? try a.reduced(along: axes, keepAxes: keep, kind: kind) {
            NDArray.variance($0.filter { !$0.isNaN }, freedom: Int(freedom))
          } : try a.variances(along: axes, keepAxes: keep, kind: kind, freedom: freedom)
        return name == "std" ? variances.map { $0.squareRoot() } : variances
      }
    }
  }

  private static let quantiles: [ArrayFunction] = [
    ("percentile", 100.0, ArrayFunction.Homes.numpy), ("quantile", 1, .functions),
    ("nanpercentile", 100, .numpy), ("nanquantile", 1, .numpy),
  ].map { name, whole, homes in
    .array(name, "a, q, axis=None, keepdims=False", in: homes) { call, flavor in
      let a = try flavor.array(call, "a")
      let parts = try call.array("q")
      guard parts.scalars.allSatisfy({ $0 >= 0 && $0 <= whole }), parts.rank <= 1, a.count > 0
      else { throw call.unsuitable("q", wanted: "numbers from 0 to \(Int(whole))") }
      let skips = name.hasPrefix("nan")
      let (axes, keep) = (try call.axes(), try call.boolean("keepdims"))
      let all = try parts.scalars.map { q in
        try a.reduced(along: axes, keepAxes: keep, kind: flavor.real(a.kind)) {
          NDArray.quantile(skips ? $0.filter { !$0.isNaN } : $0, q / whole)
        }
      }
      return parts.rank == 0 ? all[0] : NDArray.stacked(all)
    }
  }

  private static let running: [ArrayFunction] = [
    .array("cumsum", "a, axis=None, dtype=None", in: .everywhere) { call, flavor in
      let a = try flavor.array(call, "a")
      return try a.running(
        along: try call.axes(), kind: try call.kind() ?? summed(a.kind, flavor), +)
    },
    .array("cumprod", "a, axis=None, dtype=None", in: .everywhere) { call, flavor in
      let a = try flavor.array(call, "a")
      return try a.running(
        along: try call.axes(), kind: try call.kind() ?? summed(a.kind, flavor), *)
    },
    .array("diff", "a, n=1, axis=-1") { call, flavor in
      var a = try flavor.array(call, "a")
      let axis = try call.axis(of: a)
      for _ in 0..<(try call.integer("n", in: 0...16)) where a.shape[axis] > 0 {
        let n = a.shape[axis]
        a = try NDArray.operation(
          a.kind == .bool ? "^" : "-", a.part(1..<n, axis: axis), a.part(0..<n - 1, axis: axis))
      }
      return a
    },
  ]
}
