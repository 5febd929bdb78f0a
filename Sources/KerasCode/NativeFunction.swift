/// A function of the lab that programs may call, with a signature in Python's notation.
package final class NativeFunction: Callable {
  package typealias Body = (BoundCall) throws -> PythonValue

  package let name: String
  private let signature: Signature
  private let body: Body
  /// The name that Keras knows it by where an argument takes a name: `relu`.
  let kerasName: String?

  /// - Parameter signature: `linspace(start, stop, num=50, *, dtype=None)`.
  init(_ signature: String, kerasName: String? = nil, _ body: @escaping Body) {
    self.signature = Signature(signature)
    name = self.signature.name
    self.kerasName = kerasName
    self.body = body
  }

  package var typeName: String { "function" }
  package var shown: String { isType ? "<class '\(name)'>" : "<function \(name)>" }
  package var attributeNames: [String] { ["__name__"] }
  /// Whether Python has it without an import.
  var isBuiltin = false

  package func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "__name__", "__qualname__": .text(self.name)
    case "__doc__": PythonValue.none
    case "fromkeys" where self.name == "dict": .object(DictionaryMethods.fromKeys)
    default: nil
    }
  }

  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try body(try signature.bind(arguments, evaluator))
  }
}

/// What a function takes, read from Python's notation of it.
struct Signature {
  struct Parameter {
    let name: String
    let standard: PythonValue?
    let isKeywordOnly: Bool
  }

  let name: String
  private(set) var parameters: [Parameter] = []
  /// The name after `*`, which takes what else stands there.
  private(set) var rest: String?
  /// Whether it takes keywords of any name.
  private(set) var takesKeywords = false

  init(_ text: String) {
    let halves = text.split(separator: "(", maxSplits: 1)
    name = String(halves[0])
    var keywordOnly = false
    let inner = halves.count > 1 ? halves[1].dropLast() : ""
    for part in inner.split(separator: ",") {
      let words = part.split(separator: "=", maxSplits: 1)
        .map { String($0.drop { $0 == " " }) }
      if words[0].hasPrefix("**") {
        takesKeywords = true
        continue
      }
      if words[0].hasPrefix("*") {
        keywordOnly = true
        if words[0].count > 1 { rest = String(words[0].dropFirst()) }
        continue
      }
      parameters.append(
        Parameter(
          name: words[0], standard: words.count > 1 ? Self.constant(words[1]) : nil,
          isKeywordOnly: keywordOnly))
    }
  }

  private static func constant(_ text: String) -> PythonValue {
    switch text {
    case "None": .none
    case "True": .boolean(true)
    case "False": .boolean(false)
    default:
      if let i = Int(text) {
        .integer(i)
      } else if let x = Double(text) {
        .number(x)
      } else {
        .text(text.filter { $0 != "'" })
      }
    }
  }

