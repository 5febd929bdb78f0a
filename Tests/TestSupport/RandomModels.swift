import NeuralNets
import Tensors

/// Random small models of every layer in the catalog: chains, branches, merges, layers that are
/// shared, nested or frozen. What does not fit its input is drawn again.
package struct RandomModels {
  private var random: CounterRandom
  private var drawn = 0

  package init(seed: UInt64) { random = CounterRandom(seed: seed, name: "random models") }

  // MARK: Chance

  private mutating func below(_ count: Int) -> Int {
    drawn += 1
    return min(Int(random.uniform(at: drawn) * Double(count)), count - 1)
  }

  private mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }
  private mutating func chance(_ share: Double) -> Bool {
    drawn += 1
    return random.uniform(at: drawn) < share
  }

  // MARK: Models

  /// The next model that makes a network.
  package mutating func next(isDescribed: Bool = true) -> ModelDescription {
    while true {
      var draft = Draft(inputs: (0..<one(of: [1, 1, 1, 2, 3])).map { _ in shape() })
      let isChain = draft.inputs.count == 1 && chance(0.4)
      for _ in 0..<(2 + below(7)) { grow(&draft, isChain: isChain) }
      guard let model = draft.finished(isSequential: isChain && chance(0.7)),
        let network = try? Network(model), network.parameterCount < 50_000
      else { continue }
      return model
    }
  }

  private mutating func shape() -> Shape {
    switch below(4) {
    case 0: [2 + below(4), 1 + below(4)]
    case 1: [4 + below(4), 4 + below(4), 1 + below(3)]
    default: [1 + below(8)]
    }
  }

  /// A model while it grows.
  private struct Draft {
    var inputs: [Shape]
    var layers: [Component] = []
    var calls: [Wiring.Call] = []
    var tensors: [(source: Wiring.Source, shape: Shape)] = []

    init(inputs: [Shape]) {
      self.inputs = inputs
      tensors = inputs.enumerated().map { (.input($0), $1) }
    }

    mutating func call(_ layer: Int, _ given: [(source: Wiring.Source, shape: Shape)]) -> Bool {
      guard
        let made = try? LayerCatalog.layer(layers[layer], inputs: given.map(\.shape), depth: 1),
        let shapes = try? made.outputShapes(for: given.map(\.shape)), shapes.count == 1,
        let count = shapes[0].count(upTo: 600), count > 0
      else { return false }
      calls.append(Wiring.Call(layer: layer, inputs: given.map(\.source)))
      tensors.append((.call(calls.count - 1), shapes[0]))
      return true
    }

    mutating func add(
      _ layer: Component, _ given: [(source: Wiring.Source, shape: Shape)]
    ) -> Bool {
      layers.append(layer)
      if call(layers.count - 1, given) { return true }
      layers.removeLast()
      return false
    }

    func isUsed(_ source: Wiring.Source) -> Bool { calls.contains { $0.inputs.contains(source) } }

    /// Everything that nothing takes comes out; layers in Keras's order.
    func finished(isSequential: Bool, name: String? = nil) -> ModelDescription? {
      var copy = self
      for (i, shape) in inputs.enumerated() where !isUsed(.input(i)) {
        guard copy.add(.known("Dense", [("units", .integer(2))]), [(.input(i), shape)]) else {
          return nil
        }
      }
      let outputs = copy.tensors.map(\.source).filter { !copy.isUsed($0) }
      let wiring = Wiring(
        inputs: inputs.map { Wiring.Input(shape: $0) }, calls: copy.calls, outputs: outputs)
      let last = outputs.compactMap { source -> Int? in
        if case .call(let call, _) = source { copy.calls[call].layer } else { nil }
      }
      guard Set(last).count == last.count, !copy.calls.isEmpty, outputs.count <= 4 else {
        return nil
      }
      var made = ModelDescription(
        name: name ?? (isSequential ? "sequential" : "functional"), inputShape: inputs[0],
        layers: copy.layers, wiring: wiring
      ).inKerasOrder
      let isRow = made.wiring == Wiring(chainOf: made.layers.count, inputShape: inputs[0])
      if isSequential {
        guard isRow else { return nil }
        made.wiring = nil
      } else if isRow && made.layers.allSatisfy({ $0.body == nil }) {
        made.wiring = nil
      }
      return made
    }
  }

  private mutating func grow(_ draft: inout Draft, isChain: Bool, isNested: Bool = false) {
    for _ in 0..<30 {
      let recent = isChain ? draft.tensors.suffix(1) : draft.tensors.suffix(4)
      let tensor = one(of: Array(recent))
      let kind = below(isChain ? 7 : 10)
      if kind == 6, !isNested, let nested = nested(on: tensor.shape) {
        if draft.add(nested, [tensor]) { return }
      } else if kind == 7 {
        let layer = below(max(1, draft.layers.count))
        guard let first = draft.calls.first(where: { $0.layer == layer }), first.inputs.count == 1,
          let known = draft.tensors.first(where: { $0.source == first.inputs[0] }),
          let other = draft.tensors.last(where: {
            $0.shape == known.shape && $0.source != known.source
          })
        else { continue }
        if draft.call(layer, [other]) { return }
      } else if kind > 7 {
        let merging = LayerCatalog.all.filter { type in
          !LayerCatalog.ofChains.contains { $0.kind == type.kind }
        }
        let same = draft.tensors.filter { $0.shape == tensor.shape }.suffix(3)
        guard same.count > 1, !merging.isEmpty, let layer = layer(one(of: merging), tensor.shape)
        else { continue }
        if draft.add(layer, Array(same.prefix(chance(0.7) ? 2 : 3))) { return }
      } else if let layer = layer(one(of: LayerCatalog.ofChains), tensor.shape) {
        if draft.add(layer, [tensor]) { return }
      }
    }
  }

  private mutating func nested(on shape: Shape) -> Component? {
    var draft = Draft(inputs: [shape])
    let isSequential = chance(0.6)
    for _ in 0..<(1 + below(3)) { grow(&draft, isChain: isSequential, isNested: true) }
    let name = "block_\(below(1000))"
    guard var inner = draft.finished(isSequential: isSequential, name: name) else { return nil }
    guard inner.wiring.map({ $0.outputs.count == 1 }) ?? true else { return nil }
    let isTrainable = !chance(0.2)
    if !isTrainable {
      for i in inner.layers.indices {
        try? inner.layers[i].arguments.set("trainable", .boolean(false))
      }
    }
    return Component(
      kind: isSequential ? "Sequential" : "Functional",
      arguments: .ofModel(name: name, isTrainable: isTrainable), body: .model(inner))
  }

  // MARK: Layers

  /// Layers of which a random input makes no sense, or whose arguments no spec tells, or whose masks
  /// not every layer goes by.
  private static let apart: Set<String> = [
    "CategoryEncoding", "Discretization", "Embedding", "Masking",
  ]

  /// Layers whose own `__init__` hands none of this on in Keras.
  private static let bare: Set<String> = [
    "ActivityRegularization", "SpatialDropout1D", "SpatialDropout2D",
  ]

  private mutating func layer(_ type: any CataloguedLayer.Type, _ shape: Shape) -> Component? {
    guard !Self.apart.contains(type.kind) else { return nil }
    var given: [(name: String, value: ArgumentValue)] = []
    for spec in type.arguments {
      guard let value = value(of: spec, type.kind, shape) else { continue }
      given.append((spec.name, value))
    }
    guard let arguments = try? Arguments(type.arguments, keywords: given) else { return nil }
    return Component(kind: type.kind, arguments: arguments)
  }

  /// A value that an argument takes; nil for its default.
  private mutating func value(
    of spec: ArgumentSpec, _ type: String, _ shape: Shape
  ) -> ArgumentValue? {
    if spec.name == "name" { return chance(0.1) ? .text("layer_\(below(100_000))") : nil }
    if Self.bare.contains(type) && ["activity_regularizer", "trainable"].contains(spec.name) {
      return nil
    }
    if spec.name == "activity_regularizer" {
      return chance(0.1) ? .text(one(of: ["l1", "l2"])) : nil
    }
    if spec.name == "shared_axes" { return chance(0.3) ? .integers([1 + below(shape.rank)]) : nil }
    if spec.name == "trainable" { return chance(0.1) ? .boolean(false) : nil }
    if spec.name == "dtype" || spec.name == "data_format" || spec.name == "seed" { return nil }
    guard spec.defaultValue == nil || chance(0.3) else { return nil }
    switch spec.kind {
    case .boolean: return .boolean(chance(0.5))
    case .integer(let range):
      let low = max(range.lowerBound, min(1, range.upperBound))
      return .integer(min(low + below(5), range.upperBound))
    case .number(let range):
      let low = max(range.lowerBound, 0.05)
      return .number(low + (min(range.upperBound, 0.9) - low) * Double(below(8)) / 8)
    case .choice(let names): return .text(one(of: names))
    case .shape:
      let count = shape.count
      return .integers(one(of: [[count], [count, 1], [1, count]]))
    case .pair(let range):
      return .integers([0, 1].map { _ in min(range.lowerBound + below(3), range.upperBound) })
    case .single(let range): return .integer(min(range.lowerBound + below(3), range.upperBound))
    case .margins:
      return one(of: [
        .integer(1), .integers([below(3), below(3)]),
        .list([.integers([below(3), 1]), .integers([0, below(3)])]),
      ])
    case .span(let range, let alone):
      let low = max(range.lowerBound, -0.5)
      let pair = ArgumentValue.list([.number(low), .number(low + Double(1 + below(4)) / 10)])
      return alone.map { chance(0.5) ? .number(max($0.lowerBound, 0.2)) : pair } ?? pair
    case .component(let family): return member(of: family)
    case .axes: return .integer(-1)
    case .integers:
      var places = Array(1...max(1, shape.rank))
      for i in places.indices { places.swapAt(i, i + below(places.count - i)) }
      return .integers(places)
    case .openShape: return .integers([shape.count])
    case .numbers: return .number(Double(1 + below(9)) / 10)
    case .rate, .text, .wholeNumbers, .layer, .fixed: return nil
    }
  }

  private mutating func member(of family: ComponentFamily) -> ArgumentValue? {
    if family == .activation {
      return .text(one(of: ["tanh", "sigmoid", "softplus", "relu", "elu"]))
    }
    let known = one(of: family.classes.filter { $0.hasDefaults && $0.module == nil })
    if known.isNamedAlone && chance(0.6) { return .text(known.shortName) }
    var given: [(name: String, value: ArgumentValue)] = []
    for spec in known.arguments {
      if case .number(let range) = spec.kind, chance(0.6) {
        let low = max(range.lowerBound, 0.01)
        given.append(
          (spec.name, .number(min(low + Double(1 + below(9)) / 10, range.upperBound))))
      }
    }
    guard let arguments = try? Arguments(known.arguments, keywords: given) else { return nil }
    return family.normalized(Component(kind: known.kind, arguments: arguments))
  }
}

