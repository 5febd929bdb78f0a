import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// What can be done to the list of layers: each is one edit that `u` takes back.
extension AppState {
  /// Opens the list of layer kinds; the one chosen is added below or above the chosen line.
  mutating func offerLayers(above: Bool) {
    let place = insertionPlace(above: above)
    let kinds = LayerCatalog.ofChains.map { (kind: $0.kind, summary: $0.summary) }
    let usual = usualKind(at: place)
    overlay = .menu(
      Menu(
        above ? "Add a layer above" : "Add a layer below",
        kinds.map { (label: $0.kind, detail: $0.summary) },
        selected: kinds.firstIndex { $0.kind == usual } ?? 0
      ) { index, state in
        state.add(.standard(kinds[index].kind), at: place)
        return []
      })
  }

  /// Where a new layer goes: below the input at the earliest, above the training at the latest.
  private func insertionPlace(above: Bool) -> Int {
    let place = above ? buildLine - 1 : buildLine
    return max(0, min(place, workpiece.model.layers.count))
  }

  /// An image asks for a convolution, everything else for a dense layer.
  private func usualKind(at place: Int) -> String {
    let rank = Blueprint(workpiece).input(of: place)?.rank
    return rank == 3 && LayerCatalog.type(named: "Conv2D") != nil ? "Conv2D" : "Dense"
  }

  private mutating func add(_ layer: Component?, at place: Int) {
    guard let layer else { return }
    edit { $0.model.layers.insert(layer, at: min(place, $0.model.layers.count)) }
    choose(line: place + 1)
  }

  mutating func deleteLayer() {
    guard let layer = chosenLayer else { return }
    let name = workpiece.model.layerNames[layer]
    edit { $0.model.layers.remove(at: layer) }
    choose(line: min(layer + 1, workpiece.model.layers.count))
    say("\(name) is gone; u brings it back")
  }

  mutating func duplicateLayer() {
    guard let layer = chosenLayer else { return }
    var copy = workpiece.model.layers[layer]
    // Two layers of one name make no network.
    if copy.givenName != nil { try? copy.arguments.set("name", .none) }
    add(copy, at: layer + 1)
  }

  mutating func moveLayer(by places: Int) {
    guard let layer = chosenLayer, workpiece.model.layers.indices.contains(layer + places) else {
      return
    }
    edit { $0.model.layers.swapAt(layer, layer + places) }
    choose(line: layer + places + 1)
  }

  /// Begins anew: the data's inputs, and an output for each of its classes.
  mutating func newNetwork() {
    edit { $0.model = .smallest(for: $0.dataset) }
    choose(line: 0)
    focus[.build] = "layers"
    say("a new network; a adds a layer below the input, u brings the last one back")
  }

  /// Opens the list of networks to begin with.
  mutating func offerTemplates() {
    let templates = Template.all(for: workpiece.dataset)
    overlay = .menu(
      Menu("Templates", templates.map { (label: $0.title, detail: $0.detail) }) { index, state in
        state.edit { $0.model = templates[index].model }
        state.choose(line: 1)
        return []
      })
  }
}

extension Component {
  /// A layer as it is added: what must be given has a value that works almost anywhere.
  static func standard(_ kind: String) -> Component? {
    guard let specs = LayerCatalog.type(named: kind)?.arguments else { return nil }
    var given: [(name: String, value: ArgumentValue)] = []
    for spec in specs {
      if spec.defaultValue == nil, let value = usualValue(of: spec) {
        given.append((spec.name, value))
      }
      let takesRelu = spec.name == "activation" && spec.defaultValue == ArgumentValue.none
      if takesRelu { given.append((spec.name, .text("relu"))) }
    }
    guard let arguments = try? Arguments(specs, keywords: given) else { return nil }
    return Component(kind: kind, arguments: arguments)
  }

