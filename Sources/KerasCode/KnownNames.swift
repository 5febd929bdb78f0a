/// Every name that a program can import or use.
final class KnownNames {
  let builtins = Builtins.all()
  /// The modules that were asked for: most programs need one or two, and some are large.
  private var made: [String: Namespace] = [:]
  /// Modules that are accepted, whose calls do nothing.
  let ignored: Set<String> = ["matplotlib", "seaborn", "warnings", "logging"]
  /// Modules whose names stand in annotations alone, which nobody looks at.
  private let annotations = IgnoredObject("typing")

  private static let makers: [String: @Sendable (KnownNames) -> Namespace] = [
    "keras": { _ in keras() }, "tensorflow": { tensorflow($0) }, "numpy": { _ in numpy() },
    "sklearn": { _ in DataNames.sklearn() }, "pandas": { _ in PandasNames.module() },
    "math": { _ in MathNames.module() }, "os": { _ in SystemNames.os() },
    "random": { _ in RandomNames.module() }, "time": { _ in SystemNames.time() },
    "sys": { _ in SystemNames.sys() }, "collections": { _ in CollectionNames.module() },
    "itertools": { _ in IterationNames.itertools() },
    "functools": { _ in IterationNames.functools() },
    "dataclasses": { _ in AnnotationNames.dataclasses() }, "abc": { _ in AnnotationNames.abc() },
    "copy": { _ in CollectionNames.copy() }, "tqdm": { _ in IterationNames.tqdm() },
    "backstep": { _ in KerasNames.backstep() },
  ]

  private static func keras() -> Namespace {
    let keras = KerasNames.module()
    NativeBases.install(in: keras)
    ProgramFunctions.install(in: keras)
    Callbacks.install(in: keras)
    KerasUtilities.extend(keras)
    return keras
  }

  private static func tensorflow(_ names: KnownNames) -> Namespace {
    let tensorflow = KerasNames.tensorflow(names.known("keras") ?? keras())
    ProgramFunctions.installTensorFlow(tensorflow)
    return tensorflow
  }

  private static func numpy() -> Namespace {
    let numpy = NumPy.module()
    numpy.add("random", .object(NumPyRandomNames.module()))
    return numpy
  }

  private func known(_ name: String) -> Namespace? {
    if let module = made[name] { return module }
    guard let module = Self.makers[name]?(self) else { return nil }
    made[name] = module
    return module
  }

  var moduleNames: [String] { Array(Self.makers.keys) + Array(ignored) }

  /// A module by its first name, or one whose every name does nothing.
  func module(_ name: String, _ evaluator: Evaluator) -> (any ProgramObject)? {
    if let module = known(name) { return module }
    if name == "typing" || name == "__future__" { return annotations }
    return ignored.contains(name) ? IgnoredObject(name) : nil
  }

  /// The import that would make a name known, as `from keras.layers import Dense`.
  func home(of name: String) -> String? {
    let usual = [
      "np": "import numpy as np", "pd": "import pandas as pd", "tf": "import tensorflow as tf",
      "plt": "import matplotlib.pyplot as plt",
    ]
    if let line = usual[name] { return line }
    if Self.makers[name] != nil { return "import \(name)" }
    guard let keras = known("keras") else { return nil }
    if case .object? = keras.members[name], keras.members[name].map({ $0.isNamespace }) == true {
      return "from keras import \(name)"
    }
    for place in ["models", "layers", "optimizers", "losses", "callbacks", "initializers", "utils"]
    {
      if case .object(let module as Namespace)? = keras.members[place], module.members[name] != nil
      {
        return "from keras.\(place) import \(name)"
      }
    }
    return nil
  }
}

extension PythonValue {
  var isNamespace: Bool {
    if case .object(let object) = self { object is Namespace } else { false }
  }
}

/// Something whose every attribute and call gives itself: what is accepted and ignored.
final class IgnoredObject: Callable, Subscriptable {
  private let label: String

  init(_ label: String) { self.label = label }

  var typeName: String { label }
  var takesSlices: Bool { true }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? { .object(self) }

  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    .object(self)
  }

  func item(_ index: PythonValue, _ evaluator: Evaluator) -> PythonValue { .object(self) }
}
