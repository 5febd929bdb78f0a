import Tensors

// The arguments that layers have in common, written once.

extension ArgumentSpec {
  /// What every layer takes, by name only.
  static let ofEveryLayer: [ArgumentSpec] = [
    ArgumentSpec(
      "activity_regularizer", .component(.regularizer), default: ArgumentValue.none,
      keywordOnly: true, "what large outputs cost"),
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
    keywordOnly: Bool = false, _ help: String = "the function of each output"
  ) -> ArgumentSpec {
    ArgumentSpec(
      name, .component(.activation), default: standard, keywordOnly: keywordOnly, help)
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
