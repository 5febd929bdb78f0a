import Autodiff
import Foundation
import NeuralNets
import Tensors
import TerminalGraphics
import Training

extension ShownValue {
  /// Its numbers as a matrix: the innermost axis across, all others down.
  func matrix(chosen: Int?, cellWidth: Int = 10) -> NumberMatrix {
    let columns = max(1, tensor.shape.last)
    let scale = ColorScale.diverging(fitting: tensor.scalars, isRooted: true)
    var matrix = NumberMatrix(
      values: tensor.scalars, rows: tensor.shape.rows, columns: columns, scale: scale,
      chosen: chosen.map { NumberMatrix.Place(row: $0 / columns, column: $0 % columns) },
      cellWidth: cellWidth, decimals: Self.decimals(scale.high, cellWidth: cellWidth))
    // Four decimals leave room for one column more.
    if cellWidth == 10, matrix.decimals <= 4 { matrix.cellWidth = 9 }
    if tensor.shape.rank > 2, tensor.shape.rows <= 20_000 {
      let leading = Shape(Array(tensor.shape.extents.dropLast()))
      matrix.rowNames = (0..<tensor.shape.rows).map { row in
        leading.index(ofOffset: row).map(String.init).joined(separator: ",")
      }
    }
    return matrix
  }

  /// Four decimals, six where all numbers are small and there is room, fewer where the largest
  /// number needs the room: the same for all, so that the points stand below each other.
  private static func decimals(_ largest: Float, cellWidth: Int) -> Int {
    let wanted = largest < 0.05 && cellWidth >= 10 ? 6 : 4
    let whole = NumberFormat.fixed(largest, decimals: 0).count
    return max(0, min(wanted, cellWidth - 3 - whole - (cellWidth == 10 && wanted == 4 ? 1 : 0)))
  }
}

/// A window of the chosen result: numbers on colors, row and column numbers, scroll bars.
struct ResultPanel: StepView {
  let scene: StepScene

  /// The lines it needs to show everything, with the overview beside it in mind.
  static func height(_ moment: StepMoment) -> Int {
    guard moment.result < moment.results.count else { return 10 }
    return max(9, moment.results[moment.result].tensor.shape.rows + 5)
  }

  private var hasShapeLine: Bool { area.height >= 12 }
  private var hasNoteLine: Bool { area.height >= 9 || area.height >= 6 && isVector }
  private var isVector: Bool { moment.results[moment.result].tensor.shape.rows == 1 }

  /// Where the numbers are.
  private var numbers: Rect {
    area.inset().trimmed(top: hasShapeLine ? 1 : 0, bottom: hasNoteLine ? 1 : 0)
  }

  /// The numbers with the window that shows the chosen one: in the middle until one has moved.
  var matrix: NumberMatrix {
    var matrix = moment.results[moment.result].matrix(
      chosen: moment.cell, cellWidth: area.width < 48 ? 8 : 10)
    let capacity = matrix.capacity(of: numbers)
    if state.step.interest.cell == nil, let chosen = matrix.chosen {
      matrix.offset = NumberMatrix.Place(
        row: max(0, chosen.row - capacity.rows / 2),
        column: max(0, chosen.column - capacity.columns / 2))
    } else {
      matrix.offset = state.step.window
      matrix.revealChosen(in: numbers)
    }
    let shown = matrix.visible(in: numbers)
    matrix.offset = NumberMatrix.Place(
      row: shown.rows.lowerBound, column: shown.columns.lowerBound)
    return matrix
  }

  /// The rows and columns in the window.
  var visible: (rows: Range<Int>, columns: Range<Int>) { matrix.visible(in: numbers) }

