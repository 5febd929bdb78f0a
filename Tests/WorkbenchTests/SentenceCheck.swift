import Autodiff
import Foundation
import Tensors
import TerminalGraphics
import TestSupport
import Training

@testable import Workbench

/// Reads the numbers in a sentence of an op and finds them anew in what is shown beside it.
enum SentenceCheck {
  static func holds(_ sentence: String, _ moment: StepMoment) -> Bool {
    let x = moment.results[moment.result].tensor.scalars
    let counts = sentence.split { !$0.isNumber && $0 != "," }.compactMap {
      Int($0.replacing(",", with: ""))
    }
    for (beginning, check) in checks where sentence.has(beginning) {
      return check(sentence, counts, x, moment)
    }
    return WordsTests().check(sentence, moment) != nil
  }

  private typealias Check = @Sendable (String, [Int], [Float], StepMoment) -> Bool

  private static func operand(_ symbol: String, _ moment: StepMoment) -> [Float]? {
    moment.operands.first { $0.symbol == symbol }?.tensor.scalars
  }

  /// What numbers were multiplied with to drop some of them.
  private static func masks(_ moment: StepMoment) -> [[Float]] {
    (moment.results + moment.operands).filter { $0.symbol == "mask" }.map(\.tensor.scalars)
  }

  private static func rule(_ moment: StepMoment) -> CellRule {
    moment.plan.instructions[moment.done - 1].results[moment.result].rule
  }

  /// How far places lie apart, where they do not touch.
  private static func apart(_ g: WindowGeometry) -> [Int] {
    let most = max(g.dilationHeight, g.dilationWidth)
    return most > 1 ? [most] : []
  }

  private static func time(_ moment: StepMoment) -> Int { moment.recurrent?.time ?? -1 }
  /// Whether it is the gradient of what the layer gave out at this time step.
  private static func isOfOutput(_ operand: ShownValue, _ moment: StepMoment) -> Bool {
    operand.name.hasSuffix(".grad") && !operand.name.contains("/t\(time(moment) + 1)/")
  }

  private static func ends(_ name: String, _ moment: StepMoment) -> Bool {
    moment.results[moment.result].name.hasSuffix(name)
  }

  private static func isWide(_ count: Int, _ x: [Float], _ moment: StepMoment) -> Bool {
    x.count == count * (moment.recurrent?.units ?? 0) * moment.plan.batchSize
  }

  private static func steps(_ moment: StepMoment) -> Int { moment.recurrent?.steps ?? -1 }

  /// Whether a number is written somewhere in a sentence as the lab writes numbers.
  private static func names(_ sentence: String, _ number: Float?) -> Bool {
    number.map { sentence.has(NumberFormat.compact($0)) } ?? false
  }

  private static func share(_ sentence: String, _ number: Float?) -> Bool {
    guard let number, (0...1).contains(number) else { return false }
    return sentence.has(NumberFormat.percent(Double(number)))
  }

  /// The gate's number of the unit that the sentence names.
  private static func gate(
    _ part: RecurrentMoment.Part, _ moment: StepMoment, at time: Int? = nil
  ) -> Float? {
    guard let recurrent = moment.recurrent, let unit = recurrent.unit else { return nil }
    return recurrent.number(part, at: time ?? recurrent.time, unit: unit)
  }

