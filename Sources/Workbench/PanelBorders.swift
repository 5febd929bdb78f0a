import TerminalGraphics

extension AppState {
  /// The panels of the screen with their borders where they were moved to.
  var arrangedPanels: [Panel] {
    let panels = current.panels(self, in: body)
    guard !borders.isEmpty else { return panels }
    let shown = panels.filter { !$0.area.isEmpty }
    let areas = arranged(shown)
    let moved = Dictionary(zip(shown.map(\.id), areas)) { first, _ in first }
    return panels.map { panel in moved[panel.id].map { Panel(panel.id, $0) } ?? panel }
  }

  /// The panels that show, in the order of their places on the screen.
  private var shownPanels: [Panel] {
    current.panels(self, in: body).filter { !$0.area.isEmpty }
  }

  /// Every border moved to its place, as far as the panels allow.
  private func arranged(_ panels: [Panel]) -> [Rect] {
    let standard = panels.map(\.area)
    let order = Self.readingOrder(standard)
    var areas = order.map { standard[$0] }
    let least = order.map { leastSize(of: panels[$0]) }
    for border in Border.all(of: areas) {
      let share = borders[key(border, count: areas.count)]
      guard share != 0, let range = border.range(areas, least) else { continue }
      let wanted = border.place + cells(share, border.axis)
      border.move(to: min(range.upperBound, max(range.lowerBound, wanted)), &areas)
    }
    var result = standard
    for (place, i) in order.enumerated() { result[i] = areas[place] }
    return result
  }

  private static func readingOrder(_ areas: [Rect]) -> [Int] {
    areas.indices.sorted { (areas[$0].y, areas[$0].x) < (areas[$1].y, areas[$1].x) }
  }

  /// How small a panel may be made: never so small that it drops words, nor smaller than a layout
  /// makes it by itself.
  private func leastSize(of panel: Panel) -> Size {
    let (width, height) = (panel.area.width, panel.area.height)
    // Four fifths of what a layout gives hold its words; in a large window much less does.
    let usual =
      current.leastSize(of: panel.id, self)
      ?? Size(min(60, max(28, width * 4 / 5)), min(16, max(5, height * 3 / 4)))
    return Size(min(usual.width, width), min(usual.height, height))
  }

  private func cells(_ share: Double, _ axis: Border.Axis) -> Int {
    Int((share * Double(axis == .upright ? body.width : body.height)).rounded())
  }

  fileprivate var prefix: String { "\(screen.rawValue) \(isCompact ? "compact" : "full") " }

  private func key(_ border: Border, count: Int) -> String { prefix + "\(count) \(border.key)" }

  // MARK: Moving

  /// The borders of the panels as they lie by themselves, and where each lies now.
  private var movableBorders: [(border: Border, place: Int, range: ClosedRange<Int>)] {
    guard !isZoomed else { return [] }
    let shown = shownPanels
    let order = Self.readingOrder(shown.map(\.area))
    let standard = order.map { shown[$0].area }
    let all = arranged(shown)
    let areas = order.map { all[$0] }
    let least = order.map { leastSize(of: shown[$0]) }
    return Border.all(of: standard).compactMap { border in
      guard let first = border.after.first, let range = border.range(areas, least),
        range.lowerBound < range.upperBound
      else { return nil }
      return (border, border.axis == .upright ? areas[first].x : areas[first].y, range)
    }
  }

  /// The border under a point: it is two cells thick, a frame at both sides.
  func border(at point: Point) -> Border? {
    let shown = shownPanels
    let order = Self.readingOrder(shown.map(\.area))
    let all = arranged(shown)
    let areas = order.map { all[$0] }
    return movableBorders.first { border, place, _ in
      let (along, across) =
        border.axis == .upright ? (point.x, point.y) : (point.y, point.x)
      guard along == place || along == place - 1 else { return false }
      return (border.before + border.after).contains { i in
        border.axis == .upright
          ? (areas[i].y..<areas[i].bottom).contains(across)
          : (areas[i].x..<areas[i].right).contains(across)
      }
    }?.border
  }

  /// Where a border lies now.
  func place(of border: Border) -> Int {
    movableBorders.first { $0.border == border }?.place ?? border.place
  }

  /// Moves a border to a column or row, as far as the panels beside it allow; whether it moved.
  @discardableResult
  mutating func move(_ border: Border, to place: Int) -> Bool {
    guard let found = movableBorders.first(where: { $0.border == border }) else { return false }
    let wanted = min(found.range.upperBound, max(found.range.lowerBound, place))
    guard wanted != found.place else { return false }
    let total = Double(max(1, border.axis == .upright ? body.width : body.height))
    borders[key(border, count: shownPanels.count)] = Double(wanted - border.place) / total
    return true
  }

  /// Puts a border back where it lies by itself.
  mutating func reset(_ border: Border) -> [Effect] {
    borders[key(border, count: shownPanels.count)] = 0
    return [rememberBorders]
  }

  var rememberBorders: Effect { .remember(key: Borders.key, value: borders.text) }

  /// Makes the focused panel wider or narrower, taller or lower, by moving the border after it, or
  /// the one before it where there is none.
  mutating func resizePanel(_ axis: Border.Axis, by cells: Int) -> [Effect] {
    guard !isZoomed else {
      say("the panel fills the screen: z takes it back", .warning)
      return []
    }
    let shown = shownPanels
    let order = Self.readingOrder(shown.map(\.area))
    guard let number = order.firstIndex(where: { shown[$0].id == focusedPanel }) else { return [] }
    let all = movableBorders.filter { $0.border.axis == axis }
    let next = all.first { $0.border.before.contains(number) }
    guard let found = next ?? all.first(where: { $0.border.after.contains(number) }) else {
      let way = axis == .upright ? "wide" : "high"
      say("this panel is as \(way) as it can be: no border beside it moves", .warning)
      return []
    }
    let step = next == nil ? -cells : cells
    guard move(found.border, to: found.place + step) else {
      say(
        cells > 0
          ? "the panel beside it would drop words: it is as large as it can be"
          : "a smaller panel would drop words: it is as small as it can be", .warning)
      return []
    }
    return [rememberBorders]
  }
}

extension Binding {
  /// Larger and smaller panels.
  static let resizing: [Binding] = {
    let ways: [(Key, String, String, Border.Axis, Int)] = [
      (.right, "wider panel", "make the focused panel wider", .upright, 2),
      (.left, "narrower panel", "make the focused panel narrower", .upright, -2),
      (.down, "taller panel", "make the focused panel taller", .level, 1),
      (.up, "lower panel", "make the focused panel lower", .level, -1),
    ]
    return ways.map { key, name, help, axis, cells in
      Binding([KeyStroke(key, .control)], name, help: help + "; or drag its border") {
        $0.resizePanel(axis, by: cells)
      }
    } + [
      Binding(
        [], "standard panels", help: "put the borders of this screen back where they were at first",
        whyNot: { $0.borders.isEmpty ? "no border was moved" : nil }
      ) { $0.resetBorders() }
    ]
  }()
}

extension AppState {
  fileprivate mutating func resetBorders() -> [Effect] {
    borders.removeAll(under: prefix)
    say("the panels are as they were at first", .good)
    return [rememberBorders]
  }
}
