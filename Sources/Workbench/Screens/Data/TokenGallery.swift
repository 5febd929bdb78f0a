import Datasets
import Tensors
import TerminalGraphics
import Training

/// Examples whose numbers stand for words or letters, as text: what goes in, and below it what is
/// wanted.
struct TokenGallery {
  let preview: DataPreview
  let area: Rect

  private var dataset: Dataset { preview.dataset }

  /// The lines that an example takes: a class stands behind the text, a text below it.
  private var each: Int { preview.dataset.targetCount > 1 ? 3 : 1 }

  /// How many examples there is room for.
  var fitting: Int { max(1, (area.height + (each > 1 ? 1 : 0)) / each) }

  /// The examples shown, beginning with one of them.
  func shown(from first: Int) -> Range<Int> {
    let start = max(0, min(first, dataset.count - fitting))
    return start..<min(dataset.count, start + fitting)
  }

  func draw(from first: Int, on grid: inout CellGrid) {
    let label = String(dataset.count).count + 2
    for (place, row) in shown(from: first).enumerated() {
      let y = area.y + place * each
      grid.write(
        .secondary(NumberFormat.integer(row)), at: Point(area.x, y), width: label - 1)
      let target = DataTokens(dataset).target(ofRow: row)
      let isBelow = each > 1
      let room = area.width - label
      let right = isBelow ? 0 : min(14, room / 3)
      grid.write(
        .text(DataTokens(dataset).input(ofRow: row)), at: Point(area.x + label, y),
        width: max(0, room - right - 1))
      if isBelow {
        grid.write(
          .secondary("→ ") + .good(target), at: Point(area.x + label - 2, y + 1),
          width: room + 2)
      } else {
        grid.writeTrailing(
          .secondary("is ") + .text(target).truncated(to: max(0, right - 3)),
          in: Rect(area.x, y, area.width, 1))
      }
    }
  }
}

/// Examples of a data set as the text that their numbers stand for.
struct DataTokens {
  let dataset: Dataset

  init(_ dataset: Dataset) { self.dataset = dataset }

  func input(ofRow row: Int) -> String {
    let width = dataset.exampleShape.count
    return TokenNames(dataset.vocabulary).text(
      dataset.inputs.scalars[row * width..<(row + 1) * width])
  }

  /// The class, or the text of several; numbers where they name nothing.
  func target(ofRow row: Int) -> String {
    let width = max(1, dataset.targetCount)
    let own = dataset.targets.scalars[row * width..<(row + 1) * width]
    return TokenNames(dataset.task.classes).text(own)
  }
}
