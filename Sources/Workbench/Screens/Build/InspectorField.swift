import Datasets
import NeuralNets
import Tensors

/// One setting of what is chosen, as the inspector shows and changes it.
struct InspectorField: Sendable {
  /// Where its value is kept.
  enum Place: Hashable, Sendable {
    case inputShape
    case layer(Int)
    /// An argument of what an argument of a layer holds: the strength of a regularizer.
    case part(Int, of: String)
    case optimizer, optimizerArgument
    case loss, lossArgument, accuracy
    case batchSize, epochs
    /// Opens and closes what one seldom needs.
    case more
  }

  let place: Place
  let spec: ArgumentSpec
  let value: ArgumentValue

  /// Words of names that have no room.
  private static let shortWords: [Substring: Substring] = [
    "initializer": "init", "regularizer": "cost", "constraint": "limit", "depthwise": "depth",
    "pointwise": "mix",
  ]

  /// As the inspector writes its name.
  var label: String {
    let words = spec.name.split(separator: "_")
    if case .part = place { return "· " + words.joined(separator: " ") }
    switch spec.name {
    case "use_bias": return "bias"
    case "kernel_size": return "kernel"
    case "dilation_rate": return "dilation"
    case "depth_multiplier": return "per channel"
    case "output_padding": return "out padding"
    case "recurrent_activation": return "gates"
    case "recurrent_initializer": return "recur. init"
    case "embeddings_initializer": return "table init"
    case "embeddings_regularizer": return "table cost"
    case "embeddings_constraint": return "table limit"
    case "input_length": return "length"
    case "unit_forget_bias": return "forget bias"
    case "return_sequences": return "sequences"
    case "recurrent_dropout": return "recur. drop"
    case "recurrent_regularizer": return "recur. cost"
    case "recurrent_constraint": return "recur. limit"
    case "activity_regularizer": return "output cost"
    default:
      return words.map { Self.shortWords[$0] ?? $0 }.joined(separator: " ")
    }
  }

  /// As the inspector writes its value.
  var text: String {
    if value == .none { return isActivation ? "linear" : "None" }
    if place == .inputShape, case .integers(let extents) = value { return Shape(extents).tuple }
    if place == .more { return value == .boolean(true) ? "shown" : "more…" }
    if case .boolean(let flag) = value { return flag ? "True" : "False" }
    if case .component(let component) = value,
      case .component(let family) = spec.kind, let known = family.named(component.kind)
    {
      return known.shortName
    }
    return SettingText.value(value)
  }

  /// The value where it has no room in full.
  var brief: String {
    guard case .number(let number) = value else { return text }
    return SettingText.brief(number)
  }

  private var isActivation: Bool {
    spec.choices?.contains("linear") == true
  }

  /// The names to choose from; nil when a value is typed.
  var choices: [String]? {
    guard case .component(let family) = spec.kind else { return spec.choices }
    // What must be given has a usual value, so that every class can be chosen.
    let names = family.classes.filter { $0.module == nil && Component.standard($0) != nil }
      .map(\.shortName)
    return spec.allowsNone && !isActivation ? ["None"] + names : names
  }

  /// One line on a choice.
  func note(on choice: String) -> String {
    let known = ChoiceNotes.note(on: choice)
    if !known.isEmpty { return known }
    switch (place, spec.kind) {
    case (.optimizer, _): return OptimizerCatalog.named(choice)?.summary ?? ""
    case (.loss, _): return LossCatalog.named(choice)?.summary ?? ""
    case (_, .component(let family)): return family.named(choice)?.summary ?? ""
    default: return ""
    }
  }

  /// The sign at its right end.
  var sign: String {
    switch spec.kind {
    case .boolean: value == .boolean(true) ? "■" : "□"
    case .choice, .component: "▼"
    case .text, .axes, .numbers, .layer, .integers, .openShape, .wholeNumbers, .fixed: " "
    case .span(_, nil): " "
    case .integer, .number, .rate, .shape, .pair, .single, .margins, .span: "◀ ▶"
    }
  }

