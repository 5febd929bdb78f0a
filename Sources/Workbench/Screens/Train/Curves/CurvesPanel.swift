import TerminalGraphics
import Training

/// The curves of the run: the chosen one, and below it others where there is room.
enum CurvesPanel {
  /// The charts shown in an area within the frame, the chosen one first.
  static func charts(_ state: AppState, in inside: Rect) -> [Chart] {
    let all = Chart.all(for: state.lab)
    guard let chosen = all.firstIndex(of: state.train.curves.chart) else { return [all[0]] }
    let count = max(1, inside.height / (state.isZoomed ? 6 : 9))
    guard count > 1 else { return [all[chosen]] }
    var others = Array(all[(chosen + 1)...] + all[..<chosen])
    // What has a panel of its own beside this one comes last.
    if showsAccuracy(state) {
      others = others.filter { $0 != .accuracy } + others.filter { $0 == .accuracy }
    }
    return Array(([all[chosen]] + others).prefix(count))
  }

  /// Whether accuracy has a panel of its own beside this one.
  static func showsAccuracy(_ state: AppState) -> Bool {
    state.panels.contains { $0.id == TrainPart.accuracy.rawValue && !$0.area.isEmpty }
  }

  /// The chart that comes so many places after the chosen one; what shows beside it is passed by.
  static func chart(_ state: AppState, after places: Int) -> Chart {
    let chosen = state.train.curves.chart
    let isBeside = showsAccuracy(state)
    let all = Chart.all(for: state.lab).filter { $0 == chosen || $0 != .accuracy || !isBeside }
    let here = all.firstIndex(of: chosen) ?? 0
    return all[(here + places + all.count) % all.count]
  }

  static func stack(_ state: AppState, _ area: Rect) -> CurveStack {
    let inside = area.inset().inset(columns: 1, rows: 0)
    return CurveStack(
      charts(state, in: inside), state, panel: TrainPart.loss.rawValue, in: inside)
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let stack = stack(view.state, view.area)
    guard let first = stack.rows.first else { return }
    let chart = first.data.chart
    func legend(beside title: String) -> StyledText {
      let room = view.area.width - title.count - 9
      return CurveLegend(first.data, view.state, width: room).text
    }
    var (title, detail) = (chart.title, legend(beside: chart.title))
    if detail.isEmpty { (title, detail) = (chart.shortTitle, legend(beside: chart.shortTitle)) }
    _ = view.box(
      title, detail: detail,
      note: note(stack, view), on: &grid)
    stack.draw(on: &grid)
  }

  /// What else can be shown here, and what part of the run one sees.
  private static func note(_ stack: CurveStack, _ view: PanelView) -> StyledText {
    let state = view.state
    let next: StyledText =
      state.marksFocus ? .key("c") + .secondary(" \(chart(state, after: 1).name)") : ""
    let window = state.window
    guard window.count < state.shownSteps else { return next }
    let part =
      "\(NumberFormat.integer(window.lowerBound))–\(NumberFormat.integer(window.upperBound))"
    let range: StyledText =
      .secondary((state.train.curves.follows ? "follows, steps " : "steps ") + part)
    guard !next.isEmpty else { return range }
    let both = range + .secondary(" · ") + next
    return both.width + 6 <= view.area.width && view.others.isEmpty ? both : range
  }

  // MARK: Keys

  static func press(_ stroke: KeyStroke, _ state: inout AppState) -> [Effect]? {
    let count = state.lab.history.count
    let isMove = [.left, .right, .home, .end, .enter].contains(stroke.key)
    guard isMove else { return nil }
    guard count > 0 else {
      state.say("there is nothing to read yet: the first point comes with the first step")
      return []
    }
    let here = state.chosenStep
    let window = state.window
    let width =
      state.panels.first { $0.id == state.focusedPanel }
      .map { stack(state, $0.area).width } ?? 60
    let stride = max(1, window.count / max(1, width))
    let reach = stroke.modifiers.contains(.shift) ? window.count : stride
    switch stroke.key {
    case .left: put(max(0, here - reach), &state)
    case .right:
      if here + reach >= count, window.count >= state.shownSteps {
        state.train.curves.cursor = nil
      } else {
        put(min(count - 1, here + reach), &state)
      }
    case .home: put(0, &state)
    case .end:
      state.train.curves.cursor = nil
      state.train.curves.reveal(
        max(0, state.lab.position.step - 1), total: state.shownSteps,
        newest: state.lab.position.step)
    default: choose(here, &state)
    }
    return []
  }

  /// Puts the crosshair at a step, and shows the part of the run where that is.
  static func put(_ step: Int, _ state: inout AppState) {
    state.train.curves.cursor = step
    state.train.curves.reveal(
      step, total: state.shownSteps, newest: state.lab.position.step)
  }

  /// Offers what can be done with a step.
  static func choose(_ step: Int, _ state: inout AppState) {
    let shown = NumberFormat.integer(step)
    let mark = state.train.curves.mark(near: step, within: 0)
    let items: [(label: String, detail: String)] = [
      ("go to step \(shown)", "the run stands at its start; what came after is kept"),
      ("step through it", "line by line, on 5 Step"),
      mark.map { ("take mark \($0.number) away", "") }
        ?? ("put a mark", "a number in all charts, and in what happened"),
    ]
    state.overlay = .menu(
      Menu("Step \(shown)", items) { choice, state in
        switch choice {
        case 0: return go(to: step, &state)
        case 1: return go(to: step, &state) + state.go(to: .step)
        default:
          toggleMark(step, within: 0, &state)
          return []
        }
      })
  }

  /// Travels to the start of a step.
  static func go(to step: Int, _ state: inout AppState) -> [Effect] {
    state.train.curves.cursor = nil
    let position = Position(step: step)
    state.say(
      "the run stands at step \(NumberFormat.integer(step)); Space goes on from there",
      telling: ToldPlace(position, of: state.lab))
    return [.lab(.go(position))]
  }

  /// Puts a mark at a step, or takes away the one that is there.
  static func toggleMark(_ step: Int, within reach: Int, _ state: inout AppState) {
    if let mark = state.train.curves.mark(near: step, within: reach) {
      state.train.curves.marks.removeAll { $0 == mark }
      state.say("mark \(mark.number) at step \(NumberFormat.integer(mark.step)) is gone")
    } else {
      let mark = state.train.curves.mark(step)
      state.say(
        "mark \(mark.number) at step \(NumberFormat.integer(step)):"
          + " :go to mark \(mark.number) comes back, m takes it away")
    }
  }
}
