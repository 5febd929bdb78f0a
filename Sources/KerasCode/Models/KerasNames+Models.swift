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
    if case .dictionary(let table) = call["outputs"] { model.outputKeys = table.sortedTexts }
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
    guard call["batch_size"].isNone else {
      throw call.unsuitable("batch_size", wanted: "None: fit decides it")
    }
    guard !call["shape"].isNone else { throw Complaint("Input() needs \"shape\"") }
    let shape: Shape
    do { shape = try inputShape(call["shape"], "shape", isTuple: true) } catch let complaint
      as Complaint
    {
      throw Complaint(complaint.message, remedy: complaint.remedy, at: call.anchor("shape"))
    }
    let layer = LayerObject(
      nil, inputShape: shape, name: try name(call, "input_layer"), place: call.evaluator.callPlace,
      statement: call.evaluator.topStatement)
    return .object(SymbolicTensor(input: layer, shape: shape))
  }

  static func makeInputLayer(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature(
      "InputLayer(shape=None, batch_size=None, dtype=None, input_shape=None, name=None)"
    )
    .bind(arguments, evaluator)
    let given = call["shape"].isNone ? "input_shape" : "shape"
    let shape = try inputShape(call[given], given, isTuple: true)
    return .object(
      LayerObject(
        nil, inputShape: shape, name: try name(call, "input_layer"), place: evaluator.callPlace,
        statement: evaluator.topStatement))
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
