// The methods of lists, dicts and strings that programs use.

enum ListMethods {
  static let names = [
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
  ]

  static func method(_ name: String, _ list: ListObject, _ evaluator: Evaluator) -> PythonValue? {
    guard names.contains(name) else { return nil }
    return .object(function(name, list))
  }

  private static func function(_ name: String, _ list: ListObject) -> NativeFunction {
    switch name {
    case "append", "extend", "insert", "remove": adding(name, list)
    case "pop":
      NativeFunction("pop(index=-1)") { call in
        let i = try call.evaluator.position(
          call["index"], list.items.count, at: call.evaluator.callPlace)
        return list.items.remove(at: i)
      }
    case "index", "count": finding(name, list)
    case "clear":
      NativeFunction("clear()") { _ in
        list.items = []
        return .none
      }
    case "copy": NativeFunction("copy()") { try $0.evaluator.list(list.items) }
    case "reverse":
      NativeFunction("reverse()") { _ in
        list.items.reverse()
        return .none
      }
    default:
      NativeFunction("sort(*, key=None, reverse=False)") { call in
        list.items = try Builtins.sorted(list.items, call)
        return .none
      }
    }
  }

  private static func adding(_ name: String, _ list: ListObject) -> NativeFunction {
    switch name {
    case "append":
      NativeFunction("append(item)") { call in
        list.items.append(call["item"])
        return .none
      }
    case "extend":
      NativeFunction("extend(items)") { call in
        try call.evaluator.iterate(call["items"], at: call.evaluator.callPlace) {
          guard list.items.count < 10_000_000 else {
            throw Complaint("a list of more than ten million items")
          }
          list.items.append($0)
          return true
        }
        return .none
      }
    case "insert":
      NativeFunction("insert(index, item)") { call in
        let count = list.items.count
        let i = try call.integer("index")
        list.items.insert(call["item"], at: min(count, max(0, i < 0 ? i + count : i)))
        return .none
      }
    default:
      NativeFunction("remove(item)") { call in
        guard let i = try position(of: call["item"], list, call) else {
          throw Complaint("the list does not hold \(call["item"].described)", at: .argument(0))
        }
        list.items.remove(at: i)
        return .none
      }
    }
  }

  private static func finding(_ name: String, _ list: ListObject) -> NativeFunction {
    NativeFunction("\(name)(item)") { call in
      if name == "count" {
        let place = call.evaluator.callPlace
        return .integer(
          try list.items.filter { try call.evaluator.isEqual($0, call["item"], at: place) }.count)
      }
      guard let i = try position(of: call["item"], list, call) else {
        throw Complaint("the list does not hold \(call["item"].described)", at: .argument(0))
      }
      return .integer(i)
    }
  }

  private static func position(
    of item: PythonValue, _ list: ListObject, _ call: BoundCall
  ) throws
    -> Int?
  {
    try list.items.firstIndex {
      try call.evaluator.isEqual($0, item, at: call.evaluator.callPlace)
    }
  }
}

enum DictionaryMethods {
  static let names = ["add", "copy", "get", "items", "keys", "pop", "update", "values"]

  static func method(
    _ name: String, _ dictionary: DictionaryObject, _ evaluator: Evaluator
  ) -> PythonValue? {
    switch name {
    case "keys":
      return .object(
        NativeFunction("keys()") {
          try $0.evaluator.list(dictionary.keys.map(\.value), view: "dict_keys")
        })
    case "values":
      return .object(
        NativeFunction("values()") {
          try $0.evaluator.list(dictionary.pairs.map(\.value), view: "dict_values")
        })
    case "items":
      return .object(
        NativeFunction("items()") { call in
          try call.evaluator.list(
            dictionary.pairs.map { try call.evaluator.tuple([$0.key.value, $0.value]) },
            view: "dict_items")
        })
    case "get":
      return .object(
        NativeFunction("get(key, default=None)") { call in
          let key = try call.evaluator.key(call["key"], at: call.evaluator.callPlace)
          return dictionary.value(key) ?? call["default"]
        })
    default: return changing(name, dictionary)
    }
  }

