import Autodiff
import NeuralNets
import Tensors

/// The number that a stop names: where the cursor goes.
package struct StopPlace: Hashable, Sendable, Codable {
  /// Its array, `dense/output`, and its place in it row by row.
  package let array: String
  package let offset: Int
  /// `dense/output[0,3]`
  package let name: String
  /// The instruction that made it, from 0, and which of its results the array is; nil for what the
  /// step was given.
  package let instruction: Int?
  package let result: Int
  /// The layer it belongs to.
  package let layer: String?
  /// Its example in the batch.
  package let example: Int?
  /// What it is.
  package let number: Float

  var fields: [(String, DebuggerReply.Field)] {
    var fields: [(String, DebuggerReply.Field)] = [
      ("stop_place", .text(name)), ("stop_value", .number(number)),
    ]
    if let instruction { fields.append(("stop_instruction", .integer(instruction + 1))) }
    if let layer { fields.append(("stop_layer", .text(layer))) }
    if let example { fields.append(("stop_example", .integer(example))) }
    return fields
  }
}

extension StopPlace {
  /// - Parameter instruction: what made it, where that is known better than by the array.
  init?(_ value: Value, _ offset: Int, instruction: Int? = nil, in session: Session) {
    guard (0..<value.shape.count).contains(offset) else { return nil }
    let plan = session.plan
    let cell = CellPlace(value, offset)
    let maker =
      instruction
      ?? plan.instructions[..<session.execution.position].lastIndex { line in
        line.results.contains { $0.value == value }
      }
    array = plan[value].name
    self.offset = offset
    name = array + CellExplainer.subscript(cell.index)
    self.instruction = maker
    result =
      maker.flatMap { plan.instructions[$0].results.firstIndex { $0.value == value } } ?? 0
    layer = maker.flatMap { plan.instructions[$0].layer }
    example = BatchAxis(plan).example(of: cell)
    number = session.execution.number(value, at: offset)
  }
}

/// Finds the number that a stop names, by the session that stands there.
struct StopPlaceFinder {
  let session: Session

  private var plan: Plan { session.plan }

  func place(_ breakpoint: Breakpoint, _ meeting: Meeting) -> StopPlace? {
    switch breakpoint.trigger {
    case .place: nil
    case .condition(let condition): condition.root.compared.lazy.compactMap(named).first
    case .watch(let expression, _): named(expression.root)
    case .sickness(let sickness): place(sickness, meeting)
    }
  }

  /// The number that an expression is, when it is one of an array.
  private func named(_ node: RunExpression.Node) -> StopPlace? {
    guard let (name, index) = node.number, !index.isEmpty, let value = plan.value(named: name),
      let offset = value.shape.offset(of: index)
    else { return nil }
    return StopPlace(value, offset, in: session)
  }

  private func place(_ sickness: Sickness, _ meeting: Meeting) -> StopPlace? {
    switch sickness {
    case .nan:
      return UnsoundOrigin.first(in: session).flatMap {
        StopPlace($0.place.value, $0.place.offset, instruction: $0.instruction, in: session)
      }
    case .deadReLU, .saturation: return unit(meeting)
    case .vanishing: return gradient { $0.size < $1.size }
    case .exploding: return gradient { $0.size > $1.size }
    case .lossUp: return plan.loss.flatMap { StopPlace($0, 0, in: session) }
    case .flips(let row):
      guard let place = session.batchRows.firstIndex(of: row) else { return nil }
      return StopPlace(
        plan.output, place * max(1, plan.output.shape.count / max(1, plan.output.shape[0])),
        in: session)
    case .ratio, .plateau, .overfit: return nil
    }
  }

  /// The first unit that was not sick before, for the first example of the batch.
  private func unit(_ meeting: Meeting) -> StopPlace? {
    guard case .units(let now)? = meeting.new else { return nil }
    var before: [UnitPlace] = []
    if case .units(let units)? = meeting.old { before = units }
    guard let first = now.first(where: { !before.contains($0) }),
      let output = plan.value(named: first.layer + "/output")
    else { return nil }
    return StopPlace(output, first.unit, in: session)
  }

  /// The largest number of the gradient that comes first in an order by size.
  private func gradient(
    _ comesFirst: ((size: Double, value: Value), (size: Double, value: Value)) -> Bool
  ) -> StopPlace? {
    let sizes = plan.parameters.filter { $0.shape.rank > 1 }.compactMap { plan.gradients[$0] }
      .map { (size: session.execution.extremes(ofGradients: [$0]).most, value: $0) }
    guard let found = sizes.min(by: comesFirst) else { return nil }
    let numbers = session.execution.numbers(of: found.value)
    let largest = numbers.indices.max { abs(numbers[$0]) < abs(numbers[$1]) }
    return StopPlace(found.value, largest ?? 0, in: session)
  }
}
