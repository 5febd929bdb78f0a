import Autodiff
import Tensors
import TerminalGraphics
import Training

/// What the tour says, in a panel over the lower part of the screen.
enum TourPanel {
  /// The keys of the stage, as the card has them.
  static func hints(_ tour: Tour) -> StyledText { keys(tour.stage) }

  static func area(_ state: AppState) -> Rect {
    // From edge to edge: beside it the words of the panels behind would begin or end in the middle.
    let width = state.size.width
    let lines = text(state)?.wrapped(to: width - 4).count ?? 1
    let height = min(state.body.height, max(3, lines) + 3)
    return Rect(0, state.body.bottom - height, width, height)
  }

  static func draw(_ state: AppState, on grid: inout CellGrid) {
    guard let tour = state.tour, let text = text(state) else { return }
    let area = area(state)
    grid.fill(area)
    let inside = grid.box(
      area, title: "The first minute", detail: .secondary(part(tour.stage)), isFocused: true)
    grid.writeWrapped(text, in: inside.inset(columns: 1, rows: 0).trimmed(bottom: 1))
    grid.write(keys(tour.stage), at: Point(inside.x + 1, inside.bottom - 1))
  }

  private static func part(_ stage: Tour.Stage) -> String {
    switch stage {
    case .learning: "1 of 4 · it learns"
    case .stopping, .stopped: "2 of 4 · stopped"
    case .forward, .back: "3 of 4 · one step back"
    case .number: "4 of 4 · one number"
    }
  }

  private static func keys(_ stage: Tour.Stage) -> StyledText {
    let main: StyledText =
      switch stage {
      case .learning: .hint("Enter", "stop it")
      case .stopping: .secondary("…")
      case .stopped: .accent(".") + .secondary(" or ") + .hint("Enter", "one instruction forward")
      case .forward: .accent(",") + .secondary(" or ") + .hint("Enter", "one step back")
      case .back: .accent(".") + .secondary(" or ") + .hint("Enter", "forward, and open a number")
      case .number: .hint("Enter", "to the menu")
      }
    return main + "    " + .hint("Esc", "leaves the tour")
  }

  // MARK: What is said, each sentence from the numbers it names

  static func text(_ state: AppState) -> StyledText? {
    guard let tour = state.tour else { return nil }
    switch tour.stage {
    case .learning: return learning(state)
    case .stopping: return .secondary("It finishes the step it is in …")
    case .stopped: return stopped(state)
    case .forward: return forward(state, tour)
    case .back: return back(state, tour)
    case .number: return number(state)
    }
  }

  private static func learning(_ state: AppState) -> StyledText {
    let history = state.lab.history
    let examples = state.lab.settings?.data.training.count ?? 0
    let batch = state.lab.settings?.batchSize ?? 0
    var text: StyledText =
      "A network reads " + .strong(NumberFormat.integer(examples))
      + " pictures of handwritten digits, \(batch) at a time. After each \(batch) it changes its"
      + " numbers a little, so that the next answer is less wrong."
    if let first = history.steps.first?.loss, let last = history.latest?.loss, history.count > 1 {
      text +=
        " Step " + .strong(NumberFormat.integer(history.count)) + ": the loss, how wrong it is, "
        + (last < first ? "fell" : "went") + " from \(NumberFormat.compact(first, digits: 3)) to "
        + .strong(NumberFormat.compact(last, digits: 3)) + "."
    }
    if let right = state.lab.pictures?.right, let unseen = state.lab.pictures?.unseenCount {
      text += " Of \(unseen) digits it has never seen it reads " + .strong("\(right)") + " right."
    }
    return text
  }

  private static func stopped(_ state: AppState) -> StyledText {
    guard let moment = state.lab.moment else { return .secondary("…") }
    let count = moment.plan.instructions.count
    return "Stopped in the middle of training step "
      + .strong(NumberFormat.integer(state.lab.position.step)) + ": "
      + .strong("\(moment.done) of \(count)")
      + " instructions are done. Forward, the network has answered; the loss says how wrong that"
      + " was; now the blame goes backward, layer by layer. Nothing is hidden: every number of this"
      + " moment is here. Remember the check sum of all of them, "
      + digest(state.tour?.digests[.stopped]) + ": it comes again."
  }

  private static func forward(_ state: AppState, _ tour: Tour) -> StyledText {
    guard let moment = state.lab.moment, let now = tour.digests[.forward],
      let result = moment.results.first, let before = tour.digests[.stopped]
    else { return .secondary("…") }
    let formula = moment.instruction.flatMap { moment.plan.instructions[$0].results.first?.formula }
    var text: StyledText =
      "One instruction forward: " + .strong(formula ?? result.symbol) + ", "
      + NumberFormat.integerText(result.tensor.count)
      + " new numbers, one for each weight of \(layer(of: result.name)): how the loss changes with"
      + " that weight."
    if now != before {
      text += " The check sum is another: " + digest(before) + " became " + digest(now) + "."
    }
    return text
  }

  private static func back(_ state: AppState, _ tour: Tour) -> StyledText {
    guard let now = tour.digests[.back], let before = tour.digests[.stopped] else {
      return .secondary("…")
    }
    let check: StyledText = "The check sum was " + digest(before) + " and is " + digest(now) + "."
    guard now == before else { return "One step back. " + check }
    return "One step back: " + .strong("every number is as it was") + ", to the last bit. " + check
      + " So you can look twice, wherever something puzzles you: "
      + .accent(".") + " and " + .accent(",") + " go forward and back through the whole training."
  }

  private static func number(_ state: AppState) -> StyledText {
    guard let moment = state.lab.moment, let explanation = moment.explanation,
      case .sum(let terms) = explanation.body, moment.cell == state.step.interest.cell
    else { return .secondary("…") }
    let named: StyledText =
      .strong(explanation.name) + " = "
      + .strong(NumberFormat.fixed(explanation.result, decimals: 4))
    let largest = terms.sorted { abs($0.product) > abs($1.product) }.prefix(3)
    let parts = largest.map { term in
      // As many digits as the product needs: somebody has a calculator at hand.
      let shown = ShownArithmetic.product(
        term.factors.map(\.value), result: Float(term.product), digits: 3)
      return shown.operands.joined(separator: " × ") + (shown.isExact ? " ≈ " : " ") + shown.result
        + (term.example.map { " (picture \($0))" } ?? "")
    }
    return named + ": the number of this gradient that is farthest from zero. It is a sum of "
      + .strong("\(terms.count)") + " products" + (explains(terms) ? ", one for each picture" : "")
      + "; the largest are " + .text(parts.joined(separator: ", ")) + ". All together they give "
      + .strong(NumberFormat.fixed(explanation.result, decimals: 4))
      + ". Every number here opens like that: choose it with the arrows. That was the minute."
  }

  private static func explains(_ terms: [SumTerm]) -> Bool {
    !terms.isEmpty && terms.allSatisfy { $0.example != nil }
  }

  private static func digest(_ text: String?) -> StyledText {
    StyledText(text ?? "not yet", .accent)
  }

  private static func layer(of name: String) -> String {
    name.split(separator: "/").first.map(String.init) ?? name
  }
}

extension NumberFormat {
  fileprivate static func integerText(_ value: Int) -> StyledText { .strong(integer(value)) }
}
