import Tensors

/// A height that rises evenly from one corner to the other: y = (x₁ + x₂) / 2 + noise, x in -1…1.
package enum PlaneGenerator: Generator {
  package static let name = "plane"
  package static let title = "Plane"
  package static let summary =
    "Two numbers in, one out: a tilted plane. One neuron without activation learns it exactly."
  package static let task = Dataset.Task.regression
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.05)]

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (across, up, shift) = (source.random("x₁"), source.random("x₂"), source.random("noise"))
    return (0..<source.count).map { i in
      let (x, y) = (2 * across.uniform(at: i) - 1, 2 * up.uniform(at: i) - 1)
      return GeneratedPoint([x, y], target: (x + y) / 2 + source.noise * shift.normal(at: i))
    }
  }
}
