import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training
import Workbench

/// The lab without a terminal or a thread: keys go in, effects are carried out at once.
struct TestLab {
  private static let library = DatasetLibrary()
  private static let digits = Result { try library.load("digits") }

  let lab = Lab()
  var state: AppState
  /// The effects that are not for the run.
  private(set) var others: [Effect] = []

  init(size: Size = Size(120, 36), ability: Ability = .full) throws {
    let model = ModelDescription.perceptron(inputShape: [64], hidden: [64, 32], classes: 10)
    state = AppState(
      size: size, ability: ability, library: Self.library,
      workpiece: Workpiece(model: model, dataset: try Self.digits.get()))
    perform(state.start())
  }

  mutating func press(_ keys: Key...) {
    for key in keys { perform(state.handle(.key(key, []))) }
  }

  mutating func send(_ event: Event) { perform(state.handle(event)) }

  mutating func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  mutating func tell(_ news: News) { perform(state.receive(news)) }

  /// Trains some steps, as the thread would, and shows what came of it.
  mutating func train(_ steps: Int) {
    _ = lab.train(steps: steps)
    tell(.run(lab.snapshot()))
  }

  mutating func wait(seconds: Double) {
    state.now += seconds
    perform(state.tick())
  }

  private mutating func perform(_ effects: [Effect]) {
    var isStale = false
    for effect in effects {
      if case .lab(let request) = effect {
        lab.handle(request)
        isStale = true
      } else {
        others.append(effect)
      }
    }
    if isStale { tell(.run(lab.snapshot())) }
  }

  /// The frame's text.
  var text: String { state.frame().text.joined(separator: "\n") }
}
