import NeuralNets
import Tensors
import TerminalGraphics

/// A network of branches as boxes in columns by depth, with lines that one can follow.
struct GraphDiagram {
  /// A box and where it stands.
  struct Box {
    let node: GraphLayout.Node
    let area: Rect
  }

  private let view: BuildView
  private let layout: GraphLayout
  private let area: Rect
  private let marks: GraphMarks?
  private var blueprint: Blueprint { view.blueprint }

  /// Rows of a box: three with what is set, one in little room.
  private let boxHeight: Int
  private let columns: Range<Int>
  /// The left edge and width of each shown column.
  private let spans: [(x: Int, width: Int)]
  private let rows: [Int: Int]

  init(_ view: BuildView, in area: Rect) {
    self.view = view
    self.area = area
    let layout = GraphLayout(view.blueprint.wiring)
    self.layout = layout
    let chosen = Self.chosen(view)
    marks = GraphMarks(view)
    let isTall = layout.laneCount * 4 - 1 <= area.height
    // With weights a box has a row for its units and one for what comes into them.
    let hasWeights = marks != nil && layout.laneCount * 5 - 1 <= area.height
    boxHeight = isTall ? (hasWeights ? 4 : 3) : 1
    let widths = (0..<layout.columnCount).map { column in
      layout.nodes(inColumn: column).map {
        Self.width(of: $0, view.blueprint, isTall: isTall)
      }.max() ?? 6
    }
    let center = layout.places[chosen]?.column ?? layout.columnCount - 1
    let columns = Self.window(widths, around: center, room: area.width, gaps: Self.gaps(layout))
    self.columns = columns
    (spans, rows) = Self.frame(
      layout, columns: columns, widths: widths, boxHeight: boxHeight,
      chosenLane: layout.places[chosen]?.lane ?? 0, in: area)
  }

  /// The chosen node.
  static func chosen(_ view: BuildView) -> GraphLayout.Node {
    switch view.state.chosenSource {
    case .input(let i): .input(i)
    case .call(let i, _): .call(i)
    case .weight, .constant: .input(0)
    }
  }

  /// Whether every column shows.
  var showsAll: Bool { columns.count == layout.columnCount }

  /// `columns 2–5 of 8`, when not all are shown.
  var note: String {
    showsAll
      ? "" : "columns \(columns.lowerBound + 1)–\(columns.upperBound) of \(layout.columnCount)"
  }

  var boxes: [Box] {
    columns.flatMap { column in
      layout.nodes(inColumn: column).compactMap { node -> Box? in
        guard let place = layout.places[node], let y = rows[place.lane] else { return nil }
        let span = spans[column - columns.lowerBound]
        return Box(node: node, area: Rect(span.x, y, span.width, boxHeight))
      }
    }
  }

  // MARK: Frame

  static func label(_ node: GraphLayout.Node, _ blueprint: Blueprint) -> String {
    switch node {
    case .input(let i): blueprint.name(of: .input(i))
    case .call(let i): blueprint.names[blueprint.wiring.calls[i].layer]
    }
  }

  static func shape(_ node: GraphLayout.Node, _ blueprint: Blueprint) -> String {
    switch node {
    case .input(let i): blueprint.shape(of: .input(i))?.tuple ?? "?"
    case .call(let i): blueprint.shape(of: .call(i))?.tuple ?? "waits"
    }
  }

  /// What a box says inside: settings, what a merge does, what is inside a nested model.
  static func inner(_ node: GraphLayout.Node, _ blueprint: Blueprint) -> String {
    guard case .call(let i) = node else { return "input" }
    let layer = blueprint.model.layers[blueprint.wiring.calls[i].layer]
    if case .model(let inner)? = layer.body {
      return inner.layers.count == 1 ? "1 layer" : "\(inner.layers.count) layers"
    }
    if layer.isMerging { return merges[layer.kind] ?? "merges" }
    return SettingText.summary(of: layer)
  }

  private static let merges = [
    "Add": "a + b", "Subtract": "a − b", "Multiply": "a × b", "Average": "(a+b)/n",
    "Maximum": "max(a,b)", "Minimum": "min(a,b)", "Concatenate": "a, b", "Dot": "a · b",
  ]

  private static func width(
    of node: GraphLayout.Node, _ blueprint: Blueprint, isTall: Bool
  ) -> Int {
    let (name, shape) = (label(node, blueprint).count, Self.shape(node, blueprint).count)
    return isTall
      ? min(18, max(name + 4, shape + 4, min(14, inner(node, blueprint).count + 4)))
      : min(24, name + shape + 3)
  }

