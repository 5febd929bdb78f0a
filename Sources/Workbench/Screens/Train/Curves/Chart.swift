import TerminalGraphics
import Training

/// One thing that is followed over the steps of a run, with the curves that show it.
enum Chart: String, CaseIterable, Hashable, Sendable {
  case loss, accuracy, gradient, update, rate

  var title: String {
    switch self {
    case .loss: "Loss"
    case .accuracy: "Accuracy"
    case .gradient: "Gradient"
    case .update: "Update/weights"
    case .rate: "Learning rate"
    }
  }

  /// Where the full title leaves no room for the numbers.
  var shortTitle: String {
    switch self {
    case .update: "Update"
    case .rate: "Rate"
    default: title
    }
  }

  /// In a sentence, and where a chart is offered: `update/weights`.
  var name: String { title.lowercased() }

  /// What it is, for the message that says what one looks at.
  var meaning: String {
    switch self {
    case .loss: "the loss of each batch; val_loss after each epoch"
    case .accuracy: "the share right: of a batch, an epoch, the unseen"
    case .gradient: "|gradient|: the length of the whole gradient"
    case .update: "|Δw|/|w|: how far a step moves the weights"
    case .rate: "the learning rate of each step"
    }
  }

  /// The charts that a run has something to show in.
  static func all(for lab: LabSnapshot) -> [Chart] {
    // A loop of its own counts what its networks were compiled to count, some of them or all.
    let judges =
      lab.pass?.isCounted
      ?? (lab.settings?.data.classes.isEmpty == false || lab.history.latest?.accuracy != nil)
    return allCases.filter { $0 != .accuracy || judges }
  }

  /// Whether `l` changes its scale.
  var mayBeLogarithmic: Bool { self != .accuracy }

  /// The number of a step, nil where it was not measured.
  func number(of step: History.Step) -> Float? {
    switch self {
    case .loss: step.loss
    case .accuracy: step.accuracy
    case .gradient: step.gradientNorm
    case .update: step.updateRatio
    case .rate: step.learningRate
    }
  }

  /// What is known of an epoch when it ended, by the names of Keras.
  func epochCurves(of lab: LabSnapshot) -> [EpochCurve] {
    switch self {
    case .loss:
      lab.settings?.data.validation == nil
        ? [] : [EpochCurve("val_loss", "val", MetricInk.validationLoss, "o") { $0.validationLoss }]
    case .accuracy:
      [EpochCurve("accuracy", "acc", MetricInk.accuracy, "*") { $0.accuracy }]
        + (lab.settings?.data.validation == nil
          ? [] : [EpochCurve("val_accuracy", "val", .series(1), "o") { $0.validationAccuracy }])
    case .gradient, .update, .rate: []
    }
  }

  /// The curve of every batch: its name, and how it is drawn.
  var batchCurve: (name: String, ink: Ink, mark: Unicode.Scalar) {
    switch self {
    case .loss: ("loss", MetricInk.loss, "*")
    // Of a batch of 32 it is one of 33 numbers: the band behind the curves of the epochs.
    case .accuracy: ("batches", .border, ".")
    case .gradient: ("|gradient|", MetricInk.gradient, "*")
    case .update: ("update/weights", MetricInk.update, "*")
    case .rate: ("learning rate", MetricInk.rate, "*")
    }
  }

  /// A number of it in seven columns, so that nothing beside it moves; in six where it is to be brief.
  func shown(_ value: Float?, isBrief: Bool = false) -> String {
    let text =
      value.map {
        self == .accuracy
          ? NumberFormat.share($0, decimals: isBrief ? 2 : 3)
          : NumberFormat.compact($0, digits: isBrief ? 2 : 3)
      } ?? "—"
    return NumberFormat.padded(text, to: self == .accuracy ? (isBrief ? 4 : 5) : isBrief ? 6 : 7)
  }
}

/// A curve with one point an epoch.
struct EpochCurve {
  let name: String
  let shortName: String
  let ink: Ink
  let mark: Unicode.Scalar
  let number: (History.Epoch) -> Float?

  init(
    _ name: String, _ shortName: String, _ ink: Ink, _ mark: Unicode.Scalar,
    _ number: @escaping (History.Epoch) -> Float?
  ) {
    (self.name, self.shortName, self.ink, self.mark) = (name, shortName, ink, mark)
    self.number = number
  }
}
