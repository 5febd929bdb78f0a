import Datasets
import NeuralNets
import Tensors

/// `model.fit`, and the data that it and its like are given.
enum Fitting {
  private static let signature =
    "fit(x, y=None, batch_size=None, epochs=1, verbose='auto', callbacks=None,"
    + " validation_split=0.0, validation_data=None, shuffle=True, class_weight=None,"
    + " sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,"
    + " validation_batch_size=None, validation_freq=1)"

  static func fit(_ model: ModelHandle) -> NativeFunction {
    NativeFunction(signature) { call in
      try ModelMethods.requireCompiled(model, "fit")
      let data = try data(model, call, "sample_weight", classes: "class_weight")
      let options = try options(model, call)
      model.stopsTraining = false
      let history = try call.evaluator.host.fit(model, data, options)
      model.isJudged = true
      return .object(HistoryObject(history))
    }
  }

  private static func options(_ model: ModelHandle, _ call: BoundCall) throws -> FitOptions {
    var options = FitOptions()
    options.epochs = try call.integer("epochs", in: 0...1_000_000_000)
    options.batchSize = try call.optionalInteger("batch_size", in: 1...Int.max) ?? 32
    options.shuffle = try call.boolean("shuffle")
    options.verbose = try verbosity(call)
    options.initialEpoch = try call.integer("initial_epoch", in: 0...1_000_000_000)
    options.seed = call.evaluator.seeds.programSeed
    options.validationSplit = try call.number("validation_split")
    guard options.validationSplit >= 0 && options.validationSplit < 1 else {
      throw call.unsuitable("validation_split", wanted: "a part from 0 to below 1")
    }
    options.validationFrequency = try call.integer("validation_freq", in: 1...1_000_000_000)
    options.validationBatchSize = try call.optionalInteger("validation_batch_size", in: 1...Int.max)
    options.stepsPerEpoch = try steps(call, "steps_per_epoch")
    options.validationSteps = try steps(call, "validation_steps")
    options.validationData = try validation(model, call)
    options.watchers = try Callbacks.given(call)
    options.caller = CallbackCaller(call.evaluator, model)
    return options
  }

  /// A number of batches; Keras takes 0 for all of them.
  private static func steps(_ call: BoundCall, _ name: String) throws -> Int? {
    let steps = try call.optionalInteger(name, in: 0...Int.max)
    return steps == 0 ? nil : steps
  }

  /// How many of some examples `steps` batches are.
  static func rows(_ call: BoundCall, of count: Int) throws -> Int {
    guard let steps = try steps(call, "steps") else { return count }
    let size = try call.optionalInteger("batch_size", in: 1...Int.max) ?? 32
    return Batches.examples(inFirst: steps, by: size, of: count)
  }

  static func verbosity(_ call: BoundCall) throws -> Int {
    if call["verbose"].string == "auto" { return 1 }
    if case .boolean(let flag) = call["verbose"] { return flag ? 1 : 0 }
    return try call.integer("verbose", in: 0...2)
  }

  // MARK: Results

  static func results(
    _ results: [(name: String, value: MetricResult)], _ call: BoundCall
  ) throws -> PythonValue {
    if call["return_dict"].flag == true {
      let table = try call.evaluator.keep(DictionaryObject())
      for (name, value) in results.sorted(by: { $0.name < $1.name }) {
        table.set(.text(name), try call.evaluator.value(value))
      }
      return .dictionary(table)
    }
    return results.count == 1
      ? try call.evaluator.value(results[0].value)
      : try call.evaluator.list(results.map { try call.evaluator.value($0.value) })
  }

  // MARK: Data

