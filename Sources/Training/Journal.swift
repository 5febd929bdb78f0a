/// What was done in a run since it was set up, so that it can be done again: a student's work on a
/// page of a lesson.
///
/// Moves are kept by where they led; what only looks is left out.
package struct Journal: Sendable {
  package enum Line: Sendable {
    /// As typed: `set dense/kernel[0,0] = 1`, `goto step 40`.
    case command(String)
    case rate(Float)
    case weight(name: String, offset: Int, number: Float)
    case settings(RunSettings, words: String)
    /// Another run in the place of the one that was set up.
    case opened(RunSettings)
    case restart(seed: UInt64?)
    /// Something that leaves the run as it is.
    case did(Deed)

    /// The examples that it keeps.
    var data: TrainingData? {
      switch self {
      case .settings(let settings, _), .opened(let settings): settings.data
      case .command, .rate, .weight, .restart, .did: nil
      }
    }
  }

  package private(set) var lines: [Line] = []
  /// Whether nothing had to be left out.
  package private(set) var isWhole = true
  /// Where the run stood after the last line.
  private var place: Place?

  /// More than anybody does on a page; a run that is played with for hours must not fill the memory.
  static let most = 5000
  /// How many numbers of data may be kept for runs that were opened one after the other: 16 MB.
  static let room = 4 << 20
  private var held = 0

  /// Where a run stands: passes of a program are counted, not steps.
  struct Place: Hashable {
    let moment: Int
    let instruction: Int
    let unit: String
    /// Whether what begins there is seen, not what ended.
    let isBegun: Bool

    /// Where the moment, or the one that ended last, lies in a program's loop: its step and pass.
    private let pass: Position?

    /// The commands that lead there, but for the instructions.
    var commands: [String] {
      let isAtEnd = !isBegun && instruction == 0 && moment > 0
      let end = isAtEnd ? " end" : ""
      guard let pass else { return ["goto step \(isAtEnd ? moment - 1 : moment)\(end)"] }
      // Passes are counted within their step.
      return ["goto step \(pass.step)", "goto pass \(pass.pass)\(end)"]
    }

    var position: Position { Position(step: moment, instruction: instruction) }

    init(_ session: Session) {
      let isLoop = session.passRun != nil
      moment = isLoop ? session.done : session.position.step
      instruction = session.position.instruction
      unit = isLoop ? "pass" : "step"
      isBegun = session.standing.isBegun
      let isAtEnd = !isBegun && instruction == 0 && moment > 0
      pass = isLoop ? session.moment(isAtEnd ? moment - 1 : moment) : nil
    }
  }

  package init() {}

  /// Begins anew, where the run stands now.
  mutating func begin(_ session: Session?) {
    self = Journal()
    place = session.map(Place.init)
  }

  /// Notes that the run stands elsewhere than after the last line, if it does.
  mutating func arrive(_ session: Session?) {
    guard let session else { return }
    let here = Place(session)
    guard let before = place, before != here else {
      place = here
      return
    }
    let isOther = before.moment != here.moment || here.instruction == 0
    if isOther { for command in here.commands { append(.command(command)) } }
    if here.instruction > 0 { append(.command("goto instruction \(here.instruction)")) }
    place = here
  }

  /// Notes what was done; where it led is no move of its own.
  mutating func note(_ line: Line, _ session: Session?) {
    append(line)
    place = session.map(Place.init)
  }

  /// As it was when the run, which trained on since, stood at an earlier moment.
  package func ending(at moment: Position) -> Journal {
    guard let place, place.unit == "step", moment < place.position,
      case .command(let last)? = lines.last, last.hasPrefix("goto ")
    else { return self }
    var shorter = self
    if last.hasPrefix("goto instruction") { shorter.lines.removeLast() }
    guard case .command(let training)? = shorter.lines.last, training.hasPrefix("goto step ")
    else { return self }
    let isEnd = moment.instruction == 0 && moment.step > 0
    shorter.lines[shorter.lines.count - 1] = .command(
      isEnd ? "goto step \(moment.step - 1) end" : "goto step \(moment.step)")
    if moment.instruction > 0 {
      shorter.lines.append(.command("goto instruction \(moment.instruction)"))
    }
    return shorter
  }

  private mutating func append(_ line: Line) {
    guard lines.count < Self.most else {
      isWhole = false
      return
    }
    if let data = line.data {
      held += data.numbersOfItsOwn(beside: lines.reversed().lazy.compactMap(\.data).first)
      if held > Self.room, !lines.isEmpty {
        // A run that is opened needs none of those before it.
        (lines, isWhole) = ([], false)
        held = data.numbersOfItsOwn(beside: nil)
      }
    }
    lines.append(line)
  }

  /// Commands that change nothing and that no exercise asks about.
  static func isLook(_ command: String) -> Bool {
    let looks = [
      "print", "p", "display", "undisplay", "list", "l", "info", "i", "help", "h", "?", "complete",
      "log", "share", "branches", "compare", "example", "fold", "unfold", "where", "frame", "f",
      "bt",
      "backtrace",
    ]
    return command.split(whereSeparator: \.isWhitespace).first.map { looks.contains(String($0)) }
      ?? true
  }
}
