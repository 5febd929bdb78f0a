import TerminalGraphics
import Training

/// What the Train screen remembers.
package struct TrainState: Sendable {
  /// What the pictures of layers show, and which unit is chosen.
  package var layers = LayersView()
  /// The examples shown beside what the network says of them.
  var gallery = GalleryView()
  /// Whether the confusion matrix shows shares of its rows.
  var confusionInPercent = false
  /// Which example of each class the layers are shown on, from 0.
  package var probe = 0
  /// How the curves are looked at, and the marks in them.
  var curves = CurveState()
  /// Which line of what happened is chosen.
  var happened = ListSelection()
  /// Which line of the settings is chosen, and how far other panels are scrolled.
  var setting = ListSelection()
  /// The cell of the confusion matrix that was chosen, nil until one is.
  var confusionCursor: NumberMatrix.Place?
  /// The change of settings of which was last said what it kept.
  var keptNoted = 0
  /// The pace before it went to full speed.
  var paceBeforeFull: Pace?
  /// When the run came to its end under one's eyes; nil once that was taken note of.
  var endedAt: Double?
  /// The workpiece that the run at hand was made of.
  package var opened: Workpiece?
  /// The program whose own loop runs, and whose run is still to come.
  var program: RunningLoop?

  package init() {}

  /// Forgets where one was in the run before.
  mutating func startAgain() {
    curves.startAgain()
    happened = ListSelection()
    layers.startAgain()
    gallery = GalleryView()
    confusionCursor = nil
    endedAt = nil
  }
}
