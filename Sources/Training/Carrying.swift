import Autodiff
import NeuralNets
import Tensors

// What stateful layers carry from batch to batch. It lies in the same memory as the weights, so
// checkpoints, digests and the way back have it; what is here reads and writes it between steps.

extension Executions {
  /// What layers carry now, under the names of `network.carried`.
  var carried: [String: Tensor] {
    guard network.fixedBatchSize != nil else { return [:] }
    let run = anyExecution
    return Dictionary(
      run.plan.carried.map { (run.plan[$0].name, run.tensor($0)) }, uniquingKeysWith: { a, _ in a })
  }

  /// Lets layers carry other numbers; names and shapes that they do not know are left alone.
  func carry(_ states: [String: Tensor]) {
    guard network.fixedBatchSize != nil, !states.isEmpty else { return }
    let run = anyExecution
    for value in run.plan.carried {
      guard let tensor = states[run.plan[value].name], tensor.shape == value.shape else { continue }
      run.write(tensor.scalars, to: value)
    }
  }
}

extension Network {
  /// Throws where batches are not of the size that stateful layers carry something for.
  ///
  /// - Parameter what: whose examples they are: "fit".
  func checkBatches(of count: Int, by size: Int, in what: String) throws(RunFailure) {
    guard count > 0, let wanted = fixedBatchSize else { return }
    let first = min(size, count)
    let rest = count % max(1, size)
    let found = first != wanted ? first : rest == 0 || count < size ? wanted : rest
    guard found != wanted else { return }
    let layer = layers.first { !$0.carried.isEmpty }?.name ?? description.name
    throw RunFailure(
      "\(what) gives a batch of \(found) to \(layer), which is stateful and carries on "
        + "\(wanted) sequences",
      remedy: first != wanted
        ? "batch_size=\(wanted), and examples in whole batches"
        : "a number of examples that \(wanted) divides, as \(count - rest)")
  }
}

extension Session {
  /// What stateful layers carry now, under the names of `network.carried`.
  package var carried: [String: Tensor] { part.executions.carried }

  /// Lets stateful layers carry other numbers between two steps, as a program does that resets them in
  /// the middle of a fit. Whoever comes back to that moment finds the same numbers.
  ///
  /// - Precondition: the run stands between steps.
  package func overwriteCarried(_ states: [String: Tensor]) {
    guard !states.isEmpty else { return }
    precondition(position.instruction == 0, "in the middle of a step")
    judged = nil
    part.executions.carry(states)
    if passes == nil { part.carriedStarts[position.step] = carried }
  }

  /// Judges and leaves what layers carry as it was; gives also what they carried afterwards.
  func withCarrying<R>(_ body: () -> R) -> (result: R, after: [String: Tensor]) {
    let before = part.executions.carried
    let result = body()
    let after = part.executions.carried
    part.executions.carry(before)
    return (result, after)
  }
}
