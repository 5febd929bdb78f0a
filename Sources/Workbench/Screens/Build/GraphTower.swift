import NeuralNets
import Tensors
import TerminalGraphics

/// A network of branches from top to bottom: a row for each depth, branches side by side. It shows
/// more of a deep network than columns do.
struct GraphTower {
  private let view: BuildView
  private let layout: GraphLayout
  private let area: Rect
  private let chosen: GraphLayout.Node
  private let lanes: [(x: Int, width: Int)]
  private let rows: [Int]
  /// Whether boxes say the shape of what they give.
  private let hasShapes: Bool
  private let marks: GraphMarks?
  /// The columns that a box has beside its name at least.
  private let least: Int
  /// Those of six units, a blank and six weights, and of fewer.
  private static let strips = [13, 11, 9]
  private var blueprint: Blueprint { view.blueprint }

  init(_ view: BuildView, in area: Rect) {
    self.view = view
    self.area = area
    let layout = GraphLayout(view.blueprint.wiring)
    self.layout = layout
    marks = GraphMarks(view)
    let chosen = GraphDiagram.chosen(view)
    self.chosen = chosen
    let lane = layout.places[chosen]?.lane ?? 0
    func widths(_ least: Int) -> [Int] {
      Self.widths(layout, view.blueprint, hasShapes: true, least: least)
    }
    func fits(_ widths: [Int]) -> Bool {
      widths.reduce(0, +) + 2 * (widths.count - 1) <= area.width
    }
    // With a run a box has room for marks, as many as there is room for.
    let least = marks == nil ? 0 : Self.strips.first { fits(widths($0)) } ?? 0
    self.least = least
    let full = widths(least)
    hasShapes = fits(full)
    // Names are whole where all lanes have room for them.
    let whole = Self.widths(layout, view.blueprint, hasShapes: false, most: 30)
    let isWhole = whole.reduce(0, +) + whole.count - 1 <= area.width
    let named = isWhole ? whole : Self.widths(layout, view.blueprint, hasShapes: false)
    lanes = Self.lanes(
      hasShapes ? full : named,
      gap: hasShapes ? 2 : 1, lane, in: area)
    rows = Self.rows(layout, layout.places[chosen]?.column ?? 0, in: area)
  }

  /// How many depths show.
  private var shownCount: Int { rows.count { $0 >= area.y && $0 < area.bottom } }

  /// `rows 2–9 of 12`, when not all are shown.
  var note: String {
    guard shownCount < rows.count, let first = rows.firstIndex(where: { $0 >= area.y }) else {
      return ""
    }
    return "rows \(first + 1)–\(first + shownCount) of \(rows.count)"
  }

  var boxes: [GraphDiagram.Box] {
    layout.places.compactMap { node, place in
      let (lane, y) = (lanes[place.lane], rows[place.column])
      guard y >= area.y, y < area.bottom else { return nil }
      let width = min(
        lane.width, Self.width(node, blueprint, hasShapes: hasShapes, least: least))
      return GraphDiagram.Box(
        node: node, area: Rect(lane.x + (lane.width - width) / 2, y, width, 1))
    }
  }

  // MARK: Frame

  private static func width(
    _ node: GraphLayout.Node, _ blueprint: Blueprint, hasShapes: Bool, least: Int = 0
  ) -> Int {
    let name = GraphDiagram.label(node, blueprint).count + 2
    let shared = GraphDiagram.shared(node, blueprint) == nil ? 0 : 3
    return name + shared
      + (hasShapes ? max(least, GraphDiagram.shape(node, blueprint).count) + 1 : 0)
  }

  /// The width of each lane; one that lines only pass through is narrow.
  private static func widths(
    _ layout: GraphLayout, _ blueprint: Blueprint, hasShapes: Bool, least: Int = 0, most: Int = 14
  ) -> [Int] {
    var widths = [Int](repeating: hasShapes ? 3 : 1, count: max(1, layout.laneCount))
    for (node, place) in layout.places {
      let width = width(node, blueprint, hasShapes: hasShapes, least: least)
      widths[place.lane] = max(widths[place.lane], min(hasShapes ? 30 : most, width))
    }
    return widths
  }

  private static func lanes(
    _ widths: [Int], gap: Int, _ chosen: Int, in area: Rect
  ) -> [(x: Int, width: Int)] {
    let total = widths.reduce(0, +) + gap * (widths.count - 1)
    var x = area.x + max(0, (area.width - total) / 2)
    if total > area.width {
      let left = widths.prefix(chosen).reduce(0) { $0 + $1 + gap }
      x = area.x - max(0, min(left - area.width / 3, total - area.width))
    }
    return widths.map { width in
      defer { x += width + gap }
      return (x, width)
    }
  }

  /// The row of each depth: with as much between them as lines to different boxes need.
  private static func rows(_ layout: GraphLayout, _ chosen: Int, in area: Rect) -> [Int] {
    let gaps = (0..<max(0, layout.columnCount - 1)).map { column in
      max(1, min(3, bent(layout, column).count))
    }
    let total = layout.columnCount + gaps.reduce(0, +)
    // What is over goes between the rows, evenly.
    let spare = gaps.isEmpty ? 0 : min(2, max(0, area.height - total) / gaps.count)
    let height = total + spare * gaps.count
    var rows: [Int] = []
    var y = 0
    for column in 0..<layout.columnCount {
      rows.append(y)
      y += 1 + (gaps.indices.contains(column) ? gaps[column] + spare : 0)
    }
    let place = rows.indices.contains(chosen) ? rows[chosen] : 0
    let top =
      height <= area.height
      ? area.y + (area.height - height) / 2
      : area.y - max(0, min(place - area.height / 2, height - area.height))
    return rows.map { $0 + top }
  }

