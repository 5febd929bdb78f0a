import TerminalGraphics
import Training

/// Makes one frame after the other, as many a second as the run has news.
///
/// Thirty a second let the position run and the curve grow. Nobody reads tables and pictures that
/// often, and they are most of the work: while a run trains each sixth frame is whole, five a second.
/// In between, a frame is the one before it with the panels that follow drawn anew.
///
/// That holds only while news of that run are all that happens. Whatever else does, a key, a message,
/// another size, a stop, makes a whole frame, and so does a fifth of a second without one. A panel is
/// either as it is now or as it was, never half of each.
///
/// What lies over the panels, help or a question, is as it is now after each key; the dimmed panels
/// below it, and all of it while only the run goes on, are what they were up to a fifth of a second ago.
package struct FrameMaker {
  /// How many frames after a whole one may take panels over from it.
  package static let most = 5

  /// Seconds after which all panels are brought up to date.
  private let span: Double

  /// What a frame must have in common with the last one to take panels over from it.
  private struct Place: Equatable {
    let ability: Ability
    let screen: ScreenName
    let panels: [Panel]
    let focused: String
    let run: Int

    /// Nil where everything is to be drawn: the run rests, or one types into its panels.
    init?(_ state: AppState) {
      guard state.lab.activity == .training, !state.isTooSmall, state.field == nil,
        state.tour == nil, state.searchHere == nil, !state.marksPanels
      else { return nil }
      ability = state.ability
      screen = state.screen
      panels = state.panels
      focused = state.focusedPanel(of: panels)
      run = state.lab.runNumber
    }
  }

  /// What was shown below messages and overlays.
  private struct Ground {
    let grid: CellGrid
    let place: Place
    let isUnderOverlay: Bool
    /// With what lay over it, where that may be shown once more.
    var frame: CellGrid?
  }

  private var last: Ground?
  private var wholeAt = 0.0
  /// How many frames since then took panels over.
  private var count = 0

  package init(span: Double = 0.2) { self.span = span }

  /// The frame that shows a state.
  /// - Parameter isNewsAlone: whether only the run has gone on since the last frame.
  package mutating func frame(of state: AppState, isNewsAlone: Bool) -> CellGrid {
    let place = Place(state)
    let isFresh = place != nil && last?.place == place && state.now < wholeAt + span
    let isCovered = state.overlay != nil && state.message == nil
    if isFresh, isNewsAlone, isCovered, let frame = last?.frame {
      count += 1
      return frame
    }
    let ground: CellGrid
    if isFresh, let place, let taken = takenOver(state, place, isNewsAlone) {
      ground = taken
      count += 1
    } else {
      ground = state.ground()
      wholeAt = state.now
      count = 0
    }
    let frame = state.frame(over: ground)
    last = place.map {
      Ground(
        grid: ground, place: $0, isUnderOverlay: state.overlay != nil,
        frame: isCovered ? frame : nil)
    }
    return frame
  }

  /// The ground made of the last one; nil where it is to be whole.
  private func takenOver(_ state: AppState, _ place: Place, _ isNewsAlone: Bool) -> CellGrid? {
    guard let last else { return nil }
    if state.overlay != nil { return state.ground(last.grid) }
    guard isNewsAlone, count < Self.most, state.message == nil, !last.isUnderOverlay else {
      return nil
    }
    let following = place.panels.filter {
      state.current.following.contains($0.id) && !$0.area.isEmpty
    }
    return following.isEmpty
      ? nil : state.ground(last.grid, redrawing: following, focused: place.focused)
  }

  /// When the panels that wait are brought up to date though the run has no more news.
  package var deadline: Double? { count > 0 ? wholeAt + span : nil }
}
