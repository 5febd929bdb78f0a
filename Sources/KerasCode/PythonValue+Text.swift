// `str` and `repr` of values.

extension PythonValue {
  /// What `print` writes.
  var str: String {
    switch self {
    case .text(let text): text
    case .array(let reference): ArrayFormat.str(reference)
    default: repr
    }
  }

  /// What stands inside a printed list.
  var repr: String {
    var budget = 100_000
    return repr(depth: 0, &budget)
  }

  private func repr(depth: Int, _ budget: inout Int) -> String {
    budget -= 1
    guard budget > 0 && depth < 50 else { return "..." }
    switch self {
    case .none: return "None"
    case .boolean(let flag): return flag ? "True" : "False"
    case .integer(let i): return "\(i)"
    case .number(let x): return PythonFormat.number(x)
    case .text(let text): return PythonFormat.quoted(text)
    case .list(let list):
      let inner = "[" + Self.joined(list.items, depth, &budget) + "]"
      return list.view.map { "\($0)(\(inner))" } ?? inner
    case .tuple(let tuple):
      let inner = Self.joined(tuple.items, depth, &budget)
      return tuple.items.count == 1 ? "(\(inner),)" : "(\(inner))"
    case .dictionary(let dictionary): return Self.text(of: dictionary, depth, &budget)
    case .array(let reference): return ArrayFormat.repr(reference)
    case .ellipsis: return "Ellipsis"
    case .object(let object): return object.shown
    }
  }

  private static func joined(_ items: [PythonValue], _ depth: Int, _ budget: inout Int) -> String {
    items.map { $0.repr(depth: depth + 1, &budget) }.joined(separator: ", ")
  }

  private static func text(
    of dictionary: DictionaryObject, _ depth: Int, _ budget: inout Int
  ) -> String {
    if dictionary.isSet {
      guard !dictionary.keys.isEmpty else { return "set()" }
      return "{" + dictionary.keys.map { $0.value.repr }.joined(separator: ", ") + "}"
    }
    let pairs = dictionary.pairs.map { key, value in
      key.value.repr + ": " + value.repr(depth: depth + 1, &budget)
    }
    return "{" + pairs.joined(separator: ", ") + "}"
  }
}

extension DictionaryObject.Key {
  /// The key as a value.
  var value: PythonValue {
    switch self {
    case .none: .none
    case .text(let text): .text(text)
    case .integer(let i): .integer(i)
    case .number(let x): .number(x)
    case .tuple(let all): .tuple(TupleObject(all.map(\.value)))
    }
  }

  /// The key of a value, or nil when the value may not be one.
  init?(_ value: PythonValue) {
    switch value {
    case .none: self = .none
    case .text(let text): self = .text(text)
    case .tuple(let tuple):
      var keys: [DictionaryObject.Key] = []
      guard tuple.items.count <= 16 else { return nil }
      for item in tuple.items {
        if case .tuple = item { return nil }
        guard let key = DictionaryObject.Key(item) else { return nil }
        keys.append(key)
      }
      self = .tuple(keys)
    default:
      if let i = value.wholeNumber {
        self = .integer(i)
      } else if let x = value.anyNumber, !x.isNaN {
        if let i = Int(exactly: x) { self = .integer(i) } else { self = .number(x) }
      } else {
        return nil
      }
    }
  }
}
