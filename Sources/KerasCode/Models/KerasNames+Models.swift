import NeuralNets
import Tensors

// What makes models and their inputs.

extension KerasNames {
  private static func name(_ call: BoundCall, _ base: String) throws -> String {
    call["name"].isNone ? call.evaluator.countedName(base) : try call.text("name")
  }

  static func makeSequential(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let call = try Signature("Sequential(layers=None, trainable=True, name=None)")
      .bind(arguments, evaluator)
    let model = ModelHandle(
      sequential: try name(call, "sequential"), place: evaluator.callPlace,
      statement: evaluator.topStatement)
    if !call["layers"].isNone {
      guard let items = call["layers"].sequence else {
        throw call.unsuitable("layers", wanted: "a list of layers")
      }
      for item in items {
        let layer = try ModelMethods.layer(item, call)
        do { try model.add(layer, by: evaluator.topStatement, evaluator) } catch let complaint
          as Complaint
        {
          throw evaluator.fault(complaint.message, remedy: complaint.remedy, at: layer.place)
        }
      }
      model.countBuilding(evaluator)
      if !evaluator.keepsMisfits { try model.checkLengths() }
    }
    return .object(model)
  }

  /// `Model(inputs, outputs)` of tensors.
  static func makeModel(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue {
    let call = try Signature("Model(inputs, outputs, name=None)").bind(arguments, evaluator)
    let inputs = try ends("inputs", call)
    let outputs = try ends("outputs", call)
    guard inputs.allSatisfy({ $0.input != nil }) else {
      throw call.unsuitable("inputs", wanted: "what Input(…) gives")
    }
    let graph: FunctionalGraph
    do { graph = try FunctionalGraph(inputs: inputs, outputs: outputs) } catch let complaint
      as Complaint
    {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: call.anchor("outputs"))
    }
    guard !graph.nodes.isEmpty else {
      throw Complaint("the outputs are the inputs", remedy: "put layers between them")
    }
    let model = ModelHandle(
      graph, name: try name(call, "functional"), place: evaluator.callPlace,
      statement: evaluator.topStatement)
    if case .dictionary(let table) = call["inputs"] { model.inputKeys = table.sortedTexts }
    if case .dictionary(let table) = call["outputs"] { model.outputKeys = table.sortedTexts }
    if !call.evaluator.keepsMisfits { try model.checkLengths() }
    return .object(model)
  }

  private static func ends(_ name: String, _ call: BoundCall) throws -> [SymbolicTensor] {
    var items = call[name].sequence ?? [call[name]]
    // Keras goes through a dict in the order of its keys.
    if case .dictionary(let table) = call[name] {
      items = table.sortedTexts.compactMap { table.value(.text($0)) }
    }
    guard !items.isEmpty else {
      throw call.unsuitable(name, wanted: "at least one tensor")
    }
    return try items.map { item in
      guard case .object(let tensor as SymbolicTensor) = item else {
        throw call.unsuitable(name, wanted: "what a layer or Input(…) gives")
      }
      return tensor
    }
  }

  static func makeInput(_ call: BoundCall) throws -> PythonValue {
    let types = ["float32", "float64", "int32", "int64", "uint8", "bool"]
    guard call["dtype"].isNone || call["dtype"].string.map(types.contains) == true else {
      throw call.unsuitable("dtype", wanted: "\"float32\", or a type of whole numbers")
    }
    let (shape, batch) = try batches(call)
    let layer = LayerObject(
      nil, inputShape: shape, name: try name(call, "input_layer"), place: call.evaluator.callPlace,
      statement: call.evaluator.topStatement)
    layer.batchSize = batch
    layer.openAxes = openAxes(call)
    return .object(SymbolicTensor(input: layer, shape: shape))
  }

  /// The shape of an example, and how many of them come at a time, by `shape` and `batch_size` or by
  /// `batch_shape`.
  private static func batches(
    _ call: BoundCall, or other: String? = nil
  ) throws -> (shape: Shape, batch: Int?) {
    func complaining<R>(of name: String, _ body: () throws -> R) throws -> R {
      do { return try body() } catch let complaint as Complaint {
        throw Complaint(complaint.message, remedy: complaint.remedy, at: call.anchor(name))
      }
    }
    let given = call["shape"].isNone ? other ?? "shape" : "shape"
    guard !call["batch_shape"].isNone else {
      guard !call[given].isNone else { throw Complaint("Input() needs \"shape\"") }
      return (
        try complaining(of: given) {
          try inputShape(call[given], given, isTuple: true, mayBeOpen: true)
        },
        try call.optionalInteger("batch_size", in: 1...largestBatch)
      )
    }
    for name in [given, "batch_size"] where !call[name].isNone {
      throw Complaint(
        "\(name) beside batch_shape, which says it too", remedy: "one of them",
        at: call.anchor(name))
    }
    guard let items = call["batch_shape"].sequence, let first = items.first else {
      throw call.unsuitable("batch_shape", wanted: "a tuple with the batch first, as (32, 20)")
    }
    return try complaining(of: "batch_shape") {
      let rest = try call.evaluator.tuple(Array(items.dropFirst()))
      return (
        try inputShape(rest, "batch_shape", isTuple: true, mayBeOpen: true),
        try batchSize(first, "batch_shape")
      )
    }
  }

  private static let largestBatch = 1 << 24

  /// How many examples come at a time, nil for `None`.
  static func batchSize(_ value: PythonValue, _ name: String) throws -> Int? {
    if value.isNone { return nil }
    guard let size = value.wholeNumber, (1...largestBatch).contains(size) else {
      throw Complaint(
        "a batch of \(value.described) in \"\(name)\"",
        remedy: "None, or a whole number from 1 to \(largestBatch)", at: .keyword(name))
    }
    return size
  }

  static func makeInputLayer(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature(
      "InputLayer(shape=None, batch_size=None, dtype=None, input_shape=None, name=None,"
        + " batch_shape=None)"
    )
    .bind(arguments, evaluator)
    let (shape, batch) = try batches(call, or: "input_shape")
    let layer = LayerObject(
      nil, inputShape: shape, name: try name(call, "input_layer"), place: evaluator.callPlace,
      statement: evaluator.topStatement)
    layer.batchSize = batch
    layer.openAxes = openAxes(call)
    return .object(layer)
  }

  /// The axes of an example that are None.
  private static func openAxes(_ call: BoundCall) -> Set<Int> {
    let items =
      call["shape"].sequence ?? call["batch_shape"].sequence.map { Array($0.dropFirst()) } ?? []
    let axes = OpenLength.axes(items)
    call.evaluator.knowsOpenLengths = call.evaluator.knowsOpenLengths || !axes.isEmpty
    return axes
  }
}

extension DictionaryObject {
  /// The keys that are texts, sorted.
  var sortedTexts: [String] {
    keys.compactMap { key in if case .text(let text) = key { text } else { nil } }.sorted()
  }
}

extension ModelHandle {
  /// A Sequential of a known input is made anew as a functional model each time it has grown, which
  /// takes a name of that kind.
  func countBuilding(_ evaluator: Evaluator) {
    if !isFunctional, inputShapes != nil, !innerLayers.isEmpty {
      _ = evaluator.countedName("functional")
    }
  }
}
