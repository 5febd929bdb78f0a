import Datasets
import KerasCode
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The templates while one chooses: those that fit the data first.
package struct TemplatesState: Sendable {
  let all: [Template.Fitted]
  /// The chosen one of those that show.
  var selection = ListSelection()
  /// What the list is narrowed to: every letter goes there.
  var narrowing = LineEditor()
  /// What becomes of those that were looked at with data of their own, by name.
  var own: [String: Template.Own] = [:]

  /// Those that have what is typed in their name, else in what is said of them.
  var visible: [Template.Fitted] {
    let text = narrowing.text.lowercased()
    guard !text.isEmpty else { return all }
    let named = all.filter { $0.template.program.name.lowercased().contains(text) }
    return named.isEmpty
      ? all.filter { one in
        let program = one.template.program
        return ([program.title] + program.paragraphs).contains { $0.lowercased().contains(text) }
      } : named
  }

  var chosen: Template.Fitted? {
    let visible = visible
    return visible.indices.contains(selection.index) ? visible[selection.index] : nil
  }

  /// What becomes of the chosen one with data of its own.
  var chosenOwn: Template.Own? { chosen.flatMap { own[$0.template.program.name] } }

  /// What the list is narrowed to, for the lower border.
  var narrowingNote: StyledText {
    guard !narrowing.isEmpty else { return StyledText() }
    return .accent("/") + .strong(narrowing.shown(width: 14)) + .secondary(" \(visible.count)")
  }

  /// A letter narrows the list: none does anything else, so that a name can be typed.
  mutating func narrow(by stroke: KeyStroke) {
    let before = narrowing.text
    guard narrowing.press(stroke), narrowing.text != before else { return }
    selection = ListSelection()
  }

  /// Finds out what becomes of the chosen one.
  mutating func look(_ library: DatasetLibrary) {
    guard let program = chosen?.template.program, own[program.name] == nil else { return }
    do { own[program.name] = try chosen?.template.own(library) } catch {
      own[program.name] = .runs("\(error)")
    }
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
      detail: .secondary("\(count) \(count == 1 ? "fits" : "fit") \(state.workpiece.dataset.name)"),
      note: templates.narrowingNote, isFocused: true)
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
        templates, chosen, in: list[1].trimmed(left: 2, top: isWide ? 0 : 1, right: 1), on: &grid)
    }
  }

  private static func drawList(
    _ templates: TemplatesState, in area: Rect, on grid: inout CellGrid
  ) {
    let visible = templates.visible
    if visible.isEmpty { grid.write(.secondary("nothing has it"), at: Point(area.x + 2, area.y)) }
    let scroll = templates.selection.scroll(shown: area.height, count: visible.count)
    for (row, i) in (scroll.first..<min(visible.count, scroll.first + area.height)).enumerated() {
      let one = visible[i]
      let line = area.row(row)
      let isChosen = i == templates.selection.index
      if isChosen {
        grid.highlight(line)
        grid.write(.accent("▶"), at: Point(line.x, line.y))
      }
      let fits = one.model != nil
      grid.write(fits ? .good("●") : .faint("×"), at: Point(line.x + 2, line.y))
      grid.write(
        StyledText(one.template.program.name, fits ? .text : .faint, isChosen ? .bold : []),
        at: Point(line.x + 4, line.y), width: line.width - 4)
    }
  }

  private static func drawPreview(
    _ templates: TemplatesState, _ chosen: Template.Fitted, in area: Rect, on grid: inout CellGrid
  ) {
    var y = area.y
    func write(_ text: StyledText) {
      for line in text.wrapped(to: area.width) where y < area.bottom {
        grid.write(line, at: Point(area.x, y), width: area.width)
        y += 1
      }
    }
    let program = chosen.template.program
    write(.strong(program.title))
    for paragraph in program.paragraphs { write(.secondary(paragraph)) }
    y += area.height >= 18 ? 1 : 0
    if let reason = chosen.reason, templates.chosenOwn?.runsAlone != true {
      write(.bad("× ") + .text("does not fit: \(reason)"))
    }
    write(ways(templates.chosenOwn, program))
    guard let model = chosen.model ?? templates.chosenOwn?.model,
      let network = try? Network(model)
    else { return }
    y += area.height >= 18 ? 1 : 0
    write(
      .text(NumberFormat.integer(network.parameterCount)) + .secondary(" parameters in ")
        + .text("\(network.layers.count)")
        + .secondary(network.layers.count == 1 ? " layer" : " layers")
        + .secondary(chosen.model == nil ? ", with its own data" : ""))
    y = drawLayers(of: network, in: area, from: y, on: &grid)
    guard y + 3 < area.bottom, let lines = try? KerasSource.shortLines(of: model) else { return }
    y += 1
    grid.rule("as Keras code", in: Rect(area.x, y, area.width, 1))
    y += 1
    for line in lines where y < area.bottom {
      grid.write(PythonInk.styled(line), at: Point(area.x, y), width: area.width)
      y += 1
    }
  }

  /// A line for each layer; the row after them.
  private static func drawLayers(
    of network: Network, in area: Rect, from top: Int, on grid: inout CellGrid
  ) -> Int {
    var y = top
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
    return y
  }

  /// What one can do with the program as a whole.
  private static func ways(
    _ own: Template.Own?, _ program: ProgramTemplate
  ) -> StyledText {
    let writes = StyledText.hint(">", "writes \(program.fileName) and \(program.dataFile)")
    guard case .runs(let reason)? = own else {
      return .hint("Tab", "takes it with its data, \(program.data)") + .secondary("; ") + writes
    }
    return .secondary("Not one network but a loop: \(reason). ")
      + .hint("Tab", "writes both files, runs them and plays what was trained")
      + .secondary("; ") + writes
  }

  static func press(
    _ stroke: KeyStroke, _ templates: TemplatesState, _ state: inout AppState
  ) -> [Effect] {
    var templates = templates
    let isEmpty = templates.narrowing.isEmpty
    let isChoice = stroke.key == .enter || isEmpty && stroke.key == .character(" ")
    if let chosen = templates.chosen {
      if isChoice, let model = chosen.model { return take(model, chosen.template, &state) }
      if isChoice || stroke.key == .tab { return takeWhole(templates, &state) }
      if stroke.key == .character(">") { return writeProgram(chosen.template, &state) }
    }
    switch stroke.key {
    case .up, .down, .pageUp, .pageDown, .home, .end:
      _ = templates.selection.handle(
        stroke.key, count: templates.visible.count, shown: max(1, area(state).height - 2))
    // One who is used to searching begins with it.
    case .character("/") where isEmpty: break
    case .enter, .tab: return []
    default: templates.narrow(by: stroke)
    }
    templates.look(state.library)
    state.overlay = .templates(templates)
    return []
  }

  /// Its network for the data in use.
  private static func take(
    _ model: ModelDescription, _ template: Template, _ state: inout AppState
  ) -> [Effect] {
    state.overlay = nil
    let file = template.read(state.workpiece.dataset)
    let model = file?.description ?? model
    state.edit {
      $0.model = model
      // A learning rate that falls over the run falls over this one.
      guard let options = file?.fit?.options else { return }
      ($0.epochs, $0.batchSize) = (options.epochs, options.batchSize)
    }
    state.choose(line: 1)
    state.say("\(template.program.name): u brings the last network back", .good)
    return []
  }

  /// Its network with the data that it is written for.
  private static func takeWhole(_ shown: TemplatesState, _ state: inout AppState) -> [Effect] {
    // A template that was chosen by the mouse was not looked at yet.
    var templates = shown
    templates.look(state.library)
    guard let chosen = templates.chosen else { return [] }
    guard case .opens(let opened, let dataset)? = templates.chosenOwn else {
      state.overlay = nil
      return writeProgram(chosen.template, &state)
        + [.openModel(path: chosen.template.program.fileName)]
    }
    state.overlay = nil
    let effects = state.receive(.model(opened))
    state.edit {
      $0.dataset = dataset
      $0.preparation = DataPreparation()
      $0.isSaved = false
    }
    state.say("\(chosen.template.program.name) with \(dataset.name): u brings back yours", .good)
    return effects
  }

  /// The program and its data as files, for `backstep run` or real Keras.
  private static func writeProgram(_ template: Template, _ state: inout AppState) -> [Effect] {
    let program = template.program
    do {
      let data = try state.library.open(program.data).npz()
      return [
        .writeBytes(path: program.dataFile, bytes: data),
        .writeBytes(path: program.fileName, bytes: Array(program.text.utf8)),
      ]
    } catch {
      state.say("\(error)", .warning)
      return []
    }
  }
}

extension Template.Own {
  var runsAlone: Bool {
    guard case .runs = self else { return false }
    return true
  }

  var model: ModelDescription? {
    guard case .opens(let opened, _) = self else { return nil }
    return opened.model
  }
}

extension AppState {
  /// Opens the list of networks to begin with.
  mutating func offerTemplates() {
    var templates = TemplatesState(all: Template.all(for: workpiece.dataset))
    templates.look(library)
    overlay = .templates(templates)
  }
}
