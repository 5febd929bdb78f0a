import Autodiff
import Tensors

/// An expression bound to the memory of one execution: asking it reads numbers where they lie.
struct CompiledExpression {
  enum Body {
    case number((StepReading) -> Double)
    case truth((StepReading) -> Bool)
    /// A whole value of the plan.
    case value(Value)
    /// An array that has to be worked out.
    case tensor((StepReading) -> Tensor?)
  }

  let body: Body
  /// Between which ends a number lies, whatever happens; NaN lies in none.
  var bounds: ClosedRange<Double> = -.infinity ... .infinity
  /// What a condition says whatever happens; nil where it may hold or not.
  var certainty: Bool?
  var isConstant = false

  static func number(_ value: Double) -> CompiledExpression {
    CompiledExpression(
      body: .number { _ in value }, bounds: value.isNaN ? -.infinity ... .infinity : value...value,
      isConstant: true)
  }

  static func truth(_ value: Bool) -> CompiledExpression {
    CompiledExpression(body: .truth { _ in value }, certainty: value, isConstant: true)
  }

  /// As arithmetic takes it: a truth as 1 or 0; nil for arrays.
  var asNumber: ((StepReading) -> Double)? {
    switch body {
    case .number(let read): return read
    case .truth(let holds): return { holds($0) ? 1 : 0 }
    case .value, .tensor: return nil
    }
  }

  var numberBounds: ClosedRange<Double> {
    if case .truth = body { return 0...1 }
    return bounds
  }
}

/// What two numbers between ends say when they are compared, whatever they are.
enum Certainty {
  /// nil where it may hold or not. A comparison with NaN does not hold, so that none is certain to.
  static func of(
    _ a: ClosedRange<Double>, _ symbol: String, _ b: ClosedRange<Double>
  ) -> Bool? {
    let cannotHold =
      switch symbol {
      case "<": a.lowerBound >= b.upperBound
      case "<=": a.lowerBound > b.upperBound
      case ">": a.upperBound <= b.lowerBound
      case ">=": a.upperBound < b.lowerBound
      case "==": a.lowerBound > b.upperBound || a.upperBound < b.lowerBound
      default: false
      }
    return cannotHold ? false : nil
  }

  static func and(_ a: Bool?, _ b: Bool?) -> Bool? {
    if a == false || b == false { return false }
    return a == true && b == true ? true : nil
  }

  static func or(_ a: Bool?, _ b: Bool?) -> Bool? {
    if a == true || b == true { return true }
    return a == false && b == false ? false : nil
  }
}
