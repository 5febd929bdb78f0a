import NeuralNets
import Tensors

// Layers and models that a program derives: their weights and parts, and the calls that build and
// trace them.

/// What a class derived from `keras.layers.Layer` or `keras.Model` keeps with an instance.
///
/// It is the seam between the evaluator and whoever traces a model: `build` runs the program's own
/// `build`, which asks for weights; `call` runs its `call` on whatever values stand for tensors.
package final class SubclassedLayer {
  /// A weight that `add_weight` asked for.
  package struct Weight {
    package let name: String
    package let shape: [Int]
    package let initializer: PythonValue
    package let isTrainable: Bool
    package let regularizer: PythonValue
    package let constraint: PythonValue
    /// What the program keeps under an attribute.
    package let handle: WeightHandle
  }

  package private(set) weak var instance: InstanceObject?
  package private(set) var weights: [Weight] = []
  package internal(set) var name: String
  package internal(set) var isTrainable = true
  package private(set) var isBuilt = false
  /// Where in the source it was made, and by which statement at the top.
  package let place: Range<Int>
  package let statement: Range<Int>
  /// What whoever traces it keeps with it.
  package var payload: AnyObject?

  init(_ instance: InstanceObject, _ evaluator: Evaluator) {
    self.instance = instance
    name = instance.type.name.snakeCased
    place = evaluator.callPlace
    statement = evaluator.topStatement
  }

  func add(_ weight: Weight) { weights.append(weight) }

  /// The layers among the attributes, in the order of assignment, those in lists too.
  package var parts: [(attribute: String, value: PythonValue)] {
    (instance?.assigned ?? []).flatMap { name, value in
      (value.sequence ?? [value]).filter(\.isLayer).map { (attribute: name, value: $0) }
    }
  }

  /// Runs the program's `build(self, input_shape)`, once.
  /// - Parameter shape: of one example; Keras puts None before it.
  package func build(_ shape: Shape, _ evaluator: Evaluator) throws {
    guard !isBuilt, let instance else { return }
    isBuilt = true
    let extents = try evaluator.tuple([.none] + shape.extents.map { .integer($0) })
    _ = try evaluator.method("build", of: instance, [extents])
  }

  /// Runs the program's `call(self, inputs, …)`.
  package func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    guard let instance else { return .none }
    guard let result = try evaluator.method("call", of: instance, arguments) else {
      throw Complaint(
        "\(instance.type.name) has no call()", remedy: "define call(self, inputs) in the class",
        as: .raised("NotImplementedError", "\(instance.type.name) has no call()"))
    }
    return result
  }

  /// The arguments that the program's `call` names after `self`: `inputs`, `training`, `mask`.
  package var callParameters: [String] {
    guard case .object(let function as FunctionObject)? = instance?.type.member("call") else {
      return []
    }
    return Array(function.parameterNames.dropFirst())
  }

  /// Whether the program's `call` takes keywords of any name.
  var callTakesAnyName: Bool {
    guard case .object(let function as FunctionObject)? = instance?.type.member("call") else {
      return false
    }
    return function.parameters.keywordRest != nil
  }
}

/// A weight as a program's `call` meets it.
package final class WeightHandle: ArrayConvertible {
  package let name: String
  package let shape: [Int]
  /// The layer as it is traced, which knows its weights.
  package weak var payload: AnyObject?

  init(name: String, shape: [Int]) {
    self.name = name
    self.shape = shape
  }

  package var typeName: String { "Variable" }
  package var shown: String { "<Variable name=\(name), shape=\(Shape(shape).tupleText)>" }
  package var attributeNames: [String] { ["name", "shape"] }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "name": return .text(self.name)
    case "shape": return try evaluator.tuple(shape.map { .integer($0) })
    default: return try variable(evaluator)?.attribute(name, evaluator)
    }
  }

  /// The weight with its numbers, once the layer is built.
  private func variable(_ evaluator: Evaluator) throws -> VariableObject? {
    guard let layer = payload as? TracedLayer, let trace = layer.trace,
      let i = trace.weights.firstIndex(where: { $0.handle === self })
    else { return nil }
    return VariableObject(layer, i, path: trace.weights[i].spec.path)
  }

  package func array(_ evaluator: Evaluator) throws -> NDArray {
    guard let variable = try variable(evaluator) else {
      throw Complaint(
        "the weight \(name) has no numbers yet", remedy: "call the layer on data first")
    }
    return try variable.array(evaluator)
  }
}

extension PythonValue {
  /// Whether this is a layer or model, of Keras's or of the program's.
  package var isLayer: Bool {
    switch self {
    case .object(let instance as InstanceObject): instance.state is SubclassedLayer
    case .object(let object): object is any GraphLayer
    default: false
    }
  }
}

/// What layers and models share.
private enum Subclassing {
  static let names = [
    "add_weight", "built", "count_params", "dtype", "name", "trainable", "weights",
  ]

  static func state(
    of instance: InstanceObject, _ evaluator: Evaluator
  ) -> SubclassedLayer {
    let known = instance.state as? SubclassedLayer
    let made = known ?? SubclassedLayer(instance, evaluator)
    instance.state = made
    return made
  }

