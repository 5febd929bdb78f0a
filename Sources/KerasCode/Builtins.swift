import Tensors

/// The functions that Python has without an import.
enum Builtins {
  static func all() -> [String: PythonValue] {
    let functions =
      [
        NativeFunction("print(*values, sep=' ', end='\n', flush=False)", printing),
        NativeFunction("len(x)", length),
        NativeFunction("range(start, stop=None, step=1)", interval),
        NativeFunction("abs(x)") { call in
          try SymbolicOperations.apply("absolute", call) ?? magnitude(call)
        },
        NativeFunction("round(x, ndigits=None)", rounded),
        NativeFunction("int(x=0, base=10)", whole),
        NativeFunction("float(x=0.0)", real),
        NativeFunction("str(x='')") { try $0.evaluator.text($0["x"].str) },
        NativeFunction("repr(x)") { try $0.evaluator.text($0["x"].repr) },
        NativeFunction("bool(x=False)") {
          .boolean(try $0.evaluator.isTrue($0["x"], at: $0.evaluator.callPlace))
        },
        NativeFunction("list(*items)") { try $0.evaluator.list(try given($0)) },
        NativeFunction("tuple(*items)") { try $0.evaluator.tuple(try given($0)) },
        NativeFunction("set(*items)") {
          try $0.evaluator.set(try given($0), at: $0.evaluator.callPlace)
        },
        NativeFunction("frozenset(*items)") {
          try $0.evaluator.set(try given($0), at: $0.evaluator.callPlace)
        },
        NativeFunction("sum(items, start=0)", sum),
        NativeFunction("min(*values, key=None, default='<none>')") {
          try SymbolicOperations.extreme($0, "minimum") ?? extreme($0, "<")
        },
        NativeFunction("max(*values, key=None, default='<none>')") {
          try SymbolicOperations.extreme($0, "maximum") ?? extreme($0, ">")
        },
        NativeFunction("sorted(items, *, key=None, reverse=False)") {
          try $0.evaluator.list(try sorted(try items($0, "items"), $0))
        },
        NativeFunction("dict(*items, **others)", dictionary),
        NativeFunction("any(items)") { call in
          try first(call) { try isTrue($0, call) }.map { _ in .boolean(true) } ?? .boolean(false)
        },
        NativeFunction("all(items)") { call in
          try first(call) { try !isTrue($0, call) }.map { _ in .boolean(false) } ?? .boolean(true)
        },
      ] + ObjectBuiltins.functions + LazyBuiltins.functions
    var table = Exceptions.classes()
    for function in functions {
      function.isBuiltin = true
      table[function.name] = .object(function)
    }
    table["NotImplemented"] = .object(Constant.notImplemented)
    table["__name__"] = .text("__main__")
    return table
  }

  private static func isTrue(_ value: PythonValue, _ call: BoundCall) throws -> Bool {
    try call.evaluator.isTrue(value, at: call.evaluator.callPlace)
  }

  static func items(_ call: BoundCall, _ name: String) throws -> [PythonValue] {
    try items(call[name], call)
  }

  /// The items of the one argument that `list()` and its relatives may have.
  private static func given(_ call: BoundCall) throws -> [PythonValue] {
    guard call.rest.count <= 1 else {
      throw Complaint("\(call.function)() takes one argument", at: .argument(1))
    }
    return try call.rest.first.map { try items($0, call) } ?? []
  }

  static func items(_ value: PythonValue, _ call: BoundCall) throws -> [PythonValue] {
    var items: [PythonValue] = []
    try call.evaluator.iterate(value, at: call.evaluator.callPlace) {
      guard items.count < 10_000_000 else { throw Complaint("more than ten million items") }
      items.append($0)
      return true
    }
    try call.evaluator.spend(items.count / 4)
    return items
  }

  private static func printing(_ call: BoundCall) throws -> PythonValue {
    let separator = call["sep"].isNone ? " " : try call.text("sep")
    let end = call["end"].isNone ? "\n" : try call.text("end")
    let text = call.rest.map(\.str).joined(separator: separator) + end
    try call.evaluator.throwDeferred()
    try call.evaluator.spend(text.utf8.count / 16)
    call.evaluator.write(text)
    return .none
  }

  private static func length(_ call: BoundCall) throws -> PythonValue {
    switch call["x"] {
    case .text(let text): return .integer(text.unicodeScalars.count)
    case .list(let list): return .integer(list.items.count)
    case .tuple(let tuple): return .integer(tuple.items.count)
    case .dictionary(let dictionary): return .integer(dictionary.count)
    case .array(let r) where r.array.rank > 0: return .integer(r.array.shape[0])
    case .object(let interval as IntervalObject): return .integer(interval.count)
    case .object(let object as any ArrayConvertible):
      return .integer(try object.array(call.evaluator).shape.extents.first ?? 1)
    case .object(let object as any Sized):
      if let count = try object.count(call.evaluator) { return .integer(count) }
    default: break
    }
    throw Complaint(
      "len() got \(call["x"].described) for \"x\"",
      remedy: "it takes a list, tuple, dict, string or array", at: call.anchor("x"),
      as: .raised("TypeError", "object of type '\(call["x"].typeName)' has no len()"))
  }

  private static func interval(_ call: BoundCall) throws -> PythonValue {
    let first = try call.integer("start")
    let step = try call.integer("step")
    guard step != 0 else { throw call.unsuitable("step", wanted: "a step other than 0") }
    guard let end = try call.optionalInteger("stop") else {
      return .object(IntervalObject(start: 0, end: first, step: 1))
    }
    return .object(IntervalObject(start: first, end: end, step: step))
  }

