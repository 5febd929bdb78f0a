import Tensors

// The model after an edit, as the reader of Keras code would describe it.

extension GraphEdits {
  /// The model with everything in its order.
  ///
  /// - Parameters:
  ///   - call: the one that the edit was about.
  ///   - before: the edits' start, whose names tell what is gone.
  func finished(_ call: Int?, before: GraphEdits) -> Outcome {
    var edit = self
    edit.cleanEnds()
    let order = edit.order
    let callPlaces = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let usedInputs = edit.usedInputs(order)
    let inputPlaces = Dictionary(uniqueKeysWithValues: usedInputs.enumerated().map { ($1, $0) })
    func moved(_ source: Wiring.Source) -> Wiring.Source {
      switch source {
      case .input(let i): .input(inputPlaces[i] ?? 0)
      case .call(let i, let output): .call(callPlaces[i] ?? 0, output: output)
      case .weight, .constant: source
      }
    }
    var made = wiring
    made.inputs = usedInputs.map { wiring.inputs[$0] }
    made.calls = order.map { i in
      edit.wiring.calls[i].with(inputs: edit.wiring.calls[i].inputs.map(moved))
    }
    made.outputs = edit.ends.map { moved($0.source) }
    let layerOrder = Self.layerOrder(made)
    let layerPlaces = Dictionary(uniqueKeysWithValues: layerOrder.enumerated().map { ($1, $0) })
    made.calls = made.calls.map { $0.with(layer: layerPlaces[$0.layer] ?? 0) }
    var result = model
    result.layers = Self.counted(layerOrder.map { edit.layers[$0] }, made)
    let form = edit.fold(made, into: &result)
    edit.judge(&result)
    let place = call.flatMap { callPlaces[$0] }
    let names = before.model.layerNames
    let gone = names.indices.filter { layerPlaces[$0] == nil }.map { names[$0] }
    return Outcome(
      model: result.withoutCountedNames, call: place,
      layer: place.map { made.calls[$0].layer }, gone: gone, form: form)
  }

  /// Outputs each once; none that is an input where there is another.
  private mutating func cleanEnds() {
    var seen: Set<Wiring.Source> = []
    ends = ends.filter { seen.insert($0.source).inserted }
    if ends.contains(where: { $0.source.call != nil }) {
      ends.removeAll { $0.source.call == nil }
    } else {
      ends = Array(ends.prefix(1))
    }
  }

  /// The calls that lead to an output, each after those it needs, else as they were.
  private var order: [Int] {
    let live = ancestors(of: ends.compactMap { $0.source.call })
    var placed: Set<Int> = []
    var order: [Int] = []
    var waiting = live.sorted()
    while let next = waiting.firstIndex(where: { i in
      wiring.calls[i].inputs.allSatisfy { $0.call.map(placed.contains) ?? true }
    }) {
      let call = waiting.remove(at: next)
      placed.insert(call)
      order.append(call)
    }
    return order
  }

  /// The inputs that a call takes; the first where none does.
  private func usedInputs(_ order: [Int]) -> [Int] {
    var used: Set<Int> = []
    for i in order {
      for case .input(let input) in wiring.calls[i].inputs { used.insert(input) }
    }
    return used.isEmpty ? [0] : used.sorted()
  }

  /// The layers as Keras lists them: those of a reading of the code.
  private static func layerOrder(_ wiring: Wiring) -> [Int] {
    WalkOrder(wiring).entries.compactMap { entry in
      if case .layer(let i) = entry { i } else { nil }
    }
  }

  /// The layers under the names that code counts in the order of their first calls; the layers of
  /// nested models are made before.
  private static func counted(_ layers: [Component], _ wiring: Wiring) -> [Component] {
    var named = layers
    var counts = NameCounts()
    for layer in layers {
      if case .model(let inner)? = layer.body { counts.take(inner) }
    }
    var seen: Set<Int> = []
    for call in wiring.calls where seen.insert(call.layer).inserted {
      let layer = layers[call.layer].mapLayers { counts.named($0) }
      named[call.layer] = layer
      if let given = layer.givenName {
        // Code that is read back knows a nested model by its name in both ways.
        if case .model? = layer.body { named[call.layer].countedName = given }
        continue
      }
      named[call.layer].countedName = counts.next(layer.countedBase)
    }
    return named
  }

