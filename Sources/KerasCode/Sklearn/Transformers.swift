import Foundation
import Tensors

/// The steps of `sklearn.preprocessing` and `sklearn.impute`.
enum Transformers {
  /// A step that moves and scales each column: x ↦ (x − offset) / scale.
  private static func scaling(
    _ name: String, _ names: (offset: String?, scale: String),
    _ extra: @escaping ([[Double]]) -> [(name: String, value: [Double])] = { _ in [] },
    _ learn: @escaping ([Double]) -> (offset: Double, scale: Double)
  ) -> TransformerObject {
    TransformerObject(name) { x in
      let x = try numbers(x)
      let columns = columns(of: x)
      let parts = columns.map(learn)
      let (offset, scale) = (NDArray(row: parts.map(\.offset)), NDArray(row: parts.map(\.scale)))
      func check(_ x: NDArray) throws -> NDArray { try matching(numbers(x), columns.count, name) }
      return TransformerObject.Fitted(
        attributes: (names.offset.map { [($0, offset)] } ?? []) + [(names.scale, scale)]
          + extra(columns).map { ($0.name, NDArray(row: $0.value)) },
        transform: {
          let x = try check($0)
          let kind: NDArray.Kind = x.kind == .float32 ? .float32 : .float64
          return try NDArray.combined(
            try NDArray.combined(x, offset, kind: .float64, -), scale, kind: .float64, /
          ).converted(to: kind)
        },
        inverse: {
          try NDArray.combined(
            try NDArray.combined(try check($0), scale, kind: .float64, *), offset, kind: .float64, +
          )
        })
    }
  }

  static func numbers(_ x: NDArray) throws(Complaint) -> NDArray {
    x.kind.isNumeric ? x : try x.checkedConversion(to: .float64)
  }

  static func columns(of x: NDArray) -> [[Double]] {
    (0..<x.shape[1]).map { x.taking([$0], axis: 1).scalars }
  }

  static func matching(_ x: NDArray, _ count: Int, _ name: String) throws(Complaint) -> NDArray {
    guard x.rank == 2, x.shape[1] == count else {
      throw Complaint(
        "an array of shape \(x.shape.tupleText) for a \(name) fitted to \(count) columns")
    }
    return x
  }

  static func all() -> [NativeFunction] {
    scalers() + encoders() + [
      NativeFunction("Normalizer(norm='l2')") { call in
        let norm = try call.text("norm")
        guard ["l1", "l2", "max"].contains(norm) else {
          throw call.unsuitable("norm", wanted: "'l1', 'l2' or 'max'")
        }
        return .object(
          TransformerObject("Normalizer") { _ in
            TransformerObject.Fitted(transform: { given in
              let x = try numbers(given).converted(to: .float64)
              return x.mappingRuns(1) { row in
                let size =
                  norm == "l2"
                  ? row.reduce(0) { $0 + $1 * $1 }.squareRoot()
                  : norm == "l1" ? row.reduce(0) { $0 + abs($1) } : row.map(abs).max() ?? 0
                return size == 0 ? row : row.map { $0 / size }
              }
            })
          })
      },
      NativeFunction("PolynomialFeatures(degree=2, *, interaction_only=False, include_bias=True)") {
        .object(try polynomial($0))
      },
    ]
  }

  private static func scalers() -> [NativeFunction] {
    [
      NativeFunction("StandardScaler(*, copy=True, with_mean=True, with_std=True)") { call in
        let (centers, scales) = (try call.boolean("with_mean"), try call.boolean("with_std"))
        return .object(
          scaling(
            "StandardScaler", ("mean_", "scale_"),
            { columns in
              [("var_", columns.map { NDArray.variance($0) })]
            }
          ) { x in
            let deviation = NDArray.variance(x).squareRoot()
            return (
              centers ? x.reduce(0, +) / Double(x.count) : 0,
              scales && deviation != 0 ? deviation : 1
            )
          })
      },
      NativeFunction("MinMaxScaler(feature_range=None, *, copy=True, clip=False)") { call in
        let range = call["feature_range"].isNone ? [0, 1] : try call.array("feature_range").scalars
        guard range.count == 2, range[0] < range[1] else {
          throw call.unsuitable("feature_range", wanted: "a pair, the lower first")
        }
        return .object(minMax(range[0], range[1]))
      },
      NativeFunction("MaxAbsScaler()") { _ in
        .object(
          scaling("MaxAbsScaler", (nil, "scale_")) { x in
            let most = x.map(abs).max() ?? 0
            return (0, most == 0 ? 1 : most)
          })
      },
      NativeFunction("RobustScaler()") { _ in
        .object(
          scaling("RobustScaler", ("center_", "scale_")) { x in
            let width = NDArray.quantile(x, 0.75) - NDArray.quantile(x, 0.25)
            return (NDArray.median(x), width == 0 ? 1 : width)
          })
      },
    ]
  }

