import Tensors

// Arrays put together and taken apart.

extension NDArray {
  /// Arrays of one shape as the rows of another.
  static func stacked(_ arrays: [NDArray]) -> NDArray {
    guard let first = arrays.first else { return NDArray(shape: [0], scalars: []) }
    let shape = Shape([arrays.count] + first.shape.extents)
    let kind = arrays.dropFirst().reduce(first.kind) { $0.promoted(with: $1.kind) }
    guard !kind.isNumeric else {
      return NDArray(shape: shape, scalars: arrays.flatMap(\.scalars), kind: kind)
    }
    let all = unified(arrays.map { kind == .text ? $0.converted(to: .text) : $0 })
    return NDArray(
      shape: shape, codes: all.flatMap(\.scalars), labels: all[0].labels, kind: kind)
  }

  /// Arrays one after the other along an axis.
  static func concatenated(_ arrays: [NDArray], axis given: Int) throws(Complaint) -> NDArray {
    guard let first = arrays.first else { throw Complaint("nothing to put together") }
    guard first.rank > 0 else { throw Complaint("single numbers cannot be put together") }
    let axis = try first.axis(given)
    var extents = first.shape.extents
    extents[axis] = 0
    var kind = first.kind
    for array in arrays {
      var own = array.shape.extents
      guard own.count == extents.count else { throw misfit(first, array, axis) }
      let along = own[axis]
      own[axis] = extents[axis]
      guard own == extents else { throw misfit(first, array, axis) }
      extents[axis] += along
      kind = kind.promoted(with: array.kind)
    }
    let shape = try Shape.checked(extents)
    let parts = unified(kind == .text ? arrays.map { $0.converted(to: .text) } : arrays)
    let outer = extents[..<axis].reduce(1, *)
    var result: [Double] = []
    result.reserveCapacity(shape.count)
    for row in 0..<outer {
      for part in parts {
        let width = part.count / max(1, outer)
        result += part.scalars[row * width..<(row + 1) * width]
      }
    }
    return kind.isNumeric
      ? NDArray(shape: shape, scalars: result, kind: kind)
      : NDArray(shape: shape, codes: result, labels: parts[0].labels, kind: kind)
  }

  private static func misfit(_ a: NDArray, _ b: NDArray, _ axis: Int) -> Complaint {
    Complaint(
      "arrays of shapes \(a.shape.tupleText) and \(b.shape.tupleText) cannot be put together",
      remedy: "all extents but that of axis \(axis) must be equal")
  }

  /// The part of this array between two positions of an axis.
  func part(_ range: Range<Int>, axis: Int) -> NDArray {
    taking(Array(range), axis: axis)
  }

  /// The slices at positions of an axis.
  func taking(_ positions: [Int], axis: Int) -> NDArray {
    let inner = shape.extents[(axis + 1)...].reduce(1, *)
    let outer = shape.extents[..<axis].reduce(1, *)
    let extent = shape[axis]
    var extents = shape.extents
    extents[axis] = positions.count
    var result: [Double] = []
    result.reserveCapacity(outer * inner * positions.count)
    for o in 0..<outer {
      for p in positions {
        let start = (o * extent + p) * inner
        result += scalars[start..<start + inner]
      }
    }
    return with(shape: Shape(extents), scalars: result)
  }

  /// A shape in which -1 stands for what is left.
  func reshaped(_ extents: [Int]) throws(Complaint) -> NDArray {
    var wanted = extents
    let free = wanted.indices.filter { wanted[$0] == -1 }
    let wrong = Complaint(
      "\(count) numbers of shape \(shape.tupleText) cannot take the shape"
        + " (\(extents.map(String.init).joined(separator: ", ")))",
      remedy: "the product of the extents must be \(count)")
    guard free.count <= 1, wanted.allSatisfy({ $0 >= -1 }) else { throw wrong }
    if let i = free.first {
      wanted[i] = 1
      let rest = try Shape.checked(wanted).count
      guard rest > 0, count % rest == 0 else { throw wrong }
      wanted[i] = count / rest
    }
    let shape = try Shape.checked(wanted)
    guard shape.count == count else { throw wrong }
    return reshaped(to: shape)
  }

  /// The axis at which an axis can be put in, counted from the end when negative.
  func insertionAxis(_ given: Int) throws(Complaint) -> Int {
    let axis = given < 0 ? given + rank + 1 : given
    guard axis >= 0 && axis <= rank else {
      throw Complaint(
        "axis \(given) for a new axis of an array of shape \(shape.tupleText)",
        remedy: "axes go from \(-rank - 1) to \(rank)", at: .keyword("axis"))
    }
    return axis
  }

  func expanded(at axis: Int) throws(Complaint) -> NDArray {
    var extents = shape.extents
    extents.insert(1, at: try insertionAxis(axis))
    return reshaped(to: Shape(extents))
  }

  /// The order of elements along the last axis, equals in their order; what is no number comes last.
  static func order(_ x: [Double]) -> [Int] {
    x.indices.sorted { a, b in
      let (p, q) = (x[a], x[b])
      if p.isNaN || q.isNaN { return p.isNaN ? q.isNaN && a < b : true }
      return p == q ? a < b : p < q
    }
  }

  /// Each run along an axis through a function that gives a run of any one length.
  func mappingRuns(
    _ axis: Int, kind: Kind? = nil, _ f: ([Double]) -> [Double]
  ) -> NDArray {
    var order = Array(0..<rank)
    order.remove(at: axis)
    order.append(axis)
    let moved = transposed(order)
    let width = max(1, shape[axis])
    var result: [Double] = []
    for start in stride(from: 0, to: moved.count, by: width) {
      result += f(Array(moved.scalars[start..<start + width]))
    }
    var extents = moved.shape.extents
    extents[rank - 1] = count == 0 ? 0 : result.count / (count / width)
    let made =
      kind.map { NDArray(shape: Shape(extents), scalars: result, kind: $0) }
      ?? with(shape: Shape(extents), scalars: result)
    var back = Array(0..<rank - 1)
    back.insert(rank - 1, at: axis)
    return made.transposed(back)
  }
}
