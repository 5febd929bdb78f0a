import Datasets
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What a run of the very network on Build has: its weights, and what each layer gives for one
/// example of the data.
struct RunNumbers: Sendable {
  /// How many steps the run has made.
  let step: Int
  /// The first weight of each layer, by the layer's name.
  let kernels: [String: Tensor]
  /// What each layer gives for the example, by its name, without the axis of examples.
  let values: [String: Tensor]
  /// The example as the data have it; empty when there are no values.
  let input: [Float]
  /// Which example that is, from 0.
  let example: Int

  /// Nil when there is no run, or the run is that of another network.
  init?(_ state: AppState) {
    let lab = state.lab
    guard state.runHasThisNetwork, let network = lab.network else { return nil }
    step = lab.position.step
    let shapes = Dictionary(
      network.layers.compactMap { layer in layer.weights.first.map { (layer.name, $0.shape) } },
      uniquingKeysWith: { first, _ in first })
    var kernels: [String: Tensor] = [:]
    for picture in lab.pictures?.layers ?? []
    where picture.quantity == .weights && picture.tensor.shape == shapes[picture.name] {
      kernels[picture.name] = picture.tensor
    }
    self.kernels = kernels
    example = state.build.example
    guard let answer = lab.answer, answer.question == state.buildQuestion else {
      values = [:]
      input = []
      return
    }
    input = answer.question.input
    var values: [String: Tensor] = [:]
    for picture in answer.layers {
      let shape = Shape(Array(picture.tensor.shape.extents.dropFirst()))
      guard shape.count == picture.tensor.count else { continue }
      values[picture.name] = picture.tensor.reshaped(to: shape)
    }
    self.values = values
  }
}

extension RunNumbers {
  /// `example 4 of 400: values ● + ○ −  [ ] others`: what the circles are, counted from 0.
  ///
  /// - Returns: the longest first.
  func circles(of count: Int, hasKeys: Bool = true) -> [StyledText] {
    guard !values.isEmpty else {
      return [
        .secondary("circles: no values for networks of so many inputs"), .secondary("no values"),
      ]
    }
    let signs = StyledText("● +", .positive) + " " + StyledText("○ −", .negative)
    let keys = hasKeys ? " " + StyledText.hint("[ ]", "others") : ""
    return [
      .secondary("example \(example) of \(NumberFormat.integer(count)): values ") + signs + keys,
      .secondary("example \(example): ") + signs + keys, .secondary("example \(example): ") + signs,
    ]
  }
}

extension AppState {
  /// Whether the run at hand is one of the network on Build, whatever it learns from.
  var runHasThisNetwork: Bool {
    guard let model = lab.settings?.model else { return false }
    return model.layers == workpiece.model.layers && model.wiring == workpiece.model.wiring
      && (model.inputShape == workpiece.model.inputShape || workpiece.model.inputShape == nil)
  }

  /// Beyond this many inputs what layers give is not asked for while one builds.
  private static let mostInputs = 1024

  /// The example of the data that is put to the run for the diagram; nil when there is no such run.
  var buildQuestion: Question? {
    let data = workpiece.dataset
    guard runHasThisNetwork, data.count > 0 else { return nil }
    let width = data.inputs.count / data.count
    let row = max(0, min(build.example, data.count - 1))
    guard (1...Self.mostInputs).contains(width) else { return nil }
    return Question(
      Array(data.inputs.scalars[row * width..<(row + 1) * width]), explains: true)
  }

  /// Shows the values for another example.
  mutating func chooseExample(_ step: Int) -> [Effect] {
    let count = workpiece.dataset.count
    guard count > 0 else { return [] }
    build.example = (build.example + step + count) % count
    return [.lab(.look(interest))]
  }
}
