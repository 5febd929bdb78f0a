import Tensors

/// Dates as people write them, to be written as ISO 8601 has them: `march 5, 1987` is `1987-03-05`.
///
/// Inputs [18]: letters, blanks after them. Targets [10]. The days are of the Gregorian calendar from
/// 1900 to 2099; none comes twice.
package enum DatesGenerator: Generator {
  package static let name = "dates"
  package static let title = "Dates to ISO"
  package static let summary =
    "Dates in six ways of writing, to be brought into one: letters in, letters out, not in the "
    + "same order."
  package static let task = Dataset.Task.classification(
    classes: ["-"] + (0..<10).map(String.init))
  package static let parameters = [GeneratorParameter.examples(standard: 4000)]

  private static let length = 18
  private static let firstYear = 1900
  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]
  /// Blank, marks, digits, letters.
  private static let vocabulary =
    ["·", " ", ",", ".", "-", "/"] + (0..<10).map(String.init)
    + "abcdefghijklmnopqrstuvwxyz".map { String($0) }

  package static func form(_ source: GeneratorSource) -> GeneratedForm {
    GeneratedForm(
      exampleShape: [length], targetShape: [10], targetName: "date", vocabulary: vocabulary)
  }

  package static func points(_ source: GeneratorSource) -> [GeneratedPoint] {
    let numbers = Dictionary(
      uniqueKeysWithValues: vocabulary.enumerated().map { ($1, $0) })
    let days = source.random("days").permutation(count: daysInAll)
    return (0..<source.count).map { i in
      var chance = source.chance(at: i)
      let day = date(of: days[i])
      let letters = written(day, by: &chance).compactMap { numbers[String($0)] }
      return GeneratedPoint(
        tokens: letters + [Int](repeating: 0, count: length - letters.count),
        targets: iso(day).map { $0.wholeNumberValue.map { $0 + 1 } ?? 0 })
    }
  }

  private typealias Day = (year: Int, month: Int, day: Int)

  private static func length(ofYear year: Int) -> Int {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
  }

  private static let daysInAll = (firstYear..<firstYear + 200).reduce(0) { $0 + length(ofYear: $1) }

  /// The day so many days after the first of January of the first year.
  private static func date(of days: Int) -> Day {
    var (rest, year) = (days, firstYear)
    while rest >= length(ofYear: year) {
      rest -= length(ofYear: year)
      year += 1
    }
    var lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    if length(ofYear: year) == 366 { lengths[1] = 29 }
    var month = 0
    while rest >= lengths[month] {
      rest -= lengths[month]
      month += 1
    }
    return (year, month + 1, rest + 1)
  }

  private static func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  private static func iso(_ day: Day) -> String {
    "\(day.year)-\(two(day.month))-\(two(day.day))"
  }

  private static func written(_ day: Day, by chance: inout Chance) -> String {
    let (month, short) = (months[day.month - 1], months[day.month - 1].prefix(3))
    switch chance.whole(below: 6) {
    case 0: return "\(day.day) \(month) \(day.year)"
    case 1: return "\(month) \(day.day), \(day.year)"
    case 2: return "\(day.day) \(short) \(day.year)"
    case 3: return "\(short) \(day.day), \(day.year)"
    // With points the day comes first, with strokes the year.
    case 4: return "\(day.day).\(day.month).\(day.year)"
    default: return "\(day.year)/\(day.month)/\(day.day)"
    }
  }
}
