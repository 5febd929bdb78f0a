import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// One thing that was looked at before training, with the numbers it names.
struct BuildCheck: Hashable, Sendable {
  enum Verdict: Hashable, Sendable {
    case good, advice, fails
  }

  let verdict: Verdict
  let title: String
  let text: String
  /// The same in a few words, where there is little room.
  var short: String?
  /// The line of the list that it is about.
  var line: Int?
  /// What mends it, when one edit does.
  var fix: CheckFix?

  /// Whether an edit mends it, or it fails in a layer that one can go to.
  var canBeMended: Bool { fix != nil || verdict == .fails && line != nil }

  /// A sign that says the verdict without color.
  var sign: StyledText {
    switch verdict {
    case .good: .good("●")
    case .advice: .warning("▲")
    case .fails: .bad("×")
    }
  }
}

/// An edit that mends what a check found.
struct CheckFix: Hashable, Sendable {
  /// In a few words: `use relu`.
  let title: String
  var model: ModelDescription?
  var batchSize: Int?
  /// Whether the inputs are brought to mean 0 and deviation 1.
  var standardizes = false
}

/// All that is checked of a network and its data. What fails stops a run; advice never does.
enum BuildChecks {
  static func all(
    _ blueprint: Blueprint, _ workpiece: Workpiece, _ facts: DataFacts
  ) -> [BuildCheck] {
    [data(blueprint, workpiece.dataset), shapes(blueprint)]
      + [BatchChecks.size(blueprint, workpiece), BatchChecks.rest(blueprint, facts)]
      .compactMap(\.self) + OutputChecks.all(blueprint, workpiece.dataset)
      + inputs(blueprint, workpiece.dataset, facts)
      + LayerAdvice.all(blueprint, given: Set((workpiece.initialWeights ?? [:]).keys))
      + TrainingAdvice.all(blueprint, workpiece, facts)
  }

  private static func inputs(
    _ blueprint: Blueprint, _ dataset: Dataset, _ facts: DataFacts
  ) -> [BuildCheck] {
    guard !bringsInputsIntoRange(blueprint.model), let warning = facts.warnings.first,
      // Inputs that are to come out again have the range that the output can have.
      !dataset.training.allTargets.contains(dataset.training.inputs)
    else { return [] }
    return [
      BuildCheck(
        verdict: .advice, title: "inputs",
        text: words(warning)
          + "; small inputs of like size help learning (6 Data, n)",
        short: words(warning), line: 0,
        fix: CheckFix(title: "bring them to mean 0, σ 1", standardizes: true))
    ]
  }

  /// Whether a layer scales the inputs before the first one that would be told of it.
  private static func bringsInputsIntoRange(_ model: ModelDescription) -> Bool {
    let scaling: Set = ["Rescaling", "Normalization", "BatchNormalization", "LayerNormalization"]
    let first = model.layers.first { !LayerCatalog.kindsThatKeepNumbers.contains($0.kind) }
    return first.map { scaling.contains($0.kind) } ?? false
  }

  /// What fails first, then advice, then what is good: the order in which they are shown.
  static func sorted(_ checks: [BuildCheck]) -> [BuildCheck] {
    [.fails, .advice, .good].flatMap { verdict in checks.filter { $0.verdict == verdict } }
  }

  /// A warning about the inputs, beside a title that names them already.
  private static func words(_ warning: String) -> String {
    warning.hasPrefix("inputs ") ? String(warning.dropFirst("inputs ".count)) : warning
  }

  /// Why the network cannot be run now, nil when it can.
  static let whyNoRun: @Sendable (AppState) -> String? = { state in
    if let why = state.whyNoOwnRun { return why }
    let blueprint = Blueprint(state.workpiece)
    if let failure = blueprint.failure {
      return "\(failure.name) \(failure.problem); right would be \(failure.remedy)"
    }
    let checks =
      [data(blueprint, state.workpiece.dataset)]
      + OutputChecks.all(blueprint, state.workpiece.dataset)
      + [BatchChecks.size(blueprint, state.workpiece)].compactMap(\.self)
    if let failing = checks.first(where: { $0.verdict == .fails }) {
      return "\(failing.title): \(failing.text)"
    }
    let bytes = Cost(blueprint).bytes
    return bytes > mostBytes
      ? "its weights take \(NumberFormat.integer(bytes)) bytes; at most "
        + "\(NumberFormat.integer(mostBytes)) fit" : nil
  }

  /// More than this is no network for a lab on one machine.
  private static let mostBytes = 4_000_000_000

  /// `2 good · 1 advice`.
  static func tally(_ checks: [BuildCheck]) -> String {
    func count(_ verdict: BuildCheck.Verdict) -> Int { checks.count { $0.verdict == verdict } }
    var parts = ["\(count(.good)) good"]
    if count(.advice) > 0 { parts.append("\(count(.advice)) advice") }
    if count(.fails) > 0 { parts.append(count(.fails) == 1 ? "1 fails" : "\(count(.fails)) fail") }
    return parts.joined(separator: " · ")
  }

