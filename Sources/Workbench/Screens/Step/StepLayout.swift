import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// How the middle of the Step screen shows an instruction.
enum StepMode: Hashable, Sendable {
  case noRun
  /// Nothing is done yet.
  case start
  /// Operands and results are small: all of them as they are.
  case whole
  /// A window of one result, an overview of it, one example.
  case large
  /// A recurrent layer over time.
  case recurrent
  /// An optimizer's update: before and after, row by row.
  case update
}

/// Where the panels of the Step screen lie. What a small screen leaves out has no area until it has
/// the focus; then it takes the place of others.
struct StepLayout {
  let mode: StepMode
  private(set) var panels: [Panel] = []
  private let state: AppState
  private let moment: StepMoment?

  init(_ state: AppState, in area: Rect) {
    self.state = state
    moment = state.lab.moment
    mode = Self.mode(state, in: area)
    guard let moment else {
      panels = [Panel("result", area)]
      return
    }
    let middle = area.trimmed(top: 1)
    if state.step.view != .line || state.openCloseUp != nil {
      panels = over(middle, moment)
      return
    }
    let areas =
      state.isCompact ? compact(middle, moment) : full(middle, moment)
    panels = Self.order.compactMap { id in areas[id].map { Panel(id, $0) } }
  }

  private static let order = [
    "result", "plan", "overview", "cell", "past", "example", "words", "timeline",
  ]

  /// The graph, the watch list or a view of a layer over all but the timeline.
  private func over(_ area: Rect, _ moment: StepMoment) -> [Panel] {
    let id =
      state.openCloseUp != nil ? CloseUpPanel.id : state.step.view.panel
    let height = state.isCompact ? 3 : timelineHeight(moment)
    guard area.height >= 16 else {
      return [Panel(id, area), Panel("timeline", Rect(area.x, area.y, 0, 0))]
    }
    let rows = area.rows(.share(1), .cells(height))
    if id == WhatIfPanel.id, state.step.comparesBranches, state.lab.branches.count > 1 {
      let compared = min(ComparePanel.height(state), rows[0].height / 2)
      let parts = rows[0].rows(.share(1), .cells(compared))
      return [Panel(id, parts[0]), Panel(ComparePanel.id, parts[1]), Panel("timeline", rows[1])]
    }
    let hasStops = state.step.showsBreakpoints || !state.lab.breakpoints.isEmpty
    if id == WhatIfPanel.id, hasStops, rows[0].height >= 14 {
      let upper = state.isCompact ? 8 : min(12, rows[0].height * 2 / 5)
      let parts = rows[0].rows(.cells(upper), .share(1))
      let sides = parts[0].columns(.share(1), .share(1))
      return [
        Panel(StopPanel.id, sides[0]), Panel(BreakpointPanel.id, sides[1]), Panel(id, parts[1]),
        Panel("timeline", rows[1]),
      ]
    }
    return [Panel(id, rows[0]), Panel("timeline", rows[1])]
  }

  /// One line more where something is watched besides the words that stand there.
  private func timelineHeight(_ moment: StepMoment) -> Int {
    let isLine = state.step.view == .line && state.openCloseUp == nil
    let hasWords = isLine && (mode == .large || mode == .update)
    let marks = isLine && hasWords && TimelineMarks(state).hasLabels ? 1 : 0
    return (hasWords && !moment.watches.isEmpty && state.size.height >= 34 ? 8 : 7) + marks
  }

  private static func mode(_ state: AppState, in area: Rect) -> StepMode {
    guard let moment = state.lab.moment else { return .noRun }
    guard let index = moment.instruction else { return .start }
    let instruction = moment.plan.instructions[index]
    if instruction.phase == .update, let first = instruction.results.first?.value,
      moment.plan[first].role == .parameter
    {
      return .update
    }
    if moment.recurrent != nil { return .recurrent }
    let room =
      state.isCompact
      ? Rect(0, 0, area.width - 30, 8)
      : Rect(0, 0, area.width - planWidth(state) - 6, area.height - 19)
    // What is made is never left out: where it is too large, nothing needs to be laid out.
    let isTooLarge = moment.results.contains { result in
      result.tensor.shape.rows > room.height || result.tensor.shape.last * 8 > room.width
    }
    guard !isTooLarge else { return .large }
    return OperandBlocks(moment, isCompact: state.isCompact).size(in: room) != nil
      ? .whole : .large
  }

