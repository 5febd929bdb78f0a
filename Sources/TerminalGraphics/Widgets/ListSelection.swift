/// Which line of a list is chosen and which part of the list shows.
package struct ListSelection: Hashable, Sendable {
  /// From 0; meaningless while the list is empty.
  package private(set) var index = 0
  /// The first line shown.
  package private(set) var first = 0

  package init(index: Int = 0) { self.index = max(0, index) }

  /// Moves by lines, staying within a list of `count`.
  package mutating func move(by lines: Int, count: Int) { select(index + lines, count: count) }

  /// Chooses a line, or the nearest there is.
  package mutating func select(_ line: Int, count: Int) { index = max(0, min(line, count - 1)) }

  /// Chooses a line that shows, as a click does: what shows stays where it is.
  package mutating func choose(_ line: Int, shown: Int, count: Int) {
    reveal(shown: shown, count: count)
    select(line, count: count)
  }

  /// Moves what shows as little as needed to show the chosen line among `shown` lines.
  package mutating func reveal(shown: Int, count: Int) {
    index = max(0, min(index, count - 1))
    guard shown > 0 else { return }
    if index < first { first = index }
    if index >= first + shown { first = index - shown + 1 }
    first = max(0, min(first, count - shown))
  }

  /// As `reveal`, without changing the selection: what a view of `shown` lines shows.
  package func scroll(shown: Int, count: Int) -> ScrollPosition {
    var copy = self
    copy.reveal(shown: shown, count: count)
    return ScrollPosition(first: copy.first, shown: shown, total: count)
  }

  /// Follows the arrows, Page and End keys, and `j` and `k`; false for any other key.
  package mutating func handle(_ key: Key, count: Int, shown: Int) -> Bool {
    switch key {
    case .up, .character("k"): move(by: -1, count: count)
    case .down, .character("j"): move(by: 1, count: count)
    case .pageUp: move(by: -max(1, shown - 1), count: count)
    case .pageDown: move(by: max(1, shown - 1), count: count)
    case .home: select(0, count: count)
    case .end: select(count - 1, count: count)
    default: return false
    }
    reveal(shown: shown, count: count)
    return true
  }
}
