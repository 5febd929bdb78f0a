import Tensors

/// A layer, loss, optimizer … as a model file names it: the Keras class and its arguments.
package struct Component: Hashable, Sendable {
  /// The Keras class name: `Dense`, `Adam`, `MeanSquaredError`; or the name of a class or function
  /// of the program.
  package let kind: String
  package var arguments: Arguments
  /// What it consists of, when it is no class of a catalog: a nested model, a class of the program.
  package var body: ComponentBody?
  /// The name that a running program gave the layer by counting its kind.
  package var countedName: String?

  package init(
    kind: String, arguments: Arguments, body: ComponentBody? = nil, countedName: String? = nil
  ) {
    self.kind = kind
    self.arguments = arguments
    self.body = body
    self.countedName = countedName
  }

  /// The name a user gave it, if any.
  package var givenName: String? {
    guard case .text(let name) = arguments["name"] else { return nil }
    return name
  }

  /// Whether the optimizer may change its weights.
  package var isTrainable: Bool { arguments["trainable"] != .boolean(false) }
}

extension Component {
  /// The layers that it takes as arguments, in the order of the arguments.
  package var layers: [Component] {
    arguments.specs.compactMap { spec in
      guard spec.kind == .layer, case .component(let layer) = arguments[spec.name] else {
        return nil
      }
      return layer
    }
  }

  /// The same with the layers that it takes as arguments replaced.
  package func mapLayers(_ change: (Component) -> Component) -> Component {
    var copy = self
    for spec in arguments.specs where spec.kind == .layer {
      guard case .component(let layer) = arguments[spec.name] else { continue }
      try? copy.arguments.set(spec.name, .component(change(layer)))
    }
    return copy
  }

  /// The same without names by counting, its own and those of the layers that it takes.
  ///
  /// A model is known by its name in both ways.
  package var withoutCountedNames: Component {
    var copy = mapLayers { layer in
      if case .model? = layer.body { layer } else { layer.withoutCountedNames }
    }
    copy.countedName = nil
    return copy
  }
}

/// What a component consists of that is no class of a catalog.
package indirect enum ComponentBody: Hashable, Sendable {
  /// A model as a layer, or a layer of the program's own.
  case model(ModelDescription)
  /// An operation on arrays, as `x + y` or `keras.ops.mean(x, axis=1)`.
  case operation(ArrayOperation)
}

/// How a model is to be trained: what `model.compile` was told.
package struct Compilation: Hashable, Sendable {
  package var optimizer: Component
  /// How each output is judged; one for all when the model has one output.
  package var outputs: [Judging]

  /// How one output is judged.
  package struct Judging: Hashable, Sendable {
    /// Nil when the output is not judged.
    package var loss: Component?
    /// Its share in the loss of the model.
    package var weight: Double
    package var metrics: [MetricChoice]
    /// Metrics that count each example as the loss does.
    package var weightedMetrics: [MetricChoice]

    package var takesTargets: Bool {
      loss != nil || !metrics.isEmpty || !weightedMetrics.isEmpty
    }

    /// The shape in which targets come for a prediction, batch included.
    package func targetShape(for prediction: Shape) -> Shape {
      if let loss { return LossCatalog.loss(loss).targetShape(for: prediction) }
      // Without a loss it is the metrics that say whether they are class numbers.
      let isSparse = (metrics + weightedMetrics).contains(where: \.isSparse)
      return isSparse ? Shape(Array(prediction.extents.dropLast())) : prediction
    }

    package init(
      loss: Component?, weight: Double = 1, metrics: [MetricChoice] = [],
      weightedMetrics: [MetricChoice] = []
    ) {
      self.loss = loss
      self.weight = weight
      self.metrics = metrics
      self.weightedMetrics = weightedMetrics
    }
  }

  /// The outputs that targets are given for: those that have a loss or a metric.
  package var targeted: [Int] { outputs.indices.filter { outputs[$0].takesTargets } }

  package init(optimizer: Component, loss: Component, metrics: [MetricChoice] = []) {
    self.init(optimizer: optimizer, outputs: [Judging(loss: loss, metrics: metrics)])
  }

  package init(optimizer: Component, outputs: [Judging]) {
    precondition(!outputs.isEmpty, "a compilation without an output")
    self.optimizer = optimizer
    self.outputs = outputs
  }

  /// The loss of the first output that has one.
  package var loss: Component {
    get {
      outputs.lazy.compactMap(\.loss).first ?? .known("MeanSquaredError")
    }
    set { outputs[outputs.firstIndex { $0.loss != nil } ?? 0].loss = newValue }
  }

  /// The metrics of the first output.
  package var metrics: [MetricChoice] {
    get { outputs[0].metrics }
    set { outputs[0].metrics = newValue }
  }
}

