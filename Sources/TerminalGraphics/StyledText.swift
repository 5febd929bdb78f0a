/// Text in runs of one ink and one set of attributes.
///
/// `.accent("Enter") + " resume"` is the light way to write it; a plain literal is in `.text`.
package struct StyledText: Equatable, Sendable {
  /// Text in one ink with one set of attributes.
  package struct Run: Equatable, Sendable {
    package var text: String
    package var ink: Ink
    package var attributes: Attributes
    /// The key that a click on it presses.
    package var key: KeyStroke?

    package init(
      _ text: String, _ ink: Ink, _ attributes: Attributes, key: KeyStroke? = nil
    ) {
      self.text = text
      self.ink = ink
      self.attributes = attributes
      self.key = key
    }

    /// The same with something changed.
    package func with(_ change: (inout Run) -> Void) -> Run {
      var copy = self
      change(&copy)
      return copy
    }
  }

  package private(set) var runs: [Run]

  package init(_ text: String = "", _ ink: Ink = .text, _ attributes: Attributes = []) {
    runs = text.isEmpty ? [] : [Run(text, ink, attributes)]
  }

  package init(runs: [Run]) {
    self.runs = runs.contains { $0.text.isEmpty } ? runs.filter { !$0.text.isEmpty } : runs
  }

  package var isEmpty: Bool { runs.isEmpty }
  /// The characters alone.
  package var plain: String { runs.map(\.text).joined() }
  /// The columns it takes.
  package var width: Int { runs.reduce(0) { $0 + TextWidth.columns($1.text) } }

  package static func + (left: StyledText, right: StyledText) -> StyledText {
    var result = left
    result += right
    return result
  }

  package static func += (left: inout StyledText, right: StyledText) {
    left.runs.append(contentsOf: right.runs)
  }

  /// The same text with attributes added to every run.
  package func adding(_ attributes: Attributes) -> StyledText {
    StyledText(runs: runs.map { $0.with { $0.attributes.formUnion(attributes) } })
  }

  /// The same text in one ink.
  package func inked(_ ink: Ink) -> StyledText {
    StyledText(runs: runs.map { $0.with { $0.ink = ink } })
  }

  /// The same text; a click on it presses a key, where no part of it has its own.
  package func pressing(_ key: KeyStroke?) -> StyledText {
    StyledText(runs: runs.map { run in run.with { $0.key = run.key ?? key } })
  }

  /// As `truncated`, but no word is cut: a sentence ends with `…` after a whole one.
  package func truncatedAtWord(to width: Int) -> StyledText {
    guard self.width > width else { return self }
    var x = 0
    var end: Int?
    for character in runs.map(\.text).joined() {
      x += TextWidth.columns(TextWidth.shown(character))
      guard x < width else { break }
      if character == " " { end = x }
    }
    // A single long word is cut where the room ends.
    return truncated(to: end.map { $0 + 1 } ?? width)
  }

  /// At most `width` columns: cut with `…` when longer.
  package func truncated(to width: Int) -> StyledText {
    guard self.width > width else { return self }
    guard width > 0 else { return StyledText() }
    var room = width - 1
    var kept: [Run] = []
    for run in runs {
      var text = ""
      for character in run.text {
        room -= TextWidth.columns(TextWidth.shown(character))
        guard room >= 0 else {
          return StyledText(runs: kept + [run.with { $0.text = text + "…" }])
        }
        text.append(character)
      }
      kept.append(run)
    }
    return StyledText(runs: kept)
  }
}

extension StyledText: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(value) }
}

extension StyledText {
  package static func text(_ text: String) -> StyledText { StyledText(text, .text) }
  package static func strong(_ text: String) -> StyledText { StyledText(text, .text, .bold) }
  package static func secondary(_ text: String) -> StyledText { StyledText(text, .secondary) }
  package static func faint(_ text: String) -> StyledText { StyledText(text, .faint) }
  /// Bold in the accent color: keys, and the chosen thing. Names and signs of keys, as `Space` or
  /// `[ ]`, are pressed by a click; a letter or a digit is a value here: `key` makes it a key.
  package static func accent(_ text: String) -> StyledText {
    let words = text.split(separator: " ")
    guard !words.isEmpty, words.count <= 4,
      words.allSatisfy({ KeyStroke.namedBySign($0) != nil })
    else { return StyledText(text, .accent, .bold) }
    return keys(text) { KeyStroke.namedBySign($0) }
  }