  /// Layers in a row need no wiring; others make a model of tensors.
  private func fold(_ made: Wiring, into result: inout ModelDescription) -> Outcome.Form {
    let wasRow = model.isChain
    let wasStraight = model.wiring?.isRow ?? true
    let isRow = made.isRow
    let opens = wasRow && model.inputShape == nil
    if isRow && (wasRow || !wasStraight || made.calls.isEmpty) {
      result.wiring = nil
      result.inputShape = opens ? nil : made.inputs[0].shape
      guard !wasRow, made.inputs.count == 1 else { return .asBefore }
      if result.name.isCountedName(of: "functional") { result.name = "sequential" }
      return .becameSequential
    }
    var wiring = made
    var count = 0
    wiring.inputs = made.inputs.map { input in
      guard input.name?.isCountedName(of: "input_layer") ?? true else { return input }
      defer { count += 1 }
      return Wiring.Input(
        name: count == 0 ? "input_layer" : "input_layer_\(count)", shape: input.shape)
    }
    result.wiring = wiring
    result.inputShape = wiring.inputs[0].shape
    guard wasRow else { return .asBefore }
    let wasFunctional = model.name.isCountedName(of: "functional")
    if model.name.isCountedName(of: "sequential") { result.name = "functional" }
    return wasFunctional ? .asBefore : .becameFunctional
  }

  /// One judgment for each output: new ones are judged as the first.
  private func judge(_ result: inout ModelDescription) {
    guard var compilation = result.compilation else { return }
    let first = compilation.outputs[0]
    compilation.outputs = ends.map { end in
      end.judging
        ?? Compilation.Judging(loss: first.loss ?? compilation.loss, metrics: first.metrics)
    }
    if compilation.outputs.allSatisfy({ $0.loss == nil }) {
      compilation.outputs[0].loss = compilation.outputs[0].loss ?? model.compilation?.loss
    }
    result.compilation = compilation
  }
}

extension Wiring {
  /// Whether each call takes what the one before it gives, from one input to one output.
  fileprivate var isRow: Bool {
    guard inputs.count == 1 else { return false }
    let row = Wiring(chainOf: calls.count, inputShape: inputs[0].shape)
    return row.calls == calls && row.outputs == outputs
      && calls.map(\.layer) == Array(calls.indices)
  }
}

extension String {
  /// Whether it is a name that Keras counts: `functional`, `functional_1`.
  func isCountedName(of base: String) -> Bool {
    guard hasPrefix(base) else { return false }
    let rest = dropFirst(base.count)
    return rest.isEmpty || (rest.first == "_" && Int(rest.dropFirst()) != nil)
  }
}

/// The names that layers get by counting, in the order in which code makes them.
private struct NameCounts {
  private var counts: [String: Int] = [:]

  private func upcoming(_ base: String) -> String {
    let n = counts[base, default: 0]
    return n == 0 ? base : "\(base)_\(n)"
  }

  mutating func next(_ base: String) -> String {
    defer { counts[base, default: 0] += 1 }
    return upcoming(base)
  }

  /// A layer that another takes as an argument, and those that it takes itself, under the names that
  /// they get.
  mutating func named(_ layer: Component) -> Component {
    if case .model(let inner)? = layer.body { take(inner) }
    var layer = layer.mapLayers { named($0) }
    if layer.givenName == nil { layer.countedName = next(layer.countedBase) }
    return layer
  }

  /// The layers of a model that is made before; those under other names are given them.
  mutating func take(_ model: ModelDescription) {
    for layer in model.layers {
      if case .model(let inner)? = layer.body { take(inner) }
    }
    let names = model.layerNames
    var order: [Int] = []
    for call in model.wiring?.calls ?? [] where !order.contains(call.layer) {
      order.append(call.layer)
    }
    for i in model.wiring == nil ? Array(model.layers.indices) : order {
      let layer = model.layers[i]
      guard layer.givenName == nil, upcoming(layer.countedBase) == names[i] else { continue }
      _ = next(layer.countedBase)
    }
  }
}
