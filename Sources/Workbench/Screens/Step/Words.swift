import Autodiff
import Foundation
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// Sentences about an instruction. Each is said only when it holds for the numbers at hand; what
/// they count and compare is counted and compared here, from the same numbers that are shown.
package struct Words {
  let moment: StepMoment
  let instruction: Instruction
  let result: InstructionResult
  let numbers: Tensor

  /// At most three sentences about the chosen result of the line just done.
  package static func sentences(of moment: StepMoment) -> [String] {
    if let fold = moment.fold { return fold.words }
    guard let index = moment.instruction, moment.result < moment.results.count else { return [] }
    let instruction = moment.plan.instructions[index]
    let words = Words(
      moment: moment, instruction: instruction, result: instruction.results[moment.result],
      numbers: moment.results[moment.result].tensor)
    guard words.numbers.scalars.allSatisfy(\.isFinite) else { return [words.notFinite] }
    let all = words.all
    return all.isEmpty ? [words.general] : Array(all.prefix(3))
  }

  /// What can be said of any numbers.
  private var general: String {
    let most = numbers.scalars.reduce(Float(0)) { max($0, abs($1)) }
    if numbers.count == 1 { return "The number is \(compact(numbers.scalars[0]))." }
    if most == 0 { return "All \(integer(numbers.count)) numbers are 0." }
    let places = numbers.scalars.count { abs($0) == most }
    return "The largest size, \(compact(most)), stands at \(Self.count(places, "place"))."
  }

  private var notFinite: String {
    let count = numbers.scalars.count { !$0.isFinite }
    return "\(Self.count(count, "number")) of \(integer(numbers.count)) "
      + "\(count == 1 ? "is" : "are") not finite: no sum with one of them is either."
  }

  private var all: [String] {
    if let recurrent = moment.recurrent, let said = sentences(of: recurrent) {
      return said + strongest
    }
    return said(of: result.rule)
  }

  private func said(of rule: CellRule) -> [String] {
    switch rule {
    case .columns(let parts) where parts.count == 1, .rows(let parts) where parts.count == 1:
      return said(of: parts[0])
    case .sum(let sources): return sum(sources)
    case .function(let f, let x): return function(f, x)
    case .functionGradient(let f, let y, let factors): return gradient(f, y, factors)
    case .functionOfColumns(let f, let x, _): return function(f, x)
    case .columns(let parts), .rows(let parts): return blocks(parts)
    case .softmax: return softmax
    case .softmaxGradient: return softmaxGradient
    case .same, .swappedAxes:
      return ["The same numbers in another shape: none changes."]
    case .windowMean, .windowMeanGradient, .affine, .affineGradient: return pictures
    case .dropoutMask, .maximum, .maximumGradient, .convolution, .convolutionInputGradient,
      .convolutionKernelGradient, .transposedConvolution:
      return window
    case .exampleLoss, .mean: return loss
    case .lossGradient(let loss, _, _, _): return lossGradient(loss)
    case .memoryGradient(_, _, _, _, let next): return memoryGradient(next) + strongest
    case .formula where Self.isDecay(instruction): return decay
    case .formula(let formula, let operands, _): return self.formula(formula, operands)
    case .reduction(let kind, _, let geometry): return reduction(kind, geometry)
    case .reductionGradient(let kind, _, _, _, let geometry):
      return reductionGradient(kind, geometry)
    case .sgd, .adam, .velocity, .runningMean: return update
    case .moved(let sources, let filler): return moved(sources, filler: filler)
    case .random: return drawn
    case .batchedProduct(let a, let b, let product): return products(a, b, product)
    case .gather(let table, let numbers, _): return gathered(table, numbers)
    case .scatter: return scattered
    case .oneHot(_, _, let counts): return classes(counts: counts)
    case .alongAxis(let function, _, let place): return alongAxis(function, place)
    case .alongAxisGradient(let function, _, _, _, _): return alongAxisGradient(function)
    }
  }

  // MARK: Numbers

  func tensor(_ value: Value) -> [Float]? {
    (moment.operands + moment.results).first { $0.value == value }?.tensor.scalars
  }

  func symbol(_ value: Value) -> String { moment.plan[value].symbol }

  func integer(_ value: Int) -> String { NumberFormat.integer(value) }

  func compact(_ value: Float) -> String { NumberFormat.compact(value) }

  static func count(_ count: Int, _ noun: String) -> String {
    let ending = count == 1 ? "" : noun.hasSuffix("s") ? "es" : "s"
    return "\(NumberFormat.integer(count)) \(noun)\(ending)"
  }

  func place(_ offset: Int) -> String {
    CellExplainer.subscript(numbers.shape.index(ofOffset: offset))
  }

  /// The number of the largest size, when there is just one and it is not 0.
  var strongest: [String] {
    let sizes = numbers.scalars.map { abs($0) }
    guard sizes.count > 1, let most = sizes.max(), most > 0,
      sizes.count(where: { $0 == most }) == 1, let offset = sizes.firstIndex(of: most)
    else { return [] }
    let own = moment.plan[result.value].symbol
    return [
      "The largest of the \(integer(numbers.count)) in size is \(own)\(place(offset)) = "
        + "\(compact(numbers.scalars[offset]))."
    ]
  }

  /// How many numbers are 0, when some are.
  var zeros: Int { numbers.scalars.count { $0 == 0 } }

  // MARK: Sums

  private func sum(_ sources: [TermSource]) -> [String] {
    if sources.count == 1 {
      switch sources[0] {
      case .product(let a, true, let b, _): return weightGradient(a, b)
      case .product(let a, false, let b, true): return inputGradient(a, b)
      case .product(let a, false, let b, false): return product(a, b)
      case .column(let x): return columnSum(x)
      case .elements(let all) where all.count == 2: return elements(all)
      case .elements(let all) where all.count == 1:
        return ["The numbers of \(symbol(all[0])), handed on as they are."] + strongest
      case .block(let a, let b, _): return block(a, b)
      case .squares(let x):
        return ["The squares of all numbers of \(symbol(x)), added."] + strongest
      case .elements, .bias, .biasPart, .columnPart: return strongest
      }
    }
    for case .bias(let b) in sources { return bias(b, sources.count) }
    return ["The contributions are added."] + strongest
  }

  private func product(_ a: Value, _ b: Value) -> [String] {
    let inner = a.shape.last
    return [
      "Each row of \(symbol(a)) becomes \(Self.count(b.shape.last, "number")): each is the sum of "
        + "\(Self.count(inner, "input")) times \(inner == 1 ? "its weight" : "their weights")."
    ] + strongest
  }

  private func weightGradient(_ x: Value, _ dy: Value) -> [String] {
    let rows = x.shape.rows
    let (xs, ds) = (symbol(x), symbol(dy))
    var sentences =
      rows == 1
      ? ["Weight [i,j] gets \(xs)[i] × \(ds)[j]."]
      : ["Weight [i,j] gets \(xs)[n,i] × \(ds)[n,j], added over \(integer(rows)) \(rowNoun(x))s n."]
    if rows == 1, let size = tensor(x)?.map({ abs($0) }), let most = size.max(), most > 0,
      size.count > 1, size.count(where: { $0 == most }) == 1, let row = size.firstIndex(of: most),
      numbers.scalars.contains(where: { $0 != 0 })
    {
      sentences.append(
        "|\(xs)[\(row)]| = \(compact(most)) is the largest of the \(integer(size.count)), so row "
          + "\(row) has the largest gradients.")
    }
    return sentences + zeroRows(xs, x, rows) + strongest
  }

  /// Rows of the gradient that are 0 because their input was 0 in every row of the batch.
  private func zeroRows(_ name: String, _ x: Value, _ rows: Int) -> [String] {
    guard let inputs = tensor(x), rows > 1 else { return [] }
    let width = x.shape.last
    let silent = (0..<width).count { column in
      (0..<rows).allSatisfy { inputs[$0 * width + column] == 0 }
    }
    guard silent > 0 else { return [] }
    return [
      "\(integer(silent)) of its \(Self.count(width, "row")) \(silent == 1 ? "is" : "are") 0: "
        + "\(name) was 0 there in all \(integer(rows)) \(rowNoun(x))s."
    ]
  }

  /// What a row of an array stands for, where it has rows of another kind beside it.
  private func rowNoun(_ x: Value) -> String {
    x.shape.rank == 2 && x.shape.extents.first == moment.plan.batchSize ? "example" : "row"
  }

  private func inputGradient(_ dy: Value, _ w: Value) -> [String] {
    let count = dy.shape.last
    return [
      "How the loss changes with an input: the gradient of "
        + (count == 1 ? "the one output times its weight." : "each of \(integer(count)) outputs ")
        + (count == 1 ? "" : "times the weight to it, added.")
    ] + strongest
  }

  private func columnSum(_ x: Value) -> [String] {
    let rows = x.shape.rows
    let first =
      rows == 1
      ? "A bias is added as it is, so its gradient is that of the output."
      : "A bias acts on all \(integer(rows)) rows alike, so its gradient is their sum."
    let positive = numbers.scalars.count { $0 > 0 }
    let negative = numbers.scalars.count { $0 < 0 }
    let signs =
      numbers.count > 1 && positive + negative > 0
      ? [
        "Above 0: \(integer(positive)) of \(integer(numbers.count)); below: \(integer(negative))."
      ]
      : []
    return [first] + signs + strongest
  }

  private func bias(_ b: Value, _ sources: Int) -> [String] {
    guard let numbers = tensor(b) else { return strongest }
    if numbers.allSatisfy({ $0 == 0 }), sources == 2 {
      return ["\(symbol(b)) is 0 everywhere, so nothing changes yet."] + strongest
    }
    if sources > 2 {
      return [
        "\(integer(sources)) contributions are added; \(symbol(b)) is the same in every row."
      ] + strongest
    }
    let same =
      numbers.count == 1
      ? "The same number is" : "The same \(Self.count(numbers.count, "number")) are"
    // The biases of heads have an axis for the heads.
    let place =
      b.shape.rank > 1
      ? "each block of \(b.shape.extents.map { integer($0) }.joined(separator: " × "))"
      : "every row"
    return [same + " added to \(place)."] + strongest
  }

  private func elements(_ all: [Value]) -> [String] {
    guard let mask = all.first(where: { symbol($0) == "mask" }), let kept = tensor(mask) else {
      return ["Numbers at the same place are multiplied."] + strongest
    }
    let dropped = kept.count { $0 == 0 }
    var sentences = [
      "\(Self.count(dropped, "number")) of \(integer(kept.count)) "
        + "\(dropped == 1 ? "is" : "are") dropped in this step."
    ]
    let factors = Set(kept.filter { $0 != 0 })
    if factors.count == 1, let factor = factors.first {
      sentences.append(
        "The others are multiplied by \(compact(factor)), so that the mean stays about the same.")
    }
    return sentences
  }

  // MARK: Functions

  private func function(_ f: ScalarFunction, _ x: Value) -> [String] {
    switch f {
    case .relu: return relu
    case .sigmoid: return saturated(above: { $0 > 0.99 || $0 < 0.01 }, "0 and 1", "0.01 of an end")
    case .tanh: return saturated(above: { abs($0) > 0.99 }, "−1 and 1", "0.01 of an end")
    case .linear, .exp: return strongest
    }
  }

  private var relu: [String] {
    let count = numbers.count
    let open = numbers.scalars.count { $0 > 0 }
    var sentences = [
      "\(integer(open)) of \(Self.count(count, "number")) \(open == 1 ? "was" : "were") above 0 "
        + "and passed; relu made the others 0."
    ]
    let unsound = numbers.scalars.count(where: \.isNaN)
    if unsound > 0 {
      sentences = [
        "\(integer(open)) of \(Self.count(count, "number")) \(open == 1 ? "was" : "were") above 0 "
          + "and passed, \(integer(unsound)) \(unsound == 1 ? "is" : "are") NaN and passed too; relu "
          + "made the others 0."
      ]
    }
    let width = numbers.shape.last
    let rows = numbers.shape.rows
    let silent = (0..<width).count { column in
      (0..<rows).allSatisfy { numbers.scalars[$0 * width + column] == 0 }
    }
    if silent > 0, rows > 1 {
      sentences.append(
        "\(Self.count(silent, "unit")) of \(integer(width)) \(silent == 1 ? "is" : "are") 0 in all "
          + "\(integer(rows)) rows, so no gradient reaches \(silent == 1 ? "it" : "them") now.")
    }
    return sentences + strongest
  }

  private func saturated(
    above isSaturated: (Float) -> Bool, _ limits: String, _ ends: String
  ) -> [String] {
    let count = numbers.scalars.count(where: isSaturated)
    let first = "Every number now lies between \(limits)."
    guard count > 0 else { return [first] + strongest }
    return [
      first,
      "\(integer(count)) of \(integer(numbers.count)) \(count == 1 ? "is" : "are") within \(ends): "
        + "there the slope is small and little gradient passes.",
    ]
  }

  private func gradient(_ f: ScalarFunction, _ y: Value, _ factors: [Value]) -> [String] {
    guard let outputs = tensor(y) else { return strongest }
    switch f {
    case .relu:
      let stopped = outputs.count { $0 <= 0 }
      return [
        "\(integer(outputs.count - stopped)) of \(Self.count(outputs.count, "gradient")) "
          + "pass\(outputs.count - stopped == 1 ? "es" : "") unchanged, \(integer(stopped)) "
          + "\(stopped == 1 ? "becomes" : "become") 0: relu was 0 there."
      ] + strongest
    case .sigmoid where factors.count == 1:
      return [
        "The slope of sigmoid is at most 1/4, so every gradient shrinks to a quarter or less."
      ]
        + strongest
    case .tanh where factors.count == 1:
      return ["The slope of tanh is at most 1, so no gradient grows."] + strongest
    default: return strongest
    }
  }

  private var softmax: [String] {
    let width = numbers.shape.last
    let rows = numbers.shape.rows
    var sentences = ["Each row is now \(integer(width)) shares that add up to 1."]
    let sure = (0..<rows).count { row in
      numbers.scalars[row * width..<(row + 1) * width].contains { $0 > 0.5 }
    }
    if rows > 1 {
      sentences.append(
        "In \(integer(sure)) of \(integer(rows)) rows one share is above one half.")
    }
    return sentences + strongest
  }

  private var softmaxGradient: [String] {
    let width = numbers.shape.last
    let size = numbers.scalars.reduce(Float(0)) { max($0, abs($1)) }
    let isBalanced = (0..<numbers.shape.rows).allSatisfy { row in
      abs(numbers.scalars[row * width..<(row + 1) * width].reduce(0, +)) <= 1e-5 * size
    }
    return
      (isBalanced && size > 0
      ? ["Each row adds up to 0: what one score should gain, the others should lose."] : [])
      + strongest
  }

  // MARK: Loss

  private var loss: [String] {
    guard
      let each = (moment.operands + moment.results).first(where: {
        $0.value == moment.plan.exampleLoss
      })?.tensor.scalars, let least = each.min(), let most = each.max(), each.count > 1
    else {
      return moment.loss.map { ["The loss of the one example is \(compact($0))."] } ?? []
    }
    var sentences = [
      "L is the mean of \(integer(each.count)) losses, from \(compact(least)) to \(compact(most))."
    ]
    let width = moment.plan.output.shape.last
    if case .exampleLoss(.sparseCategoricalCrossentropy, _, _, _) = exampleRule,
      let mean = moment.loss
    {
      let even = log(Float(width))
      if mean != even {
        sentences.append(
          "Giving each of \(integer(width)) classes the same share would cost \(compact(even)): L is "
            + "\(mean < even ? "below" : "above") that.")
      }
    }
    let sorted = each.sorted(by: >)
    var sum: Float = 0
    let half = each.reduce(0, +) / 2
    let few = sorted.firstIndex {
      sum += $0; return sum >= half
    }.map { $0 + 1 }
    if let few, few * 4 <= each.count {
      // A sequence or a picture has more than one loss.
      let losses =
        each.count == moment.plan.batchSize ? Self.count(few, "example") : "\(integer(few)) of them"
      sentences.append("\(losses) \(few == 1 ? "makes" : "make") at least half of it.")
    }
    return sentences
  }

  private var exampleRule: CellRule? {
    instruction.results.first { $0.value == moment.plan.exampleLoss }?.rule
  }

  private func lossGradient(_ loss: LossFunction) -> [String] {
    let width = numbers.shape.last
    let rows = numbers.shape.rows
    if loss == .sparseCategoricalCrossentropy, width > 1 {
      let isSparse = (0..<rows).allSatisfy { row in
        numbers.scalars[row * width..<(row + 1) * width].count { $0 != 0 } == 1
      }
      if isSparse {
        return [
          "In each row only the true class has a gradient: the loss asks for nothing else."
        ] + strongest
      }
    }
    let down = numbers.scalars.count { $0 > 0 }
    let up = numbers.scalars.count { $0 < 0 }
    let level = numbers.scalars.count { $0 == 0 }
    return [
      "To lower the loss \(Self.count(up, "output")) should rise and \(integer(down)) should fall"
        + (level == 0
          ? "." : "; of \(Self.count(level, "output")) it asks nothing.")
    ] + strongest
  }
}