  /// The columns of the screen between two columns of boxes: one for each box that lines bend to.
  private static func gaps(_ layout: GraphLayout) -> [Int] {
    (0..<layout.columnCount).map { column in
      let bends = Set(
        layout.edges.compactMap { edge -> GraphLayout.Node? in
          guard let from = layout.places[edge.from], let to = layout.places[edge.to],
            from.column <= column, column < to.column
          else { return nil }
          return edge.to
        })
      return 3 + min(4, bends.count)
    }
  }

  private static func window(
    _ widths: [Int], around center: Int, room: Int, gaps: [Int]
  ) -> Range<Int> {
    var range = center..<center + 1
    var used = widths[center]
    while true {
      let before = range.lowerBound - 1
      let after = range.upperBound
      // Both sides grow in turn, the later layers first.
      let wantsAfter = after - center <= center - before
      for next in wantsAfter ? [after, before] : [before, after] where widths.indices.contains(next)
      {
        let gap = gaps[min(next, next > center ? next - 1 : next)]
        guard used + widths[next] + gap <= room else { continue }
        used += widths[next] + gap
        range = min(range.lowerBound, next)..<max(range.upperBound, next + 1)
        break
      }
      if range.lowerBound == before || range.upperBound == after + 1 { continue }
      return range
    }
  }

  private static func frame(
    _ layout: GraphLayout, columns: Range<Int>, widths: [Int], boxHeight: Int, chosenLane: Int,
    in area: Rect
  ) -> (spans: [(x: Int, width: Int)], rows: [Int: Int]) {
    let gaps = gaps(layout)
    let used =
      columns.reduce(0) { $0 + widths[$1] } + columns.dropLast().reduce(0) { $0 + gaps[$1] }
    // What is over widens the gaps.
    let spare = columns.count > 1 ? min(4, max(0, area.width - used) / (columns.count - 1)) : 0
    let total = used + spare * max(0, columns.count - 1)
    var x = area.x + max(0, (area.width - total) / 2)
    let spans = columns.map { column in
      defer { x += widths[column] + gaps[column] + spare }
      return (x: x, width: min(widths[column], area.width))
    }
    let full = Set(
      columns.flatMap { column in
        layout.nodes(inColumn: column).compactMap { layout.places[$0]?.lane }
      })
    let heights = (0..<layout.laneCount).map { full.contains($0) ? boxHeight + 1 : 1 }
    let height = heights.reduce(0, +)
    var y = area.y + max(0, (area.height - height) / 2)
    if height > area.height {
      let above = heights.prefix(chosenLane).reduce(0, +)
      y = area.y - max(0, min(above - area.height / 2, height - area.height))
    }
    var rows: [Int: Int] = [:]
    for lane in 0..<layout.laneCount {
      rows[lane] = y
      y += heights[lane]
    }
    return (spans, rows)
  }

  /// The row in which lines run along a lane.
  private func middle(_ lane: Int, isBox: Bool) -> Int? {
    rows[lane].map { $0 + (isBox || isFull(lane) ? boxHeight / 2 : 0) }
  }

  private func isFull(_ lane: Int) -> Bool {
    guard let y = rows[lane], let next = rows[lane + 1] else { return boxHeight > 1 }
    return next - y > 1
  }

  // MARK: Drawing

  func draw(on grid: inout CellGrid) {
    grid.clipped(to: area) { grid in
      drawLines(on: &grid)
      let chosen = Self.chosen(view)
      let isLayer = view.line <= blueprint.model.layers.count
      for box in boxes { draw(box, isChosen: isLayer && box.node == chosen, on: &grid) }
    }
  }

  private func drawLines(on grid: inout CellGrid) {
    let chosen = Self.chosen(view)
    var canvas = LineCanvas()
    let sorted = layout.edges.sorted { a, _ in a.from != chosen && a.to != chosen }
    for edge in sorted {
      let ink: Ink = edge.from == chosen || edge.to == chosen ? .accent : .secondary
      addLine(edge, ink, to: &canvas)
    }
    canvas.draw(on: &grid)
    for edge in sorted {
      guard let to = layout.places[edge.to], columns.contains(to.column),
        let y = middle(to.lane, isBox: true)
      else { continue }
      let isMarked = edge.from == chosen || edge.to == chosen
      let x = spans[to.column - columns.lowerBound].x - 1
      guard to.column > columns.lowerBound || x >= area.x else { continue }
      grid.put("▶", at: Point(x, y), ink: isMarked ? .accent : .secondary)
    }
  }