  /// x · scale + min, as scikit-learn computes it.
  private static func minMax(_ low: Double, _ high: Double) -> TransformerObject {
    TransformerObject("MinMaxScaler") { given in
      let x = try numbers(given)
      let columns = columns(of: x)
      let (least, most) = (columns.map { $0.min() ?? 0 }, columns.map { $0.max() ?? 0 })
      let scales = zip(least, most).map { (high - low) / ($1 - $0 == 0 ? 1 : $1 - $0) }
      let scale = NDArray(row: scales)
      let start = NDArray(row: zip(least, scales).map { low - $0 * $1 })
      func check(_ x: NDArray) throws -> NDArray {
        try matching(numbers(x), columns.count, "MinMaxScaler")
      }
      return TransformerObject.Fitted(
        attributes: [
          ("data_min_", NDArray(row: least)), ("data_max_", NDArray(row: most)),
          ("scale_", scale), ("min_", start),
          ("data_range_", NDArray(row: zip(least, most).map { $1 - $0 })),
        ],
        transform: {
          let x = try check($0)
          return try NDArray.combined(
            try NDArray.combined(x, scale, kind: .float64, *), start, kind: .float64, +
          ).converted(to: x.kind == .float32 ? .float32 : .float64)
        },
        inverse: {
          try NDArray.combined(
            try NDArray.combined(try check($0), start, kind: .float64, -), scale, kind: .float64, /)
        })
    }
  }

  /// Products of columns up to a degree, in scikit-learn's order.
  private static func polynomial(_ call: BoundCall) throws -> TransformerObject {
    let degree = try call.integer("degree", in: 0...8)
    let distinct = try call.boolean("interaction_only")
    let bias = try call.boolean("include_bias")
    func combinations(_ n: Int, _ size: Int, from start: Int) -> [[Int]] {
      guard size > 0 else { return [[]] }
      guard start < n else { return [] }
      return (start..<n).flatMap { i in
        combinations(n, size - 1, from: distinct ? i + 1 : i).map { [i] + $0 }
      }
    }
    return TransformerObject("PolynomialFeatures") { x in
      let n = x.shape[1]
      guard n <= 40 else { throw Complaint("PolynomialFeatures of more than 40 columns") }
      let terms =
        (bias ? 0 : 1) <= degree
        ? ((bias ? 0 : 1)...degree).flatMap { combinations(n, $0, from: 0) } : []
      return TransformerObject.Fitted(transform: { given in
        let x = try matching(numbers(given), n, "PolynomialFeatures").converted(to: .float64)
        let shape = try Shape.checked([x.shape[0], terms.count])
        return NDArray(
          shape: shape,
          scalars: (0..<x.shape[0]).flatMap { row in
            terms.map { term in term.reduce(1) { $0 * x.scalars[row * n + $1] } }
          })
      })
    }
  }

  static var imputer: NativeFunction {
    NativeFunction("SimpleImputer(*, missing_values=None, strategy='mean', fill_value=None)") {
      call in
      let strategy = try call.text("strategy")
      guard ["mean", "median", "most_frequent", "constant"].contains(strategy) else {
        throw call.unsuitable(
          "strategy", wanted: "one of 'mean', 'median', 'most_frequent', 'constant'")
      }
      let fill = call["fill_value"].isNone ? 0 : try call.number("fill_value")
      return .object(
        TransformerObject("SimpleImputer") { x in
          let columns = columns(of: try numbers(x))
          let values = columns.map { column -> Double in
            let present = column.filter { !$0.isNaN }
            switch strategy {
            case "mean": return NDArray.mean(present)
            case "median": return NDArray.median(present)
            case "constant": return fill
            default:
              let counts = Dictionary(present.map { ($0, 1) }, uniquingKeysWith: +)
              let most = counts.values.max() ?? 0
              return counts.keys.filter { counts[$0] == most }.min() ?? .nan
            }
          }
          return TransformerObject.Fitted(
            attributes: [("statistics_", NDArray(row: values))],
            transform: {
              try NDArray.combined(
                try matching(numbers($0), columns.count, "SimpleImputer"), NDArray(row: values),
                kind: .float64
              ) { $0.isNaN ? $1 : $0 }
            })
        })
    }
  }
}
