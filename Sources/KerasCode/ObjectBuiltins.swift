// Functions about objects, types and classes.

enum ObjectBuiltins {
  static var functions: [NativeFunction] {
    [
      NativeFunction("type(x)") { TypeNames.type(of: $0["x"], $0.evaluator) },
      NativeFunction("isinstance(x, types)") {
        .boolean(try TypeNames.isInstance($0["x"], of: $0["types"], $0))
      },
      NativeFunction("issubclass(x, types)", isSubclass),
      NativeFunction("callable(x)", isCallable),
      NativeFunction("hasattr(x, name)") { call in
        try attribute(call).map { _ in .boolean(true) } ?? .boolean(false)
      },
      NativeFunction("getattr(x, name, default='<none>')", getAttribute),
      NativeFunction("setattr(x, name, value)", setAttribute),
      NativeFunction("delattr(x, name)", deleteAttribute),
      NativeFunction("id(x)", identity), NativeFunction("hash(x)", hash),
      NativeFunction("vars(x)") {
        try $0.evaluator.attribute($0["x"], "__dict__", at: $0.evaluator.callPlace)
      },
      NativeFunction("dir(x)") { call in
        let names = Set(call.evaluator.attributeNames(call["x"])).sorted()
        return try call.evaluator.list(names.map { .text($0) })
      },
      NativeFunction("super(*given)", parent),
      NativeFunction("object()") { call in
        let type = ClassObject("object", base: nil, isBuiltin: true)
        return .object(try call.evaluator.keep(InstanceObject(type, call.evaluator)))
      },
      NativeFunction("staticmethod(function)") { .object(MethodWrapper(.plain, $0["function"])) },
      NativeFunction("classmethod(function)") {
        .object(MethodWrapper(.forClass, $0["function"]))
      },
      NativeFunction("property(fget, fset=None)") { call in
        .object(PropertyObject(call["fget"], call["fset"].isNone ? nil : call["fset"]))
      },
      NativeFunction("divmod(a, b)") { call in
        let place = call.evaluator.callPlace
        return try call.evaluator.tuple([
          try call.evaluator.operate(call["a"], "//", call["b"], at: place),
          try call.evaluator.operate(call["a"], "%", call["b"], at: place),
        ])
      },
      NativeFunction("pow(base, exp, mod=None)", power),
      NativeFunction("chr(i)") { call in
        guard let scalar = Unicode.Scalar(UInt32(try call.integer("i", in: 0...0x10FFFF))) else {
          throw call.unsuitable("i", wanted: "the number of a character")
        }
        return .text(String(scalar))
      },
      NativeFunction("ord(c)") { call in
        let scalars = Array(try call.text("c").unicodeScalars)
        guard scalars.count == 1 else { throw call.unsuitable("c", wanted: "one character") }
        return .integer(Int(scalars[0].value))
      },
      based("bin", 2, "0b"), based("oct", 8, "0o"), based("hex", 16, "0x"),
      NativeFunction("format(value, format_spec='')") { call in
        .text(try call.evaluator.formatted(call["value"], try call.text("format_spec")))
      },
      NativeFunction("exit(code=None)") { _ in throw Evaluator.Exit() },
      NativeFunction("quit(code=None)") { _ in throw Evaluator.Exit() },
    ]
  }

  private static func based(_ name: String, _ radix: Int, _ prefix: String) -> NativeFunction {
    NativeFunction("\(name)(x)") { call in
      let i = try call.integer("x")
      return .text((i < 0 ? "-" : "") + prefix + String(i.magnitude, radix: radix))
    }
  }

  private static func isSubclass(_ call: BoundCall) throws -> PythonValue {
    guard case .object(let object) = call["x"] else {
      throw call.unsuitable("x", wanted: "a class")
    }
    let types = call["types"].sequence ?? [call["types"]]
    return .boolean(
      types.contains { value in
        guard case .object(let other) = value else { return false }
        if let type = object as? ClassObject {
          if let other = other as? ClassObject { return type.isDerived(from: other) }
          if let other = other as? NativeBaseClass {
            return type.nativeBase?.kind == other.base.kind
          }
          if let other = other as? KerasClass { return type.nativeBase?.kind == other.typeName }
          return (other as? NativeFunction)?.name == "object"
        }
        return object === other
          || (object as? NativeFunction)?.name == "bool"
            && (other as? NativeFunction)?.name == "int"
      })
  }

