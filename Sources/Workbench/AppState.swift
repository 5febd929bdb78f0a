import Datasets
import Lessons
import NeuralNets
import TerminalGraphics
import Training

/// All that the lab knows at one moment: events change it, frames are drawn from it.
package struct AppState: Sendable {
  package var size: Size
  package var ability: Ability
  package var look = Look()
  package var screen: ScreenName = .home
  /// The focused panel of each screen.
  package var focus: [ScreenName: String] = [:]
  package var isZoomed = false
  /// Where the borders between panels were moved to.
  package internal(set) var borders = Borders()
  /// Why the last request to the run failed, once it was said.
  var saidFailure: String?
  /// What the mouse is in the middle of.
  var pointer = Pointer()
  package var overlay: Overlay?
  /// A field that is being typed into; it takes every key.
  package var field: TextField?
  /// What was typed into fields before, by what they ask for, the latest first.
  package var fieldHistory: [String: [String]] = [:]
  /// What is searched for in a panel.
  package var search: PanelSearch?
  /// What was said: what shows now, what waits, and what was said before.
  package internal(set) var messages = Messages()
  /// What was done by name at `:`, the latest first.
  package var commandHistory: [String] = []
  /// What was typed at `:` last, while its answer may bring it back to be mended.
  var typedCommand: String?
  /// What `u` takes back and `U` does again, of all screens.
  package internal(set) var edits = EditHistory()
  /// Seconds on some clock that only moves forward; set by whoever runs the loop.
  package var now: Double = 0

  /// The data sets there are, and the network and data one works on.
  package let library: DatasetLibrary
  @Shared package var workpiece: Workpiece
  /// What the run looks like, as of the last news.
  @Shared package var lab = LabSnapshot()
  @Shared package var home = HomeState()
  @Shared package var learn = LearnState()
  @Shared package var build = BuildState()
  package var train = TrainState()
  @Shared package var step = StepState()
  @Shared package var data = DataState()
  @Shared package var runs = RunsState()
  /// Whether the run that was at hand when the lab was left is still on its way: no other takes its place.
  package var awaitsKeptRun = false
  /// The focused panel, where it was found for a state that is only looked at.
  var knownFocus: String?
  /// Whether focus and choice are marked; a picture of a panel has no marks.
  var marksFocus = true
  /// The view of a layer that is open, on Train or on Step.
  package var closeUp: CloseUpState?
  /// The one-minute start while it plays.
  package var tour: Tour?

  package init(
    size: Size, ability: Ability, library: DatasetLibrary, workpiece: Workpiece
  ) {
    self.size = size
    self.ability = ability
    self.library = library
    self.workpiece = workpiece
    home = HomeState(showing: workpiece, of: library)
  }

  /// Whether secondary panels fold away.
  package var isCompact: Bool { size.width < 100 || size.height < 30 }

  /// Whether the window is too small for any screen.
  package var isTooSmall: Bool { size.width < 60 || size.height < 16 }
}

/// What lies over a screen, which is dimmed.
package enum Overlay: Sendable {
  case help(HelpState)
  case palette(PaletteState)
  case menu(Menu)
  case templates(TemplatesState)
  /// A text to read: the code of a kernel, a reply of the debugger.
  case reader(Reader)
  /// What was asked over many seeds, while it is answered and afterwards.
  case question(SeedPanel)
}

extension AppState {
  /// Why no run can be made now: a program with a loop of its own makes one.
  var whyNoOwnRun: String? {
    train.program.map { "\($0.name) still runs: what its loop trains is here when it ends" }
  }

  /// Why there is no run to look at, and what helps.
  var whyNoRun: String { whyNoOwnRun ?? "there is no run yet: Space makes one" }

  /// Opens the run that the workpiece makes, at its start; says why when it makes none.
  package mutating func openRun() -> [Effect] {
    if let why = whyNoOwnRun {
      say(why, .warning)
      return []
    }
    guard !awaitsKeptRun else {
      say("the run that was at hand is being opened; once more in a moment")
      return []
    }
    do {
      let settings = try workpiece.settings()
      train.opened = workpiece
      train.startAgain()
      return [.lab(.open(settings))]
    } catch {
      say("\(error)", .warning)
      return []
    }
  }

