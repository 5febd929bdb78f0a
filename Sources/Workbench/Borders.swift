import TerminalGraphics

/// A border between panels: the panels that end on it and those that begin on it, which move
/// together when it is moved.
package struct Border: Hashable, Sendable {
  package enum Axis: String, Hashable, Sendable {
    /// Runs from top to bottom and moves sideways.
    case upright = "v"
    /// Runs from left to right and moves up and down.
    case level = "h"
  }

  package let axis: Axis
  /// Where the panels after it begin: a column or a row.
  package let place: Int
  /// The panels on both sides, by their number among those that show, in reading order.
  package let before: [Int]
  package let after: [Int]

  /// What it is called where it is kept: the same in every window of this arrangement.
  var key: String {
    func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
    return "\(axis.rawValue)\(list(before))|\(list(after))"
  }

  /// The borders that panels share.
  package static func all(of areas: [Rect]) -> [Border] {
    [Axis.upright, .level].flatMap { axis in
      let spans = areas.map { Span($0, axis) }
      let places = Set(spans.filter { !$0.isEmpty }.map(\.start)).sorted()
      return places.flatMap { borders(axis, at: $0, among: spans) }
    }
  }

  /// The borders on one line: panels that touch there, directly or by others, make one.
  private static func borders(_ axis: Axis, at place: Int, among spans: [Span]) -> [Border] {
    let touching = spans.indices.filter {
      !spans[$0].isEmpty && (spans[$0].end == place || spans[$0].start == place)
    }.sorted { spans[$0].across.lowerBound < spans[$1].across.lowerBound }
    var groups: [[Int]] = []
    var reach = Int.min
    for i in touching {
      if !groups.isEmpty, spans[i].across.lowerBound <= reach {
        groups[groups.count - 1].append(i)
      } else {
        groups.append([i])
      }
      reach = max(reach, spans[i].across.upperBound)
    }
    return groups.compactMap { group in
      let before = group.filter { spans[$0].end == place }.sorted()
      let after = group.filter { spans[$0].start == place }.sorted()
      // Both sides are as long as each other, or something else would be torn.
      let isWhole =
        before.reduce(0) { $0 + spans[$1].across.count }
        == after.reduce(0) { $0 + spans[$1].across.count }
      return before.isEmpty || after.isEmpty || !isWhole
        ? nil : Border(axis: axis, place: place, before: before, after: after)
    }
  }

  /// A rectangle along and across an axis.
  private struct Span {
    let start: Int
    let end: Int
    let across: Range<Int>

    init(_ area: Rect, _ axis: Axis) {
      switch axis {
      case .upright: (start, end, across) = (area.x, area.right, area.y..<area.bottom)
      case .level: (start, end, across) = (area.y, area.bottom, area.x..<area.right)
      }
    }

    var isEmpty: Bool { start == end || across.isEmpty }
  }

  /// Where it can lie: no panel beside it becomes smaller than it may be.
  func range(_ areas: [Rect], _ least: [Size]) -> ClosedRange<Int>? {
    let isUpright = axis == .upright
    let ends = before.map { i in
      isUpright ? areas[i].x + least[i].width : areas[i].y + least[i].height
    }
    let starts = after.map { i in
      isUpright ? areas[i].right - least[i].width : areas[i].bottom - least[i].height
    }
    guard let low = ends.max(), let high = starts.min(), low <= high else { return nil }
    return low...high
  }

  /// Moves it: the panels beside it are as much larger and smaller.
  func move(to place: Int, _ areas: inout [Rect]) {
    for i in before {
      switch axis {
      case .upright: areas[i].width = place - areas[i].x
      case .level: areas[i].height = place - areas[i].y
      }
    }
    for i in after {
      switch axis {
      case .upright: (areas[i].width, areas[i].x) = (areas[i].right - place, place)
      case .level: (areas[i].height, areas[i].y) = (areas[i].bottom - place, place)
      }
    }
  }
}

/// Where the borders between panels were moved to, for each screen and size class, kept for the
/// next start: shares of the window's width or height, so that they hold in other windows too.
package struct Borders: Equatable, Sendable {
  /// How far each border was moved, by screen, arrangement and border.
  private var shares: [String: Double] = [:]

  package init() {}

  /// Under which key it is kept.
  package static let key = "borders"

  package var isEmpty: Bool { shares.isEmpty }

  package subscript(key: String) -> Double {
    get { shares[key] ?? 0 }
    set { shares[key] = newValue == 0 ? nil : newValue }
  }

  mutating func removeAll(under prefix: String) {
    shares = shares.filter { !$0.key.hasPrefix(prefix) }
  }

  /// As it is kept: `train full 6 v0|1=0.05;…`.
  package var text: String {
    shares.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ";")
  }

  /// Reads what was kept; what cannot be understood is left out.
  package init(text: String) {
    for part in text.split(separator: ";") {
      let sides = part.split(separator: "=")
      guard sides.count == 2, let share = Double(sides[1]), abs(share) < 1 else { continue }
      shares[String(sides[0])] = share
    }
  }
}

extension AppState {
  /// What was kept for this start.
  package mutating func recall(_ key: String, _ value: String) {
    if key == Borders.key { borders = Borders(text: value) }
    if key == Self.latestLesson { learn.latest = value }
  }

  /// What is kept by `Effect.remember` and given back to `recall`.
  package static let remembered = [Borders.key, AppState.latestLesson]
}
