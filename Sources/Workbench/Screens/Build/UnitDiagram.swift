import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// Layers in a row as columns of units, stacks of feature maps, steps of a sequence; what connects
/// them; and, where a run has this network, its weights and the values for one example.
struct UnitDiagram {
  /// A column of the diagram: the input, or a layer that makes something new.
  struct Column {
    enum Look {
      /// Units one below the other.
      case units
      /// Units that take their own output of the step before.
      case recurrent
      /// Feature maps one behind the other.
      case maps
      /// Steps of time one below the other, their numbers side by side.
      case sequence
    }

    let name: String
    let line: Int
    let shape: Shape
    let look: Look
    let isChosen: Bool
    /// [inputs, units] of the layer, when a run has them.
    let kernel: Tensor?
    /// What it gives for the example, when a run has it.
    let values: Tensor?

    /// The units of a row; the maps of an image; the features of a sequence.
    var count: Int { shape.last }
    var label: String {
      switch look {
      case .maps: "\(shape[0])×\(shape[1])×\(count)"
      case .sequence: "\(shape.extents.dropLast().reduce(1, *)) × \(count)"
      case .units, .recurrent: "× \(NumberFormat.integer(count))"
      }
    }
  }

  private let view: BuildView
  private let all: [Column]
  private let shown: [Column]
  private let places: [Rect]
  private let body: Rect
  private let area: Rect
  private let numbers: RunNumbers?
  private let hasLegend: Bool
  /// Whether its words name the keys of Build.
  private let hasKeys: Bool

  private static let mostDrawn = 8

  init(_ view: BuildView, in area: Rect, hasKeys: Bool = true) {
    self.view = view
    self.area = area
    self.hasKeys = hasKeys
    numbers = RunNumbers(view.state)
    all = Self.columns(view, numbers)
    shown = Self.window(all, most: max(2, area.width / 11))
    hasLegend = area.height >= 9
    body = area.trimmed(top: 1, bottom: 1 + (hasLegend ? (area.height >= 14 ? 2 : 1) : 0))
    places = area.inset(rows: 0).columns(
      Array(repeating: Extent.share(1), count: shown.count))
  }

  /// What is drawn of it and what the numbers are of, as much as has room.
  var note: String {
    var parts: [String] = []
    if let numbers, !numbers.kernels.isEmpty {
      parts.append("weights of step \(NumberFormat.integer(numbers.step))")
    }
    if shown.count < all.count { parts.append("\(shown.count) of \(all.count) columns") }
    let widest = shown.filter { $0.look == .units || $0.look == .recurrent }.map(\.count).max()
    if let widest, widest > Self.mostDrawn {
      parts.append("\(Self.mostDrawn) of \(NumberFormat.integer(widest)) drawn")
    }
    func isWide() -> Bool { parts.joined(separator: " · ").count > max(8, area.width - 14) }
    while isWide(), parts.count > 1 { parts.removeLast() }
    // Of one part alone a shorter form.
    if isWide(), let numbers, !numbers.kernels.isEmpty {
      parts[0] = "step \(NumberFormat.integer(numbers.step))"
    }
    return parts.reversed().joined(separator: " · ")
  }

  // MARK: What is drawn

  private static func columns(_ view: BuildView, _ numbers: RunNumbers?) -> [Column] {
    let blueprint = view.blueprint
    let shape = blueprint.inputShape
    let example = numbers.flatMap {
      $0.input.count == shape.count ? Tensor(shape: shape, scalars: $0.input) : nil
    }
    let input = Column(
      name: "Input", line: 0, shape: shape, look: look(shape, ""), isChosen: view.line == 0,
      kernel: nil, values: example)
    return [input]
      + blueprint.placed.enumerated().compactMap { i, layer in
        let isChosen = view.line == i + 1
        let changes =
          layer.inputShape != layer.outputShape || !layer.weights.isEmpty
          || !LayerCatalog.kindsThatKeepNumbers.contains(layer.kind)
        guard changes || isChosen else { return nil }
        let kernel = numbers?.kernels[layer.name].flatMap { $0.shape.rank == 2 ? $0 : nil }
        let values = values(of: i, blueprint, numbers)
        return Column(
          name: layer.name, line: i + 1, shape: layer.outputShape,
          look: look(layer.outputShape, layer.kind), isChosen: isChosen,
          kernel: layer.kind == "Embedding" ? nil : kernel, values: values)
      }
  }

