import Tensors

/// An array as NumPy stores it: a shape, a type of elements, and the numbers in row-major order.
package struct NumPyArray: Hashable, Sendable {
  /// The types of elements that are read; each raw value is NumPy's own code.
  package enum ElementType: String, Hashable, Sendable, CaseIterable {
    case float16 = "f2", float32 = "f4", float64 = "f8"
    case int8 = "i1", int16 = "i2", int32 = "i4", int64 = "i8"
    case uint8 = "u1", uint16 = "u2", uint32 = "u4", uint64 = "u8"
    case boolean = "b1"

    package var byteCount: Int {
      switch self {
      case .int8, .uint8, .boolean: 1
      case .float16, .int16, .uint16: 2
      case .float32, .int32, .uint32: 4
      case .float64, .int64, .uint64: 8
      }
    }

    package var isFloatingPoint: Bool { rawValue.hasPrefix("f") }
  }

  package let shape: Shape
  package let elementType: ElementType

  /// The numbers; integers beyond 2⁵³ are rounded to the nearest Double.
  package let scalars: [Double]

  package init(shape: Shape, elementType: ElementType, scalars: [Double]) {
    precondition(shape.count == scalars.count, "\(scalars.count) numbers do not fill \(shape)")
    self.shape = shape
    self.elementType = elementType
    self.scalars = scalars
  }

  package init(_ tensor: Tensor) {
    self.init(
      shape: tensor.shape, elementType: .float32, scalars: tensor.scalars.map { Double($0) })
  }

  package var tensor: Tensor { Tensor(shape: shape, scalars: scalars.map { Float($0) }) }
}
