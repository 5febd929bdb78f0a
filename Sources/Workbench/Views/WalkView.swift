import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One example through the network, layer by layer, forward alone: the layers at the left, what the
/// chosen one gives at the right; in the end what the network says, and what speaks for it.
enum WalkView: CloseUpView {
  static let kind = CloseUp.walk
  static let name = "layer by layer"
  static let help = "one example through all layers, and what speaks for the class that is said"
  static let fits = "any network, on Train"
  static let moves = "layer, unit, term"

  static func extent(_ picture: CloseUpPicture) -> CloseUpExtent? {
    guard case .walk(let walk, let stage) = picture else { return nil }
    let units =
      stage < walk.stages.count
      ? walk.stages[stage].unitCount : max(1, walk.outcome?.counted.count ?? 1)
    return CloseUpExtent(
      rows: walk.stages.count + (walk.outcome == nil ? 0 : 1), columns: units)
  }

  /// Each layer begins with its strongest unit.
  static func move(_ key: Key, _ picture: CloseUpPicture, _ interest: inout CloseUpInterest) {
    guard let extent = extent(picture) else { return }
    let row = interest.row
    interest.step(key, in: extent)
    if interest.row != row { interest.column = 0 }
  }

  static func draw(_ look: CloseUpLook, on grid: inout CellGrid) {
    guard case .walk(let walk, let stage) = look.picture else { return }
    WalkDrawing(look: look, walk: walk, chosen: stage).draw(on: &grid)
  }
}

private struct WalkDrawing {
  let look: CloseUpLook
  let walk: ForwardWalk
  let chosen: Int

  func draw(on grid: inout CellGrid) {
    let area = look.area
    // Where it is narrow what is said at last takes its shorter words.
    let isNarrow = area.width < 90
    let needed =
      lines.map { line in
        let name = isNarrow && line.names.count > 1 ? line.names[1] : line.names[0]
        return TextWidth.columns(name) + line.note.width + 4
      }.max() ?? 0
    let list = max(18, min(needed, area.width * 2 / 5))
    let parts = area.columns(.cells(list), .share(1), gap: 2)
    drawList(parts[0], on: &grid)
    if chosen < walk.stages.count {
      WalkStage(look: look, walk: walk, place: chosen).draw(in: parts[1], on: &grid)
    } else if let outcome = walk.outcome {
      WalkOutcome(outcome: outcome, chosen: look.interest.column).draw(in: parts[1], on: &grid)
    }
  }

  // MARK: The layers

  /// Every line: a name, from long to short, and what stands at its right.
  private var lines: [(names: [String], note: StyledText)] {
    let layers = walk.stages.map { stage in
      (
        names: [stage.name],
        note: StyledText.secondary(stage.shape.product.replacing(" ", with: ""))
      )
    }
    return layers + (walk.outcome.map { [(names: words($0), note: verdict($0))] } ?? [])
  }

  /// `it says 1, is 8`: beside the sizes of the layers a class alone would be read as one.
  private func words(_ outcome: ForwardOutcome) -> [String] {
    let names = ["what it says", "it says"]
    guard !outcome.classes.isEmpty, outcome.isFinite, outcome.places == 1 else { return names }
    let said = TokenNames.visible(outcome.className(outcome.said))
    guard outcome.isRight == false, let number = outcome.right else {
      return ["it says \(said)", "says \(said)"] + names
    }
    let right = TokenNames.visible(outcome.className(number))
    return ["it says \(said), is \(right)", "says \(said), is \(right)", "says \(said)"] + names
  }

  private func verdict(_ outcome: ForwardOutcome) -> StyledText {
    guard !outcome.classes.isEmpty else { return "" }
    guard outcome.isFinite else { return .bad("NaN") }
    guard outcome.places == 1 else {
      return outcome.wrongPlaces == 0
        ? .good("all right") : .bad("\(outcome.wrongPlaces) wrong")
    }
    return outcome.isRight.map { $0 ? .good("right") : .bad("wrong") } ?? ""
  }