  func place(at point: Point) -> NumberMatrix.Place? { matrix.place(at: point, in: numbers) }

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    guard let index = moment.instruction, moment.result < moment.results.count else { return }
    let result = moment.plan.instructions[index].results[moment.result]
    let matrix = matrix
    let shown = matrix.visible(in: numbers)
    let title = Self.title(result.formula)
    grid.box(
      area, title: title, detail: .secondary(windowNote(matrix, beside: title)),
      isFocused: isFocused,
      scroll: ScrollPosition(
        first: shown.rows.lowerBound, shown: shown.rows.count, total: matrix.rows))
    drawLowerBar(matrix, shown.columns, on: &grid)
    if hasShapeLine {
      grid.write(
        .faint(Fitting.text(shapes(result), width: area.width - 4)),
        at: Point(area.x + 2, area.y + 1), width: area.width - 4)
    }
    matrix.draw(in: numbers, on: &grid)
    if hasNoteLine {
      grid.write(
        note(result, matrix, shown.rows), at: Point(area.x + 2, area.bottom - 2),
        width: area.width - 4)
    }
  }

  /// The formula; once where what is computed is called as it is computed: `(h − μ)²`.
  static func title(_ formula: String) -> String {
    let sides = formula.components(separatedBy: " = ")
    return sides.count == 2 && sides[0] == sides[1] ? sides[0] : formula
  }

  /// `36–44 of 64, 9–13 of 32`; shorter where the border is short, nothing where it is full: the
  /// scroll bars say it too.
  private func windowNote(_ matrix: NumberMatrix, beside title: String) -> String {
    let note = matrix.note(in: numbers)
    let ranges = note.split(separator: ", ").map { $0.prefix { $0 != " " } }.joined(separator: ", ")
    return [note, note.replacing(" of ", with: "/"), ranges].first {
      TextWidth.columns(title) + TextWidth.columns($0) + 9 <= area.width
    } ?? ""
  }

  /// The scroll bar on the lower border, over the note that a box puts there.
  private func drawLowerBar(
    _ matrix: NumberMatrix, _ columns: Range<Int>, on grid: inout CellGrid
  ) {
    for x in area.x + 1..<area.right - 1 {
      let ink: Ink = state.focusedPanel == "result" ? .accent : .border
      grid.put("─", at: Point(x, area.bottom - 1), ink: ink)
    }
    let scroll = ScrollPosition(
      first: columns.lowerBound, shown: columns.count, total: matrix.columns)
    guard scroll.isNeeded else { return }
    let thumb = scroll.thumb(in: area.width - 2)
    for x in thumb.start..<thumb.start + thumb.length {
      grid.put("━", at: Point(area.x + 1 + x, area.bottom - 1), ink: .thumb)
    }
  }

  /// `[64, 32] = [64, 32] · [32, 32]` of a product, else the shapes of what it is made from.
  private func shapes(_ result: InstructionResult) -> [String] {
    let own = result.value.shape.description
    if case .sum(let sources) = result.rule, sources.count == 1,
      case .product(let a, let aTransposed, let b, let bTransposed) = sources[0]
    {
      func shape(_ value: Value, _ isTransposed: Bool) -> String {
        let (rows, columns) = (value.shape.rows, value.shape.last)
        return isTransposed ? "[\(columns), \(rows)]" : "[\(rows), \(columns)]"
      }
      return ["\(own) = \(shape(a, aTransposed)) · \(shape(b, bTransposed))", own]
    }
    let operands = result.rule.operands.map {
      "\(moment.plan[$0].symbol) \($0.shape.description)"
    }
    guard !operands.isEmpty else { return [own] }
    let symbols = result.rule.operands.map { moment.plan[$0].symbol }
    return [
      "\(own) from " + operands.joined(separator: ", "),
      "\(own) from " + symbols.joined(separator: ", "), own,
    ]
  }

  private func note(
    _ result: InstructionResult, _ matrix: NumberMatrix, _ rows: Range<Int>
  ) -> StyledText {
    let zeros = ZeroRows(result, moment, rows)
    if let sentence = Fitting.first(zeros.sentences, width: area.width - 4) {
      return .secondary(sentence)
    }
    let most = NumberFormat.compact(matrix.scale.high)
    let end = StyledText.secondary(", up to \(most)")
    let root = Spelling.text(", √ of the size", for: state.ability.glyphs)
    let signs = StyledText.signs(state.ability)
    let name = state.ability.depth == .none ? "picture: " : "color: "
    let ways = [.secondary(name) + signs + .secondary(root) + end, signs + end]
    return Fitting.first(ways, width: area.width - 4) ?? signs
  }
}

/// Rows of a result that are 0 all along, and why, when that is certain.
struct ZeroRows {
  private let rows: [Int]
  /// What the rows are called on the screen, where that is not their number.
  private let rowNames: [String]?
  private let reason: String

  /// - Parameter shown: the rows that count.
  init(_ result: InstructionResult, _ moment: StepMoment, _ shown: Range<Int>) {
    let tensor = moment.results.first { $0.value == result.value }?.tensor
    let width = max(1, result.value.shape.last)
    let zero = shown.filter { row in
      tensor?.scalars[row * width..<(row + 1) * width].allSatisfy { $0 == 0 } ?? false
    }
    rows = zero
    rowNames =
      moment.results.first { $0.value == result.value }?.matrix(chosen: nil).rowNames
    reason = Self.reason(result, moment, zero)
  }

