import Tensors

/// A number of an operand, by name and value.
package struct Operand: Hashable, Sendable {
  /// `h[3,40]`, or `b[11]`.
  package let name: String
  package let value: Float

  package init(_ name: String, _ value: Float) {
    self.name = name
    self.value = value
  }
}

/// One term of a sum: numbers that are multiplied.
package struct SumTerm: Hashable, Sendable {
  package let factors: [Operand]
  /// The row of the batch it belongs to, when the sum runs over examples.
  package let example: Int?

  package init(_ factors: [Operand], example: Int? = nil) {
    self.factors = factors
    self.example = example
  }

  /// The product, in Float64 so that a sum of many terms can be compared with its value.
  package var product: Double { factors.reduce(1) { $0 * Double($1.value) } }
}

/// How one number came about.
package struct CellExplanation: Hashable, Sendable {
  package enum Body: Hashable, Sendable {
    /// The number is the sum of these terms.
    case sum([SumTerm])
    /// The number is a formula of these; the text has a `{}` for each, in order.
    case formula(String, [Operand])
  }

  /// `dense_1/kernel.grad[40,11]`.
  package let name: String
  package let symbol: String
  /// The whole array's formula: `∂L/∂W = hᵀ · ∂L/∂z`.
  package let formula: String
  package let body: Body
  package let result: Float

  /// What the body gives in Float64; agrees with `result` up to Float32 rounding.
  package var recomputed: Double? {
    guard case .sum(let terms) = body else { return nil }
    return terms.reduce(0) { $0 + $1.product }
  }
}

