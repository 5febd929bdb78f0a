import Autodiff
import KernelSources
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What can be done on the Step screen.
enum StepBindings {
  static func all(_ state: AppState) -> [Binding] {
    guard state.lab.activity == .training, state.lab.moment != nil else { return resting(state) }
    let taken = Set(pause.keys)
    return [pause] + resting(state).filter { taken.isDisjoint(with: $0.keys) }
  }

  private static let pause = Binding(
    [KeyStroke(" "), .control("c")], "pause", hint: "pause",
    help: "the run stops where it is, at the number one looked at; Space again lets it go on",
    perform: comeBack
  )

  private static let goOn = Binding(
    [KeyStroke(" ")], "go on",
    help: "train on from here at the run's pace and watch it; Space again pauses",
    whyNot: whyNotForwards
  ) { state in
    // What one looked at is of the line at hand: each step is shown from its end.
    let place = NumberPlace(state)
    defer { state.step.placeBefore = place }
    return [lookAgain(&state), .lab(.play)]
  }

  /// Pauses, and goes back to the number that one looked at before the run went on, in the step that is
  /// reached: unless one has chosen another since, or the plan has it no longer.
  @Sendable private static func comeBack(_ state: inout AppState) -> [Effect] {
    guard state.step.interest.cell == nil, state.step.interest.result == 0,
      let place = state.step.placeBefore, let plan = state.lab.moment?.plan,
      let (instruction, result) = place.found(in: plan)
    else { return [.lab(.pause())] }
    state.step.placeBefore = nil
    (state.step.interest.result, state.step.interest.cell) = (result, place.cell)
    return [.lab(.pause(at: instruction + 1)), .lab(.look(state.interest))]
  }

  private static func resting(_ state: AppState) -> [Binding] {
    guard state.lab.moment != nil else { return state.lab.network == nil ? [open] : [] }
    if state.openCloseUp != nil {
      let own = CloseUpKeys.whileOpen(state)
      let taken = Set(own.flatMap(\.keys))
      let others = (moves + looks + runs + [trainOn]).filter { taken.isDisjoint(with: $0.keys) }
      // The way out and what moves in the view come after the moves of the step.
      return Array(others.prefix(2)) + own + others.dropFirst(2)
    }
    if state.step.view == .fault {
      let own = FaultKeys.whileOpen(state) + (state.isZoomed ? [] : [close])
      let taken = Set(own.flatMap(\.keys))
      let others = moves + looks + BreakpointKeys.always(state) + runs + [trainOn]
      return own + others.filter { taken.isDisjoint(with: $0.keys) }
    }
    if state.step.view == .branches {
      let inList = state.focusedPanel == BreakpointPanel.id ? BreakpointKeys.inList : []
      let listed = Set(inList.flatMap(\.keys))
      let own =
        inList + BranchKeys.whileOpen(state).filter { listed.isDisjoint(with: $0.keys) }
        + (state.isZoomed ? [] : [close])
      let taken = Set(own.flatMap(\.keys))
      let others = (BreakpointKeys.always(state) + moves + looks + runs + [trainOn])
        .filter { taken.isDisjoint(with: $0.keys) }
      return own + others
    }
    var all = moves
    if isRecurrent(state) {
      all = Array(all.prefix(2)) + timeSteps + all.dropFirst(2).prefix(2)
    }
    switch state.focusedPanel {
    case "plan": all.append(enter)
    case "example": all.append(WhatIfKeys.inExample)
    case "watches": all = WatchKeys.inList + all
    case "graph": all = GraphKeys.inGraph + all
    case "result", "overview", "cell":
      let canSet = whyNotSet(state) == nil
      let following = canSet ? nil : TermCursor.following(state)
      all.append(following ?? whatIf(hint: canSet))
    default: break
    }
    if state.step.view != .line, !state.isZoomed { all.append(close) }
    let branches =
      WhatIfKeys.always(hasDrop: state.step.view != .watches) + [BranchKeys.opening(state)]
    let stops = BreakpointKeys.always(state)
    // Where the run may stop, that comes before what one looks at.
    let isArmed = state.lab.breakpoints.contains(where: \.isEnabled)
    if isArmed { all += stops }
    return all + looks + WatchKeys.always + [GraphKeys.toggle] + branches
      + (isArmed ? [] : stops) + [FaultKeys.opening(state)] + runs + [trainOn]
      + CloseUpKeys.opening(state, hint: CloseUpKeys.whyNotInside(state) == nil)
  }