  private func drawList(_ area: Rect, on grid: inout CellGrid) {
    let lines = lines
    let isCut = lines.count > area.height
    let shown = max(1, area.height - (isCut ? 1 : 0))
    let first = max(0, min(chosen - shown / 2, lines.count - shown))
    for (row, place) in (first..<min(lines.count, first + shown)).enumerated() {
      let line = Rect(area.x, area.y + row, area.width, 1)
      let (names, note) = lines[place]
      let isChosen = place == chosen
      let room = area.width - note.width - 3
      let fitted =
        Fitting.first(names, width: room)
        ?? LayerNames.fitted(names.last ?? "", width: room)
      grid.write(
        isChosen ? StyledText(fitted, .accent, .bold) : .text(fitted),
        at: Point(line.x + 2, line.y), width: room)
      grid.writeTrailing(note, in: line)
      guard isChosen else { continue }
      grid.highlight(line)
      grid.put(grid.ability.glyphs == .ascii ? ">" : "▶", at: line.origin, ink: .accent)
      grid.point(at: line)
    }
    drawInput(area.trimmed(top: lines.count + 1), on: &grid)
    if isCut, area.height > 1 {
      let last = min(lines.count, first + shown)
      grid.write(
        .secondary("  \(first + 1)–\(last) of \(lines.count)"),
        at: Point(area.x, area.bottom - 1), width: area.width)
    }
  }
}

extension WalkDrawing {
  /// The example itself, where it is a picture and there is room below the layers.
  private func drawInput(_ room: Rect, on grid: inout CellGrid) {
    guard chosen > 0, let input = walk.stages.first,
      let shape = input.shape.rank == 3 ? input.shape : look.image(of: input),
      room.height >= (shape[0] + 1) / 2
    else { return }
    let size = WorstPanel.picture(input.output.scalars, shape).size(in: room)
    WorstPanel.drawImage(
      input.output.scalars, shape,
      in: Rect(room.x + 2, room.bottom - size.height, room.width - 2, size.height), on: &grid)
  }
}

extension CloseUpLook {
  /// [rows, columns] of an input whose numbers are a picture in a row.
  fileprivate func image(of input: ForwardWalk.Stage) -> Shape? {
    guard input.kind.isEmpty, input.shape.rank == 1,
      let shape = (state.train.opened?.dataset ?? state.workpiece.dataset).imageShape,
      shape.count == input.output.count, shape.rank >= 2
    else { return nil }
    return [shape[0], input.output.count / shape[0]]
  }
}

/// What one layer gives for the example: all of its units, the chosen one with its numbers.
private struct WalkStage {
  let look: CloseUpLook
  let walk: ForwardWalk
  let place: Int

  private var stage: ForwardWalk.Stage { walk.stages[place] }
  private var isInput: Bool { stage.kind.isEmpty }
  /// The units in the order of the arrows: the strongest first, tokens as they come.
  private var order: [ForwardWalk.Unit] {
    isText ? (0..<stage.unitCount).map { stage.unit($0) } : stage.strongest
  }
  /// Whether its numbers stand for words or letters.
  private var isText: Bool { isInput && stage.shape.rank == 1 && look.tokens.areNamed }

  func draw(in area: Rect, on grid: inout CellGrid) {
    guard area.width > 8 else { return }
    let units = order
    guard !units.isEmpty else { return }
    let rank = max(0, min(look.interest.column, units.count - 1))
    let head = heading(area.width)
    for (row, line) in head.enumerated() where row < area.height {
      grid.write(line, at: Point(area.x, area.y + row), width: area.width)
    }
    let foot = area.height >= 8 ? 2 : 1
    let room = area.trimmed(top: head.count + (area.height > 20 ? 1 : 0), bottom: foot)
    drawNumbers(units[rank], room, on: &grid)
    guard area.height > head.count + foot else { return }
    grid.write(
      unitWords(units[rank], rank, area.width), at: Point(area.x, area.bottom - foot),
      width: area.width)
    if foot > 1, !isText {
      grid.write(legend(area.width), at: Point(area.x, area.bottom - 1), width: area.width)
    }
  }

  // MARK: Words

