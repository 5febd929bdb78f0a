import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// The list: input, layers, training; with shapes, weights, and what does not fit.
struct LayerListPanel {
  private enum Row: Hashable {
    case heading, blank, rule, parameters
    /// A line that can be chosen.
    case line(Int)
    /// What flows from a line to the next.
    case link(Int)
    case keys(Int)
  }

  private let view: BuildView
  private var model: ModelDescription { view.blueprint.model }
  private var lastLine: Int { model.layers.count + 1 }

  init(_ view: BuildView) { self.view = view }

  func draw(in area: Rect, isFocused: Bool, on grid: inout CellGrid) {
    let rows = rows(in: area.inset())
    let scroll = scroll(rows, shown: area.height - 2)
    let count = model.layers.count
    let inside = grid.box(
      area, title: "Layers", detail: .secondary(count == 1 ? "1 layer" : "\(count) layers"),
      isFocused: isFocused, scroll: scroll)
    for (i, row) in rows.dropFirst(scroll.first).prefix(inside.height).enumerated() {
      draw(row, in: inside.row(i), on: &grid)
    }
  }

  /// The line under a point.
  func line(at point: Point, in inside: Rect) -> Int? {
    let rows = rows(in: inside)
    let index = point.y - inside.y + scroll(rows, shown: inside.height).first
    guard rows.indices.contains(index), case .line(let line) = rows[index] else { return nil }
    return line
  }

  private func scroll(_ rows: [Row], shown: Int) -> ScrollPosition {
    selection(rows).scroll(shown: shown, count: rows.count)
  }

  /// The chosen row, and from where on the rows show.
  private func selection(_ rows: [Row]) -> ListSelection {
    var selection = view.state.build.rows
    selection.select(rows.firstIndex(of: .line(view.line)) ?? 0, count: rows.count)
    return selection
  }

  /// What shows once a line is chosen by a click: all stays where it is.
  func selection(clicking line: Int, in inside: Rect) -> ListSelection {
    let rows = rows(in: inside)
    var selection = selection(rows)
    selection.choose(
      rows.firstIndex(of: .line(line)) ?? 0, shown: inside.height, count: rows.count)
    return selection
  }

  /// As airy as the height allows.
  private func rows(in inside: Rect) -> [Row] {
    let lines = view.order.lines
    let end: [Row] = [.rule, .parameters, .line(lastLine)]
    let linked =
      !model.isChain
      ? lines.map { .line($0) }
      : lines.flatMap { $0 == lines.last ? [Row.line($0)] : [.line($0), .link($0)] }
    var choices: [[Row]] = [
      [.heading, .blank] + linked + end, [.heading] + linked + end, linked + end,
    ]
    let failing = view.blueprint.failingLine
    // A single reason stays between the lines even where there is no room for the shapes.
    let close = lines.flatMap {
      model.isChain && $0 + 1 == failing ? [Row.line($0), .link($0)] : [.line($0)]
    }
    choices += [[.heading] + close + end, close + end, close + [.line(lastLine)]]
    let rows = choices.first { $0.count <= inside.height } ?? choices[choices.count - 1]
    // The first keys are the most used: as many as there is room for.
    let room = inside.height - rows.count - 1
    guard room > 0, rows.first == .heading else { return rows }
    return rows + [.blank] + keyHints.indices.prefix(room).map { .keys($0) }
  }

  private var keyHints: [StyledText] {
    [
      .hint("a", "add below  ") + " " + .hint("A", "add above"),
      .hint("x", "delete     ") + " " + .hint("d", "duplicate"),
      .hint("J K", "move     ") + " " + .hint("u", "undo ") + .hint("U", "redo"),
    ]
      + (model.isChain
        ? [.hint("b", "branch     ") + " " + .hint("g", "skip, merge, …")]
        : [
          .hint("b", "branch     ") + " " + .hint("S", "skip layers"),
          .hint("m", "merge      ") + " " + .hint("r", "rewire"),
        ])
      + [.hint("T", "templates  ") + " " + .hint("n", "new network")]
  }

  private func draw(_ row: Row, in line: Rect, on grid: inout CellGrid) {
    switch row {
    case .blank: break
    case .heading:
      let text = columns(
        "layer", [.secondary("settings")], output: .secondary("output"), .secondary("params"),
        in: line)
      text.draw(in: line, kind: .secondary("layer"), on: &grid)
    case .rule: grid.rule(in: line.trimmed(left: 1, right: 1))
    case .parameters:
      let total = view.blueprint.failure == nil
      grid.write(.secondary("parameters"), at: Point(line.x + 3, line.y))
      grid.writeTrailing(
        total ? .strong(NumberFormat.integer(view.blueprint.parameterCount)) : .faint("—"),
        in: line.trimmed(right: 1))
    case .keys(let i):
      grid.write(keyHints[i], at: Point(line.x + 1, line.y), width: line.width - 1)
    case .link(let i): drawLink(after: i, in: line, on: &grid)
    case .line(let i): drawLine(i, in: line, on: &grid)
    }
  }