  private static let open = Binding(
    [KeyStroke(.enter), KeyStroke(".")], "open run", hint: "begin a run",
    help: "begin the run of the network in Build on the data in Data, at its first instruction",
    whyNot: BuildChecks.whyNoRun
  ) { $0.openRun() }

  // MARK: Moving

  private static let moves: [Binding] = [
    Binding(
      [KeyStroke(".")], "next line", hint: "next line",
      help: "do the next line of the plan; a closed fold is one line", whyNot: whyNotForwards
    ) { move(1, .line, &$0) },
    Binding(
      [KeyStroke(",")], "back", hint: "back",
      help: "take the last line back; every number is as it was before it",
      whyNot: whyNotBackwards
    ) { move(-1, .line, &$0) },
    Binding(
      [KeyStroke(">")], "next phase", hint: "< phase",
      help: "on to the end of the phase: forward, loss, backward or update",
      whyNot: whyNotForwards
    ) { move(1, .phase, &$0) },
    Binding(
      [KeyStroke("<")], "previous phase", help: "back to where the phase before this one ended",
      whyNot: whyNotBackwards
    ) { move(-1, .phase, &$0) },
    Binding(
      [KeyStroke(")")], "next step", hint: "( step",
      help: "on to the end of the step: the whole of it, where one stands between two",
      whyNot: whyNotForwards
    ) { moveByStep(1, &$0) },
    Binding(
      [KeyStroke("(")], "previous step",
      help: "back to where the step begins, or the whole step before",
      whyNot: whyNotBackwards
    ) { moveByStep(-1, &$0) },
  ]

  /// From the end of one step to that of another one looks at the same number.
  private static func moveByStep(_ count: Int, _ state: inout AppState) -> [Effect] {
    guard state.lab.moment?.isDone == true else { return move(count, .step, &state) }
    return [.lab(.move(count, .step))]
  }

  private static let timeSteps: [Binding] = [
    Binding(
      [KeyStroke(")")], "next time step", hint: "( time step",
      help: "to the end of the time step of a recurrent layer; a whole step is :step step",
      whyNot: whyNotForwards
    ) { moveByPart(forwards: true, &$0) },
    Binding(
      [KeyStroke("(")], "previous time step",
      help: "back to the end of the time step before; a whole step is :back step",
      whyNot: whyNotBackwards
    ) { moveByPart(forwards: false, &$0) },
  ]

  private static let runs: [Binding] =
    [goOn]
    + [
      ("f", Phase.forward), ("l", .loss), ("b", .backward), ("o", .update),
    ].map { key, phase in
      Binding(
        [KeyStroke(key)], "run to \(phase.rawValue)",
        help:
          "to the first instruction of \(phase.rawValue) in this step; from there that of the next",
        whyNot: { whyNotRun(to: phase, $0) }
      ) { run(to: phase, &$0) }
    }

  private static let trainOn = Binding(
    [KeyStroke("t")], "train on", hint: "train on",
    help: "go to Train and train on from here",
    whyNot: { $0.lab.activity == .finished ? over($0) : nil }
  ) { $0.go(to: .train) + [.lab(.play)] }

  private static func whyNotForwards(_ state: AppState) -> String? {
    guard let settings = state.lab.settings,
      state.lab.position.step >= settings.totalSteps
    else { return nil }
    return over(state)
  }

  /// Why the first instruction of a phase cannot be gone to: it is that of a step after the last.
  static func whyNotRun(to phase: Phase, _ state: AppState) -> String? {
    if let reason = whyNotForwards(state) { return reason }
    guard let moment = state.lab.moment, let settings = state.lab.settings,
      moment.step + 1 >= settings.totalSteps
    else { return nil }
    let target = moment.plan.range(of: phase).lowerBound + 1
    return moment.isDone || moment.done == target ? over(state) : nil
  }

  private static func over(_ state: AppState) -> String {
    "the run is over: all \(NumberFormat.integer(state.lab.settings?.totalSteps ?? 0)) steps are done"
  }

  private static func whyNotBackwards(_ state: AppState) -> String? {
    state.lab.activity != .training && state.lab.position <= Position(step: 0)
      ? "this is the start of the run: nothing is done yet" : nil
  }