  /// Its name and shapes, what it does, and what it takes where that is not the layer before.
  private func heading(_ width: Int) -> [StyledText] {
    let shapes = stage.inputShapes.map(\.tuple).joined(separator: ", ")
    let flow = (shapes.isEmpty ? "" : "\(shapes) → ") + stage.shape.tuple
    let kind = isInput ? "" : "  \(stage.kind)"
    let name = StyledText.strong(stage.name)
    let first =
      Fitting.first(
        [
          name + .secondary("\(kind)  \(flow)"), name + .secondary("  \(flow)"),
          name + .secondary("  → \(stage.shape.tuple)"),
        ], width: width) ?? name
    let sources = stage.sources.joined(separator: " and ")
    let isNext = place > 0 && stage.sources == [walk.stages[place - 1].name]
    let takes = isNext || sources.isEmpty ? "" : "; it takes \(sources)"
    let words = StyledText(stage.does + takes, .secondary).wrapped(to: width)
    return [first] + words.prefix(look.area.height > 14 ? 3 : 2)
  }

  /// `channel 7: 7.645 at row 5, column 2, mean 2.392   1 of 8, strongest first`.
  private func unitWords(
    _ unit: ForwardWalk.Unit, _ rank: Int, _ width: Int
  ) -> StyledText {
    if isText {
      let token = unit.strongest.classNumber ?? 0
      return .accent("place \(unit.number)") + .secondary(": ")
        + .strong(look.tokens.name(unit.strongest))
        + .secondary("  number \(token) of the vocabulary")
    }
    let number = NumberFormat.compact(unit.strongest, digits: 4)
    let name = StyledText.accent("\(stage.unitWord) \(unit.number)")
    let count = stage.unitCount
    let order =
      count > 1
      ? "\(NumberFormat.integer(rank + 1)) of \(NumberFormat.integer(count)), strongest first" : ""
    guard !unit.place.isEmpty else {
      let own = name + .secondary(" = ") + .strong(number)
      return Fitting.first([own + .secondary("   " + order), own], width: width) ?? own
    }
    let place =
      unit.place.count == 2
      ? "row \(unit.place[0]), column \(unit.place[1])"
      : unit.place.count == 1 ? "place \(unit.place[0])" : "\(unit.place)"
    let own = name + .secondary(": ") + .strong(number) + .secondary(" at \(place)")
    let mean = own + .secondary(", mean \(NumberFormat.compact(unit.mean, digits: 4))")
    return Fitting.first(
      [
        mean + .secondary("   " + order),
        mean
          + .secondary(
            count > 1
              ? "   \(NumberFormat.integer(rank + 1)) of \(NumberFormat.integer(count))" : ""),
        mean, own,
      ], width: width)
      ?? own
  }

  private func legend(_ width: Int) -> StyledText {
    let high = NumberFormat.compact(scale.high, digits: 3)
    let low = NumberFormat.compact(scale.low, digits: 3)
    let isSigned = scale.ramp == .diverging
    let colors = LayersPanel.swatches(
      scale, isSigned ? "−\(high)" : low, high, look.ability, steps: 5)
    let zeros = NumberFormat.wholePercent(Double(stage.facts.zeroShare))
    let sick = stage.facts.sickCount
    let facts =
      (zeros > 0 ? ["\(zeros) % are 0"] : []) + (sick > 0 ? ["\(sick) not finite"] : [])
    let words = StyledText.secondary(facts.isEmpty ? "" : "   " + facts.joined(separator: ", "))
    return Fitting.first([colors + words], width: width) ?? colors
  }

  // MARK: Numbers

  private var image: Shape? { look.image(of: stage) }

  private var scale: ColorScale {
    let facts = stage.facts
    let isPicture = isInput && (stage.shape.rank == 3 || image != nil) && facts.least >= 0
    return isPicture
      ? .ink(0, max(facts.most, 1e-6)) : facts.scale(isSigned: stage.canBeNegative ?? false)
  }

