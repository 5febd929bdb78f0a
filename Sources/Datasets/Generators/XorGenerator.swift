import Tensors

/// Points in four quadrants: class 1 where exactly one of the two inputs is on its upper side.
///
/// With 4 examples it is the table of exclusive or: (0, 0) → 0, (0, 1) → 1, (1, 0) → 1, (1, 1) → 0.
/// Otherwise the inputs lie in -1…1, and upper means positive.
package enum XorGenerator: Generator {
  package static let name = "xor"
  package static let title = "Exclusive or"
  package static let summary =
    "One class lies in two opposite quadrants, the other in the other two. No single line parts "
    + "them: it takes a hidden layer."
  package static let task = Dataset.Task.classification(classes: ["0", "1"])
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0)]

  // The gap on both sides of the axes.
  private static let padding = 0.06

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    guard source.count > 4 else { return table(source) }
    let (across, up) = (source.random("x₁"), source.random("x₂"))
    let order = source.random("order").permutation(count: source.count)
    return (0..<source.count).map { i in
      let (isRight, isUpper) = (order[i] / 2 % 2 == 1, order[i] % 2 == 1)
      let x = coordinate(across.uniform(at: i), isUpper: isRight)
      let y = coordinate(up.uniform(at: i), isUpper: isUpper)
      return source.noisy([x, y], target: isRight != isUpper ? 1 : 0, at: i)
    }
  }

  private static func table(_ source: GeneratorSource) -> [GeneratedPoint] {
    (0..<4).map { i in
      let (a, b) = (Double(i / 2), Double(i % 2))
      return source.noisy([a, b], target: a == b ? 0 : 1, at: i)
    }
  }

  private static func coordinate(_ uniform: Double, isUpper: Bool) -> Double {
    let distance = padding + (1 - padding) * uniform
    return isUpper ? distance : -distance
  }
}
