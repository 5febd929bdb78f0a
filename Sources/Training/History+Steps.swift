extension History {
  /// Steps in blocks of 4,096: a run of millions grows without being copied to where it has room, and
  /// whoever looks at it meanwhile keeps what was there.
  package struct Steps: RandomAccessCollection, Hashable, Sendable {
    private static let bits = 12
    private static let blockLength = 1 << bits

    /// All but the last are full.
    private var blocks: [[Step]] = []
    package private(set) var endIndex = 0

    init(_ steps: some Sequence<Step> = []) {
      for step in steps { append(step) }
    }

    package var startIndex: Int { 0 }

    package subscript(position: Int) -> Step {
      blocks[position >> Self.bits][position & (Self.blockLength - 1)]
    }

    mutating func append(_ step: Step) {
      if endIndex & (Self.blockLength - 1) == 0 { blocks.append([]) }
      blocks[blocks.count - 1].append(step)
      endIndex += 1
    }

    mutating func removeLast(_ count: Int) {
      precondition((0...endIndex).contains(count))
      endIndex -= count
      blocks.removeLast(blocks.count - (endIndex + Self.blockLength - 1) >> Self.bits)
      let kept = endIndex & (Self.blockLength - 1)
      if kept > 0, let last = blocks.indices.last {
        blocks[last].removeLast(blocks[last].count - kept)
      }
    }
  }
}
