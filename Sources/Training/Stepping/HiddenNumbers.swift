import Autodiff
import Tensors

/// Numbers of a run that a lesson keeps back, because it asks for them.
package struct HiddenNumbers: Hashable, Sendable {
  /// Values of which no number shows: `dense/output`.
  package var values: Set<String>
  /// Single numbers: their place, row by row, by the value's name.
  package var cells: [String: Set<Int>]
  /// The same by their index.
  package var indices: [String: Set<[Int]>]

  package init(
    values: Set<String> = [], cells: [String: Set<Int>] = [:],
    indices: [String: Set<[Int]>] = [:]
  ) {
    self.values = values
    self.cells = cells
    self.indices = indices
  }

  package var isEmpty: Bool { values.isEmpty && cells.isEmpty }

  package func hides(_ name: String, at offset: Int) -> Bool {
    values.contains(name) || cells[name]?.contains(offset) ?? false
  }

  /// Whether any number of a value is kept back.
  package func touches(_ name: String) -> Bool { values.contains(name) || cells[name] != nil }

  /// Whether what an expression is would tell a number that is kept back.
  package func touches(expression source: String) -> Bool {
    guard !isEmpty, let expression = try? RunExpression(source) else { return false }
    return touches(expression)
  }

  package func touches(_ expression: RunExpression) -> Bool {
    expression.accesses.contains { name, index in
      let named = Self.sameAs[name] ?? name
      if values.contains(named) { return true }
      guard let places = indices[named] else { return false }
      return index.map(places.contains) ?? true
    }
  }

  /// Whether a picture has numbers that are kept back, or a multiple of them.
  package func touches(_ picture: LayerPicture) -> Bool {
    switch picture.quantity {
    case .activation: touches(picture.name + "/output")
    case .gradient, .state, .secondState, .update: touches(picture.name + "/kernel.grad")
    case .weights: false
    }
  }

  /// Names of a run that say what a value of the step says.
  private static let sameAs = ["train_loss": "loss"]

  /// A value's numbers with NaN where one is kept back.
  func masking(_ tensor: Tensor, named name: String) -> Tensor {
    guard values.contains(name) || cells[name] != nil else { return tensor }
    let numbers = tensor.scalars.enumerated().map { hides(name, at: $0) ? Float.nan : $1 }
    return Tensor(shape: tensor.shape, scalars: numbers)
  }
}

extension StepMoment {
  /// The same moment without the numbers that are kept back: NaN stands for each, also where it is
  /// part of what makes another.
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
    moment.made = made.filter { !hidden.touches(plan[$0.key].name) }
    moment.firstNumbers = plan.instructions.indices.map { index in
      guard firstNumbers.indices.contains(index), let number = firstNumbers[index],
        let result = plan.instructions[index].results.first
      else { return nil }
      return hidden.hides(plan[result.value].name, at: 0) ? .nan : number
    }
    moment.explanation = explanation.map { hidden.masking($0, in: plan) }
    if results.indices.contains(result), hidden.hides(results[result].name, at: cell) {
      moment.explanation = moment.explanation?.withoutResult
      (moment.check, moment.isChecking) = (nil, false)
    }
    if instruction.map({ tells(hidden, by: plan.instructions[$0]) }) ?? false {
      moment.hideUpdate()
    }
    if hidden.values.contains(plan[plan.output].name) { moment.lens?.prediction = nil }
    if plan.loss.map({ hidden.hides(plan[$0].name, at: 0) }) ?? false {
      moment.loss = nil
      moment.lens?.loss = nil
    }
    moment.watches = watches.map { hidden.touches(expression: $0.expression) ? $0.hidden : $0 }
    (moment.graph, moment.fold) = (nil, nil)
    return moment
  }

  /// Whether an update tells a gradient that is kept back: the weight moves by a multiple of it.
  private func tells(_ hidden: HiddenNumbers, by instruction: Instruction) -> Bool {
    instruction.phase == .update
      && instruction.operands.contains { hidden.touches(plan[$0].name) }
  }

  private mutating func hideUpdate() {
    results = results.map { shown in
      ShownValue(
        value: shown.value, name: shown.name, symbol: shown.symbol,
        tensor: Tensor(
          shape: shown.tensor.shape,
          scalars: Array(repeating: .nan, count: shown.tensor.count)),
        isKnown: shown.isKnown)
    }
    explanation = explanation?.withoutResult
    (weightPast, made) = (nil, [:])
  }

  /// Whether a number that shows here is kept back, and the ? says so.
  package func shows(_ hidden: HiddenNumbers) -> Bool {
    guard !hidden.isEmpty else { return false }
    return (results + operands).contains { hidden.touches($0.name) && $0.isKnown }
  }
}

extension HiddenNumbers {
  /// How a number came about, with NaN for each part that is kept back.
  fileprivate func masking(_ explanation: CellExplanation, in plan: Plan) -> CellExplanation {
    explanation.replacing { operand in
      guard let place = operand.place, hides(plan[place.value].name, at: place.offset) else {
        return operand.value
      }
      return .nan
    }
  }
}

extension WatchReading {
  /// The same without a number.
  fileprivate var hidden: WatchReading {
    WatchReading(
      expression: expression,
      now: .failure(
        ExpressionFailure(
          .notYet(instruction: nil), "hidden", remedy: "the answer to the lesson's question")),
      before: nil, changesAt: changesAt, firstChange: firstChange, madeAt: madeAt,
      past: Past(points: [], isPending: false))
  }
}
