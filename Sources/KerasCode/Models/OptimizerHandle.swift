import NeuralNets
import Tensors

/// The optimizer of a compiled model.
final class OptimizerHandle: AttributeStore {
  private let model: ModelHandle

  init(_ model: ModelHandle) { self.model = model }

  var typeName: String { model.compiledOptimizer?.kind ?? "Optimizer" }
  var attributeNames: [String] { ["learning_rate", "lr", "name"] }

  func attribute(_ name: String, _ evaluator: Evaluator) throws -> PythonValue? {
    switch name {
    case "learning_rate", "lr":
      return .object(LearningRateHandle(model, try evaluator.host.learningRate(model)))
    case "name": return .text(typeName.lowercased())
    case "get_config":
      let arguments = model.compiledOptimizer?.arguments
      return .object(
        NativeFunction("get_config()") { call in
          let table = try call.evaluator.keep(DictionaryObject())
          for name in (arguments?.specs ?? []).map(\.name).sorted() {
            if case .number(let x)? = arguments?[name] { table.set(.text(name), .number(x)) }
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
