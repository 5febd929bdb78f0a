/// Which checkpoints of a run stay when there are too many.
///
/// The first, the newest and those where a setting was changed stay as long as there is room for
/// them; between them lie the fewer the older they are, so that the distance of two grows with their
/// age: going back far replays more than going back a little.
package struct CheckpointThinning: Hashable, Sendable {
  /// Bytes that those of one run may take.
  package var runLimit = 64 << 20
  /// Bytes that those of all runs may take together: those of the oldest runs go first.
  package var storeLimit = 1 << 30
  /// How many one run may have.
  package var countLimit = 128

  package static let standard = CheckpointThinning()

  package init() {}

  struct Item {
    let step: Int
    let bytes: Int
    let isPinned: Bool
  }

  /// The steps to be dropped.
  /// - Parameter items: sorted by step.
  func victims(_ items: [Item]) -> [Int] {
    var (left, dropped) = (items, [Int]())
    var bytes = items.reduce(0) { $0 + $1.bytes }
    while left.count > 2, bytes > runLimit || left.count > countLimit,
      let place = Self.mostCrowded(left)
    {
      bytes -= left[place].bytes
      dropped.append(left.remove(at: place).step)
    }
    return dropped
  }

  /// The place whose neighbors lie nearest to each other in proportion to their age; one that is
  /// pinned only when no other is left.
  private static func mostCrowded(_ items: [Item]) -> Int? {
    let newest = items[items.count - 1].step
    func crowding(_ place: Int) -> Double {
      let gap = Double(items[place + 1].step - items[place - 1].step)
      return gap / Double(newest - items[place - 1].step + 1)
    }
    let inner = Array(1..<items.count - 1)
    let free = inner.filter { !items[$0].isPinned }
    return (free.isEmpty ? inner : free).min { crowding($0) < crowding($1) }
  }
}