  // MARK: Lines

  /// The texts of a line and where they stand.
  private struct Columns {
    /// In full, then shorter.
    let settings: [StyledText]
    let output: StyledText?
    let weights: StyledText
    let kindWidth: Int

    func draw(in line: Rect, kind: StyledText, on grid: inout CellGrid) {
      // Where little fits, what a layer does says more than how many weights it has.
      let isTight = line.width < 30
      let weightsWidth = isTight ? 0 : output == nil ? weights.width + 1 : max(weights.width, 7)
      let outputWidth = output == nil ? 0 : 12
      let settingsX = line.x + 3 + kindWidth + 1
      let settingsWidth = line.right - 1 - weightsWidth - outputWidth - 1 - settingsX
      grid.write(kind, at: Point(line.x + 3, line.y), width: kindWidth)
      let versions =
        settings
        + settings.map {
          StyledText.secondary($0.plain.replacing(" · ", with: " "))
        }
      let shown =
        versions.first { $0.width <= settingsWidth } ?? versions.min { $0.width < $1.width }
      grid.write(
        (shown ?? StyledText()).truncatedAtWord(to: max(0, settingsWidth)),
        at: Point(settingsX, line.y))
      if let output {
        grid.write(
          output, at: Point(line.right - 1 - weightsWidth - outputWidth, line.y),
          width: outputWidth)
      }
      if !isTight { grid.writeTrailing(weights, in: line.trimmed(right: 1)) }
    }
  }

  private func columns(
    _ kind: String, _ settings: [StyledText], output: StyledText, _ weights: StyledText,
    in line: Rect
  ) -> Columns {
    Columns(
      settings: settings, output: hasOutput(line) ? output : nil, weights: weights,
      kindWidth: max(8, kind.count))
  }

  private func hasOutput(_ line: Rect) -> Bool { line.width >= 44 }

  private func drawLine(_ i: Int, in line: Rect, on grid: inout CellGrid) {
    let isChosen = i == view.line
    if isChosen {
      grid.highlight(line)
      grid.write(.accent("▶"), at: Point(line.x + 1, line.y))
    }
    if i == lastLine {
      grid.write(StyledText("compile", .text, isChosen ? .bold : []), at: Point(line.x + 3, line.y))
      grid.write(
        .secondary(compilation), at: Point(line.x + 12, line.y), width: max(0, line.width - 13))
      return
    }
    // In a graph layers are called by name, since others name what they take.
    let own = model.isChain || i == 0 ? nil : view.blueprint.names[i - 1]
    let kind = i == 0 ? "Input" : own ?? model.layers[i - 1].kind
    let isWaiting = i > 0 && view.blueprint.place(i - 1) == nil
    let isFailing = i > 0 && i == view.blueprint.failingLine
    let ink: Ink = isFailing && !model.isChain ? .bad : isWaiting && !isFailing ? .secondary : .text
    // A branch stands a little to the right of the one it left.
    let indent = 2 * min(3, view.order.indents[i] ?? 0)
    if indent > 0 {
      grid.put("╰", at: Point(line.x + 1 + indent, line.y), ink: .border)
      if isChosen { grid.put("▶", at: Point(line.x + 1, line.y), ink: .accent) }
    }
    columns(
      kind, settings(of: i).map { .secondary($0) }, output: output(of: i),
      weights(of: i, isWide: hasOutput(line.trimmed(left: indent))), in: line.trimmed(left: indent)
    ).draw(
      in: line.trimmed(left: indent), kind: StyledText(kind, ink, isChosen ? .bold : []), on: &grid)
  }

  private var compilation: String {
    guard let compilation = model.compilation else { return "not yet: c sets it" }
    let rate = compilation.optimizer.arguments["learning_rate"]
    return "\(compilation.optimizer.kind) \(SettingText.value(rate))"
  }

