/// Every name that a program can import or use.
final class KnownNames {
  let builtins = Builtins.all()
  private let modules: [String: Namespace]
  /// Modules that are accepted, whose calls do nothing.
  let ignored: Set<String> = ["matplotlib", "seaborn", "warnings"]

  init() {
    let keras = KerasNames.module()
    let numpy = NumPy.module()
    numpy.add("random", .object(NumPyRandomNames.module()))
    numpy.add(DataNames.load)
    modules = [
      "keras": keras, "tensorflow": KerasNames.tensorflow(keras), "numpy": numpy,
      "sklearn": DataNames.sklearn(), "pandas": DataNames.pandas(), "math": MathNames.module(),
      "backstep": KerasNames.backstep(), "os": DataNames.operatingSystem(),
      "random": NumPyRandomNames.python(),
    ]
  }

  var moduleNames: [String] { Array(modules.keys) + Array(ignored) }

  /// A module by its first name, or one whose every name does nothing.
  func module(_ name: String, _ evaluator: Evaluator) -> (any ProgramObject)? {
    if let module = modules[name] { return module }
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

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// `import math`.
enum MathNames {
  static func module() -> Namespace {
    let math = Namespace("math")
    let functions: [(String, (Double) -> Double)] = [
      ("sin", sin), ("cos", cos), ("tan", tan), ("tanh", tanh), ("exp", exp), ("log", log),
      ("log2", log2), ("log10", log10), ("sqrt", { $0.squareRoot() }), ("fabs", { abs($0) }),
    ]
    for (name, f) in functions {
      math.add(
        NativeFunction("\(name)(x)") { call in
          let result = f(try call.number("x"))
          guard !result.isNaN else {
            throw call.unsuitable("x", wanted: "a number that \(name)() is defined for")
          }
          return .number(result)
        })
    }
    for (name, rule) in [("floor", FloatingPointRoundingRule.down), ("ceil", .up)] {
      math.add(
        NativeFunction("\(name)(x)") { call in
          guard let i = Int(exactly: try call.number("x").rounded(rule)) else {
            throw call.unsuitable("x", wanted: "a finite number")
          }
          return .integer(i)
        })
    }
    math.add("pi", .number(Double.pi))
    math.add("e", .number(M_E))
    math.add("inf", .number(.infinity))
    return math
  }
}
