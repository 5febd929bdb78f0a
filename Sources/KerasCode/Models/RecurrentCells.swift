import NeuralNets

/// What one step of a recurrent layer does, as a program makes it: `LSTMCell(4)`.
///
/// `RNN(LSTMCell(4))` is an LSTM, in Keras too; it is one here, under the name that it gets as an RNN.
final class CellObject: ProgramObject {
  let type: any RecurrentLayer.Type
  /// The layer whose step it is.
  let layer: Component
  /// Whether a layer has it: its weights are that layer's.
  var isTaken = false

  init(_ type: any RecurrentLayer.Type, _ layer: Component) {
    self.type = type
    self.layer = layer
  }

  var typeName: String { type.kind + "Cell" }
  var attributeNames: [String] { ["units"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    name == "units" ? try evaluator.value(of: layer.arguments[name]) : nil
  }
}

enum RecurrentCells {
  private static let types: [any RecurrentLayer.Type] = [LSTM.self, GRU.self, SimpleRNN.self]

  /// What is said of the layer, not of its cell.
  private static let ofLayers: Set<String> = [
    "activity_regularizer", "return_sequences", "return_state", "go_backwards", "stateful",
    "unroll", "zero_output_for_mask",
  ]

  static func add(to layers: Namespace) {
    for type in types {
      let kind = type.kind + "Cell"
      layers.add(
        kind,
        .object(
          KerasClass(kind, home: "keras.layers") { arguments, evaluator in
            .object(CellObject(type, try cell(type, arguments, evaluator)))
          }))
    }
    layers.add("RNN", .object(KerasClass("RNN", home: "keras.layers", makeLayer)))
    layers.add(
      "StackedRNNCells", .object(RawFunction("StackedRNNCells") { _, _ in throw stacked }))
  }

  private static var stacked: Complaint {
    Complaint(
      "several cells in one RNN",
      remedy: "an RNN for each, one after the other, return_sequences=True for all but the last")
  }

  private static func cell(
    _ type: any RecurrentLayer.Type, _ given: CallArguments, _ evaluator: Evaluator
  ) throws -> Component {
    if let (name, _) = given.keywords.first(where: { ofLayers.contains($0.name) }) {
      throw Complaint(
        "\(type.kind)Cell() has no argument \"\(name)\"",
        remedy: "give it to the layer: RNN(cell, \(name)=…)", at: .keyword(name))
    }
    // From there on a cell's arguments stand in another order than a layer's.
    let places = type.arguments.prefix { !ofLayers.contains($0.name) }.count
    guard given.positional.count <= places else {
      throw Complaint(
        "\(type.kind)Cell() got \(given.positional.count) arguments without a name",
        remedy: "name them, as kernel_regularizer=…", at: .argument(places))
    }
    return try KerasNames.component(type.kind, type.arguments, given, evaluator)
  }

  /// `RNN(cell, return_sequences=True)`: the layer whose cell it is.
  private static func makeLayer(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    var rest = arguments
    let place = rest.keywords.firstIndex { $0.name == "cell" }
    guard !rest.positional.isEmpty || place != nil else {
      throw Complaint("RNN() needs \"cell\"", remedy: "layers.RNN(layers.LSTMCell(8))")
    }
    let given = place.map { rest.keywords.remove(at: $0).value } ?? rest.positional.removeFirst()
    if given.sequence != nil { throw stacked }
    guard case .object(let cell as CellObject) = given else {
      throw Complaint(
        "RNN() of \(given.described)",
        remedy: "a cell of Keras, as layers.LSTMCell(8), layers.GRUCell(8) or"
          + " layers.SimpleRNNCell(8)",
        at: place == nil ? .argument(0) : .keyword("cell"))
    }
    guard !cell.isTaken else {
      throw Complaint(
        "a cell that another RNN has already", remedy: "call that RNN again, or make another cell",
        at: place == nil ? .argument(0) : .keyword("cell"))
    }
    cell.isTaken = true
    let shape = try KerasNames.takeInputShape(&rest, cell.type)
    let own = Set(cell.type.ownArguments.map(\.name)).subtracting(ofLayers)
    let said = try KerasNames.component(
      "RNN", cell.type.arguments.filter { !own.contains($0.name) },
      rest, evaluator)
    var component = cell.layer
    for (name, value) in said.arguments.spoken { try component.arguments.set(name, value) }
    let layer = LayerObject(
      component, inputShape: shape?.shape,
      name: component.givenName ?? evaluator.countedName("rnn"), place: evaluator.callPlace,
      statement: evaluator.topStatement)
    layer.writtenKind = "RNN"
    layer.openAxes = shape?.openAxes ?? []
    evaluator.knowsOpenLengths = evaluator.knowsOpenLengths || !layer.openAxes.isEmpty
    return .object(layer)
  }
}

extension ModelHandle {
  /// For each layer the class that the program made it by, where the lab has another for it.
  package var writtenKinds: [String?] { innerLayers.map { ($0 as? LayerObject)?.writtenKind } }
}
