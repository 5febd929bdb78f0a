import Lessons
import NeuralNets
import Tensors
import Training

/// What the run of a lesson may cost: nobody vouches for a lesson that was opened, and it is not to
/// take the machine.
enum LessonBudget {
  static let weights = 2_000_000
  /// Numbers that one step computes.
  static let outputs = 20_000_000
  static let examples = 64 << 20
  /// How long a set-up, or the commands of a prediction or a test, may take.
  static let time = Duration.seconds(15)

  /// An allowance that lasts from now on.
  static func allowance(_ time: Duration = LessonBudget.time) -> Allowance {
    let end = ContinuousClock.now + time
    return Allowance { ContinuousClock.now < end }
  }

  /// The settings, where a run of them stays within bounds.
  /// - Throws: `LessonFailure` in the file that asks for more.
  static func checked(_ settings: RunSettings, file: String) throws -> RunSettings {
    func failure(_ found: String, _ right: String) -> LessonFailure {
      LessonFailure(file, 1, found, right: right)
    }
    let data = settings.data
    let numbers = [data.training, data.validation].compactMap { $0 }.reduce(0) {
      $0 + ($1.allInputs + $1.allTargets).reduce(0) { $0 + $1.count }
    }
    guard numbers <= examples else {
      throw failure("\(numbers) numbers to learn from", "at most \(examples) in a lesson")
    }
    let example = Shape(Array(data.training.inputs.shape.extents.dropFirst()))
    guard let network = try? Network(settings.model, inputShape: example) else { return settings }
    guard network.parameterCount <= weights else {
      throw failure(
        "a network of \(network.parameterCount) parameters", "at most \(weights) in a lesson")
    }
    let batch = min(settings.batchSize, data.training.count)
    let made = network.layers.reduce(0.0) {
      $0 + Double($1.outputShape.count) * Double(batch)
    }
    guard made <= Double(outputs) else {
      throw failure(
        "layers that give \(Int(min(made, 1e15))) numbers a step", "at most \(outputs) in a lesson")
    }
    return settings
  }
}
