import Foundation
import Tensors

/// A sine wave to be learned as a function of one number: y = sin(2πx) + noise,
/// x in -1…1.
package enum SineGenerator: Generator {
  package static let name = "sine"
  package static let title = "Sine wave"
  package static let summary =
    "One number in, one number out: two periods of a sine. The network has to bend its line."
  package static let task = Dataset.Task.regression
  package static let features = ["x"]
  package static let parameters = [GeneratorParameter.examples, noise]

  private static let noise = GeneratorParameter.noise(standard: 0.05)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (place, shift) = (source.random("x"), source.random("noise"))
    return (0..<source.count).map { i in
      let x = 2 * place.uniform(at: i) - 1
      return GeneratedPoint(
        [x], target: sin(2 * Double.pi * x) + source[noise] * shift.normal(at: i))
    }
  }
}
