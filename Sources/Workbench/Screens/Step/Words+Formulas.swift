import Autodiff
import Tensors
import TerminalGraphics
import Training

// Formulas, means and sums, products of many matrices, tables, and what works along an axis.

extension Words {
  /// Of a formula of the numbers at one place: what it is made of.
  func formula(_ formula: Formula, _ operands: [Value]) -> [String] {
    let used = formula.operands.sorted().map { operands[$0] }
    var names: [String] = []
    for value in used where !names.contains(symbol(value)) { names.append(symbol(value)) }
    guard let last = names.last else {
      return numbers.count == 1
        ? ["It is always \(compact(numbers.scalars[0])): the formula reads no number."]
        : ["The same number everywhere: the formula reads none."] + strongest
    }
    let list = names.count == 1 ? last : names.dropLast().joined(separator: ", ") + " and " + last
    return [
      "One formula for every number: it reads \(list) at the place it stands at."
    ] + strongest
  }

  func reduction(_ reduction: Reduction, _ geometry: ReductionGeometry) -> [String] {
    let (count, it) = (integer(geometry.count), numbers.count == 1 ? "It" : "Each number")
    let first =
      switch reduction {
      case .sum: "\(it) is the sum of \(count) numbers."
      case .mean: "\(it) is the average of \(count) numbers."
      case .maximum: "\(it) is the largest of \(count) numbers."
      case .minimum: "\(it) is the smallest of \(count) numbers."
      case .product: "\(it) is the product of \(count) numbers."
      }
    return [first] + strongest
  }

  func reductionGradient(_ reduction: Reduction, _ geometry: ReductionGeometry) -> [String] {
    let count = integer(geometry.count)
    let first =
      switch reduction {
      case .sum: "Every one of \(count) numbers that were added gets the gradient of their sum."
      case .mean: "Every one of \(count) numbers gets the same share of their average's gradient."
      case .maximum: "Only the largest of \(count) numbers gets the gradient; the others get 0."
      case .minimum: "Only the smallest of \(count) numbers gets the gradient; the others get 0."
      case .product: "A factor's gradient is multiplied by the other factors of its product."
      }
    return [first] + strongest
  }

  func products(_ a: Value, _ b: Value, _ product: BatchedProduct) -> [String] {
    let (left, right) = (symbol(a), symbol(b))
    let row = product.transposesA ? "column" : "row"
    let column = product.transposesB ? "row" : "column"
    return [
      "Each number is a \(row) of \(left) times a \(column) of \(right), pair by pair, added."
    ] + strongest
  }

  func gathered(_ table: Value, _ numbers: Value) -> [String] {
    [
      "\(symbol(numbers)) says which places of \(symbol(table)) are taken; they are taken as they are."
    ] + strongest
  }

  var scattered: [String] {
    [
      "A place of the table gets the gradients of all that was taken from it, added; one that was "
        + "not taken gets 0."
    ] + strongest
  }

  func classes(counts: Bool) -> [String] {
    guard !counts else { return ["For each class how often it is among the numbers."] + strongest }
    return ["A place for each class: 1 where the class is meant, 0 everywhere else."]
  }

  func alongAxis(_ function: AxisFunction, _ place: AxisPlace) -> [String] {
    let count = integer(place.extent)
    let first =
      switch function {
      case .softmax: "Along one axis \(count) numbers each are now shares that add up to 1."
      case .logSoftmax: "Logarithms of shares: e to the power of \(count) of them adds up to 1."
      case .logSumExp: "A smooth maximum of \(count) numbers each, a little above the largest."
      case .argMax: "Where among \(count) numbers the largest stands, counted from 0."
      case .argMin: "Where among \(count) numbers the smallest stands, counted from 0."
      case .argSort: "The places of \(count) numbers each, in the order of their sizes."
      case .argSortDown: "The places of \(count) numbers each, the largest first."
      case .cumulativeSum: "Each number is the sum of all up to its place along the axis."
      case .cumulativeSumBackwards:
        "Each number is the sum of all from its place along the axis on."
      }
    return [first] + strongest
  }

  func alongAxisGradient(_ function: AxisFunction) -> [String] {
    switch function {
    case .softmax:
      return ["Shares compete: what one number should gain, the others should lose."] + strongest
    case .logSoftmax:
      return ["A gradient less its share of all the gradients along the axis."] + strongest
    default:
      return ["A number gets the gradient in the share that it has in the smooth maximum."]
        + strongest
    }
  }

  /// Of parts side by side, each with a rule of its own.
  func blocks(_ blocks: [CellRule]) -> [String] {
    guard blocks.count > 1 else { return strongest }
    return ["\(Self.count(blocks.count, "part")) side by side, each made by itself."] + strongest
  }

  /// Of products of some columns of two matrices.
  func block(_ a: Value, _ b: Value) -> [String] {
    ["Sums of products of \(symbol(a)) and \(symbol(b)), row with column."] + strongest
  }
}
