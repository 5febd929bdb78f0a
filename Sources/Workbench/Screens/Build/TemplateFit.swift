import Datasets
import KerasCode
import NeuralNets
import Tensors

/// Whether the network that a program made of some data can learn these data on the screens.
struct TemplateFit {
  /// Why it cannot, nil when it can.
  let reason: String?

  init(_ file: ModelFile, _ dataset: Dataset) {
    reason =
      Self.furtherInputs(file).map { "\($0); \(dataset.name) has one" } ?? Self.inputs(
        file, dataset) ?? Self.answers(file, dataset)
      ?? Self.task(file.description, dataset) ?? Self.end(file.description, dataset)
  }

  /// What a network reads besides one input, nil when that is all.
  private static func furtherInputs(_ file: ModelFile) -> String? {
    let inputs = file.description.wiring?.inputs ?? []
    guard inputs.count > 1 else { return nil }
    return "it reads \(inputs.count) inputs: "
      + inputs.enumerated().map { $1.name ?? "input \($0 + 1)" }.joined(separator: ", ")
  }

  private static func inputs(_ file: ModelFile, _ dataset: Dataset) -> String? {
    let shape = file.description.inputShape ?? dataset.exampleShape
    guard shape.count == dataset.exampleShape.count else {
      return "it reads \(shape.tuple); \(dataset.name) has examples of "
        + dataset.exampleShape.tuple
    }
    let readsTokens = file.description.layers.first?.kind == "Embedding"
    guard readsTokens else { return nil }
    let areTokens = dataset.inputs.scalars.allSatisfy { $0 >= 0 && $0 == $0.rounded() }
    guard !areTokens || dataset.imageShape != nil else { return nil }
    return "it reads whole numbers that name words; \(dataset.name) has other numbers"
  }

  private static func answers(_ file: ModelFile, _ dataset: Dataset) -> String? {
    guard let targets = file.fit?.data.targets.first?.shape else { return nil }
    let count = targets.count / max(1, targets.extents.first ?? 1)
    guard count != dataset.targetCount else { return nil }
    return "its answers are \(count) numbers for each example; \(dataset.name) has "
      + "\(dataset.targetCount)"
  }

  /// Classes are not predicted as numbers, nor numbers as classes.
  private static func task(_ model: ModelDescription, _ dataset: Dataset) -> String? {
    guard let loss = model.compilation?.loss.kind else { return nil }
    let classes = dataset.task.classes
    if classes == nil, loss.hasSuffix("Crossentropy") {
      return "it names classes; \(dataset.name) has numbers to predict"
    }
    if let classes, loss.hasPrefix("Mean") {
      return "it predicts numbers; \(dataset.name) has \(classes.count) classes"
    }
    return nil
  }

  private static func end(_ model: ModelDescription, _ dataset: Dataset) -> String? {
    let blueprint = Blueprint(model, dataShape: dataset.exampleShape)
    if let failure = blueprint.failure {
      return "\(failure.name) \(failure.problem) with \(dataset.name)"
    }
    let failing = OutputChecks.all(blueprint, dataset).first { $0.verdict == .fails }
    return failing.map { "\(dataset.name): \($0.text)" }
  }
}
