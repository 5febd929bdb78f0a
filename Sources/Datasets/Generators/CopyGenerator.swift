import Tensors

/// Letters to remember, a pause, a cue, and the same letters again: does a memory hold?
///
/// Inputs [time]: `length` letters, `delay` blanks, the cue, blanks. Targets [time]: blanks up to the
/// cue, the letters from there on (Hochreiter & Schmidhuber, 1997, ask for the like).
package enum CopyGenerator: Generator {
  package static let name = "copy"
  package static let title = "Copy after a pause"
  package static let summary =
    "Letters, a pause, then a cue at which they are to be said again: a network with a memory can."
  package static let task = Dataset.Task.classification(classes: [blank] + letters)
  package static let parameters = [GeneratorParameter.examples(standard: 1000), length, delay]

  private static let length = GeneratorParameter.whole("length", in: 1...20, standard: 4)
  private static let delay = GeneratorParameter.whole("delay", in: 0...50, standard: 4)
  private static let blank = "·"
  private static let letters = ["a", "b", "c", "d", "e", "f", "g", "h"]

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    let time = Shape([2 * source.whole(length) + source.whole(delay)])
    return GeneratedForm(
      exampleShape: time, targetShape: time, targetName: "letters",
      vocabulary: [blank] + letters + ["?"])
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let (length, delay) = (source.whole(length), source.whole(delay))
    let blanks = [Int](repeating: 0, count: length + delay)
    return (0..<source.count).map { i in
      var chance = source.chance(at: i)
      let word = (0..<length).map { _ in 1 + chance.whole(below: letters.count) }
      let pause = [Int](repeating: 0, count: delay)
      let cue = [letters.count + 1] + [Int](repeating: 0, count: length - 1)
      return GeneratedPoint(tokens: word + pause + cue, targets: blanks + word)
    }
  }
}
