import Training

/// The moment of a run that a message tells of: `step 2 · instruction 22 of 28`.
///
/// A message may come before the picture of the moment does, so it is over only when the run was seen
/// there and stands elsewhere.
struct ToldPlace: Hashable, Sendable {
  private let done: Int
  /// The step; nil in a run of passes, whose moments count those.
  private let step: Int?
  private var wasSeen = false
  private(set) var isOver = false

  /// - Parameter words: what the debugger answers to a move; nil for what tells of no moment.
  init?(_ words: String) {
    let parts = words.components(of: " · ")
    guard parts.count > 1, let step = Self.number(after: "step ", in: parts[0]),
      let done = parts.lazy.compactMap({ Self.number(after: "instruction ", in: $0) }).first
    else { return nil }
    self.done = done
    self.step = parts[1].hasPrefix("pass ") ? nil : step
  }

  private static func number(after start: String, in text: String) -> Int? {
    guard text.hasPrefix(start) else { return nil }
    return Int(text.dropFirst(start.count).prefix { $0.isNumber })
  }

  mutating func arrive(at moment: StepMoment) {
    let isThere = moment.done == done && (step.map { $0 == moment.step } ?? true)
    if isThere { wasSeen = true }
    isOver = wasSeen && !isThere
  }
}

extension String {
  /// The parts between a separator.
  fileprivate func components(of separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
