import NeuralNets
import TerminalGraphics
import Training

/// What can be done on Train.
enum TrainKeys {
  /// Moving needs a run.
  @Sendable private static func needsRun(_ state: AppState) -> String? {
    state.lab.settings == nil ? state.whyNoRun : nil
  }

  static func bindings(_ state: AppState) -> [Binding] {
    guard state.train.program != nil else { return ofRun(state) }
    // Whatever else can be done here is done to the run that is still to come.
    let own = LoopPanel.bindings
    let taken = Set(own.flatMap(\.keys))
    return own
      + ofRun(state).filter { taken.isDisjoint(with: $0.keys) }.map {
        $0.refused { $0.whyNoOwnRun }
      }
  }

  private static func ofRun(_ state: AppState) -> [Binding] {
    let isTraining = state.lab.activity == .training
    let playHint =
      isTraining
      ? "pause"
      : state.runIsCurrent ? (state.lab.activity == .finished ? "replay" : "train") : "new run"
    let playing = [
      Binding(
        [KeyStroke(" ")], "train", hint: playHint,
        help: "train, and pause; a finished run plays again from its start",
        whyNot: {
          $0.runIsCurrent || $0.lab.activity == .training ? nil : $0.whyNoOwnRun
        }, perform: play)
    ]
    guard state.openCloseUp == nil else {
      let own = CloseUpKeys.whileOpen(state)
      let taken = Set(own.flatMap(\.keys))
      let others = (moves(state) + paces + steppers(state) + runs)
        .filter { taken.isDisjoint(with: $0.keys) }
      // On the way through the layers these lead; elsewhere the run does.
      return state.openCloseUp?.interest.kind == .walk
        ? own + playing + others : playing + own + others
    }
    return playing + moves(state) + paces + focused(state) + steppers(state) + curves(state)
      + views(state)
      + pictures(state)
      + CloseUpKeys.opening(state, hint: state.focusedPanel == TrainPart.layers.rawValue)
      + [goingOn(state)] + runs
  }

  // MARK: Playing

  @Sendable static func play(_ state: inout AppState) -> [Effect] {
    // What trains is paused first, also where another network waits: no key ends a run by the way.
    guard state.runIsCurrent || state.lab.activity == .training else {
      let opening = state.openRun()
      return opening.isEmpty ? [] : opening + [.lab(.play)]
    }
    switch state.lab.activity {
    case .training: return [.lab(.pause())]
    case .finished:
      guard !state.saysEnd() else { return [] }
      return [.lab(.go(Position(step: 0))), .lab(.play)]
    case .paused, .idle: return [.lab(.play)]
    }
  }

  /// Seconds in which a key that was to pause may come after the end.
  static let hasteAtEnd = 1.5

  /// A setting that makes another run takes effect at once where nothing was learned yet.
  static func reopenIfUntouched(_ state: inout AppState) -> [Effect] {
    guard state.lab.settings != nil, state.lab.history.steps.isEmpty, !state.runIsCurrent else {
      return []
    }
    return state.openRun()
  }

  private static func startOver(_ state: inout AppState) -> [Effect] {
    let wasTraining = state.lab.activity == .training
    let pace = state.lab.pace
    let rate = state.lab.rateByHand
    let isSame = state.lab.settings?.model == state.workpiece.model
    let opening = state.openRun()
    guard !opening.isEmpty else { return [] }
    var effects = opening
    if isSame {
      if let rate { effects.append(.lab(.learningRate(rate))) }
      effects.append(.lab(.pace(pace)))
    }
    return wasTraining ? effects + [.lab(.play)] : effects
  }

  private static var runs: [Binding] {
    [
      Binding(
        [KeyStroke("r")], "start over",
        help: "start over with the same seed and all that was set, the learning rate too",
        whyNot: { $0.whyNoOwnRun }
      ) { startOver(&$0) },
      Binding(
        [KeyStroke("R")], "start over with a new seed",
        help: "start over with the next seed: other weights, another order",
        whyNot: { $0.whyNoOwnRun }
      ) { state in
        state.workpiece.seed &+= 1
        return startOver(&state)
      },
      Binding(
        [KeyStroke("y")], "replay", help: "go to the start and play what was learned again",
        whyNot: needsRun
      ) { _ in [.lab(.go(Position(step: 0))), .lab(.play)] },
      Binding(
        [KeyStroke("<")], "halve the learning rate",
        help: "halve the learning rate, from the next step on", whyNot: needsRun
      ) { SettingsPanel.setRate($0.lab.learningRate / 2, &$0) },
      Binding(
        [KeyStroke(">")], "double the learning rate",
        help: "double the learning rate, from the next step on", whyNot: needsRun
      ) { SettingsPanel.setRate($0.lab.learningRate * 2, &$0) },
      Binding(
        [KeyStroke("w")], "save the weights",
        help: "write the weights to a file, as safetensors", whyNot: needsRun
      ) { state in
        state.field = TextField("save weights as", text: "weights.safetensors") { path, state in
          guard !path.isEmpty else { return [] }
          return [.saveWeights(path: path)]
        }
        return []
      },
    ]
  }

