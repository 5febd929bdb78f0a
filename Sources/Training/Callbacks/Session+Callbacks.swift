import Autodiff
import NeuralNets
import Tensors

// Callbacks in a run that one travels in. They are asked once, when the end of an epoch is measured;
// what they did is kept with the part of the run, so that it holds whichever way one comes there.

/// What a callback is in the middle of.
enum EpochRule: Sendable {
  case stopping(StoppingRule)
  case plateau(PlateauRule)

  var monitor: Monitor {
    switch self {
    case .stopping(let rule): rule.monitor
    case .plateau(let rule): rule.monitor
    }
  }

  var callback: String {
    switch self {
    case .stopping: "EarlyStopping"
    case .plateau: "ReduceLROnPlateau"
    }
  }

  /// - Throws: `RunFailure` for arguments that Keras refuses too.
  static func rules(_ callbacks: RunCallbacks) throws(RunFailure) -> [EpochRule] {
    var rules: [EpochRule] = []
    for component in callbacks.components {
      switch component.kind {
      case "EarlyStopping": rules.append(.stopping(try StoppingRule(component.arguments)))
      case "ReduceLROnPlateau": rules.append(.plateau(try PlateauRule(component.arguments)))
      default: continue
      }
    }
    return rules
  }
}

/// The rules of a part of a run after so many of its epochs.
struct CallbackWatch {
  let part: Int
  var rules: [EpochRule]
  /// How many epochs of the part they have seen.
  var seen = 0
}

/// Weights that are replaced at the start of a step by those of the start of an earlier one.
struct Restoring {
  let source: Int
  /// In the order of the plan's parameters; worked out when first needed.
  var numbers: [[Float]]?
}

extension RunPart {
  /// The step at which a callback ended the run.
  var stop: Int? { deeds.last { $0.kind == .stopped }?.step }

  private var stopsAtNaN: Bool {
    settings.callbacks.components.contains { $0.kind == "TerminateOnNaN" }
  }

  /// Under which name the accuracy is measured while it trains; nil where it was not asked for.
  var accuracyName: String? {
    let known = [
      "accuracy", "acc", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
    ]
    return accuracy == nil ? nil : results.numbers.map(\.name).first { known.contains($0) }
  }

  /// What callbacks can watch.
  var watchable: [String] {
    ["loss"] + [accuracyName].compactMap { $0 } + termNames + epochNames
  }

  /// Whether a fit would report a number of this name.
  func isMeasuredElsewhere(_ name: String) -> Bool {
    results.numbers.contains { $0.name == name }
  }

  /// Whether callbacks end the run when the loss is no number.
  func endsBy(_ loss: Float) -> Bool { !loss.isFinite && stopsAtNaN }

  /// What an epoch ended with, under Keras's names.
  func numbers(of epoch: History.Epoch) -> [NamedNumber] {
    var numbers = [NamedNumber("loss", Double(epoch.loss))]
    if let accuracyName, let accuracy = epoch.accuracy {
      numbers.append(NamedNumber(accuracyName, Double(accuracy)))
    }
    return numbers + epoch.numbers.map { NamedNumber($0.name, $0.result.single) }
  }
}

extension Session {
  /// What callbacks did in the branch at hand, in order.
  package var callbackDeeds: [CallbackDeed] { parts.flatMap(\.deeds) }

  /// Whether a callback ended the run at or before a step of the part at hand.
  package var stoppedAt: Int? { part.stop }

  /// What is to be said of the callbacks of its program that do nothing.
  package var callbackNotes: [String] {
    guard passes == nil else { return [] }
    let known = part.watchable
    return settings.callbacks.left
      + part.rules.filter { !known.contains($0.monitor.name) }.map {
        part.isMeasuredElsewhere($0.monitor.name)
          ? "\($0.callback) watches \($0.monitor.name), which is not measured over the training "
            + "examples of a run that can be stepped through; it does nothing here, backstep run "
            + "FILE.py has it. Here it can watch " + known.joined(separator: ", ")
          : $0.monitor.missing($0.callback, among: known) + "; it does nothing"
      }
  }

