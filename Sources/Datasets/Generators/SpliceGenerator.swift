import Tensors

/// Pieces of DNA around a place where an intron may begin or end, with the known signals planted.
///
/// Inputs [60] bases; the place lies before base 30. Where an intron begins stands MAG|GTRAGT, where
/// one ends a run of C and T and then YAG|G (Shapiro & Senapathy, 1987: M is A or C, R is A or G, Y
/// is C or T); only GT and AG are certain. Half of the pieces have no such place, and some of those
/// a GT or AG there by chance.
package enum SpliceGenerator: Generator {
  package static let name = "splice"
  package static let title = "DNA splice sites"
  package static let summary =
    "Sixty bases of DNA: does an intron begin in the middle, end there, or neither? The signals "
    + "are planted where nature has them."
  package static let task = Dataset.Task.classification(
    classes: ["intron begins", "intron ends", "neither"])
  package static let parameters = [GeneratorParameter.examples(standard: 1600), decoys]

  /// The share of the pieces without a place that have GT or AG there all the same.
  private static let decoys = GeneratorParameter("decoys", in: 0...1, standard: 0.5)
  private static let bases = ["A", "C", "G", "T"]
  private static let (length, middle) = (60, 30)

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(exampleShape: [length], vocabulary: bases)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    source.order.map { i in
      var chance = source.chance(at: i)
      var piece = (0..<length).map { _ in chance.whole(below: 4) }
      // As many begin as end, and as many have no place as both together.
      let kind = min(i % 4, 2)
      switch kind {
      case 0: plant(begin, in: &piece, &chance)
      case 1:
        for place in middle - 18..<middle - 4 where chance.happens(0.85) {
          piece[place] = chance.happens(0.5) ? 1 : 3
        }
        plant(end, in: &piece, &chance)
      default:
        if chance.happens(source[decoys]) {
          plant(chance.happens(0.5) ? [(0, "GT", 1)] : [(-2, "AG", 1)], in: &piece, &chance)
        }
      }
      return GeneratedPoint(tokens: piece, targets: [kind])
    }
  }

  /// Bases at a distance from the middle, and how certain they are.
  private typealias Signal = [(at: Int, bases: String, certainty: Double)]

  private static let begin: Signal = [
    (-3, "C", 0.35), (-2, "A", 0.6), (-1, "G", 0.8), (0, "GT", 1), (2, "A", 0.6), (3, "A", 0.7),
    (4, "G", 0.8), (5, "T", 0.5),
  ]
  private static let end: Signal = [(-3, "C", 0.7), (-2, "AG", 1), (0, "G", 0.5)]

  private static func plant(_ signal: Signal, in piece: inout [Int], _ chance: inout Chance) {
    for part in signal where chance.happens(part.certainty) {
      for (offset, base) in part.bases.enumerated() {
        piece[middle + part.at + offset] = bases.firstIndex(of: String(base)) ?? 0
      }
    }
  }
}
