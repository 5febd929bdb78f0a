/// `np.float32` and its like: a name of a kind, and a conversion when called.
final class DType: Callable, OperatorOverloading {
  let kind: NDArray.Kind
  private let label: String

  init(_ kind: NDArray.Kind, label: String? = nil) {
    self.kind = kind
    self.label = label ?? kind.name
  }

  var typeName: String { "dtype" }
  var shown: String { label }
  var attributeNames: [String] { ["itemsize", "kind", "name"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "name": .text(kind == .text ? "str" : kind.name)
    case "itemsize": .integer(kind.byteCount)
    case "kind":
      .text(
        kind == .bool
          ? "b"
          : kind.isFloat
            ? "f"
            : kind == .text ? "U" : kind == .object ? "O" : kind.name.hasPrefix("u") ? "u" : "i")
    default: nil
    }
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    let call = try Signature("\(kind.name)(x=0)").bind(arguments, evaluator)
    return try evaluator.value(try call.operand("x").checkedConversion(to: kind))
  }

  /// `x.dtype == np.float32`, `x.dtype == "float32"`.
  func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) -> PythonValue? {
    guard mark == "==" || mark == "!=" else { return nil }
    let isSame = DType.kind(of: other) == kind
    return .boolean(isSame == (mark == "=="))
  }

  func operate(unary mark: String, _ evaluator: Evaluator) throws -> PythonValue? {
    throw Complaint("\"\(mark)\" has no meaning for a dtype")
  }

  /// The kind that a name, an object or a type of Python stands for.
  static func kind(of value: PythonValue) -> NDArray.Kind? {
    switch value {
    case .text(let text): named(text)
    case .object(let type as DType): type.kind
    case .object(let function as NativeFunction): named(function.name)
    default: nil
    }
  }

  static func named(_ name: String) -> NDArray.Kind? {
    switch name {
    case "float", "double", "f8", "<f8", "float_": .float64
    case "int", "long", "i8", "<i8", "int_": .int64
    case "single", "float32", "f4", "<f4", "f": .float32
    case "i4", "<i4", "intc", "i": .int32
    case "bool_", "?": .bool
    case "u1", "ubyte": .uint8
    case "O": .object
    case "U", "string", "str_": .text
    default: NDArray.Kind(rawValue: name)
    }
  }
}

extension BoundCall {
  /// A dtype by name, object or Python type.
  func kind(_ name: String = "dtype") throws -> NDArray.Kind? {
    if self[name].isNone { return nil }
    if let kind = DType.kind(of: self[name]) { return kind }
    throw unsuitable(
      name, wanted: "one of " + NDArray.Kind.allCases.map(\.name).joined(separator: ", "))
  }

  /// An array of numbers, texts or mixed objects.
  func operand(_ name: String) throws -> NDArray {
    do { return try evaluator.operand(from: self[name]) } catch let complaint as Complaint {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor(name))
    }
  }
}