/// A metric as code names it.
package enum MetricChoice: Hashable, Sendable, ExpressibleByStringLiteral {
  /// By a name that Keras knows; which accuracy `accuracy` is depends on loss and output.
  case named(String)
  case object(Component)

  package init(stringLiteral name: String) { self = .named(name) }

  /// Whether its targets are class numbers.
  fileprivate var isSparse: Bool {
    switch self {
    case .named(let name): MetricCatalog.named(name)?.entry.kind.hasPrefix("Sparse") ?? false
    case .object(let component): component.kind.hasPrefix("Sparse")
    }
  }

  /// Whether it is the accuracy that fits the loss.
  package var isAccuracy: Bool { self == "accuracy" || self == "acc" }
}

/// What a model file says: layers, how they hang together, and how to train them. A value that the
/// builder edits and Keras code is printed from; `Network` checks it and resolves every shape.
package struct ModelDescription: Hashable, Sendable {
  package var name: String
  /// The shape of one example, nil until an `Input`, `input_shape=` or the data says it.
  package var inputShape: Shape?
  /// How many examples every batch has, nil where that is open; stateful layers need it.
  package var batchSize: Int?
  /// Every layer once, also one that is used twice.
  package var layers: [Component]
  /// How they hang together; nil when each takes what the one before it gives.
  package var wiring: Wiring?
  package var compilation: Compilation?

  package init(
    name: String = "sequential", inputShape: Shape? = nil, layers: [Component] = [],
    wiring: Wiring? = nil, compilation: Compilation? = nil, batchSize: Int? = nil
  ) {
    self.name = name
    self.inputShape = inputShape
    self.batchSize = batchSize
    self.layers = layers
    self.wiring = wiring
    self.compilation = compilation
  }

  /// The name of each layer, as a fresh Keras process gives them: `dense`, `dense_1`, `conv2d`.
  package var layerNames: [String] { named.map(\.name) }

  /// The layers with their names; those that they take as arguments, which are made and counted
  /// before them, under the names that they get.
  package var named: [(name: String, layer: Component)] {
    var seen: [String: Int] = [:]
    return layers.map { layer in
      let layer = layer.mapLayers { Self.counted($0, &seen) }
      return (Self.name(of: layer, &seen), layer)
    }
  }

  private static func name(of layer: Component, _ seen: inout [String: Int]) -> String {
    if let name = layer.givenName ?? layer.countedName { return name }
    let base = layer.kind.snakeCased
    defer { seen[base, default: 0] += 1 }
    let n = seen[base, default: 0]
    return n == 0 ? base : "\(base)_\(n)"
  }

  private static func counted(_ layer: Component, _ seen: inout [String: Int]) -> Component {
    var layer = layer.mapLayers { counted($0, &seen) }
    if layer.givenName == nil { layer.countedName = name(of: layer, &seen) }
    return layer
  }

  /// The same without names that counting anew would give again.
  package var withoutCountedNames: ModelDescription {
    var copy = self
    for i in copy.layers.indices { copy.layers[i] = copy.layers[i].withoutCountedNames }
    let isSame = zip(copy.named, named).allSatisfy {
      $0.name == $1.name && $0.layer.layers == $1.layer.layers
    }
    return isSame ? copy : self
  }

  /// Whether each layer takes what the one before it gives.
  package var isChain: Bool { wiring == nil }
}

