import Datasets
import NeuralNets
import Tensors
import TerminalGraphics

// Networks that take or give several arrays, and the data for them.

extension Blueprint {
  /// Whether data of several arrays fit a network of several inputs or outputs; nil when both have
  /// one of each.
  func severalEnds(_ dataset: Dataset) -> BuildCheck? {
    let inputs = model.wiring?.inputs.count ?? 1
    let targets = model.compilation?.targeted.count ?? 1
    let given = dataset.training
    guard inputs > 1 || targets > 1 || given.hasSeveral else { return nil }
    guard inputs == given.allInputs.count, targets == given.allTargets.count else {
      return BuildCheck(
        verdict: .fails, title: "data",
        text: Self.ends(inputs, targets) + "; " + dataset.name + " has "
          + Self.ends(given.allInputs.count, given.allTargets.count)
          + ": open a program whose fit has them, or an .npz with x, x_1 … and y, y_1 …")
    }
    let wanted = network?.inputShapes ?? []
    let fits = zip(wanted, given.allInputs).allSatisfy { $0.count * given.count == $1.count }
    guard !wanted.isEmpty, fits else {
      let found = given.allInputs.map { Shape(Array($0.shape.extents.dropFirst())) }
      return BuildCheck(
        verdict: .fails, title: "data",
        text: "the inputs of \(dataset.name) have shapes \(Self.listed(found)), the network takes "
          + Self.listed(wanted))
    }
    return BuildCheck(
      verdict: .good, title: "data fits",
      text: "\(dataset.name): \(NumberFormat.integer(dataset.count)) examples of "
        + Self.listed(wanted), short: "\(dataset.name), \(Self.ends(inputs, targets))")
  }

  private static func listed(_ shapes: [Shape]) -> String {
    shapes.map(\.tuple).joined(separator: " and ")
  }

  private static func ends(_ inputs: Int, _ targets: Int) -> String {
    Words.count(inputs, "input") + " and " + Words.count(targets, "target")
  }
}

extension OutputChecks {
  /// What is said of networks whose outputs have losses of their own; nil for one output.
  static func several(_ blueprint: Blueprint) -> BuildCheck? {
    guard let network = blueprint.network, let outputs = blueprint.model.compilation?.outputs,
      outputs.count > 1
    else { return nil }
    let losses = zip(network.graph.outputNames, outputs).compactMap { name, output in
      output.loss.map { "\(name) \(LossCatalog.named($0.kind)?.shortNames.first ?? $0.kind)" }
    }
    return BuildCheck(
      verdict: .good, title: "losses",
      text: "each output has its own: " + losses.joined(separator: ", "))
  }
}
