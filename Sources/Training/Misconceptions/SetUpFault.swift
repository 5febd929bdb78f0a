import NeuralNets
import Tensors

/// Something wrong in how a run is set up, its formulas all being right.
package enum SetUpFault: String, CaseIterable, Hashable, Sendable {
  case deadLayer, mislabelledRows, testInTraining, unscaledColumn, dropoutLeftOn, softmaxTwice
  case learningRateTooHigh

  /// What it makes of a run.
  struct Change {
    var settings: RunSettings
    /// Numbers that all of some weights take.
    var fills: [RunSettings.Fill] = []
  }

  /// The run with the fault in it; nil where it means nothing.
  ///
  /// - Parameter draws: what decides where, as far as there is a choice.
  func change(
    _ settings: RunSettings, _ network: Network, _ draws: CounterRandom
  ) -> Change? {
    switch self {
    case .deadLayer: Self.deadLayer(settings, network, draws)
    case .mislabelledRows: Self.mislabelledRows(settings, draws)
    case .testInTraining: Self.testInTraining(settings, draws)
    case .unscaledColumn: Self.unscaledColumn(settings, draws)
    case .dropoutLeftOn: Self.dropoutLeftOn(settings)
    case .softmaxTwice: Self.softmaxTwice(settings, network)
    case .learningRateTooHigh: Self.learningRateTooHigh(settings)
    }
  }

  // MARK: The network

  /// A layer of relus whose biases let nothing through.
  private static func deadLayer(
    _ settings: RunSettings, _ network: Network, _ draws: CounterRandom
  ) -> Change? {
    let known = Set(network.weights.map(\.name))
    let names = network.layers.dropLast().filter {
      ["Dense", "Conv2D", "Conv1D"].contains($0.kind)
        && $0.component.arguments["activation"] == .text("relu")
    }.map { $0.name + "/bias" }.filter(known.contains)
    guard !names.isEmpty else { return nil }
    let name = names[draws.place(among: names.count)]
    return Change(settings: settings, fills: [RunSettings.Fill(name: name, number: -1000)])
  }

  /// Dropout that also works where the network is judged.
  private static func dropoutLeftOn(_ settings: RunSettings) -> Change? {
    var changed = settings
    let model = settings.model
    guard settings.data.validation != nil, let shape = model.inputShape ?? model.firstInputShape
    else { return nil }
    var wiring = model.wiring ?? Wiring(chainOf: model.layers.count, inputShape: shape)
    guard wiring.training == nil else { return nil }
    var isFound = false
    wiring.calls = wiring.calls.map { call in
      guard model.layers[call.layer].kind.hasSuffix("Dropout") else { return call }
      isFound = true
      var options = call.options
      options.isTraining = true
      return Wiring.Call(layer: call.layer, inputs: call.inputs, options: options)
    }
    guard isFound else { return nil }
    // As code that runs: what a functional model was written with would not be heard.
    wiring.isEager = true
    changed.model.wiring = wiring
    return Change(settings: changed)
  }

  /// A loss that takes probabilities for logits, and so applies softmax once more.
  private static func softmaxTwice(_ settings: RunSettings, _ network: Network) -> Change? {
    var changed = settings
    guard var compilation = settings.model.compilation, compilation.outputs.count == 1,
      var loss = compilation.outputs[0].loss, network.endsInSoftmax(),
      ["CategoricalCrossentropy", "SparseCategoricalCrossentropy"].contains(loss.kind),
      loss.arguments["from_logits"] != .boolean(true)
    else { return nil }
    do { try loss.arguments.set("from_logits", .boolean(true)) } catch { return nil }
    compilation.outputs[0].loss = loss
    changed.model.compilation = compilation
    return Change(settings: changed)
  }

  /// A hundred times the rate.
  private static func learningRateTooHigh(_ settings: RunSettings) -> Change? {
    var changed = settings
    guard var compilation = settings.model.compilation else { return nil }
    let rate: Double
    switch compilation.optimizer.arguments["learning_rate"] {
    case .number(let number): rate = number
    case .integer(let number): rate = Double(number)
    default: return nil
    }
    do {
      try compilation.optimizer.arguments.set("learning_rate", .number(rate * 100))
    } catch { return nil }
    changed.model.compilation = compilation
    return Change(settings: changed)
  }

  // MARK: The data

  /// One row in twelve, and at least two, with another answer.
  private static func mislabelledRows(
    _ settings: RunSettings, _ draws: CounterRandom
  ) -> Change? {
    let training = settings.data.training
    guard training.count >= 8, training.allTargets.count == 1 else { return nil }
    let rows = draws.permutation(count: training.count).prefix(max(2, training.count / 12))
    guard let targets = training.targets.relabelled(rows) else { return nil }
    return Change(
      settings: settings.learning(
        from: Examples(
          inputs: training.allInputs, targets: [targets], weights: training.weights)))
  }

  /// Examples that are held back, among those that are learned from.
  private static func testInTraining(
    _ settings: RunSettings, _ draws: CounterRandom
  ) -> Change? {
    let training = settings.data.training
    guard let validation = settings.data.validation, validation.count >= 2, training.count >= 8,
      training.allTargets.count == validation.allTargets.count, training.weights.isEmpty
    else { return nil }
    let count = min(validation.count, training.count / 4)
    let rows = Array(draws.permutation(count: training.count).prefix(count))
    func mixed(_ mine: Tensor, _ other: Tensor) -> Tensor {
      var mine = mine
      for (i, row) in rows.enumerated() { mine.replaceRow(row, by: i, of: other) }
      return mine
    }
    return Change(
      settings: settings.learning(
        from: Examples(
          inputs: zip(training.allInputs, validation.allInputs).map(mixed),
          targets: zip(training.allTargets, validation.allTargets).map(mixed))))
  }

  /// A column in other units: a thousand times its numbers.
  private static func unscaledColumn(
    _ settings: RunSettings, _ draws: CounterRandom
  ) -> Change? {
    let inputs = settings.data.training.inputs
    guard inputs.shape.rank == 2, inputs.shape[1] >= 2 else { return nil }
    let columns = (0..<inputs.shape[1]).filter { inputs.spread(ofColumn: $0) > 0 }
    guard !columns.isEmpty else { return nil }
    let column = columns[draws.place(among: columns.count)]
    func scaled(_ examples: Examples) -> Examples {
      Examples(
        inputs: [examples.inputs.multiplied(column: column, by: 1000)]
          + examples.allInputs.dropFirst(), targets: examples.allTargets,
        weights: examples.weights)
    }
    var changed = settings.learning(from: scaled(settings.data.training))
    changed.data = TrainingData(
      name: changed.data.name, training: changed.data.training,
      validation: changed.data.validation.map(scaled), classes: changed.data.classes,
      preparation: changed.data.preparation, scaler: changed.data.scaler)
    return Change(settings: changed)
  }
}

