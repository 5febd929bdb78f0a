import TerminalGraphics
import Training

/// Looking at the branches of a run: choosing, taking up, comparing.
enum BranchKeys {
  static func opening(_ state: AppState) -> Binding {
    Binding(
      [KeyStroke("=")], "branches", hint: state.lab.branches.count > 1 ? "branches" : "",
      help: "all branches of the run on one chart: Enter switches, = compares"
    ) { open(&$0) }
  }

  /// Also from Train.
  static func open(_ state: inout AppState) -> [Effect] {
    state.step.view = .branches
    state.step.branch = nil
    state.focus[.step] = WhatIfPanel.id
    return [.lab(.look(state.interest))]
  }

  static func close(_ state: inout AppState) -> [Effect] {
    state.step.view = .line
    (state.step.comparesBranches, state.step.showsBreakpoints) = (false, false)
    state.focus[.step] = nil
    return [.lab(.look(state.interest))]
  }

  static func whileOpen(_ state: AppState) -> [Binding] {
    let isLogarithmic = state.train.curves.isLogarithmic
    return [
      Binding(
        [KeyStroke(.enter)], "switch to the branch", hint: "switch",
        help: "take up the chosen branch; the moment stays the same", whyNot: whyNotSwitch
      ) { state in
        guard let number = chosen(state) else { return [] }
        return [.ask("switch \(number)")]
      },
      Binding(
        [KeyStroke("=")], "compare branches", hint: state.step.comparesBranches ? "" : "compare",
        help: "the chosen branch beside the one at hand, number by number; again: away with it",
        whyNot: { $0.lab.branches.count > 1 ? nil : one }
      ) { state in
        state.step.comparesBranches.toggle()
        state.focus[.step] = WhatIfPanel.id
        return [.lab(.look(state.interest))]
      },
      Binding(
        [KeyStroke("l")], "logarithm", hint: isLogarithmic ? "linear y" : "log y",
        help: "the losses on a logarithmic or a linear axis"
      ) { state in
        state.train.curves.isLogarithmic.toggle()
        return []
      },
      Binding(
        [KeyStroke("v")], "loss or val_loss", help: "the loss of each batch, or val_loss",
        whyNot: {
          WhatIfPanel.hasValidation($0.lab.branches)
            ? nil : "no examples are held back, or no epoch is done yet"
        }
      ) { state in
        state.step.branchesShowValidation.toggle()
        return []
      },
    ]
  }

  private static let one = "there is one way so far: a what-if lets a branch grow"

  private static func chosen(_ state: AppState) -> Int? {
    state.step.branch.flatMap(state.lab.branches.numbered)?.number
      ?? state.lab.branches.current?.number
  }

  @Sendable private static func whyNotSwitch(_ state: AppState) -> String? {
    guard state.lab.branches.count > 1 else { return one }
    let here = state.lab.branches.current?.number
    return chosen(state) == here ? "branch \(here ?? 1) is at hand: ↑↓ choose another" : nil
  }

  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let all = state.lab.branches
    let here = all.firstIndex { $0.number == chosen(state) } ?? 0
    var selection = ListSelection(index: here)
    guard selection.handle(stroke.key, count: all.count, shown: 8) else { return nil }
    guard all.indices.contains(selection.index) else { return [] }
    return choose(all[selection.index].number, &state)
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    guard let number = WhatIfPanel(state, area).branch(at: point) else { return [] }
    return choose(number, &state)
  }

  private static func choose(_ number: Int, _ state: inout AppState) -> [Effect] {
    state.step.branch = number
    return state.step.comparesBranches ? [.lab(.look(state.interest))] : []
  }
}