/// How the layers of a functional model hang together.
package struct Wiring: Hashable, Sendable {
  /// Where numbers come from.
  package enum Source: Hashable, Sendable {
    case input(Int)
    /// An output of an earlier call.
    case call(Int, output: Int = 0)
    /// A weight of the layer itself, where the wiring is that of a class of the program.
    case weight(Int)
    /// Numbers that stand in the code.
    case constant(Tensor)
  }

  /// A layer at work: the same one may be called twice.
  package struct Call: Hashable, Sendable {
    package let layer: Int
    package let inputs: [Source]
    package let options: CallOptions

    package init(layer: Int, inputs: [Source], options: CallOptions = CallOptions()) {
      self.layer = layer
      self.inputs = inputs
      self.options = options
    }

    /// The same call of a layer at another place, or of other inputs; their names are those of
    /// before only where there are as many.
    package func with(layer: Int? = nil, inputs: [Source]? = nil) -> Call {
      var options = options
      if let inputs, inputs.count != self.inputs.count { options.roles = [] }
      return Call(layer: layer ?? self.layer, inputs: inputs ?? self.inputs, options: options)
    }
  }

  package struct Input: Hashable, Sendable {
    package let name: String?
    /// Of one example.
    package var shape: Shape
    /// The axes of an example that may be of any length: None in Keras. Their extents are those of
    /// the data, or stand for them.
    package var openAxes: Set<Int> = []

    package init(name: String? = nil, shape: Shape, openAxes: Set<Int> = []) {
      self.name = name
      self.shape = shape
      self.openAxes = openAxes
    }

    /// As code has it: `(None, 3)`.
    package var tuple: String {
      let parts = shape.extents.enumerated().map { openAxes.contains($0) ? "None" : String($1) }
      return "(" + parts.joined(separator: ", ") + (parts.count == 1 ? ",)" : ")")
    }
  }

  package var inputs: [Input]
  /// Weights of its own, beside those of its layers.
  package var weights: [WeightSpec]
  /// In an order in which each comes after those it needs.
  package var calls: [Call]
  package var outputs: [Source]
  /// The keys of the outputs, of a model that gives a dict; else empty.
  package var outputKeys: [String] = []
  /// What is added to the loss, as `add_loss` asks.
  package var losses: [Source] = []
  /// Whether its inputs may have other shapes of that rank, as those of a function may.
  package var isOpen = false
  /// The same for inputs of other ranks.
  package var ofOtherRanks: [ModelDescription] = []
  /// Whether it is code that runs as it is read, as the `call` of a class; else it was written down as
  /// a graph of layers first.
  package var isEager = false
  /// What is done otherwise while training, if anything.
  package var training: TrainingDifference?

  package struct TrainingDifference: Hashable, Sendable {
    package let calls: [Call]
    package let outputs: [Source]

    package init(calls: [Call], outputs: [Source]) {
      self.calls = calls
      self.outputs = outputs
    }
  }

  package init(
    inputs: [Input], weights: [WeightSpec] = [], calls: [Call], outputs: [Source],
    training: TrainingDifference? = nil
  ) {
    self.inputs = inputs
    self.weights = weights
    self.calls = calls
    self.outputs = outputs
    self.training = training
  }

  /// The wiring of layers one after the other.
  package init(chainOf count: Int, inputShape: Shape) {
    self.init(
      inputs: [Input(shape: inputShape)],
      calls: (0..<count).map {
        Call(layer: $0, inputs: [$0 == 0 ? .input(0) : .call($0 - 1)])
      },
      outputs: [count == 0 ? .input(0) : .call(count - 1)])
  }
}

extension String {
  /// Keras's rule for default names: `MaxPooling2D` → `max_pooling2d`, `LSTM` → `lstm`.
  package var snakeCased: String {
    var result = ""
    let letters = Array(self)
    for (i, letter) in letters.enumerated() {
      let startsWord =
        letter.isUppercase && i > 0
        && (letters[i - 1].isLowercase
          || (i + 1 < letters.count && letters[i + 1].isLowercase && !letters[i - 1].isNumber))
      if startsWord { result += "_" }
      result += letter.lowercased()
    }
    return result
  }
}
