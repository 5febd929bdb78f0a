import Foundation
import Tensors

/// Thin rings round (0, 0), one class each: ring k of n has radius (k + 1) / n.
package enum RingsGenerator: Generator {
  package static let name = "rings"
  package static let title = "Rings"
  package static let summary =
    "Rings round each other, a class each. The distance from the middle tells them apart, and the "
    + "squares of the inputs add up to it."
  package static let task = Dataset.Task.letters(3)
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.03), rings]

  private static let rings = GeneratorParameter("rings", in: 2...8, standard: 3, isWhole: true)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (turn, order, rings) = (source.random("angle"), source.order, source.whole(rings))
    return (0..<source.count).map { i in
      let ring = order[i] % rings
      let radius = Double(ring + 1) / Double(rings)
      let angle = 2 * Double.pi * turn.uniform(at: i)
      return source.noisy([radius * sin(angle), radius * cos(angle)], target: Double(ring), at: i)
    }
  }

  package static func task(_ source: GeneratorSource) -> Dataset.Task {
    .letters(source.whole(rings))
  }
}
