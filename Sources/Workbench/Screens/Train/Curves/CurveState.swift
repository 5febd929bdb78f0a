import TerminalGraphics
import Training

/// How the curves of a run are looked at: which, on what scale, which part of the time.
struct CurveState: Sendable {
  /// The first chart of the panel.
  var chart = Chart.loss
  var isLogarithmic = true
  /// Whether a smoothed line is drawn over the raw points.
  var isSmoothed = false
  /// The span of the smoothed line, nil until it is first asked for.
  var smoothingSpan: Int?
  /// How many steps are shown; nil: all.
  private(set) var length: Int?
  /// The first step shown.
  private(set) var first = 0
  /// Whether what is shown ends with the newest step and moves with it.
  var follows = false
  /// The step under the crosshair; nil: where the run is, if it has gone back.
  var cursor: Int?
  /// The steps marked with numbers.
  var marks: [Mark] = []
  /// The span that the mouse is choosing.
  var drag: Drag?
  /// Where and when the mouse was last pressed: twice is a double click.
  var lastPress: (column: Int, time: Double)?

  struct Mark: Hashable, Sendable {
    let number: Int
    let step: Int
  }

  struct Drag: Hashable, Sendable {
    let panel: String
    let from: Int
    var to: Int
    let column: Int
    var hasMoved = false
  }

  static let shortest = 8

  /// Forgets where one was in the run before; what one looks at stays.
  mutating func startAgain() {
    (length, first, follows, cursor, drag, lastPress) = (nil, 0, false, nil, nil, nil)
    marks = []
  }

  // MARK: The part of the time that is shown

  /// The steps shown of a run that has `total` steps and stands at `newest`.
  func window(total: Int, newest: Int) -> Range<Int> {
    let total = max(1, total)
    guard let length, length < total else { return 0..<total }
    let start = follows ? max(0, newest - length) : first
    let low = max(0, min(start, total - length))
    return low..<low + length
  }

  /// Shows a part of the run; as much as it has shows all of it.
  mutating func show(_ low: Int, length wanted: Int, total: Int) {
    let wanted = max(min(Self.shortest, total), wanted)
    length = wanted >= total ? nil : wanted
    first = max(0, min(low, total - wanted))
  }

  mutating func showAll() {
    (length, first, follows) = (nil, 0, false)
  }

  /// Shows half or twice as much around a step, which stays where it is on the screen.
  mutating func zoom(in inward: Bool, around step: Int, total: Int, newest: Int) {
    let window = window(total: total, newest: newest)
    let center = min(max(step, window.lowerBound), window.upperBound)
    let wanted =
      inward ? max(min(Self.shortest, total), window.count / 2) : min(total, window.count * 2)
    let share = Double(center - window.lowerBound) / Double(max(1, window.count))
    let low = center - Int((share * Double(wanted)).rounded())
    if follows, step < newest { follows = false }
    show(low, length: wanted, total: total)
  }

  /// Moves what is shown as little as needed to show a step.
  mutating func reveal(_ step: Int, total: Int, newest: Int) {
    let window = window(total: total, newest: newest)
    guard length != nil, !window.contains(step) else { return }
    follows = false
    first = step < window.lowerBound ? step : step - window.count + 1
    first = max(0, min(first, total - window.count))
  }

  // MARK: Marks

  /// Puts a mark at a step with the lowest free number.
  mutating func mark(_ step: Int) -> Mark {
    let taken = Set(marks.map(\.number))
    let mark = Mark(number: (1...).first { !taken.contains($0) } ?? marks.count + 1, step: step)
    marks = (marks + [mark]).sorted { $0.step < $1.step }
    return mark
  }

  /// The mark within so many steps of one, the nearest.
  func mark(near step: Int, within reach: Int) -> Mark? {
    marks.filter { abs($0.step - step) <= reach }.min { abs($0.step - step) < abs($1.step - step) }
  }

  // MARK: The smoothed line

  static let spans = [5, 10, 20, 50, 100, 200, 500, 1000]

  /// The span that suits a run of so many steps: a fortieth of it.
  static func usualSpan(_ total: Int) -> Int { spans.last { $0 <= max(5, total / 40) } ?? 5 }

  func span(_ total: Int) -> Int { smoothingSpan ?? Self.usualSpan(total) }
}
