/// An instance of a class of the program.
package final class InstanceObject: Callable, Knot, AttributeStore {
  package let type: ClassObject
  private var members: [String: PythonValue] = [:]
  private(set) var order: [String] = []
  /// What a native base keeps with it.
  package internal(set) var state: AnyObject?
  private weak var evaluator: Evaluator?

  init(_ type: ClassObject, _ evaluator: Evaluator) {
    self.type = type
    self.evaluator = evaluator
  }

  package var typeName: String { type.name }

  /// `repr` of it.
  package var shown: String {
    converted("__repr__")
      ?? (type.isException ? exceptionShown : "<__main__.\(type.name) object>")
  }

  /// `str` of it.
  var text: String {
    converted("__str__") ?? (type.isException ? exceptionText : shown)
  }

  private func converted(_ name: String) -> String? {
    guard let evaluator, type.member(name) != nil, evaluator.deferredFault == nil else {
      return nil
    }
    do {
      return try evaluator.method(name, of: self, []).flatMap(\.string) ?? ""
    } catch {
      // `print` and its like go on with what they do; the next step throws this.
      evaluator.deferredFault = evaluator.placed(error)
      return ""
    }
  }

  private var arguments: [PythonValue] { members["args"]?.sequence ?? [] }

  private var exceptionShown: String {
    type.name + "(" + arguments.map(\.repr).joined(separator: ", ") + ")"
  }

  /// What `str` of an exception gives.
  private var exceptionText: String {
    switch arguments.count {
    case 0: ""
    case 1: type.name == "KeyError" ? arguments[0].repr : arguments[0].str
    default: "(" + arguments.map(\.repr).joined(separator: ", ") + ")"
    }
  }

  // MARK: Attributes

  package var attributeNames: [String] {
    Array(members.keys) + type.attributeNames + (type.nativeBase?.attributeNames ?? [])
  }

  /// What the program assigned, by name in order.
  package var assigned: [(name: String, value: PythonValue)] {
    order.compactMap { name in members[name].map { (name, $0) } }
  }

  package func member(_ name: String) -> PythonValue? { members[name] }

  package func set(_ name: String, _ value: PythonValue) {
    if members.updateValue(value, forKey: name) == nil { order.append(name) }
  }

  package func remove(_ name: String) -> Bool {
    guard members.removeValue(forKey: name) != nil else { return false }
    order.removeAll { $0 == name }
    return true
  }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    let inherited = type.member(name)
    if case .object(let property as PropertyObject)? = inherited {
      return try evaluator.invoke(property.getter, [.object(self)])
    }
    if let own = members[name] { return own }
    if let inherited { return try evaluator.bound(inherited, to: .object(self)) }
    if name == "__dict__" {
      let table = try evaluator.keep(DictionaryObject())
      for (name, value) in assigned { table.set(.text(name), value) }
      return .dictionary(table)
    }
    if let found = try type.nativeBase?.attribute(name, of: self, evaluator) { return found }
    if let found = Self.standard(name, self) { return found }
    guard type.member("__getattr__") != nil else { return nil }
    return try evaluator.method("__getattr__", of: self, [.text(name)])
  }

  /// What every object has.
  static func standard(_ name: String, _ instance: InstanceObject) -> PythonValue? {
    switch name {
    case "__repr__": .object(NativeFunction("__repr__()") { _ in .text(instance.shown) })
    case "__str__": .object(NativeFunction("__str__()") { _ in .text(instance.text) })
    case "__setattr__":
      .object(
        NativeFunction("__setattr__(name, value)") { call in
          instance.set(try call.text("name"), call["value"])
          return .none
        })
    default: nil
    }
  }

  package func assign(
    _ name: String, _ value: PythonValue, _ evaluator: Evaluator
  ) throws -> Bool {
    if case .object(let property as PropertyObject)? = type.member(name) {
      guard let setter = property.setter else {
        throw Complaint(
          "\"\(name)\" of \(type.name) can only be read", remedy: "give it a @\(name).setter",
          as: .raised("AttributeError", "property '\(name)' of '\(type.name)' has no setter"))
      }
      _ = try evaluator.invoke(setter, [.object(self), value])
      return true
    }
    if let native = type.nativeBase, try native.assign(name, value, of: self, evaluator) {
      return true
    }
    guard members[name] != nil || order.count < 100_000 else {
      throw Complaint("an object with more than 100,000 attributes", as: .final)
    }
    set(name, value)
    return true
  }

  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    if let method = type.member("__call__") {
      return try evaluator.invoke(try evaluator.bound(method, to: .object(self)), arguments)
    }
    if let native = type.nativeBase,
      let result = try native.call(self, arguments, evaluator)
    {
      return result
    }
    throw Complaint(
      "a \(type.name) cannot be called", remedy: "give its class a __call__",
      as: .raised("TypeError", "'\(type.name)' object is not callable"))
  }

  package func untie() {
    members = [:]
    order = []
    // What traces a layer and the layer know each other.
    (state as? SubclassedLayer)?.payload = nil
    state = nil
  }
}

extension Evaluator {
  /// Calls a method of an instance by name; nil when its class has none.
  package func method(
    _ name: String, of instance: InstanceObject, _ arguments: [PythonValue]
  ) throws -> PythonValue? {
    guard let member = instance.type.member(name) else { return nil }
    return try invoke(try bound(member, to: .object(instance)), arguments)
  }