  private static let checks: [(String, Check)] = [
    ("The number is ", { sentence, _, x, _ in x.count == 1 && names(sentence, x[0]) }),
    ("numbers are 0.", { _, counts, x, _ in counts == [x.count, 0] && x.allSatisfy { $0 == 0 } }),
    (
      "The largest size, ",
      { sentence, counts, x, _ in
        let most = x.map { abs($0) }.max()
        return names(sentence, most) && counts.last == x.count { abs($0) == most }
      }
    ),
    ("places drew a 0", { _, counts, x, _ in counts == [x.count { $0 == 0 }, x.count, 0] }),
    (
      "dropped in this step",
      { _, counts, _, moment in
        masks(moment).contains { mask in counts == [mask.count { $0 == 0 }, mask.count] }
      }
    ),
    (
      "The others are multiplied by",
      { sentence, _, _, moment in
        masks(moment).contains { mask in
          let kept = Set(mask.filter { $0 != 0 })
          return kept.count == 1 && names(sentence, kept.first)
        }
      }
    ),
    (
      "of an end: there the slope is small",
      { _, counts, x, moment in
        let isSigmoid = if case .function(.sigmoid, _) = rule(moment) { true } else { false }
        let near = x.count {
          isSigmoid ? $0 > 0.99 || $0 < 0.01 : abs($0) > 0.99
        }
        return counts.prefix(2) == [near, x.count]
      }
    ),
    (
      "only the largest number passes",
      { _, counts, x, moment in
        let input = Set(moment.operands.flatMap(\.tensor.scalars))
        return counts == [2, 3] && x.allSatisfy { input.contains($0) }
      }
    ),
    (
      "only its largest number gets the gradient",
      { _, counts, x, _ in
        let zeros = x.count { $0 == 0 }
        return counts == (zeros == 0 ? [] : [zeros, x.count, 0])
      }
    ),
    (
      "Each number is a window of",
      { _, counts, _, moment in
        guard case .convolution(_, let k, let g) = rule(moment) else { return false }
        let (places, filters) = (k.shape.rank - 2, moment.results[moment.result].tensor.shape.last)
        let parts = 1 < g.groups && g.groups < g.channels ? [g.groups] : []
        return counts.prefix(places + 1).reduce(1, *) * filters == k.shape.count
          && counts.dropFirst(places + 1) == [filters] + apart(g) + parts
      }
    ),
    (
      "Each number that comes in lays a filter",
      { _, counts, _, moment in
        guard case .transposedConvolution(_, let k, let g) = rule(moment) else { return false }
        let strides =
          k.shape.rank == 3 || g.strideHeight == g.strideWidth
          ? [g.strideWidth] : [g.strideHeight, g.strideWidth]
        return counts == k.shape.extents.dropLast(2) + strides + apart(g)
      }
    ),
    (
      "Each number is the mean of a window of",
      { _, counts, x, moment in
        let input = moment.operands.first?.tensor.scalars ?? []
        guard let low = input.min(), let high = input.max() else { return false }
        return counts == [2, 3] && x.allSatisfy { $0 >= low - 1e-5 && $0 <= high + 1e-5 }
      }
    ),
    (
      "A window shares its gradient equally",
      { _, _, x, moment in
        let given: Float = (moment.operands.first?.tensor.scalars ?? []).reduce(0, +)
        let shared: Float = x.reduce(0, +)
        return abs(given - shared) <= 1e-3
      }
    ),
    (
      "is read from where its picture's A points",
      { _, _, x, moment in
        // Beyond the pictures of the catalog lies 0.5.
        let input: [Float] = (moment.operands.first?.tensor.scalars ?? []) + [0.5]
        guard let low = input.min(), let high = input.max() else { return false }
        return x.allSatisfy { $0 >= low - 1e-4 && $0 <= high + 1e-4 }
      }
    ),
    (
      "gets the gradients of all pixels that were read from it",
      { _, _, x, moment in
        moment.plan.instructions[moment.done - 1].phase == .backward && !x.isEmpty
      }
    ),
    (
      "A filter is used at",
      { _, counts, _, moment in
        guard case .convolutionKernelGradient(_, let dy, _) = rule(moment) else { return false }
        return counts == [dy.shape.rows / dy.shape[0], dy.shape[0]]
      }
    ),
    (
      "hears of the loss from every window",
      { _, _, x, moment in
        moment.plan.instructions[moment.done - 1].phase == .backward && !x.isEmpty
      }
    ),
    (
      "velocities have the sign",
      { _, counts, _, moment in
        guard let update = ParameterUpdate(moment), update.state.count == 1 else { return false }
        let both = zip(update.state[0].after.scalars, update.gradient?.scalars ?? [])
        return counts == [both.count { $0 * $1 > 0 }, update.before.count]
      }
    ),
    (
      "another shape",
      { _, _, x, moment in
        moment.operands.first?.tensor.scalars.sorted() == x.sorted()
          || moment.results.contains { $0.tensor.scalars == x }
      }
    ),
    (
      "at other places: none changes",
      { _, _, x, moment in moment.operands.flatMap(\.tensor.scalars).sorted() == x.sorted() }
    ),
    (
      "The numbers as they were; the other",
      { sentence, _, x, moment in
        guard case .moved(let sources, let filler) = rule(moment) else { return false }
        let moved = sources.reduce(0) { $0 + $1.move.count }
        return names(sentence, Float(filler)) && x.count { $0 == Float(filler) } >= x.count - moved
          && sentence.has(NumberFormat.integer(x.count - moved))
      }
    ),
    (
      "Numbers are copied to more places",
      { _, _, x, moment in
        let all = moment.operands.flatMap(\.tensor.scalars)
        return all.count < x.count && Set(x).isSubset(of: Set(all))
      }
    ),
    (
      "A part of the numbers, as they were",
      { _, _, x, moment in
        let all = moment.operands.flatMap(\.tensor.scalars)
        return all.count >= x.count && Set(x).isSubset(of: Set(all))
      }
    ),
    (
      "of it by what it put out before, the rest",
      { sentence, _, x, moment in
        share(sentence, gate(.z, moment)) && names(sentence, x[moment.cell])
          && names(sentence, gate(.g, moment))
      }
    ),
    ("For each unit two sums", { _, _, x, moment in isWide(2, x, moment) && ends("/s", moment) }),
    ("For each unit two gradients", { _, _, x, moment in isWide(2, x, moment) }),
    ("outputs of the step before add", { _, _, _, moment in ends("/v", moment) }),
    ("The sum that the candidate", { _, _, _, moment in ends("/q", moment) }),
    ("What the reset gate lets through", { _, _, _, moment in ends("/reset", moment) }),
    ("The candidate counts as far", { _, _, _, moment in ends("/q.grad", moment) }),
    ("Behind the reset gate", { _, _, _, moment in ends("/v.grad", moment) }),
    ("was kept by z", { _, _, _, moment in ends("/h_by_z.grad", moment) }),
    ("also acted through the reset", { _, _, _, moment in ends("/h_by_r.grad", moment) }),
    ("comes in its place", { _, _, _, moment in ends("/change", moment) }),
    ("as far as the forget gate kept", { _, _, _, moment in ends("/c_before.grad", moment) }),
    (
      "handed on as they are",
      { _, _, x, moment in moment.operands.first?.tensor.scalars == x }
    ),
    (
      "gets the gradients of its copies",
      { _, _, x, moment in
        guard case .sum(let terms)? = moment.explanation?.body else { return false }
        return moment.operands.count == 1 && moment.operands[0].tensor.count > x.count
          && terms.allSatisfy { $0.factors.count == 1 }
      }
    ),
    (
      "The same number everywhere",
      { _, _, x, moment in moment.operands.isEmpty && Set(x).count <= 1 }
    ),
    (
      "One formula for every number",
      { sentence, _, _, moment in
        guard case .formula = rule(moment) else { return false }
        return moment.operands.contains { sentence.has($0.symbol) }
      }
    ),
    (
      "Each number is the average of",
      { _, counts, x, moment in
        guard case .reduction(.mean, let input, let g) = rule(moment) else { return false }
        return counts == [g.count] && x.count * g.count == input.shape.count
      }
    ),
    (
      "Each number is the sum of",
      { sentence, counts, x, moment in
        switch rule(moment) {
        case .reduction(.sum, let input, let g):
          counts == [g.count] && x.count * g.count == input.shape.count
        case .alongAxis(.cumulativeSum, _, _): sentence.has("up to its place")
        case .alongAxis(.cumulativeSumBackwards, _, _): sentence.has("from its place")
        default: false
        }
      }
    ),
    (
      "Each number is the largest of",
      { _, counts, x, moment in
        guard case .reduction(.maximum, let input, let g) = rule(moment) else { return false }
        let all = Set(operand(moment.plan[input].symbol, moment) ?? [])
        return counts == [g.count] && x.allSatisfy { all.contains($0) }
      }
    ),
    (
      "Each number is the smallest of",
      { _, counts, x, moment in
        guard case .reduction(.minimum, let input, let g) = rule(moment) else { return false }
        let all = Set(operand(moment.plan[input].symbol, moment) ?? [])
        return counts == [g.count] && x.allSatisfy { all.contains($0) }
      }
    ),
    (
      "Each number is the product of",
      { _, counts, x, moment in
        guard case .reduction(.product, let input, let g) = rule(moment) else { return false }
        return counts == [g.count] && x.count * g.count == input.shape.count
      }
    ),
    (
      "Every one of",
      { _, counts, x, moment in
        guard case .reductionGradient(_, _, _, let dy, let g) = rule(moment) else { return false }
        return counts == [g.count] && x.count == dy.shape.count * g.count
      }
    ),
    (
      "numbers gets the gradient; the others get 0",
      { _, counts, x, moment in
        guard case .reductionGradient(_, _, _, let dy, let g) = rule(moment) else { return false }
        return counts == [g.count, 0] && x.count { $0 != 0 } <= dy.shape.count
      }
    ),
    (
      "A factor's gradient is multiplied",
      { _, _, _, moment in
        if case .reductionGradient(.product, _, _, _, _) = rule(moment) { true } else { false }
      }
    ),
    (
      "pair by pair, added",
      { _, _, _, moment in
        guard case .batchedProduct = rule(moment), case .sum(let terms)? = moment.explanation?.body
        else { return false }
        return terms.allSatisfy { $0.factors.count == 2 }
      }
    ),
    (
      "they are taken as they are",
      { _, _, x, moment in
        guard case .gather(let table, _, _) = rule(moment) else { return false }
        let all = Set(operand(moment.plan[table].symbol, moment) ?? [])
        return x.allSatisfy { all.contains($0) }
      }
    ),
    (
      "A place of the table gets the gradients",
      { _, _, _, moment in if case .scatter = rule(moment) { true } else { false } }
    ),
    ("A place for each class", { _, _, x, _ in x.allSatisfy { $0 == 0 || $0 == 1 } }),
    ("how often it is among", { _, _, x, _ in x.allSatisfy { $0 == $0.rounded() && $0 >= 0 } }),
    (
      "shares that add up to 1",
      { _, counts, x, moment in
        let width: Int
        switch rule(moment) {
        case .softmax: width = moment.results[moment.result].tensor.shape.last
        case .alongAxis(.softmax, _, let place): width = place.extent
        default: return false
        }
        let sum = x.reduce(0, +)
        return counts.first == width && x.allSatisfy { (0...1).contains($0) }
          && abs(sum - Float(x.count / width)) < 1e-3
      }
    ),
    (
      "Logarithms of shares",
      { _, counts, x, moment in
        guard case .alongAxis(.logSoftmax, _, let place) = rule(moment) else { return false }
        let sum = x.reduce(0) { $0 + exp($1) }
        return counts == [place.extent, 1] && abs(sum - Float(x.count / place.extent)) < 1e-3
      }
    ),
    (
      "A smooth maximum of",
      { _, counts, x, moment in
        guard case .alongAxis(.logSumExp, _, let place) = rule(moment) else { return false }
        return counts == [place.extent]
      }
    ),
    (
      "Where among",
      { _, counts, x, moment in
        guard case .alongAxis(_, _, let place) = rule(moment) else { return false }
        return counts == [place.extent, 0]
          && x.allSatisfy { $0 >= 0 && $0 < Float(place.extent) && $0 == $0.rounded() }
      }
    ),
    (
      "The places of",
      { _, counts, x, moment in
        guard case .alongAxis(_, _, let place) = rule(moment) else { return false }
        return counts == [place.extent]
          && x.allSatisfy { $0 >= 0 && $0 < Float(place.extent) && $0 == $0.rounded() }
      }
    ),
    (
      "Shares compete",
      { _, _, x, _ in
        abs(x.reduce(0, +)) <= 1e-4 * max(1, x.reduce(0) { $0 + abs($1) })
      }
    ),
    (
      "A gradient less its share",
      { _, _, _, moment in
        if case .alongAxisGradient(.logSoftmax, _, _, _, _) = rule(moment) { true } else { false }
      }
    ),
    (
      "in the share that it has in the smooth maximum",
      { _, _, _, moment in
        if case .alongAxisGradient = rule(moment) { true } else { false }
      }
    ),
    (
      "side by side, each made by itself",
      { _, counts, _, moment in
        switch rule(moment) {
        case .columns(let parts), .rows(let parts): counts == [parts.count]
        default: false
        }
      }
    ),
    (
      "Sums of products of",
      { _, _, _, moment in
        guard case .sum(let terms)? = moment.explanation?.body else { return false }
        return terms.allSatisfy { $0.factors.count == 2 }
      }
    ),
    (
      "The squares of all numbers",
      { _, _, x, _ in x.count == 1 && x[0] >= 0 }
    ),
    (
      "as the state that the layer gives on",
      { _, _, _, moment in time(moment) == steps(moment) - 1 }
    ),
    ("Drawn anew in every step", { _, _, _, moment in moment.operands.isEmpty }),
    ("of its candidate in at this", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    ("of what it put out before", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    ("act on its candidate", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    ("of what its memory gives", { sentence, _, x, moment in share(sentence, x[moment.cell]) }),
    (
      "of its memory at this time step",
      { sentence, _, x, moment in
        let start = moment.plan.value(named: (moment.recurrent?.layer ?? "") + "/c_start")
        let isGiven = start.flatMap { moment.plan.origin(of: $0) } != nil
        return share(sentence, x[moment.cell]) && (time(moment) > 0 || isGiven)
      }
    ),
    ("Before t = 0 the memory is 0", { _, _, _, moment in moment.recurrent?.time == 0 }),
    (
      "The product of its forget gates",
      { sentence, _, _, moment in
        let gates = (1...time(moment)).compactMap { gate(.f, moment, at: $0) }
        return gates.count == time(moment)
          && names(sentence, Float(gates.reduce(1) { $0 * Double($1) }))
      }
    ),
    (
      "The candidate of unit",
      { sentence, _, x, moment in
        guard names(sentence, x[moment.cell]) else { return false }
        return sentence.hasSuffix("into the memory.") ? share(sentence, gate(.i, moment)) : true
      }
    ),
    (
      "begins with",
      { sentence, _, x, moment in
        moment.recurrent?.time == 0 && names(sentence, x[moment.cell])
      }
    ),
    ("stays about", { sentence, _, x, moment in names(sentence, x[moment.cell]) }),
    (
      "The memory of unit",
      { sentence, _, x, moment in
        guard let time = moment.recurrent?.time, let old = gate(.c, moment, at: time - 1) else {
          return false
        }
        let new = x[moment.cell]
        let change =
          old * new < 0 ? "changes its sign" : abs(new) > abs(old) ? "grows" : "shrinks"
        return sentence.has(change) && names(sentence, old) && names(sentence, new)
      }
    ),
    (
      "which its memory gives",
      { sentence, _, x, moment in
        guard
          let shown = moment.results.first(where: { $0.name.hasSuffix("/shown") })?.tensor.scalars
        else { return false }
        return names(sentence, x[moment.cell]) && share(sentence, gate(.o, moment))
          && names(sentence, shown[moment.cell])
      }
    ),
    (
      "The last time step: the gradient",
      { _, _, _, moment in
        time(moment) == steps(moment) - 1
      }
    ),
    (
      "Nothing used this output",
      { _, _, _, moment in
        time(moment) < steps(moment) - 1 && moment.operands.allSatisfy { !isOfOutput($0, moment) }
      }
    ),
    (
      "The gradient comes from what uses",
      { _, _, _, moment in
        time(moment) < steps(moment) - 1 && moment.operands.contains { isOfOutput($0, moment) }
      }
    ),
    (
      "its largest number for this example has",
      { sentence, _, _, moment in
        let row = moment.recurrent?.row(.outputGradient)
        func size(_ time: Int) -> Float? { row?.numbers[time]?.map { abs($0) }.max() }
        guard let then = size(steps(moment) - 1), let now = size(time(moment)) else {
          return false
        }
        return sentence.has(now < then ? "shrunk" : "grown") && names(sentence, then)
          && names(sentence, now)
      }
    ),
    (
      "At the last time step the memory acts",
      { _, _, _, moment in
        time(moment) == steps(moment) - 1
      }
    ),
    (
      "The memory acts on the loss in two ways",
      { _, _, _, moment in
        time(moment) < steps(moment) - 1
      }
    ),
    (
      "For each unit four gradients",
      { _, _, x, moment in
        x.count == 4 * (moment.recurrent?.units ?? 0) * moment.plan.batchSize
      }
    ),
    (
      "contributions are added; ",
      { _, counts, _, moment in
        guard case .sum(let sources) = rule(moment) else { return false }
        return counts.first == sources.count
          && sources.contains { if case .bias = $0 { true } else { false } }
      }
    ),
    (
      " of itself, λ × lr,",
      { sentence, _, x, moment in
        guard let before = moment.before.first?.tensor.scalars, before.count == x.count,
          let share = sentence.split(separator: " ").compactMap({ Float($0) }).last
        else { return false }
        return zip(x, before).allSatisfy {
          abs($0 - $1 * (1 - share)) <= (0.01 * share + 1e-6) * abs($1)
        }
      }
    ),
    (
      "The contributions are added",
      { _, _, _, moment in
        if case .sum(let terms)? = moment.explanation?.body { terms.count > 0 } else { false }
      }
    ),
    (
      "Numbers at the same place are multiplied",
      { _, _, _, moment in
        if case .sum(let terms)? = moment.explanation?.body {
          terms.count == 1 && terms[0].factors.count == 2
        } else {
          false
        }
      }
    ),
    (
      "should rise and",
      { _, counts, x, _ in
        counts == [x.count { $0 < 0 }, x.count { $0 > 0 }]
      }
    ),
  ]
}
