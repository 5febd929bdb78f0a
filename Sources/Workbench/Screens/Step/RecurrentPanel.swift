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
    let inside = grid.box(
      area, title: "\(recurrent.layer) over time", detail: .secondary(detail),
      isFocused: isFocused
    ).inset(columns: 1, rows: 0)
    guard inside.height > 1, inside.width > 24 else { return }
    let layout = RecurrentLayout(recurrent, in: inside)
    drawTimes(layout, on: &grid)
    var y = inside.y + 1
    for (row, height) in layout.rows {
      draw(row, Rect(inside.x, y, inside.width, height), layout, on: &grid)
      y += height
    }
    if y < inside.bottom {
      grid.write(legend, at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
  }

  /// `example 7 of 32 · t = 5, f`.
  private var detail: String {
    let index = moment.instruction ?? 0
    let title = moment.plan.instructions[index].title
    return
      "example \(recurrent.example) of \(moment.plan.batchSize) · t = \(recurrent.time), \(title)"
  }

  private var legend: StyledText {
    let units = recurrent.units
    let order = units == 1 ? "1 unit" : "\(units) units, unit 0 on top"
    let colors = state.ability.depth == .none ? "" : "; orange −, blue +"
    return .secondary(order + colors + "; · not known yet")
  }

  private func drawTimes(_ layout: RecurrentLayout, on grid: inout CellGrid) {
    grid.write(.secondary("time step"), at: layout.area.origin)
    let width = String(recurrent.steps - 1).count
    let every = max(1, (width + 1 + layout.timeWidth - 1) / layout.timeWidth)
    for time in layout.times {
      let isHere = time == recurrent.time
      let isFar = abs(time - recurrent.time) >= every
      guard isHere || (time % every == 0 && isFar) else { continue }
      let text = String(time)
      let start = layout.x(time) + max(0, (layout.blockWidth - text.count + 1) / 2)
      grid.write(
        isHere ? .accent(text) : .secondary(text), at: Point(start, layout.area.y),
        width: max(0, layout.area.right - start))
    }
  }

  private func draw(
    _ row: RecurrentMoment.Row, _ line: Rect, _ layout: RecurrentLayout, on grid: inout CellGrid
  ) {
    let isHere = row.part == recurrent.part
    let scale = RecurrentScale(row, recurrent)
    let label = RecurrentScale.label(row, width: layout.labelWidth)
    grid.write(
      isHere ? StyledText(label, .accent, .bold) : .text(label), at: line.origin,
      width: layout.labelWidth)
    for time in layout.times {
      let block = Rect(layout.x(time), line.y, layout.blockWidth, line.height)
      if let numbers = row.numbers[time] {
        draw(numbers, scale.colors, in: block, on: &grid)
      } else {
        for y in block.y..<block.bottom {
          grid.put("·", at: Point(block.x + block.width / 2, y), ink: .faint)
        }
      }
      if isHere, time == recurrent.time { mark(block, layout, on: &grid) }
    }
    if layout.hasScales {
      grid.writeTrailing(.secondary(scale.name), in: Rect(line.x, line.y, line.width, 1))
    }
  }

  private func mark(_ block: Rect, _ layout: RecurrentLayout, on grid: inout CellGrid) {
    guard layout.gap > 0 else { return }
    for y in block.y..<block.bottom {
      grid.put("▐", at: Point(block.x - 1, y), ink: .accent)
      grid.put("▌", at: Point(block.right, y), ink: .accent)
    }
  }

  /// Units one below the other, each so many pixels high as fit; of several on one pixel the
  /// largest in size.
  private func draw(
    _ numbers: [Float], _ colors: ColorScale, in block: Rect, on grid: inout CellGrid
  ) {
    guard !numbers.isEmpty else { return }
    let pixels = block.height * 2
    let zoom = max(1, pixels / numbers.count)
    let count = min(pixels, numbers.count * zoom)
    let spread = (0..<count).flatMap { pixel -> [Float] in
      let first = pixel * numbers.count / count
      let end = max(first + 1, (pixel + 1) * numbers.count / count)
      let strongest = numbers[first..<end].max { abs($0) < abs($1) } ?? 0
      return Array(repeating: strongest, count: block.width)
    }
    Heatmap(values: spread, rows: count, columns: block.width, scale: colors, largestZoom: 1)
      .draw(in: block, on: &grid)
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
