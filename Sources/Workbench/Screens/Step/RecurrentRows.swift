import Autodiff
import TerminalGraphics
import Training

/// The rows of a recurrent layer over time: for each gate, memory and output a row of colored units;
/// the present one is marked.
struct RecurrentRows {
  let recurrent: RecurrentMoment
  let layout: RecurrentLayout
  /// A unit whose numbers are followed, marked at the present time step.
  var unit: Int?

  /// The lines that the rows take.
  var height: Int { layout.rows.reduce(0) { $0 + $1.height } }

  func draw(on grid: inout CellGrid) {
    drawTimes(on: &grid)
    var y = layout.area.y + 1
    for (row, height) in layout.rows {
      draw(row, Rect(layout.area.x, y, layout.area.width, height), on: &grid)
      y += height
    }
  }

  private func drawTimes(on grid: inout CellGrid) {
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
    _ row: RecurrentMoment.Row, _ line: Rect, on grid: inout CellGrid
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
      guard time == recurrent.time else { continue }
      if isHere {
        mark(block, on: &grid)
      } else if let unit, row.part != .x {
        mark(self.line(of: unit, in: block), on: &grid)
      }
    }
    if layout.hasScales {
      grid.writeTrailing(.secondary(scale.name), in: Rect(line.x, line.y, line.width, 1))
    }
  }

  /// The line of a block that a unit lies on.
  private func line(of unit: Int, in block: Rect) -> Rect {
    let pixels = min(2 * block.height, max(1, 2 * block.height / recurrent.units) * recurrent.units)
    let y = block.y + unit * pixels / max(1, recurrent.units) / 2
    return Rect(block.x, min(y, block.bottom - 1), block.width, 1)
  }

  private func mark(_ block: Rect, on grid: inout CellGrid) {
    guard layout.gap > 0 else { return }
    grid.bracket(block)
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
