import NeuralNets

/// The callbacks of `fit`.
enum Callbacks {
  struct Class: Sendable {
    let kind: String
    let arguments: [ArgumentSpec]
  }

  static let all: [Class] = [
    Class(
      kind: "EarlyStopping",
      arguments: [
        text("monitor", "val_loss"), number("min_delta", 0), whole("patience", 0),
        whole("verbose", 0), text("mode", "auto"),
        ArgumentSpec(
          "baseline", .number(-1e30...1e30), default: ArgumentValue.none, "what to beat"),
        ArgumentSpec(
          "restore_best_weights", .boolean, default: .boolean(false), "whether to go back"),
        whole("start_from_epoch", 0),
      ]),
    Class(
      kind: "ReduceLROnPlateau",
      arguments: [
        text("monitor", "val_loss"), number("factor", 0.1), whole("patience", 10),
        whole("verbose", 0), text("mode", "auto"), number("min_delta", 1e-4),
        whole("cooldown", 0), number("min_lr", 0),
      ]),
  ]

  private static func text(_ name: String, _ standard: String) -> ArgumentSpec {
    ArgumentSpec(name, .text, default: .text(standard), name)
  }

  private static func number(_ name: String, _ standard: Double) -> ArgumentSpec {
    ArgumentSpec(name, .number(0...1e30), default: .number(standard), name)
  }

  private static func whole(_ name: String, _ standard: Int) -> ArgumentSpec {
    ArgumentSpec(name, .integer(0...1_000_000_000), default: .integer(standard), name)
  }
}