  /// Binds arguments as Python does.
  func bind(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> BoundCall {
    var values: [String: PythonValue] = [:]
    let places = parameters.filter { !$0.isKeywordOnly }
    var others: [PythonValue] = []
    for (i, value) in arguments.positional.enumerated() {
      if rest == nil {
        guard i < places.count else {
          throw Complaint(
            "\(name)() got \(arguments.positional.count) arguments",
            remedy: "it takes \(places.isEmpty ? "none" : "at most \(places.count)")"
              + " without a name", at: .argument(i))
        }
        values[places[i].name] = value
      } else if i < places.count {
        values[places[i].name] = value
      } else {
        others.append(value)
      }
    }
    var otherKeywords: [(name: String, value: PythonValue)] = []
    for (name, value) in arguments.keywords {
      guard parameters.contains(where: { $0.name == name }) else {
        if takesKeywords {
          otherKeywords.append((name, value))
          continue
        }
        throw Complaint(
          "\(self.name)() has no argument \"\(name)\"",
          remedy: Suggestions.remedy(name, among: parameters.map(\.name), of: "it"),
          at: .keyword(name),
          as: .raised(
            "TypeError", "\(self.name)() got an unexpected keyword argument '\(name)'"))
      }
      guard values[name] == nil else {
        throw Complaint("\(self.name)() got \"\(name)\" twice", at: .keyword(name))
      }
      values[name] = value
    }
    for parameter in parameters where values[parameter.name] == nil {
      guard let value = parameter.standard else {
        throw Complaint("\(name)() needs the argument \"\(parameter.name)\"")
      }
      values[parameter.name] = value
    }
    return BoundCall(
      function: name, values: values, rest: others, keywords: otherKeywords,
      order: places.map(\.name),
      named: Set(arguments.keywords.map(\.name)), evaluator: evaluator)
  }
}

/// The arguments of a call, each under the name of its parameter.
package struct BoundCall {
  package let function: String
  let values: [String: PythonValue]
  package let rest: [PythonValue]
  /// What was given by names that are no parameters.
  package let keywords: [(name: String, value: PythonValue)]
  let order: [String]
  let named: Set<String>
  package let evaluator: Evaluator

  init(
    function: String, values: [String: PythonValue], rest: [PythonValue],
    keywords: [(name: String, value: PythonValue)] = [], order: [String], named: Set<String>,
    evaluator: Evaluator
  ) {
    self.function = function
    self.values = values
    self.rest = rest
    self.keywords = keywords
    self.order = order
    self.named = named
    self.evaluator = evaluator
  }

  package subscript(name: String) -> PythonValue { values[name] ?? .none }

  /// The place of an argument in the call.
  func anchor(_ name: String) -> Complaint.Anchor {
    if named.contains(name) { return .keyword(name) }
    return order.firstIndex(of: name).map { .argument($0) } ?? .call
  }

  /// "x takes a number; found a list".
  func unsuitable(_ name: String, wanted: String) -> Complaint {
    Complaint(
      "\(function)() got \(self[name].described) for \"\(name)\"", remedy: "it takes \(wanted)",
      at: anchor(name))
  }

  func number(_ name: String) throws -> Double {
    guard let x = self[name].anyNumber else { throw unsuitable(name, wanted: "a number") }
    return x
  }

  func integer(_ name: String, in range: ClosedRange<Int>? = nil) throws -> Int {
    guard let i = self[name].wholeNumber else { throw unsuitable(name, wanted: "a whole number") }
    if let range, !range.contains(i) {
      throw unsuitable(
        name, wanted: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return i
  }

  func optionalInteger(_ name: String, in range: ClosedRange<Int>? = nil) throws -> Int? {
    self[name].isNone ? nil : try integer(name, in: range)
  }

  func boolean(_ name: String) throws -> Bool {
    switch self[name] {
    case .boolean(let flag): return flag
    case .integer(let i) where i == 0 || i == 1: return i == 1
    default: throw unsuitable(name, wanted: "True or False")
    }
  }

  func text(_ name: String) throws -> String {
    guard let text = self[name].string else { throw unsuitable(name, wanted: "a string") }
    return text
  }

  /// An array, or what can be made one.
  func array(_ name: String) throws -> NDArray {
    do { return try evaluator.array(from: self[name]) } catch let complaint as Complaint {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor(name))
    }
  }

  /// Extents: a whole number or a tuple of them.
  func shape(_ name: String) throws -> [Int] {
    if let i = self[name].wholeNumber { return [i] }
    guard let items = self[name].sequence else {
      throw unsuitable(name, wanted: "a tuple of whole numbers")
    }
    return try items.map { item in
      guard let i = item.wholeNumber else {
        throw unsuitable(name, wanted: "a tuple of whole numbers")
      }
      return i
    }
  }

  /// None, one axis, or a tuple of them.
  func axes(_ name: String = "axis") throws -> [Int]? {
    self[name].isNone ? nil : try shape(name)
  }
}

/// A module, or anything else that is no more than names: `np.random`, a bunch of data.
final class Namespace: ProgramObject {
  let name: String
  let typeName: String
  private(set) var members: [String: PythonValue]

  init(_ name: String, typeName: String = "module", _ members: [String: PythonValue] = [:]) {
    self.name = name
    self.typeName = typeName
    self.members = members
  }

  var shown: String { typeName == "module" ? "<module '\(name)'>" : "<\(typeName)>" }
  var attributeNames: [String] { Array(members.keys) }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? { members[name] }

  func add(_ name: String, _ value: PythonValue) { members[name] = value }

  func add(_ function: NativeFunction) { members[function.name] = .object(function) }
}
