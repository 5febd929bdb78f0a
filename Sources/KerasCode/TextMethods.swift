// The methods of strings.

enum TextMethods {
  static let names = [
    "capitalize", "center", "count", "endswith", "find", "format", "index", "isalnum", "isalpha",
    "isdigit", "islower", "isnumeric", "isspace", "isupper", "join", "ljust", "lower", "lstrip",
    "replace", "rfind", "rjust", "rsplit", "rstrip", "split", "splitlines", "startswith", "strip",
    "swapcase", "title", "upper", "zfill", "partition", "removeprefix", "removesuffix", "encode",
    "casefold",
  ]

  static func method(_ name: String, _ text: String, _ evaluator: Evaluator) -> PythonValue? {
    guard names.contains(name), name != "encode" else { return nil }
    let function =
      cased(name, text) ?? tested(name, text) ?? stripped(name, text) ?? found(name, text)
      ?? padded(name, text) ?? parted(name, text) ?? other(name, text)
    return .object(function)
  }

  private static func cased(_ name: String, _ text: String) -> NativeFunction? {
    let change: (() -> String)? =
      switch name {
      case "lower", "casefold": { text.lowercased() }
      case "upper": { text.uppercased() }
      case "title": { titled(text) }
      case "capitalize": { text.prefix(1).uppercased() + text.dropFirst().lowercased() }
      case "swapcase":
        { text.map { $0.isUppercase ? $0.lowercased() : $0.uppercased() }.joined() }
      default: nil
      }
    return change.map { change in
      NativeFunction("\(name)()") { try $0.evaluator.text(change()) }
    }
  }

  private static func tested(_ name: String, _ text: String) -> NativeFunction? {
    let test: ((Character) -> Bool)? =
      switch name {
      case "isalnum": { $0.isLetter || $0.isNumber }
      case "isalpha": { $0.isLetter }
      case "isdigit", "isnumeric": { $0.isNumber }
      case "isspace": { $0.isWhitespace }
      case "islower": { !$0.isUppercase }
      case "isupper": { !$0.isLowercase }
      default: nil
      }
    return test.map { test in
      NativeFunction("\(name)()") { _ in
        let isCase = name == "islower" || name == "isupper"
        return .boolean(
          !text.isEmpty && text.allSatisfy(test) && (!isCase || text.contains(where: \.isLetter)))
      }
    }
  }

  private static func stripped(_ name: String, _ text: String) -> NativeFunction? {
    guard ["strip", "lstrip", "rstrip"].contains(name) else { return nil }
    return NativeFunction("\(name)(chars=None)") { call in
      let characters = call["chars"].isNone ? nil : Set(try call.text("chars"))
      let goes: (Character) -> Bool = { c in
        characters.map { $0.contains(c) } ?? c.isWhitespace
      }
      var rest = Substring(text)
      if name != "rstrip" { rest = rest.drop(while: goes) }
      if name != "lstrip" { while let last = rest.last, goes(last) { rest.removeLast() } }
      return try call.evaluator.text(String(rest))
    }
  }

  private static func found(_ name: String, _ text: String) -> NativeFunction? {
    switch name {
    case "startswith", "endswith":
      return NativeFunction("\(name)(part)") { call in
        let parts = call["part"].sequence ?? [call["part"]]
        return .boolean(
          try parts.contains { part in
            guard let part = part.string else {
              throw call.unsuitable("part", wanted: "a text or a tuple of texts")
            }
            return name == "startswith" ? text.hasPrefix(part) : text.hasSuffix(part)
          })
      }
    case "count", "find", "rfind", "index":
      return NativeFunction("\(name)(part, start=0)") { call in
        let scalars = Array(text.unicodeScalars)
        let part = Array(try call.text("part").unicodeScalars)
        let start = max(0, try call.integer("start"))
        try call.evaluator.spend(scalars.count / 8 + 1)
        let places = places(of: part, in: scalars, from: start, call: name)
        if name == "count" {
          return .integer(part.isEmpty ? max(0, scalars.count - start + 1) : places.count)
        }
        guard let place = name == "rfind" ? places.last : places.first else {
          guard name == "index" else { return .integer(-1) }
          throw Complaint(
            "the text does not hold \(call["part"].described)", at: .argument(0),
            as: .raised("ValueError", "substring not found"))
        }
        return .integer(place)
      }
    default: return nil
    }
  }

  private static func places(
    of part: [Unicode.Scalar], in text: [Unicode.Scalar], from start: Int, call: String
  ) -> [Int] {
    var places: [Int] = []
    var i = start
    while i + part.count <= text.count {
      let isHere = text[i..<i + part.count].elementsEqual(part)
      if isHere {
        places.append(i)
        if call == "find" || call == "index" { break }
      }
      i += isHere && call == "count" ? max(1, part.count) : 1
    }
    return places
  }

