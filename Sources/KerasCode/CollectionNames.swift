/// `import collections`, `import copy`.
enum CollectionNames {
  static func module() -> Namespace {
    let module = Namespace("collections")
    module.add(NativeFunction("Counter(*items, **counts)", counter))
    module.add(
      NativeFunction("defaultdict(factory=None, *items)") { call in
        let table = try call.evaluator.keep(DictionaryObject())
        table.kind = "defaultdict"
        if !call["factory"].isNone { table.factory = call["factory"] }
        try DictionaryMethods.fill(table, call)
        return .dictionary(table)
      })
    module.add(
      NativeFunction("OrderedDict(*items, **others)") { call in
        let table = try call.evaluator.keep(DictionaryObject())
        table.kind = "OrderedDict"
        try DictionaryMethods.fill(table, call)
        return .dictionary(table)
      })
    module.add(NativeFunction("namedtuple(typename, field_names, *, defaults=None)", namedTuple))
    module.add(NativeFunction("deque(*items, maxlen=None)", deque))
    return module
  }

  // MARK: Counter

  private static func counter(_ call: BoundCall) throws -> PythonValue {
    let table = try call.evaluator.keep(DictionaryObject())
    table.kind = "Counter"
    table.factory = .object(NativeFunction("int()") { _ in .integer(0) })
    if let given = call.rest.first { try count(given, into: table, call) }
    for (name, value) in call.keywords { table.set(.text(name), value) }
    return .dictionary(table)
  }

  /// Adds the items of something, or the counts of a dict.
  static func count(
    _ given: PythonValue, into table: DictionaryObject, _ call: BoundCall, sign: Int = 1
  ) throws {
    func add(_ key: DictionaryObject.Key, _ n: PythonValue) throws {
      let old = table.value(key) ?? .integer(0)
      table.set(
        key,
        try call.evaluator.operate(old, sign < 0 ? "-" : "+", n, at: call.evaluator.callPlace))
    }
    if case .dictionary(let other) = given, !other.isSet {
      for (key, n) in other.pairs { try add(key, n) }
      return
    }
    try call.evaluator.iterate(given, at: call.evaluator.callPlace) { item in
      try add(try call.evaluator.key(item, at: call.evaluator.callPlace), .integer(1))
      return true
    }
  }

  static func combined(
    _ a: DictionaryObject, _ mark: String, _ b: DictionaryObject, _ evaluator: Evaluator
  ) throws -> DictionaryObject {
    let result = try DictionaryMethods.copied(a, evaluator)
    for (key, n) in b.pairs {
      let old = result.value(key)?.wholeNumber ?? 0
      let other = n.wholeNumber ?? 0
      let (sum, overflow) =
        mark == "+" ? old.addingReportingOverflow(other) : old.subtractingReportingOverflow(other)
      guard !overflow else { throw Complaint("a count beyond ±\(Int.max)") }
      result.set(key, .integer(sum))
    }
    for (key, n) in result.pairs where (n.wholeNumber ?? 0) <= 0 { _ = result.remove(key) }
    return result
  }

  static func method(_ name: String, _ table: DictionaryObject) -> NativeFunction? {
    if table.kind == "OrderedDict", name == "move_to_end" {
      return NativeFunction("move_to_end(key, last=True)") { call in
        let key = try call.evaluator.key(call["key"], at: call.evaluator.callPlace)
        guard let value = table.remove(key) else {
          throw Complaint(
            "there is no key \(call["key"].repr)", as: .raised("KeyError", call["key"].repr))
        }
        let others = try call.boolean("last") ? [] : table.pairs
        if !others.isEmpty { table.removeAll() }
        table.set(key, value)
        for (key, value) in others { table.set(key, value) }
        return .none
      }
    }
    guard table.kind == "Counter" else { return nil }
    switch name {
    case "most_common":
      return NativeFunction("most_common(n=None)") { call in
        let sorted = table.byCount
        let n = try call.optionalInteger("n", in: 0...Int.max) ?? sorted.count
        return try call.evaluator.list(
          sorted.prefix(n).map {
            try call.evaluator.tuple([$0.key.value, $0.value])
          })
      }
    case "elements":
      return NativeFunction("elements()") { call in
        var items: [PythonValue] = []
        for (key, n) in table.pairs {
          let times = max(0, n.wholeNumber ?? 0)
          guard times <= 10_000_000 - items.count else {
            throw Complaint("more than ten million items", as: .final)
          }
          items += [PythonValue](repeating: key.value, count: times)
        }
        return try call.evaluator.list(items)
      }
    case "total":
      return NativeFunction("total()") { _ in
        .integer(table.pairs.reduce(0) { $0 &+ ($1.value.wholeNumber ?? 0) })
      }
    case "subtract":
      return NativeFunction("subtract(items)") { call in
        try count(call["items"], into: table, call, sign: -1)
        return .none
      }
    default: return nil
    }
  }

  // MARK: namedtuple, deque