  /// What a layer gives for the example; of one that changes no number what it gets.
  private static func values(
    of layer: Int, _ blueprint: Blueprint, _ numbers: RunNumbers?
  ) -> Tensor? {
    let placed = blueprint.placed[layer]
    let own =
      numbers?.values[placed.name]
      ?? (LayerCatalog.kindsThatKeepNumbers.contains(placed.kind) && layer > 0
        ? values(of: layer - 1, blueprint, numbers) : nil)
    guard let own, own.count == placed.outputShape.count else { return nil }
    return own.reshaped(to: placed.outputShape)
  }

  private static func look(_ shape: Shape, _ kind: String) -> Column.Look {
    if shape.rank == 3 { return .maps }
    if shape.rank == 2 { return .sequence }
    return ["LSTM", "GRU", "SimpleRNN"].contains(kind) ? .recurrent : .units
  }

  /// The columns around the chosen one, when there are more than fit.
  private static func window(_ all: [Column], most: Int) -> [Column] {
    guard all.count > most else { return all }
    let chosen = all.firstIndex(where: \.isChosen) ?? all.count - 1
    let first = max(0, min(chosen - most / 2, all.count - most))
    return Array(all[first..<first + most])
  }

  // MARK: Where it lies

  private func rect(_ i: Int) -> Rect {
    Rect(places[i].x, body.y, places[i].width, body.height)
  }

  /// The numbers of the units drawn of a column: the first ones, or those around the chosen one.
  private func units(_ column: Column) -> Range<Int> {
    let most = min(
      Self.mostDrawn, column.count, max(1, body.height - (column.look == .recurrent ? 2 : 0)))
    guard column.isChosen, let unit = view.state.build.unit else { return 0..<most }
    let first = max(0, min(unit - most / 2, column.count - most))
    return first..<first + most
  }

  /// The rows of the units of a column, evenly over the height.
  private func rows(_ column: Column, in rect: Rect) -> [Int] {
    let count = units(column).count
    let top = column.look == .recurrent ? 2 : 0
    let room = max(1, rect.height - top)
    let step = max(1, min(2, room / max(1, count)))
    let first = rect.y + top + max(0, (room - (step * (count - 1) + 1)) / 2)
    return (0..<count).map { first + step * $0 }
  }

  /// The column of the screen in which units stand.
  private func center(of rect: Rect) -> Int { rect.x + (rect.width - 1) / 2 }

  /// The layer under a point, and the unit when one is hit.
  func hit(_ point: Point) -> (line: Int, unit: Int?)? {
    guard let i = places.firstIndex(where: { point.x >= $0.x && point.x < $0.right }) else {
      return nil
    }
    let column = shown[i]
    let rect = rect(i)
    guard column.look == .units || column.look == .recurrent,
      abs(point.x - center(of: rect)) <= 1,
      let row = rows(column, in: rect).firstIndex(of: point.y)
    else { return (column.line, nil) }
    return (column.line, units(column).lowerBound + row)
  }

  // MARK: Drawing

  func draw(on grid: inout CellGrid) {
    guard area.height >= 4, !shown.isEmpty else { return }
    grid.clipped(to: area) { grid in
      for (i, column) in shown.enumerated() {
        let name = LayerNames.fitted(column.name, width: places[i].width - 1)
        write(name, column, in: Rect(places[i].x, area.y, places[i].width, 1), on: &grid)
        if i + 1 < shown.count { drawConnections(i, on: &grid) }
      }
      for (i, column) in shown.enumerated() {
        let foot = Rect(places[i].x, body.bottom, places[i].width, 1)
        write(column.label, column, in: foot, on: &grid)
        switch column.look {
        case .maps: drawStack(column, in: rect(i), on: &grid)
        case .sequence: drawSequence(column, in: rect(i), on: &grid)
        case .units, .recurrent: drawUnits(column, in: rect(i), on: &grid)
        }
      }
      if hasLegend { drawLegend(on: &grid) }
    }
  }

