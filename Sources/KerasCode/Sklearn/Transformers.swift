import Foundation
import Tensors

/// A preprocessing step of scikit-learn: `fit`, `transform`, and what it learned.
final class TransformerObject: ProgramObject {
  /// What a fitted step knows: arrays by their names, and how it transforms.
  struct Fitted {
    var attributes: [(name: String, value: NDArray)] = []
    /// Attributes that are lists of arrays: `categories_`.
    var lists: [(name: String, values: [NDArray])] = []
    let transform: (NDArray) throws -> NDArray
    var inverse: ((NDArray) throws -> NDArray)?
    /// Whether the result is a sparse matrix in scikit-learn.
    var isSparse = false
  }

  let typeName: String
  private let takesLabels: Bool
  private let learn: (NDArray) throws -> Fitted
  private var fitted: Fitted?

  init(_ name: String, takesLabels: Bool = false, _ learn: @escaping (NDArray) throws -> Fitted) {
    typeName = name
    self.takesLabels = takesLabels
    self.learn = learn
  }

  var shown: String { "\(typeName)()" }

  var attributeNames: [String] {
    ["fit", "fit_transform", "inverse_transform", "transform"]
      + (fitted.map { $0.attributes.map(\.name) + $0.lists.map(\.name) } ?? [])
  }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "fit":
      return .object(
        NativeFunction("fit(X, y=None)") { call in
          self.fitted = try self.learn(try self.data(call))
          return .object(self)
        })
    case "transform":
      return .object(NativeFunction("transform(X)") { try self.transformed(try self.data($0), $0) })
    case "fit_transform":
      return .object(
        NativeFunction("fit_transform(X, y=None)") { call in
          let x = try self.data(call)
          self.fitted = try self.learn(x)
          return try self.transformed(x, call)
        })
    case "inverse_transform":
      return .object(
        NativeFunction("inverse_transform(X)") { call in
          guard let inverse = try self.known().inverse else {
            throw Complaint("\(self.typeName) has no inverse_transform() here")
          }
          return try call.evaluator.value(try inverse(try call.operand("X")))
        })
    default:
      if let found = fitted?.lists.first(where: { $0.name == name }) {
        return try evaluator.list(try found.values.map { try evaluator.value($0) })
      }
      if let found = fitted?.attributes.first(where: { $0.name == name }) {
        return try evaluator.value(found.value)
      }
      guard name.hasSuffix("_"), fitted == nil else { return nil }
      throw Complaint("the \(typeName) was not fitted", remedy: "call fit(X) first")
    }
  }

  private func known() throws -> Fitted {
    guard let fitted else {
      throw Complaint("the \(typeName) was not fitted", remedy: "call fit(X) first")
    }
    return fitted
  }

  private func data(_ call: BoundCall) throws -> NDArray {
    let x = try call.operand("X")
    if takesLabels {
      if x.rank == 2 && x.shape[1] == 1 { return x.reshaped(to: [x.count]) }
      guard x.rank == 1, x.count > 0 else { throw call.unsuitable("X", wanted: "a row of labels") }
      return x
    }
    guard x.rank == 2, x.shape[0] > 0 else {
      throw Complaint(
        "\(call.function)() got an array of shape \(x.shape.tupleText) for \"X\"",
        remedy: "it takes rows and columns; one column: X.reshape(-1, 1)", at: call.anchor("X"))
    }
    return x
  }

  private func transformed(_ x: NDArray, _ call: BoundCall) throws -> PythonValue {
    let fitted = try known()
    let result = try call.evaluator.value(try fitted.transform(x))
    return fitted.isSparse ? .object(SparseObject(result)) : result
  }
}

/// A matrix that scikit-learn keeps sparse: `.toarray()` gives it.
final class SparseObject: ArrayConvertible {
  private let matrix: PythonValue

  init(_ matrix: PythonValue) { self.matrix = matrix }

  var typeName: String { "csr_matrix" }
  var attributeNames: [String] { ["shape", "toarray", "todense"] }

