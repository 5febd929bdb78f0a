// The methods of dicts, and of the kinds of dict that `collections` has.

enum DictionaryMethods {
  static let names = [
    "clear", "copy", "get", "items", "keys", "pop", "popitem", "setdefault", "update", "values",
  ]

  static func names(of dictionary: DictionaryObject) -> [String] {
    names + (dictionary.kind == "Counter" ? ["elements", "most_common", "subtract", "total"] : [])
      + (dictionary.kind == "OrderedDict" ? ["move_to_end"] : [])
  }

  static func method(
    _ name: String, _ dictionary: DictionaryObject, _ evaluator: Evaluator
  ) -> PythonValue? {
    let found =
      reading(name, dictionary) ?? changing(name, dictionary)
      ?? CollectionNames.method(name, dictionary)
    return found.map { .object($0) }
  }

  /// `dict.fromkeys(keys, value)`.
  static var fromKeys: NativeFunction {
    NativeFunction("fromkeys(keys, value=None)") { call in
      let table = try call.evaluator.keep(DictionaryObject())
      for item in try Builtins.items(call, "keys") {
        table.set(try call.evaluator.key(item, at: call.evaluator.callPlace), call["value"])
      }
      return .dictionary(table)
    }
  }

  private static func reading(
    _ name: String, _ dictionary: DictionaryObject
  ) -> NativeFunction? {
    switch name {
    case "keys":
      return NativeFunction("keys()") {
        try $0.evaluator.list(dictionary.keys.map(\.value), view: "dict_keys")
      }
    case "values":
      return NativeFunction("values()") {
        try $0.evaluator.list(dictionary.pairs.map(\.value), view: "dict_values")
      }
    case "items":
      return NativeFunction("items()") { call in
        try call.evaluator.list(
          dictionary.pairs.map { try call.evaluator.tuple([$0.key.value, $0.value]) },
          view: "dict_items")
      }
    case "get":
      return NativeFunction("get(key, default=None)") { call in
        let key = try call.evaluator.key(call["key"], at: call.evaluator.callPlace)
        return dictionary.value(key) ?? call["default"]
      }
    case "copy":
      return NativeFunction("copy()") { .dictionary(try copied(dictionary, $0.evaluator)) }
    default: return nil
    }
  }

  static func copied(
    _ dictionary: DictionaryObject, _ evaluator: Evaluator
  ) throws -> DictionaryObject {
    let copy = try evaluator.keep(DictionaryObject())
    copy.isSet = dictionary.isSet
    copy.kind = dictionary.kind
    copy.factory = dictionary.factory
    for (key, value) in dictionary.pairs { copy.set(key, value) }
    return copy
  }

  /// Adds what the arguments of `dict(…)` or `update(…)` give.
  static func fill(_ dictionary: DictionaryObject, _ call: BoundCall) throws {
    let place = call.evaluator.callPlace
    guard call.rest.count <= 1 else {
      throw Complaint("\(call.function)() takes one argument", at: .argument(1))
    }
    if case .dictionary(let other)? = call.rest.first, !other.isSet {
      for (key, value) in other.pairs { dictionary.set(key, value) }
    } else if let given = call.rest.first {
      for item in try Builtins.items(given, call) {
        let pair = try Builtins.items(item, call)
        guard pair.count == 2 else {
          throw Complaint(
            "\(call.function)() takes pairs of key and value", at: .argument(0),
            as: .raised("ValueError", "dictionary update sequence element has a wrong length"))
        }
        dictionary.set(try call.evaluator.key(pair[0], at: place), pair[1])
      }
    }
    for (name, value) in call.keywords { dictionary.set(.text(name), value) }
  }

  private static func changing(_ name: String, _ dictionary: DictionaryObject) -> NativeFunction? {
    switch name {
    case "pop":
      return NativeFunction("pop(key, default='<none>')") { call in
        let key = try call.evaluator.key(call["key"], at: call.evaluator.callPlace)
        if let value = dictionary.remove(key) { return value }
        guard call["default"].string == "<none>" else { return call["default"] }
        throw Complaint(
          "there is no key \(call["key"].repr)", at: .argument(0),
          as: .raised("KeyError", call["key"].repr))
      }
    case "popitem":
      return NativeFunction("popitem(last=True)") { call in
        let key = try call.boolean("last") ? dictionary.lastKey : dictionary.firstKey
        guard let key, let value = dictionary.remove(key) else {
          throw Complaint(
            "popitem() from an empty dict",
            as: .raised("KeyError", "'popitem(): dictionary is empty'"))
        }
        return try call.evaluator.tuple([key.value, value])
      }
    case "setdefault":
      return NativeFunction("setdefault(key, default=None)") { call in
        let key = try call.evaluator.key(call["key"], at: call.evaluator.callPlace)
        if let value = dictionary.value(key) { return value }
        dictionary.set(key, call["default"])
        return call["default"]
      }
    case "update":
      return NativeFunction("update(*items, **others)") { call in
        if dictionary.kind == "Counter", let given = call.rest.first {
          try CollectionNames.count(given, into: dictionary, call)
        } else {
          try fill(dictionary, call)
        }
        return .none
      }
    case "clear":
      return NativeFunction("clear()") { _ in
        dictionary.removeAll()
        return .none
      }
    default: return nil
    }
  }
}
