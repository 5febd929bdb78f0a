import TerminalGraphics
import Training

// What can be done with the curves, whatever panel has the focus.

extension TrainKeys {
  static func curves(_ state: AppState) -> [Binding] {
    scales(state) + times(state) + marks(state) + charts(state)
  }

  @Sendable private static func needsSteps(_ state: AppState) -> String? {
    state.lab.settings == nil
      ? state.whyNoRun
      : state.lab.history.count == 0 ? "nothing is trained yet: . trains one step" : nil
  }

  /// Whether one is at the curves: only there the bar below names their keys, which act everywhere.
  static func isHere(_ state: AppState) -> Bool {
    [TrainPart.loss, .accuracy, .rates].contains(TrainPart(rawValue: state.focusedPanel))
  }

  private static func scales(_ state: AppState) -> [Binding] {
    let curves = state.train.curves
    let isHere = isHere(state)
    return [
      Binding(
        [KeyStroke("l")], "logarithm",
        hint: !isHere
          ? "" : curves.isLogarithmic ? (state.isCompact ? "linear" : "linear y") : "log y",
        help: "the curves on a logarithmic or a linear axis"
      ) { state in
        state.train.curves.isLogarithmic.toggle()
        return []
      },
      Binding(
        [KeyStroke("a")], "average", hint: isHere && !state.isCompact ? "average" : "",
        help: "a second line over the raw points: their exponential mean"
      ) { state in
        state.train.curves.isSmoothed.toggle()
        if state.train.curves.isSmoothed { sayMean(&state) }
        return []
      },
      Binding(
        [KeyStroke("A")], "span of the average",
        help: "the next span of the exponential mean: 5, 10, 20 … 1,000 steps"
      ) { state in
        let span = state.train.curves.span(state.shownSteps)
        let spans = CurveState.spans
        state.train.curves.smoothingSpan = spans.first { $0 > span } ?? spans[0]
        state.train.curves.isSmoothed = true
        sayMean(&state)
        return []
      },
    ]
  }

  private static func sayMean(_ state: inout AppState) {
    let span = state.train.curves.span(state.shownSteps)
    state.say("exponential mean, span \(span): α = 2/\(span + 1); A changes the span")
  }

  private static func times(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke("m")], "mark", hint: isHere(state) && !state.isCompact ? "mark" : "",
        help: "a numbered mark at the crosshair, else at the newest step; on a mark takes it away",
        whyNot: needsSteps
      ) { state in
        // A mark under the same column of the screen is the one that is meant.
        let column = max(0, state.window.count / 160)
        CurvesPanel.toggleMark(state.chosenStep, within: column, &state)
        return []
      },
      Binding(
        [KeyStroke("]")], "zoom in on time",
        help: "half as many steps in the curves, around the crosshair"
      ) { zoom(in: true, &$0) },
      Binding(
        [KeyStroke("[")], "zoom out on time",
        help: "twice as many steps in the curves, around the crosshair"
      ) { zoom(in: false, &$0) },
      Binding(
        [KeyStroke("f")], "follow",
        help: "show the last tenth of the run and move with it, or all of it"
      ) { state in
        let total = state.shownSteps
        if state.train.curves.follows || state.train.curves.length != nil {
          state.train.curves.showAll()
        } else {
          state.train.curves.cursor = nil
          state.train.curves.show(0, length: max(20, total / 10), total: total)
          state.train.curves.follows = true
        }
        return []
      },
    ]
  }

  /// One command for each mark, by its number.
  private static func marks(_ state: AppState) -> [Binding] {
    state.train.curves.marks.map { mark in
      let step = NumberFormat.integer(mark.step)
      return Binding(
        [], "go to mark \(mark.number)", help: "travel to step \(step), where the mark is"
      ) { CurvesPanel.go(to: mark.step, &$0) }
    }
  }

  /// What the curves do with the step under the crosshair.
  static var crosshair: [Binding] {
    [
      Binding(
        [KeyStroke(.enter)], "this step of the curve", hint: "this step", shortHint: "go to",
        help: "← → move the crosshair; go to its step, step through it, or mark it",
        whyNot: needsSteps
      ) { state in
        CurvesPanel.choose(state.chosenStep, &state)
        return []
      }
    ]
  }

  private static func zoom(in inward: Bool, _ state: inout AppState) -> [Effect] {
    let before = state.window
    let newest = state.lab.position.step
    state.train.curves.zoom(
      in: inward, around: state.cursorStep ?? newest, total: state.shownSteps, newest: newest)
    guard state.window == before else { return [] }
    state.say(
      inward
        ? "\(before.count) steps are the least that is shown" : "all steps of the run are shown")
    return []
  }

  private static func charts(_ state: AppState) -> [Binding] {
    [
      Binding(
        [KeyStroke("c")], "next curve", hint: isHere(state) ? "next curve" : "",
        shortHint: "curve",
        help: "the next curve: loss, accuracy, gradient, update/weights, learning rate"
      ) { show(CurvesPanel.chart($0, after: 1), &$0) },
      Binding(
        [KeyStroke("C")], "curve before", help: "the curve before"
      ) { show(CurvesPanel.chart($0, after: -1), &$0) },
    ]
      + Chart.all(for: state.lab).map { chart in
        Binding([], "curve of \(chart.name)", help: chart.meaning) { show(chart, &$0) }
      }
  }

  private static func show(_ chart: Chart, _ state: inout AppState) -> [Effect] {
    if chart == .accuracy, CurvesPanel.showsAccuracy(state) {
      // It is there already.
      state.focus[.train] = TrainPart.accuracy.rawValue
    } else {
      state.train.curves.chart = chart
      state.focus[.train] = TrainPart.loss.rawValue
    }
    state.say(chart.meaning)
    return []
  }
}
