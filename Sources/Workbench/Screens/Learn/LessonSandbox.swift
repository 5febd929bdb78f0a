import Datasets
import Lessons
import TerminalGraphics
import Training

// A lesson's hold on the lab: the panel it lights, the controls it keeps, the way out of both.

extension Page {
  /// What can be tried on one's own from here.
  var sandbox: Sandbox? {
    blocks.lazy.compactMap { if case .sandbox(let sandbox) = $0 { sandbox } else { nil } }.first
  }
}

extension AppState {
  /// Takes the run to Train, free of the lesson: nothing hidden, nothing fixed, nothing judged.
  mutating func openSandbox() -> [Effect] {
    guard learn.page != nil else { return [] }
    learn.isFree = true
    learn.departure = nil
    field = nil
    let going = go(to: .train)
    say("the run is yours: 2 goes back to the page, and r there sets its run anew", .good)
    return going
  }

  // MARK: Light

  /// The panel that the open page wants to be looked at.
  var litPanel: (screen: ScreenName, panel: String)? {
    guard let page = learn.page, let setup = learn.setup, let panel = setup.light,
      page.setup != nil || setup.light != nil
    else { return nil }
    let own = setup.screen.flatMap(ScreenName.init(rawValue:))
    let screens = [own].compactMap(\.self) + [.train, .step, .build, .data, .runs]
    return screens.first { PanelGuide.entry(panel, of: $0) != nil }.map { ($0, panel) }
  }

  /// The lit panel has the focus on its screen, so that it is there also where others share its place.
  /// The plan, where it is there anyway, is only to be looked at: arrows choose a number.
  mutating func light() {
    guard let lit = litPanel, isCompact || lit != (.step, "plan") else { return }
    focus[lit.screen] = lit.panel
  }

  /// A page that is left takes the focus away that it gave.
  mutating func putOutLight() {
    guard let lit = litPanel, focus[lit.screen] == lit.panel else { return }
    focus[lit.screen] = nil
  }

  /// The title of the lit panel where it always has the same one.
  var titleOfLitPanel: String? {
    guard let lit = litPanel else { return nil }
    switch (lit.screen, lit.panel) {
    // Named by what the line at hand is.
    case (.step, "result"): return nil
    case (.step, "cell"): return lab.moment.flatMap { AdamFormulas($0) } == nil ? "This cell" : nil
    default: return PanelGuide.entry(lit.panel, of: lit.screen)?.title
    }
  }

  /// Whether an open page marks panels of other screens: it lights one, or keeps numbers back.
  var marksPanels: Bool { learn.page != nil && !learn.isFree && !isRunForeign }

  /// Marks the lit panel with a sign at its title and a color of its own: the accent is the focus's.
  func drawLight(_ panels: [Panel], on grid: inout CellGrid) {
    guard let lit = litPanel, lit.screen == screen, !learn.isFree, !isRunForeign,
      let area = panels.first(where: { $0.id == lit.panel })?.area, area.width > 6,
      area.height > 1
    else { return }
    let frame: Set<Unicode.Scalar> = ["─", "│", "╭", "╮", "╰", "╯"]
    if focusedPanel != lit.panel {
      let edges =
        [area.row(0), area.row(area.height - 1)]
        + [area.x, area.right - 1].map { Rect($0, area.y, 1, area.height) }
      for edge in edges {
        grid.restyle(edge) { if frame.contains($0.scalar) { $0.foreground = .series(0) } }
      }
    }
    grid.put("◆", at: Point(area.x + 1, area.y), ink: .series(0), attributes: .bold)
  }

  // MARK: Hidden numbers

  /// The lab as it may be drawn: without the numbers that the open page asks for.
  var withoutHidden: AppState {
    guard screen == .step || screen == .train else { return self }
    let hidden = hiddenNumbers
    guard !hidden.isEmpty else { return self }
    var shown = self
    shown.lab.moment = lab.moment?.hiding(hidden)
    shown.lab.pictures?.layers.removeAll { hidden.touches($0) }
    if hidden.values.contains("loss") {
      shown.lab.history = lab.history.withoutLosses
      shown.lab.branches = lab.branches.map(\.withoutLosses)
    }
    if lab.closeUp != nil {
      shown.lab.closeUp = CloseUpPicture.none(
        "this page asks for a number that would stand here: first the answer")
    }
    return shown
  }

