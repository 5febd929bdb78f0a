import Autodiff
import Tensors
import TerminalGraphics
import Training

/// What is said of a watched expression.
struct WatchLine {
  let reading: WatchReading
  private let moment: StepMoment

  init(_ reading: WatchReading, _ moment: StepMoment) {
    self.reading = reading
    self.moment = moment
  }

  /// Six digits: `-0.141320`, `[64,32] …`, or why there is none.
  var value: StyledText {
    switch reading.now {
    case .success(.truth(let holds)): return holds ? .good("true") : .warning("false")
    case .success(let value):
      if let number = value.shownNumber { return .strong(Self.number(number)) }
      guard case .tensor(let tensor) = value else { return StyledText() }
      let shape = tensor.shape.extents.map(String.init).joined(separator: "×")
      let low = tensor.scalars.min() ?? 0
      let high = tensor.scalars.max() ?? 0
      return .text("\(shape) from \(Self.number(low)) to \(Self.number(high))")
    case .failure(let failure):
      return failure.isNotYet ? .faint("not yet") : .warning("unknown here")
    }
  }

  /// The value one step earlier.
  var before: StyledText {
    reading.before.map { .secondary(Self.number($0)) }
      ?? .faint(reading.past.isPending ? "…" : "—")
  }

  static func number(_ value: Float) -> String { NumberFormat.compact(value, digits: 6) }

  /// `until instruction 23`, `until instruction 3 of step 121`.
  var until: String {
    if case .failure(let failure) = reading.now, !failure.isNotYet { return "" }
    if let next = reading.changesAt {
      return reading.isKnown ? "until instruction \(next)" : "instruction \(next) makes it"
    }
    if let first = reading.firstChange {
      return "until instruction \(first) of step \(NumberFormat.integer(moment.step + 1))"
    }
    return ""
  }

  /// At most so many columns of what it was at the ends of the latest steps.
  func history(width: Int) -> StyledText {
    let values = reading.past.points.map(\.value)
    guard values.count > 1 else {
      return .faint(
        reading.past.isPending ? "…" : width >= 21 ? "no past to draw yet" : "")
    }
    return Sparkline(values: Array(values.suffix(width)), ink: .series(0)).styled(width: width)
  }

  /// All in one line: as much of it as fits.
  func line(width: Int) -> StyledText {
    let name: StyledText = .secondary("watch ") + .text(reading.expression)
    let short = name + .secondary(" = ") + value
    let full = until.isEmpty ? short : short + .secondary(" " + until)
    guard full.width <= width else { return short.truncated(to: width) }
    let room = min(24, width - full.width - 2)
    return room >= 6 ? full + "  " + history(width: room) : full
  }
}

extension WatchReading {
  /// Whether it has a value now.
  var isKnown: Bool { if case .success = now { true } else { false } }
}

/// The watched expressions in a line or two below the timeline.
enum WatchStrip {
  /// - Parameter lines: how many there is room for.
  static func draw(
    _ moment: StepMoment, in area: Rect, on grid: inout CellGrid
  ) {
    let all = moment.watches.map { WatchLine($0, moment) }
    guard !all.isEmpty, area.height > 0 else { return }
    let shown = all.count <= area.height ? all.count : area.height
    for (row, line) in all.prefix(shown).enumerated() {
      let isLast = row == shown - 1 && shown < all.count
      let more: StyledText =
        isLast ? .secondary("  and \(all.count - shown) more ") + .key("W") : StyledText()
      let text = line.line(width: area.width - more.width)
      grid.write(text + more, at: Point(area.x, area.y + row), width: area.width)
    }
  }
}