  private static func usualValue(of spec: ArgumentSpec) -> ArgumentValue? {
    switch spec.kind {
    case .integer(let range):
      let usual = spec.name == "filters" ? 8 : 16
      return .integer(min(max(usual, range.lowerBound), range.upperBound))
    case .number(let range): return .number(min(max(0.2, range.lowerBound), range.upperBound))
    case .choice(let names): return .text(names.contains("relu") ? "relu" : names.first ?? "")
    case .pair(let range):
      let usual = min(max(3, range.lowerBound), range.upperBound)
      return .integers([usual, usual])
    case .boolean: return .boolean(false)
    case .text: return .text(spec.name)
    case .shape: return .integers([1])
    case .component(let family): return family.names.first.map { .text($0) }
    case .axes: return .integer(-1)
    case .wholeNumbers: return .integers([1])
    case .numbers, .rate: return .number(1)
    case .integers(let range): return .integers([range.lowerBound])
    case .layer, .openShape, .fixed: return nil
    }
  }
}

extension ModelDescription {
  /// The inputs of the data and an output that fits them, nothing between.
  static func smallest(for dataset: Dataset) -> ModelDescription {
    .perceptron(inputShape: dataset.flatShape, hidden: [], for: dataset)
  }

  static func perceptron(
    inputShape: Shape, hidden: [Int], for dataset: Dataset
  ) -> ModelDescription {
    var model = ModelDescription.perceptron(
      inputShape: inputShape, hidden: hidden, classes: dataset.task.classes?.count ?? 0)
    if dataset.task.classes == nil, dataset.targetWidth > 1, let last = model.layers.indices.last {
      try? model.layers[last].arguments.set("units", .integer(dataset.targetWidth))
    }
    return model
  }
}

extension Dataset {
  /// The shape of an example for layers that read a row.
  var flatShape: Shape { imageShape == nil ? exampleShape : [exampleShape.count] }

  /// How many numbers the target of an example has.
  var targetWidth: Int { count > 0 ? targets.count / count : 1 }
}

/// A network to begin with, made for the data.
struct Template: Sendable {
  let title: String
  let detail: String
  let model: ModelDescription

  /// Those whose layers there are and whose input the data have.
  static func all(for dataset: Dataset) -> [Template] {
    let row = dataset.flatShape
    var all = [
      Template(
        title: "linear", detail: "no layer between: what the simplest network can do",
        model: .smallest(for: dataset)),
      Template(
        title: "perceptron, small", detail: "16 and 16 units with relu",
        model: .perceptron(inputShape: row, hidden: [16, 16], for: dataset)),
      Template(
        title: "perceptron, large", detail: "64 and 32 units with relu",
        model: .perceptron(inputShape: row, hidden: [64, 32], for: dataset)),
    ]
    if let cnn = convolutional(dataset) { all.append(cnn) }
    if let lstm = recurrent(dataset) { all.append(lstm) }
    return all.filter { (try? Network($0.model)) != nil }
  }

  private static func has(_ kinds: String...) -> Bool {
    kinds.allSatisfy { LayerCatalog.type(named: $0) != nil }
  }

  private static func convolutional(_ dataset: Dataset) -> Template? {
    guard let image = dataset.imageShape, has("Conv2D", "MaxPooling2D", "Flatten") else {
      return nil
    }
    func convolution(_ filters: Int) -> Component {
      .known(
        "Conv2D",
        [
          ("filters", .integer(filters)), ("kernel_size", .integers([3, 3])),
          ("activation", .text("relu")),
        ])
    }
    var model = ModelDescription.perceptron(inputShape: image, hidden: [], for: dataset)
    model.layers.insert(
      contentsOf: [convolution(8), convolution(16), .known("MaxPooling2D")], at: 0)
    return Template(
      title: "convolutional", detail: "8 and 16 filters of 3 × 3, pooled by 2", model: model)
  }

  private static func recurrent(_ dataset: Dataset) -> Template? {
    guard dataset.exampleShape.rank == 2, has("LSTM") else { return nil }
    var model = ModelDescription.perceptron(
      inputShape: [dataset.exampleShape.last], hidden: [], for: dataset)
    model.inputShape = dataset.exampleShape
    model.layers.insert(.known("LSTM", [("units", .integer(16))]), at: 0)
    return Template(title: "lstm", detail: "16 cells that remember", model: model)
  }
}
