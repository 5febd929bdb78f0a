extension NDArray {
  /// What NumPy calls a dtype.
  package enum Kind: String, CaseIterable, Hashable, Sendable {
    case bool
    case uint8, int8, uint16, int16, uint32, int32, int64
    case float32, float64
    case text = "str"
    case object

    /// The name as NumPy writes it.
    package var name: String { rawValue }

    package var isFloat: Bool { self == .float32 || self == .float64 }

    /// Whether the elements are numbers, or True and False.
    package var isNumeric: Bool { self != .text && self != .object }

    /// Whether the numbers are whole.
    package var isWhole: Bool { isNumeric && !isFloat }

    private var isUnsigned: Bool { rawValue.hasPrefix("u") }

    private var bits: Int {
      switch self {
      case .bool: 1
      case .uint8, .int8: 8
      case .uint16, .int16: 16
      case .uint32, .int32, .float32: 32
      case .int64, .float64: 64
      case .text, .object: 0
      }
    }

    /// The bytes that NumPy keeps a number in.
    var byteCount: Int { isNumeric ? max(1, bits / 8) : 8 }

    /// The kind of a result of two kinds, as NumPy promotes.
    func promoted(with other: Kind) -> Kind {
      if self == other { return self }
      if self == .object || other == .object { return .object }
      if self == .text || other == .text { return .text }
      if self == .bool { return other }
      if other == .bool { return self }
      if isFloat && other.isFloat { return .float64 }
      if isFloat { return other.bits <= 16 ? self : .float64 }
      if other.isFloat { return other.promoted(with: self) }
      if isUnsigned == other.isUnsigned { return bits > other.bits ? self : other }
      let (signed, unsigned) = isUnsigned ? (other, self) : (self, other)
      if signed.bits > unsigned.bits { return signed }
      return unsigned == .uint8 ? .int16 : unsigned == .uint16 ? .int32 : .int64
    }

    /// Whether results of this kind may be written into an array of another, in place.
    func canBeKept(in other: Kind) -> Bool {
      if self == other || self == .bool { return true }
      if isFloat { return other.isFloat }
      return isWhole && other != .bool && other.isNumeric
    }

    /// A number as this kind keeps it.
    func rounded(_ x: Double) -> Double {
      switch self {
      case .bool: return x != 0 ? 1 : 0
      case .int64: return abs(x) < 9.2e18 ? x.rounded(.towardZero) : -9_223_372_036_854_775_808
      case .float32: return Double(Float(x))
      case .float64, .text, .object: return x
      default:
        let width = Double(1 << bits)
        return Self.wrapped(x, isUnsigned ? 0 : -width / 2, width)
      }
    }

    private static func wrapped(_ x: Double, _ low: Double, _ width: Double) -> Double {
      guard x.isFinite else { return low == 0 ? 0 : low }
      let cut = x.rounded(.towardZero)
      return cut - ((cut - low) / width).rounded(.down) * width
    }
  }
}
