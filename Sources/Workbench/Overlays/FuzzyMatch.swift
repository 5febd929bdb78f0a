/// How well typed letters fit a name, and which letters of the name they are.
struct FuzzyMatch: Hashable, Sendable {
  /// Smaller is better: a beginning before a beginning of a word, that before any place, and all
  /// of these before letters that stand apart.
  let distance: Int
  /// The places of the letters in the name.
  let places: [Int]

  /// Nil when the letters do not come in the name in their order.
  init?(_ typed: String, in name: String) {
    let wanted = Array(typed.lowercased())
    let letters = Array(name.lowercased())
    guard !wanted.isEmpty, wanted.count <= letters.count else { return nil }
    let starts = (0...(letters.count - wanted.count)).filter {
      letters[$0..<$0 + wanted.count].elementsEqual(wanted)
    }
    if let first = starts.first(where: { Self.beginsWord($0, letters) }) ?? starts.first {
      let kind = first == 0 ? 0 : Self.beginsWord(first, letters) ? 100 : 200
      distance = kind + min(first, 99) + (letters.count == wanted.count ? -1 : 0)
      places = Array(first..<first + wanted.count)
      return
    }
    guard let apart = Self.apart(wanted.filter { $0 != " " }, letters) else { return nil }
    places = apart
    let span = (apart.last ?? 0) - (apart.first ?? 0)
    let wordStarts = apart.count { Self.beginsWord($0, letters) }
    distance = 300 + span - 3 * wordStarts
  }

  private static func beginsWord(_ place: Int, _ letters: [Character]) -> Bool {
    place == 0 || !(letters[place - 1].isLetter || letters[place - 1].isNumber)
  }

  /// The letters in their order, each at the beginning of a word where the rest still fits.
  private static func apart(_ wanted: [Character], _ letters: [Character]) -> [Int]? {
    var places: [Int] = []
    var from = 0
    for (i, letter) in wanted.enumerated() {
      let here = (from..<letters.count).filter { letters[$0] == letter }
      let fitting = here.filter { fits(wanted[(i + 1)...], letters[($0 + 1)...]) }
      guard let place = fitting.first(where: { beginsWord($0, letters) }) ?? fitting.first else {
        return nil
      }
      places.append(place)
      from = place + 1
    }
    return places.isEmpty ? nil : places
  }

  private static func fits(
    _ wanted: ArraySlice<Character>, _ letters: ArraySlice<Character>
  )
    -> Bool
  {
    var rest = wanted
    for letter in letters where letter == rest.first { rest = rest.dropFirst() }
    return rest.isEmpty
  }
}
