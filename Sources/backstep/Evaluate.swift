import ArgumentParser
import KerasCode
import Datasets
import NeuralNets
import Scripts
import Tensors
import Training

/// Judges a model with given weights.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "The loss and metrics of a model on data.",
    discussion: """
      Without --data the data of the program's own fit; of an .npz, x and y unless --part says \
      another.

      Example: backstep evaluate model.py --weights digits.safetensors --data digits
      """)

  enum Part: String, ExpressibleByArgument, CaseIterable { case training, validation, test }

  @Argument(help: "A Keras program.", completion: .file(extensions: ["py"])) var model: String
  @Option(
    help: "The weights: .safetensors or .npz.",
    completion: .file(extensions: ["safetensors", "npz"]))
  var weights: String
  @Option(help: .data) var data: String?
  @Option(help: "The column of a .csv to predict (default: the last).") var target: String?
  @Option(help: "Which part of an .npz: training, validation or test.") var part = Part.training
  @Option(
    help: "Examples at a time; only with stateful layers do the numbers depend on it.")
  var batchSize: Int?
  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard (1...1_000_000_000).contains(batchSize ?? 1) else {
      throw ValidationError("--batch-size is \(batchSize ?? 0); right would be 1 or more")
    }
  }

  func run() throws {
    try common.prepareKernels()
    let loaded = try LoadedModel(model, seed: 0)
    let examples = try examples(for: loaded)
    let network = try loaded.network(for: examples.inputs)
    let judge = try Inference(network, weights: try readWeights(weights, for: network))
    let numbers = try judge.evaluate(
      examples, batchSize: batchSize)
    if common.json {
      var line = JSONLine(numbers.map { ($0.name, .float(Float($0.value))) })
      line.add("examples", .integer(examples.count))
      try Output.line(line.text)
    } else {
      for number in numbers { try Output.line("\(number.name): \(Float(number.value))") }
    }
  }

  private func examples(for loaded: LoadedModel) throws -> Examples {
    guard let data else {
      guard let fit = loaded.file.fit else {
        throw CommandFailure(
          "\(model) has no fit of its own; say what to judge on: --data NAME or --data FILE",
          code: .usage)
      }
      return fit.data.examples
    }
    let dataset = try openData(data, target: target)
    let ready = try TrainingData(
      dataset, DataPreparation(unseenShare: 0, seed: 0), for: loaded.file.description)
    switch part {
    case .training: return ready.training
    case .validation:
      guard let validation = ready.validation else { throw missingPart(data) }
      return validation
    case .test:
      guard let test = dataset.test else { throw missingPart(data) }
      return Examples(inputs: test.inputs, targets: test.targets)
    }
  }

  private func missingPart(_ data: String) -> CommandFailure {
    CommandFailure(
      "\(data) has no part for \(part.rawValue); --part training takes x and y", code: .badInput)
  }
}
