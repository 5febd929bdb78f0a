import Tensors

/// Pairs of a letter and a digit, then one of the letters: which digit belonged to it?
///
/// Inputs [2 · pairs + 2]: letter, digit, letter, digit, …, `?`, letter. Attention looks the answer
/// up; a recurrent memory has to hold all pairs.
package enum RecallGenerator: Generator {
  package static let name = "recall"
  package static let title = "Recall by name"
  package static let summary =
    "Pairs of a letter and a digit, then one of the letters: the answer is its digit. Attention "
    + "can look it up."
  package static let task = Dataset.Task.classification(classes: (0..<10).map(String.init))
  package static let parameters = [GeneratorParameter.examples(standard: 2000), pairs]

  private static let pairs = GeneratorParameter.whole("pairs", in: 1...8, standard: 3)
  private static let letters = ["a", "b", "c", "d", "e", "f", "g", "h"]

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(
      exampleShape: [2 * source.whole(pairs) + 2], targetName: "digit",
      vocabulary: (0..<10).map(String.init) + letters + ["?"])
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let pairs = source.whole(pairs)
    return source.order.map { i in
      var chance = source.chance(at: i)
      let keys = Array(chance.permutation(count: letters.count).prefix(pairs))
      var digits = keys.map { _ in chance.whole(below: 10) }
      let asked = chance.whole(below: pairs)
      // Every digit is asked for equally often.
      digits[asked] = i % 10
      let told = zip(keys, digits).flatMap { key, digit in [10 + key, digit] }
      return GeneratedPoint(
        tokens: told + [10 + letters.count, 10 + keys[asked]], targets: [digits[asked]])
    }
  }
}
