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
}

/// A weight as a program's `call` meets it.
package final class WeightHandle: ProgramObject {
  package let name: String
  package let shape: [Int]
  /// What whoever traces the layer keeps with it.
  package var payload: AnyObject?

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
    default: return nil
    }
  }
}

extension PythonValue {
  /// Whether this is a layer or model, of Keras's or of the program's.
  package var isLayer: Bool {
    switch self {
    case .object(let instance as InstanceObject): instance.state is SubclassedLayer
    case .object(let object): object is LayerObject || object is ModelHandle
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
    if !call["name"].isNone { layer.name = try call.text("name") }
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
    case "weights": return try evaluator.list(layer.weights.map { .object($0.handle) })
    case "trainable_weights", "trainable_variables":
      return try evaluator.list(
        layer.weights.filter(\.isTrainable).map { .object($0.handle) })
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
    state(of: instance, evaluator).isTrainable = flag
    return true
  }

  /// Until a traced forward exists, a call of an instance is refused by name.
  static func refused(_ instance: InstanceObject, _ what: String) -> Complaint {
    Complaint(
      "calling \(instance.type.name), a \(what) of the program's own, is not understood yet",
      remedy: "build the model of Keras's layers: Sequential([…]), or Model(inputs, outputs)",
      as: .raised("NotImplementedError", "calling \(instance.type.name)"))
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
  ) throws -> PythonValue? { throw Subclassing.refused(instance, "layer") }

  func holds(_ value: PythonValue) -> Bool { value.isLayer }
}

/// `keras.Model`.
final class ModelBase: NativeBase {
  let kind = "Model"
  let home = "keras"
  var attributeNames: [String] { Subclassing.names + ["layers"] }

  private static let training: Set<String> = [
    "compile", "fit", "evaluate", "predict", "summary", "save", "save_weights", "load_weights",
    "get_weights", "set_weights", "train_on_batch", "count_params",
  ]

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
    guard Self.training.contains(name) else { return nil }
    return .object(
      RawFunction(name) { _, _ in
        throw Complaint(
          "\(name)() of \(instance.type.name), a model of the program's own class,"
            + " is not understood yet",
          remedy: "build the model of Keras's layers: Sequential([…]), or Model(inputs, outputs)")
      })
  }

  func assign(
    _ name: String, _ value: PythonValue, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> Bool { try Subclassing.assign(name, value, of: instance, evaluator) }

  func call(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue? { throw Subclassing.refused(instance, "model") }
}
