import TerminalGraphics
import Training

/// The numbers of a chart within the part of the run that is shown.
struct CurveData {
  let chart: Chart
  let lab: LabSnapshot
  let curves: CurveState
  let total: Int
  /// The steps shown.
  let window: Range<Int>

  init(_ chart: Chart, _ state: AppState) {
    self.chart = chart
    lab = state.lab
    curves = state.train.curves
    total = state.shownSteps
    window = state.window
  }

  /// The axis over the steps shown.
  var xAxis: Axis { Axis(low: Double(window.lowerBound), high: Double(window.upperBound)) }

  // MARK: Series

  /// The raw numbers of every batch, then those of the epochs, then the smoothed line. After going
  /// back, what is to come is faint.
  var series: [LinePlot.Series] {
    let here = lab.position.step
    let batches = batches(window)
    let cut = batches.firstIndex { $0.step >= here } ?? batches.count
    let look = chart.batchCurve
    var all = otherBranches
    if cut < batches.count {
      all.append(thinned(batches[cut...], "to come", .faint, "."))
    }
    all.append(thinned(batches[..<cut], look.name, look.ink, look.mark))
    for curve in chart.epochCurves(of: lab) {
      let points = epochs(curve)
      let reached = points.filter { $0.step <= here }
      if reached.count < points.count {
        all.append(line(points.drop { $0.step < here }, "\(curve.name) to come", .faint, "."))
      }
      all.append(line(reached[...], curve.name, curve.ink, curve.mark))
    }
    if curves.isSmoothed, chart != .rate {
      all.append(smoothed)
    }
    return all.filter { !$0.x.isEmpty }
  }

  /// The ways that the run went too, each from where it grew, behind the one at hand.
  private var otherBranches: [LinePlot.Series] {
    guard chart != .accuracy, let here = lab.branches.current?.number else { return [] }
    return lab.branches.filter { !$0.isCurrent }.map { branch in
      let parting = lab.branches.parting(of: branch.number, and: here)
      let first = max(window.lowerBound, parting - 1)
      let points = batches(first..<max(first, window.upperBound), of: branch.history)
      return thinned(points[...], "branch \(branch.number)", .faint, branch.mark)
    }
  }

  private typealias Measured = (step: Int, value: Float)

  /// What was measured in these steps. It begins at a multiple of what one point will stand for, so
  /// that points stay while what is shown moves.
  private func batches(_ steps: Range<Int>) -> [Measured] { batches(steps, of: lab.history) }

  private func batches(_ steps: Range<Int>, of history: History) -> [Measured] {
    let stride = history.stride
    let all = history.steps
    var (low, high) = (steps.lowerBound / stride, (steps.upperBound + stride) / stride)
    var length = 1
    while high - low > 2048 * length { length *= 2 }
    low = low / length * length
    high = min(high, all.count)
    guard low < high else { return [] }
    return (low..<high).compactMap { place in
      chart.number(of: all[place]).map { (place * stride, $0) }
    }
  }

  private func thinned(
    _ points: ArraySlice<Measured>, _ name: String, _ ink: Ink, _ mark: Unicode.Scalar?
  ) -> LinePlot.Series {
    let points = Array(points)
    let thin = Thinned(points.map(\.value)[...])
    return LinePlot.Series(
      name: name, x: thin.x.map { Float(points[Int($0)].step) }, y: thin.y, ink: ink, mark: mark)
  }

  private func line(
    _ points: ArraySlice<Measured>, _ name: String, _ ink: Ink, _ mark: Unicode.Scalar
  ) -> LinePlot.Series {
    LinePlot.Series(
      name: name, x: points.map { Float($0.step) }, y: points.map(\.value), ink: ink, mark: mark)
  }

