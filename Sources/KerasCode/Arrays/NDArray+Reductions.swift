import Tensors

// Sums and their relatives, along axes or over all numbers.

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

  /// Which axes go, which stay, and the shape of the result.
  private struct Axes {
    let along: [Int]
    let kept: [Int]
    let shape: Shape
  }

  private func split(_ axes: [Int]?, keepAxes: Bool) throws(Complaint) -> Axes {
    var gone = Set<Int>()
    if let axes { for i in axes { gone.insert(try axis(i)) } } else { gone = Set(0..<rank) }
    let kept = (0..<rank).filter { !gone.contains($0) }
    let extents =
      keepAxes ? (0..<rank).map { gone.contains($0) ? 1 : shape[$0] } : kept.map { shape[$0] }
    return Axes(along: gone.sorted(), kept: kept, shape: Shape(extents))
  }

  /// Each run of elements along the axes through a function; no axes means all.
  func reduced(
    along axes: [Int]?, keepAxes: Bool = false, kind: Kind? = nil, _ f: ([Double]) -> Double
  ) throws(Complaint) -> NDArray {
    let axes = try split(axes, keepAxes: keepAxes)
    let strides = shape.strides
    let inner = axes.along.map { shape[$0] }
    let innerSteps = axes.along.map { strides[$0] }
    var result: [Double] = []
    if axes.kept.isEmpty {
      result = [f(scalars)]
    } else {
      Self.walk(axes.kept.map { shape[$0] }, axes.kept.map { strides[$0] }) { start in
        var run: [Double] = []
        run.reserveCapacity(inner.reduce(1, *))
        Self.walk(inner, innerSteps, from: start) { run.append(scalars[$0]) }
        result.append(f(run))
      }
    }
    if let kind, kind != self.kind {
      return NDArray(shape: axes.shape, scalars: result, kind: kind)
    }
    return with(shape: axes.shape, scalars: result)
  }

  /// Sums in NumPy's order, so that they round alike: in pairs where the numbers lie side by side,
  /// one after the other elsewhere; of Float32 in Float32.
  func sums(along axes: [Int]?, keepAxes: Bool = false, kind: Kind) throws(Complaint) -> NDArray {
    let width = adjacent(try split(axes, keepAxes: keepAxes).along)
    let isSingle = self.kind == .float32 && kind == .float32
    return try reduced(along: axes, keepAxes: keepAxes, kind: kind) { run in
      isSingle ? Double(Self.total(run.map { Float($0) }, width)) : Self.total(run, width)
    }
  }

  /// How many numbers along the axes lie side by side.
  private func adjacent(_ along: [Int]) -> Int {
    var width = 1
    for axis in (0..<rank).reversed() where shape[axis] != 1 {
      guard along.contains(axis) else { break }
      width *= shape[axis]
    }
    return width
  }

  private static func total<T: BinaryFloatingPoint>(_ run: [T], _ width: Int) -> T {
    guard width > 1 else { return run.reduce(0, +) }
    var total: T = 0
    for start in stride(from: 0, to: run.count, by: width) {
      total += sum(run[start..<min(start + width, run.count)])
    }
    return total
  }

  /// NumPy's pairwise sum, whose rounding grows with the logarithm of the count.
  static func sum(_ x: [Double]) -> Double { sum(x[...]) }

  private static func sum<T: BinaryFloatingPoint>(_ x: ArraySlice<T>) -> T {
    guard x.count > 128 else { return sumOfBlock(x) }
    var half = x.count / 2
    half -= half % 8
    return sum(x.prefix(half)) + sum(x.dropFirst(half))
  }

  /// Eight running sums, met in pairs: the order in which NumPy adds up to 128 numbers.
  private static func sumOfBlock<T: BinaryFloatingPoint>(_ x: ArraySlice<T>) -> T {
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

  /// The number of elements that one result stands for.
  func runLength(_ axes: [Int]?) throws(Complaint) -> Double {
    Double(try split(axes, keepAxes: false).along.reduce(1) { $0 * shape[$1] })
  }

  func means(along axes: [Int]?, keepAxes: Bool = false, kind: Kind) throws(Complaint) -> NDArray {
    let n = try runLength(axes)
    return try sums(along: axes, keepAxes: keepAxes, kind: kind).map { $0 / n }
  }

  /// The mean squared distance from the mean, by n − `freedom`.
  func variances(
    along axes: [Int]?, keepAxes: Bool = false, kind: Kind, freedom: Double = 0
  ) throws(Complaint) -> NDArray {
    let center = try means(along: axes, keepAxes: true, kind: kind)
    let apart = try Self.combined(self, center, kind: kind, -)
    let squares = apart.map { $0 * $0 }
    let n = try runLength(axes) - freedom
    return try squares.sums(along: axes, keepAxes: keepAxes, kind: kind).map { $0 / max(n, 0) }
  }

  static func mean(_ x: [Double]) -> Double { sum(x) / Double(x.count) }

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
    var best = 0
    for (i, value) in x.enumerated() {
      if value.isNaN { return Double(i) }
      if value > x[best] { best = i }
    }
    return Double(best)
  }

  static func indexOfSmallest(_ x: [Double]) -> Double { indexOfLargest(x.map { -$0 }) }

  static func median(_ x: [Double]) -> Double {
    guard !x.contains(where: \.isNaN) else { return .nan }
    let sorted = x.sorted()
    guard !sorted.isEmpty else { return .nan }
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }

  /// The number below which a part of the sorted numbers lies, between neighbors on a line.
  static func quantile(_ x: [Double], _ part: Double) -> Double {
    guard !x.isEmpty, !x.contains(where: \.isNaN) else { return .nan }
    let sorted = x.sorted()
    let place = Double(x.count - 1) * part
    let low = min(max(Int(place.rounded(.down)), 0), x.count - 1)
    let high = min(low + 1, x.count - 1)
    let t = place - Double(low)
    let step = sorted[high] - sorted[low]
    return t >= 0.5 ? sorted[high] - step * (1 - t) : sorted[low] + step * t
  }

  /// Running totals along an axis; without one over all numbers in a row.
  func running(
    along axes: [Int]?, kind: Kind, _ f: (Double, Double) -> Double
  ) throws(Complaint) -> NDArray {
    guard let given = axes?.first else {
      return try reshaped(to: [count]).running(along: [0], kind: kind, f)
    }
    let axis = try axis(given)
    let stride = shape.strides[axis]
    let extent = shape[axis]
    var result = scalars
    for i in result.indices where i / stride % extent > 0 {
      result[i] = kind.rounded(f(result[i - stride], result[i]))
    }
    return NDArray(shape: shape, scalars: result, kind: kind)
  }

  /// The axes in another order.
  func transposed(_ order: [Int]) -> NDArray {
    with(
      shape: Shape(order.map { shape[$0] }),
      scalars: transposedPositions(order).map { scalars[$0] })
  }

  func transposedPositions(_ order: [Int]) -> [Int] {
    let strides = shape.strides
    var result: [Int] = []
    result.reserveCapacity(count)
    Self.walk(order.map { shape[$0] }, order.map { strides[$0] }) { result.append($0) }
    return result
  }
}
