import Tensors

/// Attributes and methods of arrays.
enum ArrayMethods {
  static let names = [
    "T", "all", "any", "argmax", "argmin", "astype", "clip", "copy", "cumsum", "dtype", "flatten",
    "item", "max", "mean", "min", "ndim", "numpy", "prod", "ravel", "reshape", "round", "shape",
    "size", "squeeze", "std", "sum", "tolist", "transpose", "var",
  ]

  static func attribute(
    _ name: String, _ reference: ArrayReference, _ evaluator: Evaluator
  )
    throws -> PythonValue?
  {
    let array = reference.array
    switch name {
    case "shape": return try evaluator.tuple(array.shape.extents.map { .integer($0) })
    case "ndim": return .integer(array.rank)
    case "size": return .integer(array.count)
    case "dtype": return .object(DType(array.kind))
    case "T":
      return try view(reference, array.transposed((0..<array.rank).reversed()), evaluator)
    default:
      guard names.contains(name) else { return nil }
      return .object(method(name, reference))
    }
  }

  /// An array that shares its numbers with another in NumPy.
  private static func view(
    _ reference: ArrayReference, _ array: NDArray, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let result = try evaluator.reference(array)
    reference.adopt(result)
    return .array(result)
  }

  private static func method(_ name: String, _ reference: ArrayReference) -> NativeFunction {
    let array = reference.array
    switch name {
    case "astype":
      return NativeFunction("astype(dtype)") { call in
        try call.evaluator.value(array.converted(to: try call.kind() ?? .float64))
      }
    case "reshape":
      return NativeFunction("reshape(*shape)") { call in
        let extents =
          call.rest.count == 1
          ? try NumPy.extents(call.rest[0]) : try call.rest.flatMap(NumPy.extents)
        return try view(reference, try NumPy.reshaped(array, extents), call.evaluator)
      }
    case "flatten", "ravel":
      return NativeFunction("\(name)()") { call in
        try call.evaluator.value(array.reshaped(to: [array.count]))
      }
    case "copy", "numpy": return NativeFunction("\(name)()") { try $0.evaluator.value(array) }
    case "tolist": return NativeFunction("tolist()") { try NumPy.nested(array, $0.evaluator) }
    case "item":
      return NativeFunction("item()") { _ in
        guard let x = array.scalar else {
          throw Complaint("item() of an array of \(array.count) numbers")
        }
        return NumPy.plain(x, array.kind)
      }
    default: return NumPy.method(name, of: .array(reference))
    }
  }
}
