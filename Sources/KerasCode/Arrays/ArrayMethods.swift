import Tensors

/// Attributes and methods of arrays.
enum ArrayMethods {
  private static let own = [
    "T", "astype", "clip", "copy", "dtype", "fill", "flat", "flatten", "item", "itemsize", "nbytes",
    "ndim",
    "numpy", "ravel", "reshape", "shape", "size", "sort", "tolist", "transpose",
  ]

  static let names = own + Array(NumPy.methods.keys)

  static func attribute(
    _ name: String, _ reference: ArrayReference, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    let array = reference.array
    switch name {
    case "shape": return try evaluator.tuple(array.shape.extents.map { .integer($0) })
    case "ndim": return .integer(array.rank)
    case "size": return .integer(array.count)
    case "itemsize": return .integer(array.kind.byteCount)
    case "nbytes": return .integer(array.kind.byteCount * array.count)
    case "dtype": return .object(DType(array.kind, label: array.kindName))
    case "flat": return try evaluator.value(array.reshaped(to: [array.count]))
    case "T": return try transposed(reference, (0..<array.rank).reversed(), evaluator)
    default:
      if let function = NumPy.methods[name] {
        return .object(function.method(of: .array(reference)))
      }
      return method(name, reference).map { .object($0) }
    }
  }

  private static func transposed(
    _ reference: ArrayReference, _ order: [Int], _ evaluator: Evaluator
  ) throws -> PythonValue {
    .array(
      try evaluator.view(reference.array.transposed(order), of: reference) {
        reference.array.transposedPositions(order)
      })
  }

  private static func reshaped(
    _ reference: ArrayReference, _ extents: [Int], _ evaluator: Evaluator
  ) throws -> PythonValue {
    .array(
      try evaluator.view(try reference.array.reshaped(extents), of: reference) {
        Array(0..<reference.array.count)
      })
  }

  private static func method(_ name: String, _ reference: ArrayReference) -> NativeFunction? {
    let array = reference.array
    switch name {
    case "astype":
      return NativeFunction("astype(dtype, copy=True)") { call in
        try call.evaluator.value(try array.checkedConversion(to: try call.kind() ?? .float64))
      }
    case "reshape":
      return NativeFunction("reshape(*shape, order='C')") { call in
        let extents =
          call.rest.count == 1
          ? try NumPy.extents(call.rest[0]) : try call.rest.flatMap(NumPy.extents)
        return try reshaped(reference, extents, call.evaluator)
      }
    case "transpose":
      return NativeFunction("transpose(*axes)") { call in
        let given = try call.rest.flatMap { $0.isNone ? [] : try NumPy.extents($0) }
        let order = try given.map { try array.axis($0) }
        guard order.isEmpty || order.sorted() == Array(0..<array.rank) else {
          throw Complaint("transpose() needs each axis once")
        }
        return try transposed(
          reference, order.isEmpty ? (0..<array.rank).reversed() : order, call.evaluator)
      }
    case "ravel":
      return NativeFunction("ravel()") { try reshaped(reference, [array.count], $0.evaluator) }
    case "flatten":
      return NativeFunction("flatten()") {
        try $0.evaluator.value(array.reshaped(to: [array.count]))
      }
    case "copy", "numpy": return NativeFunction("\(name)()") { try $0.evaluator.value(array) }
    case "tolist": return NativeFunction("tolist()") { try NumPy.nested(array, $0.evaluator) }
    case "clip":
      return NativeFunction("clip(a_min=None, a_max=None, min=None, max=None)") { call in
        var values = call.values
        values["a"] = .array(reference)
        let whole = BoundCall(
          function: "clip", values: values, rest: [], order: call.order, named: call.named,
          evaluator: call.evaluator)
        return try call.evaluator.value(try ElementwiseFunctions.clipped(whole, .numpy))
      }
    default: return changing(name, reference)
    }
  }

  /// Methods that change the array in place, and that take one number out.
  private static func changing(_ name: String, _ reference: ArrayReference) -> NativeFunction? {
    switch name {
    case "sort":
      return NativeFunction("sort(axis=-1)") { call in
        let array = reference.array
        reference.array = array.mappingRuns(try call.axis(of: array)) { run in
          NDArray.order(run).map { run[$0] }
        }
        return .none
      }
    case "fill":
      return NativeFunction("fill(value)") { call in
        let value = try call.operand("value").checkedConversion(to: reference.array.kind)
        guard value.count == 1 else { throw call.unsuitable("value", wanted: "one number") }
        reference.write(value, at: Array(0..<reference.array.count))
        return .none
      }
    case "item":
      return NativeFunction("item(*index)") { call in
        let array = reference.array
        let place = try call.rest.flatMap(NumPy.extents)
        if place.isEmpty {
          guard array.count == 1 else {
            throw Complaint("item() of an array of \(array.count) numbers")
          }
          return array.element(0)
        }
        let indices = place.count == 1 && array.rank != 1 ? nil : place
        let flat = indices == nil ? array.reshaped(to: [array.count]) : array
        let found = flat[try flat.selection(place.map { .position($0) })]
        guard found.count == 1 else { throw Complaint("item() of an index that names no element") }
        return found.element(0)
      }
    default: return nil
    }
  }
}
