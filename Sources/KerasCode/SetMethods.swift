// The methods and operators of sets, and what tuples and numbers have.

enum SetMethods {
  static let names = [
    "add", "clear", "copy", "difference", "discard", "intersection", "issubset", "issuperset",
    "isdisjoint", "pop", "remove", "symmetric_difference", "union", "update",
  ]

  private static let marks = [
    "union": "|", "intersection": "&", "difference": "-", "symmetric_difference": "^",
  ]

  static func method(_ name: String, _ set: DictionaryObject) -> PythonValue? {
    guard names.contains(name) else { return nil }
    return .object(function(name, set))
  }

  private static func function(_ name: String, _ set: DictionaryObject) -> NativeFunction {
    switch name {
    case "add", "discard", "remove": changing(name, set)
    case "clear":
      NativeFunction("clear()") { _ in
        set.removeAll()
        return .none
      }
    case "copy": NativeFunction("copy()") { .dictionary(try copied(set, $0.evaluator)) }
    case "pop":
      NativeFunction("pop()") { _ in
        guard let key = set.firstKey else {
          throw Complaint(
            "pop() from an empty set", as: .raised("KeyError", "'pop from an empty set'"))
        }
        _ = set.remove(key)
        return key.value
      }
    case "update":
      NativeFunction("update(*others)") { call in
        for other in call.rest { try add(other, to: set, call) }
        return .none
      }
    case "issubset", "issuperset", "isdisjoint": judging(name, set)
    default:
      NativeFunction("\(name)(*others)") { call in
        var result = try copied(set, call.evaluator)
        for value in call.rest {
          let other = try made(value, call)
          result = try combined(result, marks[name] ?? "|", other, call.evaluator) ?? result
        }
        return .dictionary(result)
      }
    }
  }

  private static func changing(_ name: String, _ set: DictionaryObject) -> NativeFunction {
    NativeFunction("\(name)(item)") { call in
      let key = try call.evaluator.key(call["item"], at: call.evaluator.callPlace)
      if name == "add" {
        set.set(key, .none)
      } else if set.remove(key) == nil && name == "remove" {
        throw Complaint(
          "the set does not hold \(call["item"].described)", at: .argument(0),
          as: .raised("KeyError", call["item"].repr))
      }
      return .none
    }
  }

  private static func judging(_ name: String, _ set: DictionaryObject) -> NativeFunction {
    NativeFunction("\(name)(other)") { call in
      let other = try made(call["other"], call)
      switch name {
      case "issubset": return .boolean(set.keys.allSatisfy { other.value($0) != nil })
      case "issuperset": return .boolean(other.keys.allSatisfy { set.value($0) != nil })
      default: return .boolean(!set.keys.contains { other.value($0) != nil })
      }
    }
  }

  private static func copied(
    _ set: DictionaryObject, _ evaluator: Evaluator
  ) throws
    -> DictionaryObject
  {
    let copy = try evaluator.keep(DictionaryObject())
    copy.isSet = true
    for key in set.keys { copy.set(key, .none) }
    return copy
  }

  private static func add(
    _ value: PythonValue, to set: DictionaryObject, _ call: BoundCall
  ) throws {
    let place = call.evaluator.callPlace
    for item in try Builtins.items(value, call) {
      set.set(try call.evaluator.key(item, at: place), .none)
    }
  }

  private static func made(_ value: PythonValue, _ call: BoundCall) throws -> DictionaryObject {
    let set = try call.evaluator.keep(DictionaryObject())
    set.isSet = true
    try add(value, to: set, call)
    return set
  }

  /// `a | b`, `a & b`, `a - b`, `a ^ b`; for dicts only the first.
  static func combined(
    _ a: DictionaryObject, _ mark: String, _ b: DictionaryObject, _ evaluator: Evaluator
  ) throws -> DictionaryObject? {
    if a.kind == "Counter", b.kind == "Counter", mark == "+" || mark == "-" {
      return try CollectionNames.combined(a, mark, b, evaluator)
    }
    guard a.isSet || mark == "|" else { return nil }
    let result = try evaluator.keep(DictionaryObject())
    result.isSet = a.isSet
    try evaluator.spend((a.count + b.count) / 8)
    switch mark {
    case "|": for (key, value) in a.pairs + b.pairs { result.set(key, value) }
    case "&": for key in a.keys where b.value(key) != nil { result.set(key, .none) }
    case "-": for key in a.keys where b.value(key) == nil { result.set(key, .none) }
    case "^":
      for key in a.keys where b.value(key) == nil { result.set(key, .none) }
      for key in b.keys where a.value(key) == nil { result.set(key, .none) }
    default: return nil
    }
    return result
  }
}

enum TupleMethods {
  static let names = ["count", "index"]

  static func attribute(
    _ name: String, _ tuple: TupleObject, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    if let naming = tuple.naming {
      if let i = naming.fields.firstIndex(of: name), i < tuple.items.count {
        return tuple.items[i]
      }
      if name == "_fields" { return try evaluator.tuple(naming.fields.map { .text($0) }) }
      if name == "_asdict" {
        return .object(
          NativeFunction("_asdict()") { call in
            let table = try call.evaluator.keep(DictionaryObject())
            for (key, value) in zip(naming.fields, tuple.items) { table.set(.text(key), value) }
            return .dictionary(table)
          })
      }
    }
    guard names.contains(name) else { return nil }
    return ListMethods.method(name, ListObject(tuple.items), evaluator)
  }
}

/// What numbers have: `(3).bit_length()`, `x.is_integer()`.
enum NumberMethods {
  static let names = ["bit_length", "imag", "is_integer", "item", "real"]

  static func attribute(_ name: String, _ value: PythonValue) -> PythonValue? {
    guard let number = value.anyNumber else { return nil }
    switch name {
    case "real": return value
    case "imag": return .integer(0)
    case "item": return .object(NativeFunction("item()") { _ in value })
    case "is_integer":
      return .object(
        NativeFunction("is_integer()") { _ in
          .boolean(number.isFinite && number == number.rounded())
        })
    case "bit_length":
      guard let i = value.wholeNumber else { return nil }
      return .object(
        NativeFunction("bit_length()") { _ in
          .integer(Int.bitWidth - i.magnitude.leadingZeroBitCount)
        })
    default: return nil
    }
  }
}
