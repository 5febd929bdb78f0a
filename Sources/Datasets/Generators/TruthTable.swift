import Tensors

/// A function of two truths as examples: (0, 0), (0, 1), (1, 0), (1, 1), again and again.
protocol TruthTable: Generator {
  static func isTrue(_ a: Bool, _ b: Bool) -> Bool
}

extension TruthTable {
  package static var task: Dataset.Task { .classification(classes: ["0", "1"]) }
  package static var features: [String] { ["x₁", "x₂"] }
  package static var parameters: [GeneratorParameter] {
    [.examples(standard: 4), .noise(standard: 0)]
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    (0..<source.count).map { i in
      let (a, b) = (i / 2 % 2 == 1, i % 2 == 1)
      return source.noisy([a ? 1 : 0, b ? 1 : 0], target: isTrue(a, b) ? 1 : 0, at: i)
    }
  }
}

/// True where both are.
package enum AndGenerator: TruthTable {
  package static let name = "and"
  package static let title = "And"
  package static let summary = "True where both inputs are: one neuron can learn it."

  static func isTrue(_ a: Bool, _ b: Bool) -> Bool { a && b }
}

/// True where one is, or both are.
package enum OrGenerator: TruthTable {
  package static let name = "or"
  package static let title = "Or"
  package static let summary = "True where an input is, or both are: one neuron can learn it."

  static func isTrue(_ a: Bool, _ b: Bool) -> Bool { a || b }
}

/// False where both are true.
package enum NandGenerator: TruthTable {
  package static let name = "nand"
  package static let title = "Not and"
  package static let summary =
    "False where both inputs are true. One neuron can learn it, and any circuit can be built of it."

  static func isTrue(_ a: Bool, _ b: Bool) -> Bool { !(a && b) }
}