  /// Another instruction has other results: the look goes back to the first of them.
  private static func lookAgain(_ state: inout AppState) -> Effect {
    state.step.interest.result = 0
    state.step.interest.cell = nil
    state.step.planRow = nil
    state.step.placeBefore = nil
    return .lab(.look(state.interest))
  }

  private static func move(_ count: Int, _ unit: MoveUnit, _ state: inout AppState) -> [Effect] {
    [lookAgain(&state), .lab(.move(count, unit))]
  }

  /// One turn of the wheel on the timeline; at its ends it goes no further.
  static func turn(forwards: Bool, by unit: MoveUnit, _ state: inout AppState) -> [Effect] {
    guard (forwards ? whyNotForwards(state) : whyNotBackwards(state)) == nil else { return [] }
    return move(forwards ? 1 : -1, unit, &state)
  }

  static func go(_ done: Int, step: Int, _ state: inout AppState) -> [Effect] {
    if state.lab.position.step == step, state.lab.position.instruction == done {
      state.say("the run stands at this line: ↑ ↓ choose another")
    }
    return go(done, step: step, choosing: nil, &state)
  }

  /// Goes to where so many instructions are done, and looks at a number of what the last of them
  /// made.
  static func go(
    _ done: Int, step: Int, choosing place: (result: Int, cell: Int)?, _ state: inout AppState
  ) -> [Effect] {
    _ = lookAgain(&state)
    state.step.interest.result = place?.result ?? 0
    state.step.interest.cell = place?.cell
    return [.lab(.look(state.interest)), .lab(.go(Position(step: step, instruction: done)))]
  }

  private static let close = Binding(
    [KeyStroke(.escape)], "back", help: "back to the line just done"
  ) { state in
    if state.step.view == .graph { return GraphKeys.close(&state) }
    if state.step.view == .branches { return BranchKeys.close(&state) }
    if state.step.view == .fault { return FaultKeys.close(&state) }
    state.step.view = .line
    state.focus[.step] = nil
    return []
  }

  // MARK: What if

  /// - Parameter hint: whether the hint bar names it.
  private static func whatIf(hint: Bool) -> Binding {
    Binding(
      [KeyStroke(.enter)], "what if", hint: hint ? "what if" : "", shortHint: "what if",
      help: "on a weight in its update: give it another number, which holds from the next step on",
      whyNot: whyNotSet
    ) { state in
      guard let name = state.lab.moment?.explanation?.name else { return [] }
      state.field = TextField(name + " =", allows: TextField.digits) { set(name, to: $0, &$1) }
      return []
    }
  }

  private static func set(_ name: String, to text: String, _ state: inout AppState) -> [Effect] {
    guard let number = Float(text), number.isFinite else {
      state.say("'\(text)' is no number; right would be one as 0.5 or -1e-3", .warning)
      return []
    }
    return [.ask("set \(name) = \(number)")]
  }

  private static func whyNotSet(_ state: AppState) -> String? {
    guard let moment = state.lab.moment, let index = moment.instruction,
      moment.result < moment.results.count
    else { return "nothing is done yet: . does the first line" }
    let shown = moment.results[moment.result]
    if moment.plan[shown.value].role == .parameter { return nil }
    let phase = moment.plan.instructions[index].phase
    return phase == .update
      ? "\(shown.name) belongs to the optimizer; { } chooses the weight"
      : "\(shown.symbol) is computed; what can be set are weights: o goes to their updates"
  }

  private static func run(to phase: Phase, _ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment else { return [] }
    let range = moment.plan.range(of: phase)
    guard !range.isEmpty else { return [] }
    let target = range.lowerBound + 1
    let isPast = moment.isDone || moment.done == target
    return go(target, step: moment.step + (isPast ? 1 : 0), &state)
  }

  // MARK: Time steps

  private static func isRecurrent(_ state: AppState) -> Bool {
    state.lab.moment?.plan.instructions.contains { $0.timeStep != nil } ?? false
  }

  /// Moves to where the part of a layer (a time step), the layer or the phase changes.
  private static func moveByPart(forwards: Bool, _ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment else { return [] }
    let all = moment.plan.instructions
    let inner = all.indices.dropFirst().filter {
      all[$0].phase != all[$0 - 1].phase
        || all[$0].scopes.prefix(2) != all[$0 - 1].scopes.prefix(2)
    }
    let stops = inner + [all.count]
    if forwards {
      guard let next = stops.first(where: { $0 > moment.done }) else {
        return go(stops.first ?? all.count, step: moment.step + 1, &state)
      }
      return go(next, step: moment.step, &state)
    }
    return go(stops.last { $0 < moment.done } ?? 0, step: moment.step, &state)
  }

