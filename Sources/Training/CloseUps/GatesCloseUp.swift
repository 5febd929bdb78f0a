import Autodiff
import Tensors

/// Gates, memory and outputs of a recurrent layer at every time step, for one example.
package struct GatesCloseUp: Hashable, Sendable {
  /// The recurrent layers within the layer that are to be seen: one, or one for each direction.
  package let directions: [String]
  package let direction: Int
  package let recurrent: RecurrentMoment
  /// What came in at each time step, in the order in which it is read: tokens; nil for other data.
  package let tokens: [Float]?
  /// The unit whose numbers are written out.
  package let unit: Int

  /// Nil when the layer has no time steps, or none is known yet.
  init?(of run: Execution, example: Int, _ interest: CloseUpInterest) {
    let plan = run.plan
    let paths = plan.names.filter { $0.hasPrefix(interest.layer + "/") && $0.hasSuffix("/t0/h") }
      .map { String($0.dropLast("/t0/h".count)) }
    // Forwards first.
    directions =
      paths.filter { !$0.contains("backward_") } + paths.filter { $0.contains("backward_") }
    guard !directions.isEmpty else { return nil }
    direction = min(max(0, interest.part), directions.count - 1)
    let path = directions[direction]
    guard let outputs = plan.value(named: path + "/h"), outputs.shape.rank == 3,
      outputs.shape[1] == plan.batchSize
    else { return nil }
    let (steps, units) = (outputs.shape[0], outputs.shape[2])
    unit = min(max(0, interest.row), units - 1)
    recurrent = RecurrentMoment(
      path, of: run, example: example, time: min(max(0, interest.column), steps - 1),
      steps: steps, units: units, unit: unit)
    let read = run.tokens(
      behind: plan.value(named: path + "/t0/x"), length: steps, example: example)
    tokens = path.contains("backward_") ? read?.reversed() : read
  }
}
