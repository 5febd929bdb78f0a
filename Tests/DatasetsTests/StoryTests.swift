import Tensors
import Testing

@testable import Datasets

@Suite("Stories")
struct StoryTests {
  private static let text = StoriesGenerator.text(characters: 204_800)

  private static var stories: [String] {
    text.components(separated: "\n\n").dropLast()
  }

  @Test("every character is in the vocabulary, and all choices and names are filled in")
  func characters() {
    let known = Set(StoriesGenerator.characters)
    #expect(Set(Self.text.map { String($0) }).isSubset(of: known))
    #expect(Self.text.utf8.count == 204_800)
    let read = StoriesGenerator.tokens(Self.text).map { StoriesGenerator.characters[$0] }
    #expect(read.joined() == Self.text)
  }

  @Test("quotation marks open and close in turn in every story")
  func quotes() {
    for story in Self.stories {
      var isOpen = false
      var before: Character = "\n"
      for character in story {
        if character == "\"" {
          // One opens after a blank or at the beginning of a line, and closes after a mark.
          #expect(isOpen == !" \n".contains(before), "\(story)")
          isOpen.toggle()
        }
        before = character
      }
      #expect(!isOpen)
    }
  }

  @Test("no two stories are equal, and each speaks of its hero to the end")
  func different() {
    let stories = Self.stories
    #expect(stories.count > 100 && Set(stories).count == stories.count)
    let names = StoryGender.all.flatMap(\.names)
    for story in stories {
      let said = names.filter { story.contains($0) }
      #expect(said.count == 2, "\(story)")
      let kinds = StoryAnimal.all.filter { story.contains(" \($0.kind)") }
      #expect(kinds.count >= 2)
    }
  }

  @Test("what is left of goods is what there was less the gift")
  func counted() {
    for number in 0..<200 {
      var story = Story(number, seed: 3)
      let text = story.text()
      let numbers = StoryLists.numbers
      guard
        let gift = text.firstMatch(of: /gave (?:him|her) (\w+) \w+\. Then there (was|were) (\w+)/)
      else { continue }
      let (given, left) = (
        numbers.firstIndex(of: String(gift.1)) ?? -1, numbers.firstIndex(of: String(gift.3)) ?? -1
      )
      #expect(given > 0 && left > 0)
      #expect((left == 1) == (gift.2 == "was"))
      #expect(text.contains(" \(numbers[given + left]) "), "\(text)")
    }
  }

  @Test("windows follow each other, and targets are one character on")
  func windows() throws {
    let dataset = try DatasetLibrary().load("stories", settings: ["examples": 50, "length": 32])
    #expect(dataset.inputs.shape == [50, 32] && dataset.splitRule == .lastRows)
    #expect(dataset.inputs.scalars.dropFirst() == dataset.targets.scalars.dropLast())
  }
}

extension String {
  fileprivate func components(separated mark: String) -> [String] {
    var (parts, rest) = ([String](), self[...])
    while let range = rest.firstRange(of: mark) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
