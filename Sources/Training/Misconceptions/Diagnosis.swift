import Autodiff
import Foundation
import NeuralNets
import Tensors

/// What a wrong answer tells about how it was found.
package struct Diagnosis: Hashable, Sendable {
  /// The misconception's id, where the catalog has it.
  package let misconception: String?
  /// To the student: `you forgot to divide by the batch`.
  package let words: String
}

extension Session {
  /// What a student did who gave a wrong number for a cell; nil where the number is right, where no
  /// usual mistake gives it, or where two of them do.
  ///
  /// - Parameters:
  ///   - result: of an instruction that is done, and one of its numbers, row by row.
  ///   - tolerance: how far an answer may be off, relative to its size: half a unit of the last digit
  ///     asked for.
  package func diagnose(
    _ answer: Double, for result: InstructionResult, at cell: Int, tolerance: Double = 1e-3
  ) -> Diagnosis? {
    guard answer.isFinite, cell >= 0, cell < result.value.shape.count else { return nil }
    let truth = Double(execution.number(result.value, at: cell))
    func meets(_ number: Double) -> Bool {
      abs(answer - number) <= tolerance * max(abs(number), 1e-30)
    }
    guard !meets(truth) else { return nil }
    let mistakes = mistakes(result, cell, truth)
      .filter { meets($0.number) && abs($0.number - truth) > 2 * tolerance * abs(truth) }
    // The first kind that meets it is the most usual one; within a kind it must be the only one.
    guard let first = mistakes.first,
      mistakes.allSatisfy({ $0.kind != first.kind || $0.words == first.words })
    else { return nil }
    return Diagnosis(misconception: first.kind.misconception?.rawValue, words: first.words)
  }

  private struct Mistake {
    /// From the most usual kind on.
    enum Kind: Int {
      case sign, mean, update, stale, activation, place, operand, term

      var misconception: FormulaFault? {
        switch self {
        case .sign: .sign
        case .mean: .missingMean
        case .activation: .beforeActivation
        case .place: .transposedIndex
        case .stale: .staleGradient
        case .update, .operand, .term: nil
        }
      }
    }

    let kind: Kind
    let number: Double
    let words: String
  }

  private func mistakes(
    _ result: InstructionResult, _ cell: Int, _ truth: Double
  ) -> [Mistake] {
    [Mistake(kind: .sign, number: -truth, words: "you turned the sign around")]
      + means(result, truth) + updates(result, cell, truth) + activations(result, cell)
      + operands(result, cell, truth) + places(result, cell)
  }

  // MARK: Factors

  private func means(_ result: InstructionResult, _ truth: Double) -> [Mistake] {
    let batch = Double(plan.batchSize)
    let phase = plan[result.value].role
    guard batch > 1, phase == .gradient || phase == .loss else { return [] }
    return [
      Mistake(kind: .mean, number: truth * batch, words: "you forgot to divide by the batch"),
      Mistake(
        kind: .mean, number: truth / batch, words: "you divided by the batch once too often"),
    ]
  }

  /// Of a weight's update: the wrong way, without the rate, without Adam's correction.
  private func updates(
    _ result: InstructionResult, _ cell: Int, _ truth: Double
  ) -> [Mistake] {
    let maker = plan.instructions.firstIndex {
      $0.results.contains { $0.value == result.value && $0.rule == result.rule }
    }
    guard let index = maker,
      let before = execution.before(plan.instructions[index])[result.value].map({
        Double($0[cell])
      })
    else { return [] }
    let wrongWay = Mistake(
      kind: .update, number: 2 * before - truth, words: "you went uphill: the update is subtracted")
    let rate = execution.stepEnvironment.learningRate
    switch result.rule {
    case .sgd(_, let g, let velocity, _, _) where velocity == nil:
      let slope = Double(execution.number(g, at: cell))
      return [
        wrongWay
      ] + stale(of: g, cell) { before - rate * $0 } + [
        Mistake(
          kind: .update, number: before - slope, words: "you forgot the learning rate"),
        Mistake(
          kind: .update, number: -rate * slope, words: "that is the step alone, not the weight"),
      ]
    case .adam(_, let g, let m, let v, let beta1, let beta2, let epsilon):
      let (first, second) = (
        Double(execution.number(m, at: cell)), Double(execution.number(v, at: cell))
      )
      let t = Double(execution.stepEnvironment.step + 1)
      let shares = (1 - pow(beta1, t), 1 - pow(beta2, t))
      func weight(_ m: Double, _ v: Double) -> Double {
        before - rate * m / (v.squareRoot() + epsilon)
      }
      let kept = execution.before(plan.instructions[index])
      let (oldFirst, oldSecond) = (
        kept[m].map { Double($0[cell]) }, kept[v].map { Double($0[cell]) }
      )
      let late = stale(of: g, cell) { slope in
        let (a, b) = (oldFirst ?? 0, oldSecond ?? 0)
        return weight(
          (a + (slope - a) * (1 - beta1)) / shares.0,
          (b + (slope * slope - b) * (1 - beta2)) / shares.1)
      }
      return [
        wrongWay
      ] + late + [
        Mistake(
          kind: .update, number: weight(first, second), words: "you left out the bias correction"),
        Mistake(
          kind: .update, number: weight(first * shares.0, second * shares.1),
          words: "you multiplied by 1 − βᵗ, and right is to divide"),
      ]
    default: return [wrongWay]
    }
  }