  // MARK: Looking

  private static let looks: [Binding] = [
    Binding(
      [KeyStroke("[")], "previous example", hint: "] example",
      help: "the example before, of the batch, under the lens", whyNot: whyNotExamples
    ) { turnExample(by: -1, &$0) },
    Binding(
      [KeyStroke("]")], "next example", help: "the next example of the batch, under the lens",
      whyNot: whyNotExamples
    ) { turnExample(by: 1, &$0) },
    Binding(
      [KeyStroke("{")], "previous result", help: "look at another array that the line writes",
      whyNot: whyNotResults
    ) { turn(by: -1, &$0) },
    Binding(
      [KeyStroke("}")], "next result", help: "look at the next array that the line writes",
      whyNot: whyNotResults
    ) { turn(by: 1, &$0) },
    Binding(
      [KeyStroke("e")], "code", hint: "code",
      help: "the Swift code of the kernels that the line calls", whyNot: whyNotCode
    ) { showCode(&$0) },
  ]

  private static func whyNotExamples(_ state: AppState) -> String? {
    guard let moment = state.lab.moment, moment.plan.batchSize > 1 else {
      return "the batch has one example"
    }
    let phase = moment.instruction.map { moment.plan.instructions[$0].phase }
    return phase == .update && state.step.view == .line && state.openCloseUp == nil
      ? "an update is of all examples together" : nil
  }

  private static func whyNotResults(_ state: AppState) -> String? {
    let count = state.lab.moment?.results.count ?? 0
    return count > 1 ? nil : count == 1 ? "the line writes one array" : "nothing is done yet"
  }

  private static func turn(by places: Int, _ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment, !moment.results.isEmpty else { return [] }
    let count = moment.results.count
    state.step.interest.result = ((moment.result + places) % count + count) % count
    state.step.interest.cell = nil
    return [.lab(.look(state.interest))]
  }

  private static func turnExample(by places: Int, _ state: inout AppState) -> [Effect] {
    guard let moment = state.lab.moment, let lens = moment.lens else { return [] }
    let count = max(1, moment.plan.batchSize)
    let here = state.step.interest.example ?? lens.place
    let example = ((here + places) % count + count) % count
    state.step.interest.example = example
    state.step.holdsExample = false
    // The number looked at is the same one of the other example.
    if moment.recurrent != nil, moment.result < moment.results.count {
      let columns = max(1, moment.results[moment.result].tensor.shape.last)
      state.step.interest.cell = example * columns + moment.cell % columns
    }
    return [.lab(.look(state.interest))]
  }

  // MARK: Code

  private static func kernels(_ state: AppState) -> [Kernel] {
    guard let moment = state.lab.moment, let index = moment.instruction else { return [] }
    var seen: Set<Kernel> = []
    return moment.plan.instructions[index].calls.map(\.kernel).filter { seen.insert($0).inserted }
  }

  private static func whyNotCode(_ state: AppState) -> String? {
    guard let moment = state.lab.moment, let index = moment.instruction else {
      return "nothing is done yet: . does the first line"
    }
    return kernels(state).isEmpty
      ? "\(moment.plan.instructions[index].title) moves no numbers, so it calls no kernel" : nil
  }

  private static func showCode(_ state: inout AppState) -> [Effect] {
    let all = kernels(state)
    let texts = all.compactMap { KernelSources.source(of: $0) }
    guard !texts.isEmpty else {
      state.say("the kernels' sources are not installed", .warning)
      return []
    }
    let lines = texts.joined(separator: "\n").split(
      separator: "\n", omittingEmptySubsequences: false
    ).map(String.init)
    let names = all.map { "\($0)" }.joined(separator: ", ")
    state.overlay = .reader(Reader("\(names): the readable twin of the kernel", lines))
    return []
  }

  private static let enter = Binding(
    [KeyStroke(.enter)], "open or close", hint: "open, close, go",
    help: "on a fold: open or close it; on an instruction: go to where it is done"
  ) { PlanPanel.enter(&$0) }
}
