import Tensors

// The functions of NumPy that change shapes and put arrays together.

extension NumPy {
  static var shaping: [NativeFunction] {
    [
      NativeFunction("reshape(a, shape)") { call in
        try call.evaluator.value(try reshaped(try call.array("a"), try call.shape("shape")))
      },
      NativeFunction("transpose(a, axes=None)", transposed),
      NativeFunction("expand_dims(a, axis)", expanded),
      NativeFunction("squeeze(a, axis=None)", squeezed),
      NativeFunction("ravel(a)") { call in
        let a = try call.array("a")
        return try call.evaluator.value(a.reshaped(to: [a.count]))
      },
      NativeFunction("concatenate(arrays, axis=0)") { call in
        try call.evaluator.value(
          try NDArray.concatenated(
            try arrays(call, "arrays"), axis: try call.integer("axis", in: -32...32)))
      },
      NativeFunction("stack(arrays, axis=0)", stacked),
      NativeFunction("vstack(tup)") { call in
        let rows = try arrays(call, "tup").map { $0.rank < 2 ? row($0) : $0 }
        return try call.evaluator.value(try NDArray.concatenated(rows, axis: 0))
      },
      NativeFunction("hstack(tup)") { call in
        let all = try arrays(call, "tup").map { $0.rank == 0 ? $0.reshaped(to: [1]) : $0 }
        let axis = all.first?.rank == 1 ? 0 : 1
        return try call.evaluator.value(try NDArray.concatenated(all, axis: axis))
      },
      NativeFunction("column_stack(tup)") { call in
        let columns = try arrays(call, "tup").map { a in
          a.rank < 2 ? a.reshaped(to: [a.count, 1]) : a
        }
        return try call.evaluator.value(try NDArray.concatenated(columns, axis: 1))
      },
      NativeFunction("unique(ar)") { call in
        let a = try call.array("ar")
        let values = Array(Set(a.scalars)).sorted()
        return try call.evaluator.value(
          NDArray(shape: [values.count], scalars: values, kind: a.kind))
      },
      NativeFunction("bincount(x)", counted),
      NativeFunction("meshgrid(x, y)", grid),
    ]
  }

  private static func row(_ a: NDArray) -> NDArray { a.reshaped(to: [1, a.count]) }

  private static func arrays(_ call: BoundCall, _ name: String) throws -> [NDArray] {
    guard let items = call[name].sequence else {
      throw call.unsuitable(name, wanted: "a list or tuple of arrays")
    }
    return try items.map { try call.evaluator.array(from: $0) }
  }

  static func extents(_ value: PythonValue) throws -> [Int] {
    if let i = value.wholeNumber { return [i] }
    guard let items = value.sequence else {
      throw Complaint("\(value.described) as a shape", remedy: "use whole numbers")
    }
    return try items.map { item in
      guard let i = item.wholeNumber else {
        throw Complaint("\(item.described) in a shape", remedy: "use whole numbers")
      }
      return i
    }
  }

  /// A shape in which -1 stands for what is left.
  static func reshaped(_ array: NDArray, _ extents: [Int]) throws -> NDArray {
    var wanted = extents
    let free = wanted.indices.filter { wanted[$0] == -1 }
    let wrong = Complaint(
      "\(array.count) numbers of shape \(array.shape.tupleText) cannot take the shape"
        + " (\(extents.map(String.init).joined(separator: ", ")))",
      remedy: "the product of the extents must be \(array.count)")
    guard free.count <= 1, wanted.allSatisfy({ $0 >= -1 }) else { throw wrong }
    if let i = free.first {
      wanted[i] = 1
      let rest = try Shape.checked(wanted).count
      guard rest > 0, array.count % rest == 0 else { throw wrong }
      wanted[i] = array.count / rest
    }
    let shape = try Shape.checked(wanted)
    guard shape.count == array.count else { throw wrong }
    return array.reshaped(to: shape)
  }

  private static func transposed(_ call: BoundCall) throws -> PythonValue {
    let a = try call.array("a")
    let order = try call.axes("axes")?.map { try a.axis($0) } ?? (0..<a.rank).reversed()
    guard order.sorted() == Array(0..<a.rank) else {
      throw call.unsuitable("axes", wanted: "each axis once")
    }
    return try call.evaluator.value(a.transposed(order))
  }