  private static func padded(_ name: String, _ text: String) -> NativeFunction? {
    guard ["center", "ljust", "rjust", "zfill"].contains(name) else { return nil }
    return NativeFunction("\(name)(width, fillchar=' ')") { call in
      let width = try call.integer("width", in: -1_000_000...1_000_000)
      let missing = max(0, width - text.unicodeScalars.count)
      if name == "zfill" {
        let sign = text.prefix { $0 == "-" || $0 == "+" }.prefix(1)
        return .text(sign + String(repeating: "0", count: missing) + text.dropFirst(sign.count))
      }
      let fill = try call.text("fillchar")
      guard fill.count == 1 else { throw call.unsuitable("fillchar", wanted: "one character") }
      // Python puts the odd one at the left of an even width.
      let left =
        name == "ljust"
        ? 0 : name == "rjust" ? missing : missing / 2 + (missing & width & 1)
      return .text(
        String(repeating: fill, count: left) + text
          + String(repeating: fill, count: missing - left))
    }
  }

  private static func parted(_ name: String, _ text: String) -> NativeFunction? {
    switch name {
    case "split", "rsplit":
      return NativeFunction("\(name)(sep=None, maxsplit=-1)") { try split(text, $0) }
    case "splitlines":
      return NativeFunction("splitlines()") { call in
        try call.evaluator.list(
          text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .map { .text(String($0)) }.dropEmptyLast())
      }
    case "partition":
      return NativeFunction("partition(sep)") { call in
        let separator = try call.text("sep")
        guard !separator.isEmpty else { throw call.unsuitable("sep", wanted: "a text") }
        let halves = text.split(
          separator: separator, maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2 else {
          return try call.evaluator.tuple([.text(text), .text(""), .text("")])
        }
        return try call.evaluator.tuple([
          .text(String(halves[0])), .text(separator), .text(String(halves[1])),
        ])
      }
    default: return nil
    }
  }

  private static func other(_ name: String, _ text: String) -> NativeFunction {
    switch name {
    case "replace":
      NativeFunction("replace(old, new)") { call in
        let old = try call.text("old")
        let new = try call.text("new")
        guard !old.isEmpty else { throw call.unsuitable("old", wanted: "a text that is not empty") }
        let (size, overflow) = (text.utf8.count / old.utf8.count)
          .multipliedReportingOverflow(by: max(1, new.utf8.count))
        guard !overflow && size <= 10_000_000 else {
          throw Complaint("a text of more than ten million characters", as: .final)
        }
        return try call.evaluator.text(text.replacing(old, with: new))
      }
    case "removeprefix":
      NativeFunction("removeprefix(part)") { call in
        let part = try call.text("part")
        return .text(text.hasPrefix(part) ? String(text.dropFirst(part.count)) : text)
      }
    case "removesuffix":
      NativeFunction("removesuffix(part)") { call in
        let part = try call.text("part")
        return .text(text.hasSuffix(part) ? String(text.dropLast(part.count)) : text)
      }
    case "format":
      NativeFunction("format(*values, **named)") { call in
        try call.evaluator.text(try FormatMethod.text(text, call))
      }
    default: NativeFunction("join(items)") { try joined(text, $0) }
    }
  }

  private static func titled(_ text: String) -> String {
    var result = ""
    for c in text {
      let starts = result.last.map { !$0.isLetter } ?? true
      result += starts ? c.uppercased() : c.lowercased()
    }
    return result
  }

  private static func joined(_ text: String, _ call: BoundCall) throws -> PythonValue {
    var parts: [String] = []
    var length = 0
    try call.evaluator.iterate(call["items"], at: call.evaluator.callPlace) {
      guard let part = $0.string else {
        throw Complaint(
          "join() takes strings; found \($0.described)", remedy: "turn it into text with str(…)",
          at: .argument(0),
          as: .raised(
            "TypeError",
            "sequence item \(parts.count): expected str instance, \($0.typeName) found"))
      }
      parts.append(part)
      length += part.utf8.count + text.utf8.count
      guard length <= 10_000_000 else {
        throw Complaint("a text of more than ten million characters", as: .final)
      }
      return true
    }
    return try call.evaluator.text(parts.joined(separator: text))
  }

  private static func split(_ text: String, _ call: BoundCall) throws -> PythonValue {
    let most = try call.integer("maxsplit")
    let limit = most < 0 ? Int.max : most
    try call.evaluator.spend(text.utf8.count / 8)
    var parts: [String]
    if call["sep"].isNone {
      parts = text.split(maxSplits: limit, whereSeparator: \.isWhitespace).map(String.init)
    } else {
      let separator = try call.text("sep")
      guard !separator.isEmpty else {
        throw Complaint(
          "split() by an empty text", remedy: "list(text) gives its characters", at: .argument(0),
          as: .raised("ValueError", "empty separator"))
      }
      let all = text.split(separator: separator, omittingEmptySubsequences: false)
        .map(String.init)
      let isRight = call.function == "rsplit"
      if all.count - 1 <= limit {
        parts = all
      } else if isRight {
        parts =
          [all.dropLast(limit).joined(separator: separator)] + all.suffix(limit)
      } else {
        parts = all.prefix(limit) + [all.dropFirst(limit).joined(separator: separator)]
      }
    }
    return try call.evaluator.list(parts.map { .text($0) })
  }
}

extension [PythonValue] {
  /// Without the empty text that a last line break leaves.
  fileprivate func dropEmptyLast() -> [PythonValue] {
    last?.string?.isEmpty == true ? dropLast() : self
  }
}

/// `"{} of {total:.2f}".format(…)`: fields in order, by number or by name.
enum FormatMethod {
  static func text(_ text: String, _ call: BoundCall) throws -> String {
    var next = 0
    return try filled(text, call, &next, depth: 0)
  }