extension RunSettings {
  /// The same on other examples to learn from.
  fileprivate func learning(from training: Examples) -> RunSettings {
    var settings = self
    settings.data = TrainingData(
      name: data.name, training: training, validation: data.validation, classes: data.classes,
      preparation: data.preparation, scaler: data.scaler)
    return settings
  }
}

extension CounterRandom {
  /// One of so many, drawn at a place that permutations do not use.
  func place(among count: Int) -> Int {
    min(count - 1, Int(uniform(at: 1 << 40) * Double(count)))
  }
}

extension ModelDescription {
  fileprivate var firstInputShape: Shape? { wiring?.inputs.first?.shape }
}

extension Tensor {
  /// The numbers of a row among the first axis's.
  func row(_ row: Int) -> ArraySlice<Float> {
    let width = scalars.count / max(shape.extents.first ?? 1, 1)
    return scalars[row * width..<(row + 1) * width]
  }

  fileprivate mutating func replaceRow(_ row: Int, by other: Int, of source: Tensor) {
    let width = scalars.count / max(shape[0], 1)
    guard source.scalars.count / max(source.shape[0], 1) == width else { return }
    var numbers = scalars
    numbers.replaceSubrange(row * width..<(row + 1) * width, with: source.row(other))
    self = Tensor(shape: shape, scalars: numbers)
  }

  fileprivate func multiplied(column: Int, by factor: Float) -> Tensor {
    let width = shape.last
    return Tensor(
      shape: shape,
      scalars: scalars.enumerated().map { $0 % width == column ? $1 * factor : $1 })
  }

  /// The standard deviation of a column of [rows, columns].
  func spread(ofColumn column: Int) -> Double {
    let width = shape.last
    let numbers = stride(from: column, to: scalars.count, by: width).map { Double(scalars[$0]) }
    guard !numbers.isEmpty else { return 0 }
    let mean = numbers.reduce(0, +) / Double(numbers.count)
    let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(numbers.count)).squareRoot()
  }

  /// Targets with another answer in some rows: the next class, or the number mirrored; nil where
  /// all answers are the same.
  fileprivate func relabelled(_ rows: some Sequence<Int>) -> Tensor? {
    let width = scalars.count / max(shape[0], 1)
    guard width > 0, let low = scalars.min(), let high = scalars.max(), low < high else {
      return nil
    }
    let classes = Set(scalars).sorted()
    let areClasses = scalars.allSatisfy { $0 == $0.rounded() } && classes.count <= 1000
    var numbers = scalars
    for row in rows {
      let range = row * width..<(row + 1) * width
      if width > 1 && areClasses {
        numbers.replaceSubrange(range, with: scalars[range].dropFirst() + scalars[range].prefix(1))
      } else {
        for i in range {
          let next = (classes.firstIndex(of: scalars[i]) ?? 0) + 1
          numbers[i] = areClasses ? classes[next % classes.count] : low + high - scalars[i]
        }
      }
    }
    return Tensor(shape: shape, scalars: numbers)
  }
}
