import Tensors

// Losses and updates.

extension CellExplainer {
  /// Where a probability is cut off before its logarithm is taken; nil where it stays as it is.
  private func bound(_ p: Float) -> String? {
    p < Float(1e-7) ? "1e-7" : p > Float(1 - 1e-7) ? "1 − 1e-7" : nil
  }

  /// The probability of the class that a row of targets names; nil where it names none, or several.
  private func likelihood(
    _ loss: LossFunction, _ prediction: Value, _ target: Value, _ normalizes: Bool, row: Int
  ) -> (cell: Int, p: Float)? {
    let width = prediction.shape.last
    let first = row * width
    let named: Int?
    if loss == .sparseCategoricalCrossentropy {
      named = Int(exactly: read(target, row)).flatMap { (0..<width).contains($0) ? $0 : nil }
    } else {
      let counted = (0..<width).filter { read(target, first + $0) != 0 }
      named = counted.count == 1 ? counted[0] : nil
    }
    guard let named else { return nil }
    let total = normalizes ? (0..<width).reduce(0) { $0 + read(prediction, first + $1) } : 1
    return (first + named, read(prediction, first + named) / total)
  }

  func exampleLoss(
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
      if simple, let bound = bound(read(prediction, cells.lowerBound)) {
        return .formula(
          (parts[0] == 1 ? "−log(\(bound))" : "−log(1 − (\(bound)))") + ", where {} is cut off",
          [own])
      }
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
        guard let number = Int(exactly: read(target, row)), number >= 0, number < width else {
          return .formula("no number: there is no class {}", [operand(target, row)])
        }
        let chosen = operand(prediction, cells.lowerBound + number)
        if let known = likelihood(loss, prediction, target, normalizes, row: row),
          let bound = bound(known.p)
        {
          return .formula("−log(\(bound)), where {}\(sum) is cut off", [chosen] + all)
        }
        return .formula(normalizes ? "−log({}\(sum))" : "−log {}", [chosen] + all)
      }
      let counted = cells.filter { read(target, $0) != 0 }
      return .formula(
        "−(" + counted.map { _ in "{} log({}\(sum))" }.joined(separator: " + ") + ")",
        counted.flatMap { [operand(target, $0), operand(prediction, $0)] + all })
    }
  }

  func lossGradient(
    _ loss: LossFunction, _ prediction: Value, _ target: Value, _ normalizes: Bool, _ offset: Int
  ) -> CellExplanation.Body {
    let (row, column) = offset.quotientAndRemainder(dividingBy: prediction.shape.last)
    let (n, width) = (prediction.shape.rows, prediction.shape.last)
    let y = operand(prediction, offset)
    let t =
      loss == .sparseCategoricalCrossentropy
      ? Operand("t[\(row)] = \(column)", Int(exactly: read(target, row)) == column ? 1 : 0)
      : operand(target, offset)
    let known =
      loss == .meanSquaredError || loss == .binaryCrossentropy
      ? nil : likelihood(loss, prediction, target, normalizes, row: row)
    switch loss {
    case .meanSquaredError: return .formula("2 ({} − {}) / \(n * width)", [y, t])
    case .binaryCrossentropy:
      if let bound = bound(read(prediction, offset)) {
        return .formula("0: the loss cuts {} off at \(bound)", [y])
      }
      return .formula("({} − {}) / ({} (1 − {})) / \(n * width)", [y, t, y, y])
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
      let cells = row * width..<(row + 1) * width
      if let known, let bound = bound(known.p), normalizes || known.cell == offset {
        return .formula(
          "0: the loss cuts {} off at \(bound)", [operand(prediction, known.cell)])
      }
      guard normalizes else { return .formula("−{} / {} / \(n)", [t, y]) }
      let all = cells.map { operand(prediction, $0) }
      return .formula(
        "(1 / (" + all.map { _ in "{}" }.joined(separator: " + ") + ") − {} / {}) / \(n)",
        all + [t, y])
    }
  }

  func update(_ rule: CellRule, _ offset: Int) -> CellExplanation.Body {
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
          old, Operand("α", adamRate(beta1, beta2)), Operand("m", Float(newM)),
          Operand("√v", Float(newV.squareRoot())), Operand("ε", Float(epsilon)),
        ])
    default: preconditionFailure("not an update")
    }
  }

  func adamRate(_ beta1: Double, _ beta2: Double) -> Float {
    AdamRate(
      learningRate: Float(environment.learningRate), update: environment.step + 1, beta1, beta2
    ).rate
  }
}

/// `α = lr √(1 − β₂ᵗ) / (1 − β₁ᵗ)`, t the number of this update, counted from 1.
///
/// As the kernel has it: β as a Float32, its power rounded once, then step by step in Float32. At
/// t = 1 that moves the fifth digit, because 1 − β₂ is what is left of 1.
package struct AdamRate {
  /// `√(1 − β₂ᵗ)`
  package let root: Float
  /// `1 − β₁ᵗ`
  package let fit: Float
  /// α
  package let rate: Float

  package init(learningRate: Float, update: Int, _ beta1: Double, _ beta2: Double) {
    func power(_ beta: Double) -> Float {
      var (result, square, exponent) = (1.0, Double(Float(beta)), update)
      while exponent > 0 {
        if exponent & 1 == 1 { result *= square }
        (exponent, square) = (exponent >> 1, square * square)
      }
      return Float(result)
    }
    root = (1 - power(beta2)).squareRoot()
    fit = 1 - power(beta1)
    rate = learningRate * root / fit
  }
}