  static func initialize(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws {
    let layer = state(of: instance, evaluator)
    let call = try Signature(
      "\(instance.type.name)(*, name=None, trainable=True, dtype=None, input_shape=None, "
        + "activity_regularizer=None, autocast=True)"
    ).bind(arguments, evaluator)
    layer.name =
      call["name"].isNone
      ? evaluator.countedName(instance.type.name.snakeCased) : try call.text("name")
    layer.isTrainable = try call.boolean("trainable")
    guard call["dtype"].isNone || call["dtype"].string == "float32" else {
      throw call.unsuitable("dtype", wanted: "\"float32\"")
    }
    if !call["input_shape"].isNone { instance.set("input_shape", call["input_shape"]) }
    if !call["activity_regularizer"].isNone {
      instance.set("activity_regularizer", call["activity_regularizer"])
    }
  }

  static func attribute(
    _ name: String, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    let layer = state(of: instance, evaluator)
    switch name {
    case "name": return .text(layer.name)
    case "trainable": return .boolean(layer.isTrainable)
    case "built": return .boolean(layer.isBuilt)
    case "dtype", "compute_dtype", "variable_dtype": return .text("float32")
    case "weights", "trainable_weights", "trainable_variables", "non_trainable_weights",
      "get_weights", "set_weights", "count_params":
      return try layer.graphLayer.layerAttribute(name, evaluator)
    case "add_loss":
      return .object(
        NativeFunction("add_loss(loss)") { call in
          for item in call["loss"].sequence ?? [call["loss"]] {
            guard case .object(let tensor as SymbolicTensor) = item else { continue }
            evaluator.tracing?.losses.append(tensor)
          }
          return .none
        })
    case "add_weight": return .object(addWeight(layer))
    case "build":
      return .object(NativeFunction("build(input_shape)") { _ in .none })
    case "get_config":
      return .object(
        NativeFunction("get_config()") { call in
          let table = try call.evaluator.keep(DictionaryObject())
          table.set(.text("name"), .text(layer.name))
          table.set(.text("trainable"), .boolean(layer.isTrainable))
          return .dictionary(table)
        })
    default: return nil
    }
  }

  private static func addWeight(_ layer: SubclassedLayer) -> NativeFunction {
    NativeFunction(
      "add_weight(shape='', initializer=None, dtype=None, trainable=True, regularizer=None, "
        + "constraint=None, name=None)"
    ) { call in
      let shape = call["shape"].string == nil ? try call.shape("shape") : []
      guard shape.allSatisfy({ $0 > 0 && $0 <= 1 << 24 }), shape.count <= 8 else {
        throw call.unsuitable("shape", wanted: "a tuple of positive whole numbers")
      }
      guard layer.weights.count < 1000 else {
        throw Complaint("a layer of more than 1000 weights")
      }
      let name = call["name"].isNone ? "variable" : try call.text("name")
      let handle = WeightHandle(name: name, shape: shape)
      handle.payload = layer.payload as? TracedLayer ?? TracedLayer.of(layer)
      layer.add(
        SubclassedLayer.Weight(
          name: name, shape: shape, initializer: call["initializer"],
          isTrainable: try call.boolean("trainable"), regularizer: call["regularizer"],
          constraint: call["constraint"], handle: handle))
      return .object(handle)
    }
  }

  static func assign(
    _ name: String, _ value: PythonValue, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> Bool {
    guard name == "trainable", case .boolean(let flag) = value else { return false }
    let layer = state(of: instance, evaluator)
    layer.isTrainable = flag
    layer.graphLayer.setTrainable(flag)
    return true
  }
}

/// `keras.layers.Layer`.
final class LayerBase: NativeBase {
  let kind = "Layer"
  let home = "keras.layers"
  var attributeNames: [String] { Subclassing.names }

  func state(of instance: InstanceObject, _ evaluator: Evaluator) -> AnyObject? {
    Subclassing.state(of: instance, evaluator)
  }

  func initialize(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws { try Subclassing.initialize(instance, arguments, evaluator) }

  func attribute(
    _ name: String, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> PythonValue? { try Subclassing.attribute(name, of: instance, evaluator) }

  func assign(
    _ name: String, _ value: PythonValue, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> Bool { try Subclassing.assign(name, value, of: instance, evaluator) }

  func call(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    try TracedLayer.of(Subclassing.state(of: instance, evaluator)).call(arguments, evaluator)
  }

  func holds(_ value: PythonValue) -> Bool { value.isLayer }
}

/// `keras.Model`.
final class ModelBase: NativeBase {
  let kind = "Model"
  let home = "keras"
  var attributeNames: [String] { Subclassing.names + ["layers"] }

  func state(of instance: InstanceObject, _ evaluator: Evaluator) -> AnyObject? {
    Subclassing.state(of: instance, evaluator)
  }

  func initialize(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws { try Subclassing.initialize(instance, arguments, evaluator) }

  func attribute(
    _ name: String, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    if name == "layers", let layer = instance.state as? SubclassedLayer {
      return try evaluator.list(layer.parts.map(\.value))
    }
    if let found = try Subclassing.attribute(name, of: instance, evaluator) { return found }
    if instance.type.member("train_step") != nil, name == "fit" {
      throw Complaint(
        "train_step() of the program's own", remedy: "use compile and fit, or train_on_batch")
    }
    return try Self.model(instance, evaluator).attribute(name, evaluator)
  }

  /// The model that an instance stands for.
  static func model(_ instance: InstanceObject, _ evaluator: Evaluator) -> ModelHandle {
    let layer = Subclassing.state(of: instance, evaluator)
    if let known = layer.payload as? ModelHandle { return known }
    let made = ModelHandle(TracedLayer.of(layer))
    layer.payload = made
    return made
  }

  func assign(
    _ name: String, _ value: PythonValue, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> Bool { try Subclassing.assign(name, value, of: instance, evaluator) }

  func call(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    try Self.model(instance, evaluator).call(arguments, evaluator)
  }
}