  /// The rate that a schedule gives for the first epoch.
  func beginCallbacks() {
    guard let rate = settings.callbacks.rates.first else { return }
    schedule(rate, from: 0)
  }

  /// Ends the run in the middle of an epoch where the loss is no number.
  func meetCallbacks(loss: Float) {
    guard !isReplica, part.stop == nil, part.endsBy(loss) else { return }
    part.deeds.append(
      CallbackDeed(
        step: step + 1, kind: .stopped, brief: "TerminateOnNaN",
        words: "TerminateOnNaN: the loss of step \(step) is \(loss); the run stops there"))
  }

  /// Asks the callbacks at the end of the epoch that was measured last.
  func meetCallbacks() {
    guard !isReplica, !settings.callbacks.isEmpty else { return }
    let own = history.epochs.filter { ($0.end ?? 0) > firstStep }
    if watch?.part != partIdentity || watch?.seen != own.count - 1 {
      watch = CallbackWatch(part: partIdentity, rules: part.rules)
      for epoch in own.dropLast() { _ = decide(epoch) }
    }
    guard let last = own.last, let end = last.end else { return }
    let decisions = decide(last)
    guard part.stop == nil, end <= settings.totalSteps else { return }
    take(decisions, at: end)
  }

  /// Finds again what callbacks did in the part at hand, of whose epochs the history is known.
  func recallCallbacks() {
    guard !isReplica, !settings.callbacks.isEmpty else { return }
    for case (let step, .rate(let rate)) in part.deeds.map({ ($0.step, $0.kind) }) {
      setRates.removeAll { $0.step == step && $0.rate == rate }
    }
    (part.deeds, part.restorings) = ([], [:])
    watch = CallbackWatch(part: partIdentity, rules: part.rules)
    for epoch in history.epochs where (epoch.end ?? 0) > firstStep {
      let decisions = decide(epoch)
      if let end = epoch.end, part.stop == nil, end <= settings.totalSteps {
        take(decisions, at: end)
      }
    }
    if let step = (0..<history.count).first(where: { history.step($0)?.loss.isFinite == false }),
      step >= firstStep, let loss = history.step(step)?.loss, part.endsBy(loss), part.stop == nil
    {
      part.deeds.append(
        CallbackDeed(
          step: step + 1, kind: .stopped, brief: "TerminateOnNaN",
          words: "TerminateOnNaN: the loss of step \(step) is \(loss); the run stops there"))
    }
  }

  // MARK: Deciding

  private enum Decision {
    case stop(StoppingRule)
    case lower(Double)
    /// The rule at the end of an epoch that it does not end.
    case goOn(StoppingRule)
  }

  private func decide(_ epoch: History.Epoch) -> [Decision] {
    guard var watch else { return [] }
    defer { self.watch = watch }
    let numbers = part.numbers(of: epoch)
    let rate = learningRate(at: max(0, (epoch.end ?? 1) - 1))
    var decisions: [Decision] = []
    for i in watch.rules.indices {
      guard let value = watch.rules[i].monitor.value(in: numbers) else { continue }
      switch watch.rules[i] {
      case .stopping(var rule):
        let stops = rule.epochEnded(watch.seen, value)
        watch.rules[i] = .stopping(rule)
        decisions.append(stops ? .stop(rule) : .goOn(rule))
      case .plateau(var rule):
        let lower = rule.epochEnded(value, rate: rate)
        watch.rules[i] = .plateau(rule)
        if let lower { decisions.append(.lower(lower)) }
      }
    }
    watch.seen += 1
    return decisions
  }

  // MARK: Doing

