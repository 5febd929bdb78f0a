/// Which names a piece of a program uses, by its text.
enum NameScan {
  /// Names that stand by themselves: no attributes, no keywords of arguments, nothing in comments or
  /// texts; what stands in the braces of an f-string counts.
  static func names(in source: SourceText, _ range: Range<Int>) -> Set<String> {
    var names: Set<String> = []
    let text = Array(source.text(range))
    var i = 0
    var depth = 0
    var before: Character = " "
    while i < text.count {
      let c = text[i]
      if c == "#" {
        while i < text.count, !text[i].isNewline { i += 1 }
      } else if c.isLetter || c == "_" {
        let start = i
        while i < text.count, text[i].isLetter || text[i].isNumber || text[i] == "_" { i += 1 }
        let name = String(text[start..<i])
        let rest = text[i...].drop { $0 == " " }
        let isPrefix = i < text.count && (text[i] == "\"" || text[i] == "'")
        let isKeyword = depth > 0 && rest.first == "=" && rest.dropFirst().first != "="
        if isPrefix {
          let inside = literal(text, &i)
          if name.lowercased().contains("f") { names.formUnion(words(of: inside)) }
        } else if before != ".", !isKeyword {
          names.insert(name)
        }
        before = "a"
        continue
      } else if c == "\"" || c == "'" {
        _ = literal(text, &i)
        before = "a"
        continue
      } else {
        if "([{".contains(c) { depth += 1 }
        if ")]}".contains(c) { depth -= 1 }
        if !c.isWhitespace { before = c }
        i += 1
      }
    }
    return names
  }

  /// Passes over a text in quotes and gives what stands in it.
  private static func literal(_ text: [Character], _ i: inout Int) -> ArraySlice<Character> {
    let quote = text[i]
    let isLong = i + 2 < text.count && text[i + 1] == quote && text[i + 2] == quote
    let length = isLong ? 3 : 1
    i += length
    let start = i
    while i < text.count {
      if text[i] == "\\" {
        i = min(i + 2, text.count)
      } else if text[i...].prefix(length).allSatisfy({ $0 == quote }), text.count - i >= length {
        let inside = text[start..<i]
        i += length
        return inside
      } else {
        i += 1
      }
    }
    return text[start..<text.count]
  }

  private static func words(of text: ArraySlice<Character>) -> Set<String> {
    Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map { String($0) })
  }
}

extension Statement {
  /// The names that it gives a value.
  var boundNames: Set<String> {
    switch kind {
    case .assign(let targets, _): Set(targets.flatMap(\.plainNames))
    case .function(let definition): [definition.name]
    case .classDefinition(let name, _, _, _): [name]
    default: []
    }
  }

  /// The part in which names are used rather than given.
  var usingRange: Range<Int> {
    if case .assign(let targets, let value) = kind,
      targets.allSatisfy({ !$0.plainNames.isEmpty })
    {
      return value.range
    }
    return range
  }

  /// The names that a function calls its arguments.
  var parameters: Set<String> {
    guard case .function(let definition) = kind else { return [] }
    return Set(definition.parameters.all.map(\.name))
  }
}

extension Expression {
  /// The variables of a target: `x`, or each of `x, y`.
  fileprivate var plainNames: [String] {
    switch kind {
    case .name(let name): [name]
    case .tuple(let all), .list(let all): all.flatMap(\.plainNames)
    default: []
    }
  }
}
