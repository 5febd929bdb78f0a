import Autodiff
import Tensors

/// A constraint of the length of a weight along some axes; of a kernel axis 0 runs over the inputs
/// of one unit. (Srivastava et al. 2014)
///
///     n = √Σ w²,  w ← w · allowed(n) / (ε + n)
package protocol NormConstraint: Constraint {
  var axes: [Int] { get }
  /// The length that one of length n gets.
  func allowed(_ n: Formula) -> Formula
}

extension NormConstraint {
  package func hold(_ weight: Value, _ emitter: inout Emitter) {
    let (name, symbol) = (emitter.name(of: weight), emitter.symbol(of: weight))
    let rank = weight.shape.rank
    let squares = emitter.compute(
      name + ".squared", symbol + "²", .square(.operand(0)), [weight], title: "w²")
    let sums = emitter.reduce(
      .sum, squares, axes: Set(axes.map { $0 < 0 ? $0 + rank : $0 }), name + ".norm_squares",
      "‖\(symbol)‖²")
    let n = Formula.sqrt(.operand(1))
    // Keras's epsilon, 1e-7: a length of 0 stays one.
    emitter.emitUpdate(
      title: "constrain", [(weight, .operand(0) * (allowed(n) / (1e-7 + n)))],
      operands: [weight, emitter.fitted(sums, to: weight.shape)])
  }

  package func problem(with shape: Shape) -> (problem: String, remedy: String)? {
    guard let wrong = axes.first(where: { !(-shape.rank..<shape.rank).contains($0) }) else {
      return nil
    }
    return (
      "has \(shape.rank) \(shape.rank == 1 ? "axis" : "axes"), the constraint is along axis \(wrong)",
      "an axis from \(-shape.rank) to \(shape.rank - 1)"
    )
  }
}

extension ArgumentSpec {
  fileprivate static let normAxis = ArgumentSpec(
    "axis", .axes, default: .integer(0), "the axes of one length: 0 for the inputs of a unit")

  fileprivate static func length(_ name: String, _ standard: Double, _ help: String) -> ArgumentSpec
  {
    .number(name, 0...1e30, standard, help)
  }
}

/// No length above a limit.
package struct MaxNorm: NormConstraint {
  package static let entry = ComponentClass(
    "MaxNorm", ["max_norm"], [.length("max_value", 2, "the largest length"), .normAxis],
    "incoming weights no longer than a limit")

  package let axes: [Int]
  private let largest: Formula

  package init(_ arguments: Arguments) {
    axes = arguments.axes("axis")
    largest = .constant(arguments.number("max_value"))
  }

  package func allowed(_ n: Formula) -> Formula { .clip(n, 0, largest) }
}

/// Lengths within limits, or part of the way there.
package struct MinMaxNorm: NormConstraint {
  package static let entry = ComponentClass(
    "MinMaxNorm", ["min_max_norm"],
    [
      .length("min_value", 0, "the smallest length"), .length("max_value", 1, "the largest"),
      .number("rate", 0...1, 1, "how much of the way each update goes"), .normAxis,
    ],
    "incoming weights of a length within limits")

  package let axes: [Int]
  private let smallest, largest: Formula
  private let rate: Double

  package init(_ arguments: Arguments) {
    axes = arguments.axes("axis")
    smallest = .constant(arguments.number("min_value"))
    largest = .constant(arguments.number("max_value"))
    rate = arguments.number("rate")
  }

  package func allowed(_ n: Formula) -> Formula {
    let held = Formula.clip(n, smallest, largest)
    return rate == 1 ? held : .constant(rate) * held + .constant(1 - rate) * n
  }
}

/// Length 1.
package struct UnitNorm: NormConstraint {
  package static let entry = ComponentClass(
    "UnitNorm", ["unit_norm"], [.normAxis], "incoming weights of length 1")

  package let axes: [Int]

  package init(_ arguments: Arguments) { axes = arguments.axes("axis") }

  package func allowed(_ n: Formula) -> Formula { 1 }
}
