/// Names of Python for names of the lab: `dense_kernel` for `dense/kernel`, each one once.
struct PythonNames {
  private var known: [Int: String] = [:]
  private var taken: Set<String>

  /// - Parameter taken: names that mean something else already.
  init(taken: some Sequence<String> = []) { self.taken = Self.words.union(taken) }

  /// Python's own words, and those that a reader takes for them.
  private static let words: Set<String> = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "exec", "finally", "for", "from", "global", "if", "import", "in", "input",
    "is", "lambda", "nonlocal", "not", "or", "pass", "print", "raise", "return", "try", "while",
    "with", "yield", "None", "True", "False", "self", "abs", "max", "min", "sum", "len", "range",
    "slice", "round", "np", "os", "sys", "math", "torch",
  ]

  /// The name for something with a number of its own, the same each time it is asked for.
  mutating func name(_ id: Int, for text: String) -> String {
    if let name = known[id] { return name }
    let name = unused(text)
    known[id] = name
    return name
  }

  /// A name that nothing has yet.
  mutating func unused(_ text: String) -> String {
    var base = String(text.map { Self.isPlain($0) ? $0 : "_" })
    while base.contains("__") { base = base.replacing("__", with: "_") }
    if base.first.map({ $0.isNumber || $0 == "_" }) ?? true { base = "v" + base }
    var name = base
    var count = 0
    while taken.contains(name) {
      count += 1
      name = count == 1 && Self.words.contains(base) ? base + "_" : "\(base)_\(count)"
    }
    taken.insert(name)
    return name
  }

  private static func isPlain(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber || character == "_")
  }
}

/// Python's spelling of values.
enum PythonText {
  /// A tuple: `(2, 3)`, `(2,)`, `()`.
  static func tuple(_ numbers: some Sequence<Int>) -> String { tuple(numbers.map { "\($0)" }) }

  static func tuple(_ parts: [String]) -> String {
    parts.count == 1 ? "(\(parts[0]),)" : "(" + parts.joined(separator: ", ") + ")"
  }

  /// A number that reads back to the same bits.
  static func number(_ value: Double) -> String {
    if value.isNaN { return "float(\"nan\")" }
    if value.isInfinite { return value < 0 ? "float(\"-inf\")" : "float(\"inf\")" }
    if value == value.rounded(), value.magnitude < 1e15 { return "\(Int(value))" }
    return "\(value)"
  }

  static func truth(_ holds: Bool) -> String { holds ? "True" : "False" }

  /// A comment on one line.
  static func comment(_ text: String) -> String {
    "# " + text.replacing("\n", with: " ").replacing("\r", with: " ")
  }

  /// A text in quotes.
  static func quoted(_ text: String) -> String {
    "\""
      + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
      .replacing("\n", with: "\\n") + "\""
  }
}