  /// What a line says of its layer: in full, then shorter.
  private func settings(of line: Int) -> [String] {
    if line > 0 {
      let said = SettingText.summary(of: model.layers[line - 1])
      let own = model.layers[line - 1].isMerging ? "" : said
      let parts = own.split(separator: " · ").map(String.init)
      // What is said last is left out first.
      let fewer = (1..<max(2, parts.count)).reversed().map {
        parts.prefix($0).joined(separator: " · ")
      }
      guard view.blueprint.sources.indices.contains(line - 1) else { return [said] + fewer }
      let calls = view.blueprint.wiring.calls.count { $0.layer == line - 1 }
      let shared = calls > 1 ? "shared ×\(calls)" : ""
      // What comes from the line above needs no word.
      let taken =
        view.order.follows.contains(line)
        ? "" : "← " + view.blueprint.sources[line - 1].joined(separator: ", ")
      let versions =
        [[own, shared, taken]] + fewer.map { [$0, shared, taken] }
        + (taken.isEmpty ? [] : [[fewer.last ?? "", taken], [taken]])
      return versions.map { $0.filter { !$0.isEmpty }.joined(separator: " ") }
        + [mergedWith(line)].compactMap(\.self)
        // Rather nothing than an arrow to nothing.
        + (model.layers[line - 1].isMerging
          ? ["of \(view.blueprint.sources[line - 1].count)"] : taken.isEmpty ? [] : [""])
    }
    if let inputs = model.wiring?.inputs, inputs.count > 1 {
      return ["\(inputs.count): " + inputs.map(\.shape.tuple).joined(separator: ", ")]
    }
    let shape = view.blueprint.inputShape
    return [
      shape.rank == 1
        ? "\(shape[0]) features" : shape.extents.map(String.init).joined(separator: "×")
    ]
  }

  /// What a merge takes beside the line above it.
  private func mergedWith(_ line: Int) -> String? {
    guard model.layers[line - 1].isMerging, let place = view.order.lines.firstIndex(of: line),
      place > 1
    else { return nil }
    let above = view.blueprint.names[view.order.lines[place - 1] - 1]
    let sources = view.blueprint.sources[line - 1]
    guard sources.contains(above) else { return nil }
    return "with " + sources.filter { $0 != above }.joined(separator: ", ")
  }

  private func output(of line: Int) -> StyledText {
    if line == 0 { return .text(view.blueprint.inputShape.tuple) }
    if let place = view.blueprint.place(line - 1) { return .text(place.outputShape.tuple) }
    return line == view.blueprint.failingLine ? .bad("does not fit") : .faint("waits")
  }

  /// - Parameter isWide: whether the column of outputs says what does not fit.
  private func weights(of line: Int, isWide: Bool) -> StyledText {
    guard line > 0, let place = view.blueprint.place(line - 1) else {
      if line == 0 || isWide { return .faint("—") }
      return line == view.blueprint.failingLine ? .bad("no fit") : .faint("waits")
    }
    return StyledText(NumberFormat.integer(place.parameterCount), .series(0))
  }

  private func drawLink(after i: Int, in line: Rect, on grid: inout CellGrid) {
    let isFailing = i + 1 == view.blueprint.failingLine
    grid.put("│", at: Point(line.x + 4, line.y), ink: isFailing ? .bad : .border)
    let room = line.width - 8
    if isFailing, let failure = view.blueprint.failure {
      let reason = WindowMisfit(view.blueprint, layer: failure.layer)?.reason ?? failure.problem
      let text = StyledText.bad("× \(reason)")
      let isTight = text.width > room
      grid.write(
        text, at: Point(line.x + (isTight ? 1 : 7), line.y), width: isTight ? line.width - 2 : room)
    } else if line.width < 44 {
      let shape =
        i == 0
        ? view.blueprint.inputShape
        : view.blueprint.placed.indices.contains(i - 1)
          ? view.blueprint.placed[i - 1].outputShape : nil
      if let shape {
        grid.write(.faint(shape.batched), at: Point(line.x + 7, line.y), width: room)
      }
    }
  }
}

/// The order in which the lines of the list stand: a graph's branches each by themselves.
struct LineOrder: Hashable, Sendable {
  /// The input and the layers; the line of training comes after them.
  let lines: [Int]
  /// How far a layer stands to the right, where it does.
  private(set) var indents: [Int: Int] = [:]
  /// Lines that take what the line above gives, and only that.
  private(set) var follows: Set<Int> = []

  init(_ blueprint: Blueprint) {
    let count = blueprint.model.layers.count
    guard !blueprint.model.isChain else {
      lines = Array(0...count)
      return
    }
    var found = [0]
    var before: Int?
    for (call, indent) in GraphLayout(blueprint.wiring).rows(blueprint.wiring) {
      let line = blueprint.wiring.calls[call].layer + 1
      guard !found.contains(line) else { continue }
      found.append(line)
      if indent > 0 { indents[line] = indent }
      let inputs = blueprint.wiring.calls[call].inputs
      let isFirst = before == nil && inputs == [.input(0)] && blueprint.wiring.inputs.count == 1
      if isFirst || (inputs.count == 1 && before != nil && inputs[0].call == before) {
        follows.insert(line)
      }
      before = call
    }
    lines = found + (1...max(1, count)).filter { $0 <= count && !found.contains($0) }
  }
}
