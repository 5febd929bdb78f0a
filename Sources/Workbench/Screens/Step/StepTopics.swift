import Autodiff
import Training

/// What a line of the plan is about, in the words of the lessons.
enum StepTopics {
  /// The most special first.
  static func of(_ moment: StepMoment) -> [String] {
    guard let place = moment.instruction else { return ["training step", "step"] }
    let instruction = moment.plan.instructions[place]
    let title = instruction.title
    let name = title.hasPrefix("∂ ") ? String(title.dropFirst(2)) : title
    let layer = instruction.layer.map { $0.prefix { !$0.isNumber && $0 != "_" } }
    let own = operation(name) + (layer.map { [String($0)] } ?? [])
    switch instruction.phase {
    case .forward: return own + ["forward"]
    case .loss: return [name, "loss"]
    case .backward: return ["gradient", "backward"] + own
    case .update:
      let optimizer = isAdam(instruction) ? ["adam"] : ["gradient descent", "sgd"]
      return optimizer + ["optimizer", "update", "learning rate", name]
    }
  }

  private static func operation(_ name: String) -> [String] {
    switch name {
    case "x W", "h W": ["weighted sum", "weight"]
    case "+ b": ["bias"]
    case _ where name.contains(" ∗ ") || name.contains(" ∗ᵀ "): ["convolution", "filter"]
    case _ where name.hasPrefix("max of"): ["pooling"]
    default: [name]
    }
  }

  private static func isAdam(_ instruction: Instruction) -> Bool {
    if case .adam? = instruction.results.first?.rule { true } else { false }
  }
}
