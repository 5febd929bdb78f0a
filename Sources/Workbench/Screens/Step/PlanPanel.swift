import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One row of the plan as it is drawn.
struct PlanRow: Hashable, Sendable {
  enum Content: Hashable, Sendable {
    case phase(Phase)
    /// The head of a fold that is open, or a fold that is closed.
    case fold(FoldPath, isOpen: Bool)
    case instruction
  }

  let content: Content
  let range: Range<Int>
  let depth: Int

  /// The rows of a listing: a head for each phase and each open fold.
  /// - Parameter isFlat: whether open folds go without heads and instructions without indentation.
  static func rows(of listing: Listing, _ plan: Plan, isFlat: Bool = false) -> [PlanRow] {
    var rows: [PlanRow] = []
    var phase: Phase?
    var open: [String] = []
    for line in listing.lines {
      let instruction = plan.instructions[line.range.lowerBound]
      if instruction.phase != phase {
        phase = instruction.phase
        open = []
        rows.append(PlanRow(content: .phase(instruction.phase), range: line.range, depth: 0))
      }
      // The folds that are open around this line; a closed one is the line itself.
      let scopes = Array(instruction.scopes.prefix(line.fold.map { $0.count - 1 } ?? .max))
      let kept = zip(open, scopes).prefix { $0 == $1 }.count
      for depth in kept..<max(kept, scopes.count) where !isFlat {
        let path = Array(scopes[...depth])
        let end =
          plan.instructions[line.range.lowerBound...].firstIndex {
            $0.phase != instruction.phase || !$0.scopes.starts(with: path)
          } ?? plan.instructions.count
        rows.append(
          PlanRow(
            content: .fold(FoldPath(phase: instruction.phase, scopes: path), isOpen: true),
            range: line.range.lowerBound..<end, depth: depth))
      }
      open = scopes
      let content: Content =
        line.fold.map { .fold(FoldPath(phase: instruction.phase, scopes: $0), isOpen: false) }
        ?? .instruction
      rows.append(
        PlanRow(content: content, range: line.range, depth: isFlat ? 0 : line.depth))
    }
    return rows
  }
}

/// The plan: every instruction of the step in folds, what is done, and where one is.
struct PlanPanel: StepView {
  let scene: StepScene
  let rows: [PlanRow]
  /// Whether all instructions fit with their layers before them, so that no fold is needed.
  private let isFlat: Bool
  /// The settings of the optimizer, at an update.
  private let note: OptimizerNote?
  /// The instructions that a breakpoint stops before.
  private let stops: Set<Int>

  init(scene: StepScene) {
    self.scene = scene
    let moment = scene.moment
    // A list that is not long shows what the line writes instead.
    note = OptimizerNote(scene.state, moment).flatMap {
      scene.area.height >= 18 + $0.height ? $0 : nil
    }
    stops = scene.state.lab.stops(in: moment.plan)
    let isSimple = moment.listing.lines.allSatisfy { $0.fold == nil && $0.depth < 2 }
    let flat = PlanRow.rows(of: moment.listing, moment.plan, isFlat: true)
    isFlat = isSimple && flat.count <= scene.area.height - 2
    rows = isFlat ? flat : PlanRow.rows(of: moment.listing, moment.plan)
  }

  /// The row of the instruction just done.
  private var here: Int {
    guard let instruction = moment.instruction else { return 0 }
    return rows.firstIndex { row in
      switch row.content {
      case .instruction, .fold(_, isOpen: false): row.range.contains(instruction)
      case .phase, .fold(_, isOpen: true): false
      }
    } ?? 0
  }

  /// The chosen row: the cursor's, or the position's.
  var chosen: Int { min(max(0, state.step.planRow ?? here), max(0, rows.count - 1)) }

  /// What the line writes stands below the list where there is room.
  private var noteHeight: Int {
    let height = Self.noteHeight(note, moment, area)
    // A list that fits as a whole does not begin to scroll for a note.
    return isFlat && rows.count + height > area.height - 2 ? 0 : height
  }

  private static func noteHeight(
    _ note: OptimizerNote?, _ moment: StepMoment, _ area: Rect
  ) -> Int {
    if let note { return note.height }
    if let fold = moment.fold {
      return area.height >= 22 ? min(fold.formulas.count, 3) + 1 : 0
    }
    let count = min(moment.results.count, 3)
    return area.height >= 22 && count > 0 ? count + (moment.results.count > 1 ? 2 : 1) : 0
  }

  private var listArea: Rect { area.inset().trimmed(bottom: noteHeight) }

