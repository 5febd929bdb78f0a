/// Text with choices and names to be filled in: `The [old|tall] tree fell on {hero}.`
///
/// `[a|b]` is one of its parts, which may have choices of their own; `{word}` is looked up, with a
/// capital when it is asked for with one.
struct Phrase {
  private let text: [Character]

  init(_ text: String) { self.text = Array(text) }

  /// - Parameter words: what `{…}` stands for, by its name in small letters.
  func written(_ words: [String: String], by chance: inout Chance) -> String {
    var place = 0
    return Self.written(text, at: &place, words, &chance)
  }

  /// Reads up to the end of the text, or to the bar or bracket that ends a part.
  private static func written(
    _ text: [Character], at place: inout Int, _ words: [String: String], _ chance: inout Chance
  ) -> String {
    var result = ""
    while place < text.count, text[place] != "|", text[place] != "]" {
      switch text[place] {
      case "[": result += choice(text, at: &place, words, &chance)
      case "{": result += word(text, at: &place, words)
      default:
        result.append(text[place])
        place += 1
      }
    }
    return result
  }

  /// One of the parts between brackets; all are written, so that the place after them is found.
  private static func choice(
    _ text: [Character], at place: inout Int, _ words: [String: String], _ chance: inout Chance
  ) -> String {
    var parts: [String] = []
    repeat {
      place += 1
      parts.append(written(text, at: &place, words, &chance))
    } while place < text.count && text[place] == "|"
    place += 1
    return chance.choice(of: parts)
  }

  private static func word(
    _ text: [Character], at place: inout Int, _ words: [String: String]
  ) -> String {
    let name = String(text[(place + 1)...].prefix { $0 != "}" })
    place += name.count + 2
    let value = words[name.lowercased()] ?? name
    guard name.first?.isUppercase == true, let first = value.first else { return value }
    return first.uppercased() + value.dropFirst()
  }
}