  /// Inputs, targets and what each example counts.
  static func data(
    _ model: ModelHandle, _ call: BoundCall, _ weights: String, classes: String? = nil
  ) throws -> BatchData {
    let inputs = try inputs(model, call["x"], call, "x")
    guard !call["y"].isNone else {
      throw Complaint("\(call.function)() without y", remedy: "give the targets")
    }
    let targets = try targets(model, call["y"], rows: inputs[0].shape[0], call, "y")
    var data = BatchData(inputs: inputs, targets: targets)
    if !call[weights].isNone {
      data.weights = try sampleWeights(call[weights], model, data, call, weights)
    }
    if let classes, !call[classes].isNone {
      guard data.weights.isEmpty else {
        throw Complaint(
          "both \(weights) and \(classes)", remedy: "give one of them", at: call.anchor(classes))
      }
      data.weights = [try classWeights(call[classes], data.targets, call, classes)]
    }
    return data
  }

  /// The arrays for each input of a model, in the shapes that it asks for.
  static func inputs(
    _ model: ModelHandle, _ value: PythonValue, _ call: BoundCall, _ name: String
  ) throws -> [NDArray] {
    let anchor = call.anchor(name)
    var values = [value]
    if case .dictionary(let table) = value {
      values = try model.inputs(in: table, at: anchor)
    } else if let items = value.sequence, (model.inputShapes?.count ?? 1) > 1 || items.count == 1 {
      values =
        items.count == 1 && (model.inputShapes?.count ?? 1) == 1 && !items[0].isArray
        ? [value] : items
    }
    var arrays: [NDArray] = []
    do { arrays = try values.map { try call.evaluator.array(from: $0) } } catch let complaint
      as Complaint
    {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor)
    }
    guard arrays.allSatisfy({ $0.rank > 0 && $0.shape[0] > 0 }) else {
      throw Complaint(
        "data of shape \(arrays[0].shape.tupleText)", remedy: "give at least one example",
        at: anchor)
    }
    if model.inputShapes == nil {
      do {
        // Keras builds on the first batch.
        let size = try call.optionalInteger("batch_size", in: 1...Int.max)
        let rows = arrays[0].shape[0]
        let isWhole = call.function.hasSuffix("on_batch")
        try call.evaluator.withBatches(
          of: model.carriesStates ? (isWhole ? rows : min(size ?? 32, rows)) : nil
        ) {
          try model.build(
            for: arrays.map { Shape(Array($0.shape.extents.dropFirst())) }, call.evaluator)
        }
      } catch let complaint as Complaint {
        throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor)
      }
    }
    model.resolve(for: arrays)
    let shapes = model.inputShapes ?? []
    guard shapes.count == arrays.count else {
      throw Complaint(
        "\(arrays.count) arrays for \(shapes.count) inputs", remedy: "one for each input",
        at: anchor)
    }
    guard Set(arrays.map { $0.shape[0] }).count == 1 else {
      throw Complaint(
        "the inputs have \(arrays.map { String($0.shape[0]) }.joined(separator: ", ")) examples",
        remedy: "as many examples in each", at: anchor)
    }
    return try zip(arrays, shapes).enumerated().map { i, pair in
      let axes = model.openAxes.indices.contains(i) ? model.openAxes[i] : []
      return try fitted(pair.0, to: Wiring.Input(shape: pair.1, openAxes: axes), anchor)
    }
  }

  /// Data in the shape that an input asks for; Keras adds or drops an extent of 1.
  private static func fitted(
    _ x: NDArray, to input: Wiring.Input, _ anchor: Complaint.Anchor
  ) throws -> NDArray {
    let wanted = input.shape
    let found = Shape(Array(x.shape.extents.dropFirst()))
    if found == wanted { return x }
    if wanted == Shape(found.extents + [1]) || Shape(wanted.extents + [1]) == found {
      return x.reshaped(to: Shape([x.shape[0]] + wanted.extents))
    }
    throw Complaint(
      "examples of shape \(found.tupleText) for a model whose input has \(input.tuple)",
      remedy: "the shape of x must be (examples"
        + wanted.extents.enumerated().map {
          input.openAxes.contains($0) ? ", any length" : ", \($1)"
        }.joined() + ")", at: anchor)
  }

  /// The outputs that have a loss or a metric.
  private static func judged(_ model: ModelHandle) -> [Int] {
    model.compilation?.targeted ?? [0]
  }

  /// What a dict by the names of the outputs holds for one of them.
  private static func entry(
    _ table: DictionaryObject, _ output: String, of outputs: [String], _ trouble: String,
    at anchor: Complaint.Anchor
  ) throws -> PythonValue {
    guard let found = table.value(.text(output)) else {
      throw Complaint(
        "\(trouble) the output \(PythonFormat.quoted(output, "\""))",
        remedy: "its outputs are \(outputs.joined(separator: ", "))", at: anchor)
    }
    return found
  }

  /// The targets of each output that has a loss or a metric.
  private static func targets(
    _ model: ModelHandle, _ value: PythonValue, rows: Int, _ call: BoundCall, _ name: String
  ) throws -> [NDArray] {
    let anchor = call.anchor(name)
    let judged = judged(model)
    let names = model.outputNames
    var values = [value]
    if case .dictionary(let table) = value {
      values = try judged.map { i in
        try entry(table, names[i], of: names, "there is nothing for", at: anchor)
      }
    } else if let items = value.sequence, names.count > 1 {
      values = items.count == names.count ? judged.map { items[$0] } : items
    }
    let arrays: [NDArray]
    do { arrays = try values.map { try call.evaluator.array(from: $0) } } catch let complaint
      as Complaint
    {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: anchor)
    }
    guard arrays.count == judged.count else {
      throw Complaint(
        "\(arrays.count) arrays for \(judged.count) outputs", remedy: "one for each output",
        at: anchor)
    }
    for y in arrays {
      guard y.rank > 0, y.shape[0] == rows else {
        throw Complaint(
          "\(rows) examples with targets of shape \(y.shape.tupleText)",
          remedy: "there must be a target for each example", at: anchor)
      }
    }
    return arrays
  }

  /// How much the examples count for each target: one array for all, a list, or a dict by the names
  /// of the outputs.
  private static func sampleWeights(
    _ value: PythonValue, _ model: ModelHandle, _ data: BatchData, _ call: BoundCall,
    _ name: String
  ) throws -> [NDArray] {
    let names = model.outputNames
    let judged = judged(model)
    var values = [value]
    if case .dictionary(let table) = value {
      values = try judged.map { i in
        try entry(table, names[i], of: names, "\(name) says nothing of", at: call.anchor(name))
      }
    } else if let items = value.sequence,
      items.contains(where: { $0.isArray || $0.isNone || names.count > 1 && $0.sequence != nil })
    {
      values = names.count > 1 && items.count == names.count ? judged.map { items[$0] } : items
    }
    let rows = data.inputs[0].shape[0]
    let arrays = try values.map { value -> NDArray in
      if value.isNone {
        return NDArray(shape: [rows], scalars: [Double](repeating: 1, count: rows))
      }
      let array = try call.evaluator.array(from: value)
      guard array.rank > 0, array.shape[0] == rows else {
        throw Complaint(
          "weights of shape \(array.shape.tupleText) for \(rows) examples",
          remedy: "one number for each example, or for each of its losses", at: call.anchor(name))
      }
      return array
    }
    if arrays.count == data.targets.count { return arrays }
    guard arrays.count == 1 else {
      throw Complaint(
        "\(arrays.count) arrays of weights for \(data.targets.count) outputs",
        remedy: "one for each output, or one for all", at: call.anchor(name))
    }
    return data.targets.map { _ in arrays[0] }
  }

  /// A number for each example by its class; classes that are not named count 1.
  private static func classWeights(
    _ value: PythonValue, _ targets: [NDArray], _ call: BoundCall, _ name: String
  ) throws -> NDArray {
    guard case .dictionary(let table) = value else {
      throw call.unsuitable(
        name, wanted: "a dict from class numbers to numbers, as {0: 1.0, 1: 5.0}")
    }
    guard targets.count == 1 else {
      throw Complaint(
        "\(name) for a model of \(targets.count) outputs", remedy: "use sample_weight",
        at: call.anchor(name))
    }
    var weights: [Int: Double] = [:]
    for (key, value) in table.pairs {
      guard case .integer(let label) = key, let weight = value.anyNumber else {
        throw call.unsuitable(name, wanted: "a dict from class numbers to numbers")
      }
      weights[label] = weight
    }
    let y = targets[0]
    let rows = y.shape[0]
    let width = y.count / max(rows, 1)
    let labels = (0..<rows).map { row -> Int in
      let part = y.scalars[row * width..<(row + 1) * width]
      if width == 1 { return Int((part.first ?? 0).rounded()) }
      return (part.indices.max { part[$0] < part[$1] } ?? part.startIndex) - part.startIndex
    }
    return NDArray(shape: [rows], scalars: labels.map { weights[$0] ?? 1 })
  }

  private static func validation(_ model: ModelHandle, _ call: BoundCall) throws -> BatchData? {
    let name = "validation_data"
    if call[name].isNone { return nil }
    guard let parts = call[name].sequence, (2...3).contains(parts.count) else {
      throw call.unsuitable(name, wanted: "a pair (x, y)")
    }
    let before = model.dataShapes
    let inputs = try inputs(model, parts[0], call, name)
    if let before, let now = model.dataShapes, before != now {
      model.dataShapes = before
      throw Complaint(
        "validation examples of shape \(now[0].tupleText) beside training examples of"
          + " \(before[0].tupleText)",
        remedy: "one length for both, as keras.utils.pad_sequences(x, maxlen=…) gives",
        at: call.anchor(name))
    }
    var data = BatchData(
      inputs: inputs,
      targets: try targets(model, parts[1], rows: inputs[0].shape[0], call, name))
    if parts.count == 3 { data.weights = try sampleWeights(parts[2], model, data, call, name) }
    return data
  }
}

