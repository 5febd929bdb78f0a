import Lessons
import Tensors
import TerminalGraphics
import Training

/// Arrays of the run that the page shows beside its text.
enum SeeItPanel {
  static func views(_ state: AppState) -> [LiveView] {
    guard let page = state.learn.page, let place = state.learn.place else { return [] }
    return place.visibleBlocks(of: page).compactMap {
      if case .live(let view) = $0 { view } else { nil }
    }
  }

  /// The rows it takes with its frame when there is room.
  static func height(_ state: AppState) -> Int {
    let views = views(state)
    let lines = views.reduce(0) { sum, view in
      guard case .success(.tensor(let tensor))? = state.readings[view.value] else { return sum + 3 }
      let columns = tensor.shape.rank > 1 ? tensor.shape.last : tensor.count
      return sum + 2 + min(6, (tensor.count + columns - 1) / max(1, columns))
    }
    return views.isEmpty ? 0 : max(5, lines + 1)
  }

  static func draw(_ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid) {
    let views = views(state)
    let hidden = state.hiddenNumbers
    let isHidden = views.contains { hidden.touches(expression: $0.value) }
    let inside = grid.box(
      area, title: "See it", detail: .secondary("live"),
      note: isHidden ? .accent("?") + .secondary(" until it is answered") : StyledText(),
      isFocused: isFocused
    ).inset(columns: 2, rows: 0)
    var y = inside.y + (inside.height > 8 && views.count < 3 ? 1 : 0)
    for (place, view) in views.enumerated() where y < inside.bottom {
      let after = views.count - place - 1
      let room = Rect(inside.x, y, inside.width, max(0, inside.bottom - y - 2 * after))
      y += draw(view, state, room, on: &grid) + (inside.height > 8 ? 1 : 0)
    }
    PageNetwork.draw(state, in: inside.trimmed(top: y - inside.y), on: &grid)
  }

  /// Draws a value below its title and returns the lines that took.
  private static func draw(
    _ view: LiveView, _ state: AppState, _ area: Rect, on grid: inout CellGrid
  ) -> Int {
    guard area.height > 0 else { return 0 }
    let hidden = state.hiddenNumbers
    let title = StyledText.secondary(view.title)
    if case .success(.tensor(let tensor))? = state.readings[view.value], tensor.count > 1 {
      let asked = state.askedPlace
      let isOpen = state.learn.isTaskOpen
      let place = asked.flatMap { $0.offset(in: tensor.shape) }
      let name = view.value
      return LiveMatrix(
        title, tensor, digits: view.digits,
        asked: isOpen && asked?.name == name ? place : nil,
        pointed: asked?.weight == name ? place : nil, isHidden: { hidden.hides(name, at: $0) }
      ).draw(in: area, on: &grid)
    }
    grid.write(title, at: area.origin, width: area.width)
    let area = area.trimmed(top: 1)
    guard area.height > 0 else { return 1 }
    switch state.readings[view.value] {
    case .success where hidden.touches(expression: view.value):
      grid.write(.accent("?"), at: area.origin)
    case .success(let value):
      grid.write(.accent(LessonText.text(value, digits: view.digits)), at: area.origin)
    case .failure(let failure) where failure.isNotYet:
      grid.write(.secondary("not computed yet at this moment"), at: area.origin, width: area.width)
    case .failure(let failure):
      grid.write(.warning(failure.problem), at: area.origin, width: area.width)
    case nil: grid.write(.secondary("…"), at: area.origin)
    }
    return 2
  }
}
