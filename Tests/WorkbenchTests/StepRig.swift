import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training
import Workbench

/// The Step screen with a lab behind it, driven by keys as a student would.
struct StepRig {
  var state: AppState
  let lab = Lab()

  private static let digitsData = Result { try DatasetLibrary().load("digits") }

  /// The digits net 64-64-32-10 with batches of 32.
  static func digits(size: Size = Size(120, 36), ability: Ability = .full) throws -> StepRig {
    let dataset = try Self.digitsData.get()
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [64, 32], classes: 10)
    return StepRig(
      Workpiece(model: model, dataset: dataset, epochs: 20, batchSize: 32), size, ability)
  }

  /// A net 2-4-2 that learns from one point at a time.
  static func toy(
    size: Size = Size(120, 36), batchSize: Int = 1, activation: String = "tanh", seed: UInt64 = 1
  ) -> StepRig {
    let random = CounterRandom(seed: seed, name: "points")
    let inputs = Tensor(shape: [8, 2], scalars: (0..<16).map { Float(random.normal(at: $0)) })
    let targets = Tensor(
      shape: [8], scalars: (0..<8).map { inputs.scalars[2 * $0] > 0 ? 1 : 0 })
    let dataset = Dataset(
      name: "points", origin: "drawn for a test", license: "none", features: ["x", "y"],
      task: .classification(classes: ["A", "B"]),
      training: Dataset.Part(inputs: inputs, targets: targets))
    let model = ModelDescription.perceptron(
      inputShape: [2], hidden: [4], activation: activation, classes: 2)
    var piece = Workpiece(
      model: model, dataset: dataset, epochs: 5, batchSize: batchSize, seed: seed)
    piece.preparation = DataPreparation(unseenShare: 0)
    return StepRig(piece, size, .full)
  }

  /// A memory that is to recall the first of six inputs, batches of 3.
  static func memory(
    size: Size = Size(120, 36), units: Int = 4, time: Int = 6, sequences: Bool = false,
    ability: Ability = .full
  ) -> StepRig {
    let random = CounterRandom(seed: 3, name: "sequences")
    let inputs = Tensor(
      shape: [9, time, 2], scalars: (0..<18 * time).map { Float(random.normal(at: $0)) })
    let targets = Tensor(shape: [9, 1], scalars: (0..<9).map { inputs.scalars[$0 * 2 * time] })
    let layers: [Component] = [
      .known("LSTM", [("units", .integer(units)), ("return_sequences", .boolean(sequences))])
    ]
    let end: [Component] =
      (sequences ? [.known("Flatten")] : []) + [
        .known("Dense", [("units", .integer(1))])
      ]
    let model = ModelDescription(
      inputShape: [time, 2], layers: layers + end,
      compilation: Compilation(
        optimizer: .known("Adam"), loss: .known("MeanSquaredError"), metrics: []))
    let dataset = Dataset(
      name: "recall", origin: "drawn for a test", license: "none", features: ["x", "y"],
      task: .regression, training: Dataset.Part(inputs: inputs, targets: targets))
    var piece = Workpiece(model: model, dataset: dataset, epochs: 5, batchSize: 3, seed: 2)
    piece.preparation = DataPreparation(unseenShare: 0)
    return StepRig(piece, size, ability)
  }

  init(_ workpiece: Workpiece, _ size: Size, _ ability: Ability) {
    state = AppState(
      size: size, ability: ability, library: DatasetLibrary(), workpiece: workpiece)
    run(state.go(to: .step))
    // The numeric check runs the plan several times for each snapshot; few tests look at it.
    state.step.interest.checks = false
    run([.lab(.look(state.interest))])
  }

  /// Carries out what concerns the lab and takes its news.
  mutating func run(_ effects: [Effect]) {
    var replies: [News] = []
    for effect in effects {
      switch effect {
      case .lab(let request): lab.handle(request)
      case .ask(let command): replies.append(.answer(of: lab, to: command))
      default: break
      }
    }
    // As from the lab's thread: what was answered comes before the picture of what it made.
    for reply in replies { _ = state.receive(reply) }
    state.receive(lab.snapshot())
  }

  mutating func press(_ keys: String) {
    for key in keys { press(.character(key)) }
  }

  mutating func press(_ key: Key, _ modifiers: Modifiers = []) {
    run(state.handle(.key(key, modifiers)))
  }

  mutating func go(_ step: Int, _ instruction: Int) {
    run([.lab(.go(Position(step: step, instruction: instruction)))])
  }

  var moment: StepMoment {
    guard let moment = state.lab.moment else { fatalError("there is no run") }
    return moment
  }
  var text: [String] { state.frame().text }
}
