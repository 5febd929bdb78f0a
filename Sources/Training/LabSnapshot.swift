import NeuralNets

/// What a run looks like at one moment: a value that the screen draws from.
package struct LabSnapshot: Sendable {
  package enum Activity: Hashable, Sendable {
    case idle, paused, training, finished
  }

  package var activity: Activity = .idle
  /// Whether it is on the way back to where a run stood.
  package var isReturning = false
  /// Rises with every page of a lesson that was set up.
  package var pageNumber = 0
  package var settings: RunSettings?
  package var network: Network?
  /// What pictures call the classes; empty where numbers are to be met.
  package var shownClasses: [String] = []
  package var position = Position(step: 0)
  /// Whether the step at the position is begun, where nothing of it is done.
  package var isBegun = true
  /// How many instructions the step at hand has.
  package var instructionCount = 0
  package var history = History()
  /// From which step on which learning rate holds, the first from the start.
  package var learningRates: [(step: Int, rate: Float)] = []
  package var learningRate: Float = 0
  /// The one that was set by hand, where it holds.
  package var rateByHand: Float?
  /// How many steps a second it trained when it was measured last; nil before that.
  package var stepsPerSecond: Double?
  package var pace: Pace = .full
  package var pictures: LabPictures?
  package var moment: StepMoment?
  /// A hash of every number written in this step so far and of all state, when asked for.
  package var digest: String?
  /// The values of the expressions that were asked for.
  package var readings: Readings?
  /// What the network says of the example that was put to it, with its weights as they are.
  package var answer: Answer?
  /// Why it says nothing of it.
  package var unanswered: String?
  /// What is looked at closely, when something is.
  package var closeUp: CloseUpPicture?
  /// What was set by hand up to where it stands.
  package var changes: [Session.SettingChange] = []
  /// What the callbacks of the program did in the branch at hand.
  package var deeds: [CallbackDeed] = []
  /// Rises whenever a command made the run another one, or its settings others.
  package var commanded = 0
  /// What was set last that can be taken back and let no branch grow; the number rises with each.
  package var revised: (number: Int, words: String) = (0, "")
  /// The step at which a callback ended the run.
  package var stoppedAt: Int?
  /// What is to be said of the run when it is opened.
  package var notes: [String] = []
  /// What the last change of settings kept of the network, with the number of such changes.
  package var kept: (number: Int, Session.Kept)?
  /// The step that the settings at hand were taken up at.
  package var firstStep = 0
  /// Why the last request could not be carried out.
  package var failure: String?
  /// What is asked over many seeds, and what came out so far.
  package var asked: SeedQuestion.Standing?
  /// The ways that the run went; one where nothing was tried.
  package var branches: [BranchSummary] = []
  /// The branch at hand beside the one that was asked for.
  package var comparison: BranchComparison?
  /// In a run of passes: the pass whose numbers are shown. What is counted as a step then is a pass.
  package var pass: ShownPass?
  /// Rises with every snapshot of another run, so that screens can drop what belonged to the last.
  package var runNumber = 0
  /// Why it stands where it does, when a breakpoint stopped it there.
  package var stop: Stop?
  package var breakpoints: [BreakpointRow] = []
  /// The fault that was planted in the run, as far as one knows it.
  package var fault: FaultCase?

  package init() {}
}
