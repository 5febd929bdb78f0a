import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

/// What can be done to the layers: each is one edit that `u` takes back.
extension AppState {
  /// The edits of the network as it is.
  ///
  /// - Throws: a refusal where the network is no graph that can be edited.
  func graphEdits() throws(GraphEdits.Refusal) -> GraphEdits {
    try GraphEdits(workpiece.model, dataShape: workpiece.dataset.exampleShape)
  }

  /// The chosen call: the one chosen in the diagram, else the first of the chosen layer.
  var chosenCall: Int? {
    guard let layer = chosenLayer else { return nil }
    guard let calls = workpiece.model.wiring?.calls else { return layer }
    if let call = build.call, calls.indices.contains(call), calls[call].layer == layer {
      return call
    }
    return calls.firstIndex { $0.layer == layer }
  }

  /// Where the numbers of the chosen line come from: an input, a layer, or the output.
  var chosenSource: Wiring.Source {
    if let call = chosenCall { return .call(call) }
    let inputs = workpiece.model.wiring?.inputs.count ?? 1
    if buildLine == 0 { return .input(max(0, min(build.input, inputs - 1))) }
    if let output = workpiece.model.wiring?.outputs.first { return output }
    let count = workpiece.model.layers.count
    return count == 0 ? .input(0) : .call(count - 1)
  }

  /// Why an edit cannot be done now, nil when it can.
  func refusal(_ edit: (GraphEdits) throws -> GraphEdits.Outcome) -> String? {
    do {
      _ = try edit(try graphEdits())
      return nil
    } catch { return "\(error)" }
  }

  /// Does an edit, chooses what it was about and says what came of it.
  @discardableResult
  mutating func apply(
    _ words: String = "", _ edit: (GraphEdits) throws -> GraphEdits.Outcome
  ) -> Bool {
    let outcome: GraphEdits.Outcome
    do { outcome = try edit(try graphEdits()) } catch {
      say("\(error)", .warning)
      return false
    }
    self.edit { $0.model = outcome.model }
    if let layer = outcome.layer { choose(line: layer + 1) }
    build.call = outcome.call
    var parts = words.isEmpty ? [] : [words]
    switch outcome.form {
    case .asBefore: break
    case .becameFunctional:
      parts.append("the code is keras.Model now: a Sequential has no branches")
    case .becameSequential: parts.append("the layers are a row: the code is a Sequential")
    }
    if !parts.isEmpty { say(parts.joined(separator: "; ")) }
    return true
  }

  /// Opens the list of layer kinds; the one chosen is added below or above the chosen line.
  mutating func offerLayers(above: Bool) {
    if above, let call = chosenCall, let edits = try? graphEdits(), edits.merges(call) {
      return offerWays(into: call, edits)
    }
    let rank = Blueprint(workpiece).shape(of: placeOfNew(above: above))?.rank
    offerKinds(above ? "Add a layer above" : "Add a layer below", rank: rank) { layer, state in
      state.add(layer, above: above)
    }
  }

  /// A merge has several ways into it: asks for one.
  private mutating func offerWays(into call: Int, _ edits: GraphEdits) {
    let blueprint = Blueprint(workpiece)
    let inputs = edits.calls[call].inputs
    let name = blueprint.names[edits.calls[call].layer]
    overlay = .menu(
      Menu(
        "Add a layer on the way into \(name)",
        inputs.map { source in
          (
            label: "from \(blueprint.name(of: source))",
            detail: blueprint.shape(of: source)?.tuple ?? ""
          )
        }
      ) { input, state in
        state.offerKinds(
          "Add a layer between \(blueprint.name(of: inputs[input])) and \(name)",
          rank: blueprint.shape(of: inputs[input])?.rank
        ) { layer, state in
          state.apply { try $0.adding(layer, before: call, input: input) }
        }
        return []
      })
  }

  /// The list of layers that take one array; an image asks for a convolution, everything else for a
  /// dense layer.
  mutating func offerKinds(
    _ title: String, rank: Int?,
    then add: @escaping @Sendable (Component, inout AppState) -> Void
  ) {
    let isImage = rank == 3 && LayerCatalog.type(named: "Conv2D") != nil
    // What reads sequences does not fit pictures, which may lie flat so far: it comes last.
    let hasPictures = isImage || workpiece.dataset.inputShapes.contains { $0.rank == 3 }
    let all = LayerCatalog.ofChains.map { (kind: $0.kind, summary: $0.summary) }
      .sorted { $0.kind.lowercased() < $1.kind.lowercased() }
    let kinds =
      all.filter { !hasPictures || !$0.kind.contains("1D") }
      + all.filter { hasPictures && $0.kind.contains("1D") }
    let usual = isImage ? "Conv2D" : "Dense"
    overlay = .menu(
      Menu(
        title, kinds.map { (label: $0.kind, detail: $0.summary) },
        selected: kinds.firstIndex { $0.kind == usual } ?? 0
      ) { index, state in
        if let layer = Component.standard(kinds[index].kind) { add(layer, &state) }
        return []
      })
  }

