import Tensors

// What optimizers are told, written once.

extension ComponentClass {
  /// An optimizer: its own arguments, then those that all have.
  ///
  /// - Parameter decays: whether weight decay is among its own.
  static func optimizer(
    _ kind: String, _ shortNames: [String], _ arguments: [ArgumentSpec], decays: Bool = false,
    isNamedAlone: Bool = true, _ summary: String
  ) -> ComponentClass {
    ComponentClass(
      kind, shortNames,
      arguments + ArgumentSpec.ofEveryOptimizer.filter { $0.name != "weight_decay" || !decays },
      isNamedAlone: isNamedAlone, summary)
  }
}

extension ArgumentSpec {
  /// What every optimizer takes after its own arguments, in Keras's order.
  static let ofEveryOptimizer: [ArgumentSpec] = [
    .optional(
      "weight_decay", .number(0...1e6), "share of each weight, times the rate, that an update drops"
    ),
    .optional("clipnorm", .number(0...1e30), "the longest gradient of a weight"),
    .optional("clipvalue", .number(0...1e30), "the largest number of a gradient"),
    .optional("global_clipnorm", .number(0...1e30), "the longest gradient of all weights together"),
    .flag("use_ema", false, "end with the averages of the weights"),
    .number("ema_momentum", 0...1, 0.99, "memory of the averages"),
    .optional(
      "ema_overwrite_frequency", .integer(1...1_000_000_000),
      "after how many updates weights become their averages"),
    // The loss times s and the gradients divided by s: in Float32 that is nothing.
    .optional("loss_scale_factor", .number(1e-30...1e30), "for half precision: no effect here"),
    .optional(
      "gradient_accumulation_steps", .integer(2...1_000_000_000),
      "how many steps make one update, by the mean of their gradients"),
    .optional("name", .text, "the optimizer's name"),
  ]

  static func optional(_ name: String, _ kind: Kind, _ help: String) -> ArgumentSpec {
    ArgumentSpec(name, kind, default: ArgumentValue.none, help)
  }

  static func learningRate(_ standard: Double) -> ArgumentSpec {
    ArgumentSpec(
      "learning_rate", .rate, default: .number(standard), "how far one update goes")
  }

  static func beta1(_ standard: Double = 0.9) -> ArgumentSpec {
    .number("beta_1", 0...1, standard, "memory of the gradient")
  }

  static func beta2(_ standard: Double = 0.999) -> ArgumentSpec {
    .number("beta_2", 0...1, standard, "memory of its square")
  }

  static func epsilon(_ help: String) -> ArgumentSpec {
    .number("epsilon", 0...1, 1e-7, help)
  }

  /// The arguments of Adam and its kin.
  static let ofAdam: [ArgumentSpec] = [.beta1(), .beta2(), .epsilon("keeps √v from zero")]
}

extension Arguments {
  /// A constant of a formula, under its symbol.
  func constant(_ name: String, _ symbol: String) -> Formula { .named(symbol, number(name)) }

  /// A number that may be None.
  func optionalNumber(_ name: String) -> Double? { self[name].asNumber }
}
