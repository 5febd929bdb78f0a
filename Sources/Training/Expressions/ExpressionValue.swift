import Foundation
import Tensors

/// What an expression is: a number, an array, or whether something holds.
package enum ExpressionValue: Hashable, Sendable {
  case number(Double)
  /// Comparisons of arrays give 1 and 0.
  case tensor(Tensor)
  case truth(Bool)
  /// A name, as `relu`; it is only compared.
  case text(String)

  /// The number, also of an array with one element.
  package func number() throws(ExpressionFailure) -> Double {
    switch self {
    case .number(let value): return value
    case .tensor(let tensor) where tensor.count == 1: return Double(tensor.scalars[0])
    case .tensor(let tensor):
      throw ExpressionFailure(
        .meaning, "an array of shape \(tensor.shape) where one number is needed",
        remedy: "one element by its index, or mean(…), sum(…), norm(…)")
    case .truth:
      throw ExpressionFailure(
        .meaning, "a comparison where a number is needed", remedy: "the value without < > ==")
    case .text(let text):
      throw ExpressionFailure(
        .meaning, "the text ‘\(text)’ where a number is needed", remedy: "== and a text in quotes")
    }
  }

  /// Whether it holds; a number alone does not say.
  package func holds() throws(ExpressionFailure) -> Bool {
    switch self {
    case .truth(let value): return value
    case .number, .tensor, .text:
      throw ExpressionFailure(
        .meaning, "a value that is neither true nor false",
        remedy: "a comparison, as loss < 0.1; of an array all(…) or any(…)")
    }
  }
}

/// The functions of the language, by name.
///
/// Reductions compute in Float64; element by element the result is rounded to Float32.
enum ExpressionFunction {
  /// From one number to one number.
  static let maps: [String: @Sendable (Double) -> Double] = [
    "abs": { abs($0) }, "exp": { exp($0) }, "log": { log($0) }, "ln": { log($0) },
    "sqrt": { $0.squareRoot() },
    "sigmoid": { 1 / (1 + exp(-$0)) }, "tanh": { tanh($0) }, "relu": { $0 > 0 ? $0 : 0 },
    "sign": { $0 > 0 ? 1 : $0 < 0 ? -1 : 0 }, "round": { $0.rounded(.toNearestOrEven) },
  ]

  /// The functions with rules of their own.
  static let others =
    [
      "all", "any", "argmax", "argmin", "before", "finite", "first", "history", "last", "len",
      "nan",
      "shape", "update_ratio",
    ] + ofTexts

  /// Functions of a text: what is meant in the network, or what one did.
  static let ofTexts = ["exported", "explained", "layers", "parameters", "stopped"]

  static var names: [String] {
    (Array(maps.keys) + ArrayReduction.allCases.map(\.rawValue) + others
      + RunExpression.placeFunctions)
      .sorted()
  }
}