  private static func filled(
    _ text: String, _ call: BoundCall, _ next: inout Int, depth: Int
  ) throws -> String {
    var result = ""
    var rest = Substring(text)
    while let c = rest.popFirst() {
      if (c == "{" || c == "}") && rest.first == c {
        rest.removeFirst()
        result.append(c)
      } else if c == "{" {
        result += try field(try inner(&rest), call, &next, depth: depth)
      } else if c == "}" {
        throw Complaint(
          "a single \"}\" in a format", remedy: "write \"}}\" for a brace",
          as: .raised("ValueError", "Single '}' encountered in format string"))
      } else {
        result.append(c)
      }
    }
    return result
  }

  /// What stands up to the closing brace.
  private static func inner(_ rest: inout Substring) throws -> String {
    var depth = 0
    var field = ""
    while let c = rest.popFirst() {
      if c == "{" { depth += 1 }
      if c == "}" {
        if depth == 0 { return field }
        depth -= 1
      }
      field.append(c)
    }
    throw Complaint(
      "\"{\" is never closed", as: .raised("ValueError", "expected '}' before end of string"))
  }

  private static func field(
    _ field: String, _ call: BoundCall, _ next: inout Int, depth: Int
  ) throws -> String {
    guard depth < 2 else { throw Complaint("formats inside formats inside formats") }
    let halves = field.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let names = halves[0].split(separator: "!", maxSplits: 1, omittingEmptySubsequences: false)
    var value = try self.value(String(names[0]), call, &next)
    if names.count > 1 { value = .text(names[1] == "r" ? value.repr : value.str) }
    let spec =
      halves.count > 1 ? try filled(String(halves[1]), call, &next, depth: depth + 1) : ""
    return try call.evaluator.formatted(value, spec)
  }

  /// `0`, `name`, `name.attribute`, `name[key]`.
  private static func value(
    _ path: String, _ call: BoundCall, _ next: inout Int
  ) throws -> PythonValue {
    let head = String(path.prefix { $0 != "." && $0 != "[" })
    var value: PythonValue
    if let i = head.isEmpty ? next : Int(head) {
      if head.isEmpty { next += 1 }
      guard call.rest.indices.contains(i) else {
        throw Complaint(
          "more fields than values", remedy: "give format() a value for each",
          as: .raised("IndexError", "Replacement index \(i) out of range"))
      }
      value = call.rest[i]
    } else {
      guard let named = call.keywords.first(where: { $0.name == head }) else {
        throw Complaint(
          "format() got no \"\(head)\"",
          remedy: Suggestions.remedy(head, among: call.keywords.map(\.name), of: "it"),
          as: .raised("KeyError", PythonFormat.quoted(head)))
      }
      value = named.value
    }
    for part in path.dropFirst(head.count).split(whereSeparator: { ".[".contains($0) }) {
      value = try step(value, String(part), call)
    }
    return value
  }

  private static func step(
    _ value: PythonValue, _ part: String, _ call: BoundCall
  ) throws -> PythonValue {
    guard part.hasSuffix("]") else {
      return try call.evaluator.attribute(value, part, at: call.evaluator.callPlace)
    }
    let key = String(part.dropLast())
    if case .dictionary(let dictionary) = value, let found = dictionary.value(.text(key)) {
      return found
    }
    if let items = value.sequence, let i = Int(key), items.indices.contains(i) { return items[i] }
    throw Complaint("there is no [\(key)] here")
  }
}
