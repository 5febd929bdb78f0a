import Autodiff
import NeuralNets
import Tensors

extension Debugger {
  /// What a run of passes is made of.
  func passes() -> DebuggerReply {
    guard let run = session.passRun else { return DebuggerReply([]) }
    let counts = run.networks.indices.map { network in
      run.passes.count { $0.network == network }
    }
    let steps = run.stepBegins.count
    var lines = [
      "\(run.name): \(run.passes.count) passes in \(steps) steps, as the program's own loop made them"
    ]
    for (network, count) in zip(run.networks, counts) {
      let optimizer = network.model.compilation?.optimizer.kind ?? ""
      lines.append("\(network.name): \(count) passes, \(optimizer), seed \(network.seed)")
    }
    lines.append("a step: " + stepText(run))
    lines.append(
      "position \(session.position), \(session.history.count) passes gone through")
    if let shortness = run.shortness { lines.append(shortness) }
    lines.append("kernels \(kernelTier())")
    return DebuggerReply(
      lines,
      [
        ("passes", .integer(run.passes.count)), ("steps", .integer(steps)),
        ("networks", .texts(run.networks.map(\.name))),
        ("recorded", .integer(session.history.count)),
      ])
  }

  /// The networks that the step at hand trains, one after the other.
  private func stepText(_ run: PassRun) -> String {
    let step = min(session.position.step, run.stepBegins.count - 1)
    let first = run.stepBegins[step]
    return run.passes[first..<first + run.passCount(ofStep: step)]
      .map { run.networks[$0.network].name }.joined(separator: ", ")
  }
}
