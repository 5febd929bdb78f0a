/// The places of the lab, in the order of their digits.
package enum ScreenName: String, CaseIterable, Hashable, Sendable {
  case home, learn, build, train, step, data, runs

  /// As the top line writes it.
  package var title: String { rawValue.prefix(1).uppercased() + rawValue.dropFirst() }

  /// The key that goes there: `1` for Home.
  package var digit: Character {
    Character(String((Self.allCases.firstIndex(of: self) ?? 0) + 1))
  }
}
