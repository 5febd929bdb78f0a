// Classes that the program defines, and Python's exceptions, which are made the same way.

/// A class: its members, the class it is derived from, and what native code it builds on.
package final class ClassObject: Callable, Knot, AttributeStore {
  package let name: String
  package private(set) var base: ClassObject?
  /// What it inherits from the lab: `keras.layers.Layer`.
  package private(set) var nativeBase: (any NativeBase)?
  private var members: [String: PythonValue]
  private var order: [String]
  /// The fields that a data class takes, with their defaults.
  var fields: [(name: String, standard: PythonValue?)]?
  /// What the body annotated, in order.
  let annotated: [(name: String, hasValue: Bool)]
  let isBuiltin: Bool

  init(
    _ name: String, base: ClassObject?, nativeBase: (any NativeBase)? = nil,
    members: [String: PythonValue] = [:], order: [String] = [],
    annotated: [(name: String, hasValue: Bool)] = [], isBuiltin: Bool = false
  ) {
    self.name = name
    self.base = base
    self.nativeBase = nativeBase ?? base?.nativeBase
    self.members = members
    self.order = order
    self.annotated = annotated
    self.isBuiltin = isBuiltin
  }

  package var typeName: String { "type" }
  package var shown: String { isBuiltin ? "<class '\(name)'>" : "<class '__main__.\(name)'>" }
  package var attributeNames: [String] { lineage.flatMap { $0.members.keys } }

  /// This class and those it is derived from, nearest first.
  package var lineage: [ClassObject] {
    var all: [ClassObject] = []
    var next: ClassObject? = self
    while let current = next, all.count < 100 {
      all.append(current)
      next = current.base
    }
    return all
  }

  package func isDerived(from other: ClassObject) -> Bool { lineage.contains { $0 === other } }

  /// Whether it is an exception of Python's, or derived from one.
  var isException: Bool { lineage.last?.name == "BaseException" && lineage.last?.isBuiltin == true }

  /// A member of this class or of one that it is derived from.
  package func member(_ name: String) -> PythonValue? {
    for type in lineage { if let found = type.members[name] { return found } }
    return nil
  }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "__name__", "__qualname__": return .text(self.name)
    case "__module__": return .text(isBuiltin ? "builtins" : "__main__")
    case "__doc__": return members["__doc__"] ?? PythonValue.none
    case "__bases__":
      return try evaluator.tuple(base.map { [.object($0)] } ?? [])
    case "__dict__":
      let table = try evaluator.keep(DictionaryObject())
      for name in order { if let value = members[name] { table.set(.text(name), value) } }
      return .dictionary(table)
    default: break
    }
    guard let found = member(name) else { return nil }
    switch found {
    case .object(let method as MethodWrapper):
      return method.kind == .forClass
        ? .object(BoundMethod(method.function, .object(self))) : method.function
    default: return found
    }
  }

  package func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) -> Bool {
    guard !isBuiltin else { return false }
    set(name, value)
    return true
  }

  func set(_ name: String, _ value: PythonValue) {
    if members.updateValue(value, forKey: name) == nil { order.append(name) }
    if case .object(let function as FunctionObject) = value { function.belongs(to: self) }
    if case .object(let method as MethodWrapper) = value { method.belongs(to: self) }
    if case .object(let property as PropertyObject) = value { property.belongs(to: self) }
  }

  /// Makes an instance.
  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    if let missing = abstractName {
      throw Complaint(
        "\(name) is abstract: it lacks \(missing)()", remedy: "derive a class that defines it",
        as: .raised("TypeError", "Can't instantiate abstract class \(name)"))
    }
    let instance = try evaluator.keep(InstanceObject(self, evaluator))
    if let nativeBase { instance.state = try nativeBase.state(of: instance, evaluator) }
    if case .object(let initializer as any Callable)? = member("__init__") {
      var given = arguments
      given.positional.insert(.object(instance), at: 0)
      _ = try initializer.call(given, evaluator)
    } else {
      try inherited(instance, arguments, evaluator)
    }
    return .object(instance)
  }

  /// What `__init__` does where no class defines one.
  private func inherited(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws {
    if isException {
      instance.set("args", try evaluator.tuple(arguments.positional))
    } else if let nativeBase {
      try nativeBase.initialize(instance, arguments, evaluator)
    } else if !arguments.positional.isEmpty || !arguments.keywords.isEmpty {
      throw Complaint(
        "\(name)() takes no arguments", remedy: "give the class an __init__ that takes them",
        as: .raised("TypeError", "\(name)() takes no arguments"))
    }
  }

  /// `super().__init__(…)` where nothing above has one.
  func initializeBase(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws {
    try inherited(instance, arguments, evaluator)
  }

  private var abstractName: String? {
    for name in lineage.flatMap(\.order) {
      if case .object(let function as FunctionObject)? = member(name), function.isMarkedAbstract {
        return name
      }
    }
    return nil
  }

  package func untie() {
    members = [:]
    order = []
    base = nil
    fields = nil
  }
}

/// A method taken from an instance: it is called with the instance before its arguments.
package final class BoundMethod: Callable {
  package let function: PythonValue
  package let receiver: PythonValue

  init(_ function: PythonValue, _ receiver: PythonValue) {
    self.function = function
    self.receiver = receiver
  }

  package var typeName: String { "method" }
  package var shown: String { "<bound method \(name)>" }
  package var attributeNames: [String] { ["__name__", "__self__"] }

  package var name: String {
    if case .object(let function as FunctionObject) = function { function.name } else { "method" }
  }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    if name == "__self__" { return receiver }
    return try evaluator.attribute(function, name)
  }

  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    var given = arguments
    given.positional.insert(receiver, at: 0)
    do { return try evaluator.invoke(function, given) } catch let complaint as Complaint {
      guard case .argument(let i) = complaint.anchor else { throw complaint }
      throw Complaint(
        complaint.message, remedy: complaint.remedy, at: .argument(max(0, i - 1)),
        as: complaint.nature)
    }
  }
}

