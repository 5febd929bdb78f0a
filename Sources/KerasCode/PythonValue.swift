/// A value of a running program.
package enum PythonValue {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list(ListObject)
  case tuple(TupleObject)
  case dictionary(DictionaryObject)
  case array(ArrayReference)
  case ellipsis
  /// Everything that is met by its attributes and calls: functions, modules, layers, models.
  case object(any ProgramObject)
}

/// Something that a program meets by its attributes and calls.
package protocol ProgramObject: AnyObject {
  /// As messages name it: `module`, `Dense`, `Sequential`.
  var typeName: String { get }
  /// As `print` shows it.
  var shown: String { get }
  var attributeNames: [String] { get }
  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue?
}

extension ProgramObject {
  package var shown: String { "<\(typeName)>" }
  package var attributeNames: [String] { [] }
  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? { nil }
}

/// Something that a program may call.
package protocol Callable: ProgramObject {
  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue
}

/// What stands between the parentheses of a call, evaluated.
package struct CallArguments {
  package var positional: [PythonValue] = []
  package var keywords: [(name: String, value: PythonValue)] = []
}

/// A container that a program may tie into knots; the heap unties them, so that nothing leaks and
/// no chain of deallocations grows deep.
package protocol Knot: AnyObject {
  func untie()
}

package final class ListObject: Knot {
  var items: [PythonValue]
  /// What Python calls it when it shows a dict's parts: `dict_keys`.
  let view: String?

  init(_ items: [PythonValue], view: String? = nil) {
    self.items = items
    self.view = view
  }

  package func untie() { items = [] }
}

package final class TupleObject: Knot {
  private(set) var items: [PythonValue]
  init(_ items: [PythonValue]) { self.items = items }
  package func untie() { items = [] }
}

package final class DictionaryObject: Knot {
  /// What a key may be.
  enum Key: Hashable {
    case none, text(String), integer(Int), number(Double)
    case tuple([Key])
  }

  private(set) var keys: [Key] = []
  private var values: [Key: PythonValue] = [:]
  var isSet = false

  func value(_ key: Key) -> PythonValue? { values[key] }

  func set(_ key: Key, _ value: PythonValue) {
    if values.updateValue(value, forKey: key) == nil { keys.append(key) }
  }

  func remove(_ key: Key) -> PythonValue? {
    guard let value = values.removeValue(forKey: key) else { return nil }
    keys.removeAll { $0 == key }
    return value
  }

  var pairs: [(key: Key, value: PythonValue)] { keys.map { ($0, values[$0] ?? .none) } }

  package func untie() {
    keys = []
    values = [:]
  }
}

extension PythonValue {
  /// As messages name the type.
  var typeName: String {
    switch self {
    case .none: "None"
    case .boolean: "bool"
    case .integer: "int"
    case .number: "float"
    case .text: "str"
    case .list: "list"
    case .tuple: "tuple"
    case .dictionary(let d): d.isSet ? "set" : "dict"
    case .array: "array"
    case .ellipsis: "ellipsis"
    case .object(let object): object.typeName
    }
  }

  /// "a list", "an int", "None", "an array of shape (2, 3)": what was found, in words.
  var described: String {
    switch self {
    case .none: return "None"
    case .boolean(let flag): return flag ? "True" : "False"
    case .integer(let i): return "\(i)"
    case .number(let x): return PythonFormat.number(x)
    case .text(let text):
      return PythonFormat.quoted(text.count > 40 ? String(text.prefix(40)) + "…" : text)
    case .array(let reference):
      return reference.array.rank == 0
        ? PythonFormat.scalar(reference.array)
        : "an array of shape \(reference.array.shape.tupleText)"
    case .object(let object) where object is KerasClass || object is NativeFunction:
      return "\(object.shown)"
    default:
      let name = typeName
      return ("aeiouAEIO".contains(name.first ?? "x") ? "an " : "a ") + name
    }
  }

  /// The elements of a list or tuple.
  var sequence: [PythonValue]? {
    switch self {
    case .list(let list): list.items
    case .tuple(let tuple): tuple.items
    default: nil
    }
  }

  /// A whole number; True and False count, and so does an array of one whole number.
  var wholeNumber: Int? {
    switch self {
    case .integer(let i): i
    case .boolean(let flag): flag ? 1 : 0
    case .array(let r) where r.array.rank == 0 && r.array.kind.isWhole:
      Int(exactly: r.array.scalars[0])
    default: nil
    }
  }

  /// A number of any sort.
  var anyNumber: Double? {
    switch self {
    case .number(let x): x
    case .array(let r) where r.array.rank == 0: r.array.scalars[0]
    default: wholeNumber.map(Double.init)
    }
  }

  var string: String? { if case .text(let text) = self { text } else { nil } }

  var isNone: Bool { if case .none = self { true } else { false } }
}
