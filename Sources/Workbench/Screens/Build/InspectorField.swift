import Datasets
import NeuralNets
import Tensors

/// One setting of what is chosen, as the inspector shows and changes it.
struct InspectorField: Sendable {
  /// Where its value is kept.
  enum Place: Hashable, Sendable {
    case inputShape
    case layer(Int)
    case optimizer, optimizerArgument
    case loss, accuracy
    case batchSize, epochs
  }

  let place: Place
  let spec: ArgumentSpec
  let value: ArgumentValue

  /// As the inspector writes its name.
  var label: String {
    switch spec.name {
    case "use_bias": "bias"
    case "kernel_size": "kernel"
    case "recurrent_activation": "gates"
    case "recurrent_initializer": "recur. init"
    case "unit_forget_bias": "forget bias"
    case "return_sequences": "sequences"
    default:
      spec.name.replacing("_initializer", with: " init").replacing("_", with: " ")
    }
  }

  /// As the inspector writes its value.
  var text: String {
    if value == .none { return isActivation ? "linear" : "None" }
    if place == .inputShape, case .integers(let extents) = value { return Shape(extents).tuple }
    return SettingText.value(value)
  }

  private var isActivation: Bool {
    spec.choices?.contains("linear") == true
  }

  /// The names to choose from; nil when a value is typed.
  var choices: [String]? {
    spec.choices
  }

  /// The sign at its right end.
  var sign: String {
    switch spec.kind {
    case .boolean: value == .boolean(true) ? "■" : "□"
    case .choice, .component: "▼"
    case .text, .axes, .numbers, .layer, .integers, .openShape, .wholeNumbers, .fixed: " "
    case .integer, .number, .rate, .shape, .pair: "◀ ▶"
    }
  }

  /// The value that a choice stands for: the default is not spelled out.
  func value(ofChoice name: String) -> ArgumentValue {
    isActivation && name == "linear" && spec.defaultValue == ArgumentValue.none
      ? .none : .text(name)
  }

  /// Gives it a value; what does not fit changes nothing and is told.
  func set(_ value: ArgumentValue, in workpiece: inout Workpiece) throws(Arguments.Failure) {
    guard let fitting = spec.normalized(value) else { throw .unsuitable(spec, found: value) }
    switch (place, fitting) {
    case (.inputShape, .integers(let extents)):
      workpiece.model.inputShape = Shape(extents)
      if let input = workpiece.model.wiring?.inputs.first {
        workpiece.model.wiring?.inputs[0] = Wiring.Input(name: input.name, shape: Shape(extents))
      }
    case (.layer(let i), _):
      guard workpiece.model.layers.indices.contains(i) else { return }
      try workpiece.model.layers[i].arguments.set(spec.name, fitting)
    case (.batchSize, .integer(let size)): workpiece.batchSize = size
    case (.epochs, .integer(let epochs)): workpiece.epochs = epochs
    default:
      var compilation = workpiece.model.compilation ?? .fitting(workpiece.dataset)
      try set(fitting, in: &compilation)
      workpiece.model.compilation = compilation
    }
  }

  private func set(
    _ value: ArgumentValue, in compilation: inout Compilation
  ) throws(Arguments.Failure) {
    switch (place, value) {
    case (.optimizer, .text(let kind)):
      if let optimizer = OptimizerCatalog.named(kind) {
        compilation.optimizer = optimizer.standard
      }
    case (.loss, .text(let name)):
      if let loss = LossCatalog.named(name) { compilation.loss = loss.standard }
    case (.optimizerArgument, _): try compilation.optimizer.arguments.set(spec.name, value)
    case (.accuracy, .boolean(let isOn)):
      compilation.metrics.removeAll { $0 == "accuracy" }
      if isOn { compilation.metrics.append("accuracy") }
    default: break
    }
  }
}

extension Compilation {
  /// How a network for this data is usually trained: Adam, and the loss of its task.
  static func fitting(_ dataset: Dataset) -> Compilation {
    let isClasses = dataset.task.classes != nil
    return Compilation(
      optimizer: .known("Adam"),
      loss: .known(isClasses ? "SparseCategoricalCrossentropy" : "MeanSquaredError"),
      metrics: isClasses ? ["accuracy"] : [])
  }
}

extension InspectorField {
  /// The fields of a line of the list.
  static func all(of line: Int, _ workpiece: Workpiece) -> [InspectorField] {
    let layers = workpiece.model.layers
    if line <= 0 { return [inputShape(workpiece)] }
    if line > layers.count { return training(workpiece) }
    let arguments = layers[line - 1].arguments
    return arguments.specs.filter { $0.isUsual || arguments[$0.name] != $0.defaultValue }.map {
      spec in
      InspectorField(
        place: .layer(line - 1), spec: spec, value: layers[line - 1].arguments[spec.name])
    }
  }

  private static func inputShape(_ workpiece: Workpiece) -> InspectorField {
    let shape = workpiece.model.inputShape ?? workpiece.dataset.exampleShape
    return InspectorField(
      place: .inputShape, spec: ArgumentSpec("shape", .shape, "the shape of one example"),
      value: .integers(shape.extents))
  }

  private static func training(_ workpiece: Workpiece) -> [InspectorField] {
    let compilation = workpiece.model.compilation ?? .fitting(workpiece.dataset)
    let optimizers = OptimizerCatalog.all.map(\.kind)
    let losses = LossCatalog.all.compactMap(\.shortNames.first)
    let loss = LossCatalog.named(compilation.loss.kind)?.shortNames.first
    let arguments = compilation.optimizer.arguments
    return [
      InspectorField(
        place: .optimizer, spec: ArgumentSpec("optimizer", .choice(optimizers), "the rule"),
        value: .text(compilation.optimizer.kind))
    ]
      + arguments.specs.filter { $0.isUsual || arguments[$0.name] != $0.defaultValue }.map {
        InspectorField(place: .optimizerArgument, spec: $0, value: arguments[$0.name])
      } + [
        InspectorField(
          place: .loss, spec: ArgumentSpec("loss", .choice(losses), "what is made small"),
          value: .text(loss ?? compilation.loss.kind)),
        InspectorField(
          place: .accuracy, spec: ArgumentSpec("accuracy", .boolean, "whether it is counted"),
          value: .boolean(compilation.metrics.contains("accuracy"))),
        InspectorField(
          place: .batchSize,
          spec: ArgumentSpec("batch_size", .integer(1...65_536), "examples of one step"),
          value: .integer(workpiece.batchSize)),
        InspectorField(
          place: .epochs,
          spec: ArgumentSpec("epochs", .integer(1...100_000), "how often all are seen"),
          value: .integer(workpiece.epochs)),
      ]
  }
}
