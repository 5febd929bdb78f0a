import Foundation
import Tensors

/// Normally spread clouds, evenly placed on a circle round (0, 0), one class each.
package enum GaussGenerator: Generator {
  package static let name = "gauss"
  package static let title = "Gaussian clouds"
  package static let summary =
    "Clouds that are dense in the middle and thin out. A line parts two of them; with much noise "
    + "they overlap, and nothing gets all examples right."
  package static let task = Dataset.Task.letters(2)
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.2), centers]

  private static let centers = GeneratorParameter("centers", in: 2...12, standard: 2, isWhole: true)
  private static let distance = 0.6

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (order, centers) = (source.order, source.whole(centers))
    return (0..<source.count).map { i in
      let center = order[i] % centers
      // The first one is up on the right, as two corners of a square are for two.
      let angle = 2 * Double.pi * (Double(center) / Double(centers) + 0.125)
      return source.noisy(
        [distance * cos(angle), distance * sin(angle)], target: Double(center), at: i)
    }
  }

  package static func task(_ source: GeneratorSource) -> Dataset.Task {
    .letters(source.whole(centers))
  }
}