  private func write(
    _ text: String, _ column: Column, in row: Rect, on grid: inout CellGrid
  ) {
    let ink: Ink = column.isChosen ? .accent : .secondary
    grid.write(
      StyledText(text, row.y == area.y && !column.isChosen ? .text : ink), at: row.origin,
      width: row.width - 1, alignment: .center)
  }

  private func drawUnits(_ column: Column, in rect: Rect, on grid: inout CellGrid) {
    let x = center(of: rect)
    let rows = rows(column, in: rect)
    let units = units(column)
    let limit = UnitMarks.limit(column.values)
    for (y, unit) in zip(rows, units) {
      let (scalar, ink) = UnitMarks.unit(column.values?.scalars[unit], limit)
      let marked = hasKeys && column.isChosen && (view.state.build.unit ?? unit) == unit
      if marked {
        grid.put("(", at: Point(x - 1, y), ink: .accent)
        grid.put(")", at: Point(x + 1, y), ink: .accent)
      }
      let plain: Ink = marked && column.values == nil ? .accent : ink
      grid.put(scalar, at: Point(x, y), ink: plain)
    }
    if column.look == .recurrent, let first = rows.first { drawLoop(x, first, on: &grid) }
    if units.lowerBound > 0, let first = rows.first, first - 1 >= rect.y {
      grid.put("┊", at: Point(x, first - 1), ink: .secondary)
    }
    if column.count > units.upperBound, let last = rows.last, last + 1 < rect.bottom {
      grid.put("┊", at: Point(x, last + 1), ink: .secondary)
    }
  }

  /// Each step of time feeds the next: a line that comes back.
  private func drawLoop(_ x: Int, _ first: Int, on grid: inout CellGrid) {
    grid.write(.accent("╭──╮"), at: Point(x, first - 2))
    grid.write(.accent("▼  │"), at: Point(x, first - 1))
    grid.write(.accent("─╯"), at: Point(x + 2, first))
  }

  /// Steps of time from top to bottom, the numbers of each side by side.
  private func drawSequence(_ column: Column, in rect: Rect, on grid: inout CellGrid) {
    let steps = column.shape.extents.dropLast().reduce(1, *)
    let drawn = min(steps, max(1, min(8, rect.height - 1)))
    let width = max(1, min(column.count, rect.width - 5, 6))
    let x = rect.x + max(0, (rect.width - 1 - width) / 2)
    let top = rect.y + max(0, (rect.height - drawn) / 2)
    let limit = UnitMarks.limit(column.values)
    for step in 0..<drawn {
      for place in 0..<width {
        let value = column.values?.scalars[step * column.count + place]
        let negative = (value ?? 0) < 0
        let ink: Ink =
          value.map { limit > 0 ? .diverging(UnitMarks.lifted($0 / limit)) : .secondary }
          ?? (column.isChosen ? .accent : .secondary)
        grid.put(negative ? "□" : "■", at: Point(x + place, top + step), ink: ink)
      }
    }
    grid.write(.faint("t"), at: Point(x - 2, top))
    grid.put("▼", at: Point(x - 2, top + drawn - 1), ink: .faint)
    if steps > drawn { grid.put("┊", at: Point(x, top + drawn), ink: .secondary) }
  }