/// What `fit` returns.
final class HistoryObject: ProgramObject {
  let history: FitHistory

  init(_ history: FitHistory) { self.history = history }

  var typeName: String { "History" }
  var attributeNames: [String] { ["epoch", "history"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "history":
      let table = try evaluator.keep(DictionaryObject())
      for series in history.series {
        table.set(
          .text(series.name), try evaluator.list(series.values.map { try evaluator.value($0) }))
      }
      return .dictionary(table)
    case "epoch":
      let count = history.series.first?.values.count ?? 0
      return try evaluator.list((0..<count).map { .integer($0) })
    default: return nil
    }
  }
}

extension Evaluator {
  /// What a metric came to: a float, or an array where it gives several numbers.
  func value(_ result: MetricResult) throws -> PythonValue {
    switch result {
    case .number(let number): .number(number)
    case .numbers(let all):
      try value(NDArray(Tensor(shape: [all.count], scalars: all.map { Float($0) })))
    }
  }
}

extension ModelHandle {
  /// What Keras calls what it measures: the losses of single outputs once there are some.
  var metricNames: [String] {
    let outputs = compilation?.outputs ?? []
    let judged = lossesInOrder
    return ["loss"]
      + (hasMetrics || outputs.contains { !$0.metrics.isEmpty || !$0.weightedMetrics.isEmpty }
        ? ["compile_metrics"] : [])
      + (isJudged && judged.count > 1 ? judged : [])
  }

  /// The losses of single outputs by name, as Keras lists them.
  package var lossesInOrder: [String] {
    let outputs = compilation?.outputs ?? []
    let names = outputNames
    let order = lossOrder.isEmpty ? Array(outputs.indices) : lossOrder
    return order.filter { outputs[$0].loss != nil }.map { names[$0] + "_loss" }
  }
}