  private static func planWidth(_ state: AppState) -> Int {
    min(38, max(30, state.size.width * 29 / 100))
  }

  private var planWidth: Int { Self.planWidth(state) }

  private func full(_ area: Rect, _ moment: StepMoment) -> [String: Rect] {
    let rows = area.rows(.share(1), .cells(timelineHeight(moment)))
    let columns = rows[0].columns(.cells(planWidth), .share(1))
    var areas = ["plan": columns[0], "timeline": rows[1]]
    let main = columns[1]
    switch mode {
    case .noRun, .start:
      let parts = main.rows(.share(1), .cells(9))
      areas["result"] = parts[0]
      areas["example"] = parts[1]
    case .whole:
      let needed = OperandBlocks(moment, isCompact: false)
        .size(in: Rect(0, 0, main.width - 6, 100))?.height
      let parts = main.rows(.cells(min(max(11, (needed ?? 9) + 3), main.height - 8)), .share(1))
      let lower = parts[1].columns(.share(6), .share(5))
      areas["result"] = parts[0]
      areas["cell"] = lower[0]
      areas["words"] = lower[1]
      if lower[1].height >= 12 {
        let right = lower[1].rows(.share(1), .cells(7))
        areas["words"] = right[0]
        areas["example"] = right[1]
      }
    case .large where isVector(moment): vector(main, moment, &areas)
    case .large:
      let parts = main.columns(.share(1), .cells(planWidth))
      let left = parts[0].rows(.cells(upperHeight(moment, parts[0].height)), .share(1))
      let right = parts[1].rows(.share(1), .cells(7))
      areas["result"] = left[0]
      areas["cell"] = left[1]
      areas["overview"] = right[0]
      areas["example"] = right[1]
      areas["words"] = Rect(main.x, main.y, 0, 0)
    case .recurrent:
      let parts = main.rows(
        .cells(recurrentHeight(moment, in: main.height - 10)), .share(1))
      let lower = parts[1].columns(.share(1), .cells(min(44, main.width * 39 / 100)))
      areas["result"] = parts[0]
      areas["cell"] = lower[0]
      areas["words"] = lower[1]
    case .update:
      let isNarrow = main.width < 80
      let parts = main.rows(.cells(isNarrow && main.height < 24 ? 9 : 11), .share(1))
      // Formulas take a whole line each; the past stands beside or below them.
      let lower =
        isNarrow
        ? parts[1].rows(.share(1), .cells(min(12, parts[1].height / 2)))
        : parts[1].columns(.share(1), .cells(max(30, main.width * 42 / 100)))
      areas["result"] = parts[0]
      areas["cell"] = lower[0]
      areas["past"] = lower[1]
      areas["words"] = Rect(main.x, main.y, 0, 0)
      // Few numbers leave room beside them.
      let needed = UpdatePanel.width(moment)
      if main.width - needed >= 34 {
        let upper = parts[0].columns(.cells(needed), .share(1))
        areas["result"] = upper[0]
        areas["words"] = upper[1]
      }
    }
    if state.focus[.step] == "words", areas["words"]?.isEmpty == true, mode != .start {
      let other = areas["overview"] != nil ? "overview" : "past"
      areas["words"] = areas[other]
      areas[other] = Rect(main.x, main.y, 0, 0)
    }
    return areas
  }

  /// How high the window of a large result is: what its cell does not need, at least half where it
  /// has so many rows itself.
  private func upperHeight(_ moment: StepMoment, _ height: Int) -> Int {
    let wanted = ResultPanel.height(moment)
    let rest = height - min(CellPanel.height(moment), height / 2)
    return max(min(wanted, rest), min(6, height / 2))
  }

  /// Whether the chosen result is one row of numbers.
  private func isVector(_ moment: StepMoment) -> Bool {
    moment.result < moment.results.count && moment.results[moment.result].tensor.shape.rows == 1
  }

  /// One row of numbers lies across; what it is made of has the room below.
  private func vector(_ main: Rect, _ moment: StepMoment, _ areas: inout [String: Rect]) {
    let parts = main.rows(.cells(6), .share(1))
    let lower = parts[1].columns(.share(1), .cells(planWidth))
    let isLong = moment.results[moment.result].tensor.count >= 8
    let room = lower[1].height - 7 - 4
    areas["result"] = parts[0]
    areas["cell"] = lower[0]
    areas["words"] = Rect(main.x, main.y, 0, 0)
    if isLong, room >= 6 {
      let right = lower[1].rows(.cells(4), .share(1), .cells(7))
      areas["overview"] = right[0]
      areas["words"] = right[1]
      areas["example"] = right[2]
    } else {
      let right = lower[1].rows(.share(1), .cells(7))
      areas["overview"] = right[0]
      areas["example"] = right[1]
    }
  }