  /// The value that a choice stands for: the default is not spelled out.
  func value(ofChoice name: String) -> ArgumentValue {
    if name == "None", spec.allowsNone { return .none }
    if isActivation, name == "linear", spec.defaultValue == ArgumentValue.none { return .none }
    if case .component(let family) = spec.kind, let known = family.named(name),
      let component = Component.standard(known), let value = family.normalized(component)
    {
      return value
    }
    return .text(name)
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
    case (.part(let i, let argument), _):
      guard workpiece.model.layers.indices.contains(i),
        var component = workpiece.model.layers[i].arguments.component(argument)
      else { return }
      try component.arguments.set(spec.name, fitting)
      try workpiece.model.layers[i].arguments.set(argument, .component(component))
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
    case (.lossArgument, _): try compilation.loss.arguments.set(spec.name, value)
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
  ///
  /// - Parameter all: whether those that one seldom needs are among them.
  static func all(of line: Int, _ workpiece: Workpiece, all: Bool = false) -> [InspectorField] {
    let layers = workpiece.model.layers
    if line <= 0 { return [inputShape(workpiece)] }
    if line > layers.count { return training(workpiece, all: all) }
    let arguments = layers[line - 1].arguments
    let place = Place.layer(line - 1)
    let usual = shown(arguments, all: all).flatMap { spec in
      [InspectorField(place: place, spec: spec, value: arguments[spec.name])]
        + parts(of: spec, arguments, layer: line - 1, all: all)
    }
    return usual + more(arguments, all: all)
  }

  /// The arguments that are shown: the usual ones and those that differ from their defaults, or all
  /// that can be set.
  private static func shown(_ arguments: Arguments, all: Bool) -> [ArgumentSpec] {
    // All in an order of their own: a field stays where it is when its value changes.
    let usual = arguments.specs.filter {
      $0.isUsual || !all && arguments[$0.name] != $0.defaultValue
    }
    guard all else { return usual }
    return usual
      + arguments.specs.filter { spec in
        spec.kind != .fixed && !usual.contains { $0.name == spec.name }
      }
  }

  /// The arguments of what an argument holds: always those of a regularizer, whose strength counts.
  private static func parts(
    of spec: ArgumentSpec, _ arguments: Arguments, layer: Int, all: Bool
  ) -> [InspectorField] {
    guard case .component(let family) = spec.kind, arguments[spec.name] != .none,
      let component = arguments.component(spec.name), component.body == nil
    else { return [] }
    let isOpen = if case .component = arguments[spec.name] { true } else { false }
    guard isOpen || family == .regularizer || (all && family != .activation) else { return [] }
    return component.arguments.specs.filter { $0.kind != .fixed }.map {
      InspectorField(
        place: .part(layer, of: spec.name), spec: $0, value: component.arguments[$0.name])
    }
  }

  /// The line that opens and closes the rest, where there is one.
  private static func more(_ arguments: Arguments, all: Bool) -> [InspectorField] {
    let rest = shown(arguments, all: true).count - shown(arguments, all: false).count
    guard rest > 0 else { return [] }
    return [
      InspectorField(
        place: .more,
        spec: ArgumentSpec("\(rest)_others", .boolean, "costs, limits and what one seldom sets"),
        value: .boolean(all))
    ]
  }

  private static func inputShape(_ workpiece: Workpiece) -> InspectorField {
    let shape = workpiece.model.inputShape ?? workpiece.dataset.exampleShape
    return InspectorField(
      place: .inputShape, spec: ArgumentSpec("shape", .shape, "the shape of one example"),
      value: .integers(shape.extents))
  }

  private static func training(_ workpiece: Workpiece, all: Bool) -> [InspectorField] {
    let compilation = workpiece.model.compilation ?? .fitting(workpiece.dataset)
    let optimizers = OptimizerCatalog.all.map(\.kind)
    let losses = LossCatalog.all.compactMap(\.shortNames.first)
    let loss = LossCatalog.named(compilation.loss.kind)?.shortNames.first
    let arguments = compilation.optimizer.arguments
    let ofLoss = compilation.loss.arguments
    return [
      InspectorField(
        place: .optimizer, spec: ArgumentSpec("optimizer", .choice(optimizers), "the rule"),
        value: .text(compilation.optimizer.kind))
    ]
      + shown(arguments, all: all).map {
        InspectorField(place: .optimizerArgument, spec: $0, value: arguments[$0.name])
      } + more(arguments, all: all) + [
        InspectorField(
          place: .loss, spec: ArgumentSpec("loss", .choice(losses), "what is made small"),
          value: .text(loss ?? compilation.loss.kind))
      ]
      + ofLoss.specs.filter { $0.kind != .fixed && (all || ofLoss[$0.name] != $0.defaultValue) }.map
    {
      InspectorField(place: .lossArgument, spec: $0, value: ofLoss[$0.name])
    } + [
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