  private static func namedTuple(_ call: BoundCall) throws -> PythonValue {
    let type = try call.text("typename")
    var fields: [String]
    if let text = call["field_names"].string {
      fields = text.split { $0 == " " || $0 == "," }.map(String.init)
    } else {
      fields = try Builtins.items(call, "field_names").compactMap(\.string)
    }
    fields = Array(fields.prefix(1000))
    let defaults = call["defaults"].isNone ? [] : try Builtins.items(call, "defaults")
    return .object(
      RawFunction(type) { arguments, evaluator in
        var values: [String: PythonValue] = [:]
        for (name, value) in zip(fields.suffix(defaults.count), defaults.suffix(fields.count)) {
          values[name] = value
        }
        guard arguments.positional.count <= fields.count else {
          throw Complaint("\(type)() takes \(fields.count) values")
        }
        for (name, value) in zip(fields, arguments.positional) { values[name] = value }
        for (name, value) in arguments.keywords {
          guard fields.contains(name) else {
            throw Complaint(
              "\(type)() has no field \"\(name)\"",
              remedy: Suggestions.remedy(name, among: fields, of: "it"), at: .keyword(name))
          }
          values[name] = value
        }
        let items = try fields.map { name in
          guard let value = values[name] else {
            throw Complaint(
              "\(type)() needs \"\(name)\"",
              as: .raised("TypeError", "missing 1 required positional argument: '\(name)'"))
          }
          return value
        }
        return .tuple(try evaluator.keep(TupleObject(items, naming: (type, fields))))
      })
  }

  private static func deque(_ call: BoundCall) throws -> PythonValue {
    let limit = try call.optionalInteger("maxlen", in: 0...Int.max)
    let list = try call.evaluator.keep(ListObject([]))
    if let given = call.rest.first { list.items = try Builtins.items(given, call) }
    if let limit { list.items = list.items.suffix(limit) }
    return .object(DequeObject(list, limit: limit))
  }

  /// `copy.copy` and `copy.deepcopy`.
  static func copy() -> Namespace {
    let module = Namespace("copy")
    module.add(NativeFunction("copy(x)") { try copied($0["x"], $0.evaluator, depth: 0, most: 1) })
    module.add(
      NativeFunction("deepcopy(x)") { try copied($0["x"], $0.evaluator, depth: 0, most: 60) })
    return module
  }

  private static func copied(
    _ value: PythonValue, _ evaluator: Evaluator, depth: Int, most: Int
  ) throws -> PythonValue {
    guard depth < 60 else { throw Complaint("what is copied is nested too deeply") }
    guard depth < most else { return value }
    func inner(_ value: PythonValue) throws -> PythonValue {
      try copied(value, evaluator, depth: depth + 1, most: most)
    }
    switch value {
    case .list(let list): return try evaluator.list(list.items.map(inner))
    case .tuple(let tuple) where most > 1:
      return .tuple(
        try evaluator.keep(TupleObject(try tuple.items.map(inner), naming: tuple.naming)))
    case .dictionary(let dictionary):
      let copy = try DictionaryMethods.copied(dictionary, evaluator)
      for (key, value) in copy.pairs { copy.set(key, try inner(value)) }
      return .dictionary(copy)
    case .array(let reference): return try evaluator.value(reference.array)
    case .object(let instance as InstanceObject):
      let copy = try evaluator.keep(InstanceObject(instance.type, evaluator))
      for (name, value) in instance.assigned { copy.set(name, try inner(value)) }
      return .object(copy)
    default: return value
    }
  }
}

/// `collections.deque`.
final class DequeObject: ProgramIterable, Sized, Subscriptable, Container {
  private let list: ListObject
  private let limit: Int?

  init(_ list: ListObject, limit: Int?) {
    self.list = list
    self.limit = limit
  }

  var typeName: String { "deque" }
  var shown: String {
    "deque(" + PythonValue.list(list).repr + (limit.map { ", maxlen=\($0)" } ?? "") + ")"
  }
  var attributeNames: [String] { ["append", "appendleft", "clear", "extend", "pop", "popleft"] }
  var takesSlices: Bool { false }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    let list = list
    let limit = limit ?? Int.max
    func add(_ item: PythonValue, left: Bool) throws {
      guard list.items.count < 10_000_000 else {
        throw Complaint("a deque of more than ten million items", as: .final)
      }
      list.items.insert(item, at: left ? 0 : list.items.count)
      guard list.items.count > limit else { return }
      if left { list.items.removeLast() } else { list.items.removeFirst() }
    }
    switch name {
    case "append", "appendleft":
      return .object(
        NativeFunction("\(name)(item)") { call in
          try call.evaluator.spend(list.items.count / 64)
          try add(call["item"], left: name == "appendleft")
          return .none
        })
    case "extend":
      return .object(
        NativeFunction("extend(items)") { call in
          for item in try Builtins.items(call, "items") { try add(item, left: false) }
          return .none
        })
    case "pop", "popleft":
      return .object(
        NativeFunction("\(name)()") { call in
          try call.evaluator.spend(list.items.count / 64)
          guard !list.items.isEmpty else {
            throw Complaint(
              "\(name)() from an empty deque",
              as: .raised("IndexError", "pop from an empty deque"))
          }
          return name == "pop" ? list.items.removeLast() : list.items.removeFirst()
        })
    case "clear":
      return .object(
        NativeFunction("clear()") { _ in
          list.items = []
          return .none
        })
    default: return nil
    }
  }

  func iterator(_ evaluator: Evaluator) throws -> any ProgramIterator {
    try evaluator.iterator(over: .list(list), at: evaluator.callPlace)
  }

  func count(_ evaluator: Evaluator) -> Int? { list.items.count }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    list.items[try evaluator.position(index, list.items.count, at: evaluator.callPlace)]
  }

  func contains(_ item: PythonValue, _ evaluator: Evaluator) throws -> Bool? {
    try list.items.contains { try evaluator.isEqual($0, item, at: evaluator.callPlace) }
  }
}