  func array(_ evaluator: Evaluator) throws -> NDArray { try evaluator.operand(from: matrix) }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "toarray", "todense": return .object(NativeFunction("\(name)()") { _ in self.matrix })
    case "shape":
      return try evaluator.tuple(try array(evaluator).shape.extents.map { .integer($0) })
    default: return nil
    }
  }
}

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

  // MARK: Encoders

  /// Places of values among known ones.
  private static func codes(_ values: NDArray, _ known: NDArray) throws(Complaint) -> [Int] {
    let table = Dictionary(
      known.cells.enumerated().map { ($1, $0) }, uniquingKeysWith: { a, _ in a })
    var codes: [Int] = []
    for cell in values.cells {
      guard let code = table[cell] else {
        throw Complaint("the value \(cell.repr) was not there when this was fitted")
      }
      codes.append(code)
    }
    return codes
  }

  static func classes(_ values: NDArray) -> NDArray {
    let firsts = SeriesMethods.firsts(values)
    return values.taking(firsts.sorted { values.cell($0) < values.cell($1) })
  }

  private static func encoders() -> [NativeFunction] {
    [
      NativeFunction("LabelEncoder()") { _ in
        .object(
          TransformerObject("LabelEncoder", takesLabels: true) { y in
            let known = classes(y)
            return TransformerObject.Fitted(
              attributes: [("classes_", known)],
              transform: { NDArray(whole: try codes($0, known)) },
              inverse: { given in
                guard given.kind.isWhole,
                  given.scalars.allSatisfy({ $0 >= 0 && $0 < Double(known.count) })
                else { throw Complaint("classes go from 0 to \(known.count - 1)") }
                return known.taking(given.scalars.map { Int($0) })
              })
          })
      },
      NativeFunction("LabelBinarizer()") { _ in
        .object(
          TransformerObject("LabelBinarizer", takesLabels: true) { y in
            let known = classes(y)
            return TransformerObject.Fitted(
              attributes: [("classes_", known)],
              transform: { given in
                let places = try codes(given, known)
                if known.count == 2 {
                  return NDArray(whole: places).reshaped(to: [places.count, 1])
                }
                return hot(places, known.count).converted(to: .int64)
              },
              inverse: { given in
                guard given.rank == 2 else { throw Complaint("this takes rows of columns") }
                return known.taking(
                  (0..<given.shape[0]).map { i in
                    let row = given.row(i).scalars
                    return row.count == 1
                      ? (row[0] > 0.5 ? 1 : 0) : Int(NDArray.indexOfLargest(row))
                  })
              })
          })
      },
      NativeFunction(
        "OneHotEncoder(*, sparse_output=True, handle_unknown='error', drop=None, dtype=None)"
      ) { call in
        let sparse = try call.boolean("sparse_output")
        let ignores = try call.text("handle_unknown") == "ignore"
        let drops = call["drop"].string == "first"
        guard call["drop"].isNone || drops else { throw call.unsuitable("drop", wanted: "'first'") }
        return .object(oneHot(sparse: sparse, ignores: ignores, drops: drops))
      },
      NativeFunction("OrdinalEncoder()") { _ in
        .object(
          TransformerObject("OrdinalEncoder") { x in
            let known = (0..<x.shape[1]).map { classes(x.taking([$0], axis: 1)) }
            return TransformerObject.Fitted(
              lists: [
                (
                  "categories_",
                  known.map {
                    let row = $0.reshaped(to: [$0.count])
                    return row.kind == .text ? row.converted(to: .object) : row
                  }
                )
              ],
              transform: { given in
                let x = try matching(given, known.count, "OrdinalEncoder")
                let columns = try known.enumerated().map { i, values in
                  NDArray(row: try codes(x.taking([i], axis: 1), values).map(Double.init))
                }
                return NDArray.stacked(columns).transposed([1, 0])
              })
          })
      },
    ]
  }

  private static func hot(_ places: [Int?], _ count: Int) -> NDArray {
    var rows = [Double](repeating: 0, count: places.count * count)
    for (i, place) in places.enumerated() { if let place { rows[i * count + place] = 1 } }
    return NDArray(shape: [places.count, count], scalars: rows)
  }

  private static func oneHot(sparse: Bool, ignores: Bool, drops: Bool) -> TransformerObject {
    TransformerObject("OneHotEncoder") { x in
      let known = (0..<x.shape[1]).map { classes(x.taking([$0], axis: 1)) }
        .map { $0.reshaped(to: [$0.count]) }
      return TransformerObject.Fitted(
        lists: [("categories_", known.map { $0.kind == .text ? $0.converted(to: .object) : $0 })],
        transform: { given in
          let x = try matching(given, known.count, "OneHotEncoder")
          let parts = try known.enumerated().map { i, values -> NDArray in
            let column = x.taking([i], axis: 1)
            let table = Set(values.cells)
            let places = try column.scalars.indices.map { row -> Int? in
              let cell = column.taking([row])
              if ignores && !table.contains(cell.cell(0)) { return nil }
              return try codes(cell, values)[0]
            }
            let whole = hot(places, values.count)
            return drops ? whole.taking(Array(1..<max(1, values.count)), axis: 1) : whole
          }
          return try NDArray.concatenated(parts, axis: 1)
        }, isSparse: sparse)
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
