import Foundation
import Tensors
import Testing

@testable import Datasets

@Suite("Generated sequences")
struct GeneratedSequenceTests {
  private static let library = DatasetLibrary()

  /// The inputs of an example as words of the vocabulary.
  private func words(_ dataset: Dataset, _ row: Int) -> [String] {
    let vocabulary = dataset.vocabulary ?? []
    return dataset.example(row).map { vocabulary[Int($0)] }
  }

  private func answers(_ dataset: Dataset, _ row: Int) -> [String] {
    dataset.answer(row).split(separator: " ").map(String.init)
  }

  @Test("the letters to copy come back after the cue, whatever the pause", arguments: [0, 1, 7])
  func copy(delay: Int) throws {
    let dataset = try Self.library.load("copy", settings: ["length": 3, "delay": Double(delay)])
    #expect(dataset.inputs.shape == [1000, 6 + delay])
    for row in 0..<dataset.count {
      let (told, asked) = (words(dataset, row), answers(dataset, row))
      #expect(told.firstIndex(of: "?") == 3 + delay)
      #expect(Array(asked.suffix(3)) == Array(told.prefix(3)))
      #expect(asked.dropLast(3).allSatisfy { $0 == "·" })
    }
  }

  @Test("the digit to recall stood behind the letter asked for, and each is asked equally often")
  func recall() throws {
    let dataset = try Self.library.load("recall", settings: ["pairs": 5])
    for row in 0..<dataset.count {
      let told = words(dataset, row)
      let letter = try #require(told.last)
      let place = try #require(told.firstIndex(of: letter))
      #expect(place < 10 && told[place + 1] == dataset.answer(row))
      #expect(Set(stride(from: 0, to: 10, by: 2).map { told[$0] }).count == 5)
    }
    #expect(dataset.classCounts == [Int](repeating: 200, count: 10))
  }

  @Test("an echo repeats its signal as many steps later as was said")
  func echo() throws {
    let dataset = try Self.library.load("echo", settings: ["length": 12, "delay": 5])
    #expect(dataset.targets.shape == [400, 12, 1])
    for row in 0..<dataset.count {
      for t in 0..<12 {
        let past = t < 5 ? 0 : dataset.inputs[row, t - 5, 0]
        #expect(dataset.targets[row, t, 0] == past)
      }
    }
  }

  @Test("waves go on as a wave does: no step is larger than their steepness")
  func waves() throws {
    let dataset = try Self.library.load("waves", settings: ["noise": 0])
    for row in 0..<dataset.count {
      let values = Array(dataset.example(row)) + [dataset.targets[row]]
      // At most a · 2π/p · (1 + 2.5/2) with a = 1 and p = 8.
      #expect(zip(values, values.dropFirst()).allSatisfy { abs($1 - $0) < 1.77 })
      #expect(Set(values).count > 12)
    }
  }

  @Test("sorted letters are the same letters in order")
  func sorted() throws {
    let dataset = try Self.library.load("sort-letters")
    for row in 0..<dataset.count {
      #expect(words(dataset, row).sorted() == answers(dataset, row))
    }
  }

  @Test("number words mean their digits, and no number comes twice")
  func numbers() throws {
    let dataset = try Self.library.load("number-words", settings: ["examples": 10_000])
    var seen: Set<String> = []
    for row in 0..<dataset.count {
      let digits = answers(dataset, row).filter { $0 != "·" }.joined()
      let words = words(dataset, row).filter { $0 != "·" }
      #expect(value(of: words) == Int(digits))
      seen.insert(digits)
    }
    #expect(seen.count == 10_000)
  }

  /// What words say, read from left to right: `two`, `two hundred`, `two hundred seven`.
  private func value(of words: [String]) -> Int {
    let values = [
      "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
      "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13,
      "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18,
      "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
      "seventy": 70, "eighty": 80, "ninety": 90,
    ]
    return words.reduce(0) { sum, word in
      switch word {
      case "hundred": sum / 1000 * 1000 + sum % 1000 * 100
      case "thousand": sum * 1000
      default: sum + (values[word] ?? -100_000)
      }
    }
  }

  @Test("a written date is the day that ISO says, by the calendar of the system")
  func dates() throws {
    let dataset = try Self.library.load("dates")
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
    let months = [
      "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    var seen: Set<String> = []
    for row in 0..<dataset.count {
      let iso = answers(dataset, row).joined()
      let parts = iso.split(separator: "-").compactMap { Int($0) }
      let text = words(dataset, row).filter { $0 != "·" }.joined()
      let date = DateComponents(
        calendar: calendar, year: parts[0], month: parts[1], day: parts[2])
      #expect(date.isValidDate, "\(iso)")
      let numbers = text.split { !$0.isNumber }.compactMap { Int($0) }
      if let month = months.firstIndex(where: text.contains) {
        #expect(month + 1 == parts[1] && numbers == [parts[2], parts[0]], "\(text) is not \(iso)")
      } else {
        #expect(numbers == (text.contains(".") ? parts.reversed() : parts), "\(text) is not \(iso)")
      }
      seen.insert(iso)
    }
    #expect(seen.count == dataset.count && dataset.count == 4000)
  }

  @Test("splice sites have their motif, and a piece without a site has it only as a decoy")
  func splice() throws {
    let dataset = try Self.library.load("splice", settings: ["decoys": 0])
    #expect(dataset.classCounts == [400, 400, 800])
    var (pyrimidines, chance) = (0, 0)
    for row in 0..<dataset.count {
      let piece = words(dataset, row)
      let run = piece[12..<26].count { $0 == "C" || $0 == "T" }
      switch dataset.answer(row) {
      case "intron begins": #expect(Array(piece[30..<32]) == ["G", "T"])
      case "intron ends":
        #expect(Array(piece[28..<30]) == ["A", "G"])
        pyrimidines += run
      default: chance += run
      }
    }
    // 0.85 + 0.15 / 2 of the 14 bases where an intron ends, half of them elsewhere.
    #expect(abs(Double(pyrimidines) / (400 * 14) - 0.925) < 0.02)
    #expect(abs(Double(chance) / (800 * 14) - 0.5) < 0.02)
    let decoys = try Self.library.load("splice", settings: ["decoys": 1])
    for row in 0..<decoys.count where decoys.answer(row) == "neither" {
      let piece = words(decoys, row)
      #expect(piece[30..<32] == ["G", "T"] || piece[28..<30] == ["A", "G"])
    }
  }
}
