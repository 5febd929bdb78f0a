import NeuralNets

/// A class of Keras that programs call: a layer, loss, optimizer, callback or initializer.
final class KerasClass: Callable {
  private let kind: String
  private let home: String
  private let make: (CallArguments, Evaluator) throws -> PythonValue

  init(
    _ kind: String, home: String,
    _ make: @escaping (CallArguments, Evaluator) throws -> PythonValue
  ) {
    self.kind = kind
    self.home = home
    self.make = make
  }

  var typeName: String { kind }
  /// Where it is at home: `keras.layers.Dense`.
  var path: String { "\(home).\(kind)" }
  var shown: String { "<class \(path)>" }

  var attributeNames: [String] { ["__name__", "from_config"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    switch name {
    case "__name__": return .text(kind)
    case "from_config":
      let make = make
      return .object(
        NativeFunction("from_config(config)") { call in
          guard case .dictionary(let table) = call["config"] else {
            throw call.unsuitable("config", wanted: "a dict, as get_config() gives it")
          }
          let keywords = table.keys.compactMap { key in
            if case .text(let name) = key { (name, table.value(key) ?? .none) } else { nil }
          }
          return try make(CallArguments(keywords: keywords), call.evaluator)
        })
    default: return nil
    }
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try make(arguments, evaluator)
  }
}

/// A loss, metric, optimizer, callback or the like that a program made.
final class ComponentObject: ProgramObject {
  let component: Component
  /// Its family; `MeanSquaredError` is a name of a loss and of a metric. Nil for callbacks.
  let family: ComponentFamily?
  /// What the program knows it by, where its class counts its objects: `precision_1`.
  var countedName: String?
  /// What a metric has gathered.
  var metric: (any MetricClass)?
  /// What an initializer without a seed of its own draws from.
  var seed: UInt64?

  /// - Parameter family: found by the kind when nil.
  init(_ component: Component, family: ComponentFamily? = nil) {
    self.component = component
    self.family =
      family
      ?? ComponentFamily.allCases.first { family in
        family.classes.contains { $0.kind == component.kind }
      }
  }

  var typeName: String { component.kind }
}

/// `keras.activations.relu`: an argument of a layer, and a function of arrays and tensors.
final class ActivationObject: Callable {
  let entry: ComponentClass

  init(_ entry: ComponentClass) { self.entry = entry }

  var typeName: String { "function" }
  var shown: String { "<function \(entry.shortName)>" }
  var attributeNames: [String] { ["__name__"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    name == "__name__" ? .text(entry.shortName) : nil
  }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    var rest = arguments
    let x: PythonValue
    if let first = arguments.positional.first {
      x = first
      rest.positional.removeFirst()
    } else if let i = arguments.keywords.firstIndex(where: { $0.name == "x" }) {
      x = rest.keywords.remove(at: i).value
    } else {
      throw Complaint("\(entry.shortName)() needs an array", remedy: "give one")
    }
    let component = try KerasNames.component(entry.kind, entry.arguments, rest)
    guard x.isSymbolic || x.isTensor else {
      return try ComponentCalls.activation(component, x, evaluator)
    }
    let layer = LayerObject(
      .known("Activation", [("activation", .component(component))]), inputShape: nil,
      name: evaluator.countedName(entry.shortName), place: evaluator.callPlace,
      statement: evaluator.topStatement)
    return try layer.call(CallArguments(positional: [x]), evaluator)
  }
}
