import Foundation
import Tensors

/// Two arms wound round each other from the middle outwards.
///
/// At t in 0…1 along its arm a point has radius t and angle 2π · turns · t, the other arm π more.
package enum SpiralGenerator: Generator {
  package static let name = "spiral"
  package static let title = "Two spirals"
  package static let summary =
    "Two arms wound round each other. No line parts them: it takes a hidden layer, or inputs that "
    + "measure the turn."
  package static let task = Dataset.Task.classification(classes: ["A", "B"])
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.02), turns]

  private static let turns = GeneratorParameter("turns", in: 0.25...3, standard: 1.3)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    // Along the arms in any order, so that the last rows are not the outermost.
    let order = source.random("order").permutation(count: source.count)
    let pairs = (source.count + 1) / 2
    return (0..<source.count).map { i in
      let arm = Double(order[i] % 2)
      let t = (Double(order[i] / 2) + 0.5) / Double(pairs)
      let angle = 2 * Double.pi * source[turns] * t + Double.pi * arm
      return source.noisy([t * sin(angle), t * cos(angle)], target: arm, at: i)
    }
  }
}
