import Tensors

// The arguments that layers have in common, written once.

extension ArgumentSpec {
  /// What every layer takes, by name only.
  static let ofEveryLayer: [ArgumentSpec] = [
    activityRegularizer(keywordOnly: true),
    ArgumentSpec(
      "trainable", .boolean, default: .boolean(true), keywordOnly: true,
      "whether the optimizer may change its weights"),
    ArgumentSpec(
      "dtype", .choice(["float32"]), default: ArgumentValue.none, keywordOnly: true,
      "the precision of its numbers"),
    ArgumentSpec(
      "name", .text, default: ArgumentValue.none, keywordOnly: true, "the layer's name"),
  ]

  static func activation(
    _ name: String = "activation", _ standard: ArgumentValue? = ArgumentValue.none,
    keywordOnly: Bool = false, orNone allowsNone: Bool = false,
    _ help: String = "the function of each output"
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .component(.activation), default: standard, keywordOnly: keywordOnly,
      orNone: allowsNone, help)
  }

  static func initializer(
    _ name: String, default standard: String, keywordOnly: Bool = false
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .component(.initializer), default: .text(standard), keywordOnly: keywordOnly,
      "how it starts")
  }

  static func regularizer(_ name: String, keywordOnly: Bool = false) -> ArgumentSpec {
    ArgumentSpec(
      name, .component(.regularizer), default: ArgumentValue.none, keywordOnly: keywordOnly,
      "what large numbers cost")
  }

  static func activityRegularizer(keywordOnly: Bool = false) -> ArgumentSpec {
    ArgumentSpec(
      "activity_regularizer", .component(.regularizer), default: ArgumentValue.none,
      keywordOnly: keywordOnly, "what large outputs cost")
  }

  static func constraint(_ name: String, keywordOnly: Bool = false) -> ArgumentSpec {
    ArgumentSpec(
      name, .component(.constraint), default: ArgumentValue.none, keywordOnly: keywordOnly,
      "what it is held to")
  }

  static func useBias(keywordOnly: Bool = false) -> ArgumentSpec {
    ArgumentSpec(
      "use_bias", .boolean, default: .boolean(true), keywordOnly: keywordOnly,
      "whether a number is added to each output")
  }

  static func flag(
    _ name: String, _ standard: Bool, keywordOnly: Bool = false, _ help: String
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .boolean, default: .boolean(standard), keywordOnly: keywordOnly, help)
  }

  /// An argument that makes no sense here: code may spell its default out.
  static func fixed(
    _ name: String, _ standard: ArgumentValue = ArgumentValue.none, keywordOnly: Bool = false
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .fixed, default: standard, keywordOnly: keywordOnly, "what other backends have")
  }

  /// Along which axis or axes, the batch being 0.
  static func axis(_ help: String) -> ArgumentSpec {
    ArgumentSpec("axis", .axes, default: .integer(-1), help)
  }

  /// Images and sequences have their channels in the last axis.
  static let dataFormat = ArgumentSpec(
    "data_format", .choice(["channels_last"]), default: ArgumentValue.none,
    "where the channels are: in the last axis")

  static let rate = number("rate", 0...0.999, nil, "the share that is dropped")

  static let seed = ArgumentSpec(
    "seed", .integer(-(1 << 53)...1 << 53), default: ArgumentValue.none,
    "draws that are the same wherever it stands")

  static func number(
    _ name: String, _ range: ClosedRange<Double>, _ standard: Double?, keywordOnly: Bool = false,
    _ help: String
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .number(range), default: standard.map { .number($0) }, keywordOnly: keywordOnly, help)
  }
}

extension Arguments {
  /// The activation that an argument names, linear when None.
  package func activation(_ name: String = "activation") -> ActivationFunction {
    component(name).map { ActivationFunction($0) } ?? .linear
  }

  /// What the draws of a layer are keyed by: other names and other seeds draw other numbers.
  func drawKey(_ layerName: String) -> String {
    if case .integer(let seed) = self["seed"] { return "\(layerName)/seed \(seed)" }
    return layerName
  }

  package func initializer(_ name: String) -> Initializer {
    component(name).map { Initializer($0) } ?? .zeros
  }
}

extension Arguments {
  /// The arguments of a model that is a layer of another.
  package static func ofModel(name: String, isTrainable: Bool) -> Arguments {
    do {
      return try Arguments(
        ArgumentSpec.ofEveryLayer,
        keywords: [("name", .text(name)), ("trainable", .boolean(isTrainable))])
    } catch { preconditionFailure("every layer takes a name: \(error)") }
  }
}