  /// The points of the epochs that are shown, with where the line to those beside meets the edges.
  private func epochs(_ curve: EpochCurve) -> [Measured] {
    let all = lab.history.epochs.enumerated().compactMap { place, epoch -> Measured? in
      curve.number(epoch).map { (lab.end(ofEpoch: lab.history.epochNumber(at: place)), $0) }
    }
    var inside = all.filter { $0.step >= window.lowerBound && $0.step <= window.upperBound }
    let before = all.last { $0.step < window.lowerBound }
    let after = all.first { $0.step > window.upperBound }
    if let before, let next = inside.first ?? after {
      inside.insert(Self.crossing(before, next, at: window.lowerBound), at: 0)
    }
    if let after, let last = inside.last {
      inside.append(Self.crossing(last, after, at: window.upperBound))
    }
    return inside
  }

  private static func crossing(_ a: Measured, _ b: Measured, at step: Int) -> Measured {
    guard b.step > a.step else { return (step, a.value) }
    let share = Float(step - a.step) / Float(b.step - a.step)
    return (step, a.value + share * (b.value - a.value))
  }

  private var smoothed: LinePlot.Series {
    let span = curves.span(total)
    let reach = ExponentialMean.reach(span)
    let begin = max(0, window.lowerBound - reach)
    var mean = ExponentialMean(span: span, stride: lab.history.stride)
    // A run that was taken back may stand before what is shown.
    let end = max(begin, min(window.upperBound, lab.position.step))
    let points = batches(begin..<end).compactMap {
      point -> Measured? in
      mean.add(point.value)
      return point.step >= window.lowerBound ? (point.step, mean.value) : nil
    }
    var line = thinned(points[...], "span \(span)", .series(2), "+")
    line.keepsDots = true
    return line
  }

  // MARK: The axis of the numbers

  /// Round limits around what is shown, so that they change seldom.
  func yAxis(for series: [LinePlot.Series]) -> Axis {
    guard chart != .accuracy else { return Axis(low: 0, high: 1) }
    var values = series.flatMap(\.y)
    let isLogarithmic = curves.isLogarithmic
    switch chart {
    case .update: values.append(0.001)
    // A rate that never changes stands in the middle, not on the edge.
    case .rate: values += values.prefix(1).flatMap { [$0 / 3, $0 * 2] }
    default: break
    }
    return RoundLimits.axis(for: values, isLogarithmic: isLogarithmic)
  }

  // MARK: Values at a step

  /// What was measured at a step: the batch's number, and those of the last epoch ended by then.
  func values(
    at step: Int, isBrief: Bool = false
  ) -> [(name: String, text: String, ink: Ink)] {
    guard let measured = lab.history.step(step) else { return [] }
    let look = chart.batchCurve
    let batch = (
      chart == .accuracy ? "this batch" : look.name,
      chart.shown(chart.number(of: measured) ?? lastMeasured(before: step), isBrief: isBrief),
      chart == .accuracy ? Ink.secondary : look.ink
    )
    let ended = lab.lastEpoch(by: step + 1)
    let epochs = chart.epochCurves(of: lab).compactMap { curve in
      ended.flatMap(curve.number).map { (curve.name, chart.shown($0, isBrief: isBrief), curve.ink) }
    }
    return [batch] + epochs
  }

  /// Not every step is measured at full speed: the last one that was before it stands for it.
  private func lastMeasured(before step: Int) -> Float? {
    let history = lab.history
    return stride(from: step - history.stride, through: max(0, step - 512), by: -history.stride)
      .lazy.compactMap { history.step($0).flatMap(chart.number) }.first
  }
}

extension AppState {
  /// The steps of the run: those it has, or more if it was trained beyond.
  var shownSteps: Int {
    max(1, lab.settings?.totalSteps ?? 1, lab.history.count)
  }

  /// The steps that the curves show.
  var window: Range<Int> {
    train.curves.window(total: shownSteps, newest: lab.position.step)
  }

  /// The step under the crosshair: where it was put, else the position of a run that has gone back.
  var cursorStep: Int? {
    let count = lab.history.count
    guard count > 0 else { return nil }
    if let cursor = train.curves.cursor { return min(cursor, count - 1) }
    return lab.position.step < count ? lab.position.step : nil
  }

  /// The step that keys mean: that under the crosshair, else the newest one.
  var chosenStep: Int { cursorStep ?? max(0, lab.position.step - 1) }
}
