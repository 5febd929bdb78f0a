import Datasets
import NeuralNets
import TerminalGraphics

extension AppState {
  /// Opens the list of networks one may begin with, for the data at hand; the one chosen takes the
  /// place of the network.
  mutating func offerNewNetwork() {
    let dataset = workpiece.dataset
    let models = Self.beginnings(for: dataset)
    overlay = .menu(
      Menu(
        "New network for \(dataset.name)", models.map { ($0.title, $0.model.summary) },
        selected: 1
      ) { index, state in
        state.begin(models[index].model)
        return state.screen == .build ? [] : state.go(to: .build)
      })
  }

  private static func beginnings(
    for dataset: Dataset
  ) -> [(title: String, model: ModelDescription)] {
    let choices: [(title: String, hidden: [Int])] = [
      ("no hidden layer", []), ("one hidden layer", [16]), ("two hidden layers", [64, 32]),
      ("three hidden layers", [64, 32, 16]),
    ]
    let perceptrons = choices.map { title, hidden in
      (
        title,
        ModelDescription.perceptron(
          inputShape: dataset.exampleShape, hidden: hidden,
          classes: dataset.task.classes?.count ?? 0)
      )
    }
    let templates = Template.all(for: dataset).filter { $0.template.name == "convolutional" }
      .compactMap { fitted in fitted.model.map { (fitted.template.name, $0) } }
    return perceptrons + templates
  }

  private mutating func begin(_ model: ModelDescription) {
    edit { workpiece in
      workpiece.model = model
      workpiece.source = nil
      workpiece.fileName = Workpiece.newFileName
    }
    workpiece.isSaved = false
    // + and - act on the first hidden layer that has units, or filters; without one, a adds it.
    let sized = model.layers.dropLast().firstIndex { layer in
      layer.arguments.specs.contains { ["units", "filters"].contains($0.name) }
    }
    choose(line: sized.map { $0 + 1 } ?? 0)
    focus[.build] = "layers"
    say(
      "a new network; a adds a layer below \(sized == nil ? "the input" : "this one"),"
        + " u brings the last one back")
  }
}