  /// What an update would have made of a weight by the gradient of the step before.
  private func stale(
    of gradient: Value, _ cell: Int, _ weight: (Double) -> Double
  ) -> [Mistake] {
    guard passRun == nil, shownStep > firstStep else { return [] }
    let copy = Session(replaying: self, from: shownStep - 1)
    copy.replay(toStep: shownStep - 1)
    copy.execution.run()
    guard let there = copy.plan.value(named: plan[gradient].name), there.shape == gradient.shape
    else { return [] }
    return [
      Mistake(
        kind: .stale, number: weight(Double(copy.execution.number(there, at: cell))),
        words: "you used the gradient of the step before")
    ]
  }

  // MARK: Other numbers

  /// The number before a function, or after it.
  private func activations(_ result: InstructionResult, _ cell: Int) -> [Mistake] {
    var found: [Mistake] = []
    if case .function(let function, let z) = result.rule, function != .linear {
      found.append(
        Mistake(
          kind: .activation, number: Double(execution.number(z, at: cell)),
          words: "that is the sum before \(function.name)"))
    }
    if case .softmax(let z) = result.rule {
      let score = Double(execution.number(z, at: cell))
      found += [
        Mistake(kind: .activation, number: score, words: "that is the score before softmax"),
        Mistake(
          kind: .activation, number: exp(score), words: "you forgot to divide by the sum of e^z"),
      ]
    }
    for instruction in plan.instructions[..<execution.position] {
      for other in instruction.results {
        guard case .function(let function, result.value) = other.rule, function != .linear else {
          continue
        }
        found.append(
          Mistake(
            kind: .activation, number: Double(execution.number(other.value, at: cell)),
            words: "that is after \(function.name) already"))
      }
    }
    return found
  }

  /// Sums with one operand read at another term's place, or with one term missing.
  private func operands(
    _ result: InstructionResult, _ cell: Int, _ truth: Double
  ) -> [Mistake] {
    guard case .sum(let terms) = explain(result, at: cell).body, (2...64).contains(terms.count)
    else { return [] }
    var found = terms.map { term in
      Mistake(
        kind: .term, number: truth - term.product,
        words: "you left out " + term.factors.map(\.name).joined(separator: " × "))
    }
    for (i, mine) in terms.enumerated() where mine.factors.count == 2 {
      for (j, other) in terms.enumerated() where j != i && other.factors.count == 2 {
        for k in 0..<2 {
          let product = Double(mine.factors[1 - k].value) * Double(other.factors[k].value)
          found.append(
            Mistake(
              kind: .operand, number: truth - mine.product + product,
              words: "you used \(other.factors[k].name) in place of \(mine.factors[k].name)"))
        }
      }
    }
    return found
  }

  /// Other cells of the same array.
  private func places(_ result: InstructionResult, _ cell: Int) -> [Mistake] {
    let shape = result.value.shape
    guard shape.rank > 0, shape.count <= 4096 else { return [] }
    let here = shape.index(ofOffset: cell)
    let name = plan[result.value].name
    let isBatch = plan[result.value].role != .gradient || name.contains("/output")
    return (0..<shape.count).filter { $0 != cell }.map { other in
      let there = shape.index(ofOffset: other)
      let isOtherRow = shape.rank > 1 && there.dropFirst() == here.dropFirst()
      let text =
        isOtherRow && isBatch && shape.extents[0] == plan.batchSize
        ? "you used example \(there[0])" : "that is " + name + CellExplainer.subscript(there)
      return Mistake(
        kind: .place, number: Double(execution.number(result.value, at: other)), words: text)
    }
  }
}
