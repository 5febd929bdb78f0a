import Tensors

// Sums and their relatives, along an axis or over all numbers.

extension NDArray {
  /// The axis that a number, counted from the end when negative, names.
  func axis(_ i: Int) throws(Complaint) -> Int {
    guard i >= -rank && i < rank else {
      throw Complaint(
        "axis \(i) of an array of shape \(shape.tupleText)",
        remedy: rank == 0 ? "it has no axes" : "its axes go from \(-rank) to \(rank - 1)",
        at: .keyword("axis"))
    }
    return i < 0 ? i + rank : i
  }

  /// Each run of numbers along the axes through a function; no axes means all.
  func reduced(
    along axes: [Int]?, keepAxes: Bool = false, kind: Kind? = nil, _ f: ([Double]) -> Double
  ) throws(Complaint) -> NDArray {
    var gone = Set<Int>()
    if let axes { for i in axes { gone.insert(try axis(i)) } } else { gone = Set(0..<rank) }
    let kept = (0..<rank).filter { !gone.contains($0) }
    let along = (0..<rank).filter { gone.contains($0) }
    let strides = shape.strides
    let inner = along.map { shape[$0] }
    let innerSteps = along.map { strides[$0] }
    var result: [Double] = []
    Self.walk(kept.map { shape[$0] }, kept.map { strides[$0] }) { start in
      var run: [Double] = []
      run.reserveCapacity(inner.reduce(1, *))
      Self.walk(inner, innerSteps, from: start) { run.append(scalars[$0]) }
      result.append(f(run))
    }
    let extents =
      keepAxes
      ? (0..<rank).map { gone.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] }
    return NDArray(shape: Shape(extents), scalars: result, kind: kind ?? self.kind)
  }

  /// NumPy's pairwise sum, whose rounding grows with the logarithm of the count.
  static func sum(_ x: [Double]) -> Double { sum(x[...]) }

  private static func sum(_ x: ArraySlice<Double>) -> Double {
    guard x.count > 128 else { return sumOfBlock(x) }
    var half = x.count / 2
    half -= half % 8
    return sum(x.prefix(half)) + sum(x.dropFirst(half))
  }

  /// Eight running sums, met in pairs: the order in which NumPy adds up to 128 numbers.
  private static func sumOfBlock(_ x: ArraySlice<Double>) -> Double {
    guard x.count >= 8 else { return x.reduce(0, +) }
    var r = Array(x.prefix(8))
    let start = x.startIndex
    var i = 8
    while i + 8 <= x.count {
      for j in 0..<8 { r[j] += x[start + i + j] }
      i += 8
    }
    var total = ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
    while i < x.count {
      total += x[start + i]
      i += 1
    }
    return total
  }

  static func mean(_ x: [Double]) -> Double { sum(x) / Double(x.count) }

  /// The mean squared distance from the mean, by n − `freedom`.
  static func variance(_ x: [Double], freedom: Int = 0) -> Double {
    let center = mean(x)
    return sum(x.map { ($0 - center) * ($0 - center) }) / Double(x.count - freedom)
  }

  /// The largest number; one that is not a number wins, as in NumPy.
  static func largest(_ x: [Double]) -> Double {
    x.contains(where: \.isNaN) ? .nan : x.max() ?? .nan
  }

  static func smallest(_ x: [Double]) -> Double {
    x.contains(where: \.isNaN) ? .nan : x.min() ?? .nan
  }

  /// Where the largest number stands first.
  static func indexOfLargest(_ x: [Double]) -> Double {
    if let i = x.firstIndex(where: \.isNaN) { return Double(i) }
    return x.enumerated().max {
      $0.element < $1.element || ($0.element == $1.element && $0.offset > $1.offset)
    }
    .map { Double($0.offset) } ?? 0
  }

  static func indexOfSmallest(_ x: [Double]) -> Double { indexOfLargest(x.map { -$0 }) }

  static func median(_ x: [Double]) -> Double {
    let sorted = x.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The axes in another order.
  func transposed(_ order: [Int]) -> NDArray {
    let strides = shape.strides
    let extents = order.map { shape[$0] }
    var result: [Double] = []
    result.reserveCapacity(count)
    Self.walk(extents, order.map { strides[$0] }) { result.append(scalars[$0]) }
    return NDArray(shape: Shape(extents), scalars: result, kind: kind)
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
    let outer = extents[..<axis].reduce(1, *)
    var result: [Double] = []
    result.reserveCapacity(shape.count)
    for row in 0..<outer {
      for array in arrays {
        let width = array.count / max(1, outer)
        result += array.scalars[row * width..<(row + 1) * width]
      }
    }
    return NDArray(shape: shape, scalars: result, kind: kind)
  }

  private static func misfit(_ a: NDArray, _ b: NDArray, _ axis: Int) -> Complaint {
    Complaint(
      "arrays of shapes \(a.shape.tupleText) and \(b.shape.tupleText) cannot be put together",
      remedy: "all extents but that of axis \(axis) must be equal")
  }
}
