/// The header of a safetensors file, checked against the bytes that follow it.
struct SafetensorsHeader {
  enum ElementType: String {
    case float32 = "F32", float64 = "F64", float16 = "F16", bfloat16 = "BF16"
    case int64 = "I64", int32 = "I32"

    var byteCount: Int {
      switch self {
      case .float16, .bfloat16: 2
      case .float32, .int32: 4
      case .float64, .int64: 8
      }
    }

    func number(_ bytes: [UInt8], at offset: Int) -> Float {
      switch self {
      case .float32: Float(bitPattern: ByteNumber.read(UInt32.self, bytes, at: offset))
      case .float64: Float(Double(bitPattern: ByteNumber.read(UInt64.self, bytes, at: offset)))
      case .float16: ByteNumber.half(ByteNumber.read(UInt16.self, bytes, at: offset))
      case .bfloat16:
        Float(bitPattern: UInt32(ByteNumber.read(UInt16.self, bytes, at: offset)) << 16)
      case .int64: Float(ByteNumber.read(Int64.self, bytes, at: offset))
      case .int32: Float(ByteNumber.read(Int32.self, bytes, at: offset))
      }
    }
  }

  /// One tensor: its numbers lie from `begin` up to `end`, counted from the end of the header.
  struct Item {
    let name: String
    let type: ElementType
    let shape: [Int]
    let count: Int
    let begin: Int
    let end: Int
  }

  private(set) var items: [Item] = []
  private(set) var metadata: [String: String] = [:]
  let dataStart: Int
  private let file: String

  init(parsing bytes: [UInt8], file: String) throws(FileFailure) {
    self.file = file
    dataStart = try Self.dataStart(bytes, file: file)
    guard case .object(let members)? = OrderedJSON(parsing: bytes[8..<dataStart]) else {
      throw FileFailure(
        at: "\(file), header", found: "no JSON object",
        right: "the file is damaged or no safetensors: save it again")
    }
    try read(members)
    items.sort { ($0.begin, $0.end) < ($1.begin, $1.end) }
    try checkPlaces(available: bytes.count - dataStart)
  }

  private static func dataStart(_ bytes: [UInt8], file: String) throws(FileFailure) -> Int {
    guard bytes.count >= 8 else {
      throw FileFailure(
        at: file, found: "\(bytes.count) bytes", right: "a safetensors file has 8 and a header")
    }
    let length = ByteNumber.read(UInt64.self, bytes, at: 0)
    guard length <= 100_000_000 else {
      throw FileFailure(
        at: file, found: "a header of \(length) bytes", right: "a header has at most 100 MB")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw FileFailure(
        at: file, found: "a header of \(length) bytes in a file of \(bytes.count)",
        right: "the file is cut off: copy it again")
    }
    return 8 + Int(length)
  }

  private mutating func read(
    _ members: [(name: String, value: OrderedJSON)]
  ) throws(FileFailure) {
    var names: Set<String> = []
    for (name, value) in members {
      guard names.insert(name).inserted else {
        throw failure(name, "a second tensor of this name", right: "give each its own name")
      }
      if name == "__metadata__" {
        metadata = try words(value)
      } else {
        items.append(try item(name, value))
      }
    }
  }

  private func words(_ value: OrderedJSON) throws(FileFailure) -> [String: String] {
    var words: [String: String] = [:]
    guard case .object(let members) = value else {
      throw failure("__metadata__", "no object", right: "metadata maps names to strings")
    }
    for (name, value) in members {
      guard case .string(let word) = value else {
        throw failure("__metadata__", "no string for '\(name)'", right: "write it as a string")
      }
      words[name] = word
    }
    return words
  }

  private func item(_ name: String, _ value: OrderedJSON) throws(FileFailure) -> Item {
    guard
      case .object(let members) = value,
      case .string(let code)? = Self.member("dtype", of: members),
      let shape = Self.integers(Self.member("shape", of: members)),
      let offsets = Self.integers(Self.member("data_offsets", of: members)), offsets.count == 2
    else {
      throw failure(
        name, "no dtype, shape and two data_offsets", right: "write the three for each tensor")
    }
    guard let type = ElementType(rawValue: code) else {
      throw failure(
        name, "numbers of type \(code)", right: "F32, F64, F16, BF16, I64 and I32 can be read")
    }
    guard let count = elementCount(of: shape) else {
      throw failure(name, "shape \(shape)", right: "extents are 0 or more, and fit in memory")
    }
    let (size, overflows) = count.multipliedReportingOverflow(by: type.byteCount)
    let (begin, end) = (offsets[0], offsets[1])
    guard !overflows && begin >= 0 && end >= begin && end - begin == size else {
      throw failure(
        name, "data_offsets [\(begin), \(end)] for \(code) of shape \(shape)",
        right: overflows ? "such a tensor fits in no memory" : "the two are \(size) bytes apart")
    }
    return Item(name: name, type: type, shape: shape, count: count, begin: begin, end: end)
  }

  private static func member(
    _ name: String, of members: [(name: String, value: OrderedJSON)]
  ) -> OrderedJSON? {
    members.first { $0.name == name }?.value
  }

  private static func integers(_ value: OrderedJSON?) -> [Int]? {
    guard case .array(let elements)? = value else { return nil }
    var integers: [Int] = []
    for element in elements {
      guard case .integer(let integer) = element else { return nil }
      integers.append(integer)
    }
    return integers
  }

  private func checkPlaces(available: Int) throws(FileFailure) {
    var end = 0
    for item in items {
      guard item.begin == end else {
        throw failure(
          item.name, "numbers at \(item.begin) where those before end at \(end)",
          right: "tensors follow each other without overlap or hole")
      }
      end = item.end
    }
    guard end == available else {
      throw FileFailure(
        at: file, found: "\(available) bytes of numbers", right: "the header asks for \(end)")
    }
  }

  private func failure(_ name: String, _ found: String, right: String) -> FileFailure {
    FileFailure(at: "\(file), tensor '\(name)'", found: found, right: right)
  }
}
