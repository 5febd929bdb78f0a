import Foundation
import Tensors

// Every number as a sum over the numbers that it was made of.

extension CellExplainer {
  /// Splits one number of an instruction's result among its operands.
  package func split(_ result: InstructionResult, at offset: Int) -> CellSplit {
    split(result.rule, result.value, offset)
  }

  func split(_ rule: CellRule, _ value: Value, _ offset: Int) -> CellSplit {
    switch rule {
    case .sum, .convolution, .transposedConvolution, .convolutionInputGradient,
      .convolutionKernelGradient, .maximumGradient, .windowMean, .windowMeanGradient,
      .affineGradient, .mean, .batchedProduct, .scatter, .softmaxGradient:
      return added(body(rule, value, offset))
    case .affine, .moved, .same, .swappedAxes, .gather:
      return taken(body(rule, value, offset))
    case .columns(let blocks):
      let width = value.shape.last / blocks.count
      let (row, column) = offset.quotientAndRemainder(dividingBy: value.shape.last)
      return split(blocks[column / width], value, row * width + column % width)
    case .rows(let blocks):
      let height = value.shape.count / blocks.count
      return split(blocks[offset / height], value, offset % height)
    case .function(let f, let x): return applied(f, operand(x, offset))
    case .functionOfColumns(let f, let x, let first):
      let (row, column) = offset.quotientAndRemainder(dividingBy: value.shape.last)
      return applied(f, operand(x, row * x.shape.last + first + column))
    case .functionGradient(let f, let y, let factors):
      return slope(of: f, y, factors, offset)
    case .memoryGradient(let f, let dh, let o, let shown, let next):
      let own = slope(of: f, shown, [dh, o], offset)
      return next.map { own + term([operand($0, offset)]) } ?? own
    case .softmax(let x):
      let width = x.shape.last
      let start = offset / width * width
      return softmax(x, Array(start..<start + width), own: offset - start)
    case .maximum(let x, let geometry):
      return chosen(poolingWindow(geometry, offset).map { operand(x, $0) }) { $0 > $1 }
    case .exampleLoss(let loss, let prediction, let target, let normalizes):
      return exampleLossSplit(loss, prediction, target, normalizes, row: offset)
    case .lossGradient(let loss, let prediction, let target, let normalizes):
      return lossGradientSplit(loss, prediction, target, normalizes, offset)
    case .formula(let formula, let operands, let layout):
      return split(formula) { i in
        operand(operands[i], layout.modes[i].offset(of: offset, columns: layout.columns))
      }
    case .reduction(let kind, let x, let geometry): return reduced(kind, x, geometry, offset)
    case .reductionGradient(let kind, let x, let y, let dy, let geometry):
      return reducedGradient(kind, x, y, dy, geometry, offset)
    case .sgd, .velocity, .adam, .runningMean: return updateSplit(rule, offset)
    case .alongAxis(let function, let x, let place):
      return alongAxisSplit(function, x, place, offset)
    case .alongAxisGradient(let function, let kept, let dy, let y, let place):
      guard function == .logSumExp else { return added(body(rule, value, offset)) }
      let whole = place.reduced(offset)
      let share = exp(Double(read(kept, offset)) - Double(read(y, whole)))
      return term([operand(dy, whole)], share)
    case .oneHot(_, _, let counts):
      return counts ? added(body(rule, value, offset)) : asIs(value, offset, "class")
    case .dropoutMask, .random: return asIs(value, offset, "drawn")
    }
  }

  /// What belongs to no operand.
  private func asIs(_ value: Value, _ offset: Int, _ name: String) -> CellSplit {
    CellSplit(constant: name, Double(read(value, offset)))
  }

  // MARK: Sums

  private func added(_ body: CellExplanation.Body) -> CellSplit {
    switch body {
    case .sum(let terms):
      var split = CellSplit()
      for one in terms {
        let made = term(one.factors, example: one.example, time: one.time)
        split.parts += made.parts
        split.rest += made.rest
      }
      return split
    case .formula(_, let operands): return operands.first.map { term([$0]) } ?? CellSplit()
    }
  }

