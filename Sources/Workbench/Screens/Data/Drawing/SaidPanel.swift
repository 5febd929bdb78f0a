import NeuralNets
import Tensors
import TerminalGraphics
import Training

/// What the run says of what is drawn: a bar for each class, or numbers.
enum SaidPanel {
  /// How the numbers of an answer are to be read.
  enum Reading: Hashable {
    /// One for each class, together 1.
    case probabilities
    /// One number, the probability of the second of two classes.
    case second
    /// Numbers that are no probabilities.
    case numbers
  }

  static func reading(_ answer: Answer, _ state: AppState) -> Reading {
    let classes = state.lab.settings?.data.classes.count ?? 0
    let areShares = answer.output.allSatisfy { (0...1).contains($0) }
    if answer.output.count == 1, classes == 2, areShares { return .second }
    let sum = answer.output.reduce(0, +)
    let isWhole = answer.output.count > 1 && abs(sum - 1) < 1e-3
    return areShares && isWhole ? .probabilities : .numbers
  }

  /// The bars: a name and a number each, in the order of the classes.
  static func bars(_ answer: Answer, _ state: AppState) -> [(name: String, number: Float)] {
    let classes = state.lab.settings?.data.classes ?? []
    if reading(answer, state) == .second, let p = answer.output.first {
      return [(classes[0], 1 - p), (classes[1], p)]
    }
    let isNamed = classes.count == answer.output.count
    return answer.output.enumerated().map { place, number in
      (isNamed ? classes[place] : answer.output.count == 1 ? "says" : "\(place)", number)
    }
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    guard let answer = state.lab.answer else {
      let inside = view.box("What the run says", on: &grid)
      grid.writeWrapped(reason(state), in: inside)
      return
    }
    guard state.data.drawing?.isEmptySheet != true else {
      let inside = view.box("What the run says", on: &grid)
      grid.writeWrapped(
        .text("Nothing is drawn yet. ") + .accent("Space") + .secondary(" or the mouse puts ink, ")
          + .accent("g") + .secondary(" takes an example."), in: inside.trimmed(bottom: 1))
      grid.write(
        moment(state, inside.width), at: Point(inside.x, inside.bottom - 1), width: inside.width)
      return
    }
    let detail: String =
      switch reading(answer, state) {
      case .probabilities: view.area.width < 44 ? "sums to 1" : "probabilities, they sum to 1"
      case .second: "probabilities"
      case .numbers: answer.output.count == 1 ? "a number" : "no probabilities"
      }
    let inside = view.box("What the run says", detail: .secondary(detail), on: &grid)
    let words = words(answer, state, width: inside.width)
    let bars = bars(answer, state)
    let room = max(1, inside.height - words.count)
    // Where not all have room, the largest.
    let order = bars.indices.sorted { bars[$0].number > bars[$1].number }
    let shown = bars.count <= room ? Array(bars.indices) : Array(order.prefix(room)).sorted()
    let most = bars.reduce(Float(1e-6)) { max($0, abs($1.number)) }
    let scale: Float = reading(answer, state) == .numbers ? most : 1
    let best = order.first
    let names = min(max(3, (bars.map(\.name.count).max() ?? 1) + 2), inside.width / 3)
    for (row, place) in shown.enumerated() {
      let (name, number) = bars[place]
      let isBest = place == best && bars.count > 1
      let isWrong = state.data.judged.map { $0.isClass != place } ?? false
      let line = inside.row(row)
      grid.write(
        (isBest ? StyledText.accent(name) : .text(name)).truncated(to: names - 1), at: line.origin)
      let bar = line.trimmed(left: names, right: 10)
      for x in 0..<bar.width { grid.put("·", at: Point(bar.x + x, bar.y), ink: .faint) }
      let isNegative = number < 0
      // On the plane a class has the color of its points.
      let hasColor = state.data.drawing?.isOfPoints == true && bars.count > 1
      StackedBar(
        number.isFinite ? Double(abs(number) / scale) : 0,
        ink: hasColor
          ? .series(place)
          : isNegative ? .negative : isBest ? (isWrong ? .warning : .good) : .series(0)
      ).draw(in: bar, on: &grid)
      let shown = text(number, answer, state)
      grid.writeTrailing(isBest ? .accent(shown) : .text(shown), in: line)
    }
    for (row, line) in words.enumerated() {
      grid.write(
        line, at: Point(inside.x, inside.bottom - words.count + row), width: inside.width)
    }
  }

  private static func text(_ number: Float, _ answer: Answer, _ state: AppState) -> String {
    reading(answer, state) == .numbers
      ? NumberFormat.compact(number) : NumberFormat.fixed(number, decimals: 4)
  }

  /// Why there are no bars.
  private static func reason(_ state: AppState) -> StyledText {
    guard state.lab.settings != nil else {
      return .secondary("There is no run to ask: ") + .accent("t")
        + .secondary(" makes one on the data in use and trains it.")
    }
    guard let reason = state.lab.unanswered else {
      return .secondary("The answer comes with the next news of the run.")
    }
    let shown = state.data.name
    if state.isShownDataInUse, !state.runIsCurrent {
      return .warning("▲ ") + .text(reason + ". ") + .accent("t")
        + .secondary(" makes a new run on “\(shown)” and trains it.")
    }
    return .warning("▲ ") + .text(reason + ". ") + .accent("Esc")
      + .secondary(", then ") + .accent("Enter")
      + .secondary(" on “\(shown)” gives the network this data to learn from.")
  }

  /// `reads 9 with p = 0.6712, then 3 with 0.3213`, and of which run.
  private static func words(
    _ answer: Answer, _ state: AppState, width: Int
  ) -> [StyledText] {
    let bars = bars(answer, state)
    let order = bars.indices.sorted { bars[$0].number > bars[$1].number }
    var lines: [StyledText] = []
    if let first = order.first, bars.count > 1 {
      let isChance = reading(answer, state) != .numbers
      let most = text(bars[first].number, answer, state)
      let equal = order.filter { text(bars[$0].number, answer, state) == most }
      if equal.count > 1 {
        let who =
          equal.count == bars.count
          ? bars.count == 2 ? "both" : "all" : equal.map { bars[$0].name }.joined(separator: ", ")
        lines.append(
          (StyledText.secondary("undecided: ") + .text(who)
            + .secondary(isChance ? " have p = " : " have ") + .text(most)).truncated(to: width))
        return lines + [moment(state, width)]
      }
      let best =
        StyledText.secondary(isChance ? "reads " : "largest: ") + .strong(bars[first].name)
        + .secondary(isChance ? " with p = " : " with ")
        + .text(text(bars[first].number, answer, state))
      let second = order[1]
      let longer =
        best + .secondary(", then ") + .text(bars[second].name) + .secondary(" with ")
        + .text(text(bars[second].number, answer, state))
      lines.append(longer.width <= width ? longer : best.truncated(to: width))
    }
    return lines + [moment(state, width)]
  }

  /// `after step 90 on spiral`
  private static func moment(_ state: AppState, _ width: Int) -> StyledText {
    let step = state.lab.position.step
    let run = state.lab.settings?.data.name ?? ""
    let after = StyledText.secondary("after step ") + .text(NumberFormat.integer(step))
    let learned: [StyledText] =
      step == 0
      ? [
        .secondary("step 0: nothing learned yet, ") + .accent("t") + .secondary(" trains"),
        .secondary("untrained: ") + .accent("t") + .secondary(" trains"),
      ] : [after + .secondary(" on \(run)"), after]
    return learned.first { $0.width <= width } ?? learned[1].truncated(to: width)
  }
}
