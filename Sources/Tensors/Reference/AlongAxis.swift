extension Reference {
  /// y = f along the middle axis of x[outer, extent, inner].
  ///
  /// softmax: e^x / Σ e^x. Its logarithm: x − ln Σ e^x. Log-sum-exp: ln Σ e^x. The largest is taken
  /// away before exp and comes back after ln, so that nothing overflows. The place of the largest or
  /// smallest is the first of several. Cumulative sums run from the first number on, or from the last
  /// one back. Sorting gives the places in order of their numbers, what is no number last.
  static func alongAxis<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    guard let function = AxisFunction(rawValue: call.sizes[0]) else { return }
    let (outer, extent, inner) = (call.sizes[1], call.sizes[2], call.sizes[3])
    for o in 0..<outer {
      for i in 0..<inner {
        let x = (0..<extent).map { call[0][(o * extent + $0) * inner + i] }
        let y = apply(function, to: x)
        for (k, number) in y.enumerated() { call[1][(o * y.count + k) * inner + i] = number }
      }
    }
  }

  private static func apply<Scalar: ReferenceScalar>(
    _ function: AxisFunction, to x: [Scalar]
  ) -> [Scalar] {
    switch function {
    case .softmax:
      let largest = x.max() ?? 0
      let sum = x.reduce(0) { $0 + Scalar.exp($1 - largest) }
      return x.map { Scalar.exp($0 - largest) / sum }
    case .logSoftmax:
      let (shift, sum) = logSum(x)
      return x.map { $0 - shift - sum }
    case .logSumExp:
      let (shift, sum) = logSum(x)
      return [shift + sum]
    case .argMax: return [placeOfLargest(x)]
    case .argMin: return [placeOfLargest(x.map { -$0 })]
    case .cumulativeSum: return cumulativeSum(x)
    case .cumulativeSumBackwards: return cumulativeSum(x.reversed()).reversed()
    case .argSort: return placesInOrder(x)
    case .argSortDown: return placesInOrder(x.map { -$0 })
    }
  }

  /// The largest, or 0 where that is infinite, and ln Σ e^(x − largest).
  private static func logSum<Scalar: ReferenceScalar>(
    _ x: [Scalar]
  ) -> (shift: Scalar, sum: Scalar) {
    let largest = x.max() ?? 0
    let shift = largest.isInfinite ? 0 : largest
    return (shift, Scalar.log(x.reduce(0) { $0 + Scalar.exp($1 - shift) }))
  }

  private static func placeOfLargest<Scalar: ReferenceScalar>(_ x: [Scalar]) -> Scalar {
    var place = 0
    for k in x.indices where x[k] > x[place] || x[k].isNaN && !x[place].isNaN { place = k }
    return Scalar(place)
  }

  private static func placesInOrder<Scalar: ReferenceScalar>(_ x: [Scalar]) -> [Scalar] {
    x.indices.sorted { a, b in
      if x[a].isNaN != x[b].isNaN { return x[b].isNaN }
      return x[a] < x[b] || !(x[b] < x[a]) && a < b
    }.map { Scalar($0) }
  }

  private static func cumulativeSum<Scalar: ReferenceScalar>(_ x: [Scalar]) -> [Scalar] {
    var sum: Scalar = 0
    return x.map {
      sum += $0
      return sum
    }
  }
}