  private static func magnitude(_ call: BoundCall) throws -> PythonValue {
    switch call["x"] {
    case .integer(let i) where i != Int.min: return .integer(abs(i))
    case .number(let x): return .number(abs(x))
    case .object(let instance as InstanceObject):
      if let value = try call.evaluator.method("__abs__", of: instance, []) { return value }
      throw call.unsuitable("x", wanted: "a number")
    default: return try call.evaluator.value(try call.array("x").map { abs($0) })
    }
  }

  /// Python rounds halves to even; digits by the decimal text, which is exact.
  private static func rounded(_ call: BoundCall) throws -> PythonValue {
    if case .integer = call["x"] { return call["x"] }
    let x = try call.number("x")
    guard let digits = try call.optionalInteger("ndigits", in: -300...300) else {
      guard let i = Int(exactly: x.rounded(.toNearestOrEven)) else {
        throw call.unsuitable("x", wanted: "a finite number")
      }
      return .integer(i)
    }
    guard digits >= 0, x.isFinite else { return .number(x) }
    let text = try PythonFormat.formatted(.number(x), spec: ".\(digits)f")
    return .number(Double(text) ?? x)
  }

  private static func whole(_ call: BoundCall) throws -> PythonValue {
    if let i = call["x"].wholeNumber { return .integer(i) }
    if let text = call["x"].string {
      let radix = try call.integer("base", in: 2...36)
      if let i = Int(text.filter { $0 != "_" && !$0.isWhitespace }, radix: radix) {
        return .integer(i)
      }
      throw Complaint(
        "\(call["x"].described) is no whole number", remedy: "give digits", at: .argument(0),
        as: .raised(
          "ValueError",
          "invalid literal for int() with base \(radix): \(PythonFormat.quoted(text))"))
    }
    if let value = try converted("__int__", call) { return value }
    guard let x = call["x"].anyNumber, let i = Int(exactly: x.rounded(.towardZero)) else {
      throw call.unsuitable("x", wanted: "a finite number or a string of digits")
    }
    return .integer(i)
  }

  private static func real(_ call: BoundCall) throws -> PythonValue {
    if let text = call["x"].string {
      let digits = text.filter { $0 != "_" && !$0.isWhitespace }
      if let x = Double(digits), !digits.lowercased().contains("x") { return .number(x) }
      throw Complaint(
        "\(call["x"].described) is no number", remedy: "give digits", at: .argument(0),
        as: .raised(
          "ValueError", "could not convert string to float: \(PythonFormat.quoted(text))"))
    }
    if let value = try converted("__float__", call) { return value }
    if case .array(let r) = call["x"], let x = r.array.scalar { return .number(x) }
    return .number(try call.number("x"))
  }

  /// What an instance makes of itself.
  private static func converted(_ name: String, _ call: BoundCall) throws -> PythonValue? {
    guard case .object(let instance as InstanceObject) = call["x"] else { return nil }
    return try call.evaluator.method(name, of: instance, [])
  }

  private static func dictionary(_ call: BoundCall) throws -> PythonValue {
    let result = try call.evaluator.keep(DictionaryObject())
    try DictionaryMethods.fill(result, call)
    return .dictionary(result)
  }

  /// The first item for which something holds.
  private static func first(
    _ call: BoundCall, where test: (PythonValue) throws -> Bool
  ) throws -> PythonValue? {
    var found: PythonValue?
    try call.evaluator.iterate(call["items"], at: call.evaluator.callPlace) {
      guard try test($0) else { return true }
      found = $0
      return false
    }
    return found
  }

  private static func sum(_ call: BoundCall) throws -> PythonValue {
    var total = call["start"]
    for item in try items(call, "items") {
      total = try call.evaluator.operate(total, "+", item, at: call.evaluator.callPlace)
    }
    return total
  }

  private static func extreme(_ call: BoundCall, _ mark: String) throws -> PythonValue {
    let values = call.rest.count == 1 ? try items(call.rest[0], call) : call.rest
    let keys = try values.map { try key($0, call) }
    guard var best = values.indices.first else {
      if call["default"].string != "<none>" { return call["default"] }
      throw Complaint(
        "\(call.function)() of nothing", remedy: "give default=…",
        as: .raised("ValueError", "\(call.function)() iterable argument is empty"))
    }
    for i in values.indices.dropFirst()
    where try call.evaluator.isOrdered(keys[i], mark, keys[best], at: call.evaluator.callPlace) {
      best = i
    }
    return values[best]
  }

  private static func key(_ value: PythonValue, _ call: BoundCall) throws -> PythonValue {
    guard case .object(let function as any Callable) = call["key"] else { return value }
    return try function.call(CallArguments(positional: [value]), call.evaluator)
  }

  static func sorted(_ items: [PythonValue], _ call: BoundCall) throws -> [PythonValue] {
    let keys = try items.map { try key($0, call) }
    let place = call.evaluator.callPlace
    let isReversed = try call.boolean("reverse")
    try call.evaluator.spend(items.count * 8)
    // Sorted by key and then by position, which keeps equals in order, as Python does.
    let order = try items.indices.sorted { a, b in
      let (x, y) = isReversed ? (keys[b], keys[a]) : (keys[a], keys[b])
      if try call.evaluator.isOrdered(x, "<", y, at: place) { return true }
      if try call.evaluator.isOrdered(y, "<", x, at: place) { return false }
      return a < b
    }
    return order.map { items[$0] }
  }
}