  /// The boxes to which lines bend between a depth and the next.
  private static func bent(_ layout: GraphLayout, _ column: Int) -> [GraphLayout.Node] {
    var targets: [GraphLayout.Node] = []
    for edge in layout.edges {
      guard let from = layout.places[edge.from], let to = layout.places[edge.to],
        from.column <= column, column < to.column, !targets.contains(edge.to)
      else { continue }
      let lanes = [from.lane] + edge.lanes + [to.lane]
      if lanes[column - from.column] != lanes[column - from.column + 1] { targets.append(edge.to) }
    }
    return targets
  }

  private func center(_ lane: Int) -> Int { lanes[lane].x + lanes[lane].width / 2 }

  // MARK: Drawing

  func draw(on grid: inout CellGrid) {
    grid.clipped(to: area) { grid in
      var canvas = LineCanvas()
      for edge in layout.edges.sorted(by: { a, _ in a.from != chosen && a.to != chosen }) {
        add(edge, to: &canvas)
      }
      canvas.draw(on: &grid)
      let isLayer = view.line <= blueprint.model.layers.count
      for box in boxes { draw(box, isChosen: isLayer && box.node == chosen, on: &grid) }
    }
  }

  private func add(_ edge: GraphLayout.Edge, to canvas: inout LineCanvas) {
    guard let from = layout.places[edge.from], let to = layout.places[edge.to] else { return }
    let ink: Ink = edge.from == chosen || edge.to == chosen ? .accent : .secondary
    let ways = [from.lane] + edge.lanes + [to.lane]
    for column in from.column..<to.column {
      let step = column - from.column
      let (x, next) = (center(ways[step]), center(ways[step + 1]))
      let (top, bottom) = (rows[column], rows[column + 1])
      // The lines go on under the boxes, which are drawn over them.
      guard x != next else {
        canvas.down(x, from: top, to: bottom, ink: ink)
        continue
      }
      let place = Self.bent(layout, column).firstIndex(of: edge.to) ?? 0
      let bend = max(top + 1, bottom - 1 - place)
      canvas.down(x, from: top, to: bend, ink: ink)
      canvas.across(bend, from: min(x, next), to: max(x, next), ink: ink)
      canvas.down(next, from: bend, to: bottom, ink: ink)
    }
  }

  private func draw(_ box: GraphDiagram.Box, isChosen: Bool, on grid: inout CellGrid) {
    let shape = GraphDiagram.shape(box.node, blueprint)
    let isFailing = GraphDiagram.isFailing(box.node, blueprint)
    let ink: Ink =
      isChosen ? .accent : isFailing ? .bad : shape == "waits" ? .faint : .text
    let shared = GraphDiagram.shared(box.node, blueprint).map { " ×\($0)" } ?? ""
    let name = StyledText(
      (isFailing ? "×" : "") + GraphDiagram.label(box.node, blueprint), ink, isChosen ? .bold : [])
    grid.fill(box.area, background: isChosen ? .selection : .bar)
    let edges: (Unicode.Scalar, Unicode.Scalar) = isChosen ? ("▶", "◀") : ("[", "]")
    if isChosen || !grid.ability.hasBackgrounds {
      grid.put(edges.0, at: box.area.origin, ink: isChosen ? .accent : .border)
      grid.put(
        edges.1, at: Point(box.area.right - 1, box.area.y), ink: isChosen ? .accent : .border)
    }
    let title = name + .warning(shared)
    // Half a shape says less than none.
    let hasRoom = hasShapes && title.width + 1 + shape.count <= box.area.width - 2
    grid.write(
      title + .secondary(hasRoom ? " " + shape : ""), at: Point(box.area.x + 1, box.area.y),
      width: box.area.width - 2)
    // With a run the place of the shape shows the units.
    let rest = Rect(
      box.area.x + 2 + title.width, box.area.y, max(0, box.area.width - 3 - title.width), 1)
    guard hasShapes, rest.width > 3, let marks, marks.hasUnits(box.node) else { return }
    grid.fill(rest, background: isChosen ? .selection : .bar)
    marks.drawBoth(of: box.node, in: rest, on: &grid)
  }
}

/// The picture of a graph: in columns where all of them have room, else from top to bottom.
struct GraphPicture {
  private let diagram: GraphDiagram
  private let tower: GraphTower
  let isTower: Bool

  init(_ view: BuildView, in area: Rect) {
    diagram = GraphDiagram(view, in: area)
    tower = GraphTower(view, in: area)
    isTower = !diagram.showsAll
  }

  var note: String { isTower ? tower.note : diagram.note }
  var boxes: [GraphDiagram.Box] { isTower ? tower.boxes : diagram.boxes }

  func draw(on grid: inout CellGrid) {
    if isTower { tower.draw(on: &grid) } else { diagram.draw(on: &grid) }
  }
}
