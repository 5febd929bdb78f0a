import FileFormats

/// A JSON object on one line, its members in the order they were given.
struct JSONLine {
  enum Value {
    case text(String)
    case integer(Int)
    /// Null when it is not finite.
    case number(Double)
    /// With as many digits as a Float32 needs.
    case float(Float)
    case flag(Bool)
    case list([Value])
    case null
  }

  private(set) var members: [(name: String, value: Value)] = []

  init(_ members: [(name: String, value: Value)] = []) { self.members = members }

  mutating func add(_ name: String, _ value: Value) { members.append((name, value)) }

  var text: String {
    "{"
      + members.map { "\(JSONText.quoted($0.name)): \(Self.written($0.value))" }
      .joined(separator: ", ") + "}"
  }

  private static func written(_ value: Value) -> String {
    switch value {
    case .text(let text): JSONText.quoted(text)
    case .integer(let integer): String(integer)
    case .number(let number): number.isFinite ? "\(number)" : "null"
    case .float(let number): number.isFinite ? "\(number)" : "null"
    case .flag(let flag): flag ? "true" : "false"
    case .list(let values): "[" + values.map(written).joined(separator: ", ") + "]"
    case .null: "null"
    }
  }
}
