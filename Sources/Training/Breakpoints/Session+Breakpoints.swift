import Autodiff
import NeuralNets

// What a search for a stop asks of a run.

extension Session {
  /// The part that a step belongs to; of a run of passes that of the pass.
  func part(ofStep number: Int) -> RunPart {
    if let passes {
      return number == shownStep ? part : passes.part(of: number)
    }
    return parts[place(ofStep: number)]
  }

  /// The execution that does a step, as it will be or was done; its memory may hold another's numbers.
  func execution(ofStep number: Int) -> Execution {
    if number == shownStep { return execution }
    let part = part(ofStep: number)
    let count: Int
    if passes != nil {
      count = part.training.count
    } else {
      let counting = part.counting
      let first = counting.place(of: max(number, counting.origin.step)).step * counting.batchSize
      count = max(1, min(counting.batchSize, part.training.count - first))
    }
    return part.execution(
      batchSize: count, purpose: .training, weighting: part.training.weighting)
  }

  /// The name of the network that a pass trains; nil in a run of one network.
  func networkName(ofPass number: Int) -> String? {
    guard let run = passes?.run, run.passes.indices.contains(number) else { return nil }
    return run.networks[run.passes[number].network].name
  }

  /// A step of every part of the run, or a pass of every network: where names may mean something.
  var samplePlaces: [Int] {
    guard let run = passes?.run else {
      // The part at hand is asked first: its words are the ones to be told.
      return [firstStep] + parts.map(\.firstStep).filter { $0 != firstStep }
    }
    let here = min(shownStep, run.passes.count - 1)
    let others = run.networks.indices.compactMap { network in
      run.passes.firstIndex { $0.network == network }
    }
    return [here] + others.filter { $0 != here }
  }
}
