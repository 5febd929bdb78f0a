import Autodiff
import TerminalGraphics
import Training

/// Breakpoints by keys: added where one is, listed, switched, gone to in either direction.
enum BreakpointKeys {
  static func always(_ state: AppState) -> [Binding] {
    let isArmed = state.lab.breakpoints.contains(where: \.isEnabled)
    return [
      Binding(
        [KeyStroke("c")], "continue", hint: isArmed ? "C continue, reverse" : "",
        shortHint: isArmed ? "run" : nil,
        help: "on to the next breakpoint; where none stops, to the end of the run",
        whyNot: whyNotMoves
      ) { _ in [.ask("continue")] },
      Binding(
        [KeyStroke("C")], "reverse-continue",
        help: "back to the breakpoint before; where none stopped, to the start of the run",
        whyNot: whyNotMoves
      ) { _ in [.ask("reverse-continue")] },
      Binding(
        [KeyStroke("A")], "where it began", hint: state.lab.stop?.sickness == nil ? "" : "began",
        help: "at a stop by a sickness: back to the first moment of the run where it holds",
        whyNot: { state in
          if let reason = whyNotMoves(state) { return reason }
          return state.lab.stop?.sickness == nil
            ? "no sickness stopped the run here: break nan, then c" : nil
        }
      ) { state in state.lab.stop?.sickness.map { [.ask("goto when \($0)")] } ?? [] },
      Binding(
        [KeyStroke("B")], "breakpoint", hint: "breakpoint", shortHint: "break",
        help:
          "on a line of the plan: stop there, or no longer; elsewhere the list, and in it a condition"
      ) { add(&$0) },
    ]
  }

  @Sendable private static func whyNotMoves(_ state: AppState) -> String? {
    state.lab.activity == .training ? "the run trains: Space pauses it" : nil
  }

  static let inList: [Binding] = [
    Binding(
      [KeyStroke(" ")], "on or off", hint: "on/off",
      help: "the chosen breakpoint stops no more, or again", whyNot: whyNotList
    ) { state in
      guard let row = chosen(state) else { return [] }
      return [.ask("\(row.isEnabled ? "disable" : "enable") \(row.number)")]
    },
    Binding(
      [KeyStroke("x")], "delete", hint: "delete",
      help: "the chosen breakpoint is gone; u brings it back",
      whyNot: whyNotList
    ) { state in
      guard let row = chosen(state) else { return [] }
      state.step.deletedBreakpoints.append(row.what)
      state.say("breakpoint \(row.number) is deleted; u brings it back")
      return [.ask("delete \(row.number)")]
    },
    Binding(
      [KeyStroke("u")], "bring back", help: "set again the breakpoint that was deleted last",
      whyNot: { $0.step.deletedBreakpoints.isEmpty ? "nothing was deleted" : nil }
    ) { state in
      guard let last = state.step.deletedBreakpoints.popLast() else { return [] }
      return [.ask(last)]
    },
    Binding(
      [KeyStroke(.enter)], "go there", hint: "go there",
      help: "go to where the chosen breakpoint stopped last",
      whyNot: { chosen($0)?.seen == nil ? "it has not stopped yet: c goes on to it" : nil }
    ) { state in
      guard let seen = chosen(state)?.seen else { return [] }
      return [.lab(.stand(seen.standing))]
    },
  ]

  @Sendable private static func whyNotList(_ state: AppState) -> String? {
    chosen(state) == nil ? "there is no breakpoint yet: B adds one" : nil
  }

  static func chosen(_ state: AppState) -> BreakpointRow? {
    let rows = state.lab.breakpoints
    return rows.isEmpty ? nil : rows[max(0, min(state.step.breakpointRow, rows.count - 1))]
  }

  // MARK: Adding

  /// At the line of the plan under the cursor; elsewhere the list opens and one types.
  private static func add(_ state: inout AppState) -> [Effect] {
    if state.step.view == .line, state.focusedPanel == "plan", let place = planPlace(state) {
      return toggle("break \(place)", &state)
    }
    guard state.step.view == .branches, state.focusedPanel == BreakpointPanel.id else {
      return open(&state)
    }
    ask(&state)
    return []
  }

