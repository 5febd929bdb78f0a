import Foundation
import Tensors

/// Hills and hollows in turn: y = Σ ±exp(-‖x - c‖² / 2s²) + noise, x in -1…1.
///
/// The k centers c lie evenly on a circle of radius 0.65, and s = 0.2.
package enum MultiGaussGenerator: Generator {
  package static let name = "multi-gauss"
  package static let title = "Sum of Gaussians"
  package static let summary =
    "Two numbers in, one out: hills and hollows in turn on a circle. A plane fits none of them."
  package static let task = Dataset.Task.regression
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.02), centers]

  private static let centers = GeneratorParameter("centers", in: 1...12, standard: 6, isWhole: true)
  private static let (radius, spread) = (0.65, 0.2)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (across, up, shift) = (source.random("x₁"), source.random("x₂"), source.random("noise"))
    return (0..<source.count).map { i in
      let (x, y) = (2 * across.uniform(at: i) - 1, 2 * up.uniform(at: i) - 1)
      return GeneratedPoint(
        [x, y],
        target: height(x, y, centers: source.whole(centers)) + source.noise * shift.normal(at: i))
    }
  }

  private static func height(_ x: Double, _ y: Double, centers: Int) -> Double {
    (0..<centers).reduce(0) { sum, center in
      let angle = 2 * Double.pi * Double(center) / Double(centers)
      let (dx, dy) = (x - radius * cos(angle), y - radius * sin(angle))
      let hill = exp(-(dx * dx + dy * dy) / (2 * spread * spread))
      return sum + (center % 2 == 0 ? hill : -hill)
    }
  }
}
