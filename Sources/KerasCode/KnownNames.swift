/// Every name that a program can import or use.
final class KnownNames {
  let builtins = Builtins.all()
  private let modules: [String: Namespace]
  /// Modules that are accepted, whose calls do nothing.
  let ignored: Set<String> = ["matplotlib", "seaborn", "warnings", "logging"]
  /// Modules whose names stand in annotations alone, which nobody looks at.
  private let annotations = IgnoredObject("typing")

  init() {
    let keras = KerasNames.module()
    NativeBases.install(in: keras)
    ProgramFunctions.install(in: keras)
    Callbacks.install(in: keras)
    let tensorflow = KerasNames.tensorflow(keras)
    ProgramFunctions.installTensorFlow(tensorflow)
    let numpy = NumPy.module()
    numpy.add("random", .object(NumPyRandomNames.module()))
    KerasUtilities.extend(keras)
    modules = [
      "keras": keras, "tensorflow": tensorflow, "numpy": numpy,
      "sklearn": DataNames.sklearn(), "pandas": PandasNames.module(), "math": MathNames.module(),
      "os": SystemNames.os(), "random": RandomNames.module(), "time": SystemNames.time(),
      "sys": SystemNames.sys(), "collections": CollectionNames.module(),
      "itertools": IterationNames.itertools(), "functools": IterationNames.functools(),
      "dataclasses": AnnotationNames.dataclasses(),
      "abc": AnnotationNames.abc(), "copy": CollectionNames.copy(), "tqdm": IterationNames.tqdm(),
      "backstep": KerasNames.backstep(),
    ]
  }

  var moduleNames: [String] { Array(modules.keys) + Array(ignored) }

  /// A module by its first name, or one whose every name does nothing.
  func module(_ name: String, _ evaluator: Evaluator) -> (any ProgramObject)? {
    if let module = modules[name] { return module }
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
    if modules[name] != nil { return "import \(name)" }
    guard let keras = modules["keras"] else { return nil }
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
