import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The arrays of an optimizer's update: what was, what came, what is.
struct ParameterUpdate {
  let name: String
  let before: Tensor
  let after: Tensor
  /// What the change is called.
  let changeName: String
  /// Nil where the update reads none: weights decay by themselves.
  let gradient: Tensor?
  /// Optimizer state before and after: m and v of Adam, the velocity of SGD.
  let state: [(symbol: String, before: Tensor, after: Tensor)]

  /// Nil when what the update overwrote was not saved: the run went through it looking for a stop.
  init?(_ moment: StepMoment) {
    guard let index = moment.instruction,
      let rule = moment.plan.instructions[index].results.first?.rule,
      let parameter = moment.results.first
    else { return nil }
    let source: Value? =
      switch rule {
      case .sgd(_, let g, _, _, _): g
      case .adam(_, let g, _, _, _, _, _): g
      default: rule.operands.first { moment.plan[$0].role == .gradient }
      }
    func old(_ value: Value) -> Tensor? { moment.before.first { $0.value == value }?.tensor }
    guard let before = old(parameter.value) else { return nil }
    name = parameter.name
    self.before = before
    after = moment.made[parameter.value] ?? parameter.tensor
    changeName = Words.isDecay(moment.plan.instructions[index]) ? "λ lr param" : "update"
    gradient =
      moment.operands.first { $0.value == source && $0.tensor.count == before.count }?.tensor
    state = moment.results.dropFirst().compactMap { result in
      old(result.value).map { (result.symbol, $0, moment.made[result.value] ?? result.tensor) }
    }
  }

  /// The rows of the panel: a name and its numbers.
  var rows: [(name: String, numbers: [Float], isResult: Bool)] {
    let middle = state.map { state -> (String, [Float], Bool) in
      state.symbol == "v" && self.state.count == 2
        ? ("√v", state.after.scalars.map { $0.squareRoot() }, false)
        : (
          self.state.count == 1 ? state.symbol + " after" : state.symbol, state.after.scalars, false
        )
    }
    let update = zip(before.scalars, after.scalars).map { $0 - $1 }
    return [("param before", before.scalars, false)]
      + (gradient.map { [("grad g", $0.scalars, false)] } ?? [])
      + middle + [(changeName, update, true), ("param after", after.scalars, true)]
  }
}

extension ParameterUpdate {
  /// Whether the differences of the numbers as they are written, six decimals, are the updates as
  /// they are written.
  func addsUp(at cells: [Int]) -> Bool {
    func units(_ value: Float) -> Double { (Double(value) * 1e6).rounded() }
    return cells.allSatisfy { cell in
      let (old, new) = (before.scalars[cell], after.scalars[cell])
      return units(old) - units(new) == units(old - new)
    }
  }
}

