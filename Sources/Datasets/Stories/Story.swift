import Tensors

/// A short story about two animals on a journey, put together by chance.
///
/// Much in it hangs together over long distances: names come back, she stays she, an owl flies to the
/// end, `{n}` apples less one are one fewer, quotation marks close, verses rhyme.
struct Story {
  private var chance: Chance
  private let words: [String: String]

  /// The story of this number.
  init(_ number: Int, seed: UInt64) {
    var chance = Chance(CounterRandom(seed: seed, name: "stories/story", call: number))
    words = Self.cast(&chance)
    self.chance = chance
  }

  /// The story, a line for each paragraph, with an empty line at its end.
  mutating func text() -> String {
    var parts = [StoryPlot.openings, StoryPlot.weathers, StoryPlot.wishes, StoryPlot.meetings]
    let travels = 1 + chance.whole(below: 2)
    parts += [[String]](repeating: StoryPlot.travels, count: travels)
    parts.insert(StoryPlot.gifts, at: 4 + chance.whole(below: travels + 1))
    var paragraphs = parts.map { written(chance.choice(of: $0)) }
    let trouble = written(chance.choice(of: StoryPlot.troubles))
    paragraphs.append(trouble)
    if trouble.hasSuffix(":") { paragraphs.append(song()) }
    paragraphs.append(written(chance.choice(of: StoryPlot.endings)))
    return paragraphs.joined(separator: "\n") + "\n\n"
  }

  private mutating func written(_ phrase: String) -> String {
    // Words may have choices themselves, as the weather has.
    let first = Phrase(phrase).written(words, by: &chance)
    return Phrase(first).written(words, by: &chance)
  }

  /// Two or three verses; the last line ends the song.
  private mutating func song() -> String {
    let count = 2 + chance.whole(below: 2)
    let verses = chance.permutation(count: StoryPlot.verses.count).prefix(count).map {
      written(StoryPlot.verses[$0])
    }
    return "\"" + verses.map(\.capitalizedFirst).joined(separator: "\n").dropLast() + ".\""
  }

  // MARK: - Words

  private static func cast(_ chance: inout Chance) -> [String: String] {
    let animals = chance.permutation(count: StoryAnimal.all.count).map { StoryAnimal.all[$0] }
    let weather = chance.choice(of: StoryWeather.all)
    let stations = chance.permutation(count: StoryLists.stations.count)
    let thing = chance.choice(of: StoryLists.things)
    var words = [
      "home": chance.choice(of: StoryLists.homes), "goal": chance.choice(of: StoryLists.goals),
      "station": StoryLists.stations[stations[0]], "station2": StoryLists.stations[stations[1]],
      "station3": StoryLists.stations[stations[2]], "thing": thing,
      "thinga": "aeiou".contains(thing.prefix(1)) ? "an" : "a",
      "mood": chance.choice(of: StoryLists.moods),
      "begins": weather.begins, "during": weather.during, "ends": weather.ends,
    ]
    words.merge(goods(&chance)) { $1 }
    words.merge(hero(animals[0], prefix: "", "hero", &chance)) { $1 }
    words.merge(hero(animals[1], prefix: "f", "friend", &chance)) { $1 }
    return words
  }

  /// An animal with a name; the second of a story has its words with an f before them.
  private static func hero(
    _ animal: StoryAnimal, prefix: String, _ role: String, _ chance: inout Chance
  ) -> [String: String] {
    let gender = chance.choice(of: StoryGender.all)
    // Names of even places for the one, odd for the other: two never share a name.
    let place = 2 * chance.whole(below: gender.names.count / 2) + (prefix.isEmpty ? 0 : 1)
    return [
      role: gender.names[place], prefix + "kind": animal.kind, prefix + "a": animal.article,
      prefix + "goes": animal.goes, prefix + "likes": animal.likes, prefix + "he": gender.he,
      prefix + "him": gender.him, prefix + "his": gender.his,
      prefix + "him2": gender.him + "self",
    ]
  }

  /// So many of something, of which some are given away: two of five leave three.
  private static func goods(_ chance: inout Chance) -> [String: String] {
    let goods = chance.choice(of: StoryGoods.all)
    let number = 3 + chance.whole(below: 6)
    let gift = 1 + chance.whole(below: min(3, number - 1))
    let left = number - gift
    return [
      "n": StoryLists.numbers[number], "goods": goods.many,
      "giftn": StoryLists.numbers[gift] + " " + (gift == 1 ? goods.one : goods.many),
      "left": StoryLists.numbers[left], "were": left == 1 ? "was" : "were",
      "were2": left == 1 ? "is" : "are",
    ]
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
