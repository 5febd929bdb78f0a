import Foundation
import Tensors

/// Two half circles that reach into each other.
///
/// With t in 0…π: (cos t, sin t) and (1 - cos t, ½ - sin t), as scikit-learn's `make_moons`.
package enum MoonsGenerator: Generator {
  package static let name = "moons"
  package static let title = "Two moons"
  package static let summary =
    "Two half circles that reach into each other. A line gets most of them right, a curve all."
  package static let task = Dataset.Task.classification(classes: ["A", "B"])
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.1)]

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let turn = source.random("angle")
    return (0..<source.count).map { i in
      let isLower = i % 2 == 1
      let t = Double.pi * turn.uniform(at: i)
      let (x, y) = isLower ? (1 - cos(t), 0.5 - sin(t)) : (cos(t), sin(t))
      return source.noisy([x, y], target: isLower ? 1 : 0, at: i)
    }
  }
}
