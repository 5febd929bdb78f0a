import NeuralNets
import Tensors

/// A model of a running program: its description grows by `add` and `compile`.
///
/// It has an identity, since a program may give one model several names; a host keeps with it what
/// it trained.
package final class ModelHandle: ProgramObject {
  package internal(set) var description: ModelDescription
  /// What the host keeps: its session.
  package var payload: AnyObject?
  /// For each layer, where in the source it was made.
  package internal(set) var layerPlaces: [Range<Int>] = []
  /// The statements at the top of the program that made the layers.
  package internal(set) var makers: [Range<Int>] = []
  /// How often it was compiled: each time the optimizer begins anew.
  package internal(set) var compilationCount = 0
  /// What `set_random_seed` was told before the model was used.
  package private(set) var programSeed: Int?
  /// Whether a callback asked for the end: `model.stop_training`.
  package var stopsTraining = false
  /// The statement that compiled it.
  package internal(set) var compileStatement: Range<Int>?
  /// The shape after the last layer, while it is known.
  var outputShape: Shape?
  /// Whether shapes were fixed by data, an `Input` or the first layer.
  package let isFunctional: Bool

  package init(_ description: ModelDescription, isFunctional: Bool = false) {
    self.description = description
    self.isFunctional = isFunctional
    outputShape = description.inputShape
  }

  package var typeName: String { isFunctional ? "Functional" : "Sequential" }
  package var shown: String { "<\(typeName) name=\(description.name)>" }

  func made(by statement: Range<Int>) {
    if makers.last != statement && !makers.contains(statement) { makers.append(statement) }
  }

  /// Adds a layer; throws when its input does not fit.
  func add(_ layer: LayerObject, by statement: Range<Int>) throws {
    if let shape = layer.inputShape {
      guard description.layers.isEmpty,
        description.inputShape == nil || description.inputShape == shape
      else {
        throw Complaint(
          "an input shape on a layer that is not the first", remedy: "only the first layer has one")
      }
      description.inputShape = shape
      outputShape = shape
    }
    if let component = layer.component {
      outputShape = try outputShape.map { try layer.outputShape(for: $0) }
      description.layers.append(component)
      layerPlaces.append(layer.place)
    }
    made(by: layer.statement)
    made(by: statement)
  }

  /// Fixes the input's shape from data and resolves what follows.
  func build(_ shape: Shape) throws {
    guard description.inputShape == nil else { return }
    description.inputShape = shape
    outputShape = shape
    for component in description.layers {
      outputShape = try outputShape.map { try LayerObject.outputShape(of: component, for: $0) }
    }
  }

  package var attributeNames: [String] { ModelMethods.names }

  package func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    programSeed = programSeed ?? evaluator.seeds.programSeed
    return try control(name) ?? ModelMethods.attribute(name, self, evaluator)
  }
}

/// A layer that a program made, not yet or already in a model; an `Input` when it has no component.
final class LayerObject: Callable {
  let component: Component?
  let inputShape: Shape?
  let place: Range<Int>
  let statement: Range<Int>
  private var uses = 0

  init(
    _ component: Component?, inputShape: Shape?, place: Range<Int>, statement: Range<Int>
  ) {
    self.component = component
    self.inputShape = inputShape
    self.place = place
    self.statement = statement
  }

  var typeName: String { component?.kind ?? "InputLayer" }
  var shown: String { "<\(typeName)>" }
  var attributeNames: [String] { ["name"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    name == "name" ? .text(component?.givenName ?? typeName.snakeCased) : nil
  }

  func outputShape(for input: Shape) throws(Complaint) -> Shape {
    guard let component else { return input }
    return try Self.outputShape(of: component, for: input)
  }

  static func outputShape(of component: Component, for input: Shape) throws(Complaint) -> Shape {
    guard let type = LayerCatalog.type(named: component.kind) else { return input }
    do { return try type.init(component.arguments).outputShape(for: input) } catch {
      throw Complaint("\(component.kind) \(error.problem)", remedy: error.remedy)
    }
  }

  /// `Dense(4)(x)`: the functional form.
  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    let call = try Signature("\(typeName)(inputs)").bind(arguments, evaluator)
    guard case .object(let input as SymbolicTensor) = call["inputs"] else {
      throw call.unsuitable("inputs", wanted: "what another layer or Input(…) gives")
    }
    uses += 1
    guard uses == 1 else {
      throw Complaint("a layer used twice is not supported", remedy: "make a second layer")
    }
    return .object(
      try SymbolicTensor(
        layer: self, input: input, shape: try outputShape(for: input.shape),
        statement: evaluator.topStatement))
  }
}

/// What a layer gives before there are numbers: the functional form's `x`.
final class SymbolicTensor: ProgramObject {
  let layer: LayerObject
  let input: SymbolicTensor?
  let shape: Shape
  let statement: Range<Int>
  let length: Int

  init(
    layer: LayerObject, input: SymbolicTensor?, shape: Shape, statement: Range<Int>
  ) throws(Complaint) {
    self.layer = layer
    self.input = input
    self.shape = shape
    self.statement = statement
    length = (input?.length ?? 0) + 1
    guard length <= 2000 else { throw Complaint("a model of more than 2000 layers") }
  }

  var typeName: String { "KerasTensor" }
  var shown: String {
    "<KerasTensor shape=(None"
      + shape.extents.map { ", \($0)" }.joined() + ")>"
  }
  var attributeNames: [String] { ["shape"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    guard name == "shape" else { return nil }
    return try evaluator.tuple([.none] + shape.extents.map { .integer($0) })
  }

  /// From the input to here.
  var chain: [SymbolicTensor] {
    var chain: [SymbolicTensor] = []
    var tensor: SymbolicTensor? = self
    while let current = tensor {
      chain.append(current)
      tensor = current.input
    }
    return chain.reversed()
  }
}
