import Autodiff
import Tensors

/// Numbers of a run that a lesson keeps back, because it asks for them.
package struct HiddenNumbers: Hashable, Sendable {
  /// Values of which no number shows: `dense/output`.
  package var values: Set<String>
  /// Single numbers: their place, row by row, by the value's name.
  package var cells: [String: Set<Int>]

  package init(values: Set<String> = [], cells: [String: Set<Int>] = [:]) {
    self.values = values
    self.cells = cells
  }

  package var isEmpty: Bool { values.isEmpty && cells.isEmpty }

  package func hides(_ name: String, at offset: Int) -> Bool {
    values.contains(name) || cells[name]?.contains(offset) ?? false
  }

  /// A value's numbers with NaN where one is kept back.
  func masking(_ tensor: Tensor, named name: String) -> Tensor {
    guard values.contains(name) || cells[name] != nil else { return tensor }
    let numbers = tensor.scalars.enumerated().map { hides(name, at: $0) ? Float.nan : $1 }
    return Tensor(shape: tensor.shape, scalars: numbers)
  }
}

extension StepMoment {
  /// The same moment without the numbers that are kept back: NaN stands for each.
  package func hiding(_ hidden: HiddenNumbers) -> StepMoment {
    guard !hidden.isEmpty else { return self }
    var moment = self
    func masked(_ shown: ShownValue) -> ShownValue {
      ShownValue(
        value: shown.value, name: shown.name, symbol: shown.symbol,
        tensor: hidden.masking(shown.tensor, named: shown.name), isKnown: shown.isKnown)
    }
    moment.results = results.map(masked)
    moment.operands = operands.map(masked)
    moment.before = before.map(masked)
    moment.firstNumbers = plan.instructions.indices.map { index in
      guard firstNumbers.indices.contains(index), let number = firstNumbers[index],
        let result = plan.instructions[index].results.first
      else { return nil }
      return hidden.hides(plan[result.value].name, at: 0) ? .nan : number
    }
    if results.indices.contains(result), hidden.hides(results[result].name, at: cell) {
      moment.explanation = explanation?.withoutResult
      (moment.check, moment.isChecking, moment.fold) = (nil, false, nil)
    }
    if hidden.values.contains(plan[plan.output].name) { moment.lens?.prediction = nil }
    if plan.loss.map({ hidden.hides(plan[$0].name, at: 0) }) ?? false {
      moment.loss = nil
      moment.lens?.loss = nil
    }
    moment.graph = nil
    return moment
  }
}
