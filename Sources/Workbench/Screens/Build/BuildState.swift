import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What the Build screen remembers.
package struct BuildState: Sendable {
  /// The chosen line of the list: 0 is the input, n the layer n − 1, the one after the last the
  /// settings of training.
  package var line = 1
  /// The chosen call of a layer that is called several times, and the chosen one of several inputs.
  var call: Int?
  var input = 0
  /// The chosen unit of the diagram, nil for the layer as a whole.
  var unit: Int?
  /// The example of the data whose values the diagram shows.
  var example = 0
  /// The marked check; nil until one is chosen.
  var check: Int?
  /// Whether the inspector shows what one seldom needs.
  var showsAll = false
  /// The text of the code while it is edited, kept until it is applied or dropped.
  var draft: CodeDraft?
  /// Steps a second of a run, measured while it trained at full speed.
  var meter = RateMeter()
  /// The chosen field of the inspector.
  var field = 0
  /// From where on the rows of the list and the fields of the inspector show since the last click.
  var rows = ListSelection()
  var fieldRows = ListSelection()
  /// The marked way out of a network that does not fit.
  var wayOut = 0
  /// The first line of the code that shows, when one has scrolled.
  var firstCodeLine = 0
  /// What the data say, kept because it takes time to find out.
  var facts: DataFacts?

  package init() {}

  /// The check that Enter takes; until one is chosen, the first that can be mended.
  func markedCheck(of checks: [BuildCheck]) -> Int {
    let place = check ?? checks.firstIndex(where: \.canBeMended) ?? 0
    return max(0, min(place, checks.count - 1))
  }

  /// The Keras code of the network, as it stands beside the diagram.
  package func code(_ state: AppState) -> String { KerasSource.text(of: state.workpiece) }
}

extension AppState {
  /// The line that is chosen, whatever happened to the network since.
  var buildLine: Int { max(0, min(build.line, workpiece.model.layers.count + 1)) }

  /// The layer that is chosen, nil when the input or the training is.
  var chosenLayer: Int? {
    let place = buildLine - 1
    return workpiece.model.layers.indices.contains(place) ? place : nil
  }

  /// Changes the network, or how it is trained: its code is then another than that which was saved.
  mutating func edit(_ change: (inout Workpiece) -> Void) {
    let before = workpiece
    change(&workpiece)
    if !workpiece.isSame(as: before) { workpiece.isSaved = false }
  }

  /// Chooses a line of the list.
  mutating func choose(line: Int) {
    if line != build.line {
      build.field = 0
      build.unit = nil
      build.call = nil
    }
    build.line = max(0, min(line, workpiece.model.layers.count + 1))
    build.wayOut = 0
  }
}

/// What Build says about the data; found when one comes to the screen.
struct DataFacts: Hashable, Sendable {
  let name: String
  let count: Int
  let preparation: DataPreparation
  /// Examples that are learned from, after some are held back.
  let trainingCount: Int
  /// How many numbers are to be hit in each: one class, or one of each place of a text.
  let targetsEach: Int
  /// Sentences about scales that make learning harder; empty when the inputs are standardized.
  let warnings: [String]

  init(_ workpiece: Workpiece) {
    let data = workpiece.dataset
    name = data.name
    count = data.count
    preparation = workpiece.preparation
    let share = preparation.unseenShare
    let split =
      data.validation == nil && share > 0
      ? try? data.split(fraction: share, seed: preparation.seed) : nil
    trainingCount = split?.training.count ?? data.count
    targetsEach = max(1, data.targets.count / max(1, data.count))
    warnings =
      preparation.standardizes
      ? [] : data.warnings.filter(\.isAboutScale).map(\.description)
  }

  /// Whether these are still the facts about the workpiece.
  func hold(for workpiece: Workpiece) -> Bool {
    name == workpiece.dataset.name && count == workpiece.dataset.count
      && preparation == workpiece.preparation
  }
}

extension DatasetWarning {
  var isAboutScale: Bool {
    switch self {
    case .unequalScales, .farFromZero, .wideRange: true
    default: false
    }
  }
}

extension AppState {
  var dataFacts: DataFacts {
    if let facts = build.facts, facts.hold(for: workpiece) { return facts }
    return DataFacts(workpiece)
  }
}