  private static func reason(
    _ result: InstructionResult, _ moment: StepMoment, _ rows: [Int]
  ) -> String {
    guard !rows.isEmpty, case .sum(let sources) = result.rule, sources.count == 1,
      case .product(let a, true, _, _) = sources[0],
      let operand = moment.operands.first(where: { $0.value == a })?.tensor
    else { return "" }
    let width = operand.shape.last
    let isSo = rows.allSatisfy { row in
      (0..<operand.shape.rows).allSatisfy { operand.scalars[$0 * width + row] == 0 }
    }
    guard isSo else { return "" }
    let count = operand.shape.rows
    let rows =
      operand.shape.extents.first == moment.plan.batchSize && operand.shape.rank == 2
      ? (count == 1 ? "the example" : "all \(NumberFormat.integer(count)) examples")
      : "all \(NumberFormat.integer(count)) rows"
    return ": \(moment.plan[a].symbol) was 0 in \(rows)"
  }

  /// `rows 37 and 42 are 0: h was 0 in all 32 examples`, and the same without why; none when no row is.
  var sentences: [String] { words.map { [$0 + reason, $0] } ?? [] }

  private var words: String? {
    guard let last = rows.last else { return nil }
    func name(_ row: Int) -> String { rowNames?[row] ?? String(row) }
    if rows.count == 1 { return "row \(name(last)) is 0" }
    if rowNames != nil { return "\(NumberFormat.integer(rows.count)) of the rows shown are 0" }
    let names =
      rows.count > 4
      ? "\(rows[0]), \(rows[1]), \(rows[2]) and \(rows.count - 3) more"
      : rows.dropLast().map(String.init).joined(separator: ", ") + " and \(last)"
    return "rows \(names) are 0"
  }
}

/// The whole of the chosen result as a picture, with the window marked.
enum OverviewPanel {
  static func draw(
    _ state: AppState, _ moment: StepMoment, _ area: Rect, _ isFocused: Bool,
    on grid: inout CellGrid
  ) {
    guard moment.result < moment.results.count else { return }
    let shown = moment.results[moment.result]
    let (rows, columns) = (shown.tensor.shape.rows, max(1, shown.tensor.shape.last))
    if shown.tensor.count < 8, let source = source(shown, moment) {
      drawSource(source, area, isFocused, on: &grid)
      return
    }
    let title = "The whole \(shown.symbol)"
    let extents = [rows, columns].map(NumberFormat.integer)
    let inside = grid.box(
      area, title: title,
      detail: Fitting.detail(
        [extents.joined(separator: " × "), extents.joined(separator: "×")], beside: title, in: area),
      isFocused: isFocused)
    let hasLegend = inside.height >= 5
    let picture = picture(inside)
    let map = map(shown, in: picture)
    map.draw(in: picture, on: &grid)
    if let panel = state.panels.first(where: { $0.id == "result" }), !panel.area.isEmpty {
      var window = ResultPanel(scene: StepScene(state, moment, panel.area)).visible
      let width = map.columns / columns
      window.columns = window.columns.lowerBound * width..<window.columns.upperBound * width
      mark(window, of: map, in: picture, on: &grid)
    }
    if hasLegend {
      grid.write(
        .secondary(
          Fitting.text(
            legends(map, in: picture).map { Spelling.text($0, for: grid.ability.glyphs) },
            width: inside.width - 2)),
        at: Point(inside.x + 1, inside.bottom - 1), width: inside.width - 2)
    }
  }

  // MARK: Few numbers

  /// What a few numbers are made from: the largest of the operands.
  private static func source(_ shown: ShownValue, _ moment: StepMoment) -> ShownValue? {
    guard let index = moment.instruction else { return nil }
    let rule = moment.plan.instructions[index].results[moment.result].rule
    let known = moment.operands + moment.results
    return rule.operands.compactMap { operand in known.first { $0.value == operand && $0.isKnown } }
      .max { $0.tensor.count < $1.tensor.count }
  }

