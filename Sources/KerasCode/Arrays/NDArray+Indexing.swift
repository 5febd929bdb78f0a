import Tensors

/// One entry of what stands in `x[…]`.
enum ArrayIndex: Sendable {
  case position(Int)
  case slice(lower: Int?, upper: Int?, step: Int)
  /// `None` or `np.newaxis`: an axis of extent 1.
  case newAxis
  case ellipsis
  /// An array of positions, or of True and False.
  case gather(NDArray)
}

/// Which positions an index reaches and what shape they make.
struct ArraySelection: Sendable {
  let shape: Shape
  let positions: [Int]
  /// Whether NumPy would give a view, which shares its numbers.
  let isView: Bool
}

extension ArrayIndex {
  /// The positions that `lower:upper:step` names along an extent, by Python's rules.
  static func sliced(_ lower: Int?, _ upper: Int?, _ given: Int, of extent: Int) -> [Int] {
    let step = min(max(given, -extent - 1), extent + 1)
    func clamped(_ i: Int, _ low: Int, _ high: Int) -> Int {
      let wrapped = i < 0 ? i.addingReportingOverflow(extent).partialValue : i
      return min(max(wrapped, low), high)
    }
    if step > 0 {
      let start = lower.map { clamped($0, 0, extent) } ?? 0
      let end = upper.map { clamped($0, 0, extent) } ?? extent
      return start < end ? Array(stride(from: start, to: end, by: step)) : []
    }
    let start = lower.map { clamped($0, -1, extent - 1) } ?? extent - 1
    let end = upper.map { clamped($0, -1, extent - 1) } ?? -1
    return start > end ? Array(stride(from: start, to: end, by: step)) : []
  }
}

extension NDArray {
  subscript(selection: ArraySelection) -> NDArray {
    with(shape: selection.shape, scalars: selection.positions.map { scalars[$0] })
  }

  /// What an index selects, by NumPy's rules for basic and advanced indices.
  func selection(_ given: [ArrayIndex]) throws(Complaint) -> ArraySelection {
    let indices = try expanded(given)
    var axis = 0
    // Each part: the extents it makes and the offsets it adds, row-major within the part.
    var parts: [(extents: [Int], offsets: [Int], isGather: Bool)] = []
    let strides = shape.strides
    // Beside an array of positions a single position counts as one too, as in NumPy.
    let hasGather = indices.contains { if case .gather = $0 { true } else { false } }
    for index in indices {
      switch index {
      case .newAxis: parts.append(([1], [0], false))
      case .ellipsis: break
      case .position(let i):
        parts.append(([], [try checked(i, axis) * strides[axis]], hasGather))
        axis += 1
      case .slice(let lower, let upper, let step):
        let taken = ArrayIndex.sliced(lower, upper, step, of: shape[axis])
        parts.append(([taken.count], taken.map { $0 * strides[axis] }, false))
        axis += 1
      case .gather(let array):
        let (extents, offsets, axes) = try gathered(array, axis, strides)
        parts.append((extents, offsets, true))
        axis += axes
      }
    }
    return try Self.crossed(try Self.joined(parts))
  }

  /// Fills the ellipsis, and the axes that the index left out, with full slices.
  private func expanded(_ given: [ArrayIndex]) throws(Complaint) -> [ArrayIndex] {
    var used = 0
    var ellipses = 0
    for index in given {
      switch index {
      case .position, .slice: used += 1
      case .gather(let a): used += a.kind == .bool ? a.rank : 1
      case .ellipsis: ellipses += 1
      case .newAxis: break
      }
    }
    guard used <= rank else {
      throw Complaint(
        "\(used) indices into an array of shape \(shape.tupleText)",
        remedy: "it takes at most \(rank)")
    }
    guard ellipses <= 1 else { throw Complaint("an index with more than one \"...\"") }
    let all = [ArrayIndex](
      repeating: .slice(lower: nil, upper: nil, step: 1), count: rank - used)
    guard ellipses == 1 else { return given + all }
    return given.flatMap { index in if case .ellipsis = index { all } else { [index] } }
  }

  private func checked(_ i: Int, _ axis: Int) throws(Complaint) -> Int {
    let extent = shape[axis]
    guard i >= -extent && i < extent else {
      throw Complaint(
        "index \(i) lies outside axis \(axis), which has \(extent)",
        remedy: extent == 0
          ? "the axis is empty" : "indices there go from \(-extent) to \(extent - 1)")
    }
    return i < 0 ? i + extent : i
  }

  private func gathered(
    _ array: NDArray, _ axis: Int, _ strides: [Int]
  ) throws(Complaint) -> (extents: [Int], offsets: [Int], axes: Int) {
    guard array.kind == .bool else {
      guard array.kind.isWhole || array.count == 0 else {
        throw Complaint("an array of floats used as an index", remedy: "use whole numbers")
      }
      var offsets: [Int] = []
      for x in array.scalars {
        // What no Int holds lies outside every axis.
        offsets.append(try checked(Int(exactly: x) ?? Int.max, axis) * strides[axis])
      }
      return (array.shape.extents, offsets, 1)
    }
    let covered = Array(shape.extents[axis..<axis + array.rank])
    guard array.shape.extents == covered else {
      throw Complaint(
        "a mask of shape \(array.shape.tupleText) for axes of shape \(Shape(covered).tupleText)")
    }
    var offsets: [Int] = []
    var place = 0
    Self.walk(covered, Array(strides[axis..<axis + array.rank])) { offset in
      if array.scalars[place] != 0 { offsets.append(offset) }
      place += 1
    }
    return ([offsets.count], offsets, array.rank)
  }

  /// Arrays of positions side by side are walked together, as `x[[0, 1], [2, 3]]`.
  private static func joined(
    _ parts: [(extents: [Int], offsets: [Int], isGather: Bool)]
  ) throws(Complaint) -> (parts: [(extents: [Int], offsets: [Int])], isView: Bool) {
    let gathers = parts.indices.filter { parts[$0].isGather }
    guard gathers.count > 1 else {
      return (parts.map { ($0.extents, $0.offsets) }, gathers.isEmpty)
    }
    var sum: NDArray?
    for i in gathers {
      let next = NDArray(
        shape: Shape(parts[i].extents), scalars: parts[i].offsets.map(Double.init), kind: .int64)
      if let before = sum { sum = try operation("+", before, next) } else { sum = next }
    }
    guard let sum else { return ([], true) }
    let whole = (sum.shape.extents, sum.scalars.map { Int($0) })
    let isTogether = zip(gathers, gathers.dropFirst()).allSatisfy { $1 == $0 + 1 }
    var result: [(extents: [Int], offsets: [Int])] = []
    for (i, part) in parts.enumerated() {
      if isTogether && i == gathers[0] { result.append(whole) }
      if !part.isGather { result.append((part.extents, part.offsets)) }
    }
    if !isTogether { result.insert(whole, at: 0) }
    return (result, false)
  }

  private static func crossed(
    _ joined: (parts: [(extents: [Int], offsets: [Int])], isView: Bool)
  ) throws(Complaint) -> ArraySelection {
    let shape = try Shape.checked(joined.parts.flatMap(\.extents))
    var positions = [0]
    for part in joined.parts {
      if part.offsets.count == 1 {
        let offset = part.offsets[0]
        if offset != 0 { for i in positions.indices { positions[i] += offset } }
      } else {
        var next: [Int] = []
        next.reserveCapacity(positions.count * part.offsets.count)
        for base in positions { for offset in part.offsets { next.append(base + offset) } }
        positions = next
      }
    }
    return ArraySelection(shape: shape, positions: positions, isView: joined.isView)
  }
}