  /// A sum, or the one number that was taken, which comes first.
  private func taken(_ body: CellExplanation.Body) -> CellSplit {
    guard case .formula(let text, let operands) = body, text.hasPrefix("{}") else {
      if case .formula = body { return CellSplit(constant: "nothing", 0) }
      return added(body)
    }
    return operands.first.map { term([$0]) } ?? CellSplit()
  }

  /// A product as parts of those of its numbers that carry the signal.
  func term(
    _ factors: [Operand], _ scale: Double = 1, example: Int? = nil, time: Int? = nil
  ) -> CellSplit {
    let carriers = carriers(of: factors)
    let product = factors.reduce(scale) { $0 * Double($1.value) }
    guard !carriers.isEmpty else {
      return CellSplit(constant: factors.map(\.name).joined(separator: " × "), product)
    }
    return CellSplit(
      carriers.compactMap { carrier in
        guard let place = factors[carrier].place else { return nil }
        let others = factors.indices.reduce(scale / Double(carriers.count)) {
          $1 == carrier ? $0 : $0 * Double(factors[$1].value)
        }
        return Contribution(
          place, number: Double(factors[carrier].value), coefficient: others, example: example,
          time: time)
      })
  }

  /// Which factors a product belongs to: gradients before activations, these before weights; a gate
  /// or a mask is a weight where something else is not.
  private func carriers(of factors: [Operand]) -> [Int] {
    let placed = factors.indices.filter { factors[$0].place != nil }
    guard placed.count > 1 else { return placed }
    let ranks = placed.map { factors[$0].place.map { rank(of: $0.value) } ?? 0 }
    let most = ranks.max() ?? 0
    return zip(placed, ranks).filter { $1 == most }.map(\.0)
  }

  /// How much a value is a signal rather than a weight.
  func rank(of value: Value) -> Int {
    switch plan[value].role {
    case .gradient: 4
    case .activation, .carried, .input, .loss, .target: isGate(value) ? 2 : 3
    case .optimizerState: 1
    case .parameter, .scratch: 0
    }
  }

  /// Whether a value says how much of another passes: a gate, a mask, a share of attention.
  private func isGate(_ value: Value) -> Bool {
    guard let maker = plan.origin(of: value),
      let result = plan.instructions[maker].results.first(where: { $0.value == value })
    else { return false }
    return switch result.rule {
    case .function(.sigmoid, _), .functionOfColumns(.sigmoid, _, _), .softmax, .dropoutMask,
      .random, .oneHot, .alongAxis(.softmax, _, _):
      true
    default: false
    }
  }

  // MARK: Functions

  private func applied(_ f: ScalarFunction, _ x: Operand) -> CellSplit {
    let number = Double(x.value)
    let (y, zero, slope): (Double, Double, Double) =
      switch f {
      case .linear: (number, 0, 1)
      case .relu: (max(number, 0), 0, 0)
      case .sigmoid: (1 / (1 + exp(-number)), 0.5, 0.25)
      case .tanh: (tanh(number), 0, 1)
      case .exp: (exp(number), 1, 1)
      }
    return term([x]).mapped(f.name, y, atZero: zero, slope: slope)
  }

  /// `(product of the factors) · f'`, f' read off y: term by term where f' is a difference.
  private func slope(
    of f: ScalarFunction, _ y: Value, _ factors: [Value], _ offset: Int
  ) -> CellSplit {
    let y = Double(read(y, offset))
    let scales: [Double] =
      switch f {
      case .linear: [1]
      case .relu: [y <= 0 ? 0 : 1]
      case .sigmoid: [y, -y * y]
      case .tanh: [1, -y * y]
      case .exp: [y]
      }
    let given = factors.map { operand($0, offset) }
    return scales.reduce(CellSplit()) { $0 + term(given, $1) }
  }

  private func chosen(
    _ numbers: [Operand], _ isBetter: (Float, Float) -> Bool
  ) -> CellSplit {
    guard var best = numbers.first else { return CellSplit() }
    for number in numbers.dropFirst() where isBetter(number.value, best.value) { best = number }
    return term([best])
  }

