import Autodiff
import Tensors

/// Which numbers of a plan belong to single examples of the batch: what depends on the inputs and
/// still has a part for each of them.
struct BatchAxis {
  private let plan: Plan
  private let values: Set<Int>

  init(_ plan: Plan) {
    self.plan = plan
    var found = Set((plan.inputs + plan.targets + plan.sampleWeights).map(\.id))
    // The gradients of weights have a row for each input, which may be as many as examples.
    let weights = plan.parameters.map { plan[$0].name + "." }
    for instruction in plan.instructions where instruction.phase != .update {
      for result in instruction.results {
        let name = plan[result.value].name
        let depends =
          result.rule.operands.contains { found.contains($0.id) }
          || result.rule.contribution == .drawn
        if depends, Self.axis(of: result.value, plan) != nil,
          !weights.contains(where: { name.hasPrefix($0) })
        {
          found.insert(result.value.id)
        }
      }
    }
    values = found
  }

  /// How many numbers lie before, between and after the examples.
  private static func axis(
    of value: Value, _ plan: Plan
  ) -> (outer: Int, inner: Int)? {
    let (extents, batch) = (value.shape.extents, plan.batchSize)
    guard batch > 0, let first = extents.first, value.shape.count > 0 else { return nil }
    let isSecond = extents.count > 1 && extents[1] == batch
    if isSecond, plan[value].isTimeMajor || extents.count >= 3 && first != batch {
      return (first, value.shape.count / (first * batch))
    }
    return first > 0 && first % batch == 0 ? (1, value.shape.count / batch) : nil
  }

  /// The place in the batch of the example that a number belongs to; nil where it is everybody's.
  func example(of place: CellPlace) -> Int? {
    guard values.contains(place.value.id), let axis = Self.axis(of: place.value, plan) else {
      return nil
    }
    return place.offset / axis.inner % plan.batchSize
  }
}
