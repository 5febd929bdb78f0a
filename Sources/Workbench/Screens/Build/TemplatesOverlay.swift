import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// The templates while one chooses: those that fit the data first.
package struct TemplatesState: Sendable {
  let all: [Template.Fitted]
  var selection = ListSelection()

  var chosen: Template.Fitted? {
    all.indices.contains(selection.index) ? all[selection.index] : nil
  }
}

/// The list of templates with a preview of the chosen one: layers, parameters, what it suits.
enum TemplatesOverlay {
  private static func area(_ state: AppState) -> Rect {
    state.body.centered(
      Size(min(100, state.size.width - 2), min(28, max(10, state.size.height - 2))))
  }

  static func draw(_ templates: TemplatesState, _ state: AppState, on grid: inout CellGrid) {
    let area = area(state)
    grid.fill(area)
    let count = templates.all.count { $0.model != nil }
    let inside = grid.box(
      area, title: "Templates",
      detail: .secondary("\(count) fit \(state.workpiece.dataset.name)"), isFocused: true)
    let isWide = inside.width >= 56
    let list = isWide ? inside.columns(.cells(29), .share(1)) : inside.rows(.share(2), .share(3))
    drawList(templates, in: list[0], on: &grid)
    if isWide {
      for y in inside.y..<inside.bottom { grid.put("│", at: Point(list[1].x, y), ink: .border) }
    } else {
      grid.rule(in: list[1].row(0))
    }
    if let chosen = templates.chosen {
      drawPreview(
        chosen, in: list[1].trimmed(left: 2, top: isWide ? 0 : 1, right: 1), on: &grid)
    }
  }

  private static func drawList(
    _ templates: TemplatesState, in area: Rect, on grid: inout CellGrid
  ) {
    let scroll = templates.selection.scroll(shown: area.height, count: templates.all.count)
    for (row, i) in (scroll.first..<min(templates.all.count, scroll.first + area.height))
      .enumerated()
    {
      let one = templates.all[i]
      let line = area.row(row)
      let isChosen = i == templates.selection.index
      if isChosen {
        grid.highlight(line)
        grid.write(.accent("▶"), at: Point(line.x, line.y))
      }
      let fits = one.model != nil
      grid.write(fits ? .good("●") : .faint("×"), at: Point(line.x + 2, line.y))
      grid.write(
        StyledText(one.template.title, fits ? .text : .faint, isChosen ? .bold : []),
        at: Point(line.x + 4, line.y), width: line.width - 4)
    }
  }

  private static func drawPreview(
    _ chosen: Template.Fitted, in area: Rect, on grid: inout CellGrid
  ) {
    var y = area.y
    func write(_ text: StyledText) {
      for line in text.wrapped(to: area.width) where y < area.bottom {
        grid.write(line, at: Point(area.x, y), width: area.width)
        y += 1
      }
    }
    write(.strong(chosen.template.title))
    write(.secondary(chosen.template.suits))
    y += 1
    if let reason = chosen.reason {
      write(.bad("× ") + .text("does not fit: \(reason)"))
      return
    }
    guard let model = chosen.model, let network = try? Network(model) else { return }
    write(
      .text(NumberFormat.integer(chosen.parameters)) + .secondary(" parameters in ")
        + .text("\(network.layers.count)")
        + .secondary(network.layers.count == 1 ? " layer" : " layers"))
    y += area.height >= 16 ? 1 : 0
    let names = network.layers.map { layer in
      (layer.kind, SettingText.summary(of: layer.component), layer.outputShape.tuple)
    }
    let width = names.map(\.0.count).max() ?? 0
    for (kind, settings, shape) in names where y < area.bottom {
      grid.write(.text(kind), at: Point(area.x + 2, y))
      grid.write(
        .secondary(settings), at: Point(area.x + 4 + width, y),
        width: max(0, area.width - width - 6 - shape.count))
      grid.writeTrailing(.secondary(shape), in: Rect(area.x, y, area.width, 1))
      y += 1
    }
    guard y + 3 < area.bottom, let lines = try? KerasSource.shortLines(of: model) else { return }
    y += 1
    grid.rule("as Keras code", in: Rect(area.x, y, area.width, 1))
    y += 1
    for line in lines where y < area.bottom {
      grid.write(PythonInk.styled(line), at: Point(area.x, y), width: area.width)
      y += 1
    }
  }

  static func press(
    _ stroke: KeyStroke, _ templates: TemplatesState, _ state: inout AppState
  ) -> [Effect] {
    var templates = templates
    if stroke.key == .enter || stroke.key == .character(" ") {
      guard let chosen = templates.chosen else { return [] }
      guard let model = chosen.model else {
        state.say("not this one: \(chosen.reason ?? "")", .warning)
        return []
      }
      state.overlay = nil
      state.edit { $0.model = model }
      state.choose(line: 1)
      state.say("\(chosen.template.title): u brings the last network back", .good)
      return []
    }
    _ = templates.selection.handle(
      stroke.key, count: templates.all.count, shown: max(1, area(state).height - 2))
    state.overlay = .templates(templates)
    return []
  }
}

extension AppState {
  /// Opens the list of networks to begin with.
  mutating func offerTemplates() {
    overlay = .templates(TemplatesState(all: Template.all(for: workpiece.dataset)))
  }
}