  /// Keys as hints write them, `s` or `J K`: a click on one presses it.
  package static func key(_ text: String) -> StyledText { keys(text) { KeyStroke.named($0) } }

  /// Every word of a text as the key it names.
  private static func keys(
    _ text: String, _ key: (Substring) -> KeyStroke?
  ) -> StyledText {
    var runs: [Run] = []
    var rest = text[...]
    while !rest.isEmpty {
      let isBlank = rest.first == " "
      let word = rest.prefix { ($0 == " ") == isBlank }
      runs.append(Run(String(word), .accent, .bold, key: isBlank ? nil : key(word)))
      rest = rest[word.endIndex...]
    }
    return StyledText(runs: runs)
  }
  package static func good(_ text: String) -> StyledText { StyledText(text, .good) }
  package static func warning(_ text: String) -> StyledText { StyledText(text, .warning) }
  package static func bad(_ text: String) -> StyledText { StyledText(text, .bad) }

  /// A key and what it does, as in the hint bar: `Enter open`. A click on a key presses it; a click
  /// on the words presses the only key they have.
  package static func hint(_ key: String, _ meaning: String) -> StyledText {
    let words = StyledText.secondary(" " + meaning)
    return .key(key) + words.pressing(KeyStroke.named(key))
  }

  /// Texts with a separator between them; empty ones are left out.
  package static func joined(_ parts: [StyledText], separator: StyledText = "  ") -> StyledText {
    var result = StyledText()
    for part in parts where !part.isEmpty {
      result = result.isEmpty ? part : result + separator + part
    }
    return result
  }
}

extension StyledText {
  /// Lines of at most `width` columns, broken at spaces and line ends; a longer word is cut across
  /// lines. Spaces at the beginning of a paragraph indent all its lines.
  package func wrapped(to width: Int) -> [StyledText] {
    guard width > 0 else { return [] }
    if self.width <= width, !runs.contains(where: { $0.text.contains(where: \.isNewline) }) {
      return [self]
    }
    var lines: [StyledText] = []
    for paragraph in paragraphs() { lines += Self.wrap(paragraph, to: width) }
    return lines
  }

  /// The characters with their run's ink and attributes, split at line ends.
  private func paragraphs() -> [[Run]] {
    var result: [[Run]] = [[]]
    for run in runs {
      for character in run.text {
        if character.isNewline {
          result.append([])
        } else {
          result[result.count - 1].append(run.with { $0.text = String(character) })
        }
      }
    }
    return result
  }

  private static func wrap(_ characters: [Run], to width: Int) -> [StyledText] {
    let indent = Array(characters.prefix { $0.text == " " }.prefix(max(0, width - 8)))
    var lines: [StyledText] = []
    var rest = characters[indent.count...]
    repeat {
      var end = rest.startIndex
      var room = width - indent.count
      var breakAt: Int?
      while end < rest.endIndex {
        room -= TextWidth.columns(rest[end].text)
        if room < 0 { break }
        end += 1
        if end == rest.endIndex || rest[end].text == " " { breakAt = end }
      }
      let cut = max(min(breakAt ?? end, rest.endIndex), min(rest.startIndex + 1, rest.endIndex))
      lines.append(StyledText(runs: merged(indent + rest[rest.startIndex..<cut])))
      rest = rest[cut...].drop { $0.text == " " }
    } while !rest.isEmpty
    return lines
  }

  /// Neighbors of one style as one run.
  private static func merged(_ characters: [Run]) -> [Run] {
    var result: [Run] = []
    for character in characters {
      if let last = result.last, last.ink == character.ink, last.key == character.key,
        last.attributes == character.attributes
      {
        result[result.count - 1].text += character.text
      } else {
        result.append(character)
      }
    }
    return result
  }
}