  private func addLine(_ edge: GraphLayout.Edge, _ ink: Ink, to canvas: inout LineCanvas) {
    guard let from = layout.places[edge.from], let to = layout.places[edge.to] else { return }
    let lanes = [from.lane] + edge.lanes + [to.lane]
    for column in from.column..<to.column {
      let step = column - from.column
      let isLast = column + 1 == to.column
      guard let y = middle(lanes[step], isBox: step == 0),
        let next = middle(lanes[step + 1], isBox: isLast)
      else { continue }
      let start = right(of: column, isBox: step == 0)
      let end = left(of: column + 1)
      guard let start, let end else {
        // A line that leaves what is shown, or comes from there.
        if let start { canvas.across(y, from: start, to: area.right - 1, ink: ink) }
        if let end { canvas.across(next, from: area.x, to: end, ink: ink) }
        continue
      }
      let bend = max(start, end - 1 - bendPlace(edge, column))
      canvas.across(y, from: start - 1, to: bend, ink: ink)
      canvas.down(bend, from: y, to: next, ink: ink)
      canvas.across(next, from: bend, to: end, ink: ink)
      if !isLast, let span = span(column + 1) {
        canvas.across(next, from: end, to: span.x + span.width, ink: ink)
      }
    }
  }

  /// Lines to one box bend in one column, those to another in the next one.
  private func bendPlace(_ edge: GraphLayout.Edge, _ column: Int) -> Int {
    var targets: [GraphLayout.Node] = []
    for other in layout.edges {
      guard let from = layout.places[other.from], let to = layout.places[other.to],
        from.column <= column, column < to.column, !targets.contains(other.to)
      else { continue }
      let lanes = [from.lane] + other.lanes + [to.lane]
      let step = column - from.column
      if lanes[step] != lanes[step + 1] { targets.append(other.to) }
    }
    let isBent = targets.firstIndex(of: edge.to)
    return min(isBent ?? 0, 4)
  }

  private func span(_ column: Int) -> (x: Int, width: Int)? {
    columns.contains(column) ? spans[column - columns.lowerBound] : nil
  }

  private func right(of column: Int, isBox: Bool) -> Int? {
    span(column).map { $0.x + $0.width }
  }

  private func left(of column: Int) -> Int? { span(column).map { $0.x - 1 } }

  private func draw(_ box: Box, isChosen: Bool, on grid: inout CellGrid) {
    let name = Self.label(box.node, blueprint)
    let shape = Self.shape(box.node, blueprint)
    let isFailing = isFailing(box.node)
    let ink: Ink = isChosen ? .accent : isFailing ? .bad : .border
    let text: Ink = isChosen ? .accent : isFailing ? .bad : shape == "waits" ? .faint : .text
    let title = StyledText((isFailing ? "×" : "") + name, text, isChosen ? .bold : [])
    let area = box.area
    grid.fill(area)
    guard boxHeight >= 3 else {
      grid.write(
        title + StyledText(" " + shape, .secondary), at: Point(area.x + 1, area.y),
        width: area.width - 2)
      let rest = Rect(area.x + 2 + title.width, area.y, area.width - 3 - title.width, 1)
      if let marks, marks.hasUnits(box.node) {
        grid.fill(rest)
        marks.drawUnits(of: box.node, in: rest, on: &grid)
      }
      grid.put("[", at: area.origin, ink: ink)
      grid.put("]", at: Point(area.right - 1, area.y), ink: ink)
      return
    }
    grid.drawFrame(area, ink: ink)
    grid.write(title, at: Point(area.x + 2, area.y), width: area.width - 3)
    let inner = shared(box.node).map { "×\($0) shared" } ?? Self.inner(box.node, blueprint)
    let row = Rect(area.x + 2, area.y + 1, area.width - 3, 1)
    if marks?.drawUnits(of: box.node, in: row, on: &grid) != true {
      grid.write(.secondary(inner.replacing(" · ", with: " ")), at: row.origin, width: row.width)
    }
    if boxHeight == 4 {
      marks?.drawWeights(of: box.node, in: Rect(row.x, row.y + 1, row.width, 1), on: &grid)
    }
    grid.write(
      StyledText(shape, isChosen ? .accent : .secondary), at: Point(row.x, area.bottom - 1),
      width: row.width)
  }

  private func isFailing(_ node: GraphLayout.Node) -> Bool { Self.isFailing(node, blueprint) }

  static func isFailing(_ node: GraphLayout.Node, _ blueprint: Blueprint) -> Bool {
    guard case .call(let call) = node, let failure = blueprint.failure?.layer else { return false }
    return blueprint.wiring.calls[call].layer == failure && blueprint.shape(of: .call(call)) == nil
  }

  private func shared(_ node: GraphLayout.Node) -> Int? { Self.shared(node, blueprint) }

  /// How often a layer is called, where that is more than once.
  static func shared(_ node: GraphLayout.Node, _ blueprint: Blueprint) -> Int? {
    guard case .call(let call) = node else { return nil }
    let layer = blueprint.wiring.calls[call].layer
    let count = blueprint.wiring.calls.count { $0.layer == layer }
    return count > 1 ? count : nil
  }
}
