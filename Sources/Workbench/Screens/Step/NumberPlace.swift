import Autodiff
import Tensors
import Training

/// A number that one looks at on Step, by names: found again in the plan of another step.
struct NumberPlace: Hashable, Sendable {
  private let phase: Phase
  /// The first array that the instruction writes.
  private let line: String
  /// The array of it that one looks at, and the shape of one row of it: the last batch of an epoch may
  /// have fewer rows.
  private let array: String
  private let row: ArraySlice<Int>
  let cell: Int

  /// The one at hand; nil at the start of a run.
  init?(_ state: AppState) {
    guard let moment = state.lab.moment, let index = moment.instruction,
      moment.results.indices.contains(moment.result)
    else { return nil }
    let instruction = moment.plan.instructions[index]
    phase = instruction.phase
    line = moment.plan[instruction.results[0].value].name
    array = moment.results[moment.result].name
    row = moment.results[moment.result].tensor.shape.extents.dropFirst()
    cell = moment.cell
  }

  /// The instruction and the result of it, where a plan still has them.
  func found(in plan: Plan) -> (instruction: Int, result: Int)? {
    for (place, instruction) in plan.instructions.enumerated()
    where instruction.phase == phase {
      guard let first = instruction.results.first, plan[first.value].name == line,
        let result = instruction.results.firstIndex(where: { plan[$0.value].name == array }),
        case let shape = instruction.results[result].value.shape,
        shape.extents.dropFirst() == row, cell < shape.count
      else { continue }
      return (place, result)
    }
    return nil
  }
}
