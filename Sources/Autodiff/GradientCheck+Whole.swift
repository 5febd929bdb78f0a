import Tensors

/// What came out of checking many numbers of one gradient.
package struct GradientSurvey: Hashable, Sendable {
  /// The number that differs most, against the largest of those of its gradient that were looked at.
  package let worst: GradientCheck.Finding
  package let error: Double
  /// How many numbers were compared, how many were to be, and how many the gradient has.
  package let checked: Int
  package let wanted: Int
  package let count: Int

  package var isWhole: Bool { checked == count }
}

extension GradientCheck {
  /// Up to so many numbers of a gradient are all looked at; of a larger one so many.
  package static let surveyed = 64

  /// Where a gradient is looked at: everywhere if it is small, else at the largest of its numbers and
  /// at as many others spread evenly over it.
  package func places(of value: Value, most: Int = surveyed) -> [Int] {
    let count = value.shape.count
    guard count > most, let gradient = execution.plan.gradients[value] else {
      return Array(0..<count)
    }
    let sizes = (0..<count).map { abs(analytic[gradient, $0]) }
    let largest = sizes.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }
    let spread = (0..<most / 2).map { $0 * count / (most / 2) }
    return Set(largest.prefix(most - most / 2) + spread).sorted()
  }

  /// Checks a gradient at those places, the largest differences with ever smaller moves: a kink of the
  /// loss near by then is no difference, a wrong formula stays one.
  ///
  /// - Parameter goesOn: asked between two numbers; after no other answer than yes it ends with what is
  ///   known.
  /// - Returns: nil when the plan has no such gradient.
  package func survey(
    _ value: Value, most: Int = surveyed, while goesOn: () -> Bool = { true }
  ) -> GradientSurvey? {
    let places = places(of: value, most: most)
    var findings: [Finding] = []
    for place in places where findings.isEmpty || goesOn() {
      guard let finding = check(value, at: place) else { return nil }
      findings.append(finding)
    }
    let scale = max(findings.map { abs($0.analytic) }.max() ?? 0, 1e-6)
    let settled = findings.map { finding in
      [1e-6, 1e-7].reduce(finding) { known, epsilon in
        guard known.relativeError(scale: scale) > 1e-6,
          let closer = check(value, at: known.offset, epsilon: epsilon),
          closer.relativeError(scale: scale) < known.relativeError(scale: scale)
        else { return known }
        return closer
      }
    }
    func error(_ finding: Finding) -> Double {
      let error = finding.relativeError(scale: scale)
      return error.isNaN ? .infinity : error
    }
    guard let worst = settled.max(by: { error($0) < error($1) }) else { return nil }
    return GradientSurvey(
      worst: worst, error: error(worst), checked: findings.count, wanted: places.count,
      count: value.shape.count)
  }
}
