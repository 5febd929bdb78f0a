import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// Build: a network, layer by layer, as a list, as a diagram and as Keras code.
package enum BuildScreen: Screen {
  package static let name = ScreenName.build

  package static func panels(_ state: AppState, in area: Rect) -> [Panel] {
    BuildLayout.panels(state, fits: Blueprint(state.workpiece).failure == nil, in: area)
  }

  package static func bindings(_ state: AppState) -> [Binding] { BuildBindings.all(state) }

  package static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    let view = BuildView(state)
    for panel in panels where !panel.area.isEmpty {
      let isFocused = state.focusedPanel == panel.id
      grid.clipped(to: panel.area) { view.draw(panel, isFocused: isFocused, on: &$0) }
    }
  }

  package static func status(_ state: AppState, isCompact: Bool) -> StyledText {
    let path = state.workpiece.fileName
    // Of a long path the file's own name is what one looks for.
    let short = path.lastIndex(of: "/").map { "…" + path[$0...] } ?? path
    let name = StyledText.secondary(state.size.width < 70 ? "" : isCompact ? short : path)
    if Blueprint(state.workpiece).failure != nil {
      return name + .bad(" ×") + (isCompact ? "" : .secondary(" does not fit"))
    }
    if state.size.width < 70 {
      return state.workpiece.isSaved
        ? .good("● ") + .text("saved") : .warning("○ ") + .text("unsaved")
    }
    if state.workpiece.isSaved {
      return name + .good(" ●") + (isCompact ? "" : .secondary(" saved"))
    }
    return name + .warning(" ○") + (isCompact ? "" : .secondary(" not saved"))
  }

  package static func arrive(_ state: inout AppState) -> [Effect] {
    state.build.facts = state.dataFacts
    state.choose(line: state.buildLine)
    return []
  }

  package static func about(_ state: AppState) -> String? {
    "A network layer by layer: its list, its picture, the settings of what is chosen, what is "
      + "checked, and the same as Keras code. Whatever you change in one, the others follow."
  }

  /// Takes Keras code from the clipboard: one edit, or a text that says what was not understood.
  static func paste(_ text: String, _ state: inout AppState) -> [Effect] {
    if state.isEditingCode {
      // A whole program does not belong in the middle of another one.
      if let draft = state.build.draft, !draft.isChanged, text.contains("import "),
        ["Sequential(", "Model("].contains(where: { text.contains($0) })
      {
        state.build.draft?.replace(by: text)
        state.say("the pasted program is the text now; Esc leaves it as it was", .good)
      } else {
        state.build.draft?.insert(text)
      }
      return []
    }
    do {
      let before = state.workpiece.model
      var model = try KerasSource.pasted(text, on: before)
      if model.compilation == nil { model.compilation = before.compilation }
      let grew = model.layers.count - before.layers.count
      let isMore =
        grew > 0 && before.isChain
        && Array(model.layers.prefix(before.layers.count)) == before.layers
      if AppState.isProgram(text) { return [.readProgram(text)] }
      state.edit { $0.model = model }
      state.choose(line: isMore ? model.layers.count : 1)
      state.say(
        isMore
          ? "\(grew) pasted at the end; u takes it back"
          : "the network is that of the pasted code; u brings the last one back", .good)
    } catch {
      let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
      state.overlay = .reader(Reader("The pasted code makes no network", lines.map(String.init)))
    }
    return []
  }

  /// Takes a line of Keras code typed at `:`: `model.add(Dense(8))`, or a layer alone.
  static func typed(_ line: String, _ state: inout AppState) -> [Effect] {
    do {
      var model = try KerasSource.network(state.workpiece.model, after: line)
      if model.compilation == nil { model.compilation = state.workpiece.model.compilation }
      guard model != state.workpiece.model else {
        state.say("that line leaves the network as it is")
        return []
      }
      state.edit { $0.model = model }
      state.choose(line: model.layers.count)
      state.say("done; u takes it back", .good)
    } catch {
      let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
      state.overlay = .reader(Reader("The line was not understood", lines.map(String.init)))
    }
    return []
  }

  package static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    switch state.focusedPanel {
    case "layers": moveInLayers(stroke, &state)
    case "network": state.moveInDiagram(stroke.key) ? [] : nil
    case "checks": moveInChecks(stroke, &state)
    case "inspector": moveInInspector(stroke, &state)
    case "ways": moveInWays(stroke, &state)
    case "code": moveInCode(stroke, &state)
    default: nil
    }
  }

  private static func moveInLayers(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    if stroke.key == .left || stroke.key == .right {
      state.stepField(stroke.key == .left ? -1 : 1)
      return []
    }
    let lines =
      LineOrder(Blueprint(state.workpiece)).lines + [state.workpiece.model.layers.count + 1]
    let place = lines.firstIndex(of: state.buildLine) ?? 0
    guard let next = moved(place, stroke.key, count: lines.count) else { return nil }
    state.choose(line: lines[max(0, min(next, lines.count - 1))])
    return []
  }

  private static func moveInChecks(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let checks = state.buildChecks
    let marked = state.build.markedCheck(of: checks)
    guard let check = moved(marked, stroke.key, count: checks.count) else { return nil }
    state.build.check = check
    return []
  }

  private static func moveInInspector(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    switch stroke.key {
    case .left, .character("-"): state.stepField(-1)
    case .right, .character("+"), .character("="): state.stepField(1)
    case .character(" "): state.openField()
    default:
      let count = state.inspectorFields.count
      guard let field = moved(state.build.field, stroke.key, count: count) else { return nil }
      state.build.field = field
    }
    return []
  }

  private static func moveInWays(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let count = WayOut.all(for: Blueprint(state.workpiece), state.workpiece.dataset).count
    guard let way = moved(state.build.wayOut, stroke.key, count: count) else { return nil }
    state.build.wayOut = way
    return []
  }

  /// Arrows go from one line of code that is about a layer to the next.
  private static func moveInCode(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    var lines: [Int] = []
    for line in KerasSource.lines(of: state.workpiece).compactMap(\.about)
    where !lines.contains(line) { lines.append(line) }
    let place = lines.firstIndex(of: state.buildLine) ?? 0
    guard let next = moved(place, stroke.key, count: lines.count), lines.indices.contains(next)
    else { return nil }
    state.choose(line: lines[next])
    return []
  }

  private static func moved(_ place: Int, _ key: Key, count: Int) -> Int? {
    var selection = ListSelection(index: min(place, max(0, count - 1)))
    return selection.handle(key, count: count, shown: 8) ? selection.index : nil
  }

  package static func click(_ point: Point, _ panel: Panel, _ state: inout AppState) -> [Effect] {
    let inside = panel.area.inset()
    switch panel.id {
    case "layers":
      let view = LayerListPanel(BuildView(state))
      if let line = view.line(at: point, in: inside) {
        state.build.rows = view.selection(clicking: line, in: inside)
        state.choose(line: line)
      }
    case "network": NetworkPanel.click(point, in: panel.area, &state)
    case "inspector":
      InspectorPanel.click(point, in: panel.area, &state)
    case "checks":
      if let check = ChecksPanel(BuildView(state)).check(at: point, in: panel.area) {
        state.build.check = check
      }
    case "ways":
      if let way = WaysPanel(BuildView(state)).way(at: point, in: panel.area) {
        state.build.wayOut = way
      }
    case "code": return CodePanel.click(point, in: panel.area, &state)
    default: break
    }
    return []
  }
}

/// What every panel of Build draws from, found once a frame and shared by all: the state is too large
/// to be copied into each of them.
final class BuildView {
  let state: AppState
  let blueprint: Blueprint
  let line: Int
  let order: LineOrder

  init(_ state: AppState) {
    self.state = state
    blueprint = Blueprint(state.workpiece)
    line = state.buildLine
    order = LineOrder(blueprint)
  }

  func draw(_ panel: Panel, isFocused: Bool, on grid: inout CellGrid) {
    let area = panel.area
    switch panel.id {
    case "layers": LayerListPanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    case "inspector": InspectorPanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    case "network": NetworkPanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    case "checks": ChecksPanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    case "code": CodePanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    case "why": WhyPanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    default: WaysPanel(self).draw(in: area, isFocused: isFocused, on: &grid)
    }
  }
}
