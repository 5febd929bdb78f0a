import TerminalGraphics
import Training

/// What can be done on Runs.
enum RunsKeys {
  @Sendable private static func needsRun(_ state: AppState) -> String? {
    state.runs.ordered.isEmpty
      ? state.isRunOfLesson
        ? "no run is kept yet, and a lesson's is not: 1 goes to your own network, t there trains it"
        : "no run is kept yet: t trains one"
      : state.chosenKeptRun == nil ? "no run is chosen: the filter leaves none" : nil
  }

  static func bindings(_ state: AppState) -> [Binding] {
    marking(state) + listing(state) + [train(state)] + changing + out(state)
  }

  // MARK: Comparing

  private static func marking(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke(" ")], "mark", hint: "mark",
        help: "compare the chosen run with the other marked ones, or no longer",
        whyNot: needsRun
      ) { mark(&$0) },
      Binding(
        [KeyStroke(.enter)], "open run", hint: "open",
        help: "open the chosen run where it stopped, on Train: go back in it, or train on",
        whyNot: needsRun
      ) { state in
        state.chosenKeptRun.map { state.openKept($0.number) } ?? []
      },
      Binding(
        [KeyStroke("S")], "sort", hint: "sort",
        help: "the next order: newest, val_loss, val accuracy, loss, steps, data, network …",
        whyNot: needsRun
      ) { state in
        let all = RunOrder.allCases
        let here = all.firstIndex(of: state.runs.order) ?? 0
        show(all[(here + 1) % all.count], isReversed: false, &state)
        return []
      },
      Binding(
        [], "sort the other way", help: "the same order, the last first", whyNot: needsRun
      ) { state in
        show(state.runs.order, isReversed: !state.runs.isReversed, &state)
        return []
      },
    ]
  }

  /// Marks the chosen run, or takes its mark away.
  static func mark(_ state: inout AppState) -> [Effect] {
    guard let number = state.runs.chosen else { return [] }
    if state.runs.mark(of: number) != nil {
      state.runs.marks.removeAll { $0.number == number }
      if state.runs.baseline == number { state.runs.baseline = nil }
      return []
    }
    // What is gone needs no color any more, but for what undo may bring back.
    let listed = state.listedMarks
    let gone = state.runs.removed
    state.runs.marks.removeAll { !listed.contains($0) && !gone.contains($0.number) }
    let taken = Set(state.runs.marks.map(\.slot))
    guard let slot = (0..<RunsState.mostMarks).first(where: { !taken.contains($0) }) else {
      state.say(
        "\(RunsState.mostMarks) runs are compared at most: Space on a marked one takes it off",
        .warning)
      return []
    }
    state.runs.marks.append(RunMark(number: number, slot: slot))
    return []
  }

  private static func listing(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke("/")], "filter", hint: "filter",
        help: "only the runs that have a text in any column; n N next, previous",
        whyNot: needsRun
      ) { state in
        state.focus[.runs] = RunsPart.list.rawValue
        return state.beginSearch()
      },
      Binding(
        [KeyStroke("l")], "logarithm",
        hint: state.runs.isLogarithmic ? "linear y" : "log y",
        shortHint: state.runs.isLogarithmic ? "linear" : "log",
        help: "the curves on a logarithmic or a linear axis"
      ) { state in
        state.runs.isLogarithmic.toggle()
        return []
      },
    ]
  }

  /// A second click on a heading turns its order round.
  static func sort(by order: RunOrder, _ state: inout AppState) {
    show(order, isReversed: order == state.runs.order && !state.runs.isReversed, &state)
  }

  private static func show(_ order: RunOrder, isReversed: Bool, _ state: inout AppState) {
    state.runs.order = order
    state.runs.isReversed = isReversed
    state.arrangeRuns()
    // In a narrow border the order has no room.
    if state.size.width < 76 { state.say(order.words(isReversed: isReversed)) }
  }

  // MARK: A run

  private static func train(_ state: AppState) -> Binding {
    guard !state.runs.ordered.isEmpty else {
      return Binding(
        [KeyStroke("t")], "train", hint: "train", help: "train the network at hand, and watch"
      ) { $0.trainWorkpiece() }
    }
    return Binding(
      [KeyStroke("t")], "train again", hint: "train again", shortHint: "again",
      help: "a new run with the settings of the chosen one: the same seed gives the same numbers",
      whyNot: needsRun
    ) { state in
      guard let run = state.chosenKeptRun else { return [] }
      return [.runs(.trainAgain(run.number))]
    }
  }

  private static let changing: [Binding] = [
    Binding(
      [KeyStroke("x")], "delete", hint: "delete",
      help: "take the chosen run out of every list; u brings it back", whyNot: whyNotDelete
    ) { state in
      guard let run = state.chosenKeptRun else { return [] }
      state.runs.removed.insert(run.number)
      state.arrangeRuns()
      state.say("r\(run.number) deleted; u brings it back", .good)
      return [.runs(.remove(run.number))]
    },
    Binding(
      [KeyStroke("b")], "baseline", hint: "baseline", shortHint: "base",
      help: "hold the marked runs against the chosen one, or against each other again",
      whyNot: needsRun
    ) { baseline(&$0) },
    Binding(
      [KeyStroke("d")], "all settings",
      help: "all settings of the compared runs, or only those that differ",
      whyNot: { $0.comparedRuns.count < 2 ? "mark two runs: Space marks the chosen one" : nil }
    ) { state in
      state.runs.showsAll.toggle()
      state.runs.scroll = ListSelection()
      return []
    },
    Binding(
      [KeyStroke("R")], "rename", hint: "rename",
      help: "give the chosen run a name; an empty one takes it away", whyNot: needsRun
    ) { rename(&$0) },
    Binding(
      [KeyStroke("e")], "export", hint: "export",
      help:
        "write the chosen run: .csv its numbers, .safetensors or .npz its weights, .py its code",
      whyNot: needsRun
    ) { export(&$0) },
  ]

  /// Why the chosen run cannot be deleted now.
  @Sendable static func whyNotDelete(_ state: AppState) -> String? {
    if let reason = needsRun(state) { return reason }
    guard let run = state.chosenKeptRun else { return nil }
    if state.home.openRun == run.number {
      return "r\(run.number) is the run at hand: open or train another one first"
    }
    return run.isOpenElsewhere ? "r\(run.number) is open in another lab: close it there first" : nil
  }

  private static func baseline(_ state: inout AppState) -> [Effect] {
    guard let number = state.runs.chosen else { return [] }
    if state.runs.baseline == number {
      state.runs.baseline = nil
      state.say("no baseline: the marked runs are held against each other")
      return []
    }
    if state.runs.mark(of: number) == nil { _ = mark(&state) }
    guard state.runs.mark(of: number) != nil else { return [] }
    state.runs.baseline = number
    state.runs.firstColumn = 0
    let isAlone = state.runs.marks.count == 1
    state.say(
      "r\(number) is the baseline" + (isAlone ? ": Space marks runs to hold against it" : ""),
      .good)
    return []
  }

  private static func rename(_ state: inout AppState) -> [Effect] {
    guard let run = state.chosenKeptRun else { return [] }
    state.field = TextField("name of r\(run.number)", text: run.name ?? "") { text, state in
      let name = text.trimmingBlanks
      guard name.count <= 40 else {
        state.say("a name has 40 characters at most; this one has \(name.count)", .warning)
        return []
      }
      state.say(
        name.isEmpty ? "r\(run.number) has no name" : "r\(run.number) is called \(name)", .good)
      return [.runs(.rename(run.number, to: name.isEmpty ? nil : name))]
    }
    return []
  }

  private static func export(_ state: inout AppState) -> [Effect] {
    guard let run = state.chosenKeptRun else { return [] }
    state.field = TextField(
      "write r\(run.number) to (.csv, .safetensors, .npz, .py)", text: "r\(run.number).csv",
      files: RunsKeys.endings
    ) { path, state in
      guard endings.contains(where: { path.hasSuffix($0) }) else {
        state.say(
          "\(path): .csv writes the numbers, .safetensors or .npz the weights, .py the code",
          .warning)
        return []
      }
      return [.runs(.export(run.number, path: path))]
    }
    return []
  }

  private static let endings = [".csv", ".safetensors", ".npz", ".py"]

  private static func out(_ state: AppState) -> [Binding] {
    guard state.runs.cursor != nil, !state.isZoomed else { return [] }
    return [
      Binding([KeyStroke(.escape)], "no crosshair", help: "take the crosshair away") { state in
        state.runs.cursor = nil
        return []
      }
    ]
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    let start = drop { $0.isWhitespace }
    return String(start.reversed().drop { $0.isWhitespace }.reversed())
  }
}
