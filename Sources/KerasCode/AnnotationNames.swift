/// `import dataclasses`, `import abc`.
enum AnnotationNames {
  static func abc() -> Namespace {
    let module = Namespace("abc")
    module.add("ABC", .object(ClassObject("ABC", base: nil, isBuiltin: true)))
    module.add(
      NativeFunction("abstractmethod(function)") { call in
        if case .object(let function as FunctionObject) = call["function"] {
          function.isMarkedAbstract = true
        }
        return call["function"]
      })
    return module
  }

  static func dataclasses() -> Namespace {
    let module = Namespace("dataclasses")
    module.add(
      NativeFunction("dataclass(cls=None, **options)") { call in
        if case .object(let type as ClassObject) = call["cls"] { return try fielded(type) }
        return .object(
          NativeFunction("dataclass(cls)") { call in
            guard case .object(let type as ClassObject) = call["cls"] else {
              throw call.unsuitable("cls", wanted: "a class")
            }
            return try fielded(type)
          })
      })
    module.add(
      NativeFunction("field(*, default='<none>', default_factory=None, **options)") { call in
        .object(FieldObject(call["default"], call["default_factory"]))
      })
    module.add(
      NativeFunction("asdict(x)") { call in
        let table = try call.evaluator.keep(DictionaryObject())
        guard case .object(let instance as InstanceObject) = call["x"],
          let fields = fields(of: instance.type)
        else { throw call.unsuitable("x", wanted: "an object of a data class") }
        for (name, _) in fields { table.set(.text(name), instance.member(name) ?? .none) }
        return .dictionary(table)
      })
    return module
  }

  /// `field(default_factory=list)`.
  private final class FieldObject: ProgramObject {
    let standard: PythonValue?
    let factory: PythonValue?

    init(_ standard: PythonValue, _ factory: PythonValue) {
      self.standard = standard.string == "<none>" ? nil : standard
      self.factory = factory.isNone ? nil : factory
    }

    var typeName: String { "Field" }
  }

  private static func fields(of type: ClassObject) -> [(name: String, standard: PythonValue?)]? {
    type.lineage.lazy.compactMap(\.fields).first
  }

  /// Gives a class what its annotations say: `__init__`, `__repr__`, `__eq__`.
  private static func fielded(_ type: ClassObject) throws -> PythonValue {
    var fields = type.base.flatMap { self.fields(of: $0) } ?? []
    for (name, hasValue) in type.annotated {
      let field = (name: name, standard: hasValue ? type.member(name) : nil)
      if let i = fields.firstIndex(where: { $0.name == name }) {
        fields[i] = field
      } else {
        fields.append(field)
      }
    }
    type.fields = fields
    let all = fields
    if type.member("__init__") == nil || type.base?.fields != nil {
      type.set(
        "__init__",
        .object(
          RawFunction("__init__") { arguments, evaluator in
            try initialize(all, arguments, evaluator)
            return .none
          }))
    }
    if type.member("__repr__") == nil { type.set("__repr__", method("__repr__", all)) }
    if type.member("__eq__") == nil { type.set("__eq__", method("__eq__", all)) }
    return .object(type)
  }

  private static func initialize(
    _ fields: [(name: String, standard: PythonValue?)], _ arguments: CallArguments,
    _ evaluator: Evaluator
  ) throws {
    guard case .object(let instance as InstanceObject)? = arguments.positional.first else { return }
    let places = arguments.positional.dropFirst()
    guard places.count <= fields.count else {
      throw Complaint(
        "\(instance.type.name)() takes \(fields.count) values", at: .argument(fields.count))
    }
    var values: [String: PythonValue] = [:]
    for (field, value) in zip(fields, places) { values[field.name] = value }
    for (name, value) in arguments.keywords {
      guard fields.contains(where: { $0.name == name }), values[name] == nil else {
        throw Complaint(
          "\(instance.type.name)() has no argument \"\(name)\" left",
          remedy: Suggestions.remedy(name, among: fields.map(\.name), of: "it"),
          at: .keyword(name))
      }
      values[name] = value
    }
    for (name, standard) in fields {
      var value = values[name] ?? standard
      if case .object(let field as FieldObject)? = value {
        value = try field.factory.map { try evaluator.invoke($0, []) } ?? field.standard
      }
      guard let value else {
        throw Complaint(
          "\(instance.type.name)() needs the argument \"\(name)\"",
          as: .raised(
            "TypeError", "__init__() missing 1 required positional argument: '\(name)'"))
      }
      instance.set(name, value)
    }
    _ = try evaluator.method("__post_init__", of: instance, [])
  }

  private static func method(
    _ name: String, _ fields: [(name: String, standard: PythonValue?)]
  ) -> PythonValue {
    .object(
      MethodObject(name) { instance, others, evaluator in
        if name == "__repr__" {
          let parts = fields.map { $0.name + "=" + (instance.member($0.name) ?? .none).repr }
          return .text(instance.type.name + "(" + parts.joined(separator: ", ") + ")")
        }
        guard case .object(let other as InstanceObject)? = others.first,
          other.type === instance.type
        else { return .object(Constant.notImplemented) }
        for (name, _) in fields {
          let (a, b) = (instance.member(name) ?? .none, other.member(name) ?? .none)
          guard try evaluator.isEqual(a, b, at: evaluator.callPlace) else { return .boolean(false) }
        }
        return .boolean(true)
      })
  }
}

/// A method of native code, bound to its instance when it is taken from one.
final class MethodObject: Callable {
  typealias Body = (InstanceObject, [PythonValue], Evaluator) throws -> PythonValue

  let name: String
  private let body: Body

  init(_ name: String, _ body: @escaping Body) {
    self.name = name
    self.body = body
  }

  var typeName: String { "function" }
  var shown: String { "<function \(name)>" }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    guard case .object(let instance as InstanceObject)? = arguments.positional.first else {
      throw Complaint("\(name)() needs an object")
    }
    return try body(instance, Array(arguments.positional.dropFirst()), evaluator)
  }
}