  private static func isCallable(_ call: BoundCall) -> PythonValue {
    guard case .object(let object) = call["x"] else { return .boolean(false) }
    if let instance = object as? InstanceObject {
      return .boolean(
        instance.type.member("__call__") != nil || instance.state is SubclassedLayer)
    }
    return .boolean(object is any Callable)
  }

  private static func attribute(_ call: BoundCall) throws -> PythonValue? {
    do { return try call.evaluator.attribute(call["x"], try call.text("name")) } catch {
      guard call.evaluator.isRaised(error, "AttributeError") else { throw error }
      return nil
    }
  }

  private static func getAttribute(_ call: BoundCall) throws -> PythonValue {
    if let found = try attribute(call) { return found }
    guard call["default"].string == "<none>" else { return call["default"] }
    return try call.evaluator.attribute(
      call["x"], try call.text("name"), at: call.evaluator.callPlace)
  }

  private static func setAttribute(_ call: BoundCall) throws -> PythonValue {
    guard case .object(let store as any AttributeStore) = call["x"],
      try store.assign(try call.text("name"), call["value"], call.evaluator)
    else {
      throw Complaint(
        "the attribute \(call["name"].described) of \(call["x"].described) cannot be assigned",
        at: call.anchor("name"), as: .raised("AttributeError", "can't set attribute"))
    }
    return .none
  }

  private static func deleteAttribute(_ call: BoundCall) throws -> PythonValue {
    guard case .object(let instance as InstanceObject) = call["x"],
      instance.remove(try call.text("name"))
    else {
      throw Complaint(
        "\(call["x"].described) has no attribute \(call["name"].described) to delete",
        as: .raised("AttributeError", "\(call["name"].str)"))
    }
    return .none
  }

  private static func identity(_ call: BoundCall) -> PythonValue {
    let object: AnyObject? =
      switch call["x"] {
      case .list(let list): list
      case .tuple(let tuple): tuple
      case .dictionary(let dictionary): dictionary
      case .array(let array): array
      case .object(let object): object
      default: nil
      }
    return .integer(object.map { ObjectIdentifier($0).hashValue } ?? 0)
  }

  private static func hash(_ call: BoundCall) throws -> PythonValue {
    if case .object(let instance as InstanceObject) = call["x"],
      let value = try call.evaluator.method("__hash__", of: instance, [])
    {
      return value
    }
    if let i = call["x"].wholeNumber { return .integer(i) }
    let key = try call.evaluator.key(call["x"], at: call.evaluator.callPlace)
    // The same in every run: FNV-1a of its text.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in key.value.repr.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return .integer(Int(hash >> 2))
  }

  private static func power(_ call: BoundCall) throws -> PythonValue {
    guard let modulus = try call.optionalInteger("mod") else {
      return try call.evaluator.operate(
        call["base"], "**", call["exp"], at: call.evaluator.callPlace)
    }
    guard modulus > 0, modulus < 1 << 31 else {
      throw call.unsuitable("mod", wanted: "a whole number from 1 to 2147483647")
    }
    var exponent = try call.integer("exp", in: 0...Int.max)
    var base = try call.integer("base") % modulus
    if base < 0 { base += modulus }
    var result = 1 % modulus
    while exponent > 0 {
      if exponent & 1 == 1 { result = result * base % modulus }
      base = base * base % modulus
      exponent >>= 1
    }
    return .integer(result)
  }

  /// `super()` in a method, and `super(Class, self)`.
  private static func parent(_ call: BoundCall) throws -> PythonValue {
    if call.rest.count == 2, case .object(let type as ClassObject) = call.rest[0] {
      return .object(SuperObject(above: type, on: call.rest[1]))
    }
    var scope: Evaluator.Frame? = call.evaluator.frame
    while let frame = scope {
      if let (owner, receiver) = frame.method {
        return .object(SuperObject(above: owner, on: receiver))
      }
      scope = frame.enclosing
    }
    throw Complaint(
      "super() outside a method", remedy: "it stands in a method of a class: super().__init__()",
      as: .raised("RuntimeError", "super(): no arguments"))
  }
}
