// The types of values: `type(x)`, `isinstance`, `issubclass`.

/// A type of the lab's or NumPy's that programs meet by `type(x)` alone.
final class TypeObject: ProgramObject {
  let typeName = "type"
  let name: String
  let shown: String

  init(_ name: String, home: String) {
    self.name = name
    shown = home.isEmpty ? "<class '\(name)'>" : "<class '\(home).\(name)'>"
  }

  var attributeNames: [String] { ["__name__"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    name == "__name__" || name == "__qualname__" ? .text(self.name) : nil
  }
}

enum TypeNames {
  /// Python's own types that are called to make values.
  static let callable: Set<String> = [
    "int", "float", "str", "bool", "list", "tuple", "dict", "set", "frozenset", "object", "type",
    "range", "enumerate", "zip", "map", "filter", "reversed", "property", "staticmethod",
    "classmethod", "super", "complex", "bytes", "slice",
  ]

  static func type(of value: PythonValue, _ evaluator: Evaluator) -> PythonValue {
    switch value {
    case .object(let instance as InstanceObject): return .object(instance.type)
    case .object(is ClassObject), .object(is KerasClass), .object(is NativeBaseClass):
      return evaluator.names.builtins["type"] ?? .none
    case .object(let function as NativeFunction) where function.isType:
      return evaluator.names.builtins["type"] ?? .none
    case .none: return named("NoneType", evaluator)
    case .array(let reference):
      return reference.array.rank == 0
        ? named(reference.array.kind.name, home: "numpy", evaluator)
        : named("ndarray", home: "numpy", evaluator)
    default:
      let name = value.typeName
      return evaluator.names.builtins[name].flatMap { $0.isType ? $0 : nil }
        ?? named(name, evaluator)
    }
  }

  /// Each type is one object, so that types can be compared.
  private static func named(
    _ name: String, home: String = "", _ evaluator: Evaluator
  ) -> PythonValue {
    if let known = evaluator.types[name] { return .object(known) }
    let made = TypeObject(name, home: home)
    evaluator.types[name] = made
    return .object(made)
  }

  /// Whether a value is of a type, or of one of a tuple of types.
  static func isInstance(
    _ value: PythonValue, of types: PythonValue, _ call: BoundCall
  ) throws -> Bool {
    if let all = types.sequence {
      return try all.contains { try isInstance(value, of: $0, call) }
    }
    guard case .object(let object) = types else {
      throw Complaint(
        "\(types.described) is no type", remedy: "give a class, or a tuple of classes",
        at: .argument(1), as: .raised("TypeError", "isinstance() arg 2 must be a type"))
    }
    switch object {
    case let type as ClassObject:
      if case .object(let instance as InstanceObject) = value {
        return instance.type.isDerived(from: type)
      }
      return false
    case let type as NativeBaseClass: return type.base.holds(value)
    case let type as KerasClass:
      if case .object(let instance as InstanceObject) = value {
        return instance.type.nativeBase?.kind == type.typeName
      }
      return value.typeName == type.typeName
        || type.typeName == "Model" && value.isModel
    case let function as NativeFunction: return isBuiltin(value, function.name)
    case let type as TypeObject:
      if type.name == "ndarray" { return value.isArray }
      return value.typeName == type.name || type.name == "NoneType" && value.isNone
    case let type as DType:
      if case .array(let reference) = value { return reference.array.kind == type.kind }
      return false
    default:
      throw Complaint("\(types.described) is no type", at: .argument(1))
    }
  }

  private static func isBuiltin(_ value: PythonValue, _ name: String) -> Bool {
    switch (name, value) {
    case ("object", _): true
    case ("int", .integer), ("int", .boolean), ("bool", .boolean), ("float", .number),
      ("str", .text), ("list", .list), ("tuple", .tuple):
      true
    case ("float", .array(let reference)):
      reference.array.rank == 0 && reference.array.kind == .float64
    case ("dict", .dictionary(let dictionary)): !dictionary.isSet
    case ("set", .dictionary(let dictionary)): dictionary.isSet
    case ("type", .object(let object)):
      object is ClassObject || object is KerasClass || object is TypeObject
    case ("array", .array): true
    default: value.typeName == name
    }
  }
}

extension PythonValue {
  var isType: Bool {
    if case .object(let function as NativeFunction) = self { function.isType } else { false }
  }

  fileprivate var isModel: Bool {
    if case .object(let object) = self { object is ModelHandle } else { false }
  }
}

extension NativeFunction {
  /// Whether it stands for a type of Python's: `int`.
  var isType: Bool { TypeNames.callable.contains(name) && isBuiltin }
}
