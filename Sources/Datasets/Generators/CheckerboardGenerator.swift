import Tensors

/// The squares of a board over -1…1, dark and light in turn.
package enum CheckerboardGenerator: Generator {
  package static let name = "checkerboard"
  package static let title = "Checkerboard"
  package static let summary =
    "Two classes in turn like the squares of a board. The more squares, the more neurons it takes."
  package static let task = Dataset.Task.letters(2)
  package static let features = ["x₁", "x₂"]
  package static let parameters = [GeneratorParameter.examples, .noise(standard: 0), squares]

  private static let squares = GeneratorParameter("squares", in: 2...10, standard: 4, isWhole: true)

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (across, up, side) = (source.random("x₁"), source.random("x₂"), source[squares])
    return (0..<source.count).map { i in
      let (u, v) = (across.uniform(at: i), up.uniform(at: i))
      let square = Int(u * side) + Int(v * side)
      return source.noisy([2 * u - 1, 2 * v - 1], target: Double(square % 2), at: i)
    }
  }
}
