import Datasets
import NeuralNets
import Tensors
import Training

extension Dataset {
  /// The arrays that a program's `fit` was given, as a data set to work on.
  init(of data: TrainingData, in opened: OpenedModel) {
    func part(_ examples: Examples) -> Part {
      Part(
        inputs: examples.allInputs, targets: examples.allTargets, weights: examples.weights)
    }
    let count = data.training.inputs.count / max(data.training.count, 1)
    self.init(
      name: opened.path.split(separator: "/").last.map(String.init) ?? opened.path,
      origin: "The arrays that \(opened.path) gives to fit.", license: "the program's",
      features: (0..<count).map { "x\($0)" }, task: Self.task(data, opened.model),
      training: part(data.training), validation: data.validation.map(part))
    summary = Self.several(training)
  }

  /// What the views of data leave out of examples that are several arrays; empty for others.
  private static func several(_ part: Part) -> String {
    guard part.hasSeveral else { return "" }
    let inputs = Words.count(part.allInputs.count, "input")
    let targets = Words.count(part.allTargets.count, "target")
    return "An example is \(inputs) and \(targets); the views here show the first of each."
  }

  /// Classes where the loss and the targets speak of them, else numbers.
  private static func task(_ data: TrainingData, _ model: ModelDescription) -> Task {
    let classes = data.classes(for: model)
    return classes.isEmpty ? .regression : .classification(classes: classes)
  }
}
