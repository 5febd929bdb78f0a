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
  var shown: String { "<class \(home).\(kind)>" }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try make(arguments, evaluator)
  }
}

/// A loss, optimizer or callback that a program made.
final class ComponentObject: ProgramObject {
  let component: Component

  init(_ component: Component) { self.component = component }

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
    guard let x = arguments.positional.first else {
      throw Complaint("\(entry.shortName)() needs an array", remedy: "give one")
    }
    var rest = arguments
    rest.positional.removeFirst()
    let component = try KerasNames.component(entry.kind, entry.arguments, rest)
    let layer = LayerObject(
      .known("Activation", [("activation", .component(component))]), inputShape: nil,
      name: evaluator.countedName(entry.shortName), place: evaluator.callPlace,
      statement: evaluator.topStatement)
    return try layer.call(CallArguments(positional: [x]), evaluator)
  }
}