  private func take(_ decisions: [Decision], at end: Int) {
    var restored: StoppingRule?
    for decision in decisions {
      switch decision {
      case .stop(let rule):
        part.deeds.append(stopped(by: rule, at: end))
        restored = restored ?? rule
      case .goOn(let rule) where end == settings.totalSteps: restored = restored ?? rule
      case .goOn: continue
      case .lower(let rate):
        guard !setRates.contains(where: { $0.step == end }) else { continue }
        let old = learningRate(at: max(0, end - 1))
        schedule(Float(rate), from: end)
        part.deeds.append(
          CallbackDeed(
            step: end, kind: .rate(Float(rate)), brief: "ReduceLROnPlateau",
            words: "ReduceLROnPlateau after epoch \(epochNumber(endingAt: end)): learning rate "
              + "\(old) → \(Float(rate))"))
      }
    }
    if let rule = restored { restore(rule, at: end) }
    followSchedule(at: end)
  }

  private func stopped(by rule: StoppingRule, at end: Int) -> CallbackDeed {
    let name = rule.monitor.name
    let best = rule.best.map { "\(Float($0)) in epoch \(bestEpoch(rule))" } ?? "before"
    let waited = rule.patience > 1 ? "\(rule.patience) epochs" : "an epoch"
    return CallbackDeed(
      step: end, kind: .stopped, brief: "EarlyStopping",
      words:
        "EarlyStopping after epoch \(epochNumber(endingAt: end)): for \(waited) \(name) was no "
        + "better than \(best)")
  }

  private func restore(_ rule: StoppingRule, at end: Int) {
    guard let epoch = rule.restoredEpoch, let source = ownEnd(ofEpoch: epoch), source < end else {
      return
    }
    part.restorings[end] = Restoring(source: source)
    let number = epochNumber(endingAt: source)
    part.deeds.append(
      CallbackDeed(
        step: end, kind: .restored, source: source, brief: "weights of epoch \(number)",
        words:
          "restore_best_weights: the weights are again those of epoch \(number), step \(source)"
      ))
  }

  private func bestEpoch(_ rule: StoppingRule) -> Int {
    ownEnd(ofEpoch: rule.bestEpoch).map { epochNumber(endingAt: $0) } ?? rule.bestEpoch + 1
  }

  /// The end of an epoch, counted from 0 in the part at hand.
  private func ownEnd(ofEpoch number: Int) -> Int? {
    let own = history.epochs.lazy.compactMap(\.end).filter { $0 > self.firstStep }
    return own.dropFirst(number).first
  }

  /// The number, from 1, of the epoch that ends with a step.
  private func epochNumber(endingAt step: Int) -> Int {
    part.counting.place(of: max(0, step - 1)).epoch + 1
  }

  /// The rate that a schedule gives for the epoch that begins.
  private func followSchedule(at end: Int) {
    let epoch = part.counting.place(of: end).epoch
    guard part.stop == nil, settings.callbacks.rates.indices.contains(epoch) else { return }
    schedule(settings.callbacks.rates[epoch], from: end)
  }

  /// A rate from a step on, unless one was set there by hand.
  private func schedule(_ rate: Float, from step: Int) {
    guard !setRates.contains(where: { $0.step == step }) else { return }
    guard learningRate(at: step) != rate else { return }
    setRates.append((step, rate))
    setRates.sort { $0.step < $1.step }
  }

  // MARK: The best weights

  /// Gives the weights the numbers that they had at the start of an earlier step.
  func applyRestoring(toStep step: Int) {
    guard var restoring = part.restorings[step] else { return }
    let numbers = restoring.numbers ?? weights(atStep: restoring.source)
    restoring.numbers = numbers
    part.restorings[step] = restoring
    meter.forget()
    judged = nil
    for (value, own) in zip(plan.parameters, numbers) { execution.write(own, to: value) }
  }

  /// The weights at the start of a step of the part at hand, computed again from the moment kept
  /// before it.
  private func weights(atStep step: Int) -> [[Float]] {
    // The end of the step before is the start of this one.
    let past = Session(replaying: self, from: step - 1)
    past.go(to: Position(step: step))
    return past.plan.parameters.map { past.execution.numbers(of: $0) }
  }
}