  /// What a new layer takes: what the chosen line gives, or what goes into it.
  private func placeOfNew(above: Bool) -> Wiring.Source {
    guard above, let call = chosenCall, let edits = try? graphEdits() else { return chosenSource }
    return edits.calls[call].inputs.first ?? chosenSource
  }

  private mutating func add(_ layer: Component, above: Bool) {
    let source = chosenSource
    if above, let call = chosenCall {
      apply { try $0.adding(layer, before: call) }
    } else {
      apply { try $0.adding(layer, after: source) }
    }
  }

  mutating func deleteLayer() {
    guard let layer = chosenLayer, let call = chosenCall else { return }
    let name = workpiece.model.layerNames[layer]
    let names = Set(workpiece.model.layerNames)
    let wasRow = workpiece.model.isChain
    guard apply("", { try $0.removing(call) }) else { return }
    let lost = names.count - Set(workpiece.model.layerNames).count
    choose(line: min(layer + 1, workpiece.model.layers.count))
    let others = lost > 1 ? " with \(lost - 1) that led nowhere without it" : ""
    let isRow = workpiece.model.isChain && !wasRow
    say(
      "\(name) is gone\(others); u brings it back"
        + (isRow ? "; the layers are a row again: the code is a Sequential" : ""))
  }

  mutating func duplicateLayer() {
    guard let call = chosenCall else { return }
    apply { try $0.duplicating(call) }
  }

  mutating func moveLayer(by places: Int) {
    guard let call = chosenCall else { return }
    apply { places > 0 ? try $0.movingDown(call) : try $0.movingUp(call) }
  }
}

extension Component {
  /// A layer as it is added: what must be given has a value that works almost anywhere.
  static func standard(_ kind: String) -> Component? {
    guard let specs = LayerCatalog.type(named: kind)?.arguments else { return nil }
    var given: [(name: String, value: ArgumentValue)] = []
    for spec in specs {
      if spec.defaultValue == nil, let value = usualValue(of: spec, in: kind) {
        given.append((spec.name, value))
      }
      let takesRelu = spec.name == "activation" && spec.defaultValue == ArgumentValue.none
      if takesRelu { given.append((spec.name, .text("relu"))) }
    }
    guard let arguments = try? Arguments(specs, keywords: given) else { return nil }
    return Component(kind: kind, arguments: arguments)
  }

  /// A component of a family with what must be given at usual values.
  static func standard(_ entry: ComponentClass) -> Component? {
    let given = entry.arguments.compactMap { spec in
      spec.defaultValue == nil
        ? usualValue(of: spec, in: entry.kind).map { (name: spec.name, value: $0) } : nil
    }
    guard let arguments = try? Arguments(entry.arguments, keywords: given) else { return nil }
    return Component(kind: entry.kind, arguments: arguments)
  }

  private static func usualValue(of spec: ArgumentSpec, in kind: String) -> ArgumentValue? {
    switch spec.kind {
    case .integer(let range):
      let usual = ["filters": 8, "kernel_size": 3][spec.name] ?? 16
      return .integer(min(max(usual, range.lowerBound), range.upperBound))
    case .number(let range): return .number(min(max(0.2, range.lowerBound), range.upperBound))
    case .choice(let names): return .text(names.contains("relu") ? "relu" : names.first ?? "")
    case .pair(let range):
      let usual = min(max(spec.name == "pool_size" ? 2 : 3, range.lowerBound), range.upperBound)
      return .integers([usual, usual])
    case .single(let range):
      return .integer(
        min(max(spec.name == "pool_size" ? 2 : 3, range.lowerBound), range.upperBound))
    case .margins: return .integers([1, 1])
    case .span(let range, nil):
      return .list([.number(range.lowerBound), .number(range.upperBound)])
    case .span(_, let range?): return .number(min(max(0.2, range.lowerBound), range.upperBound))
    case .boolean: return .boolean(false)
    case .text: return .text(spec.name == "equation" ? "...x,xy->...y" : spec.name)
    case .shape: return .integers([1])
    case .component(let family): return family.names.first.map { .text($0) }
    case .axes: return .integer(-1)
    case .wholeNumbers: return .integers([1])
    case .numbers, .rate: return .number(1)
    case .integers(let range): return .integers([range.lowerBound])
    case .layer:
      return standard(kind == "Bidirectional" ? "LSTM" : "Dense").map { .component($0) }
    case .openShape: return .integers([16])
    case .fixed: return nil
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
