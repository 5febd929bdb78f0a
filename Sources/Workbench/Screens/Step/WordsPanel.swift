import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One to three sentences about what the line did, true of its numbers.
enum WordsPanel {
  static func text(_ moment: StepMoment) -> StyledText {
    let sentences = Words.sentences(of: moment)
    guard let first = sentences.first else { return .secondary("Nothing is done yet.") }
    return .text(first) + .secondary(" " + sentences.dropFirst().joined(separator: " "))
  }

  static func draw(
    _ state: AppState, _ moment: StepMoment, _ area: Rect, _ isFocused: Bool,
    on grid: inout CellGrid
  ) {
    let inside = grid.box(area, title: "In words", isFocused: isFocused).inset(rows: 0)
    var used = 0
    for sentence in Words.sentences(of: moment) {
      let lines = StyledText.text(sentence).wrapped(to: inside.width)
      guard used == 0 || used + lines.count <= inside.height else { break }
      for line in lines.prefix(inside.height - used) {
        grid.write(line, at: Point(inside.x, inside.y + used))
        used += 1
      }
    }
  }
}
