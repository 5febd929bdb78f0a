// Classes of Keras that classes of a program may be derived from.

/// What a class of Keras gives to classes derived from it.
package protocol NativeBase: AnyObject, Sendable {
  /// `Layer`, `Callback`.
  var kind: String { get }
  /// Where programs find it: `keras.layers`.
  var home: String { get }
  var attributeNames: [String] { get }
  /// What is kept with an instance, made before its `__init__` runs.
  func state(of instance: InstanceObject, _ evaluator: Evaluator) throws -> AnyObject?
  /// `super().__init__(…)`, or a class without an `__init__`.
  func initialize(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator) throws
  /// An attribute that neither the instance nor its class has.
  func attribute(
    _ name: String, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> PythonValue?
  /// - Returns: whether the assignment is done; else the instance keeps the value itself.
  func assign(
    _ name: String, _ value: PythonValue, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> Bool
  /// What calling an instance does; nil when it cannot be called.
  func call(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue?
  /// `isinstance(value, …)` of it.
  func holds(_ value: PythonValue) -> Bool
}

extension NativeBase {
  package var attributeNames: [String] { [] }

  package func state(of instance: InstanceObject, _ evaluator: Evaluator) throws -> AnyObject? {
    nil
  }

  package func initialize(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws {
    for (name, value) in arguments.keywords { instance.set(name, value) }
  }

  package func attribute(
    _ name: String, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> PythonValue? { nil }

  package func assign(
    _ name: String, _ value: PythonValue, of instance: InstanceObject, _ evaluator: Evaluator
  ) throws -> Bool { false }

  package func call(
    _ instance: InstanceObject, _ arguments: CallArguments, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    try evaluator.method("call", of: instance, arguments)
  }

  package func holds(_ value: PythonValue) -> Bool {
    if case .object(let instance as InstanceObject) = value {
      return instance.type.nativeBase?.kind == kind
    }
    return false
  }
}

/// A base that only is derived from: `keras.losses.Loss`, whose `call` is the program's own.
final class PlainBase: NativeBase {
  let kind: String
  let home: String

  init(_ kind: String, home: String) {
    self.kind = kind
    self.home = home
  }
}

/// The class as programs name it: `keras.layers.Layer`.
final class NativeBaseClass: Callable {
  let base: any NativeBase

  init(_ base: any NativeBase) { self.base = base }

  var typeName: String { base.kind }
  var shown: String { "<class \(base.home).\(base.kind)>" }
  var attributeNames: [String] { ["__name__"] }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    name == "__name__" ? .text(base.kind) : nil
  }

  /// `Callback()`: an instance of the base itself, which does nothing.
  func call(_ arguments: CallArguments, _ evaluator: Evaluator) throws -> PythonValue {
    try ClassObject(base.kind, base: nil, nativeBase: base, isBuiltin: true)
      .call(arguments, evaluator)
  }
}

enum NativeBases {
  static let all: [any NativeBase] = [
    LayerBase(), ModelBase(), CallbackBase(),
    PlainBase("Loss", home: "keras.losses"), PlainBase("Metric", home: "keras.metrics"),
    PlainBase("Regularizer", home: "keras.regularizers"),
    PlainBase("Constraint", home: "keras.constraints"),
    PlainBase("Initializer", home: "keras.initializers"),
    PlainBase("LearningRateSchedule", home: "keras.optimizers.schedules"),
  ]

  static func named(_ kind: String) -> (any NativeBase)? { all.first { $0.kind == kind } }

  /// Adds the classes that have no name yet to Keras's modules.
  static func install(in keras: Namespace) {
    for base in all where base.kind != "Model" {
      var home = keras
      for name in base.home.split(separator: ".").dropFirst().map(String.init) {
        if case .object(let next as Namespace)? = home.members[name] {
          home = next
        } else {
          let made = Namespace(home.name + "." + name)
          home.add(name, .object(made))
          home = made
        }
      }
      let type = PythonValue.object(NativeBaseClass(base))
      home.add(base.kind, type)
      if base.kind == "Layer" { keras.add("Layer", type) }
    }
  }
}

extension Evaluator {
  /// Calls a method of an instance with arguments as they were given.
  package func method(
    _ name: String, of instance: InstanceObject, _ arguments: CallArguments
  ) throws -> PythonValue? {
    guard let member = instance.type.member(name) else { return nil }
    return try invoke(try bound(member, to: .object(instance)), arguments)
  }
}
