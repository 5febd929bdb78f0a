import Autodiff
import Tensors
import TerminalGraphics
import Training

/// What is said of a watched expression.
struct WatchLine {
  let reading: WatchReading
  private let moment: StepMoment

  /// Whether its past is being found out; at full speed that waits for a rest.
  var isComing: Bool { reading.past.isPending && moment.looksBack }

  init(_ reading: WatchReading, _ moment: StepMoment) {
    self.reading = reading
    self.moment = moment
  }

  /// Six digits: `-0.141320`, `64×32 from -0.1 to 0.2`, or why there is none.
  var value: StyledText { value(digits: 6) }

  /// The same in so many columns: numbers of fewer digits, none cut off.
  func value(width: Int) -> StyledText {
    let forms = [6, 5, 4, 3, 2].lazy.map { value(digits: $0) }
    return forms.first { $0.width <= width } ?? value(digits: 2).truncatedAtWord(to: width)
  }

  private func value(digits: Int) -> StyledText {
    switch reading.now {
    case .success(.truth(let holds)): return holds ? .good("true") : .warning("false")
    case .success(let value):
      if let number = value.shownNumber {
        return .strong(NumberFormat.compact(number, digits: digits))
      }
      guard case .tensor(let tensor) = value else { return StyledText() }
      let shape = tensor.shape.extents.map(String.init).joined(separator: "×")
      let low = tensor.scalars.min() ?? 0
      let high = tensor.scalars.max() ?? 0
      let (from, to) = (
        NumberFormat.compact(low, digits: digits), NumberFormat.compact(high, digits: digits)
      )
      return .text("\(shape) from \(from) to \(to)")
    case .failure(let failure):
      return failure.isNotYet ? .faint("not yet") : .warning("unknown here")
    }
  }

  /// The value one step earlier.
  var before: StyledText {
    reading.before.map { .secondary(Self.number($0)) }
      ?? .faint(isComing ? "…" : "—")
  }

  static func number(_ value: Float) -> String { NumberFormat.compact(value, digits: 6) }

  /// `until instruction 23`, `until instruction 3 of step 121`.
  var until: String {
    if case .failure(let failure) = reading.now, !failure.isNotYet { return "" }
    if let next = reading.changesAt {
      return reading.isKnown ? "until instruction \(next)" : "instruction \(next) makes it"
    }
    if let first = reading.firstChange {
      return "until instruction \(first) of \(moment.unit) \(NumberFormat.integer(moment.step + 1))"
    }
    return ""
  }

  /// At most so many columns of what it was at the ends of the latest steps.
  func history(width: Int) -> StyledText {
    let values = reading.past.points.map(\.value)
    guard values.count > 1 else {
      return .faint(
        isComing
          ? "…"
          : width < 21 ? "" : reading.past.isPending ? "its past: at rest" : "no past to draw yet")
    }
    return Sparkline(values: Array(values.suffix(width)), ink: .series(0)).styled(width: width)
  }

  /// All in one line: as much of it as fits.
  func line(width: Int) -> StyledText {
    let name: StyledText = .secondary("watch ") + .text(reading.expression)
    let short = name + .secondary(" = ") + value
    let full = until.isEmpty ? short : short + .secondary(" " + until)
    guard full.width <= width else {
      // A number is said whole: the name gives way to it.
      let room = width - short.width + TextWidth.columns(reading.expression)
      return .secondary("watch ") + StyledText.text(reading.expression).truncated(to: max(4, room))
        + .secondary(" = ") + value
    }
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
