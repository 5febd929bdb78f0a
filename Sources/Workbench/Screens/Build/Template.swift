import Datasets
import NeuralNets
import Tensors

/// A network to begin with: a piece of Keras code that is fitted to the data in use.
struct Template: Sendable {
  /// What shape of examples it reads.
  enum Input: Hashable, Sendable {
    case row, image, sequence
    /// Whole numbers that name words.
    case words
  }

  let title: String
  /// What it suits, in a sentence.
  let suits: String
  let input: Input
  /// Whether it gives back what comes in, instead of what the data have as targets.
  var restores = false
  /// Keras code that may name `shape`, `size`, `outputs`, `activation`, `loss`, `metrics`, `words`.
  let code: String

  /// A template for the data in use: its network, or why there is none.
  struct Fitted: Sendable {
    let template: Template
    let model: ModelDescription?
    let parameters: Int
    /// Why it does not fit.
    let reason: String?
  }

  /// Every template, those that fit first.
  static func all(for dataset: Dataset) -> [Fitted] {
    let fitted = catalog.filter(\.isKnown).map { $0.fitted(to: dataset) }
    return fitted.filter { $0.model != nil } + fitted.filter { $0.model == nil }
  }

  // MARK: Fitting

  /// Whether every layer it names is one of the catalog.
  private var isKnown: Bool {
    code.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "." && $0 != "_" })
      .filter { $0.hasPrefix("layers.") }
      .allSatisfy { LayerCatalog.type(named: String($0.dropFirst("layers.".count))) != nil }
  }

  func fitted(to dataset: Dataset) -> Fitted {
    if let reason = whyNot(dataset) { return unfit(reason) }
    do {
      let model = try KerasSource.network(in: prelude(dataset) + code)
      let network = try Network(model, inputShape: dataset.exampleShape)
      return Fitted(
        template: self, model: model, parameters: network.parameterCount, reason: nil)
    } catch { return unfit("\(error)".split(separator: "\n").first.map(String.init) ?? "") }
  }

  private func unfit(_ reason: String) -> Fitted {
    Fitted(template: self, model: nil, parameters: 0, reason: reason)
  }

  private func shape(_ dataset: Dataset) -> Shape? {
    switch input {
    case .row: dataset.flatShape.rank == 1 ? dataset.flatShape : [dataset.exampleShape.count]
    case .image: dataset.imageShape
    case .sequence: dataset.exampleShape.rank == 2 ? dataset.exampleShape : nil
    case .words: dataset.exampleShape.rank == 1 ? dataset.exampleShape : nil
    }
  }

  /// Why the data are nothing for it, nil when they are.
  private func whyNot(_ dataset: Dataset) -> String? {
    let shape = dataset.exampleShape.tuple
    if restores, dataset.task.classes != nil || dataset.targetWidth != dataset.exampleShape.count {
      return "its targets are its inputs; \(dataset.name) has "
        + (dataset.task.classes.map { "\($0.count) classes" } ?? "other targets")
    }
    switch input {
    case .row: return nil
    case .image where dataset.imageShape == nil:
      return "it reads images (rows, columns, channels); \(dataset.name) has \(shape)"
    case .sequence where dataset.exampleShape.rank != 2:
      return "it reads sequences (time steps, features); \(dataset.name) has \(shape)"
    case .words where dataset.imageShape != nil || Self.vocabulary(dataset) == nil:
      return "it reads whole numbers that name words; \(dataset.name) has other numbers"
    default: return nil
    }
  }

  /// How many words there are, nil where inputs are no whole numbers.
  private static func vocabulary(_ dataset: Dataset) -> Int? {
    var largest: Float = 0
    for number in dataset.inputs.scalars {
      guard number >= 0, number < 100_000, number == number.rounded() else { return nil }
      largest = max(largest, number)
    }
    return dataset.exampleShape.rank == 1 ? Int(largest) + 1 : nil
  }

  /// What the code may name.
  private func prelude(_ dataset: Dataset) -> String {
    let shape = shape(dataset) ?? dataset.exampleShape
    let classes = dataset.task.classes?.count
    let lines = [
      "shape = \(shape.tuple)", "size = \(shape.count)",
      "outputs = \(classes ?? dataset.targetWidth)",
      "activation = \(classes == nil ? "None" : "\"softmax\"")",
      "loss = \"\(classes == nil ? "mean_squared_error" : "sparse_categorical_crossentropy")\"",
      "metrics = \(classes == nil ? "[]" : "[\"accuracy\"]")",
      "words = \(Self.vocabulary(dataset) ?? 1)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
