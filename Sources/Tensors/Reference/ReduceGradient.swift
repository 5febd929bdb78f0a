extension Reference {
  /// The gradient of a reduction: dy for each number of a sum, dy/n of a mean, a share of dy for each
  /// number that is the largest (or smallest), and dy times all the others of a product.
  static func reduceGradient<Scalar: ReferenceScalar>(_ call: ReferenceCall<Scalar>) {
    let (x, y, dy, dx) = (call[0], call[1], call[2], call[3])
    let (outer, count, inner) = (call.sizes[1], call.sizes[2], call.sizes[3])
    for o in 0..<outer {
      for i in 0..<inner {
        let (own, given) = (y[o * inner + i], dy[o * inner + i])
        let places = (0..<count).map { (o * count + $0) * inner + i }
        let equal = places.count { x[$0] == own }
        for k in places {
          switch Reduction(rawValue: call.sizes[0]) {
          case .mean: dx[k] = given / Scalar(count)
          case .maximum, .minimum: dx[k] = x[k] == own ? given / Scalar(equal) : 0
          case .product: dx[k] = places.reduce(given) { $1 == k ? $0 : $0 * x[$1] }
          case .sum, nil: dx[k] = given
          }
        }
      }
    }
  }
}
