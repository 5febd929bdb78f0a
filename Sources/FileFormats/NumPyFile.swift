import Tensors

/// One array in NumPy's `.npy` format, versions 1 to 3.
///
/// Layout: `\x93NUMPY`, version, header length, a Python dict padded to 64 bytes, the numbers.
package enum NumPyFile {
  package typealias Failure = FileFailure

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  // MARK: - Reading

  /// Reads an array of numbers or booleans; either byte order, C or Fortran order.
  /// - Throws: `Failure` for other types of elements, a damaged header or missing bytes.
  package static func read(
    _ bytes: [UInt8], file: String = "array.npy"
  ) throws(FileFailure) -> NumPyArray {
    let (start, length) = try headerRange(bytes, file: file)
    let header = try NumPyHeader(
      text: String(decoding: bytes[start..<start + length], as: UTF8.self), file: file)
    let data = start + length
    let count = try checkedCount(header, available: bytes.count - data, file: file)
    let stored = (0..<count).map { i in
      number(
        bytes, at: data + i * header.elementType.byteCount, type: header.elementType,
        bigEndian: header.isBigEndian)
    }
    return NumPyArray(
      shape: Shape(header.shape), elementType: header.elementType,
      scalars: header.isFortranOrder ? rowMajor(stored, shape: header.shape) : stored)
  }

  private static func headerRange(
    _ bytes: [UInt8], file: String
  ) throws(FileFailure) -> (start: Int, length: Int) {
    guard bytes.count >= 12 && bytes.starts(with: magic) else {
      throw Failure(
        at: file, found: "no NumPy array", right: "write the file with np.save or np.savez")
    }
    let version = bytes[6]
    guard (1...3).contains(version) else {
      throw Failure(
        at: "\(file), byte 6", found: "format version \(version)", right: "versions are 1, 2 and 3")
    }
    let start = version == 1 ? 10 : 12
    let length =
      version == 1
      ? Int(ByteNumber.read(UInt16.self, bytes, at: 8))
      : Int(ByteNumber.read(UInt32.self, bytes, at: 8))
    guard length <= bytes.count - start else {
      throw Failure(
        at: "\(file), byte 8", found: "a header of \(length) bytes, longer than the file",
        right: "the file is cut off: write or copy it again")
    }
    return (start, length)
  }

  private static func checkedCount(
    _ header: NumPyHeader, available: Int, file: String
  ) throws(FileFailure) -> Int {
    let width = header.elementType.byteCount
    guard let count = elementCount(of: header.shape), count <= available / width else {
      throw Failure(
        at: file, found: "\(available) bytes of numbers for shape \(header.shape)",
        right: "the file is cut off: write or copy it again")
    }
    return count
  }

  private static func number(
    _ bytes: [UInt8], at offset: Int, type: NumPyArray.ElementType, bigEndian: Bool
  ) -> Double {
    func read<Integer: FixedWidthInteger>(_ type: Integer.Type) -> Integer {
      ByteNumber.read(type, bytes, at: offset, bigEndian: bigEndian)
    }
    return switch type {
    case .float16: Double(ByteNumber.half(read(UInt16.self)))
    case .float32: Double(Float(bitPattern: read(UInt32.self)))
    case .float64: Double(bitPattern: read(UInt64.self))
    case .int8: Double(read(Int8.self))
    case .int16: Double(read(Int16.self))
    case .int32: Double(read(Int32.self))
    case .int64: Double(read(Int64.self))
    case .uint8: Double(read(UInt8.self))
    case .uint16: Double(read(UInt16.self))
    case .uint32: Double(read(UInt32.self))
    case .uint64: Double(read(UInt64.self))
    case .boolean: read(UInt8.self) == 0 ? 0 : 1
    }
  }

  /// In Fortran order the first index runs fastest: it is the row-major order of reversed axes.
  private static func rowMajor(_ stored: [Double], shape: [Int]) -> [Double] {
    var fortranStrides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropFirst() {
      fortranStrides[axis] = fortranStrides[axis - 1] * shape[axis - 1]
    }
    var index = [Int](repeating: 0, count: shape.count)
    var offset = 0
    return stored.indices.map { _ in
      let number = stored[offset]
      for axis in shape.indices.reversed() {
        index[axis] += 1
        offset += fortranStrides[axis]
        if index[axis] < shape[axis] { break }
        offset -= index[axis] * fortranStrides[axis]
        index[axis] = 0
      }
      return number
    }
  }

  // MARK: - Writing

  /// The array as a version 1 file, little-endian and row-major.
  ///
  /// Floating point is written in its own width (halves as `f4`), all else as `i8`.
  package static func bytes(of array: NumPyArray) -> [UInt8] {
    let written = writtenType(of: array.elementType)
    let extents = array.shape.extents.map(String.init)
    let shape = "(" + extents.joined(separator: ", ") + (extents.count == 1 ? ",)" : ")")
    let header = "{'descr': '<\(written.rawValue)', 'fortran_order': False, 'shape': \(shape), }"
    // Magic, version and length take 10 bytes; the numbers begin at a multiple of 64.
    let length = (10 + header.utf8.count + 1 + 63) / 64 * 64 - 10
    var bytes = magic + [1, 0]
    ByteNumber.append(UInt16(length), to: &bytes)
    bytes += Array(header.utf8)
    bytes += [UInt8](repeating: 0x20, count: length - header.utf8.count - 1) + [0x0A]
    bytes.reserveCapacity(bytes.count + array.scalars.count * written.byteCount)
    for number in array.scalars { append(number, as: written, to: &bytes) }
    return bytes
  }

  private static func writtenType(
    of type: NumPyArray.ElementType
  ) -> NumPyArray.ElementType {
    switch type {
    case .float64: .float64
    case .float16, .float32: .float32
    default: .int64
    }
  }

  private static func append(
    _ number: Double, as type: NumPyArray.ElementType, to bytes: inout [UInt8]
  ) {
    switch type {
    case .float32: ByteNumber.append(Float(number).bitPattern, to: &bytes)
    case .float64: ByteNumber.append(number.bitPattern, to: &bytes)
    default: ByteNumber.append(nearestInteger(number), to: &bytes)
    }
  }

  private static func nearestInteger(_ number: Double) -> Int64 {
    guard !number.isNaN else { return 0 }
    return Int64(exactly: number.rounded()) ?? (number < 0 ? .min : .max)
  }
}