  /// The prompt for what to stop at.
  private static func ask(_ state: inout AppState) {
    state.overlay = .palette(PaletteState(typed: "break "))
  }

  /// Each line has one breakpoint at most: the same key takes it off.
  private static func toggle(_ line: String, _ state: inout AppState) -> [Effect] {
    let wanted = try? DebuggerCommand(line)
    guard
      let row = state.lab.breakpoints.first(where: { (try? DebuggerCommand($0.what)) == wanted })
    else { return [.ask(line)] }
    state.say("breakpoint \(row.number), \(row.what), is taken off; B sets it again")
    return [.ask("delete \(row.number)")]
  }

  /// The list; where it is empty one types at once what to stop at.
  static func open(_ state: inout AppState) -> [Effect] {
    state.step.showsBreakpoints = true
    let effects = BranchKeys.open(&state)
    state.focus[.step] = BreakpointPanel.id
    if state.lab.breakpoints.isEmpty { ask(&state) }
    return effects
  }

  private static func planPlace(_ state: AppState) -> String? {
    guard let moment = state.lab.moment,
      let area = state.panels.first(where: { $0.id == "plan" })?.area
    else { return nil }
    let panel = PlanPanel(scene: StepScene(state, moment, area))
    guard panel.rows.indices.contains(panel.chosen) else { return nil }
    let row = panel.rows[panel.chosen]
    switch row.content {
    case .instruction: return "instruction \(row.range.lowerBound + 1)"
    case .phase(let phase): return phase.rawValue
    case .fold(let path, _):
      return Fold(phase: path.phase, path: path.scopes, range: row.range, isInstruction: false)
        .address
    }
  }

  static func handle(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let count = state.lab.breakpoints.count
    var selection = ListSelection(index: max(0, min(state.step.breakpointRow, count - 1)))
    guard selection.handle(stroke.key, count: count, shown: 4) else { return nil }
    state.step.breakpointRow = selection.index
    return []
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    if let row = BreakpointPanel(state, area).row(at: point) { state.step.breakpointRow = row }
    return []
  }
}

extension LabSnapshot {
  /// The instructions of the plan that a breakpoint stops before.
  func stops(in plan: Plan) -> Set<Int> {
    var found: Set<Int> = []
    for row in breakpoints where row.isEnabled {
      guard case .breakpoint(.add(let request))? = try? DebuggerCommand(row.what),
        case .place(let place, _) = request.trigger
      else { continue }
      switch place {
      case .instruction(let number): found.insert(number - 1)
      case .fold(let address):
        let folds = (try? address.folds(in: plan, near: [])) ?? []
        found.formUnion(folds.map(\.range.lowerBound))
      }
    }
    return found
  }

  /// `stopped by breakpoint 1: loss = 2.43`, as long as it fits; nil where none stopped it.
  func stopReason(width: Int) -> StyledText? {
    guard let told = stop?.told else { return nil }
    let ways: [StyledText] = [.hint("5 =", "more"), .key("5 =")]
    return told.flatMap { words in
      ways.map { (stop?.sign ?? "") + .text(" " + words) + .secondary(" · ") + $0 }
    }.first { $0.width <= width }
  }

  /// `breakpoint 2 · step 27`, and shorter.
  func stopWords(isShort: Bool) -> StyledText? {
    guard let stop, let first = stop.reasons.first else { return nil }
    let name = first.name.map { isShort ? "bp \(first.number)" : $0 } ?? "arrived"
    return stop.sign + .text(" " + name)
      + .secondary(" · step \(NumberFormat.integer(stop.step))")
  }
}

extension Stop {
  /// `stopped by breakpoint 1: loss = 2.43`, and shorter: what was found, or the place.
  var told: [String] {
    guard let first = reasons.first else { return [] }
    let what = first.what.hasPrefix("break ") ? String(first.what.dropFirst(6)) : first.what
    let who = first.name ?? "arrived"
    return ([first.words.first, what].compactMap(\.self).map { who + ": " + $0 } + [who])
      .flatMap { first.name == nil ? [$0] : ["stopped by " + $0, $0] }
  }

  /// Red where something stopped a run.
  var sign: StyledText { isArrival ? .accent("◆") : .bad("◆") }
}
