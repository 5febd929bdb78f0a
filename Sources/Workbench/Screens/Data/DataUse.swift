import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Whether a network and data go together, and a network that does.
enum DataUse {
  /// Whether the inputs have the network's count and the outputs suit the targets.
  static func fits(_ model: ModelDescription, _ dataset: Dataset) -> Bool {
    if model.wiring.map({ $0.inputs.count > 1 || $0.outputs.count > 1 }) ?? false
      || dataset.training.hasSeveral
    {
      return fitsSeveral(model, dataset.training)
    }
    guard let loss = model.compilation?.loss.kind,
      model.inputShape.map({ $0.count == dataset.exampleShape.count }) ?? true,
      let network = try? Network(model, inputShape: model.inputShape ?? dataset.exampleShape),
      network.inputShapes.count == 1, network.inputShape.count == dataset.exampleShape.count
    else { return false }
    let outputs = network.outputShape.count
    let targets = dataset.targets.count / max(1, dataset.count)
    guard let classes = dataset.task.classes else {
      return loss == "MeanSquaredError" && outputs == targets
    }
    switch loss {
    case "SparseCategoricalCrossentropy", "CategoricalCrossentropy":
      return outputs == classes.count
    case "BinaryCrossentropy": return outputs == 1 && classes.count == 2
    default: return outputs == targets
    }
  }

  /// Whether a network of several inputs or outputs has an array of its size for each.
  private static func fitsSeveral(_ model: ModelDescription, _ part: Dataset.Part) -> Bool {
    guard let compilation = model.compilation, let network = try? Network(model),
      network.inputShapes.count == part.allInputs.count
    else { return false }
    let judged = zip(network.outputShapes, compilation.outputs).filter { $1.takesTargets }
    return judged.count == part.allTargets.count
      && zip(network.inputShapes, part.allInputs).allSatisfy {
        $0.count * part.count == $1.count
      }
  }

  /// A multilayer perceptron for the data: small for few inputs, and quicker to learn.
  static func network(for dataset: Dataset) -> ModelDescription {
    let inputs = dataset.exampleShape.count
    let isSmall = inputs <= 4
    var model = ModelDescription.perceptron(
      inputShape: dataset.exampleShape, hidden: isSmall ? [16, 16] : [64, 32],
      activation: isSmall ? "tanh" : "relu", classes: dataset.task.classes?.count ?? 0)
    let targets = dataset.targets.count / max(1, dataset.count)
    if dataset.task.classes == nil, targets > 1, let last = model.layers.indices.last {
      model.layers[last] = .known("Dense", [("units", .integer(targets))])
    }
    if isSmall {
      model.compilation?.optimizer = .known("Adam", [("learning_rate", .number(0.01))])
    }
    return model
  }

  /// Epochs that make some two thousand steps, from 10 to 300.
  static func epochs(for count: Int, batchSize: Int) -> Int {
    let perEpoch = max(1, Batches.count(of: count, by: batchSize))
    return max(10, min(300, 2000 / perEpoch / 10 * 10))
  }

  /// `2-16-16-2`
  static func widths(_ model: ModelDescription) -> String {
    guard let network = try? Network(model) else { return "" }
    let layers = network.layers.filter { !$0.weights.isEmpty }
      .map { String($0.outputShape.last) }
    return ([String(network.inputShape.count)] + layers).joined(separator: "-")
  }
}

extension DataUse {
  /// The same network for another number of inputs; nil when it then does not fit either.
  static func widened(_ model: ModelDescription, for dataset: Dataset) -> ModelDescription? {
    guard model.wiring == nil, let shape = model.inputShape,
      shape.count != dataset.exampleShape.count
    else { return nil }
    var other = model
    other.inputShape = dataset.exampleShape
    return fits(other, dataset) ? other : nil
  }
}

extension AppState {
  /// Learns from the data set shown from now on; a network that does not fit gives way to one that
  /// does.
  mutating func useShownData() -> [Effect] {
    guard let dataset = data.preview?.dataset else {
      say(data.trouble ?? "there is no data set to use", .warning)
      return []
    }
    let before = DataUse.widths(workpiece.model)
    // A lesson's settings are for its own data.
    if let own = learn.own, dataset.name != workpiece.dataset.name {
      (workpiece.preparation, workpiece.batchSize) = (own.preparation, own.batchSize)
      (workpiece.seed, workpiece.shuffles) = (own.seed, own.shuffles)
      data.preview = DataPreview(dataset, workpiece.preparation)
    }
    // What was searched is found: the list is whole again, and stands at it.
    if search?.screen == .data { search = nil }
    if let place = listedData.firstIndex(where: { $0.name == data.name }) {
      data.list.select(place, count: listedData.count)
    }
    switch adopt(dataset) {
    case .kept: say("\(dataset.name) is in use, with the same network", .good)
    case .widened:
      say(
        "\(dataset.name) is in use; the network now takes \(dataset.exampleShape.count) inputs",
        .good)
    case .replaced:
      let after = DataUse.widths(workpiece.model)
      say(
        "\(dataset.name) is in use, with a new network \(after)"
          + (before.isEmpty ? "" : ": \(before) does not fit"), .good)
    }
    return []
  }

  /// What became of the network when it got other data.
  enum Adoption { case kept, widened, replaced }

  /// Gives the network this data to learn from; one that does not fit takes as many inputs as there
  /// are now, or gives way to one that fits.
  @discardableResult
  mutating func adopt(_ dataset: Dataset) -> Adoption {
    workpiece.dataset = dataset
    guard !DataUse.fits(workpiece.model, dataset) else { return .kept }
    workpiece.source = nil
    workpiece.isSaved = false
    if let widened = DataUse.widened(workpiece.model, for: dataset) {
      workpiece.model = widened
      return .widened
    }
    workpiece.model = DataUse.network(for: dataset)
    workpiece.epochs = DataUse.epochs(
      for: Int(Double(dataset.count) * (1 - workpiece.preparation.unseenShare)),
      batchSize: workpiece.batchSize)
    return .replaced
  }
}