  private static func data(_ blueprint: Blueprint, _ dataset: Dataset) -> BuildCheck {
    let own = dataset.exampleShape
    let wanted = blueprint.inputShape
    let count = "\(NumberFormat.integer(dataset.count)) examples"
    if let ends = blueprint.severalEnds(dataset) { return ends }
    guard own.count == wanted.count else {
      return BuildCheck(
        verdict: .fails, title: "data",
        text: "an example of \(dataset.name) has \(own.count) numbers, this input takes "
          + (wanted.rank == 1 ? "\(wanted.count)" : "\(wanted.product) = \(wanted.count)")
          + "; 6 Data has other sets")
    }
    let reshaped = own == wanted ? "" : " as \(wanted.tuple)"
    return BuildCheck(
      verdict: .good, title: "data fits",
      text: "\(dataset.name): \(count) of \(own.tuple)\(reshaped)",
      short: "\(dataset.name), \(wanted.tuple)")
  }

  private static func shapes(_ blueprint: Blueprint) -> BuildCheck {
    if let failure = blueprint.failure {
      let place = failure.layer.map { "layer \($0 + 1), " } ?? ""
      return BuildCheck(
        verdict: .fails, title: "shapes", text: "\(place)\(failure.name) \(failure.problem)",
        line: blueprint.failingLine)
    }
    if !blueprint.model.isChain, let output = blueprint.outputShape {
      let ends = "\(blueprint.inputShape.batched) → … → \(output.batched)"
      return BuildCheck(
        verdict: .good, title: "shapes fit",
        text: "a graph of \(blueprint.placed.count) layers: \(ends)", short: ends)
    }
    var chain = [blueprint.inputShape]
    for layer in blueprint.placed where layer.outputShape != chain.last || !layer.weights.isEmpty {
      chain.append(layer.outputShape)
    }
    return BuildCheck(
      verdict: .good, title: "shapes fit",
      text: chain.map(\.batched).joined(separator: " → "),
      short: [chain.first, chain.last].compactMap { $0?.batched }.joined(separator: " → … → "))
  }
}

/// Whether the last layer, the loss and the targets belong together.
enum OutputChecks {
  /// What is said of the end of the network, with an edit that mends it where there is one.
  static func all(_ blueprint: Blueprint, _ dataset: Dataset) -> [BuildCheck] {
    found(blueprint, dataset).map { check in
      var check = check
      if check.verdict != .good { check.fix = OutputFix.first(blueprint, dataset) }
      return check
    }
  }

  /// Whether nothing is left to say of the end of the network.
  static func allGood(_ blueprint: Blueprint, _ dataset: Dataset) -> Bool {
    found(blueprint, dataset).allSatisfy { $0.verdict == .good }
  }

  private static func found(_ blueprint: Blueprint, _ dataset: Dataset) -> [BuildCheck] {
    guard let output = blueprint.outputShape else { return [] }
    guard let compilation = blueprint.model.compilation else {
      return [
        BuildCheck(
          verdict: .fails, title: "training",
          text: "no optimizer and no loss yet: c sets them")
      ]
    }
    if let several = several(blueprint) { return [several] }
    let end = End(
      output: output, activation: lastActivation(blueprint), dataset: dataset,
      loss: LossCatalog.named(compilation.loss.kind)?.shortNames.first ?? compilation.loss.kind,
      takesScores: compilation.loss.arguments["from_logits"] == .boolean(true))
    var found =
      switch compilation.loss.kind {
      case "SparseCategoricalCrossentropy": end.sparse
      case "CategoricalCrossentropy": end.oneHot
      case "BinaryCrossentropy": end.binary
      default: end.squared
      }
    guard found.verdict != .good else { return [found] }
    let idle = LayerCatalog.kindsThatKeepNumbers
    found.line = blueprint.model.layers.lastIndex { !idle.contains($0.kind) }.map { $0 + 1 }
    return [found]
  }

  /// The function that the outputs went through: some layers change no number of a prediction.
  private static func lastActivation(_ blueprint: Blueprint) -> ActivationFunction {
    let idle = LayerCatalog.kindsThatKeepNumbers
    let last = blueprint.model.layers.last { !idle.contains($0.kind) }
    return last?.kind == "Softmax" ? .softmax : last?.activation ?? .linear
  }
}

/// The end of a network and what it is held against.
private struct End {
  let output: Shape
  let activation: ActivationFunction
  let dataset: Dataset
  let loss: String
  /// Whether the loss makes probabilities itself, of what comes before softmax or sigmoid.
  let takesScores: Bool

