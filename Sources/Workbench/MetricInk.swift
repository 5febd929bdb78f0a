import TerminalGraphics

/// The color of each thing that is measured of a run, the same on every screen: what it learns from in
/// one, what it has never seen in another.
enum MetricInk {
  static let loss = Ink.series(0)
  static let validationLoss = Ink.series(1)
  static let accuracy = Ink.series(0)
  static let validationAccuracy = Ink.series(1)
  static let gradient = Ink.series(0)
  static let update = Ink.series(0)
  static let rate = Ink.update
}