  /// The operand as a picture: a column of numbers stands in rows of eight.
  private static func drawSource(
    _ source: ShownValue, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let isColumn = source.tensor.shape.rows == 1 || source.tensor.shape.last == 1
    let columns = isColumn ? 8 : source.tensor.shape.last
    let count = source.tensor.count
    let rows = (count + columns - 1) / columns
    let padding = [Float](repeating: 0, count: rows * columns - count)
    let title = "Made from \(source.symbol)"
    let shape = source.tensor.shape.extents.map(NumberFormat.integer).joined(separator: " × ")
    let inside = grid.box(
      area, title: title, detail: Fitting.detail([shape], beside: title, in: area),
      isFocused: isFocused)
    let hasLegend = inside.height >= 5
    let picture = inside.trimmed(bottom: hasLegend ? 1 : 0)
    let map = Heatmap(
      values: source.tensor.scalars + padding, rows: rows, columns: columns,
      scale: .diverging(fitting: source.tensor.scalars, isRooted: true), sampling: .strongest,
      largestZoom: 4)
    map.draw(in: picture, on: &grid)
    guard hasLegend else { return }
    let most = NumberFormat.compact(map.scale.high)
    let all = [
      isColumn ? "eight a row, up to \(most) in size" : "every number, up to \(most) in size",
      "up to \(most) in size", "up to \(most)",
    ]
    grid.write(
      .secondary(Fitting.text(all, width: inside.width - 2)),
      at: Point(inside.x + 1, inside.bottom - 1), width: inside.width - 2)
  }

  private static func picture(_ inside: Rect) -> Rect {
    inside.trimmed(bottom: inside.height >= 5 ? 1 : 0)
  }

  /// Few columns of many rows are drawn wider, so that they fill the room.
  private static func map(_ shown: ShownValue, in area: Rect) -> Heatmap {
    let (rows, columns) = (shown.tensor.shape.rows, max(1, shown.tensor.shape.last))
    let width = stretch(rows, columns, in: area)
    let numbers = shown.tensor.scalars
    let values =
      width == 1
      ? numbers : numbers.flatMap { Array(repeating: $0, count: width) }
    return Heatmap(
      values: values, rows: rows, columns: columns * width,
      scale: .diverging(fitting: numbers, isRooted: true), sampling: .strongest, largestZoom: 4)
  }

  private static func stretch(_ rows: Int, _ columns: Int, in area: Rect) -> Int {
    rows > area.height && columns > 0 ? max(1, min(4, area.width / columns)) : 1
  }

  /// The number under a point; of several under one pixel the first.
  static func cell(at point: Point, _ moment: StepMoment, _ area: Rect) -> Int? {
    guard moment.result < moment.results.count else { return nil }
    let picture = picture(area.inset())
    let shown = moment.results[moment.result]
    let map = map(shown, in: picture)
    let pixels = map.pixels(in: picture)
    let columns = max(1, shown.tensor.shape.last)
    let (x, y) = (point.x - picture.x, (point.y - picture.y) * 2)
    guard picture.contains(point), x < pixels.columns, y < pixels.rows else { return nil }
    return y * map.rows / pixels.rows * columns + x * columns / pixels.columns
  }

  /// Bars at both sides of the window.
  private static func mark(
    _ window: (rows: Range<Int>, columns: Range<Int>), of map: Heatmap, in area: Rect,
    on grid: inout CellGrid
  ) {
    let pixels = map.pixels(in: area)
    guard pixels.rows > 0, map.rows > 0, map.columns > 0 else { return }
    func across(_ column: Int) -> Int { column * pixels.columns / map.columns }
    func down(_ row: Int) -> Int { row * pixels.rows / map.rows / 2 }
    let left = max(0, across(window.columns.lowerBound) - 1)
    let right = min(area.width - 1, max(left + 1, across(window.columns.upperBound)))
    let top = down(window.rows.lowerBound)
    let bottom = max(top, min(area.height - 1, down(max(0, window.rows.upperBound - 1))))
    for y in top...bottom {
      grid.put(grid.brackets.left, at: Point(area.x + left, area.y + y), ink: .accent)
      grid.put(grid.brackets.right, at: Point(area.x + right, area.y + y), ink: .accent)
    }
  }

  private static func legends(_ map: Heatmap, in area: Rect) -> [String] {
    let pixels = map.pixels(in: area)
    func parts(_ values: Int, _ pixels: Int, _ one: String) -> String? {
      guard values > pixels, pixels > 0 else { return nil }
      let count = (values + pixels / 2) / pixels
      return (values % pixels == 0 ? "" : "≈")
        + "\(NumberFormat.integer(count)) \(one)\(count == 1 ? "" : "s")"
    }
    let sizes = [parts(map.rows, pixels.rows, "row"), parts(map.columns, pixels.columns, "column")]
      .compactMap(\.self)
    if sizes.isEmpty { return ["every number, √ of |value|", "√ of |value|"] }
    let both = "1 pixel: " + sizes.joined(separator: ", ")
    return [both + ", √ of |value|", both, "1 pixel: " + sizes[0]]
  }
}
