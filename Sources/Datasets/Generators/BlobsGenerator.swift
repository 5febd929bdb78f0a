import Tensors

/// Clouds of points round centers that lie anywhere in -1…1, one class each.
package enum BlobsGenerator: Generator {
  package static let name = "blobs"
  package static let title = "Blobs"
  package static let summary =
    "Clouds of points at places drawn by chance, a class each. Some seeds put two clouds over each "
    + "other."
  package static let task = Dataset.Task.letters(3)
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0.12), centers]

  private static let centers = GeneratorParameter("centers", in: 2...12, standard: 3, isWhole: true)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (place, order, centers) = (source.random("center"), source.order, source.whole(centers))
    return (0..<source.count).map { i in
      let center = order[i] % centers
      let (x, y) = (place.uniform(at: 2 * center), place.uniform(at: 2 * center + 1))
      return source.noisy([2 * x - 1, 2 * y - 1], target: Double(center), at: i)
    }
  }

  package static func task(_ source: GeneratorSource) -> Dataset.Task {
    .letters(source.whole(centers))
  }
}
