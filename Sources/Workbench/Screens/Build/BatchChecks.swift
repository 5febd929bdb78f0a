import NeuralNets
import TerminalGraphics

/// What stateful layers ask of the batches: something is carried on for each of their examples.
enum BatchChecks {
  /// Whether the run takes batches of the size that the input names.
  static func size(_ blueprint: Blueprint, _ workpiece: Workpiece) -> BuildCheck? {
    guard let size = blueprint.network?.fixedBatchSize, workpiece.batchSize != size else {
      return nil
    }
    return BuildCheck(
      verdict: .fails, title: "batches",
      text: "stateful layers carry on \(size) sequences, a batch of the run has "
        + NumberFormat.integer(workpiece.batchSize),
      line: blueprint.model.layers.count + 1,
      fix: CheckFix(title: "batch_size=\(size)", batchSize: size))
  }

  /// Whether the examples are whole batches.
  static func rest(_ blueprint: Blueprint, _ facts: DataFacts) -> BuildCheck? {
    guard let size = blueprint.network?.fixedBatchSize, facts.trainingCount > 0 else { return nil }
    let rest = facts.trainingCount % size
    guard rest > 0 else { return nil }
    let count = NumberFormat.integer(facts.trainingCount)
    return BuildCheck(
      verdict: .fails, title: "batches",
      text: "stateful layers carry on \(size) sequences, and \(rest) of the \(count) examples are "
        + "left over; right would be \(NumberFormat.integer(facts.trainingCount - rest))",
      short: "\(rest) of \(count) left over", line: 0)
  }
}
