import Autodiff

/// Something that students get wrong, once for all its uses: as a fault to be found in a run, to
/// recognize a student's wrong number, and to try whether our own tests find it.
package struct Misconception: Sendable {
  package enum Fault: Hashable, Sendable {
    case formula(FormulaFault)
    case setUp(SetUpFault)
  }

  package let fault: Fault
  package let title: String
  /// What one believes.
  package let belief: String
  /// Why that is wrong.
  package let correction: String
  /// How one finds it in a run.
  package let trace: String

  /// `missingMean`: never changes.
  package var id: String {
    switch fault {
    case .formula(let fault): fault.rawValue
    case .setUp(let fault): fault.rawValue
    }
  }

  init(
    _ fault: FormulaFault, _ title: String, belief: String, correction: String, trace: String
  ) {
    self.fault = .formula(fault)
    (self.title, self.belief, self.correction, self.trace) = (title, belief, correction, trace)
  }

  init(_ fault: SetUpFault, _ title: String, belief: String, correction: String, trace: String) {
    self.fault = .setUp(fault)
    (self.title, self.belief, self.correction, self.trace) = (title, belief, correction, trace)
  }

  package static func named(_ id: String) -> Misconception? { all.first { $0.id == id } }
}

// MARK: The catalog

extension Misconception {
  /// All of them; `sabotage N` counts from 1.
  package static let all: [Misconception] = formulas + setUps

  private static let formulas = [
    Misconception(
      .sign, "a sign is turned around",
      belief: "A gradient points downhill, so its sign does not matter as long as one subtracts.",
      correction:
        "Each step of the way back keeps the sign of the chain rule; turned around once, all that "
        + "comes before it climbs.",
      trace: "check differs by a factor of −1; explain gives the number with the other sign"),
    Misconception(
      .missingMean, "the division by n is missing",
      belief: "The loss is a mean, but its gradient is that of the sum.",
      correction:
        "The derivative of a mean of n has the factor 1/n as well; without it the steps grow with "
        + "the batch.",
      trace: "check differs by a whole factor: the number of examples"),
    Misconception(
      .transposedIndex, "an index is transposed",
      belief: "What came through W goes back through W.",
      correction:
        "Forward, unit j sums over the inputs i of W[i,j]; backward, input i sums over the units j: "
        + "that is Wᵀ.",
      trace: "check differs below this layer; the terms of explain read another place of W"),
    Misconception(
      .beforeActivation, "a number before the activation is used for one after it",
      belief: "The gradient of a weight takes the sum z of the layer below.",
      correction: "The weight was multiplied with what the layer below gave, h = f(z).",
      trace: "check differs in one kernel's gradient alone; explain multiplies by h"),
    Misconception(
      .staleGradient, "the gradient of the step before is used",
      belief: "It does not matter which step's gradient an update takes.",
      correction: "An update follows the gradient at the weights it changes, of the batch at hand.",
      trace: "gradients are right, yet the update does not move by them: explain the weight"),
    Misconception(
      .noBiasCorrection, "Adam's bias correction is missing",
      belief: "m and v are means of the gradients from the first step on.",
      correction:
        "They begin at 0, so after t steps they hold only 1 − βᵗ of it; Adam divides by that.",
      trace: "the first updates are about three times too large: explain the weight at step 0"),
    Misconception(
      .invertedBiasCorrection, "Adam's bias correction is turned over",
      belief: "The correction multiplies by 1 − βᵗ.",
      correction: "m and v are too small at first; dividing by 1 − βᵗ makes up for it.",
      trace: "the first updates are about ten times too large: explain the weight at step 0"),
  ]

  private static let setUps = [
    Misconception(
      .deadLayer, "a layer is dead",
      belief: "A relu that gives 0 everywhere will learn its way out.",
      correction:
        "Where relu gives 0 its slope is 0, and nothing comes back to the weights that could move.",
      trace: "all outputs of a layer are 0, and all gradients of its weights"),
    Misconception(
      .mislabelledRows, "some rows have a wrong answer",
      belief: "Answers in a file are right.",
      correction: "A few wrong ones cost accuracy, and the network spends its strength on them.",
      trace: "after some epochs a few rows have a large loss: print example_loss, example N"),
    Misconception(
      .testInTraining, "examples that are held back are learned from",
      belief: "More examples to learn from are always better.",
      correction: "A result on examples that were learned says nothing about new ones.",
      trace: "info data counts the rows that are in both parts"),
    Misconception(
      .unscaledColumn, "a column has another scale",
      belief: "The network finds the right scale of its inputs by itself.",
      correction:
        "Gradients grow with the inputs: one rate cannot suit a column of thousands and one of ones.",
      trace: "info data shows one spread far from the others"),
    Misconception(
      .dropoutLeftOn, "dropout is left on where the network is judged",
      belief: "What is dropped while learning is dropped when predicting too.",
      correction: "Dropout is noise for learning; a prediction uses all that was learned.",
      trace: "info judging: the same weights judged twice give two losses"),
    Misconception(
      .softmaxTwice, "softmax is applied twice",
      belief: "from_logits=True suits any output.",
      correction:
        "The output is a softmax already; a second one flattens it, and the loss cannot come near 0.",
      trace: "list shows a second softmax in the loss"),
    Misconception(
      .learningRateTooHigh, "the learning rate is too high",
      belief: "A larger rate learns faster.",
      correction: "Beyond a limit each step jumps over the valley and lands higher than before.",
      trace: "the loss rises or jumps; print learning_rate"),
  ]
}
