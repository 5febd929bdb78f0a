import TerminalGraphics
import Training

/// What the Train screen remembers.
package struct TrainState: Sendable {
  /// What the pictures of layers show.
  package var quantity = LayerPicture.Quantity.activation
  /// Which example of each class the layers are shown on, from 0.
  package var probe = 0
  var isLogarithmic = true
  var showsMean = false
  /// Whether the loss shows the last part of the run only, and moves with it.
  var follows = false
  /// The step that the cursor of the loss stands at; nil for none.
  var cursor: Int?
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
    cursor = nil
    (firstLayer, firstUnit, firstWorst) = (0, 0, 0)
    confusionOffset = NumberMatrix.Place(row: 0, column: 0)
  }
}
