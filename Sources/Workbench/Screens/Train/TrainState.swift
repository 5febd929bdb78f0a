import TerminalGraphics
import Training

/// What the Train screen remembers.
package struct TrainState: Sendable {
  /// What the pictures of layers show.
  package var quantity = LayerPicture.Quantity.activation
  /// Which example of each class the layers are shown on, from 0.
  package var probe = 0
  /// How the curves are looked at, and the marks in them.
  var curves = CurveState()
  /// Which line of what happened is chosen.
  var happened = ListSelection()
  /// Which layer the pictures begin with, and which unit.
  var firstLayer = 0
  var firstUnit = 0
  /// Which line of the settings is chosen, and how far other panels are scrolled.
  var setting = ListSelection()
  var firstWorst = 0
  var confusionOffset = NumberMatrix.Place(row: 0, column: 0)
  /// The pace before it went to full speed.
  var paceBeforeFull: Pace?
  /// The workpiece that the run at hand was made of.
  package var opened: Workpiece?

  package init() {}

  /// Forgets where one was in the run before.
  mutating func startAgain() {
    curves.startAgain()
    happened = ListSelection()
    (firstLayer, firstUnit, firstWorst) = (0, 0, 0)
    confusionOffset = NumberMatrix.Place(row: 0, column: 0)
  }
}
