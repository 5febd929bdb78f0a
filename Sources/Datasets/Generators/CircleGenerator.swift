import Foundation
import Tensors

/// A disk of one class inside a ring of the other, both round (0, 0).
///
/// Radius ≤ 0.5 inside, 0.7…1 outside.
package enum CircleGenerator: Generator {
  package static let name = "circle"
  package static let title = "Circle"
  package static let summary =
    "One class fills a disk, the other a ring around it. No line parts them; a few lines together "
    + "can enclose the disk."
  package static let task = Dataset.Task.classification(classes: ["A", "B"])
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.02)]

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (distance, turn) = (source.random("radius"), source.random("angle"))
    return (0..<source.count).map { i in
      let isOutside = i % 2 == 1
      let u = distance.uniform(at: i)
      let radius = isOutside ? 0.7 + 0.3 * u : 0.5 * u
      let angle = 2 * Double.pi * turn.uniform(at: i)
      return source.noisy(
        [radius * sin(angle), radius * cos(angle)], target: isOutside ? 1 : 0, at: i)
    }
  }
}
