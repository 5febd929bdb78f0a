/// Data with names, that are attributes and keys alike.
final class Bunch: Subscriptable {
  private let name: String
  private var members: [String: PythonValue]

  init(_ name: String, _ members: [String: PythonValue]) {
    self.name = name
    self.members = members
  }

  var typeName: String { "Bunch" }
  var takesSlices: Bool { false }
  var attributeNames: [String] { Array(members.keys) + ["keys"] }

  func add(_ name: String, _ value: PythonValue) { members[name] = value }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    if name == "keys" {
      let keys = members.keys.sorted()
      return .object(NativeFunction("keys()") { try $0.evaluator.list(keys.map { .text($0) }) })
    }
    return members[name]
  }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    guard let key = index.string, let value = members[key] else {
      throw Complaint(
        "there is no key \(index.repr)",
        remedy: Suggestions.remedy(index.string ?? "", among: Array(members.keys), of: name))
    }
    return value
  }
}
