import Autodiff
import Lessons
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// One to three sentences about what the line did, true of its numbers.
enum WordsPanel {
  static func draw(
    _ state: AppState, _ moment: StepMoment, _ area: Rect, _ isFocused: Bool,
    on grid: inout CellGrid
  ) {
    let lesson = LessonFinder.lesson(
      about: LessonFinder.topics(state), in: state.learn.lessons)
    let detail = lesson.map { StyledText.hint("i", "lesson \($0.number)") }
    let inside = grid.box(
      area, title: "In words",
      detail: Fitting.detail([detail ?? StyledText()], beside: "In words", in: area),
      isFocused: isFocused
    ).inset(rows: 0)
    write(state, moment, in: inside, on: &grid)
  }

  /// As many whole sentences as fit.
  static func write(
    _ state: AppState, _ moment: StepMoment, in area: Rect, on grid: inout CellGrid
  ) {
    guard !state.hidesResults(of: moment) else {
      grid.writeWrapped(
        .secondary("The lesson asks for a number of this line: it shows once it is answered."),
        in: area)
      return
    }
    let sentences = Words.sentences(of: moment).map { Spelling.text($0, for: grid.ability.glyphs) }
    var text = StyledText()
    for (place, sentence) in sentences.enumerated() {
      let next: StyledText = place > 0 ? .secondary(" " + sentence) : .text(sentence)
      let more = text + next
      guard place == 0 || more.wrapped(to: area.width).count <= area.height else { continue }
      text = more
    }
    if sentences.isEmpty { text = .secondary("Nothing is done yet.") }
    grid.writeWrapped(text, in: area)
  }
}
