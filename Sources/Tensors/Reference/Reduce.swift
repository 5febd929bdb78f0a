extension Reference {
  /// y[o,i] = sum, mean, largest, smallest or product of x[o,:,i].
  static func reduce<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y) = (call[0], call[1])
    let (outer, count, inner) = (call.sizes[1], call.sizes[2], call.sizes[3])
    for o in 0..<outer {
      for i in 0..<inner {
        let numbers = (0..<count).map { x[(o * count + $0) * inner + i] }
        y[o * inner + i] = reduced(numbers, call.sizes[0])
      }
    }
  }

  private static func reduced<Scalar: ReferenceScalar>(
    _ numbers: [Scalar], _ reduction: Int
  ) -> Scalar {
    switch Reduction(rawValue: reduction) {
    case .mean: numbers.reduce(0, +) / Scalar(numbers.count)
    case .maximum: numbers.reduce(-.infinity) { $1 > $0 || $1.isNaN ? $1 : $0 }
    case .minimum: numbers.reduce(.infinity) { $1 < $0 || $1.isNaN ? $1 : $0 }
    case .product: numbers.reduce(1, *)
    case .sum, nil: numbers.reduce(0, +)
    }
  }
}
