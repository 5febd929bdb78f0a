/// What stands on, under or through a character in the same cell: the hat of `m̂`.
///
/// Up to three marks, packed: 21 bits each, the first lowest. More than three are left out.
package struct CombiningMarks: Hashable, Sendable {
  private let bits: UInt64

  package static let none = CombiningMarks(bits: 0)
  private static let most = 3

  private init(bits: UInt64) { self.bits = bits }

  /// The marks behind the first scalar of a character.
  package init(of character: Character) {
    let scalars = character.unicodeScalars
    guard scalars.count > 1 else {
      self = .none
      return
    }
    var bits: UInt64 = 0
    for (place, mark) in scalars.dropFirst().filter(Self.isMark).prefix(Self.most).enumerated() {
      bits |= UInt64(mark.value) << (21 * UInt64(place))
    }
    self.bits = bits
  }

  package var isEmpty: Bool { bits == 0 }

  package var scalars: [Unicode.Scalar] {
    (0..<Self.most).compactMap { place in
      let value = UInt32(truncatingIfNeeded: bits >> (21 * UInt64(place))) & 0x1F_FFFF
      return value == 0 ? nil : Unicode.Scalar(value)
    }
  }

  /// Marks that terminals draw over the character before them; no selectors of variants, no joiners.
  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    guard TextWidth.columns(scalar) == 0, !(0xFE00...0xFE0F).contains(scalar.value),
      scalar.value < 0xE0000
    else { return false }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return true
    default: return false
    }
  }

  /// What stands behind the letter where nothing can be drawn over it: `m^`.
  package var ascii: Unicode.Scalar? {
    switch scalars.first?.value {
    case 0x300: "`"
    case 0x301: "'"
    case 0x302: "^"
    case 0x303: "~"
    case 0x304, 0x305: "-"
    case 0x307: "."
    case 0x308: "\""
    case 0x30C: "v"
    case 0x20D7: ">"
    default: nil
    }
  }
}

extension StyledText.Run {
  /// The text where no mark can be drawn over a letter: the sign for it takes the blank behind the
  /// letter, so that nothing moves; without a blank there the letter stands alone.
  var withoutMarks: String {
    guard !TextWidth.isPlain(text) else { return text }
    var shown = ""
    var rest = text[...]
    while let character = rest.popFirst() {
      let marks = CombiningMarks(of: character)
      guard !marks.isEmpty, let first = character.unicodeScalars.first else {
        shown.append(character)
        continue
      }
      shown.unicodeScalars.append(first)
      if let sign = marks.ascii, rest.first == " " {
        shown.unicodeScalars.append(sign)
        rest.removeFirst()
      }
    }
    return shown
  }
}
