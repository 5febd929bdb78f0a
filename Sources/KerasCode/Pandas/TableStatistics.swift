import Tensors

/// What pandas computes of a column; missing numbers do not count.
struct TableStatistic: Sendable {
  let name: String
  let f: @Sendable ([Double]) -> Double
  /// Whether the result of whole numbers is whole.
  var keepsKind = false

  static let all = [
    TableStatistic(name: "sum", f: NDArray.sum, keepsKind: true),
    TableStatistic(name: "mean", f: NDArray.mean),
    TableStatistic(name: "median", f: NDArray.median),
    TableStatistic(name: "min", f: NDArray.smallest, keepsKind: true),
    TableStatistic(name: "max", f: NDArray.largest, keepsKind: true),
    TableStatistic(name: "std", f: { NDArray.variance($0, freedom: 1).squareRoot() }),
    TableStatistic(name: "var", f: { NDArray.variance($0, freedom: 1) }),
    TableStatistic(name: "prod", f: { $0.reduce(1, *) }, keepsKind: true),
    TableStatistic(name: "skew", f: skewness),
  ]

  static func named(_ name: String) -> TableStatistic? { all.first { $0.name == name } }

  func apply(_ values: NDArray) throws -> Cell {
    guard values.kind.isNumeric else {
      guard name == "min" || name == "max" else {
        throw Complaint(
          "\(name)() of a column of texts", remedy: "choose the columns of numbers first")
      }
      let present = values.cells.filter { !$0.isMissing }
      return (name == "min" ? present.min() : present.max()) ?? .missing
    }
    let present = values.kind.isFloat ? values.scalars.filter { !$0.isNaN } : values.scalars
    let x = f(present)
    let whole = keepsKind && values.kind.isWhole
    return Cell(x, whole ? (values.kind == .bool && name != "sum" ? .bool : .int64) : .float64)
  }

  private static func skewness(_ x: [Double]) -> Double {
    let n = Double(x.count)
    let center = NDArray.mean(x)
    let second = NDArray.sum(x.map { ($0 - center) * ($0 - center) })
    let third = NDArray.sum(x.map { ($0 - center) * ($0 - center) * ($0 - center) })
    return n * (n - 1).squareRoot() / (n - 2) * (third / (second * second.squareRoot()))
  }

  /// The rows of `describe()` for a column of numbers.
  static func described(_ values: NDArray) -> [Double] {
    let x = values.scalars.filter { !$0.isNaN }
    return [
      Double(x.count), NDArray.mean(x), NDArray.variance(x, freedom: 1).squareRoot(),
      NDArray.smallest(x), NDArray.quantile(x, 0.25), NDArray.quantile(x, 0.5),
      NDArray.quantile(x, 0.75), NDArray.largest(x),
    ]
  }

  static let describedNames = ["count", "mean", "std", "min", "25%", "50%", "75%", "max"]

  static func correlation(_ a: NDArray, _ b: NDArray) -> Double {
    let pairs = zip(a.scalars, b.scalars).filter { !$0.isNaN && !$1.isNaN }
    let (x, y) = (pairs.map(\.0), pairs.map(\.1))
    let (p, q) = (NDArray.mean(x), NDArray.mean(y))
    let xy = NDArray.sum(zip(x, y).map { ($0 - p) * ($1 - q) })
    let xx = NDArray.sum(x.map { ($0 - p) * ($0 - p) })
    let yy = NDArray.sum(y.map { ($0 - q) * ($0 - q) })
    return min(max(xy / (xx * yy).squareRoot(), -1), 1)
  }
}
