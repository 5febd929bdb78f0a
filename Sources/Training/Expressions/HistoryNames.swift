import Tensors

extension History {
  /// What was recorded under a name: one number a step or one an epoch, nil for no such name.
  ///
  /// - Parameter steps: only what was recorded in so many steps.
  func numbers(named name: String, toStep steps: Int = .max) -> Tensor? {
    let count = min(steps, self.steps.count)
    func ofSteps(_ number: (Step) -> Float?) -> Tensor {
      let all = self.steps.prefix(count).map { number($0) ?? .nan }
      return Tensor(shape: [all.count], scalars: all)
    }
    let done = epochs.prefix { ($0.end ?? 0) <= count }
    func ofEpochs(_ number: (Epoch) -> Float?) -> Tensor {
      let all = done.map { number($0) ?? .nan }
      return Tensor(shape: [all.count], scalars: all)
    }
    switch name {
    case "loss": return ofSteps(\.loss)
    case "accuracy": return ofSteps(\.accuracy)
    case "gradient_norm": return ofSteps(\.gradientNorm)
    case "learning_rate": return ofSteps(\.learningRate)
    case "update_ratio": return ofSteps(\.updateRatio)
    case "val_loss": return ofEpochs(\.validationLoss)
    case "val_accuracy": return ofEpochs(\.validationAccuracy)
    case "train_loss": return ofEpochs(\.loss)
    case "train_accuracy": return ofEpochs(\.accuracy)
    default:
      guard epochs.contains(where: { $0.numbers.contains { $0.name == name } }) else { return nil }
      return ofEpochs { $0.numbers.first { $0.name == name }.map { Float($0.value) } }
    }
  }

  /// The names that `history(…)` takes in every run.
  static let recordedNames = [
    "loss", "accuracy", "gradient_norm", "learning_rate", "update_ratio", "val_loss",
    "val_accuracy", "train_loss", "train_accuracy",
  ]

  static func unknown(_ name: String) -> ExpressionFailure {
    let near = NameSuggestion.near(name, among: recordedNames)
    return ExpressionFailure(
      .unknownName, "there is no history of ‘\(name)’",
      remedy: (near.isEmpty ? recordedNames : near).map { "history(\($0))" }
        .joined(separator: ", "))
  }
}
