import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// A recurrent layer over time: one row of colored units for each gate, memory and output, filled
/// in as one moves; the present one is marked.
struct RecurrentPanel: StepView {
  let scene: StepScene
  let recurrent: RecurrentMoment

  func draw(_ isFocused: Bool, on grid: inout CellGrid) {
    let room = area.inset().inset(columns: 1, rows: 0)
    let layout = RecurrentLayout(recurrent, in: room)
    let rows = RecurrentRows(recurrent: recurrent, layout: layout)
    let hasLine = 1 + rows.height < room.height
    // Where the rows take all lines, the border says what the colors mean.
    let inside = grid.box(
      area, title: "\(recurrent.layer) over time", detail: .secondary(detail),
      note: hasLine ? "" : StyledText.signs(state.ability), isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    guard inside.height > 1, inside.width > 24 else { return }
    rows.draw(on: &grid)
    if hasLine {
      grid.write(
        legend(layout, width: inside.width), at: Point(inside.x, inside.bottom - 1),
        width: inside.width)
    }
  }

  /// `example 7 of 32 · t = 5, f`.
  private var detail: String {
    let index = moment.instruction ?? 0
    let title = moment.plan.instructions[index].title
    return
      "example \(recurrent.example) of \(moment.plan.batchSize) · t = \(recurrent.time), \(title)"
  }

  private func legend(_ layout: RecurrentLayout, width: Int) -> StyledText {
    let tail = "; " + StyledText.signs(state.ability) + .secondary("; · not known yet")
    let order = Fitting.text(layout.order(ofUnits: recurrent.units), width: width - tail.width)
    return .secondary(order) + tail
  }
}

/// What the colors of a row mean.
struct RecurrentScale {
  let colors: ColorScale
  /// `0 … 1`, `−1 … 1`, `±5.52`.
  let name: String

  init(_ row: RecurrentMoment.Row, _ recurrent: RecurrentMoment) {
    switch row.function {
    case .sigmoid:
      colors = .diverging(limit: 1)
      name = "0 … 1"
    case .tanh:
      colors = .diverging(limit: 1)
      name = "−1 … 1"
    default:
      let isGradient = !RecurrentMoment.Part.forward.contains(row.part)
      colors = .diverging(fitting: row.known, isRooted: isGradient)
      name = row.known.isEmpty ? "" : "±" + NumberFormat.compact(colors.high, digits: 3)
    }
  }

  static func label(_ row: RecurrentMoment.Row, width: Int) -> String {
    let gate = width < 15 ? "" : " gate"
    return switch row.part {
    case .x: "x  input"
    case .i: "i  input" + gate
    case .f: "f  forget" + gate
    case .z: row.function == nil ? "z  weighted sum" : "z  update" + gate
    case .r: "r  reset" + gate
    case .g: "g  candidate"
    case .o: "o  output" + gate
    case .c: "c  memory"
    case .h: "h  output"
    case .outputGradient, .memoryGradient, .sumGradient: row.symbol
    }
  }
}
