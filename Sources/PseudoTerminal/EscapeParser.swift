/// Splits the bytes for a terminal into characters and sequences, after ECMA-48.
struct EscapeParser: Sendable {
  struct Sequence: CustomStringConvertible, Sendable {
    /// `?`, `>`, `=`, or none.
    var prefix: UInt8?
    /// Those left out are 0.
    var numbers: [Int]
    var final: UInt8

    var description: String {
      let prefix = prefix.map { String(UnicodeScalar($0)) } ?? ""
      return prefix + numbers.map(String.init).joined(separator: ";")
        + String(UnicodeScalar(final))
    }
  }

  enum Action: Sendable {
    case character(Unicode.Scalar)
    case control(UInt8)
    case escape([UInt8], UInt8)
    case sequence(Sequence)
  }

  private enum State: Sendable {
    case ground
    case escape([UInt8])
    case sequence([UInt8])
    /// Up to BEL or ST; whether the byte before was ESC.
    case string(isEnding: Bool)
    /// The first byte of an OSC: the Linux console has two without an end.
    case command
    case skip(Int)
    case character([UInt8], Int)
  }

  private var state = State.ground

  mutating func take(_ byte: UInt8) -> Action? {
    if byte == 0x18 || byte == 0x1A {
      state = .ground
      return nil
    }
    switch state {
    case .ground: return ground(byte)
    case .escape(let between): return escape(between, byte)
    case .sequence(let body): return sequence(body, byte)
    case .command:
      state =
        byte == UInt8(ascii: "R")
        ? .ground : byte == UInt8(ascii: "P") ? .skip(7) : .string(isEnding: false)
      return nil
    case .skip(let count):
      state = count > 1 ? .skip(count - 1) : .ground
      return nil
    case .string(let isEnding):
      if byte == 7 || isEnding && byte == UInt8(ascii: "\\") {
        state = .ground
      } else {
        state = .string(isEnding: byte == 0x1B)
      }
      return nil
    case .character(let bytes, let missing): return character(bytes + [byte], missing - 1)
    }
  }

  private mutating func ground(_ byte: UInt8) -> Action? {
    switch byte {
    case 0x1B:
      state = .escape([])
      return nil
    case 0, 0x7F: return nil
    case ..<0x20: return .control(byte)
    case ..<0x80: return .character(Unicode.Scalar(byte))
    case 0xC2...0xDF: state = .character([byte], 1)
    case 0xE0...0xEF: state = .character([byte], 2)
    case 0xF0...0xF4: state = .character([byte], 3)
    default: return .character("\u{FFFD}")
    }
    return nil
  }

  private mutating func character(_ bytes: [UInt8], _ missing: Int) -> Action? {
    guard let byte = bytes.last, (0x80...0xBF).contains(byte) else {
      state = .ground
      return .character("\u{FFFD}")
    }
    guard missing == 0 else {
      state = .character(bytes, missing)
      return nil
    }
    state = .ground
    return .character(String(decoding: bytes, as: UTF8.self).unicodeScalars.first ?? "\u{FFFD}")
  }

  private mutating func escape(_ between: [UInt8], _ byte: UInt8) -> Action? {
    switch byte {
    case 0x1B:
      state = .escape([])
      return nil
    case 0x20...0x2F:
      state = .escape(between + [byte])
      return nil
    case UInt8(ascii: "[") where between.isEmpty: state = .sequence([])
    case UInt8(ascii: "]") where between.isEmpty: state = .command
    case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"):
      state = .string(isEnding: false)
    default:
      state = .ground
      return .escape(between, byte)
    }
    return nil
  }

  private mutating func sequence(_ body: [UInt8], _ byte: UInt8) -> Action? {
    switch byte {
    case 0x1B:
      state = .escape([])
      return nil
    // Control characters within a sequence act at once.
    case ..<0x20: return .control(byte)
    case 0x20...0x3F:
      state = .sequence(body + [byte])
      return nil
    default: break
    }
    state = .ground
    let prefix = body.first.flatMap { (0x3C...0x3F).contains($0) ? $0 : nil }
    let digits = body.dropFirst(prefix == nil ? 0 : 1).prefix { $0 >= 0x30 }
    let numbers = digits.split(
      omittingEmptySubsequences: false,
      whereSeparator: { $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ":") }
    ).map { Int(String(decoding: $0, as: UTF8.self)) ?? 0 }
    return .sequence(
      Sequence(prefix: prefix, numbers: digits.isEmpty ? [] : numbers, final: byte))
  }
}

/// The line-drawing characters of the VT100.
enum LineDrawing {
  private static let table: [Unicode.Scalar: Unicode.Scalar] = [
    "j": "┘", "k": "┐", "l": "┌", "m": "└", "n": "┼", "q": "─", "t": "├", "u": "┤", "v": "┴",
    "w": "┬", "x": "│", "a": "▒", "`": "◆", "f": "°", "g": "±", "~": "·", "o": "⎺", "s": "⎽",
    "y": "≤", "z": "≥", "{": "π", "|": "≠", "}": "£", "+": "→", ",": "←", "-": "↑", ".": "↓",
    "0": "█", "h": "▒", "i": "␋",
  ]

  static func character(_ scalar: Unicode.Scalar) -> Unicode.Scalar { table[scalar] ?? scalar }
}

/// How many columns a character takes.
enum CharacterWidth {
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF, 0x20000...0x3FFFD,
  ]

  static func columns(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: return wide.contains { $0.contains(scalar.value) } ? 2 : 1
    }
  }
}