  private var first: Int {
    let shown = listArea.height
    let target = state.step.planRow == nil ? here + min(4, shown / 4) : chosen
    guard rows.count > shown else { return 0 }
    let start = state.step.planRow == nil ? target - shown * 2 / 3 : chosen - shown / 2
    return min(max(0, start), rows.count - shown)
  }

  func row(at point: Point) -> Int? {
    let index = first + point.y - listArea.y
    return listArea.contains(point) && rows.indices.contains(index) ? index : nil
  }

  // MARK: Keys

  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    guard let moment = state.lab.moment,
      let area = state.panels.first(where: { $0.id == "plan" })?.area
    else { return nil }
    let panel = PlanPanel(scene: StepScene(state, moment, area))
    var row = panel.chosen
    switch stroke.key {
    case .up, .character("k"): row -= 1
    case .down, .character("j"): row += 1
    case .pageUp: row -= panel.listArea.height
    case .pageDown: row += panel.listArea.height
    case .home: row = 0
    case .end: row = panel.rows.count - 1
    // A line has no sides: these choose a number, as beside the plan.
    case .left, .right: return CellCursor.handle(stroke, &state)
    default: return nil
    }
    state.step.planRow = min(max(0, row), panel.rows.count - 1)
    return []
  }

  /// Opens or closes the fold of the chosen row, or goes to the instruction in it.
  static func enter(_ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment,
      let area = state.panels.first(where: { $0.id == "plan" })?.area
    else { return [] }
    let panel = PlanPanel(scene: StepScene(state, moment, area))
    let row = panel.rows[panel.chosen]
    switch row.content {
    case .instruction: return StepBindings.go(row.range.upperBound, step: moment.step, &state)
    case .phase(let phase):
      return StepBindings.go(
        moment.plan.range(of: phase).lowerBound + 1, step: moment.step, &state)
    case .fold(let fold, let isOpen):
      state.step.planRow = panel.chosen
      if isOpen {
        state.step.interest.openFolds.remove(fold)
        state.step.interest.closedFolds.insert(fold)
      } else {
        state.step.interest.closedFolds.remove(fold)
        state.step.interest.openFolds.insert(fold)
      }
      return [.lab(.look(state.interest))]
    }
  }

  // MARK: Drawing

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let scroll = ScrollPosition(first: first, shown: listArea.height, total: rows.count)
    let inside = grid.box(
      area, title: "Plan", isFocused: isFocused, scroll: scroll)
    let summary = Fitting.text(summaries, width: area.width - 11)
    if !summary.isEmpty { grid.write(.secondary(" \(summary) "), at: Point(area.x + 8, area.y)) }
    for (line, index) in (first..<min(rows.count, first + listArea.height)).enumerated() {
      draw(index, at: inside.row(line), isFocused, on: &grid)
    }
    if noteHeight > 0 { drawNote(inside.trimmed(top: listArea.height), on: &grid) }
  }

  /// `64-64-32-10 · batch 32`; of other layers than Dense as many as Build counts: `6 layers · batch
  /// 32`.
  private var summaries: [String] {
    let batch = "batch \(moment.plan.batchSize)"
    guard let layers = state.lab.network?.layers else { return [batch] }
    let isDense = layers.allSatisfy { $0.kind == "Dense" } && layers.count <= 5
    let sizes = layers.prefix(1).map(\.inputShape.last) + layers.map(\.outputShape.last)
    let net =
      isDense
      ? sizes.map(String.init).joined(separator: "-")
      : layers.count == 1 ? "1 layer" : "\(layers.count) layers"
    return [net + " · " + batch, net, batch]
  }

  private func draw(
    _ index: Int, at line: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let row = rows[index]
    if case .phase(let phase) = row.content {
      grid.rule(.secondary(phase.rawValue), in: line)
    } else {
      drawLine(row, isHere: index == here && moment.instruction != nil, line, on: &grid)
    }
    if index == here, moment.instruction != nil { grid.highlight(line) }
    if state.step.planRow != nil, index == chosen, isFocused {
      grid.highlight(line, background: index == here ? .selection : .bar)
      grid.put("›", at: Point(line.x, line.y), ink: .accent, attributes: .bold)
    }
  }

  private func drawLine(_ row: PlanRow, isHere: Bool, _ line: Rect, on grid: inout CellGrid) {
    let phase = moment.plan.instructions[row.range.lowerBound].phase
    let isHead = if case .fold(_, isOpen: true) = row.content { true } else { false }
    // The head of an open fold is on its way as soon as one of its lines is done.
    let isDone =
      isHead ? row.range.lowerBound < moment.done : row.range.upperBound <= moment.done
    let mark: StyledText =
      isHere ? .accent("▶") : isDone ? StyledText("●", phase.ink) : .faint("○")
    grid.write(mark, at: Point(line.x + 1, line.y))
    if stops.contains(where: row.range.contains), !isHead {
      grid.write(.bad("◆"), at: line.origin)
    }
    var end = ending(row, isHere: isHere, isDone: isDone, phase)
    var x = line.x + 3
    if row.content == .instruction {
      let number = NumberFormat.padded(String(row.range.upperBound), to: digits)
      grid.write(.secondary(number), at: Point(x, line.y))
    }
    x += digits + 1 + row.depth * 2
    // A long name comes before what the mark says too.
    if TextWidth.columns(self.title(row)) > line.right - 2 - x - end.width {
      end = StyledText()
    }
    let room = max(0, line.right - 1 - x - end.width - (end.isEmpty ? 0 : 1))
    let ink: Ink = isDone || isHere ? .text : .secondary
    let shape = self.shape(row)
    let title = StyledText(self.title(row), ink, isHere ? .bold : [])
    let taken = grid.write(title, at: Point(x, line.y), width: room)
    if !shape.isEmpty, room - taken > shape.count {
      // Shapes stand in one column where titles leave it free.
      let column = max(x + taken + 1, min(line.x + 18, x + room - shape.count))
      grid.write(.faint(shape), at: Point(column, line.y))
    }
    grid.writeTrailing(end, in: Rect(line.x, line.y, line.width - 1, 1))
  }

  /// Those of the last instruction's number.
  private var digits: Int { max(2, String(moment.plan.instructions.count).count) }

  private func title(_ row: PlanRow) -> String {
    switch row.content {
    case .fold(let fold, let isOpen):
      let name = fold.scopes.last ?? ""
      return (isOpen ? "− " : "+ ") + name
    case .instruction, .phase:
      let instruction = moment.plan.instructions[row.range.lowerBound]
      let layer = isFlat ? instruction.layer.map { $0 + " " } ?? "" : ""
      return layer + instruction.title
    }
  }

  private func shape(_ row: PlanRow) -> String {
    guard row.content == .instruction,
      let first = moment.plan.instructions[row.range.lowerBound].results.first
    else { return "" }
    return "[" + first.value.shape.extents.map(String.init).joined(separator: ",") + "]"
  }

  private func ending(
    _ row: PlanRow, isHere: Bool, isDone: Bool, _ phase: Phase
  ) -> StyledText {
    if case .fold = row.content {
      let numbers =
        row.range.count == 1
        ? "\(row.range.upperBound)" : "\(row.range.lowerBound + 1)–\(row.range.upperBound)"
      return isDone ? StyledText(numbers, phase.ink) : .faint(numbers)
    }
    if isHere { return .accent("here") }
    guard isDone, let number = moment.firstNumbers[row.range.lowerBound] else {
      return isDone ? StyledText() : .faint("not yet")
    }
    let isAlone =
      moment.plan.instructions[row.range.lowerBound].results.first?.value.shape.count == 1
    let text = NumberFormat.column(number, width: isAlone ? 7 : 6, decimals: isAlone ? 4 : 2)
    return StyledText(String(text.drop { $0 == " " }) + (isAlone ? "" : " …"), phase.ink)
  }

  /// What the line writes, the array one looks at marked.
  private func drawNote(_ area: Rect, on grid: inout CellGrid) {
    if let note {
      note.draw(in: area, on: &grid)
      return
    }
    if let fold = moment.fold {
      grid.rule(.secondary("this fold gives"), in: area)
      for (row, formula) in fold.formulas.prefix(3).enumerated() {
        grid.write(
          .text(formula), at: Point(area.x + 1, area.y + 1 + row), width: area.width - 2)
      }
      return
    }
    grid.rule(.secondary("this line writes"), in: area)
    guard let index = moment.instruction else { return }
    let results = moment.plan.instructions[index].results
    for (place, result) in results.prefix(3).enumerated() {
      let isChosen = place == moment.result
      let line = area.row(place + 1)
      let shape = "[" + result.value.shape.extents.map(String.init).joined(separator: ",") + "]"
      let name = Fitting.text(
        [result.formula, moment.plan[result.value].symbol], width: line.width - 2)
      let taken = grid.write(
        StyledText(name, isChosen ? .accent : .secondary, isChosen ? .bold : []),
        at: Point(line.x + 1, line.y), width: line.width - 2)
      if taken + shape.count + 3 <= line.width {
        grid.writeTrailing(.faint(shape), in: line.trimmed(right: 1))
      }
    }
    if results.count > 1 {
      grid.write(
        .accent("{ }") + .secondary(" look at another"),
        at: Point(area.x + 1, area.bottom - 1))
    }
  }
}
