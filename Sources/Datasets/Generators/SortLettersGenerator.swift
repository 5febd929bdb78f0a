import Tensors

/// Letters in any order, to be put into the order of the alphabet: a sequence in, one out.
///
/// Inputs and targets are [length] letters; the target has the same letters, repeated ones too.
package enum SortLettersGenerator: Generator {
  package static let name = "sort-letters"
  package static let title = "Letters to sort"
  package static let summary =
    "Letters in any order; the answer has the same letters as the alphabet has them."
  package static let task = Dataset.Task.classification(classes: letters)
  package static let parameters = [GeneratorParameter.examples(standard: 4000), length]

  private static let length = GeneratorParameter.whole("length", in: 2...12, standard: 6)
  private static let letters = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"]

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    let time = Shape([source.whole(length)])
    return GeneratedForm(
      exampleShape: time, targetShape: time, targetName: "sorted", vocabulary: letters)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let length = source.whole(length)
    return (0..<source.count).map { i in
      var chance = source.chance(at: i)
      let word = (0..<length).map { _ in chance.whole(below: letters.count) }
      return GeneratedPoint(tokens: word, targets: word.sorted())
    }
  }
}
