import Autodiff
import Tensors
indirect enum Formula: Hashable, Sendable {
  case operand(Int), constant(Double), sum(Formula, Formula), product(Formula, Formula), quotient(Formula, Formula)
  static func + (a: Formula, b: Formula) -> Formula { .sum(a, b) }
  static func * (a: Formula, b: Formula) -> Formula { .product(a, b) }
  static func / (a: Formula, b: Formula) -> Formula { .quotient(a, b) }
}
extension GraphBuilder {
  mutating func formula(_ name: String, _ symbol: String, _ f: Formula, _ x: [Value]) -> Value { preconditionFailure() }
  mutating func sum(_ x: Value, _ name: String?) -> Value { preconditionFailure() }
}
