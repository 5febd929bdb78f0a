import Tensors

/// Opens any number of a plan: reads its operands and says how they make it.
package struct CellExplainer {
  let plan: Plan
  let read: (Value, Int) -> Float
  let environment: StepEnvironment

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

  func operand(_ value: Value, _ offset: Int) -> Operand {
    // `L[n]`, the loss of each example, is `L[3]` of the one at place 3.
    let symbol = plan[value].symbol
    let base = symbol.hasSuffix("[n]") ? String(symbol.dropLast(3)) : symbol
    return Operand(base, at: CellPlace(value, offset), read(value, offset))
  }

  func body(_ rule: CellRule, _ value: Value, _ offset: Int) -> CellExplanation.Body {
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
    case .convolution(let x, let k, let geometry):
      return .sum(convolutionTerms(x, k, geometry, offset))
    case .convolutionInputGradient(let dy, let k, let geometry),
      .transposedConvolution(let dy, let k, let geometry):
      return .sum(transposedTerms(dy, k, geometry, offset))
    case .convolutionKernelGradient(let x, let dy, let geometry):
      return .sum(kernelGradientTerms(x, dy, geometry, offset))
    case .maximum(let x, let geometry):
      let window = poolingWindow(geometry, offset).map { operand(x, $0) }
      return .formula("max(" + window.map { _ in "{}" }.joined(separator: ", ") + ")", window)
    case .maximumGradient(let x, let y, let dy, let geometry):
      return .sum(maximumGradientTerms(x, y, dy, geometry, offset))
    case .windowMean(let x, let geometry): return .sum(windowMean(x, geometry, offset))
    case .windowMeanGradient(let dy, let geometry):
      return .sum(windowMeanGradient(dy, geometry, offset))
    case .affine(let x, let matrix, let sampling):
      return affine(x, matrix, sampling, offset)
    case .affineGradient(let dy, let matrix, let sampling):
      return .sum(affineGradient(dy, matrix, sampling, offset))
    case .exampleLoss(let loss, let prediction, let target, let normalizes):
      return exampleLoss(loss, prediction, target, normalizes, row: offset)
    case .mean(let x):
      let share = Operand("1/\(x.shape.count)", 1 / Float(x.shape.count))
      let ofExample = max(1, x.shape.count / max(1, plan.batchSize))
      return .sum(
        (0..<x.shape.count).map { SumTerm([operand(x, $0), share], example: $0 / ofExample) })
    case .lossGradient(let loss, let prediction, let target, let normalizes):
      return lossGradient(loss, prediction, target, normalizes, offset)
    case .functionOfColumns(let f, let x, let first):
      let (row, column) = offset.quotientAndRemainder(dividingBy: value.shape.last)
      return .formula("\(f.name)({})", [operand(x, row * x.shape.last + first + column)])
    case .columns(let blocks):
      let width = value.shape.last / blocks.count
      let (row, column) = offset.quotientAndRemainder(dividingBy: value.shape.last)
      return body(blocks[column / width], value, row * width + column % width)
    case .rows(let blocks):
      let height = value.shape.count / blocks.count
      return body(blocks[offset / height], value, offset % height)
    case .memoryGradient(let f, let dh, let o, let shown, let next):
      return memoryGradient(f, [dh, o], shown, next, offset)
    case .formula(let f, let operands, let layout): return formula(f, operands, layout, offset)
    case .reduction(let kind, let x, let geometry): return reduction(kind, x, geometry, offset)
    case .reductionGradient(let kind, let x, let y, let dy, let geometry):
      return reductionGradient(kind, x, y, dy, geometry, offset)
    case .sgd, .velocity, .adam, .runningMean: return update(rule, offset)
    case .moved(let sources, let filler): return moved(sources, filler: filler, offset)
    case .batchedProduct(let a, let b, let product):
      return batchedProduct(a, b, product, offset)
    case .gather(let x, let numbers, let lookup): return gathered(x, numbers, lookup, offset)
    case .scatter(let dy, let numbers, let lookup): return scattered(dy, numbers, lookup, offset)
    case .oneHot(let x, let width, let counts):
      return oneHot(x, width: width, counts: counts, classes: value.shape.last, offset)
    case .alongAxis(let function, let x, let place): return alongAxis(function, x, place, offset)
    case .alongAxisGradient(let function, let kept, let dy, let y, let place):
      return alongAxisGradient(function, kept, dy, y, place, offset)
    case .random(let distribution): return drawn(distribution)
    }
  }

  // MARK: Sums

  private func terms(_ source: TermSource, _ value: Value, _ offset: Int) -> [SumTerm] {
    switch source {
    case .elements(let all): return [SumTerm(all.map { operand($0, offset) })]
    case .bias(let b): return [SumTerm([operand(b, offset % max(b.shape.count, 1))])]
    case .biasPart(let b, let first, let width):
      return [SumTerm([operand(b, first + offset % width)])]
    case .block(let a, let b, let block): return blockTerms(a, b, block, offset)
    case .squares(let x):
      return (0..<x.shape.count).map { i in
        let number = operand(x, i)
        return SumTerm([number, number])
      }
    case .column(let x): return columnTerms(x, offset)
    case .columnPart(let x, let first, let width): return columnTerms(x, first + offset % width)
    case .product(let a, let aTransposed, let b, let bTransposed):
      let (aWidth, bWidth) = (a.shape.last, b.shape.last)
      let inner = aTransposed ? a.shape.rows : aWidth
      let (i, j) = offset.quotientAndRemainder(
        dividingBy: bTransposed ? b.shape.rows : bWidth)
      return (0..<inner).map { k in
        let (example, time) = aTransposed ? place(a, k) : (nil, nil)
        return SumTerm(
          [
            operand(a, aTransposed ? k * aWidth + i : i * aWidth + k),
            operand(b, bTransposed ? j * bWidth + k : k * bWidth + j),
          ], example: example, time: time)
      }
    }
  }

  private func columnTerms(_ x: Value, _ column: Int) -> [SumTerm] {
    let width = x.shape.last
    return (0..<x.shape.rows).map { row in
      let (example, time) = place(x, row)
      return SumTerm([operand(x, row * width + column)], example: example, time: time)
    }
  }

  private func blockTerms(
    _ a: Value, _ b: Value, _ block: ProductBlock, _ offset: Int
  ) -> [SumTerm] {
    let (aWidth, bWidth) = (a.shape.last, b.shape.last)
    let (i, j) = offset.quotientAndRemainder(dividingBy: block.width)
    let inner = block.form == .aTransposed ? a.shape.rows : block.count
    return (0..<inner).map { k in
      let (example, time) = block.form == .aTransposed ? place(a, k) : (nil, nil)
      let left =
        block.form == .aTransposed ? k * aWidth + block.aFrom + i : i * aWidth + block.aFrom + k
      let right =
        block.form == .bTransposed ? j * bWidth + block.bFrom + k : k * bWidth + block.bFrom + j
      return SumTerm([operand(a, left), operand(b, right)], example: example, time: time)
    }
  }

  /// The example of the batch that a row belongs to, and its time step in a sequence.
  func place(_ value: Value, _ row: Int) -> (example: Int?, time: Int?) {
    let extents = value.shape.extents
    if plan[value].isTimeMajor {
      let (time, example) = row.quotientAndRemainder(dividingBy: max(extents[1], 1))
      return (example, time)
    }
    guard let first = extents.first, first == plan.batchSize, first > 0 else { return (nil, nil) }
    return (row / max(value.shape.rows / first, 1), nil)
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
    case .relu where own.value.isNaN:
      return .formula("\(product) × 1, because {} is not ≤ 0", given + [own])
    case .relu:
      return own.value > 0
        ? .formula("\(product) × 1, because {} > 0", given + [own])
        : .formula("\(product) × 0, because {} is not > 0", given + [own])
    case .sigmoid: return .formula("\(product) × {} × (1 − {})", given + [own, own])
    case .tanh: return .formula("\(product) × (1 − {}²)", given + [own])
    case .exp: return .formula("\(product) × {}", given + [own])
    }
  }

  private func memoryGradient(
    _ f: ScalarFunction, _ factors: [Value], _ shown: Value, _ next: Value?, _ offset: Int
  ) -> CellExplanation.Body {
    let own = functionGradient(f, shown, factors, offset)
    guard let next else { return own }
    let later = operand(next, offset)
    switch own {
    case .sum(let terms): return .sum(terms + [SumTerm([later])])
    case .formula(let text, let operands): return .formula(text + " + {}", operands + [later])
    }
  }

  private func row(of value: Value, at offset: Int) -> Range<Int> {
    let width = value.shape.last
    let start = offset / width * width
    return start..<start + width
  }

  private func softmax(_ x: Value, _ offset: Int) -> CellExplanation.Body {
    let row = row(of: x, at: offset).map { operand(x, $0) }
    return Self.share(operand(x, offset), of: row)
  }

  /// `e^{} / (e^{} + …)` without those that are nothing beside the others, as masked ones.
  static func share(_ own: Operand, of all: [Operand]) -> CellExplanation.Body {
    guard let largest = all.max(by: { $0.value < $1.value }) else { return .formula("0", []) }
    let most = largest.value
    let counted = all.filter { $0.value > most - 104 }
    guard counted.count < all.count else {
      return .formula(
        "e^{} / (" + all.map { _ in "e^{}" }.joined(separator: " + ") + ")", [own] + all)
    }
    guard own.value > most - 104 else {
      return .formula("0, because e^{} is nothing beside e^{}", [own, largest])
    }
    let left = all.count - counted.count
    return .formula(
      "e^{} / (" + counted.map { _ in "e^{}" }.joined(separator: " + ") + ")"
        + ", because the \(left == 1 ? "other one is" : "others are") nothing beside these",
      [own] + counted)
  }

  private func softmaxGradient(_ y: Value, _ dy: Value, _ offset: Int) -> CellExplanation.Body {
    let row = row(of: y, at: offset)
    let own = operand(y, offset)
    // y[j] dy[j] − Σ_i y[j] y[i] dy[i], as one sum so that it can be added up.
    return .sum(
      [SumTerm([own, operand(dy, offset)])]
        + row.map { SumTerm([Operand("−1", -1), own, operand(y, $0), operand(dy, $0)]) })
  }
}
