import Autodiff
import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// The chosen weight over the latest steps: its gradient and what the optimizer keeps of it, and
/// below the weight itself.
struct PastPanel {
  private let moment: StepMoment
  private let past: WeightPast

  /// Whether it is being found out; at full speed that waits for a rest.
  private var isComing: Bool { past.isPending && moment.looksBack }

  /// Nil when the instruction updates no weight.
  init?(_ moment: StepMoment) {
    guard let past = moment.weightPast else { return nil }
    self.moment = moment
    self.past = past
  }

  /// Weights and biases.
  private var isBias: Bool { moment.results.first?.name.hasSuffix("bias") ?? false }
  private var title: String { isBias ? "This bias" : "This weight" }

  /// `steps 81–120`.
  private var detail: String {
    let points = past.weight.points.suffix(40)
    guard let first = points.first, let last = points.last else {
      return isComing
        ? "looking back …" : past.isPending ? "at rest" : "no \(moment.unit) is done yet"
    }
    let (start, end) = (NumberFormat.integer(first.step), NumberFormat.integer(last.step))
    return first.step == last.step
      ? "\(moment.unit) \(end)" : "\(moment.units) \(start)–\(end)"
  }

  func draw(_ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let inside = grid.box(
      area, title: title,
      detail: Fitting.detail(
        [detail, detail.replacing(moment.units + " ", with: "")], beside: title, in: area),
      isFocused: isFocused
    ).inset(rows: 0)
    guard past.weight.points.count > 1 else {
      grid.writeWrapped(.secondary(tooFew), in: inside)
      return
    }
    // Side by side where it is low and wide.
    if inside.height < 9, inside.width >= 48 {
      let sides = inside.columns(.share(1), .share(1), gap: 2)
      drawUpper(sides[0], on: &grid)
      drawWeight(sides[1], on: &grid)
      return
    }
    let hasSentence = inside.height >= 11
    let room = inside.height - (hasSentence ? 1 : 0)
    let upper = max(4, room * 3 / 5)
    drawUpper(Rect(inside.x, inside.y, inside.width, min(upper, room)), on: &grid)
    if room - upper >= 4 {
      drawWeight(Rect(inside.x, inside.y + upper, inside.width, room - upper), on: &grid)
    }
    if hasSentence, let sentence {
      grid.write(
        .secondary(sentence), at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
  }

  private var tooFew: String {
    if isComing { return "Going through the latest \(moment.units) again …" }
    if past.isPending { return "The run goes on at full speed: its past is drawn when it rests." }
    let count = past.weight.points.count
    return count == 0
      ? "No \(moment.unit) is done yet: after two of them its past is drawn here."
      : "It was updated once: after the next \(moment.unit) its past is drawn here."
  }

  private func drawUpper(_ area: Rect, on grid: inout CellGrid) {
    var series = [Self.series("g", past.gradient, .backward)]
    // The running mean of gradients, or a velocity; squares have another scale.
    if let mean = past.state.first(where: { $0.symbol != "v" || past.state.count == 1 }) {
      series.append(Self.series(mean.symbol, mean.past, .loss))
    }
    let plot = LinePlot(series: series, yAxis: Self.axis(series), hasWholeX: true)
    let legend = plot.legend(ability: grid.ability)
    let kind = series.count > 1 ? Self.kind(series[1].name) : "its gradient"
    let note = Fitting.text(
      ["   " + kind, "  " + kind.replacing("a running ", with: "")],
      width: area.width - legend.width)
    grid.write(legend + .secondary(note), at: area.origin, width: area.width)
    plot.draw(in: area.trimmed(top: 1), on: &grid)
  }

  private static func kind(_ symbol: String) -> String {
    symbol == "m" ? "a running mean of g" : symbol == "v" ? "its velocity" : "what is kept of g"
  }

  private func drawWeight(_ area: Rect, on grid: inout CellGrid) {
    let series = Self.series("w", past.weight, .update)
    let plot = LinePlot(series: [series], hasWholeX: true)
    grid.write(
      plot.legend(ability: grid.ability) + .secondary(isBias ? "   the bias" : "   the weight"),
      at: area.origin,
      width: area.width)
    plot.draw(in: area.trimmed(top: 1), on: &grid)
  }

  private static func series(_ name: String, _ past: Past, _ ink: Ink) -> LinePlot.Series {
    let points = past.points.suffix(40)
    return LinePlot.Series(
      name: name, x: points.map { Float($0.step) }, y: points.map(\.value), ink: ink)
  }

  /// As far down as up, so that the sign can be seen.
  private static func axis(_ series: [LinePlot.Series]) -> Axis {
    let most = series.flatMap(\.y).filter(\.isFinite).map { abs($0) }.max() ?? 0
    return most > 0 ? Axis(low: Double(-most), high: Double(most)) : Axis(fitting: [Float]())
  }

  /// What the signs say, of the last step drawn.
  private var sentence: String? {
    guard let gradient = past.gradient.points.last, gradient.value != 0,
      let mean = past.state.first(where: { $0.symbol == "m" })?.past[gradient.step], mean != 0
    else { return nil }
    return gradient.value * mean > 0 ? "g and m have the same sign" : "g and m differ in sign"
  }

  /// `g last 40 ▁▂▃   w last 40 ▃▄▅` in one line, where there is no room for more.
  static func line(_ moment: StepMoment, width: Int) -> StyledText? {
    guard let past = moment.weightPast, past.weight.points.count > 1, width >= 40 else {
      return nil
    }
    let count = min(40, past.weight.points.count)
    let each = max(4, min(count, width / 2 - 14))
    func part(_ name: String, _ past: Past, _ ink: Ink) -> StyledText {
      StyledText(name, ink) + .secondary(" last \(count) ")
        + Sparkline(values: past.points.suffix(40).map(\.value), ink: ink).styled(width: each)
    }
    return part("g", past.gradient, .backward) + "   " + part("w", past.weight, .update)
  }
}