  private static func changing(_ name: String, _ dictionary: DictionaryObject) -> PythonValue? {
    switch name {
    case "add":
      return .object(
        NativeFunction("add(item)") { call in
          dictionary.set(
            try call.evaluator.key(call["item"], at: call.evaluator.callPlace), .none)
          return .none
        })
    case "pop":
      return .object(
        NativeFunction("pop(key, default='')") { call in
          let key = try call.evaluator.key(call["key"], at: call.evaluator.callPlace)
          return dictionary.remove(key) ?? call["default"]
        })
    case "update":
      return .object(
        NativeFunction("update(other)") { call in
          guard case .dictionary(let other) = call["other"] else {
            throw call.unsuitable("other", wanted: "a dict")
          }
          for (key, value) in other.pairs { dictionary.set(key, value) }
          return .none
        })
    case "copy":
      return .object(
        NativeFunction("copy()") { call in
          let copy = try call.evaluator.keep(DictionaryObject())
          copy.isSet = dictionary.isSet
          for (key, value) in dictionary.pairs { copy.set(key, value) }
          return .dictionary(copy)
        })
    default: return nil
    }
  }
}

enum TextMethods {
  static let names = [
    "endswith", "format", "join", "lower", "replace", "split", "startswith", "strip", "title",
    "upper",
  ]

  static func method(_ name: String, _ text: String, _ evaluator: Evaluator) -> PythonValue? {
    guard names.contains(name) else { return nil }
    return .object(function(name, text))
  }

  private static func function(_ name: String, _ text: String) -> NativeFunction {
    switch name {
    case "lower": NativeFunction("lower()") { _ in .text(text.lowercased()) }
    case "upper": NativeFunction("upper()") { _ in .text(text.uppercased()) }
    case "title": NativeFunction("title()") { _ in .text(titled(text)) }
    case "strip":
      NativeFunction("strip()") { _ in
        .text(
          String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
        )
      }
    case "startswith":
      NativeFunction("startswith(prefix)") { .boolean(text.hasPrefix(try $0.text("prefix"))) }
    case "endswith":
      NativeFunction("endswith(suffix)") { .boolean(text.hasSuffix(try $0.text("suffix"))) }
    case "replace":
      NativeFunction("replace(old, new)") { call in
        let old = try call.text("old")
        guard !old.isEmpty else { throw call.unsuitable("old", wanted: "a text that is not empty") }
        return .text(text.replacing(old, with: try call.text("new")))
      }
    case "format": NativeFunction("format(*values)") { try formatted(text, $0) }
    case "join": NativeFunction("join(items)") { try joined(text, $0) }
    default: NativeFunction("split(sep=None)") { try split(text, $0) }
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
    try call.evaluator.iterate(call["items"], at: call.evaluator.callPlace) {
      guard let part = $0.string else {
        throw Complaint("join() takes strings; found \($0.described)", at: .argument(0))
      }
      parts.append(part)
      return true
    }
    return .text(parts.joined(separator: text))
  }

  private static func split(_ text: String, _ call: BoundCall) throws -> PythonValue {
    let parts: [Substring]
    if call["sep"].isNone {
      parts = text.split(whereSeparator: \.isWhitespace)
    } else {
      let separator = try call.text("sep")
      guard !separator.isEmpty else { throw call.unsuitable("sep", wanted: "a text") }
      parts = text.split(separator: separator, omittingEmptySubsequences: false)
    }
    return try call.evaluator.list(parts.map { .text(String($0)) })
  }

  /// `"{} of {:.2f}".format(…)`: fields in order or by number.
  private static func formatted(_ text: String, _ call: BoundCall) throws -> PythonValue {
    var result = ""
    var next = 0
    var rest = Substring(text)
    while let c = rest.popFirst() {
      if (c == "{" || c == "}") && rest.first == c {
        rest.removeFirst()
        result.append(c)
      } else if c == "{" {
        guard let end = rest.firstIndex(of: "}") else { throw Complaint("\"{\" is never closed") }
        let halves = rest[..<end].split(
          separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        rest = rest[rest.index(after: end)...]
        let name = halves.first.map(String.init) ?? ""
        guard let i = name.isEmpty ? next : Int(name), i >= 0 else {
          throw Complaint("format() takes fields by number", remedy: "use an f-string")
        }
        guard i < call.rest.count else { throw Complaint("more fields than values") }
        next += 1
        result += try PythonFormat.formatted(
          call.rest[i], spec: halves.count > 1 ? String(halves[1]) : "")
      } else {
        result.append(c)
      }
    }
    return .text(result)
  }
}
