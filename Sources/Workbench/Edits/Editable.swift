import Datasets
import Lessons
import NeuralNets
import Training

/// All that a student edits, as it is at one moment: what undo and redo bring back.
///
/// Taken before and after every event; the two are compared, so that no screen has to say that it
/// edits. What is equal shares its memory, which makes both the copy and the comparison cheap.
struct Editable: Sendable {
  var workpiece: Workpiece
  /// The learning rate of the run at hand, and which run that is.
  let rate: Float
  let runNumber: Int
  /// The branch of it at hand. Branches grow when news come, not with the key that is their cause.
  var branch: Int
  /// Where the run stood; no edit by itself.
  let position: Position
  /// The data set shown on Data, and what is done to each.
  let shownData: String
  let specifications: [String: DataSpecification]
  /// How far each lesson has come, and what was said of its answers.
  let progress: [String: LessonProgress]
  let verdicts: [String: Said]
  /// The page of a lesson that was open: `01-one-neuron 3`; and its questions with choices.
  let page: String?
  let choices: Set<String>
  /// Where one was; no edit by itself.
  let screen: ScreenName
  let line: Int
  let isOnTour: Bool
  /// Whether the network is a lesson's.
  let isOfLesson: Bool
  /// Kept runs that were deleted.
  let removedRuns: Set<Int>

  init(_ state: AppState) {
    workpiece = state.workpiece
    rate = state.lab.learningRate
    runNumber = state.lab.runNumber
    position = state.lab.position
    branch = state.lab.branches.current?.number ?? 1
    shownData = state.data.name
    specifications = state.data.specifications
    progress = state.learn.progress
    verdicts = state.learn.verdicts
    page = state.learn.pageName
    let asks = state.learn.page?.asks ?? []
    choices = Set(asks.filter { if case .choice = $0.answer { true } else { false } }.map(\.id))
    screen = state.screen
    line = state.buildLine
    isOnTour = state.tour != nil
    isOfLesson = state.learn.own != nil
    removedRuns = state.runs.removed
  }

  /// Whether both are the same to a student who edits.
  func isSame(as other: Editable) -> Bool {
    workpiece.isSame(as: other.workpiece) && rate == other.rate
      && removedRuns == other.removedRuns
      && specifications == other.specifications && answersChanged(since: other).isEmpty
  }

  /// The questions whose answers differ, by lesson.
  func answersChanged(since other: Editable) -> [String: Set<String>] {
    guard progress != other.progress else { return [:] }
    var changed: [String: Set<String>] = [:]
    for (lesson, place) in progress {
      let before = other.progress[lesson]?.answers ?? [:]
      let all =
        place.answers.keys.filter { place.answers[$0] != before[$0] }
        + before.keys.filter { place.answers[$0] == nil }
      // What an exercise was done with is no answer.
      let ids = all.filter { !$0.hasPrefix(LessonProgress.successMark) }
      if !ids.isEmpty { changed[lesson] = Set(ids) }
    }
    return changed
  }
}

extension Workpiece {
  /// Whether both make the same run of the same code; where it is saved does not matter.
  func isSame(as other: Workpiece) -> Bool {
    model == other.model && dataset == other.dataset && preparation == other.preparation
      && epochs == other.epochs && batchSize == other.batchSize && seed == other.seed
      && shuffles == other.shuffles && callbacks == other.callbacks
      && initialWeights == other.initialWeights
  }

  /// Takes from `wanted` what it has otherwise than `left`.
  mutating func take(_ wanted: Workpiece, insteadOf left: Workpiece) {
    if wanted.model != left.model { model = wanted.model }
    if wanted.dataset != left.dataset { dataset = wanted.dataset }
    if wanted.preparation != left.preparation { preparation = wanted.preparation }
    if wanted.epochs != left.epochs { epochs = wanted.epochs }
    if wanted.batchSize != left.batchSize { batchSize = wanted.batchSize }
    if wanted.seed != left.seed { seed = wanted.seed }
    if wanted.shuffles != left.shuffles { shuffles = wanted.shuffles }
    if wanted.callbacks != left.callbacks { callbacks = wanted.callbacks }
    if wanted.initialWeights != left.initialWeights { initialWeights = wanted.initialWeights }
    if wanted.fileName != left.fileName { fileName = wanted.fileName }
    if wanted.source != left.source { source = wanted.source }
    isSaved = wanted.isSaved
  }
}