  /// As high as all its rows take, where there is room.
  private func recurrentHeight(_ moment: StepMoment, in room: Int) -> Int {
    guard let recurrent = moment.recurrent else { return room }
    return max(7, min(RecurrentLayout.fullHeight(recurrent) + 3, room))
  }

  /// Two or three panels; a focused one that has no place takes the left side or, on the smallest
  /// screens, all.
  private func compact(_ area: Rect, _ moment: StepMoment) -> [String: Rect] {
    let hasTimeline = area.height >= 19
    let isNarrow = area.width < 76
    var areas: [String: Rect] = [:]
    let none = Rect(area.x, area.y, 0, 0)
    for id in mode.ids { areas[id] = none }
    var middle = area
    if hasTimeline {
      let rows = area.rows(.share(1), .cells(3))
      middle = rows[0]
      areas["timeline"] = rows[1]
    } else {
      areas["timeline"] = none
    }
    var shown = arranged(middle, moment, isNarrow: isNarrow)
    if let focused = state.focus[.step], mode.ids.contains(focused) || focused == "timeline",
      shown[focused] == nil, areas[focused]?.isEmpty == true
    {
      if isNarrow || focused == "timeline" {
        shown = [focused: middle]
      } else {
        let sides = middle.columns(.cells(30), .share(1))
        shown = arranged(sides[1], moment, isNarrow: true)
        shown[focused] = sides[0]
      }
    }
    for (id, rect) in shown { areas[id] = rect }
    return areas
  }

  private func arranged(
    _ area: Rect, _ moment: StepMoment, isNarrow: Bool
  ) -> [String: Rect] {
    switch mode {
    case .noRun, .start:
      let rows = area.rows(.share(1), .cells(7))
      return isNarrow ? ["result": area] : ["result": rows[0], "example": rows[1]]
    case .whole:
      let sides =
        isNarrow ? [Rect(area.x, area.y, 0, 0), area] : area.columns(.cells(26), .share(1))
      let rows = sides[1].rows(.share(10), .share(8))
      return ["result": rows[0], "cell": rows[1]].merging(isNarrow ? [:] : ["plan": sides[0]]) {
        $1
      }
    case .large:
      let rows = area.rows(.cells(upperHeight(moment, area.height)), .share(1))
      if isNarrow { return ["result": rows[0], "cell": rows[1]] }
      let upper = rows[0].columns(.share(1), .cells(34))
      let lower = rows[1].columns(.share(1), .cells(26))
      return [
        "result": upper[0], "overview": upper[1], "cell": lower[0], "example": lower[1],
      ]
    case .recurrent:
      let rows = area.rows(.share(10), .share(8))
      if isNarrow { return ["result": rows[0], "cell": rows[1]] }
      let lower = rows[1].columns(.share(1), .cells(34))
      return ["result": rows[0], "cell": lower[0], "words": lower[1]]
    case .update:
      let rows = area.rows(.cells(min(9, area.height / 2 + 1)), .share(1))
      // Few numbers leave room beside them.
      let needed = UpdatePanel.width(moment)
      guard area.width - needed >= 34 else { return ["result": rows[0], "cell": rows[1]] }
      let upper = rows[0].columns(.cells(max(needed, 40)), .share(1))
      return ["result": upper[0], "words": upper[1], "cell": rows[1]]
    }
  }
}

extension StepState.View {
  /// The panel that stands over the others.
  fileprivate var panel: String {
    switch self {
    case .line: "result"
    case .graph: "graph"
    case .watches: "watches"
    case .branches: WhatIfPanel.id
    case .fault: FaultPanel.id
    }
  }
}

extension StepMode {
  /// The panels it has, besides the timeline.
  fileprivate var ids: [String] {
    switch self {
    case .noRun: ["result"]
    case .start: ["result", "plan", "example"]
    case .whole: ["result", "plan", "cell", "example", "words"]
    case .large: ["result", "plan", "overview", "cell", "example", "words"]
    case .recurrent: ["result", "plan", "cell", "words"]
    case .update: ["result", "plan", "cell", "past", "words"]
    }
  }
}
