import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The network as a picture: columns of units for layers in a row, boxes and lines for branches.
struct NetworkPanel {
  private let view: BuildView
  private var blueprint: Blueprint { view.blueprint }

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    if blueprint.model.isChain {
      let diagram = UnitDiagram(view, in: Self.room(area))
      grid.box(
        area, title: "Network", detail: .secondary(diagram.note), isFocused: isFocused)
      diagram.draw(on: &grid)
    } else {
      let diagram = GraphPicture(view, in: Self.graphRoom(area))
      let layers = blueprint.model.layers.count
      let all = area.width < 40 ? "\(layers) layers" : "a graph of \(layers) layers"
      let marks = GraphMarks(view)
      let count = view.state.workpiece.dataset.count
      let notes = diagram.note.isEmpty ? marks?.notes(of: count) ?? [all] : [diagram.note]
      grid.box(
        area, title: "Network", detail: Fitting.detail(notes, beside: "Network", in: area),
        isFocused: isFocused)
      diagram.draw(on: &grid)
      let row = area.inset().row(-1)
      guard let marks, row.height > 0 else { return drawWords(in: row, on: &grid) }
      let legend = marks.legend(width: row.width - 2, isAscii: grid.ability.glyphs == .ascii)
      grid.write(legend, at: Point(row.x + 1, row.y), width: row.width - 1)
    }
  }

  /// What lines and marks mean, below a graph.
  private func drawWords(in row: Rect, on grid: inout CellGrid) {
    guard row.height > 0, row.width > 20 else { return }
    let words: StyledText =
      row.width >= 46
      ? .hint("b", "branch") + "  " + .hint("S", "skip") + "  " + .hint("m", "merge") + "  "
        + .hint("r", "rewire") + "  " + .hint("g", "all")
      : .hint("b", "branch") + " " + .hint("g", "more")
    grid.write(words, at: Point(row.x + 1, row.y), width: row.width - 1)
  }

  static func room(_ area: Rect) -> Rect { area.inset() }
  static func graphRoom(_ area: Rect) -> Rect { area.inset().inset(rows: 0).trimmed(bottom: 1) }

  /// Chooses what lies under a point.
  static func click(_ point: Point, in area: Rect, _ state: inout AppState) {
    let view = BuildView(state)
    guard view.blueprint.model.isChain else {
      let boxes = GraphPicture(view, in: graphRoom(area)).boxes
      if let box = boxes.first(where: { $0.area.contains(point) }) { state.choose(box.node) }
      return
    }
    guard let hit = UnitDiagram(view, in: room(area)).hit(point) else { return }
    state.choose(line: hit.line)
    state.build.unit = hit.unit
  }
}

extension AppState {
  /// Chooses a node of the graph.
  mutating func choose(_ node: GraphLayout.Node) {
    switch node {
    case .input(let i):
      choose(line: 0)
      build.input = i
    case .call(let i):
      guard let calls = workpiece.model.wiring?.calls, calls.indices.contains(i) else { return }
      choose(line: calls[i].layer + 1)
      build.call = i
    }
  }

  /// An arrow in the diagram: along lines from layer to layer, up and down over units or lanes.
  mutating func moveInDiagram(_ key: Key) -> Bool {
    let steps: (columns: Int, lanes: Int)
    switch key {
    case .left: steps = (-1, 0)
    case .right: steps = (1, 0)
    case .up, .character("k"): steps = (0, -1)
    case .down, .character("j"): steps = (0, 1)
    default: return false
    }
    guard workpiece.model.isChain else {
      let view = BuildView(self)
      let layout = GraphLayout(view.blueprint.wiring)
      let area = panels.first { $0.id == "network" }?.area ?? body
      // From top to bottom, up and down follow the lines.
      let isTower = GraphPicture(view, in: NetworkPanel.graphRoom(area)).isTower
      let turned = isTower ? (columns: steps.lanes, lanes: steps.columns) : steps
      if let next = layout.neighbor(of: GraphDiagram.chosen(view), turned) { choose(next) }
      return true
    }
    if steps.columns != 0 {
      choose(line: max(0, min(buildLine + steps.columns, workpiece.model.layers.count)))
      return true
    }
    let blueprint = Blueprint(workpiece)
    let shape = buildLine == 0 ? blueprint.inputShape : blueprint.place(buildLine - 1)?.outputShape
    guard let count = shape?.last, count > 0 else { return true }
    switch build.unit {
    case nil: build.unit = steps.lanes > 0 ? 0 : count - 1
    case let unit? where (0..<count).contains(unit + steps.lanes): build.unit = unit + steps.lanes
    default: build.unit = nil
    }
    return true
  }

  /// The setting that says how large the chosen layer is: units, filters, a rate.
  var sizeField: InspectorField? {
    let names = ["units", "filters", "output_dim", "pool_size", "rate", "size", "n", "epsilon"]
    let fields = inspectorFields
    return names.lazy.compactMap { name in fields.first { $0.spec.name == name } }.first
  }
}