  /// Maps lie behind one another; the one in front shows its values when there are some.
  private func drawStack(_ column: Column, in rect: Rect, on grid: inout CellGrid) {
    let depth = min(rect.width < 14 ? 2 : 3, column.count)
    let widest = max(1, all.filter { $0.look == .maps }.map { $0.shape[1] }.max() ?? 1)
    let most = max(3, min(10, rect.width - 2 - depth))
    let side = max(5, min(most, (most * column.shape[1] + widest / 2) / widest))
    let height = max(3, min(side / 2 + 2, rect.height - depth))
    let x = rect.x + max(0, (rect.width - 1 - side - depth) / 2)
    let y = rect.y + max(0, (rect.height - height - depth) / 2)
    for layer in stride(from: depth - 1, through: 0, by: -1) {
      let frame = Rect(x + layer, y + depth - 1 - layer, side, height)
      grid.fill(frame)
      grid.drawFrame(frame, ink: column.isChosen ? .accent : layer == 0 ? .secondary : .border)
    }
    guard let values = column.values, side > 2, height > 2 else { return }
    let front = Rect(x, y + depth - 1, side, height).inset()
    let map = max(0, min(column.isChosen ? view.state.build.unit ?? 0 : 0, column.count - 1))
    let numbers = stride(from: map, to: values.count, by: column.count).map { values.scalars[$0] }
    Heatmap(
      values: numbers, rows: column.shape[0], columns: column.shape[1],
      scale: column.line == 0
        ? .ink(0, max(1e-6, UnitMarks.limit(values))) : .diverging(fitting: values.scalars)
    ).draw(in: front, on: &grid)
  }

  // MARK: Connections

  /// A line out of every unit, one that gathers them, and a line into every unit of the next
  /// column, in the color of the largest weight into it; with a chosen unit each line out of a unit
  /// has the weight that leads to that one.
  private func drawConnections(_ i: Int, on grid: inout CellGrid) {
    let (column, next) = (shown[i], shown[i + 1])
    let (here, there) = (rect(i), rect(i + 1))
    let isPlain = [column.look, next.look].contains { $0 == .maps || $0 == .sequence }
    if isPlain {
      grid.write(.secondary("─▶"), at: Point(here.right - 2, here.y + here.height / 2))
      return
    }
    let bus = here.right - 1
    let left = rows(column, in: here)
    let right = rows(next, in: there)
    let start = center(of: here) + (column.look == .recurrent ? 4 : 2)
    let end = center(of: there) - 2
    guard let top = (left + right).min(), let bottom = (left + right).max(), start < bus, bus < end
    else { return }
    if bottom > top {
      for y in top...bottom { grid.put("│", at: Point(bus, y), ink: .border) }
    }
    let toChosen = weightsIntoChosen(next, from: column)
    for (unit, y) in zip(units(column), left) {
      for x in start..<bus { drawWeight(toChosen?[unit], at: Point(x, y), on: &grid) }
      grid.put(
        joint(y, top, bottom, isLeft: true, both: right.contains(y)), at: Point(bus, y),
        ink: .border)
    }
    let strongest = toChosen == nil ? strongest(into: next) : [:]
    for (unit, y) in zip(units(next), right) {
      for x in bus + 1...end { drawWeight(strongest[unit], at: Point(x, y), on: &grid) }
      if !left.contains(y) {
        grid.put(joint(y, top, bottom, isLeft: false, both: false), at: Point(bus, y), ink: .border)
      }
    }
  }

  private func joint(
    _ y: Int, _ top: Int, _ bottom: Int, isLeft: Bool, both: Bool
  ) -> Unicode.Scalar {
    if top == bottom { return "─" }
    switch (isLeft, both) {
    case (_, true): return y == top ? "┬" : y == bottom ? "┴" : "┼"
    case (true, _): return y == top ? "┐" : y == bottom ? "┘" : "┤"
    default: return y == top ? "┌" : y == bottom ? "└" : "├"
    }
  }

  /// The largest size of a layer's weights, nil when there are none that can be drawn.
  private func limit(ofKernel kernel: Tensor?) -> Float? {
    let limit = UnitMarks.limit(kernel)
    return limit > 0 ? limit : nil
  }

  /// The weights from each unit of a column to the chosen unit of the next one, over the largest.
  private func weightsIntoChosen(_ next: Column, from column: Column) -> [Float]? {
    guard next.isChosen, let unit = view.state.build.unit, let kernel = next.kernel,
      let limit = limit(ofKernel: kernel), kernel.shape[0] == column.count, next.look == .units,
      unit < kernel.shape[1]
    else { return nil }
    return (0..<column.count).map { kernel.scalars[$0 * kernel.shape[1] + unit] / limit }
  }