  /// Whether numbers of the line just done are kept back.
  func hidesResults(of moment: StepMoment) -> Bool {
    moment.shows(hiddenNumbers)
  }

  /// `?` for each number that is kept back.
  /// - Returns: whether there is one.
  static func markHidden(in area: Rect, on grid: inout CellGrid) -> Bool {
    var isAny = false
    // What is no number has a color of its own, which would be a warning here.
    grid.restyle(area) { if $0.background == .bad { $0.background = .selection } }
    let word: [Unicode.Scalar] = ["N", "a", "N"]
    for y in area.y..<area.bottom {
      for x in area.x..<max(area.x, area.right - 2)
      where word.indices.allSatisfy({ grid[Point(x + $0, y)]?.scalar == word[$0] }) {
        isAny = true
        for (place, scalar) in [" ", " ", "?"].map({ $0 as Unicode.Scalar }).enumerated() {
          grid.restyle(Rect(x + place, y, 1, 1)) {
            $0.scalar = scalar
            $0.foreground = .accent
          }
        }
      }
    }
    return isAny
  }

  /// Says in a panel's lower border what the ? is.
  func drawHidden(_ panels: [Panel], on grid: inout CellGrid) {
    guard screen == .step || screen == .train, !hiddenNumbers.isEmpty,
      Self.markHidden(in: body, on: &grid)
    else { return }
    let shown = panels.filter { $0.area.width > 30 && $0.area.height > 2 }
    let first = shown.first { ["cell", TrainPart.loss.rawValue].contains($0.id) }
    guard let area = (first ?? shown.last)?.area else { return }
    let note: StyledText =
      " " + .accent("?") + .secondary(" until the question is answered ")
    grid.write(
      note.truncated(to: area.width - 4),
      at: Point(max(area.x + 2, area.right - 2 - note.width), area.bottom - 1))
  }

  // MARK: Locks

  /// What a control that a lesson keeps says.
  static let lockReason = "the lesson keeps this fixed; S opens the sandbox"

  /// The controls that the open lesson keeps as they are.
  var locks: Set<String> {
    guard learn.page != nil, !learn.isFree, !isRunForeign, screen != .home, screen != .learn,
      learn.own != nil
    else { return [] }
    return Set(learn.lesson?.locks ?? [])
  }

  /// Takes back what an event did to what the lesson keeps, and says why.
  mutating func keepLocks(_ before: AppState, _ effects: [Effect]) -> [Effect] {
    let locks = before.locks
    guard !locks.isEmpty, learn.open == before.learn.open, !learn.isFree else { return effects }
    var isKept = false
    if locks.contains("build"), workpiece.model != before.workpiece.model { isKept = true }
    if locks.contains("data"),
      workpiece.dataset.name != before.workpiece.dataset.name
        || workpiece.preparation != before.workpiece.preparation
    {
      isKept = true
    }
    let allowed = effects.filter { !Self.isLocked($0, locks) }
    guard isKept || allowed.count < effects.count else { return effects }
    // All of it is as it was: half an edit is none.
    let messages = messages
    self = before
    self.messages = messages
    say(Self.lockReason, .warning)
    return []
  }

  private static func isLocked(_ effect: Effect, _ locks: Set<String>) -> Bool {
    switch effect {
    case .lab(.pace(_)): locks.contains("pace")
    case .lab(.learningRate(_)), .lab(.change(_, _)): locks.contains("settings")
    case .lab(.restart(.some(_))): locks.contains("seed")
    case .lab(.setWeight(_, _, _)): locks.contains("weights")
    case .lab(.play): locks.contains("train")
    case .ask(let command): isLocked(command, locks)
    default: false
    }
  }

  /// Whether a command at the prompt does what a lesson keeps fixed.
  private static func isLocked(_ command: String, _ locks: Set<String>) -> Bool {
    let words = command.split(whereSeparator: { $0 == " " || $0 == "=" }).map(String.init)
    switch words.first {
    case "add", "remove", "load": return locks.contains("build")
    case "set" where words.count > 1:
      let name = words[1]
      if name == "data" || name == "scale" { return locks.contains("data") }
      if name == "seed" { return locks.contains("seed") }
      if name.contains("/") || name.hasPrefix("input") || name.hasPrefix("target") {
        return locks.contains("weights")
      }
      let isOfLayer = name.contains(".") && !name.hasPrefix("optimizer")
      return locks.contains(isOfLayer || name == "activation" ? "build" : "settings")
    default: return false
    }
  }
}