  // MARK: Moving

  private static func moves(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke(".")], "one step", hint: ", one step",
        help: "train one step (one batch), then pause", whyNot: needsRun
      ) { _ in [.lab(.move(1, .step))] },
      Binding(
        [KeyStroke(",")], "one step back", hint: "",
        help: "go back one step; nothing is lost", whyNot: needsRun
      ) { _ in [.lab(.move(-1, .step))] },
      Binding(
        [KeyStroke(")")], "one epoch", help: "train to the end of the epoch, then pause",
        whyNot: needsRun
      ) { _ in [.lab(.move(1, .epoch))] },
      Binding(
        [KeyStroke("(")], "one epoch back", help: "go back to the start of the epoch",
        whyNot: needsRun
      ) { _ in [.lab(.move(-1, .epoch))] },
    ]
  }

  private static var paces: [Binding] {
    [
      Binding(
        [KeyStroke("-")], "slower", hint: "+ pace", help: "a slower pace: fewer steps a second",
        whyNot: needsRun
      ) { changePace(by: -1, &$0) },
      Binding(
        [KeyStroke("+")], "faster", hint: "", help: "a faster pace: more steps a second",
        whyNot: needsRun
      ) { changePace(by: 1, &$0) },
      Binding(
        [KeyStroke("F")], "full speed", help: "as fast as it goes, and back to the pace before",
        whyNot: needsRun, perform: toggleFull),
    ]
  }

  static func changePace(by places: Int, _ state: inout AppState) -> [Effect] {
    let pace = state.lab.pace
    guard let next = pace.next(isFaster: places > 0, for: state.lab.settings?.totalSteps ?? 1)
    else {
      state.say(
        places > 0
          ? "it goes as fast as it can"
          : pace.words(inPasses: state.lab.pass != nil) + " is the slowest of -; :pace sets any")
      return []
    }
    return setPace(next, &state)
  }

  static func setPace(_ pace: Pace, _ state: inout AppState) -> [Effect] {
    guard pace != state.lab.pace else { return [] }
    state.lab.pace = pace
    return [.lab(.pace(pace))]
  }

  @Sendable private static func toggleFull(_ state: inout AppState) -> [Effect] {
    let pace: Pace
    if state.lab.pace == .full {
      pace =
        state.train.paceBeforeFull ?? .tenSeconds(for: state.lab.settings?.totalSteps ?? 1)
    } else {
      state.train.paceBeforeFull = state.lab.pace
      pace = .full
    }
    return setPace(pace, &state)
  }

  // MARK: Looking

  private static func steppers(_ state: AppState) -> [Binding] {
    if state.focusedPanel == TrainPart.worst.rawValue { return [ExamplePass.inGallery(state)] }
    return [
      Binding(
        [KeyStroke("s")], "step through", hint: state.isCompact ? "debug" : "step through",
        help: "pause, and step through this moment line by line", whyNot: needsRun
      ) { state in
        let marked = isHere(state) ? state.train.curves.cursor : nil
        if let marked, marked != state.lab.position.step {
          let here = NumberFormat.integer(state.lab.position.step)
          state.say(
            "the run stands at step \(here): Enter in the curve steps through step "
              + NumberFormat.integer(marked))
        }
        return [.lab(.pause())] + state.go(to: .step)
      }
    ]
  }

  private static func views(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke("D")], "draw an example", hint: "draw",
        help: "draw an example, see what the run says"
      ) { $0.draw(from: .train) },
      Binding(
        [KeyStroke("=")], "branches", hint: state.lab.branches.count > 1 ? "branches" : "",
        help: "all branches of the run on one chart, on Step: Enter switches, = compares",
        whyNot: needsRun
      ) { state in
        let going = state.go(to: .step)
        return going + BranchKeys.open(&state)
      },
      Binding(
        [KeyStroke("B")], "breakpoints",
        help: "what is to stop the run, on Step: a place, a condition, a sickness",
        whyNot: needsRun
      ) { state in
        let going = state.go(to: .step)
        return going + BreakpointKeys.open(&state)
      },
    ]
  }
}

extension AppState {
  /// Says that the run is done where it was only just training: a key that was to pause it comes too
  /// late, and is not to start something else. Once said, the key does what is said of it.
  fileprivate mutating func saysEnd() -> Bool {
    guard let ended = train.endedAt, now - ended < TrainKeys.hasteAtEnd else { return false }
    train.endedAt = nil
    say("the run is done; Space now plays it again from its start, r starts it over")
    return true
  }
}
