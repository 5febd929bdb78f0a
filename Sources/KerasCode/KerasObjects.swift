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

/// A function or object that an argument takes by its name: `relu`, `GlorotUniform()`.
final class NamedObject: ProgramObject {
  let typeName: String
  let kerasName: String

  init(_ typeName: String, _ kerasName: String) {
    self.typeName = typeName
    self.kerasName = kerasName
  }
}
