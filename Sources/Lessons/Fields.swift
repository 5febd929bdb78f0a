import Training
import Yams

/// The keys and values of a directive or the front matter, each with its line.
struct Fields {
  private let values: [String: Node]
  private let file: String
  /// The line of the file at which the YAML begins, minus one.
  private let offset: Int
  private let what: String

  /// - Parameters:
  ///   - offset: lines of the file before the YAML.
  ///   - what: as an error names it: `{ask}`.
  init(
    _ yaml: String, known: [String], what: String, file: String, offset: Int
  ) throws(LessonFailure) {
    self.file = file
    self.offset = offset
    self.what = what
    try NestingCheck.check(yaml, file: file, offset: offset)
    guard let node = try Self.composed(yaml, file, offset) else {
      values = [:]
      return
    }
    guard case .mapping(let mapping) = node else {
      throw LessonFailure(
        file, offset + (node.mark?.line ?? 1), "\(what) without keys",
        right: known.map { "\($0): …" }.joined(separator: ", "))
    }
    var values: [String: Node] = [:]
    for (key, value) in mapping {
      let name = key.string ?? ""
      let line = offset + (key.mark?.line ?? 1)
      guard known.contains(name) else {
        let near = NameSuggestion.near(name, among: known)
        throw LessonFailure(
          file, line, "the key ‘\(name)’ in \(what)",
          right: (near.isEmpty ? known : near).joined(separator: ", "))
      }
      values[name] = value
    }
    self.values = values
  }

  private static func composed(
    _ yaml: String, _ file: String, _ offset: Int
  ) throws(LessonFailure) -> Node? {
    do {
      return try Yams.compose(yaml: yaml)
    } catch {
      let (line, problem) = Self.words(error)
      throw LessonFailure(
        file, offset + line, "what is no YAML: \(problem)",
        right: "key: value, one a line, with quotes around a value that has a colon in it")
    }
  }

  private static func words(_ error: any Error) -> (line: Int, problem: String) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (max(1, mark.line), problem)
    case .duplicatedKeysInMapping(let keys, _):
      (1, "the key \(keys.map { "\($0)" }.joined(separator: ", ")) twice")
    default: (1, "it cannot be read")
    }
  }

  func has(_ key: String) -> Bool { values[key] != nil }

  func isList(_ key: String) -> Bool {
    if case .sequence? = values[key] { true } else { false }
  }

  /// The line of a value, of the whole when it is missing.
  func line(_ key: String) -> Int { offset + (values[key]?.mark?.line ?? 0) }

  func failure(_ key: String, _ found: String, right: String) -> LessonFailure {
    LessonFailure(file, line(key), found, right: right)
  }

  // MARK: Values

  func textIfAny(_ key: String) throws(LessonFailure) -> String? {
    guard let value = values[key] else { return nil }
    guard case .scalar(let scalar) = value, !scalar.string.trimmed.isEmpty else {
      throw failure(key, "no text for \(key)", right: "\(key): some words")
    }
    return scalar.string.trimmed
  }

  func text(_ key: String) throws(LessonFailure) -> String {
    guard let text = try textIfAny(key) else {
      throw LessonFailure(file, max(1, offset), "\(what) without \(key)", right: "\(key): …")
    }
    return text
  }

  func integerIfAny(_ key: String, in range: ClosedRange<Int>) throws(LessonFailure) -> Int? {
    guard let text = try textIfAny(key) else { return nil }
    guard let value = Int(text), range.contains(value) else {
      throw failure(
        key, "‘\(text)’ for \(key)",
        right: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  func numberIfAny(_ key: String) throws(LessonFailure) -> Double? {
    guard let text = try textIfAny(key) else { return nil }
    guard let value = Double(text), value.isFinite, value >= 0 else {
      throw failure(key, "‘\(text)’ for \(key)", right: "a number of at least 0")
    }
    return value
  }

  /// A list of texts; a single text is a list of one.
  func texts(_ key: String) throws(LessonFailure) -> [String] {
    guard let value = values[key] else { return [] }
    switch value {
    case .scalar(let scalar): return [scalar.string.trimmed]
    case .sequence(let sequence):
      var texts: [String] = []
      for item in sequence {
        guard let text = item.string, !text.trimmed.isEmpty else {
          throw LessonFailure(
            file, offset + (item.mark?.line ?? 1), "an item of \(key) that is no text",
            right: "- some words")
        }
        texts.append(text.trimmed)
      }
      return texts
    case .mapping, .alias:
      throw failure(key, "keys where \(key) has a list", right: "- one item a line")
    }
  }

  /// A list of pairs of texts under two keys each: `- when: …` with `say: …`.
  func pairs(
    _ key: String, _ first: String, _ second: String
  ) throws(LessonFailure) -> [(String, String)] {
    try rows(key, [first, second]).map { ($0[first] ?? "", $0[second] ?? "") }
  }

  /// A list of texts under some keys each, and under others where one likes.
  func rows(
    _ key: String, _ needed: [String], optional: [String] = []
  ) throws(LessonFailure) -> [[String: String]] {
    guard let value = values[key] else { return [] }
    let others = needed.dropFirst().map { "\($0): …" }.joined(separator: " and ")
    let right = "- \(needed.first ?? ""): … and, under it, \(others)"
    guard case .sequence(let sequence) = value else {
      throw failure(key, "no list for \(key)", right: right)
    }
    var rows: [[String: String]] = []
    for item in sequence {
      var row: [String: String] = [:]
      if case .mapping(let mapping) = item {
        for (name, text) in mapping {
          guard let name = name.string, let text = text.string, !text.trimmed.isEmpty else {
            continue
          }
          row[name] = text.trimmed
        }
        if mapping.count != row.count { row = [:] }
      }
      guard needed.allSatisfy({ row[$0] != nil }),
        row.keys.allSatisfy({ needed.contains($0) || optional.contains($0) })
      else {
        throw LessonFailure(
          file, offset + (item.mark?.line ?? 1),
          "an item of \(key) without \(needed.joined(separator: " and "))", right: right)
      }
      rows.append(row)
    }
    return rows
  }

  /// A mapping of words to texts, in their order.
  func entries(_ key: String) throws(LessonFailure) -> [(String, String)] {
    guard let value = values[key] else { return [] }
    guard case .mapping(let mapping) = value else {
      throw failure(
        key, "no terms for \(key)", right: "term: its meaning, one a line, or a list of terms")
    }
    var entries: [(String, String)] = []
    for (term, meaning) in mapping {
      guard let term = term.string, let meaning = meaning.string, !meaning.isEmpty else {
        throw failure(key, "a term without a meaning", right: "term: its meaning")
      }
      entries.append((term, meaning))
    }
    return entries
  }
}
