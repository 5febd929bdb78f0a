import NeuralNets

// What a callback reads and writes of a model: `stop_training`, `optimizer.learning_rate`.

extension ModelHandle: AttributeStore {
  /// The attributes of training; nil for every other.
  func control(_ name: String) -> PythonValue? {
    switch name {
    case "stop_training": .boolean(stopsTraining)
    case "optimizer": description.compilation == nil ? nil : .object(OptimizerHandle(self))
    case "loss": description.compilation.map { .text($0.loss.kind.snakeCased) }
    default: nil
    }
  }

  /// Changes the learning rate that the model was compiled with.
  package func setLearningRate(_ rate: Double) throws(Complaint) {
    guard var optimizer = description.compilation?.optimizer else {
      throw Complaint("the model has no optimizer", remedy: "call model.compile(…) first")
    }
    do { try optimizer.arguments.set("learning_rate", .number(rate)) } catch {
      throw Complaint("a learning rate of \(rate)", remedy: "give a positive number")
    }
    description.compilation?.optimizer = optimizer
  }

  package func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool {
    guard name == "stop_training" else { return false }
    stopsTraining = try evaluator.isTrue(value, at: evaluator.callPlace)
    return true
  }
}

/// The optimizer of a compiled model.
final class OptimizerHandle: AttributeStore {
  private let model: ModelHandle

  init(_ model: ModelHandle) { self.model = model }

  var typeName: String { model.description.compilation?.optimizer.kind ?? "Optimizer" }
  var attributeNames: [String] { ["learning_rate", "lr", "name"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "learning_rate", "lr":
      return .object(LearningRateHandle(model, try evaluator.host.learningRate(model)))
    case "name": return .text(typeName.lowercased())
    case "get_config":
      let arguments = model.description.compilation?.optimizer.arguments
      return .object(
        NativeFunction("get_config()") { call in
          let table = try call.evaluator.keep(DictionaryObject())
          for (name, value) in (arguments?.values ?? [:]).sorted(by: { $0.key < $1.key }) {
            if case .number(let x) = value { table.set(.text(name), .number(x)) }
          }
          return .dictionary(table)
        })
    default: return nil
    }
  }

  func assign(_ name: String, _ value: PythonValue, _ evaluator: Evaluator) throws -> Bool {
    guard name == "learning_rate" || name == "lr" else { return false }
    try LearningRateHandle.set(value, model, evaluator)
    return true
  }
}

/// `model.optimizer.learning_rate`: a number that can be assigned.
final class LearningRateHandle: OperatorOverloading, ArrayConvertible {
  private let model: ModelHandle
  let rate: Double

  init(_ model: ModelHandle, _ rate: Double) {
    self.model = model
    self.rate = rate
  }

  var typeName: String { "Variable" }
  var shown: String { PythonFormat.number(Float(rate)) }
  var attributeNames: [String] { ["assign", "numpy"] }

  static func set(_ value: PythonValue, _ model: ModelHandle, _ evaluator: Evaluator) throws {
    var given = value.anyNumber
    if case .object(let other as LearningRateHandle) = value { given = other.rate }
    guard let rate = given, rate.isFinite, rate >= 0 else {
      throw Complaint(
        "\(value.described) as a learning rate", remedy: "give a number from 0",
        at: .argument(0))
    }
    try evaluator.host.setLearningRate(model, rate)
  }

  func attribute(_ name: String, _ evaluator: Evaluator) -> PythonValue? {
    let model = model
    let rate = rate
    switch name {
    case "assign":
      return .object(
        NativeFunction("assign(value)") { call in
          try Self.set(call["value"], model, call.evaluator)
          return .none
        })
    case "numpy": return .object(NativeFunction("numpy()") { _ in .number(rate) })
    default: return nil
    }
  }

  func array(_ evaluator: Evaluator) -> NDArray { NDArray(rate) }

  func operate(
    _ mark: String, _ other: PythonValue, isReflected: Bool, _ evaluator: Evaluator
  ) throws -> PythonValue? {
    var other = other
    if case .object(let handle as LearningRateHandle) = other { other = .number(handle.rate) }
    let own = PythonValue.number(rate)
    let (a, b) = isReflected ? (other, own) : (own, other)
    guard ["<", ">", "<=", ">=", "==", "!="].contains(mark) else {
      return try evaluator.operate(a, mark, b, at: evaluator.callPlace)
    }
    return try evaluator.compare(a, mark, b, at: evaluator.callPlace)
  }

  func operate(unary mark: String, _ evaluator: Evaluator) -> PythonValue? {
    mark == "-" ? .number(-rate) : nil
  }
}
