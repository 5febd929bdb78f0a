import Tensors

/// An array of numbers as programs see one: NumPy's shapes, kinds and rules, kept as doubles.
///
/// A value: programs share arrays through `ArrayReference`, everyone else may keep a copy.
package struct NDArray: Hashable, Sendable {
  /// What NumPy calls a dtype, from the least general to the most.
  package enum Kind: String, CaseIterable, Comparable, Hashable, Sendable {
    case bool
    case uint8, int32, int64
    case float32, float64

    package static func < (a: Kind, b: Kind) -> Bool { a.rank < b.rank }

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

    /// Whether the numbers are whole.
    package var isWhole: Bool { self != .float32 && self != .float64 }

    /// The kind of a result of two kinds, as NumPy promotes.
    func promoted(with other: Kind) -> Kind {
      let high = max(self, other)
      let low = min(self, other)
      if high == .float32 && (low == .int32 || low == .int64) { return .float64 }
      return high
    }
  }

  /// The most numbers one array may have.
  package static let mostElements = 1 << 26

  package private(set) var shape: Shape
  package private(set) var kind: Kind
  package private(set) var scalars: [Double]

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

  package init(_ tensor: Tensor) {
    self.init(shape: tensor.shape, scalars: tensor.scalars.map(Double.init), kind: .float32)
  }

  /// The numbers as Float32.
  package var tensor: Tensor { Tensor(shape: shape, scalars: scalars.map { Float($0) }) }

  package var count: Int { scalars.count }

  package var rank: Int { shape.rank }

  /// The number that an array of one number is.
  var scalar: Double? { count == 1 ? scalars[0] : nil }

  /// Writes numbers at positions, rounded as this array's kind asks.
  mutating func write(_ values: [Double], at positions: [Int]) {
    for (i, position) in positions.enumerated() {
      scalars[position] = kind.rounded(values[values.count == 1 ? 0 : i])
    }
  }

  /// The same numbers under another shape of the same count.
  func reshaped(to shape: Shape) -> NDArray { NDArray(shape: shape, scalars: scalars, kind: kind) }

  /// The numbers turned to another kind: whole kinds cut the fraction off.
  func converted(to kind: Kind) -> NDArray {
    NDArray(shape: shape, scalars: scalars.map(kind.rounded), kind: kind)
  }

  /// Each number through a function.
  func map(kind: Kind? = nil, _ f: (Double) -> Double) -> NDArray {
    NDArray(shape: shape, scalars: scalars.map(f), kind: kind ?? self.kind)
  }
}

extension NDArray.Kind {
  /// A number as this kind keeps it.
  func rounded(_ x: Double) -> Double {
    switch self {
    case .bool: x != 0 ? 1 : 0
    case .uint8: Self.wrapped(x, 0, 256)
    case .int32: Self.wrapped(x, -2_147_483_648, 4_294_967_296)
    case .int64: abs(x) < 9.2e18 ? x.rounded(.towardZero) : -9_223_372_036_854_775_808
    case .float32: Double(Float(x))
    case .float64: x
    }
  }

  private static func wrapped(_ x: Double, _ low: Double, _ width: Double) -> Double {
    guard x.isFinite else { return low == 0 ? 0 : low }
    let cut = x.rounded(.towardZero)
    return cut - ((cut - low) / width).rounded(.down) * width
  }

  /// The name as NumPy writes it.
  package var name: String { rawValue }
}
