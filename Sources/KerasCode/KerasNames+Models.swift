import NeuralNets
import Tensors

// What makes models and their inputs.

extension KerasNames {
  private static func defaultName(_ base: String, _ evaluator: Evaluator) -> String {
    let n = evaluator.modelCount[base, default: 0]
    evaluator.modelCount[base] = n + 1
    return n == 0 ? base : "\(base)_\(n)"
  }

  private static func name(_ call: BoundCall, _ base: String) throws -> String {
    call["name"].isNone ? defaultName(base, call.evaluator) : try call.text("name")
  }

  static func makeSequential(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature("Sequential(layers=None, name=None)").bind(arguments, evaluator)
    let model = ModelHandle(ModelDescription(name: try name(call, "sequential")))
    model.made(by: evaluator.topStatement)
    if !call["layers"].isNone {
      guard let items = call["layers"].sequence else {
        throw call.unsuitable("layers", wanted: "a list of layers")
      }
      for item in items {
        let layer = try ModelMethods.layer(item, call)
        do { try model.add(layer, by: evaluator.topStatement) } catch let complaint as Complaint {
          throw evaluator.fault(complaint.message, remedy: complaint.remedy, at: layer.place)
        }
      }
    }
    return .object(model)
  }

  /// `Model(inputs, outputs)` of a chain of layers.
  static func makeModel(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature("Model(inputs, outputs, name=None)").bind(arguments, evaluator)
    let input = try end("inputs", call)
    let chain = try end("outputs", call).chain
    guard input.input == nil else {
      throw call.unsuitable("inputs", wanted: "what Input(…) gives")
    }
    guard chain.first === input else {
      throw Complaint("the outputs do not come from these inputs", at: call.anchor("outputs"))
    }
    let model = ModelHandle(
      ModelDescription(name: try name(call, "functional"), inputShape: input.shape),
      isFunctional: true)
    for tensor in chain {
      model.made(by: tensor.statement)
      if tensor.input != nil { try model.add(tensor.layer, by: tensor.statement) }
    }
    model.made(by: evaluator.topStatement)
    return .object(model)
  }

  private static func end(_ name: String, _ call: BoundCall) throws -> SymbolicTensor {
    var value = call[name]
    if let items = value.sequence {
      guard items.count == 1 else {
        throw Complaint(
          "a model with \(items.count) \(name) is not supported", remedy: "give one",
          at: call.anchor(name))
      }
      value = items[0]
    }
    guard case .object(let tensor as SymbolicTensor) = value else {
      throw call.unsuitable(name, wanted: "what a layer or Input(…) gives")
    }
    return tensor
  }

  static func makeInput(_ call: BoundCall) throws -> PythonValue {
    guard call["dtype"].isNone || call["dtype"].string == "float32" else {
      throw call.unsuitable("dtype", wanted: "\"float32\"")
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
      nil, inputShape: shape, place: call.evaluator.callPlace,
      statement: call.evaluator.topStatement)
    return .object(
      try SymbolicTensor(
        layer: layer, input: nil, shape: shape, statement: call.evaluator.topStatement))
  }

  static func makeInputLayer(
    _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws
    -> PythonValue
  {
    let call = try Signature("InputLayer(shape=None, input_shape=None, name=None)")
      .bind(arguments, evaluator)
    let given = call["shape"].isNone ? "input_shape" : "shape"
    let shape = try inputShape(call[given], given, isTuple: true)
    return .object(
      LayerObject(
        nil, inputShape: shape, place: evaluator.callPlace, statement: evaluator.topStatement))
  }
}
