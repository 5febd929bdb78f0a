import Foundation
import Tensors

/// Arms wound round each other from the middle outwards, one class each.
///
/// At t in 0…1 along its arm a point has radius t and angle 2π · (turns · t + arm / arms).
package enum SpiralGenerator: Generator {
  package static let name = "spiral"
  package static let title = "Spirals"
  package static let summary =
    "Arms wound round each other, two at first. No line parts them: it takes a hidden layer, or "
    + "inputs that measure the turn."
  package static let task = Dataset.Task.letters(2)
  package static let features = ["x₁", "x₂"]
  package static let parameters = [
    GeneratorParameter.examples, .noise(standard: 0.02), turns, arms,
  ]

  private static let turns = GeneratorParameter("turns", in: 0.25...3, standard: 1.3)
  private static let arms = GeneratorParameter("arms", in: 1...12, standard: 2, isWhole: true)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    // Along the arms in any order, so that the last rows are not the outermost.
    let (order, arms) = (source.order, source.whole(arms))
    let perArm = (source.count + arms - 1) / arms
    return (0..<source.count).map { i in
      let arm = Double(order[i] % arms)
      let t = (Double(order[i] / arms) + 0.5) / Double(perArm)
      let angle = 2 * Double.pi * source[turns] * t + Double.pi * arm * 2 / Double(arms)
      return source.noisy([t * sin(angle), t * cos(angle)], target: arm, at: i)
    }
  }

  package static func task(_ source: GeneratorSource) -> Dataset.Task {
    .letters(source.whole(arms))
  }
}
