import Foundation
import Tensors

/// The sign of yin and yang in a disk of radius 1: its two halves and its two dots are three
/// classes, after Kriener, Göltz and Petrovici, The Yin-Yang dataset, 2021.
package enum YinYangGenerator: Generator {
  package static let name = "yin-yang"
  package static let title = "Yin and yang"
  package static let summary =
    "The two halves of the sign and its two dots, three classes. Small, yet a line does badly and "
    + "a hidden layer well."
  package static let task = Dataset.Task.classification(classes: ["yin", "yang", "dot"])
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0)]

  private static let dotRadius = 0.2

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (across, up) = (source.random("x₁"), source.random("x₂"))
    var trial = 0
    // Points are drawn until one is of the class whose turn it is: all classes are equally many.
    return source.order.enumerated().map { i, turn in
      while true {
        let (x, y) = (2 * across.uniform(at: trial) - 1, 2 * up.uniform(at: trial) - 1)
        trial += 1
        if x * x + y * y <= 1, part(x, y) == turn % 3 {
          return source.noisy([x, y], target: Double(turn % 3), at: i)
        }
      }
    }
  }

  /// 0 for yin, 1 for yang, 2 for the dots.
  private static func part(_ x: Double, _ y: Double) -> Int {
    let (left, right) = (hypot(x + 0.5, y), hypot(x - 0.5, y))
    if min(left, right) < dotRadius { return 2 }
    return right <= 0.5 || (y > 0 && left > 0.5) ? 0 : 1
  }
}