  /// Whether the run at hand is that of the workpiece as it is now.
  package var runIsCurrent: Bool {
    guard let settings = lab.settings else { return false }
    if learn.own != nil, lab.runNumber == learn.runNumber {
      return train.opened?.isSame(as: workpiece) ?? false
    }
    // What a program's loop trained stays at hand until one works on something else.
    guard lab.pass == nil else {
      return train.opened.map {
        $0.model == workpiece.model && $0.dataset.training == workpiece.dataset.training
      } ?? false
    }
    return settings.model == workpiece.model && settings.data.name == workpiece.dataset.name
      && settings.batchSize == workpiece.batchSize && settings.epochs == workpiece.epochs
      && settings.seed == workpiece.seed && settings.shuffles == workpiece.shuffles
      && (train.opened.map { opened in
        opened.preparation == workpiece.preparation
          && opened.dataset.training == workpiece.dataset.training
      } ?? true)
  }

  package var current: any Screen.Type { ScreenCatalog.screen(screen) }

  /// The area between the top line and the hint bar.
  package var body: Rect { Rect(0, 1, size.width, max(0, size.height - 2)) }

  /// Whether panels name those that share their place.
  var namesOthers: Bool { !isZoomed && marksFocus }

  /// The panels of the screen as they lie now.
  package var panels: [Panel] {
    let all = arrangedPanels
    guard isZoomed, let one = all.first(where: { $0.id == focusedPanel }) else { return all }
    return [Panel(one.id, body)]
  }

  /// The focused panel of the screen.
  package var focusedPanel: String {
    knownFocus ?? focusedPanel(of: current.panels(self, in: body))
  }

  /// Finds out where the focus is, once for all that is drawn of a frame: the screen is laid out for
  /// it. Whatever changes the state comes after `endFrame`.
  package mutating func beginFrame() { knownFocus = focusedPanel }

  package mutating func endFrame() { knownFocus = nil }

  /// The same where the panels are known.
  func focusedPanel(of panels: [Panel]) -> String {
    guard marksFocus else { return "" }
    if let chosen = focus[screen], panels.contains(where: { $0.id == chosen }) { return chosen }
    return panels.first?.id ?? ""
  }

  /// What is to be done outside when the lab opens.
  package mutating func start() -> [Effect] {
    current.arrive(&self) + [.lab(.look(interest))]
  }

  /// Goes to a screen.
  package mutating func go(to name: ScreenName) -> [Effect] {
    screen = name
    isZoomed = false
    overlay = nil
    field = nil
    messages.forgetRefusals()
    return current.arrive(&self) + [.lab(.look(interest))]
  }

  /// What the screen in front wants to see of the run.
  package var interest: Interest {
    var interest =
      switch screen {
      case .train:
        Interest(pictures: true, quantity: train.layers.look.quantity, probe: train.probe)
      case .home: Interest(pictures: true, parts: [.plane, .judged])
      case .step: Interest(step: step.interest)
      case .build: Interest(pictures: true, parts: .layers, quantity: .weights)
      case .data where data.drawing?.isOfPoints == true:
        Interest(pictures: true, parts: .plane)
      case .learn where PageNetwork.isShown(self):
        Interest(pictures: true, parts: .layers, quantity: .weights, step: step.interest)
      case .data, .learn, .runs:
        Interest(pictures: false, step: screen == .learn ? step.interest : nil)
      }
    if let open = openCloseUp {
      // Nothing else shows beside it but how the run goes.
      if screen == .train { interest.pictures = false }
      interest.closeUp = open.interest
      if screen == .step {
        interest.closeUp?.example = step.interest.example ?? lab.moment?.lens?.place ?? 0
      }
    }
    if screen == .data { interest.question = question }
    if screen == .build || screen == .learn && PageNetwork.isShown(self) {
      interest.question = buildQuestion
    }
    if screen == .step {
      interest.comparedBranch = step.comparedBranch(in: lab)
      interest.countsDead = step.view == .branches && lab.branches.count > 1
    }
    interest.digest = tour != nil
    interest.expressions = lessonExpressions
    return interest
  }
}