  /// `p_j`: slopes `p_j (δ_ij − p_i)`.
  private func softmax(_ x: Value, _ cells: [Int], own: Int) -> CellSplit {
    let shares = shares(x, cells)
    let p = shares[own]
    return linearized(
      p, cells.map { operand(x, $0) },
      slopes: shares.indices.map { p * (($0 == own ? 1 : 0) - shares[$0]) })
  }

  private func shares(_ x: Value, _ cells: [Int]) -> [Double] {
    let numbers = cells.map { Double(read(x, $0)) }
    let most = numbers.max() ?? 0
    let powers = numbers.map { exp($0 - most) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  func linearized(_ y: Double, _ numbers: [Operand], slopes: [Double]) -> CellSplit {
    let tangent = zip(numbers, slopes).reduce(CellSplit()) { $0 + term([$1.0], $1.1) }
    return tangent + CellSplit(constant: "beyond the tangent", y - tangent.total)
  }

  private func alongAxisSplit(
    _ function: AxisFunction, _ x: Value, _ place: AxisPlace, _ offset: Int
  ) -> CellSplit {
    let cells = function.reduces ? place.line(ofReduced: offset) : place.line(through: offset)
    let line = cells.map { operand(x, $0) }
    let own = function.reduces ? 0 : place.index(of: offset)
    switch function {
    case .softmax: return softmax(x, cells, own: own)
    case .logSumExp, .logSoftmax:
      let shares = shares(x, cells)
      let most = line.map { Double($0.value) }.max() ?? 0
      let whole = most + log(line.reduce(0) { $0 + exp(Double($1.value) - most) })
      let sum = linearized(whole, line, slopes: shares)
      return function == .logSumExp ? sum : term([line[own]]) + sum.scaled(by: -1)
    case .cumulativeSum: return line[...own].reduce(CellSplit()) { $0 + term([$1]) }
    case .cumulativeSumBackwards: return line[own...].reduce(CellSplit()) { $0 + term([$1]) }
    case .argMax, .argMin, .argSort, .argSortDown:
      return CellSplit(
        constant: "place", Double(Self.place(function, line.map(\.value), own)))
    }
  }

  /// What a function that gives a place gives.
  private static func place(_ function: AxisFunction, _ line: [Float], _ own: Int) -> Int {
    let up = line.indices.sorted { line[$0] == line[$1] ? $0 < $1 : line[$0] < line[$1] }
    let down = line.indices.sorted { line[$0] == line[$1] ? $0 < $1 : line[$0] > line[$1] }
    return switch function {
    case .argMax: down[0]
    case .argMin: up[0]
    case .argSort: up[own]
    default: down[own]
    }
  }

  // MARK: Reductions

  private func reduced(
    _ kind: Reduction, _ x: Value, _ geometry: ReductionGeometry, _ offset: Int
  ) -> CellSplit {
    switch kind {
    case .sum, .mean: return added(reduction(kind, x, geometry, offset))
    case .maximum, .minimum:
      let numbers = geometry.places(of: offset).map { operand(x, $0) }
      return chosen(numbers) { kind == .maximum ? $0 > $1 : $0 < $1 }
    case .product:
      let numbers = geometry.places(of: offset).map { operand(x, $0) }
      return term(numbers)
    }
  }

  private func reducedGradient(
    _ kind: Reduction, _ x: Value, _ y: Value, _ dy: Value, _ geometry: ReductionGeometry,
    _ offset: Int
  ) -> CellSplit {
    let result = geometry.result(of: offset)
    let given = operand(dy, result)
    let places = geometry.places(of: result)
    switch kind {
    case .sum: return term([given])
    case .mean: return term([given], 1 / Double(geometry.count))
    case .product:
      return term([given], places.reduce(1) { $1 == offset ? $0 : $0 * Double(read(x, $1)) })
    case .maximum, .minimum:
      let best = read(y, result)
      guard read(x, offset) == best else { return term([given], 0) }
      return term([given], 1 / Double(places.count { read(x, $0) == best }))
    }
  }
}