/// One row of a parameter through its update.
struct UpdatePanel: StepView {
  let scene: StepScene

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    guard let parameter = moment.results.first else { return }
    let columns = max(1, parameter.tensor.shape.last)
    let (row, column) = moment.cell.quotientAndRemainder(dividingBy: columns)
    let isVector = parameter.tensor.shape.rank < 2
    let numbers = Rect(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
    let update = ParameterUpdate(moment)
    let first = window(column, columns, in: numbers)
    let shown = first..<min(columns, first + capacity(numbers))
    let range = "\(shown.lowerBound)–\(shown.upperBound - 1)"
    let details =
      shown.count < columns
      ? ["columns \(range) of \(columns)", "\(range) of \(columns)", "\(range)/\(columns)"] : []
    let title = isVector ? parameter.name : "\(parameter.name), row \(row)"
    grid.box(
      area, title: title, detail: Fitting.detail(details, beside: title, in: area),
      isFocused: isFocused)
    guard let update else {
      grid.writeWrapped(
        .secondary("The run goes on: what this step overwrote is not kept. ")
          + .hint("Space", "pauses it, and it is shown."), in: numbers)
      return
    }
    let rows = Self.fitting(update.rows, in: numbers.height - 1)
    let addsUp = update.addsUp(at: shown.map { row * columns + $0 })
    for (line, content) in rows.enumerated() {
      let slice = Array(content.numbers[row * columns..<(row + 1) * columns])
      // A gap before what comes out, where there is room.
      let gap = content.isResult && numbers.height > rows.count + 2 ? 1 : 0
      // What is rounded so that it does not add up says so.
      let name = content.name + (content.name == update.changeName && !addsUp ? " ≈" : "")
      draw(
        Spelling.text(name, for: grid.ability.glyphs), slice, chosen: column, first: first,
        at: numbers.y + 1 + line + gap,
        heads: line == 0, in: numbers, on: &grid)
    }
    if numbers.height > rows.count + 2 {
      let change = update.changeName + (addsUp ? " =" : " ≈")
      let colors =
        grid.ability.depth == .none
        ? [""] : ["; each row on its own color scale", "; colors by row", ""]
      let all = colors.flatMap { colors in
        ["param before − param after", "before − after"].map {
          Spelling.text("\(change) \($0)\(colors)", for: grid.ability.glyphs)
        }
      }
      grid.write(
        .secondary(Fitting.text(all, width: numbers.width)),
        at: Point(numbers.x, numbers.bottom - 1), width: numbers.width)
    }
  }

  /// The columns of the screen that all numbers of a row take.
  static func width(_ moment: StepMoment) -> Int {
    guard let parameter = moment.results.first else { return 0 }
    return 4 + 13 + 10 * max(1, parameter.tensor.shape.last)
  }

  /// The column of the array under a point.
  func column(at point: Point) -> Int? {
    guard let parameter = moment.results.first else { return nil }
    let columns = max(1, parameter.tensor.shape.last)
    let numbers = Rect(area.x + 2, area.y + 1, area.width - 4, area.height - 2)
    let first = window(moment.cell % columns, columns, in: numbers)
    let column = first + (point.x - numbers.x - 13) / 10
    return point.x >= numbers.x + 13 && column < min(columns, first + capacity(numbers))
      ? column : nil
  }

  /// Where not all rows fit, what the optimizer keeps is left out: the formulas have it.
  private static func fitting(
    _ rows: [(name: String, numbers: [Float], isResult: Bool)], in height: Int
  ) -> [(name: String, numbers: [Float], isResult: Bool)] {
    guard rows.count > height, rows.count > 4 else { return rows }
    return Array(rows.prefix(2) + rows.suffix(2))
  }

  private func capacity(_ area: Rect) -> Int { max(1, (area.width - 13) / 10) }

  /// The first column shown: the chosen one stands in the middle.
  private func window(_ column: Int, _ columns: Int, in area: Rect) -> Int {
    let shown = capacity(area)
    return min(max(0, column - shown / 2), max(0, columns - shown))
  }

  /// One row is a matrix of its own, so that it has its own scale.
  private func draw(
    _ name: String, _ numbers: [Float], chosen: Int, first: Int, at y: Int, heads: Bool,
    in area: Rect, on grid: inout CellGrid
  ) {
    var matrix = NumberMatrix(
      values: numbers, rows: 1, columns: numbers.count,
      scale: .diverging(fitting: numbers, isRooted: true),
      chosen: NumberMatrix.Place(row: 0, column: chosen),
      offset: NumberMatrix.Place(row: 0, column: first), cellWidth: 10, decimals: 6)
    matrix.rowNames = [name + String(repeating: " ", count: max(0, 12 - name.count))]
    let clip = heads ? Rect(area.x, y - 1, area.width, 2) : Rect(area.x, y, area.width, 1)
    grid.clipped(to: clip.intersection(area)) { grid in
      matrix.draw(in: Rect(area.x, y - 1, area.width, 2), on: &grid)
    }
  }
}
