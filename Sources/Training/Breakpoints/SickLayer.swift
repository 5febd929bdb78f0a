import Autodiff
import NeuralNets
import Tensors

/// A hidden layer whose units can die or saturate, in the memory of one plan.
struct SickLayer {
  let name: String
  let output: Value
  private let ends: ActivationEnds?

  /// nil where the layer cannot have the sickness: output layers are wanted at their ends.
  init?(
    _ layer: Network.PlacedLayer, _ state: UnitHealth.State, _ network: Network, _ plan: Plan
  ) {
    guard !network.graph.outputLayerNames.contains(layer.name), layer.outputShapes.count == 1,
      let output = plan.value(named: layer.name + "/output"), output.shape.rank > 1
    else { return nil }
    (name, self.output) = (layer.name, output)
    ends = state == .dead ? nil : ActivationEnds.of(layer.component)
    switch state {
    case .dead: guard Self.isReLU(layer.component) else { return nil }
    case .saturated: guard ends != nil else { return nil }
    }
  }

  /// Whether it gives 0 for all that is below 0.
  private static func isReLU(_ component: Component) -> Bool {
    let name: String =
      switch component.arguments["activation"] {
      case .text(let name): name
      case .component(let function): function.kind
      default: component.kind
      }
    return ["relu", "relu6"].contains(name.lowercased())
  }

  /// The units that give 0 for every example and place.
  func silent(in execution: Execution) -> [UnitPlace] {
    units(in: execution, share: 1) { $0 == 0 }
  }

  /// The units at an end for nearly all.
  func saturated(in execution: Execution) -> [UnitPlace] {
    guard let ends else { return [] }
    return units(in: execution, share: UnitHealth.share) { $0 < ends.low || $0 > ends.high }
  }

  private func units(
    in execution: Execution, share: Float, _ isSo: (Float) -> Bool
  ) -> [UnitPlace] {
    let width = max(output.shape.last, 1)
    let places = output.shape.count / width
    guard places > 0 else { return [] }
    var counts = [Int](repeating: 0, count: width)
    execution.withNumbers(of: output) { numbers in
      counts.withUnsafeMutableBufferPointer { counts in
        var i = 0
        for _ in 0..<places {
          for unit in 0..<width {
            if isSo(numbers[i]) { counts[unit] += 1 }
            i += 1
          }
        }
      }
    }
    return counts.indices.filter { Float(counts[$0]) >= share * Float(places) }
      .map { UnitPlace(layer: name, unit: $0) }
  }
}

extension Execution {
  /// Whether a number of a value is NaN or infinite.
  func hasUnsound(_ value: Value) -> Bool {
    // The sum of squares is finite for all but very large numbers, which are looked at one by one.
    guard !sumOfSquares(of: value).isFinite else { return false }
    return withNumbers(of: value) { !$0.allSatisfy(\.isFinite) }
  }

  /// The smallest and the largest root mean square among gradients.
  func extremes(ofGradients gradients: [Value]) -> (least: Double, most: Double) {
    var (least, most) = (Double.infinity, 0.0)
    for gradient in gradients {
      let mean = (Double(sumOfSquares(of: gradient)) / Double(max(gradient.shape.count, 1)))
        .squareRoot()
      least = min(least, mean)
      most = max(most, mean)
    }
    return (least, most)
  }
}

extension Session {
  private struct AllAlive: Error {}

  /// Those of some units that give 0 for every training example, with the weights at hand.
  func dead(among units: [UnitPlace]) -> [UnitPlace] {
    var left = units
    do {
      try part.executions.forEachBatch(
        of: part.training, batchSize: 256, for: .prediction, seed: settings.seed
      ) { run, _ throws(AllAlive) in
        left = left.filter { place in
          guard let output = run.plan.value(named: place.layer + "/output") else { return false }
          let width = max(output.shape.last, 1)
          return run.withNumbers(of: output) { numbers in
            stride(from: place.unit, to: numbers.count, by: width).allSatisfy { numbers[$0] == 0 }
          }
        }
        if left.isEmpty { throw AllAlive() }
      }
    } catch {}
    return left
  }

  /// How many times in a row the loss rose up to a step; among the passes of one network where there
  /// are several.
  func losses(risingTo number: Int) -> Int {
    let steps = history.steps
    guard number < steps.count else { return 0 }
    let network = passes.map { $0.run.passes[min(number, $0.run.passes.count - 1)].network }
    var (last, count, place) = (steps[number].loss, 0, number - 1)
    while place >= 0 {
      if let network, let run = passes?.run, run.passes[place].network != network {
        place -= 1
        continue
      }
      guard steps[place].loss < last else { break }
      (last, count) = (steps[place].loss, count + 1)
      place -= 1
    }
    return count
  }

  /// Whether a turn for the worse was told when so many steps were done.
  func hasTurn(_ kind: History.Turns.Kind, endingWith step: Int) -> Bool {
    history.turns.all.contains { turn in
      turn.kind == kind
        && history.end(ofEpoch: turn.epoch, stepsPerEpoch: stepsPerEpoch) == step
    }
  }
}
