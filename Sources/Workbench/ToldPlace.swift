import Training

/// Where a run is that a message tells of: a moment, a position, or anywhere in the run.
///
/// A message may come before the picture of the moment does, so it is over only when the run was seen
/// there and stands elsewhere.
struct ToldPlace: Hashable, Sendable {
  private enum Place: Hashable {
    /// `step 2 · instruction 22 of 28`; the step is nil in a run of passes, whose moments count those.
    case moment(done: Int, step: Int?)
    case position(Position, run: Int)
    case run(Int)
  }

  private let place: Place
  private var wasSeen = false
  private(set) var isOver = false

  /// - Parameter words: what the debugger answers to a move; nil for what tells of no moment.
  init?(_ words: String) {
    let parts = words.components(of: " · ")
    guard parts.count > 1, let step = Self.number(after: "step ", in: parts[0]),
      let done = parts.lazy.compactMap({ Self.number(after: "instruction ", in: $0) }).first
    else { return nil }
    place = .moment(done: done, step: parts[1].hasPrefix("pass ") ? nil : step)
  }

  /// A position of the run that the lab has; nil: wherever that stands.
  init(_ position: Position? = nil, of lab: LabSnapshot) {
    place = position.map { .position($0, run: lab.runNumber) } ?? .run(lab.runNumber)
    wasSeen = position.map { $0 == lab.position } ?? true
  }

  private static func number(after start: String, in text: String) -> Int? {
    guard text.hasPrefix(start) else { return nil }
    return Int(text.dropFirst(start.count).prefix { $0.isNumber })
  }

  mutating func arrive(at lab: LabSnapshot) {
    let isThere: Bool
    switch place {
    case .moment(let done, let step):
      guard let moment = lab.moment else { return }
      isThere = moment.done == done && (step.map { $0 == moment.step } ?? true)
    case .position(let position, let run):
      isThere = lab.position == position && lab.runNumber == run
    case .run(let run): isThere = lab.runNumber == run
    }
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
