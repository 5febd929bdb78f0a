import NeuralNets
import Tensors

// Operations along axes.

extension SymbolicOperations {
  /// An axis that has to be said: without one all examples of the batch would be one row.
  static func givenAxis(_ name: String, _ call: BoundCall, _ rank: Int) throws -> Int {
    guard !call["axis"].isNone else {
      throw Complaint(
        "\(name) without an axis makes one row of all examples", remedy: "say which, as axis=-1")
    }
    return try axis("axis", call, rank, standard: -1)
  }

  static func axis(
    _ name: String, _ call: BoundCall, _ rank: Int, standard: Int
  ) throws -> Int {
    let given = call[name].isNone ? standard : try call.integer(name, in: -64...64)
    let place = given < 0 ? given + rank : given
    guard place >= 0 && place < rank else {
      throw call.unsuitable(name, wanted: "an axis from \(-rank) to \(rank - 1)")
    }
    return place
  }

  static func reduced(
    _ name: String, _ title: String, _ x: PythonValue, _ call: BoundCall
  ) throws -> PythonValue? {
    let evaluator = call.evaluator
    let kinds: [String: Reduction] = [
      "sum": .sum, "mean": .mean, "max": .maximum, "amax": .maximum, "min": .minimum,
      "amin": .minimum, "prod": .product,
    ]
    let measures = ["var", "std", "logsumexp", "argmax", "argmin", "cumsum", "norm"]
    guard kinds[name] != nil || measures.contains(name) else { return nil }
    let rank = try evaluator.extents(of: x).count
    let keeps = call["keepdims"].flag ?? false
    if name == "argmax" || name == "argmin" || name == "cumsum" {
      let place = try givenAxis(name, call, rank)
      let kind: ArrayOperation.Kind =
        name == "cumsum"
        ? .cumulativeSum(axis: place)
        : name == "argmax"
          ? .largestPlace(axis: place, keepsAxis: keeps)
          : .smallestPlace(axis: place, keepsAxis: keeps)
      return try evaluator.operation(title, kind, [x])
    }
    let axes: [Int]
    if let given = try call.axes() {
      axes = try given.map { axis in
        let place = axis < 0 ? axis + rank : axis
        guard place >= 0 && place < rank else {
          throw call.unsuitable("axis", wanted: "axes from \(-rank) to \(rank - 1)")
        }
        return place
      }
    } else {
      axes = Array(0..<rank)
    }
    if let reduction = kinds[name] {
      return try evaluator.operation(
        title, .reduce(reduction, axes: axes, keepsAxes: keeps), [x])
    }
    if name == "logsumexp" {
      guard axes.count == 1 else { throw refused("logsumexp over several axes") }
      return try evaluator.operation(
        "Logsumexp", .logSumExp(axis: axes[0], keepsAxis: keeps), [x])
    }
    if name == "norm" {
      return try norm(x, axes, keepsAxes: keeps, call)
    }
    let mean = try evaluator.operation("Mean", .reduce(.mean, axes: axes, keepsAxes: true), [x])
    let squares = try evaluator.formula("Square", [x, mean]) { .square($0[0] - $0[1]) }
    let variance = try evaluator.operation(
      "Var", .reduce(.mean, axes: axes, keepsAxes: keeps), [squares])
    return name == "var" ? variance : try evaluator.formula("Sqrt", [variance]) { .sqrt($0[0]) }
  }

  /// Of vectors the norm of any order; of matrices, and of all numbers, the root of their squares.
  private static func norm(
    _ x: PythonValue, _ axes: [Int], keepsAxes: Bool, _ call: BoundCall
  ) throws -> PythonValue {
    let evaluator = call.evaluator
    let order = call["ord"].anyNumber
    func reduced(
      _ reduction: Reduction, _ make: @escaping (Formula) -> Formula
    ) throws -> PythonValue {
      let parts = try evaluator.formula("Norm", [x]) { make($0[0]) }
      return try evaluator.operation(
        "Norm", .reduce(reduction, axes: axes, keepsAxes: keepsAxes), [parts])
    }
    let isRoot = call["ord"].isNone || call["ord"].string == "fro" || order == 2 && axes.count == 1
    if isRoot {
      return try evaluator.formula("Sqrt", [try reduced(.sum) { .square($0) }]) { .sqrt($0[0]) }
    }
    guard let order, axes.count == 1 else {
      throw refused("norm of matrices with ord=\(call["ord"].described)")
    }
    switch order {
    case .infinity: return try reduced(.maximum) { .abs($0) }
    case -.infinity: return try reduced(.minimum) { .abs($0) }
    case 0: return try reduced(.sum) { 1 - .equal($0, 0) }
    case 1: return try reduced(.sum) { .abs($0) }
    default:
      let sum = try reduced(.sum) { .power(.abs($0), .constant(order)) }
      return try evaluator.formula("Norm", [sum]) { .power($0[0], .constant(1 / order)) }
    }
  }
}
