import Tensors

// Arrays put together and taken apart.

extension ShapeFunctions {
  static let joins: [ArrayFunction] = [
    .array("concatenate", "arrays, axis=0", ops: "xs, axis=0", aliases: ["concat"]) {
      call, flavor in
      let all = try call.arrays("arrays", flavor)
      guard let axis = try call.optionalInteger("axis", in: -32...32) else {
        return try NDArray.concatenated(all.map { $0.reshaped(to: [$0.count]) }, axis: 0)
      }
      return try NDArray.concatenated(all, axis: axis)
    },
    .array("stack", "arrays, axis=0", ops: "x, axis=0") { call, flavor in
      let all = try call.arrays("arrays", flavor)
      guard let first = all.first else { throw Complaint("stack() of nothing") }
      guard all.allSatisfy({ $0.shape == first.shape }) else {
        throw call.unsuitable("arrays", wanted: "arrays of one shape")
      }
      let axis = try first.insertionAxis(try call.integer("axis", in: -32...32))
      return try NDArray.concatenated(try all.map { try $0.expanded(at: axis) }, axis: axis)
    },
    .array("vstack", "tup", ops: "xs", aliases: ["row_stack"]) { call, flavor in
      try NDArray.concatenated(
        try call.arrays("tup", flavor).map {
          $0.rank < 2 ? $0.reshaped(to: Shape([1, $0.count])) : $0
        }, axis: 0)
    },
    .array("hstack", "tup", ops: "xs") { call, flavor in
      let all = try call.arrays("tup", flavor).map { $0.rank == 0 ? $0.reshaped(to: [1]) : $0 }
      return try NDArray.concatenated(all, axis: all.first?.rank == 1 ? 0 : 1)
    },
    .array("dstack", "tup", in: .numpy) { call, flavor in
      try NDArray.concatenated(
        try call.arrays("tup", flavor).map { a in
          a.rank >= 3
            ? a
            : a.rank == 2
              ? try a.expanded(at: 2) : a.reshaped(to: Shape([1, a.count, 1]))
        }, axis: 2)
    },
    .array("column_stack", "tup", in: .numpy) { call, flavor in
      try NDArray.concatenated(
        try call.arrays("tup", flavor).map {
          $0.rank < 2 ? $0.reshaped(to: Shape([$0.count, 1])) : $0
        }, axis: 1)
    },
    .array("append", "arr, values, axis=None") { call, flavor in
      let (a, b) = (try flavor.operand(call, "arr"), try flavor.operand(call, "values"))
      guard let axis = try call.optionalInteger("axis", in: -32...32) else {
        return try NDArray.concatenated(
          [a.reshaped(to: [a.count]), b.reshaped(to: [b.count])], axis: 0)
      }
      return try NDArray.concatenated([a, b], axis: axis)
    },
    ArrayFunction("meshgrid", "*xi, indexing='xy'", ops: "*x, indexing='xy'") { call, flavor in
      try grid(call, flavor)
    },
  ]

  private static func grid(_ call: BoundCall, _ flavor: ArrayFlavor) throws -> PythonValue {
    let all = try call.rest.map { flavor.plain(try call.evaluator.array(from: $0), $0) }
    let swaps = try call.text("indexing") == "xy" && all.count > 1
    var order = Array(all.indices)
    if swaps { order.swapAt(0, 1) }
    let shape = try Shape.checked(order.map { all[$0].count })
    return try call.evaluator.list(
      try all.enumerated().map { i, a in
        var extents = [Int](repeating: 1, count: all.count)
        extents[order.firstIndex(of: i) ?? 0] = a.count
        return try call.evaluator.value(
          a.with(shape: shape, scalars: a.reshaped(to: Shape(extents)).stretched(to: shape)))
      })
  }

  // MARK: Parts

  static let parts: [ArrayFunction] = [
    ArrayFunction("split", "ary, indices_or_sections, axis=0") { call, flavor in
      try divided(call, flavor, isStrict: true)
    },
    ArrayFunction("array_split", "ary, indices_or_sections, axis=0") { call, flavor in
      try divided(call, flavor, isStrict: false)
    },
    .array("take", "a, indices, axis=None", in: .everywhere) { call, flavor in
      let a = try flavor.operand(call, "a")
      let given = try call.array("indices")
      let whole = a.rank > 0 && !call["axis"].isNone ? a : a.reshaped(to: [a.count])
      let axis = call["axis"].isNone ? 0 : try call.axis(of: a)
      var places: [Int] = []
      for x in given.scalars {
        let n = whole.shape[axis]
        guard let i = Int(exactly: x), i >= -n, i < n else {
          throw call.unsuitable("indices", wanted: "positions below \(n)")
        }
        places.append(i < 0 ? i + n : i)
      }
      var extents = whole.shape.extents
      extents.replaceSubrange(axis...axis, with: given.shape.extents)
      return whole.taking(places, axis: axis).reshaped(to: Shape(extents))
    },
    .array("delete", "arr, obj, axis=None", in: .numpy) { call, flavor in
      let a = try flavor.operand(call, "arr")
      let whole = call["axis"].isNone ? a.reshaped(to: [a.count]) : a
      let axis = call["axis"].isNone ? 0 : try call.axis(of: a)
      let n = whole.shape[axis]
      let gone = Set(try call.integers("obj").map { $0 < 0 ? $0 + n : $0 })
      return whole.taking((0..<n).filter { !gone.contains($0) }, axis: axis)
    },
    .array("insert", "arr, obj, values, axis=None", in: .numpy) { call, flavor in
      let a = try flavor.operand(call, "arr")
      let whole = call["axis"].isNone ? a.reshaped(to: [a.count]) : a
      let axis = call["axis"].isNone ? 0 : try call.axis(of: a)
      let n = whole.shape[axis]
      let given = try call.integer("obj", in: -n...n)
      let place = given < 0 ? given + n : given
      let values = try flavor.operand(call, "values")
      var extents = whole.shape.extents
      extents[axis] = max(1, values.count / max(1, whole.count / max(1, n)))
      if values.rank < 2 && whole.rank > 1 { extents[axis] = 1 }
      let shape = Shape(extents)
      let middle = NDArray(
        shape: shape,
        scalars: values.count == shape.count ? values.scalars : values.stretched(to: shape),
        kind: whole.kind)
      return try NDArray.concatenated(
        [whole.part(0..<place, axis: axis), middle, whole.part(place..<n, axis: axis)], axis: axis)
    },
  ]

  private static func divided(
    _ call: BoundCall, _ flavor: ArrayFlavor, isStrict: Bool
  ) throws -> PythonValue {
    let a = try flavor.operand(call, "ary")
    let axis = try call.axis(of: a)
    let n = a.shape[axis]
    var ends: [Int]
    if let sections = call["indices_or_sections"].wholeNumber {
      guard sections > 0, sections <= 1 << 16, !isStrict || n % sections == 0 else {
        throw call.unsuitable("indices_or_sections", wanted: "a number of equal parts of \(n)")
      }
      var end = 0
      ends = (0..<sections).map { i in
        end += n / sections + (i < n % sections ? 1 : 0)
        return end
      }
    } else {
      ends = try call.integers("indices_or_sections").map { $0 < 0 ? max(0, $0 + n) : min($0, n) }
      ends.append(n)
    }
    var start = 0
    return try call.evaluator.list(
      try ends.map { end in
        defer { start = end }
        return try call.evaluator.value(a.part(start..<max(start, end), axis: axis))
      })
  }
}
