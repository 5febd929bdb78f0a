import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What stands there before there is a run.
enum NoRunPanel {
  static func draw(_ state: AppState, _ panels: [Panel], on grid: inout CellGrid) {
    for panel in panels {
      let inside = grid.box(panel.area, title: "Step", isFocused: true).inset()
      let text =
        StyledText.strong("There is no run yet.\n\n")
        + .secondary(
          "Here one goes through a training step instruction by instruction, forwards and "
            + "backwards, and looks into every number.\n\n")
        + .hint("Enter", "begins the run of the network in Build on the data in Data.\n")
        + .hint("3", "goes to Build,") + " " + .hint("6", "to Data.")
      grid.writeWrapped(text, in: inside)
    }
  }
}

/// What stands there at the very start of a run.
enum StartPanel {
  static func draw(
    _ state: AppState, _ moment: StepMoment, _ area: Rect, _ isFocused: Bool,
    on grid: inout CellGrid
  ) {
    let inside = grid.box(area, title: "The start of step \(moment.step)", isFocused: isFocused)
      .inset()
    let count = moment.plan.instructions.count
    let examples = moment.plan.batchSize == 1 ? "one example" : "\(moment.plan.batchSize) examples"
    let text =
      StyledText.strong("Nothing is done yet.\n\n")
      + .text(
        "The batch is loaded: \(examples). The step has \(count) instructions: "
          + "forward through the network, the loss, backward through it, and the update.\n\n")
      + .hint(".", "does the first line,") + " " + .hint(",", "takes it back.\n")
      + .hint(">", "goes to the end of a phase,") + " "
      + .hint("o", "to the update.")
    grid.writeWrapped(text, in: inside)
  }
}