/// Opens any number of a plan: reads its operands and says how they make it.
package struct CellExplainer {
  private let plan: Plan
  private let read: (Value, Int) -> Float
  private let environment: StepEnvironment

  /// - Parameter read: the number of a value at a row-major offset, as it was *before* the
  ///   instruction ran where the instruction overwrites it.
  package init(
    _ plan: Plan, environment: StepEnvironment, read: @escaping (Value, Int) -> Float
  ) {
    self.plan = plan
    self.environment = environment
    self.read = read
  }

  /// Explains one number of an instruction's result.
  package func explain(
    _ result: InstructionResult, at offset: Int, value number: Float
  ) -> CellExplanation {
    let info = plan[result.value]
    let index = result.value.shape.index(ofOffset: offset)
    return CellExplanation(
      name: info.name + Self.subscript(index), symbol: info.symbol, formula: result.formula,
      body: body(result.rule, result.value, offset), result: number)
  }

  /// `[3,40]`, nothing for a single number.
  package static func `subscript`(_ index: [Int]) -> String {
    index.isEmpty ? "" : "[" + index.map(String.init).joined(separator: ",") + "]"
  }

  private func operand(_ value: Value, _ offset: Int) -> Operand {
    let index = value.shape.index(ofOffset: offset)
    // `L[n]`, the loss of each example, is `L[3]` of the one at place 3.
    let symbol = plan[value].symbol
    let base = symbol.hasSuffix("[n]") ? String(symbol.dropLast(3)) : symbol
    return Operand(base + Self.subscript(index), read(value, offset))
  }

  private func body(_ rule: CellRule, _ value: Value, _ offset: Int) -> CellExplanation.Body {
    switch rule {
    case .sum(let sources):
      return .sum(sources.flatMap { terms($0, value, offset) })
    case .function(let f, let x): return .formula("\(f.name)({})", [operand(x, offset)])
    case .functionGradient(let f, let y, let factors):
      return functionGradient(f, y, factors, offset)
    case .softmax(let x): return softmax(x, offset)
    case .softmaxGradient(let y, let dy): return softmaxGradient(y, dy, offset)
    case .same(let x): return .formula("{}", [operand(x, offset)])
    case .swappedAxes(let x):
      let index = value.shape.index(ofOffset: offset)
      let source = [index[1], index[0]] + index.dropFirst(2)
      return .formula("{}", [operand(x, x.shape.offset(of: source) ?? 0)])
    case .dropoutMask(let rate):
      return .formula(
        "0 with probability {}, else 1/(1 − rate), drawn for (seed, layer, step, place)",
        [Operand("rate", Float(rate))])
    case .convolution, .convolutionInputGradient, .convolutionKernelGradient:
      return .sum(convolutionTerms(rule, value, offset))
    case .maximum(let x, let geometry):
      let window = poolingWindow(geometry, offset).map { operand(x, $0) }
      return .formula("max(" + window.map { _ in "{}" }.joined(separator: ", ") + ")", window)
    case .maximumGradient(let x, let y, let dy, let geometry):
      return .sum(maximumGradientTerms(x, y, dy, geometry, offset))
    case .exampleLoss(let loss, let prediction, let target, let normalizes):
      return exampleLoss(loss, prediction, target, normalizes, row: offset)
    case .mean(let x):
      let share = Operand("1/\(x.shape.count)", 1 / Float(x.shape.count))
      return .sum((0..<x.shape.count).map { SumTerm([operand(x, $0), share], example: $0) })
    case .lossGradient(let loss, let prediction, let target, let normalizes):
      return lossGradient(loss, prediction, target, normalizes, offset)
    case .memoryGradient(let dh, let o, let tanhC, let next):
      let ends = next.map { [operand($0, offset)] } ?? []
      return .formula(
        "{} × {} × (1 − {}²)" + (ends.isEmpty ? "" : " + {}"),
        [operand(dh, offset), operand(o, offset), operand(tanhC, offset)] + ends)
    case .sgd, .velocity, .adam, .runningMean: return update(rule, offset)
    }
  }

  // MARK: Sums

  private func terms(_ source: TermSource, _ value: Value, _ offset: Int) -> [SumTerm] {
    let columns = value.shape.last
    switch source {
    case .elements(let all): return [SumTerm(all.map { operand($0, offset) })]
    case .bias(let b): return [SumTerm([operand(b, offset % columns)])]
    case .column(let x):
      let width = x.shape.last
      return (0..<x.shape.rows).map { row in
        SumTerm([operand(x, row * width + offset)], example: example(x, row))
      }
    case .product(let a, let aTransposed, let b, let bTransposed):
      let (aWidth, bWidth) = (a.shape.last, b.shape.last)
      let inner = aTransposed ? a.shape.rows : aWidth
      let (i, j) = offset.quotientAndRemainder(
        dividingBy: bTransposed ? b.shape.rows : bWidth)
      return (0..<inner).map { k in
        SumTerm(
          [
            operand(a, aTransposed ? k * aWidth + i : i * aWidth + k),
            operand(b, bTransposed ? j * bWidth + k : k * bWidth + j),
          ], example: aTransposed ? example(a, k) : nil)
      }
    }
  }

  /// The example of the batch that a row belongs to, when rows are examples.
  private func example(_ value: Value, _ row: Int) -> Int? {
    guard let first = value.shape.extents.first, first == plan.batchSize else { return nil }
    return row / max(value.shape.rows / max(first, 1), 1)
  }

  // MARK: Functions

  private func functionGradient(
    _ f: ScalarFunction, _ y: Value, _ factors: [Value], _ offset: Int
  ) -> CellExplanation.Body {
    let given = factors.map { operand($0, offset) }
    let product = given.map { _ in "{}" }.joined(separator: " × ")
    let own = operand(y, offset)
    switch f {
    case .linear: return .sum([SumTerm(given)])
    case .relu:
      return own.value > 0
        ? .formula("\(product) × 1, because {} > 0", given + [own])
        : .formula("\(product) × 0, because {} is not > 0", given + [own])
    case .sigmoid: return .formula("\(product) × {} × (1 − {})", given + [own, own])
    case .tanh: return .formula("\(product) × (1 − {}²)", given + [own])
    case .exp: return .formula("\(product) × {}", given + [own])
    }
  }

  private func row(of value: Value, at offset: Int) -> Range<Int> {
    let width = value.shape.last
    let start = offset / width * width
    return start..<start + width
  }

  private func softmax(_ x: Value, _ offset: Int) -> CellExplanation.Body {
    let row = row(of: x, at: offset).map { operand(x, $0) }
    let own = operand(x, offset)
    return .formula(
      "e^{} / (" + row.map { _ in "e^{}" }.joined(separator: " + ") + ")", [own] + row)
  }

  private func softmaxGradient(_ y: Value, _ dy: Value, _ offset: Int) -> CellExplanation.Body {
    let row = row(of: y, at: offset)
    let own = operand(y, offset)
    // y[j] dy[j] − Σ_i y[j] y[i] dy[i], as one sum so that it can be added up.
    return .sum(
      [SumTerm([own, operand(dy, offset)])]
        + row.map { SumTerm([Operand("−1", -1), own, operand(y, $0), operand(dy, $0)]) })
  }

  // MARK: Losses

  private func exampleLoss(
    _ loss: LossFunction, _ prediction: Value, _ target: Value, _ normalizes: Bool, row: Int
  ) -> CellExplanation.Body {
    let width = prediction.shape.last
    let cells = row * width..<(row + 1) * width
    switch loss {
    case .meanSquaredError:
      let share = Operand("1/\(width)", 1 / Float(width))
      return .formula(
        "(" + cells.map { _ in "({} − {})²" }.joined(separator: " + ") + ") × {}",
        cells.flatMap { [operand(prediction, $0), operand(target, $0)] } + [share])
    case .binaryCrossentropy:
      let parts = cells.map { read(target, $0) }
      let simple = parts.allSatisfy { $0 == 0 || $0 == 1 } && width == 1
      let own = operand(prediction, cells.lowerBound)
      if simple { return .formula(parts[0] == 1 ? "−log {}" : "−log(1 − {})", [own]) }
      return .formula(
        "−(" + cells.map { _ in "{} log {} + (1 − {}) log(1 − {})" }.joined(separator: " + ")
          + ") / \(width)",
        cells.flatMap { cell in
          let (y, t) = (operand(prediction, cell), operand(target, cell))
          return [t, y, t, y]
        })
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
      let sum =
        normalizes ? " / (" + cells.map { _ in "{}" }.joined(separator: " + ") + ")" : ""
      let all = normalizes ? cells.map { operand(prediction, $0) } : []
      if loss == .sparseCategoricalCrossentropy {
        let chosen = operand(prediction, cells.lowerBound + Int(read(target, row)))
        return .formula(normalizes ? "−log({}\(sum))" : "−log {}", [chosen] + all)
      }
      let counted = cells.filter { read(target, $0) != 0 }
      return .formula(
        "−(" + counted.map { _ in "{} log({}\(sum))" }.joined(separator: " + ") + ")",
        counted.flatMap { [operand(target, $0), operand(prediction, $0)] + all })
    }
  }

  private func lossGradient(
    _ loss: LossFunction, _ prediction: Value, _ target: Value, _ normalizes: Bool, _ offset: Int
  ) -> CellExplanation.Body {
    let (row, column) = offset.quotientAndRemainder(dividingBy: prediction.shape.last)
    let (n, width) = (prediction.shape.rows, prediction.shape.last)
    let y = operand(prediction, offset)
    let t =
      loss == .sparseCategoricalCrossentropy
      ? Operand("t[\(row)] = \(column)", Int(read(target, row)) == column ? 1 : 0)
      : operand(target, offset)
    switch loss {
    case .meanSquaredError: return .formula("2 ({} − {}) / \(n * width)", [y, t])
    case .binaryCrossentropy:
      return .formula("({} − {}) / ({} (1 − {})) / \(n * width)", [y, t, y, y])
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
      let cells = row * width..<(row + 1) * width
      guard normalizes else { return .formula("−{} / {} / \(n)", [t, y]) }
      let all = cells.map { operand(prediction, $0) }
      return .formula(
        "(1 / (" + all.map { _ in "{}" }.joined(separator: " + ") + ") − {} / {}) / \(n)",
        all + [t, y])
    }
  }

  // MARK: Updates

  private func update(_ rule: CellRule, _ offset: Int) -> CellExplanation.Body {
    let rate = Operand("lr", Float(environment.learningRate))
    switch rule {
    case .sgd(let w, let g, nil, _, _):
      return .formula("{} − {} × {}", [operand(w, offset), rate, operand(g, offset)])
    case .sgd(let w, let g, .some(let v), let momentum, let nesterov):
      let mu = Operand("μ", Float(momentum))
      let step = [mu, operand(v, offset), rate, operand(g, offset)]
      return nesterov
        ? .formula(
          "{} + {} × ({} × {} − {} × {}) − {} × {}",
          [operand(w, offset), mu] + step + [rate, operand(g, offset)])
        : .formula("{} + {} × {} − {} × {}", [operand(w, offset)] + step)
    case .velocity(let v, let g, let momentum):
      return .formula(
        "{} × {} − {} × {}",
        [Operand("μ", Float(momentum)), operand(v, offset), rate, operand(g, offset)])
    case .runningMean(let m, let g, let beta, let power):
      return .formula(
        "{} × {} + {} × {}" + (power == 2 ? "²" : ""),
        [
          Operand("β", Float(beta)), operand(m, offset), Operand("1 − β", Float(1 - beta)),
          operand(g, offset),
        ])
    case .adam(let w, let g, let m, let v, let beta1, let beta2, let epsilon):
      // m and v as this update makes them.
      let (old, gradient) = (operand(w, offset), Double(read(g, offset)))
      let newM = beta1 * Double(read(m, offset)) + (1 - beta1) * gradient
      let newV = beta2 * Double(read(v, offset)) + (1 - beta2) * gradient * gradient
      return .formula(
        "{} − {} × {} / ({} + {})",
        [
          old, Operand("α", Float(adamRate(beta1, beta2))), Operand("m", Float(newM)),
          Operand("√v", Float(newV.squareRoot())), Operand("ε", Float(epsilon)),
        ])
    default: preconditionFailure("not an update")
    }
  }

  /// `α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ)`, t the number of this update, counted from 1.
  private func adamRate(_ beta1: Double, _ beta2: Double) -> Double {
    var (p1, p2) = (1.0, 1.0)
    for _ in 0...environment.step { (p1, p2) = (p1 * beta1, p2 * beta2) }
    return environment.learningRate * (1 - p2).squareRoot() / (1 - p1)
  }

  // MARK: Windows

  private func convolutionTerms(_ rule: CellRule, _ value: Value, _ offset: Int) -> [SumTerm] {
    let i = value.shape.index(ofOffset: offset)
    var terms: [SumTerm] = []
    switch rule {
    case .convolution(let x, let k, let g):
      for dy in 0..<g.windowHeight {
        for dx in 0..<g.windowWidth {
          let (row, column) = (
            i[1] * g.strideHeight + dy - g.paddingTop, i[2] * g.strideWidth + dx - g.paddingLeft
          )
          for c in 0..<g.channels {
            guard let at = x.shape.offset(of: [i[0], row, column, c]),
              let of = k.shape.offset(of: [dy, dx, c, i[3]])
            else { continue }
            terms.append(SumTerm([operand(x, at), operand(k, of)]))
          }
        }
      }
    case .convolutionKernelGradient(let x, let dy, let g):
      for n in 0..<g.batch {
        for row in 0..<g.outputHeight {
          for column in 0..<g.outputWidth {
            let source = [
              n, row * g.strideHeight + i[0] - g.paddingTop,
              column * g.strideWidth + i[1] - g.paddingLeft, i[2],
            ]
            guard let at = x.shape.offset(of: source),
              let of = dy.shape.offset(of: [n, row, column, i[3]])
            else { continue }
            terms.append(SumTerm([operand(x, at), operand(dy, of)], example: n))
          }
        }
      }
    case .convolutionInputGradient(let dy, let k, let g):
      for a in 0..<g.windowHeight {
        for b in 0..<g.windowWidth {
          let (down, right) = (i[1] + g.paddingTop - a, i[2] + g.paddingLeft - b)
          guard down % g.strideHeight == 0, right % g.strideWidth == 0 else { continue }
          for f in 0..<g.filters {
            guard
              let at = dy.shape.offset(of: [i[0], down / g.strideHeight, right / g.strideWidth, f]),
              let of = k.shape.offset(of: [a, b, i[3], f])
            else { continue }
            terms.append(SumTerm([operand(dy, at), operand(k, of)]))
          }
        }
      }
    default: preconditionFailure("not a convolution")
    }
    return terms
  }

  /// The offsets of the window that a pooled number looks at.
  private func poolingWindow(_ g: WindowGeometry, _ offset: Int) -> [Int] {
    let output = Shape([g.batch, g.outputHeight, g.outputWidth, g.channels])
    let input = Shape([g.batch, g.height, g.width, g.channels])
    let i = output.index(ofOffset: offset)
    return (0..<g.windowHeight).flatMap { dy in
      (0..<g.windowWidth).compactMap { dx in
        input.offset(of: [
          i[0], i[1] * g.strideHeight + dy - g.paddingTop,
          i[2] * g.strideWidth + dx - g.paddingLeft, i[3],
        ])
      }
    }
  }

  /// The windows that had this input as their first largest number.
  private func maximumGradientTerms(
    _ x: Value, _ y: Value, _ dy: Value, _ g: WindowGeometry, _ offset: Int
  ) -> [SumTerm] {
    (0..<dy.shape.count).compactMap { output in
      let window = poolingWindow(g, output)
      guard window.contains(offset) else { return nil }
      let winner = window.first { read(x, $0) == read(y, output) }
      return winner == offset ? SumTerm([operand(dy, output)]) : nil
    }
  }
}
