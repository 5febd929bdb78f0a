import Tensors

/// Stories as characters: which comes next?
///
/// Windows of `length` characters follow each other without a gap, [length]; targets are the
/// characters one place on, [length]. The last rows validate: stories that were not learned from.
package enum StoriesGenerator: Generator {
  package static let name = "stories"
  package static let title = "Stories, letter by letter"
  package static let summary =
    "About 200 kB of short stories in plain English, for a network that guesses the next "
    + "character. Written by a grammar of this lab."
  package static let task = Dataset.Task.classification(classes: characters)
  package static let parameters = [GeneratorParameter.examples(standard: 3200), length]

  private static let length = GeneratorParameter.whole("length", in: 8...256, standard: 64)

  /// The characters that stories have.
  package static let characters =
    ["\n", " ", "!", "\"", "'", ",", ".", ":", "?"]
    + "ABCDEFGHIJKLMNOPQRSTUVWYabcdefghijklmnopqrstuvwxyz".map { String($0) }

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    let time = Shape([source.whole(length)])
    return GeneratedForm(
      exampleShape: time, targetShape: time, targetName: "next", vocabulary: characters,
      splitRule: .lastRows)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let length = source.whole(length)
    let tokens = tokens(text(characters: source.count * length + 1, seed: source.seed))
    return (0..<source.count).map { i in
      GeneratedPoint(
        tokens: Array(tokens[i * length..<(i + 1) * length]),
        targets: Array(tokens[i * length + 1...(i + 1) * length]))
    }
  }

  /// Stories one after the other, cut off after so many characters.
  package static func text(
    characters count: Int, seed: UInt64 = DatasetLibrary.standardSeed
  ) -> String {
    var text = ""
    var (number, size) = (0, 0)
    while size < count {
      var story = Story(number, seed: seed)
      let next = story.text()
      text += next
      size += next.utf8.count
      number += 1
    }
    return String(text.prefix(count))
  }

  /// Characters by their place in the vocabulary.
  package static func tokens(_ text: String) -> [Int] {
    var places = [Int](repeating: 0, count: 128)
    for (place, character) in characters.enumerated() {
      for byte in character.utf8 { places[Int(byte)] = place }
    }
    return text.utf8.map { places[Int($0 & 0x7F)] }
  }
}