  private static func expanded(_ call: BoundCall) throws -> PythonValue {
    let a = try call.array("a")
    let given = try call.integer("axis", in: -32...32)
    let axis = given < 0 ? given + a.rank + 1 : given
    guard axis >= 0 && axis <= a.rank else {
      throw call.unsuitable("axis", wanted: "an axis from \(-a.rank - 1) to \(a.rank)")
    }
    var extents = a.shape.extents
    extents.insert(1, at: axis)
    return try call.evaluator.value(a.reshaped(to: Shape(extents)))
  }

  private static func squeezed(_ call: BoundCall) throws -> PythonValue {
    let a = try call.array("a")
    let axes = try call.axes()?.map { try a.axis($0) }
    let gone = axes ?? (0..<a.rank).filter { a.shape[$0] == 1 }
    guard gone.allSatisfy({ a.shape[$0] == 1 }) else {
      throw call.unsuitable("axis", wanted: "an axis of extent 1")
    }
    let extents = (0..<a.rank).filter { !gone.contains($0) }.map { a.shape[$0] }
    return try call.evaluator.value(a.reshaped(to: Shape(extents)))
  }

  private static func stacked(_ call: BoundCall) throws -> PythonValue {
    let all = try arrays(call, "arrays")
    let rank = all.first?.rank ?? 0
    let given = try call.integer("axis", in: -32...32)
    let axis = given < 0 ? given + rank + 1 : given
    guard axis >= 0 && axis <= rank else {
      throw call.unsuitable("axis", wanted: "an axis from \(-rank - 1) to \(rank)")
    }
    let raised = try all.map { a in
      guard a.rank == rank else { throw Complaint("arrays of different ranks cannot be stacked") }
      var extents = a.shape.extents
      extents.insert(1, at: axis)
      return a.reshaped(to: Shape(extents))
    }
    return try call.evaluator.value(try NDArray.concatenated(raised, axis: axis))
  }

  private static func counted(_ call: BoundCall) throws -> PythonValue {
    let x = try call.array("x")
    guard x.kind.isWhole, x.scalars.allSatisfy({ $0 >= 0 && $0 < 1e6 }) else {
      throw call.unsuitable("x", wanted: "whole numbers from 0")
    }
    var counts = [Double](repeating: 0, count: (x.scalars.max().map { Int($0) } ?? -1) + 1)
    for value in x.scalars { counts[Int(value)] += 1 }
    return try call.evaluator.value(
      NDArray(shape: [counts.count], scalars: counts, kind: .int64))
  }

  private static func grid(_ call: BoundCall) throws -> PythonValue {
    let (x, y) = (try call.array("x"), try call.array("y"))
    let shape = try Shape.checked([y.count, x.count])
    let columns = NDArray(
      shape: shape, scalars: x.reshaped(to: [1, x.count]).stretched(to: shape), kind: x.kind)
    let rows = NDArray(
      shape: shape, scalars: y.reshaped(to: [y.count, 1]).stretched(to: shape), kind: y.kind)
    return try call.evaluator.list(
      [try call.evaluator.value(columns), try call.evaluator.value(rows)])
  }

  /// A number of an array as a number of Python.
  static func plain(_ x: Double, _ kind: NDArray.Kind) -> PythonValue {
    if kind == .bool { return .boolean(x != 0) }
    if kind.isWhole, let i = Int(exactly: x) { return .integer(i) }
    return .number(x)
  }

  /// An array as lists in lists.
  static func nested(_ array: NDArray, _ evaluator: Evaluator) throws -> PythonValue {
    guard array.rank > 0 else { return plain(array.scalars[0], array.kind) }
    try evaluator.spend(array.count)
    let rest = Shape(Array(array.shape.extents.dropFirst()))
    return try evaluator.list(
      try (0..<array.shape[0]).map { i in
        let row = Array(array.scalars[i * rest.count..<(i + 1) * rest.count])
        return try nested(NDArray(shape: rest, scalars: row, kind: array.kind), evaluator)
      })
  }
}