extension ModelDescription {
  /// The same with its layers in the order of Keras, models in models included.
  package var inKerasOrder: ModelDescription {
    var copy = self
    for i in copy.layers.indices {
      if case .model(let inner)? = copy.layers[i].body {
        copy.layers[i].body = .model(inner.inKerasOrder)
      }
    }
    guard let wiring else { return copy }
    let order = WalkOrder(wiring).entries.compactMap { entry in
      if case .layer(let i) = entry { i } else { nil }
    }
    let places = Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0) })
    let names = layerNames
    let all = copy.layers
    copy.layers = order.map { i in
      var layer = all[i]
      if layer.countedName != nil { layer.countedName = names[i] }
      return layer
    }
    copy.wiring?.calls = wiring.calls.map {
      Wiring.Call(layer: places[$0.layer] ?? 0, inputs: $0.inputs)
    }
    return copy
  }

  /// The same without what names were counted or given, and with what the names are, layer by layer,
  /// models in models included.
  package var withoutNames: (model: ModelDescription, names: [String]) {
    var copy = self
    var names = layerNames
    for i in copy.layers.indices {
      copy.layers[i].countedName = nil
      try? copy.layers[i].arguments.set("name", .none)
      if case .model(let inner)? = copy.layers[i].body {
        let plain = inner.withoutNames
        copy.layers[i].body = .model(plain.model)
        names += plain.names.map { names[i] + "/" + $0 }
      }
    }
    if let inputs = wiring?.inputs {
      copy.wiring?.inputs = inputs.map { Wiring.Input(shape: $0.shape) }
    }
    return (copy, names)
  }
}