  private var units: Int { output.last }
  private var classes: Int? { dataset.task.classes?.count }
  /// Rows of outputs an example has: one, but for sequences and images.
  private var rows: Int { output.rows }

  private func check(
    _ verdict: BuildCheck.Verdict, _ text: String, short: String? = nil
  ) -> BuildCheck {
    BuildCheck(
      verdict: verdict, title: verdict == .good ? "loss fits" : "loss", text: text, short: short)
  }

  private func perExample(_ loss: String, wanted: Int) -> BuildCheck? {
    guard wanted != dataset.targetWidth else { return nil }
    let noun = dataset.targetWidth == 1 ? "number" : "numbers"
    return check(
      .fails,
      "\(loss) wants \(wanted) targets an example for outputs of \(output.tuple), "
        + "\(dataset.name) has \(dataset.targetWidth) \(noun)")
  }

  var sparse: BuildCheck {
    let loss = "sparse_categorical_crossentropy"
    guard let classes else {
      return check(.fails, "\(loss) wants class numbers, \(dataset.name) has numbers to predict")
    }
    if let odd = perExample(loss, wanted: rows) { return odd }
    return probabilities(loss, classes, atLeast: true)
  }

  var oneHot: BuildCheck {
    let loss = "categorical_crossentropy"
    guard let classes else {
      return check(.fails, "\(loss) wants classes, \(dataset.name) has numbers to predict")
    }
    guard rows == 1 else {
      return check(.fails, "\(loss) wants one row of outputs, the network gives \(output.tuple)")
    }
    return probabilities(loss, classes, atLeast: false)
  }

  private func probabilities(_ loss: String, _ classes: Int, atLeast: Bool) -> BuildCheck {
    if units < classes || (!atLeast && units > classes) {
      return check(
        .fails,
        "\(classes) classes, \(units) \(units == 1 ? "output" : "outputs"): the last layer wants "
          + "\(classes) units")
    }
    if takesScores, let scores = scores(loss, "\(units) scores") { return scores }
    guard takesScores || activation == .softmax else {
      return check(
        .advice,
        units == classes
          ? "\(loss) wants \(classes) probabilities: softmax gives them, "
            + "\(activation.name) does not"
          : "\(loss) wants \(classes) probabilities, one a class: these are \(units) numbers "
            + "without softmax")
    }
    if units > classes {
      return check(.advice, "\(units) outputs for \(classes) classes: \(units - classes) unused")
    }
    return takesScores
      ? check(
        .good, "\(loss) with from_logits takes \(classes) scores: a linear output gives any",
        short: "\(classes) scores")
      : check(
        .good, "\(loss) wants \(classes) probabilities: softmax gives them",
        short: "\(classes) probabilities")
  }

  /// What stands between the last layer and a loss with `from_logits`; nil when nothing does.
  private func scores(_ loss: String, _ wanted: String) -> BuildCheck? {
    guard activation != .linear else { return nil }
    return check(
      .advice,
      "\(loss) with from_logits takes \(wanted) and makes probabilities of them itself: linear "
        + "gives any, \(activation.name) does not")
  }

  var binary: BuildCheck {
    let loss = "binary_crossentropy"
    if let odd = perExample(loss, wanted: output.count) { return odd }
    if let classes, classes > 2 {
      return check(.advice, "\(loss) tells 2 classes apart, \(dataset.name) has \(classes)")
    }
    if takesScores {
      return scores(loss, "a score")
        ?? check(
          .good, "\(loss) with from_logits takes a score: a linear output gives any",
          short: "a score")
    }
    guard activation == .sigmoid else {
      return check(
        .advice, "\(loss) wants a probability: sigmoid gives it, \(activation.name) does not")
    }
    return check(.good, "\(loss) wants a probability: sigmoid gives it", short: "a probability")
  }

  var squared: BuildCheck {
    if let odd = perExample(loss, wanted: output.count) { return odd }
    if let classes {
      return check(
        .advice,
        "\(loss) takes the \(classes) class numbers for quantities; a cross-entropy "
          + "tells classes apart")
    }
    let span: (words: String, range: ClosedRange<Float>)? =
      switch activation.name {
      case "relu", "softplus", "exponential": ("no negative number", 0...(.infinity))
      case "sigmoid", "softmax", "hard_sigmoid": ("only numbers from 0 to 1", 0...1)
      case "tanh", "softsign", "hard_tanh": ("only numbers from −1 to 1", -1...1)
      default: nil
      }
    if let span {
      guard dataset.targets.scalars.allSatisfy(span.range.contains) else {
        return check(.advice, "\(activation.name) gives \(span.words); linear gives any")
      }
      return check(
        .good, "\(loss) wants numbers: \(activation.name) gives \(span.words), as the targets are",
        short: span.words)
    }
    return check(.good, "\(loss) wants numbers: a linear output gives any", short: "any number")
  }
}
