/// A JSON value that keeps the order and the repetition of names, which Foundation's loses.
enum OrderedJSON {
  case object([(name: String, value: OrderedJSON)])
  case array([OrderedJSON])
  case string(String)
  case integer(Int)
  /// A fraction, a boolean or null: nothing that a header of tensors asks for.
  case other

  /// Nil when the text is not JSON.
  init?(parsing text: ArraySlice<UInt8>) {
    var parser = OrderedJSONParser(text)
    guard let value = parser.parseDocument() else { return nil }
    self = value
  }
}

private struct OrderedJSONParser {
  private let text: ArraySlice<UInt8>
  private var position: Int

  // A hostile header could nest brackets until the stack ends.
  private static let deepest = 64

  init(_ text: ArraySlice<UInt8>) {
    self.text = text
    position = text.startIndex
  }

  mutating func parseDocument() -> OrderedJSON? {
    guard let value = parseValue(depth: 0) else { return nil }
    passSpace()
    return position == text.endIndex ? value : nil
  }

  private mutating func parseValue(depth: Int) -> OrderedJSON? {
    passSpace()
    guard depth < Self.deepest, position < text.endIndex else { return nil }
    switch text[position] {
    case UInt8(ascii: "{"): return parseObject(depth: depth)
    case UInt8(ascii: "["): return parseArray(depth: depth)
    case UInt8(ascii: "\""): return parseString().map { .string($0) }
    default: return parseWord()
    }
  }

  private mutating func parseObject(depth: Int) -> OrderedJSON? {
    var members: [(name: String, value: OrderedJSON)] = []
    position += 1
    if pass("}") { return .object([]) }
    repeat {
      passSpace()
      guard
        let name = parseString(), pass(":"), let value = parseValue(depth: depth + 1)
      else { return nil }
      members.append((name, value))
    } while pass(",")
    return pass("}") ? .object(members) : nil
  }

  private mutating func parseArray(depth: Int) -> OrderedJSON? {
    var elements: [OrderedJSON] = []
    position += 1
    if pass("]") { return .array([]) }
    repeat {
      guard let element = parseValue(depth: depth + 1) else { return nil }
      elements.append(element)
    } while pass(",")
    return pass("]") ? .array(elements) : nil
  }

  private mutating func parseString() -> String? {
    guard position < text.endIndex, text[position] == UInt8(ascii: "\"") else { return nil }
    position += 1
    var units: [UInt16] = []
    var run = position
    while position < text.endIndex {
      let byte = text[position]
      guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") else {
        guard byte >= 0x20 else { return nil }
        position += 1
        continue
      }
      guard let part = String(validating: text[run..<position], as: UTF8.self) else { return nil }
      units += part.utf16
      position += 1
      if byte == UInt8(ascii: "\"") { return String(validating: units, as: UTF16.self) }
      guard let unit = parseEscape() else { return nil }
      units.append(unit)
      run = position
    }
    return nil
  }

  private mutating func parseEscape() -> UInt16? {
    guard position < text.endIndex else { return nil }
    let byte = text[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(byte)
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      guard text.endIndex - position >= 4 else { return nil }
      defer { position += 4 }
      return UInt16(String(decoding: text[position..<position + 4], as: UTF8.self), radix: 16)
    default: return nil
    }
  }

  private mutating func parseWord() -> OrderedJSON? {
    let word = text[position...].prefix {
      !($0 <= 0x20) && ![UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}")].contains($0)
    }
    position = word.endIndex
    let string = String(decoding: word, as: UTF8.self)
    if let integer = Int(string) { return .integer(integer) }
    let isKnown = ["true", "false", "null"].contains(string) || DecimalNumber.parse(word) != nil
    return isKnown ? .other : nil
  }

  private mutating func pass(_ character: Unicode.Scalar) -> Bool {
    passSpace()
    guard position < text.endIndex, text[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func passSpace() {
    let space: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    while position < text.endIndex && space.contains(text[position]) { position += 1 }
  }
}
