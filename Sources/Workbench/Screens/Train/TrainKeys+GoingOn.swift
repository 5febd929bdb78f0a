import NeuralNets
import TerminalGraphics
import Training

// Going on with a run under other settings, or with another network.

extension TrainKeys {
  /// Takes the workpiece as it is into the run at hand: what fits of its weights is kept.
  static func goOn(_ state: inout AppState, words: String) -> [Effect] {
    do {
      let settings = try state.workpiece.settings()
      state.train.opened = state.workpiece
      return [.lab(.change(settings, words: words))]
    } catch {
      state.say("\(error)", .warning)
      return []
    }
  }

  static func goingOn(_ state: AppState) -> Binding {
    let isOpen = whyNotGoOn(state) == nil
    return Binding(
      [KeyStroke("K")], "go on with it", hint: isOpen ? "go on, weights kept" : "",
      help: "take the changed network into the run and keep the weights that fit",
      whyNot: whyNotGoOn
    ) { goOn(&$0, words: changeWords($0)) }
  }

  @Sendable private static func whyNotGoOn(_ state: AppState) -> String? {
    guard let settings = state.lab.settings else { return state.whyNoRun }
    if state.runIsCurrent { return "the run already is that of this network and this data" }
    if state.lab.history.steps.isEmpty { return "nothing is learned yet: Space begins a new run" }
    if settings.seed != state.workpiece.seed, settings.model == state.workpiece.model {
      return "another seed draws other weights: Space begins a new run"
    }
    return nil
  }

  /// What is other than in the run at hand.
  private static func changeWords(_ state: AppState) -> String {
    guard let old = state.lab.settings?.model else { return "" }
    let new = state.workpiece.model
    let (before, after) = (Set(old.layerNames), Set(new.layerNames))
    var parts: [String] = []
    let added = new.layerNames.filter { !before.contains($0) }
    let removed = old.layerNames.filter { !after.contains($0) }
    if !added.isEmpty { parts.append("added \(added.joined(separator: ", "))") }
    if !removed.isEmpty { parts.append("removed \(removed.joined(separator: ", "))") }
    if parts.isEmpty { parts.append("network changed") }
    return parts.joined(separator: "; ")
  }
}

extension Session.Kept {
  /// `kept 3 of 4 layers; dense_1 starts anew`; nil when all goes on as it was.
  var words: String? {
    var parts: [String] = []
    if !anew.isEmpty {
      parts.append("kept \(kept) of \(layers) layers")
      let names = anew.prefix(3).joined(separator: ", ")
      parts.append(
        names + (anew.count > 3 ? " …" : "") + (anew.count == 1 ? " starts anew" : " start anew"))
    }
    if !keepsOptimizer { parts.append("the optimizer begins anew") }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}

extension AppState {
  /// What a change of settings kept, while it is news.
  var keptWords: String? {
    guard let (number, kept) = lab.kept, number != train.keptNoted, lab.failure == nil else {
      return nil
    }
    return kept.words
  }

  /// Says what a change of settings kept, once, when the news of it comes.
  mutating func noteKept() {
    guard let number = lab.kept?.number, number != train.keptNoted else { return }
    // With the branch that grew of it, it is said already.
    if let words = keptWords, message?.toast.text.hasPrefix(words) != true { say(words, .good) }
    train.keptNoted = number
    guard lab.failure == nil else { return }
    guard lab.activity == .finished, let settings = lab.settings else { return }
    let epochs = NumberFormat.integer(settings.epochs)
    say("all \(epochs) epochs are done: it acts with more epochs, or r starts over")
  }
}
