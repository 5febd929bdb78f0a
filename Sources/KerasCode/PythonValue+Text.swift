// `str` and `repr` of values.

extension PythonValue {
  /// What `print` writes.
  var str: String {
    switch self {
    case .text(let text): text
    case .array(let reference): ArrayFormat.str(reference)
    case .object(let instance as InstanceObject): instance.text
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
      if let naming = tuple.naming {
        let parts = zip(naming.fields, tuple.items).map { name, item in
          name + "=" + item.repr(depth: depth + 1, &budget)
        }
        return "\(naming.type)(" + parts.joined(separator: ", ") + ")"
      }
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
    let shown = dictionary.kind == "Counter" ? dictionary.byCount : dictionary.pairs
    let pairs = shown.map { key, value in
      key.value.repr + ": " + value.repr(depth: depth + 1, &budget)
    }
    let body = "{" + pairs.joined(separator: ", ") + "}"
    guard let kind = dictionary.kind else { return body }
    if kind == "defaultdict" {
      return "defaultdict(" + (dictionary.factory ?? .none).repr + ", " + body + ")"
    }
    return dictionary.isEmpty ? kind + "()" : "\(kind)(\(body))"
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
    case .object(let key): .object(key.object)
    }
  }

  /// The key of a value, or nil when the value may not be one.
  init?(_ value: PythonValue, depth: Int = 0) {
    guard depth < 16 else { return nil }
    switch value {
    case .none: self = .none
    case .text(let text): self = .text(text)
    case .tuple(let tuple):
      var keys: [DictionaryObject.Key] = []
      guard tuple.items.count <= 64 else { return nil }
      for item in tuple.items {
        guard let key = DictionaryObject.Key(item, depth: depth + 1) else { return nil }
        keys.append(key)
      }
      self = .tuple(keys)
    case .object(let object) where !(object is any ArrayConvertible):
      self = .object(DictionaryObject.ObjectKey(object: object))
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
