import Tensors

/// Numbers in words, to be written in digits: `four thousand seventeen` is `4017`.
///
/// Inputs [6]: words, blanks after them. Targets [4]: digits, blanks before them. No number comes
/// twice while others are left.
package enum NumberWordsGenerator: Generator {
  package static let name = "number-words"
  package static let title = "Number words to digits"
  package static let summary =
    "Numbers up to 9999 in words, to be written in digits: a small language to translate."
  package static let task = Dataset.Task.classification(
    classes: [blank] + (0..<10).map(String.init))
  package static let parameters = [GeneratorParameter.examples(standard: 4000)]

  private static let blank = "·"
  private static let (mostWords, mostDigits) = (6, 4)
  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
  ]
  private static let tens = [
    "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]
  private static let vocabulary = [blank] + small + tens + ["hundred", "thousand"]

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(
      exampleShape: [mostWords], targetShape: [mostDigits], targetName: "digits",
      vocabulary: vocabulary)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let numbers = source.random("numbers").permutation(count: 10_000)
    return numbers.prefix(source.count).map { number in
      let words = tokens(of: number)
      let digits = String(number).compactMap(\.wholeNumberValue).map { $0 + 1 }
      return GeneratedPoint(
        tokens: words + [Int](repeating: 0, count: mostWords - words.count),
        targets: [Int](repeating: 0, count: mostDigits - digits.count) + digits)
    }
  }

  /// The words of a number from 0 to 9999, by their place in the vocabulary.
  private static func tokens(of number: Int) -> [Int] {
    let (hundred, thousand) = (vocabulary.count - 2, vocabulary.count - 1)
    guard number > 0 else { return [1] }
    var words: [Int] = []
    if number >= 1000 { words += [1 + number / 1000, thousand] }
    let below = number % 1000
    if below >= 100 { words += [1 + below / 100, hundred] }
    let rest = below % 100
    if rest >= 20 {
      words.append(1 + small.count + rest / 10 - 2)
      if rest % 10 > 0 { words.append(1 + rest % 10) }
    } else if rest > 0 {
      words.append(1 + rest)
    }
    return words
  }
}
