import Tensors

/// The arrays of the MNIST files: `train-images-idx3-ubyte` and its kin, also packed by gzip.
///
/// Two zero bytes, one for the kind of number, one for the rank; the extents and then the numbers,
/// most significant byte first.
package enum IDXFile {
  package typealias Failure = FileFailure

  private enum Element: UInt8 {
    case unsigned8 = 0x08
    case signed8 = 0x09
    case signed16 = 0x0B
    case signed32 = 0x0C
    case float32 = 0x0D
    case float64 = 0x0E

    var size: Int {
      switch self {
      case .unsigned8, .signed8: 1
      case .signed16: 2
      case .signed32, .float32: 4
      case .float64: 8
      }
    }
  }

  /// Whether bytes, unpacked already, begin as such a file does.
  package static func isOne(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 4 && bytes[0] == 0 && bytes[1] == 0 && Element(rawValue: bytes[2]) != nil
      && (1...8).contains(bytes[3])
  }

  /// Reads an array, packed or not.
  /// - Throws: `Failure` when it is another file, or its size is not what its extents say.
  package static func read(_ bytes: [UInt8], file: String) throws(FileFailure) -> Tensor {
    let bytes = Gzip.isPacked(bytes) ? try Gzip.unpacked(bytes, file: file) : bytes
    guard isOne(bytes), let element = Element(rawValue: bytes[2]) else {
      throw Failure(
        at: file, found: "a file that is no IDX array",
        right: "it begins with 0, 0, the kind of number and the rank, as MNIST's files do")
    }
    var reader = ByteReader(bytes)
    reader.skip(4)
    var extents: [Int] = []
    for _ in 0..<bytes[3] {
      guard let extent = reader.number(UInt32.self, bigEndian: true) else {
        throw Failure(at: file, found: "a header that is cut off", right: "copy the file again")
      }
      extents.append(Int(extent))
    }
    guard let count = elementCount(of: extents), count <= reader.left / element.size,
      count * element.size == reader.left
    else {
      throw Failure(
        at: file, found: "\(reader.left) bytes of numbers for the shape \(extents)",
        right: "copy the file again: it is cut off or another")
    }
    return Tensor(
      shape: Shape(extents), scalars: numbers(element, bytes, from: reader.offset, count: count))
  }

  private static func numbers(
    _ element: Element, _ bytes: [UInt8], from start: Int, count: Int
  ) -> [Float] {
    func all<Integer: FixedWidthInteger>(
      _ type: Integer.Type, _ value: (Integer) -> Float
    ) -> [Float] {
      (0..<count).map {
        value(
          ByteNumber.read(type, bytes, at: start + $0 * element.size, bigEndian: true))
      }
    }
    return switch element {
    case .unsigned8: bytes[start...].map { Float($0) }
    case .signed8: bytes[start...].map { Float(Int8(bitPattern: $0)) }
    case .signed16: all(Int16.self) { Float($0) }
    case .signed32: all(Int32.self) { Float($0) }
    case .float32: all(UInt32.self) { Float(bitPattern: $0) }
    case .float64: all(UInt64.self) { Float(Double(bitPattern: $0)) }
    }
  }
}
