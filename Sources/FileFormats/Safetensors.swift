import Tensors

/// Named tensors in the safetensors format.
///
/// Layout: header length (8 bytes), a JSON header of name → type, shape and place, padded with
/// spaces to 8 bytes, then all numbers, little-endian and row-major, without holes.
package struct Safetensors: Hashable, Sendable {
  package typealias Failure = FileFailure

  package struct Entry: Hashable, Sendable {
    package let name: String
    package let tensor: Tensor

    package init(name: String, tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  /// The tensors in the order of their numbers in the file.
  package let entries: [Entry]

  /// Free words about the file, such as `format: pt`.
  package let metadata: [String: String]

  package init(entries: [Entry], metadata: [String: String] = [:]) {
    self.entries = entries
    self.metadata = metadata
  }

  package subscript(name: String) -> Tensor? { entries.first { $0.name == name }?.tensor }

  /// Reads F32, F64, F16, BF16, I64 and I32, all as Float32.
  /// - Throws: `Failure` when the header is damaged or larger than 100 MB, a type is another one,
  ///   two tensors have one name, or their places overlap, leave a hole or do not fit their shapes.
  package init(parsing bytes: [UInt8], file: String = "model.safetensors") throws(FileFailure) {
    let header = try SafetensorsHeader(parsing: bytes, file: file)
    metadata = header.metadata
    entries = header.items.map { item in
      Entry(
        name: item.name,
        tensor: Tensor(
          shape: Shape(item.shape),
          scalars: (0..<item.count).map {
            item.type.number(bytes, at: header.dataStart + item.begin + $0 * item.type.byteCount)
          }))
    }
  }

  /// The tensors as F32, in their order, with the metadata sorted by name.
  /// - Throws: `Failure` when two tensors have one name.
  package func bytes() throws(FileFailure) -> [UInt8] {
    var header: [String] = []
    if !metadata.isEmpty { header.append("\"__metadata__\":{\(writtenMetadata)}") }
    var names: Set<String> = ["__metadata__"]
    var end = 0
    for entry in entries {
      guard names.insert(entry.name).inserted else {
        throw Failure(
          at: "tensor '\(entry.name)'", found: "a name that is taken",
          right: "give each tensor its own name")
      }
      let begin = end
      end += entry.tensor.count * 4
      let shape = entry.tensor.shape.extents.map(String.init).joined(separator: ",")
      header.append(
        "\(JSONText.quoted(entry.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(begin),\(end)]}")
    }
    return Self.file(header: "{" + header.joined(separator: ",") + "}", entries, dataCount: end)
  }

  private var writtenMetadata: String {
    metadata.sorted { $0.key < $1.key }
      .map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }.joined(separator: ",")
  }

  private static func file(header: String, _ entries: [Entry], dataCount: Int) -> [UInt8] {
    var text = Array(header.utf8)
    text += [UInt8](repeating: 0x20, count: (8 - text.count % 8) % 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + text.count + dataCount)
    ByteNumber.append(UInt64(text.count), to: &bytes)
    bytes += text
    for entry in entries {
      for number in entry.tensor.scalars { ByteNumber.append(number.bitPattern, to: &bytes) }
    }
    return bytes
  }
}
