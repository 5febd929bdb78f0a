import Tensors

/// The two sides of the line x₁ + x₂ = 0: what one neuron can part.
package enum LinearGenerator: Generator {
  package static let name = "linear"
  package static let title = "Two sides of a line"
  package static let summary = "Two classes on the two sides of a line: one neuron parts them."
  package static let task = Dataset.Task.letters(2)
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0)]

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (across, up) = (source.random("x₁"), source.random("x₂"))
    return (0..<source.count).map { i in
      let (x, y) = (2 * across.uniform(at: i) - 1, 2 * up.uniform(at: i) - 1)
      return source.noisy([x, y], target: x + y > 0 ? 1 : 0, at: i)
    }
  }
}