/// `@staticmethod`, `@classmethod`.
final class MethodWrapper: ProgramObject {
  enum Kind { case plain, forClass }

  let kind: Kind
  let function: PythonValue

  init(_ kind: Kind, _ function: PythonValue) {
    self.kind = kind
    self.function = function
  }

  var typeName: String { kind == .plain ? "staticmethod" : "classmethod" }

  func belongs(to owner: ClassObject) {
    if case .object(let function as FunctionObject) = function { function.belongs(to: owner) }
  }
}

/// `@property` and its setter.
final class PropertyObject: ProgramObject {
  let getter: PythonValue
  let setter: PythonValue?

  init(_ getter: PythonValue, _ setter: PythonValue? = nil) {
    self.getter = getter
    self.setter = setter
  }

  var typeName: String { "property" }
  var attributeNames: [String] { ["getter", "setter"] }

  func belongs(to owner: ClassObject) {
    for value in [getter, setter] {
      if case .object(let function as FunctionObject)? = value { function.belongs(to: owner) }
    }
  }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "setter":
      let getter = getter
      return .object(
        NativeFunction("setter(function)") { .object(PropertyObject(getter, $0["function"])) })
    case "getter":
      let setter = setter
      return .object(
        NativeFunction("getter(function)") { .object(PropertyObject($0["function"], setter)) })
    default: return nil
    }
  }
}

/// `super()`: the members of the classes above one, on the same instance.
final class SuperObject: ProgramObject {
  private let start: ClassObject?
  private let owner: ClassObject
  private let receiver: PythonValue

  init(above owner: ClassObject, on receiver: PythonValue) {
    self.owner = owner
    start = owner.base
    self.receiver = receiver
  }

  var typeName: String { "super" }
  var attributeNames: [String] { start?.attributeNames ?? owner.nativeBase?.attributeNames ?? [] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    if let found = start?.member(name) {
      return try evaluator.bound(found, to: receiver)
    }
    guard case .object(let instance as InstanceObject) = receiver else { return nil }
    if name == "__init__" {
      let owner = owner
      return .object(
        RawFunction("__init__") { arguments, evaluator in
          try owner.initializeBase(instance, arguments, evaluator)
          return .none
        })
    }
    return try owner.nativeBase?.attribute(name, of: instance, evaluator)
      ?? InstanceObject.standard(name, instance)
  }
}

/// A native function that takes its arguments as they are.
final class RawFunction: Callable {
  let name: String
  private let body: (CallArguments, Evaluator) throws -> PythonValue

  init(_ name: String, _ body: @escaping (CallArguments, Evaluator) throws -> PythonValue) {
    self.name = name
    self.body = body
  }

  var typeName: String { "function" }
  var shown: String { "<function \(name)>" }
  var attributeNames: [String] { ["__name__"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    name == "__name__" ? .text(self.name) : nil
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try body(arguments, evaluator)
  }
}

extension Evaluator {
  /// A member of a class as an instance meets it.
  func bound(_ member: PythonValue, to receiver: PythonValue) throws -> PythonValue {
    guard case .object(let object) = member else { return member }
    switch object {
    case is FunctionObject, is MethodObject: return .object(BoundMethod(member, receiver))
    case let wrapper as MethodWrapper:
      guard wrapper.kind == .forClass else { return wrapper.function }
      if case .object(let instance as InstanceObject) = receiver {
        return .object(BoundMethod(wrapper.function, .object(instance.type)))
      }
      return .object(BoundMethod(wrapper.function, receiver))
    case let property as PropertyObject: return try invoke(property.getter, [receiver])
    default: return member
    }
  }

  /// `class Name(Base): body`
  func defineClass(
    _ name: String, _ bases: [Argument], _ body: [Statement], _ decorators: [Expression],
    at range: Range<Int>
  ) throws {
    let (base, nativeBase) = try self.bases(bases, of: name)
    let inner = try keep(
      Frame(enclosing: isGlobal ? nil : frame, localNames: [], role: .classBody))
    _ = try inside(inner) { try execute(body) }
    let type = try keep(
      ClassObject(name, base: base, nativeBase: nativeBase, annotated: inner.annotated))
    for name in inner.order { if let value = inner.locals[name] { type.set(name, value) } }
    if let text = Scope.documentation(body) { type.set("__doc__", .text(text)) }
    guard type.lineage.count < 100 else {
      throw fault("a class derived from a hundred others", at: range)
    }
    bind(name, try decorate(.object(type), decorators))
  }

  private func bases(
    _ given: [Argument], of name: String
  ) throws -> (ClassObject?, (any NativeBase)?) {
    let places = given.filter { if case .keyword = $0.sort { false } else { true } }
    if places.count > 1 {
      throw fault(
        "\(name) is derived from \(places.count) classes", remedy: "one base class is understood",
        at: places[1].range)
    }
    guard let place = places.first else { return (nil, nil) }
    let value = try evaluate(place.value)
    switch value {
    case .object(let type as ClassObject): return (type, nil)
    case .object(let function as NativeFunction) where function.name == "object":
      return (nil, nil)
    case .object(let type as NativeBaseClass): return (nil, type.base)
    case .object(let type as KerasClass):
      if let base = NativeBases.named(type.typeName) { return (nil, base) }
    default: break
    }
    throw fault(
      "no class can be derived from \(value.described)",
      remedy: "derive it from a class of the program, an exception, or one of "
        + Suggestions.listing(NativeBases.all.map { "\($0.home).\($0.kind)" }),
      at: place.range)
  }
}