  /// A complaint at the place that runs now.
  func placed(_ error: any Error) -> any Error {
    (error as? Complaint).map { fault($0, at: callPlace) } ?? error
  }
}

extension InstanceObject: OperatorOverloading {
  private static let names = [
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow",
    "@": "matmul", "&": "and", "|": "or", "^": "xor", "<<": "lshift", ">>": "rshift",
  ]
  private static let comparisons = [
    "<": ("__lt__", "__gt__"), ">": ("__gt__", "__lt__"), "<=": ("__le__", "__ge__"),
    ">=": ("__ge__", "__le__"), "==": ("__eq__", "__eq__"), "!=": ("__ne__", "__ne__"),
  ]

  package func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    let name: String
    if let stem = Self.names[mark] {
      name = (isReflected ? "__r" : "__") + stem + "__"
    } else if let (plain, reflected) = Self.comparisons[mark] {
      name = isReflected ? reflected : plain
    } else {
      return nil
    }
    let result = try evaluator.method(name, of: self, [other])
    if case .object(let constant as Constant)? = result, constant === Constant.notImplemented {
      return nil
    }
    if result == nil, mark == "!=", type.member("__eq__") != nil {
      guard
        let equal = try operate("==", other, isReflected: isReflected, evaluator)
      else { return nil }
      return .boolean(try !evaluator.isTrue(equal, at: evaluator.callPlace))
    }
    return result
  }

  package func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    let names = ["-": "__neg__", "+": "__pos__", "~": "__invert__"]
    return try names[mark].flatMap { try evaluator.method($0, of: self, []) }
  }
}

extension InstanceObject: ProgramIterable, ProgramIterator, Sized, ItemStore, Container, Truthful,
  Subscriptable, ContextManager
{
  package func iterator(_ evaluator: Evaluator) throws -> any ProgramIterator {
    if let made = try evaluator.method("__iter__", of: self, []) {
      if case .object(let same as InstanceObject) = made, same === self { return self }
      return try evaluator.iterator(over: made, at: evaluator.callPlace)
    }
    guard type.member("__getitem__") != nil else {
      throw Complaint(
        "a \(type.name) cannot be looped over",
        remedy: "give its class __iter__, or __getitem__ and __len__",
        as: .raised("TypeError", "'\(type.name)' object is not iterable"))
    }
    var i = 0
    return NativeIterator("iterator") { evaluator in
      defer { i += 1 }
      do { return try evaluator.method("__getitem__", of: self, [.integer(i)]) } catch {
        guard evaluator.isRaised(error, "IndexError") else { throw error }
        return nil
      }
    }
  }

  package func next(_ evaluator: Evaluator) throws -> PythonValue? {
    do {
      if let value = try evaluator.method("__next__", of: self, []) { return value }
    } catch {
      guard evaluator.isRaised(error, "StopIteration") else { throw error }
      return nil
    }
    throw Complaint(
      "a \(type.name) gives no next value", remedy: "give its class a __next__",
      as: .raised("TypeError", "'\(type.name)' object is not an iterator"))
  }

  package func count(_ evaluator: Evaluator) throws -> Int? {
    try evaluator.method("__len__", of: self, []).flatMap(\.wholeNumber)
  }

  var takesSlices: Bool { true }

  func item(_ index: PythonValue, _ evaluator: Evaluator) throws -> PythonValue {
    if let found = try evaluator.method("__getitem__", of: self, [index]) { return found }
    throw Complaint(
      "a \(type.name) has no items", remedy: "give its class a __getitem__",
      as: .raised("TypeError", "'\(type.name)' object is not subscriptable"))
  }

  package func store(
    _ value: PythonValue, at index: PythonValue, _ evaluator: Evaluator
  ) throws {
    if try evaluator.method("__setitem__", of: self, [index, value]) == nil {
      throw Complaint("a \(type.name) takes no items", remedy: "give its class a __setitem__")
    }
  }

  package func deleteItem(at index: PythonValue, _ evaluator: Evaluator) throws {
    if try evaluator.method("__delitem__", of: self, [index]) == nil {
      throw Complaint("items of a \(type.name) cannot be deleted")
    }
  }

  package func contains(_ item: PythonValue, _ evaluator: Evaluator) throws -> Bool? {
    try evaluator.method("__contains__", of: self, [item])
      .map { try evaluator.isTrue($0, at: evaluator.callPlace) }
  }

  package func isTrue(_ evaluator: Evaluator) throws -> Bool {
    if let value = try evaluator.method("__bool__", of: self, []) {
      return try evaluator.isTrue(value, at: evaluator.callPlace)
    }
    return try count(evaluator).map { $0 != 0 } ?? true
  }

  package func enter(_ evaluator: Evaluator) throws -> PythonValue {
    if let value = try evaluator.method("__enter__", of: self, []) { return value }
    throw Complaint(
      "a \(type.name) cannot stand after \"with\"",
      remedy: "give its class __enter__ and __exit__")
  }

  package func exit(
    _ fault: (type: PythonValue, value: PythonValue), _ evaluator: Evaluator
  ) throws -> Bool {
    let result = try evaluator.method("__exit__", of: self, [fault.type, fault.value, .none])
    return try result.map { try evaluator.isTrue($0, at: evaluator.callPlace) } ?? false
  }
}

/// A value that is only itself: `NotImplemented`.
final class Constant: ProgramObject, Sendable {
  static let notImplemented = Constant("NotImplemented")

  let shown: String

  private init(_ name: String) { shown = name }

  var typeName: String { "NotImplementedType" }
}
