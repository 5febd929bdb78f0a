import Datasets
import NeuralNets
import TerminalGraphics
import Workbench

/// The lab on Build without a terminal or a thread: keys go in, effects come back.
enum BuildRig {
  private static let digits = Result { try DatasetLibrary().load("digits") }

  /// The lab on Build, with a data set and a network for it.
  static func state(
    _ data: String = "digits", model: ModelDescription? = nil, size: Size = Size(120, 36),
    ability: Ability = .full
  ) throws -> AppState {
    let library = DatasetLibrary()
    let dataset = data == "digits" ? try digits.get() : try library.load(data)
    let standard = ModelDescription.perceptron(
      inputShape: dataset.exampleShape, hidden: [16], classes: dataset.task.classes?.count ?? 0)
    var state = AppState(
      size: size, ability: ability, library: library,
      workpiece: Workpiece(model: model ?? standard, dataset: dataset))
    _ = state.go(to: .build)
    return state
  }

  static func press(_ keys: [Key], _ state: inout AppState) -> [Effect] {
    keys.flatMap { state.handle(.key($0, [])) }
  }

  static func type(_ text: String, _ state: inout AppState) -> [Effect] {
    press(text.map { $0 == "\n" ? .enter : .character($0) }, &state)
  }

  /// A new network without hidden layers: `n`, then the first line of its list.
  static func begin(_ state: inout AppState) {
    _ = press([.character("n"), .up, .enter], &state)
  }

  /// Units and activations: `64 relu`.
  static func summary(_ model: ModelDescription) -> [String] {
    model.layers.map { "\($0.kind) \($0.arguments["units"]) \($0.arguments["activation"])" }
  }
}
