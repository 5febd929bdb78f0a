import Foundation
import Tensors

// Losses and updates as sums.

extension CellExplainer {
  private static let (lowest, highest) = (1e-7, 1 - 1e-7)

  private func clipped(_ p: Double) -> Double {
    // The kernel's limits are Float32.
    min(max(p, Double(Float(Self.lowest))), Double(Float(Self.highest)))
  }

  /// The number of the target at a class: 1 or 0 where the target names one.
  private func target(
    _ loss: LossFunction, _ target: Value, row: Int, width: Int, column: Int
  ) -> Double {
    guard loss == .sparseCategoricalCrossentropy else {
      return Double(read(target, row * width + column))
    }
    return Int(exactly: read(target, row)) == column ? 1 : 0
  }

  func exampleLossSplit(
    _ loss: LossFunction, _ prediction: Value, _ target: Value, _ normalizes: Bool, row: Int
  ) -> CellSplit {
    let width = prediction.shape.last
    let cells = row * width..<(row + 1) * width
    let numbers = cells.map { operand(prediction, $0) }
    let p = numbers.map { Double($0.value) }
    let t = (0..<width).map { self.target(loss, target, row: row, width: width, column: $0) }
    let n = Double(width)
    switch loss {
    case .meanSquaredError:
      // (y − t)² as y (y − t) − t (y − t): the distance, split between its ends.
      return (0..<width).reduce(CellSplit()) { sum, i in
        let distance = p[i] - t[i]
        return sum + term([numbers[i]], distance / n)
          + term([operand(target, cells.lowerBound + i)], -distance / n)
      }
    case .binaryCrossentropy:
      let q = p.map(clipped)
      var y = 0.0
      for i in 0..<width { y -= t[i] * log(q[i]) + (1 - t[i]) * log(1 - q[i]) }
      return linearized(
        y / n, numbers, slopes: (0..<width).map { (q[$0] - t[$0]) / (q[$0] * (1 - q[$0])) / n })
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
      let sum = normalizes ? p.reduce(0, +) : 1
      var y = 0.0
      for i in 0..<width where t[i] != 0 { y -= t[i] * log(clipped(p[i] / sum)) }
      let all = t.reduce(0, +)
      return linearized(
        y, numbers,
        slopes: (0..<width).map {
          -t[$0] / clipped(p[$0] / sum) / sum + (normalizes ? all / sum : 0)
        })
    }
  }

  func lossGradientSplit(
    _ loss: LossFunction, _ prediction: Value, _ target: Value, _ normalizes: Bool, _ offset: Int
  ) -> CellSplit {
    let width = prediction.shape.last
    let (row, column) = offset.quotientAndRemainder(dividingBy: width)
    let n = Double(prediction.shape.rows)
    let y = operand(prediction, offset)
    let p = Double(y.value)
    let t = self.target(loss, target, row: row, width: width, column: column)
    let place =
      loss == .sparseCategoricalCrossentropy
      ? CellPlace(target, row) : CellPlace(target, offset)
    switch loss {
    case .meanSquaredError:
      let scale = 2 / (n * Double(width))
      return term([y], scale) + term([operand(target, offset)], -scale)
    case .binaryCrossentropy:
      let q = clipped(p)
      // (q − t) over q (1 − q).
      let scale = (Double(Float(q)) == p ? 1 : 0) / (q * (1 - q)) / (n * Double(width))
      return term([y], scale) + term([operand(target, offset)], -scale)
    case .categoricalCrossentropy, .sparseCategoricalCrossentropy:
      let cells = row * width..<(row + 1) * width
      let sum = normalizes ? cells.reduce(0) { $0 + Double(read(prediction, $1)) } : 1
      let q = p / sum
      let own = clipped(q) == q || !normalizes && Double(Float(clipped(p))) == p ? 1.0 : 0
      let number = Double(read(place.value, place.offset))
      let amount = -t * own / clipped(q) / sum / n
      var split =
        number == 0
        ? CellSplit(constant: "class \(column)", amount)
        : CellSplit([Contribution(place, number: number, coefficient: amount / number)])
      if normalizes {
        let shared = cells.reduce(0.0) { total, cell in
          let share = Double(read(prediction, cell)) / sum
          let target = self.target(
            loss, target, row: row, width: width, column: cell - cells.lowerBound)
          return clipped(share) == share ? total + target * share / clipped(share) : total
        }
        split.rest.append(CellSplit.Rest(name: "1/Σ", amount: shared / sum / n))
      }
      return split
    }
  }

  func updateSplit(_ rule: CellRule, _ offset: Int) -> CellSplit {
    let rate = Double(Float(environment.learningRate))
    func part(_ value: Value, _ factor: Double) -> CellSplit {
      term([operand(value, offset)], factor)
    }
    switch rule {
    case .sgd(let w, let g, nil, _, _): return part(w, 1) + part(g, -rate)
    case .sgd(let w, let g, .some(let v), let momentum, let nesterov):
      let mu = Double(Float(momentum))
      return nesterov
        ? part(w, 1) + part(v, mu * mu) + part(g, -rate * mu) + part(g, -rate)
        : part(w, 1) + part(v, mu) + part(g, -rate)
    case .velocity(let v, let g, let momentum):
      return part(v, Double(Float(momentum))) + part(g, -rate)
    case .runningMean(let m, let g, let beta, let power):
      let share = Double(Float(1 - beta))
      let own = Double(read(g, offset))
      return part(m, 1) + part(m, -share) + part(g, power == 2 ? share * own : share)
    case .adam(let w, let g, let m, let v, let beta1, let beta2, let epsilon):
      let (share, squareShare) = (Double(Float(1 - beta1)), Double(Float(1 - beta2)))
      let (gradient, before) = (Double(read(g, offset)), Double(read(v, offset)))
      let variance = before + (gradient * gradient - before) * squareShare
      let scale =
        Double(adamRate(beta1, beta2)) / (variance.squareRoot() + Double(Float(epsilon)))
      return part(w, 1) + part(m, -(1 - share) * scale) + part(g, -share * scale)
    default: preconditionFailure("not an update")
    }
  }
}
