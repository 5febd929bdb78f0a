/// What a drawing was like before each stroke, so that strokes can be taken back.
struct Strokes: Sendable {
  /// The last one at the end.
  private(set) var past: [Drawing] = []
  /// What was taken back.
  private(set) var future: [Drawing] = []

  private static let depth = 100

  /// Keeps what was before a stroke.
  mutating func add(_ drawing: Drawing) {
    past.append(drawing)
    if past.count > Self.depth { past.removeFirst() }
    future = []
  }

  /// The drawing before the last stroke.
  mutating func undo(_ drawing: Drawing) -> Drawing {
    guard let last = past.popLast() else { return drawing }
    future.append(drawing)
    return last
  }

  /// The drawing with the stroke that was taken back.
  mutating func redo(_ drawing: Drawing) -> Drawing {
    guard let next = future.popLast() else { return drawing }
    past.append(drawing)
    return next
  }
}
