import TerminalGraphics
import Training

/// Makes one frame after the other, as many a second as the run has news.
///
/// Thirty a second let the position run and the curve grow. Nobody reads tables and pictures that
/// often, and they are most of the work: while a run trains each third frame is whole, ten a second.
/// In between, a frame is the one before it with the panels that follow drawn anew.
///
/// That holds only while news of that run are all that happens. Whatever else does, a key, a message,
/// another size, a stop, makes a whole frame, and so does a fifth of a second without one. A panel is
/// either as it is now or as it was, never half of each.
package struct FrameMaker {
  /// How many frames after a whole one may take panels over from it.
  package static let most = 2

  /// Seconds after which all panels are brought up to date.
  private let span: Double

  /// What a frame must have in common with the last whole one to take panels over from it.
  private struct Place: Equatable {
    let ability: Ability
    let screen: ScreenName
    let panels: [Panel]
    let focused: String
    let run: Int

    /// Nil where everything is to be drawn: the run rests, or something lies over its panels.
    init?(_ state: AppState) {
      guard state.lab.activity == .training, !state.isTooSmall, state.message == nil,
        state.overlay == nil, state.field == nil, state.tour == nil, state.searchHere == nil,
        !state.marksPanels
      else { return nil }
      ability = state.ability
      screen = state.screen
      panels = state.panels
      focused = state.focusedPanel(of: panels)
      run = state.lab.runNumber
    }
  }

  private var last: (frame: CellGrid, place: Place)?
  private var wholeAt = 0.0
  /// How many frames since then took panels over.
  private var count = 0

  package init(span: Double = 0.2) { self.span = span }

  /// The frame that shows a state.
  /// - Parameter isNewsAlone: whether only the run has gone on since the last frame.
  package mutating func frame(of state: AppState, isNewsAlone: Bool) -> CellGrid {
    let place = Place(state)
    let following = place.map { place in
      let ids = state.current.following
      return place.panels.filter { ids.contains($0.id) && !$0.area.isEmpty }
    }
    let frame: CellGrid
    if isNewsAlone, let last, let following, !following.isEmpty, last.place == place,
      count < Self.most, state.now < wholeAt + span
    {
      frame = state.frame(last.frame, redrawing: following, focused: last.place.focused)
      count += 1
    } else {
      frame = state.frame()
      wholeAt = state.now
      count = 0
    }
    last = place.map { (frame, $0) }
    return frame
  }

  /// When the panels that wait are brought up to date though the run has no more news.
  package var deadline: Double? { count > 0 ? wholeAt + span : nil }
}