  /// The largest weight into each drawn unit, by size, over the largest of all.
  private func strongest(into column: Column) -> [Int: Float] {
    guard let kernel = column.kernel, let limit = limit(ofKernel: kernel) else { return [:] }
    let all = UnitMarks.strongest(kernel)
    return Dictionary(
      uniqueKeysWithValues: units(column).filter(all.indices.contains).map { ($0, all[$0] / limit) }
    )
  }

  private func drawWeight(_ weight: Float?, at point: Point, on grid: inout CellGrid) {
    guard let weight else { return grid.put("─", at: point, ink: .border) }
    let mark = UnitMarks.weight(weight, isAscii: grid.ability.glyphs == .ascii)
    grid.put(mark.scalar, at: point, ink: mark.ink)
  }

  // MARK: Words

  private func drawLegend(on grid: inout CellGrid) {
    let row = area.row(-1)
    let lines = legend(isAscii: grid.ability.glyphs == .ascii)
    let hasTwo = area.height >= 14
    for (i, line) in lines.suffix(hasTwo ? 2 : 1).reversed().enumerated() {
      let fitting = line.first { $0.width <= row.width - 2 } ?? line[line.count - 1]
      grid.write(fitting, at: Point(row.x + 1, row.y - i), width: row.width - 2)
    }
  }

  /// Layers whose units weigh all that comes in, and those that change no lines between them.
  private static let weighing: Set<String> = [
    "Dense", "Dropout", "Activation", "ReLU", "Softmax", "BatchNormalization",
  ]

  /// Two lines, each in several lengths, the longest first.
  private func legend(isAscii: Bool) -> [[StyledText]] {
    guard let numbers else {
      return [
        [
          .secondary(
            Fitting.text(
              view.blueprint.model.layers.allSatisfy { Self.weighing.contains($0.kind) }
                ? ["lines: every unit weighs all before it", "lines are weights"]
                : ["lines: what goes into what"], width: area.width - 2))
        ],
        [
          .hint(
            "t",
            Fitting.text(
              ["trains: then values and weights show here", "trains: weights show"],
              width: area.width - 4))
        ],
      ]
    }
    let plus = StyledText(isAscii ? "++ +" : "━━ +", .positive)
    let minus = StyledText(isAscii ? "-- -" : "╌╌ −", .negative)
    let circles = numbers.circles(
      of: view.state.workpiece.dataset.count, hasKeys: hasKeys)
    guard let words = unitWords else {
      return [
        circles,
        ["lines: largest weight into a unit ", "lines: largest weight ", "weights "].map {
          .secondary($0) + plus + " " + minus
        },
      ]
    }
    return [circles, [hasKeys ? words : .secondary("lines: weights ") + plus + " " + minus]]
  }

  /// What is known of the chosen unit.
  private var unitWords: StyledText? {
    guard let unit = view.state.build.unit, let place = shown.firstIndex(where: \.isChosen) else {
      return nil
    }
    let column = shown[place]
    let noun = column.look == .maps ? "map" : column.look == .sequence ? "feature" : "unit"
    var words: StyledText = .accent("\(noun) \(unit)")
    if let values = column.values, column.shape.rank == 1, unit < values.count {
      words +=
        .secondary(": ") + .text(NumberFormat.compact(Double(values.scalars[unit]), digits: 3))
    }
    guard place > 0, let kernel = column.kernel, column.look == .units, unit < kernel.shape[1]
    else { return words }
    let into = (0..<kernel.shape[0]).map { kernel.scalars[$0 * kernel.shape[1] + unit] }
    if let best = into.indices.max(by: { abs(into[$0]) < abs(into[$1]) }) {
      words +=
        .secondary(" · largest weight ")
        + StyledText(
          NumberFormat.compact(Double(into[best]), digits: 3),
          into[best] < 0 ? .negative : .positive)
        + .secondary(" from \(best)")
    }
    return words
  }
}
