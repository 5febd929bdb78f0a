import Tensors

/// An array as programs see one: NumPy's shapes, kinds and rules. Numbers are kept as doubles, texts
/// as positions in a sorted table, so that all that moves elements around works for both.
///
/// A value: programs share arrays through `ArrayReference`, everyone else may keep a copy.
package struct NDArray: Hashable, Sendable {
  /// The most numbers one array may have.
  package static let mostElements = 1 << 26

  package private(set) var shape: Shape
  package private(set) var kind: Kind
  package private(set) var scalars: [Double]
  /// What the elements of an array of texts or objects stand for: each once, in order.
  private(set) var labels: [Cell] = []

  /// Numbers of a kind; they are rounded to Float32 when the kind says so.
  package init(shape: Shape, scalars: [Double], kind: Kind = .float64) {
    precondition(shape.count == scalars.count, "\(scalars.count) numbers for a shape of \(shape)")
    self.shape = shape
    self.kind = kind
    self.scalars = kind == .float32 ? scalars.map { Double(Float($0)) } : scalars
  }

  package init(_ scalar: Double, kind: Kind = .float64) {
    self.init(shape: [], scalars: [scalar], kind: kind)
  }

  /// A row of numbers.
  init(row scalars: [Double], kind: Kind = .float64) {
    self.init(shape: [scalars.count], scalars: scalars, kind: kind)
  }

  /// Whole numbers in a row.
  init(whole numbers: [Int]) { self.init(row: numbers.map(Double.init), kind: .int64) }

  package init(_ tensor: Tensor) {
    self.init(shape: tensor.shape, scalars: tensor.scalars.map(Double.init), kind: .float32)
  }

  /// Positions in a table of texts or other objects.
  init(shape: Shape, codes: [Double], labels: [Cell], kind: Kind) {
    precondition(shape.count == codes.count, "\(codes.count) elements for a shape of \(shape)")
    self.shape = shape
    self.kind = kind
    self.labels = labels
    scalars = codes
  }

  /// The numbers as Float32.
  package var tensor: Tensor { Tensor(shape: shape, scalars: scalars.map { Float($0) }) }

  package var count: Int { scalars.count }

  package var rank: Int { shape.rank }

  /// The number that an array of one number is.
  var scalar: Double? { count == 1 && kind.isNumeric ? scalars[0] : nil }

  /// Other elements of the same kind.
  func with(shape: Shape, scalars: [Double]) -> NDArray {
    kind.isNumeric
      ? NDArray(shape: shape, scalars: scalars, kind: kind)
      : NDArray(shape: shape, codes: scalars, labels: labels, kind: kind)
  }

  /// Elements of this array in a row.
  func taking(_ positions: [Int]) -> NDArray {
    with(shape: [positions.count], scalars: positions.map { scalars[$0] })
  }

  /// Rows of this array, which has at least one axis.
  func rows(_ order: [Int]) -> NDArray {
    let extents = [order.count] + shape.extents.dropFirst()
    let width = shape.extents.dropFirst().reduce(1, *)
    var result: [Double] = []
    result.reserveCapacity(width * order.count)
    for i in order { result += scalars[i * width..<(i + 1) * width] }
    return with(shape: Shape(extents), scalars: result)
  }

  /// One row, an axis less.
  func row(_ i: Int) -> NDArray {
    let inner = Shape(Array(shape.extents.dropFirst()))
    return with(shape: inner, scalars: Array(scalars[i * inner.count..<(i + 1) * inner.count]))
  }

  /// Writes elements at positions, rounded as this array's kind asks.
  mutating func write(_ values: [Double], at positions: [Int]) {
    for (i, position) in positions.enumerated() {
      scalars[position] = kind.rounded(values[values.count == 1 ? 0 : i])
    }
  }

  /// The same numbers under another shape of the same count.
  func reshaped(to shape: Shape) -> NDArray { with(shape: shape, scalars: scalars) }

  /// The numbers turned to another kind: whole kinds cut the fraction off.
  func converted(to kind: Kind) -> NDArray {
    guard kind != self.kind else { return self }
    guard kind.isNumeric && self.kind.isNumeric else { return cellsConverted(to: kind) }
    return NDArray(
      shape: shape, scalars: kind == .float64 ? scalars : scalars.map(kind.rounded), kind: kind)
  }

  /// Each number through a function.
  func map(kind: Kind? = nil, _ f: (Double) -> Double) -> NDArray {
    NDArray(shape: shape, scalars: scalars.map(f), kind: kind ?? self.kind)
  }
}
