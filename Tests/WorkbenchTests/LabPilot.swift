import Datasets
import NeuralNets
import TerminalGraphics
import Training
import Workbench

/// Drives a state and a lab as the program does, without threads, clocks or a terminal.
struct LabPilot {
  var state: AppState
  let lab = Lab()
  /// What was asked of the world beside the lab.
  var others: [Effect] = []

  init(
    _ data: String, hidden: [Int] = [6, 5], size: Size = Size(120, 36), ability: Ability = .full,
    epochs: Int = 3, screen: ScreenName = .train
  ) throws {
    let library = DatasetLibrary()
    let dataset = try library.load(DataSpecification(parsing: data))
    let model = ModelDescription.perceptron(
      inputShape: dataset.exampleShape, hidden: hidden,
      classes: dataset.task.classes?.count ?? 0)
    state = AppState(
      size: size, ability: ability, library: library,
      workpiece: Workpiece(model: model, dataset: dataset, epochs: epochs))
    run(state.go(to: screen))
  }

  /// Carries out what concerns the lab and shows its news.
  mutating func run(_ effects: [Effect]) {
    for effect in effects {
      if case .lab(let request) = effect { lab.handle(request) } else { others.append(effect) }
    }
    state.receive(lab.snapshot())
  }

  mutating func press(_ key: Key, _ modifiers: Modifiers = []) {
    run(state.handle(.key(key, modifiers)))
  }

  mutating func press(_ keys: String) {
    for character in keys { press(.character(character)) }
  }

  mutating func train(_ steps: Int) {
    _ = lab.train(steps: steps)
    state.receive(lab.snapshot())
  }

  /// Asks the run what was asked of it by name, as the thread would, and brings the replies.
  mutating func answer() {
    while let next = others.firstIndex(where: { if case .ask = $0 { true } else { false } }) {
      guard case .ask(let command) = others.remove(at: next) else { return }
      let lines = lab.ask(command)
      run(state.receive(.reply(command: command, lines: lines)))
    }
  }

  var text: String { state.frame().text.joined(separator: "\n") }
}

extension Ability {
  /// From all colors and characters to the fewest.
  static let tiers: [Ability] = [
    .full, Ability(depth: .indexed, glyphs: .full), Ability(depth: .ansi, glyphs: .blocks),
    Ability(depth: .none, glyphs: .full), Ability(depth: .none, glyphs: .ascii),
  ]
}