  private func drawNumbers(
    _ unit: ForwardWalk.Unit, _ room: Rect, on grid: inout CellGrid
  ) {
    guard room.height > 0 else { return }
    if isText {
      grid.writeWrapped(.text(look.tokens.text(stage.output.scalars)), in: room)
      return
    }
    guard stage.shape.rank == 3 else {
      return drawMatrix(
        stage.shape.rank == 2 ? overPlaces(unit) : inRows(unit, room), room, on: &grid)
    }
    let (rows, columns) = (stage.shape[0], stage.shape[1])
    var rest = room
    if stage.unitCount > 1 {
      let maps = MapGrid(
        count: stage.unitCount, rows: rows, columns: columns, scale: scale, chosen: unit.number
      ) { stage.numbers(ofUnit: $0) }
      let needed = rows + 2
      let top = Rect(
        room.x, room.y, room.width,
        max(min(room.height, 4), min(room.height * 6 / 10, room.height - needed)))
      maps.draw(in: top, on: &grid)
      rest = room.trimmed(top: min(room.height, maps.height(in: top) + 1))
    }
    let matrix = matrix(
      stage.numbers(ofUnit: unit.number), rows, columns,
      chosen: .init(row: unit.place[0], column: unit.place[1]))
    guard matrix.size.width <= rest.width, matrix.size.height <= rest.height else {
      // Of a picture without room for its numbers its colors, the strongest place framed.
      let place = unit.place
      PixelPicture(
        rows: rows, columns: columns, scale: scale,
        frame: (place[0]...place[0], place[1]...place[1])
      ) { row, column in
        guard (0..<rows).contains(row), (0..<columns).contains(column) else { return nil }
        return stage.output.scalars[(row * columns + column) * stage.unitCount + unit.number]
      }.draw(in: rest, on: &grid)
      return
    }
    drawMatrix(matrix, rest, on: &grid)
  }

  private func drawMatrix(_ matrix: NumberMatrix, _ room: Rect, on grid: inout CellGrid) {
    var matrix = matrix
    matrix.revealChosen(in: room)
    let note = matrix.note(in: room)
    // What is cut off is said below.
    let isNoted = !note.isEmpty && room.height > 3
    let area = room.trimmed(bottom: isNoted ? 1 : 0)
    if isNoted { matrix.revealChosen(in: area) }
    matrix.draw(in: area, on: &grid)
    guard isNoted else { return }
    grid.write(
      .secondary(matrix.note(in: area)), at: Point(room.x, room.bottom - 1), width: room.width)
  }

  private func matrix(
    _ values: [Float], _ rows: Int, _ columns: Int, chosen: NumberMatrix.Place
  ) -> NumberMatrix {
    let isWhole = values.allSatisfy { abs($0) < 1000 && $0 == $0.rounded() }
    return NumberMatrix(
      values: values, rows: rows, columns: columns, scale: scale, chosen: chosen,
      cellWidth: isWhole ? 5 : 7, decimals: isWhole ? 0 : 2)
  }

  /// A sequence: a row for each place, a column for each unit.
  private func overPlaces(_ unit: ForwardWalk.Unit) -> NumberMatrix {
    let (rows, columns) = (stage.shape[0], stage.shape[1])
    var matrix = matrix(
      stage.output.scalars, rows, columns,
      chosen: .init(row: unit.place.first ?? 0, column: unit.number))
    if look.tokens.areNamed, let tokens = walk.stages.first, tokens.shape == [rows] {
      matrix.rowNames = tokens.output.scalars.map { look.tokens.name($0) }
    }
    return matrix
  }

  /// Units one after the other, ten in a row or as many as fit; a picture in its own rows.
  private func inRows(_ unit: ForwardWalk.Unit, _ room: Rect) -> NumberMatrix {
    let values = stage.output.scalars
    let columns = image?[1] ?? max(1, min(10, values.count, (room.width - 4) / 7))
    let rows = (values.count + columns - 1) / columns
    var matrix = matrix(
      values, rows, columns,
      chosen: .init(row: unit.number / columns, column: unit.number % columns))
    if image == nil {
      matrix.rowNames = (0..<rows).map { "\($0 * columns)" }
      matrix.columnNames = (0..<columns).map { "+\($0)" }
    }
    return matrix
  }
}
