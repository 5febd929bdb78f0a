import Datasets
import NeuralNets
import TerminalGraphics

/// One thing to begin from Home: the key that does it, and what it is.
struct HomeAction {
  let key: Character
  let title: String
  let detail: String
  /// The detail where there is little room.
  var short = ""

  /// Those of a student who comes back, the most used first.
  static func returning(_ state: AppState) -> [HomeAction] {
    let piece = state.workpiece
    let all = [
      HomeAction(
        key: "n", title: "new network", detail: "with 0 to 3 hidden layers",
        short: "layer by layer"),
      HomeAction(
        key: "d", title: "choose data", detail: "\(state.home.dataSetCount) sets, or your own CSV",
        short: "\(state.home.dataSetCount) sets, or a CSV"),
      HomeAction(
        key: "t", title: "train the last", detail: "\(piece.dataset.name) · \(piece.model.summary)",
        short: "on \(piece.dataset.name)"),
      HomeAction(
        key: "s", title: "step through it", detail: "a training step, line by line",
        short: "line by line"),
      HomeAction(key: "o", title: "open Keras code", detail: "a .py model file"),
    ]
    // A network without a layer is nothing to train.
    return piece.model.layers.isEmpty ? all.filter { $0.key != "t" } : all
  }

  static func newcomer(_ state: AppState) -> [HomeAction] {
    [
      HomeAction(key: "n", title: "new network", detail: "layer by layer"),
      HomeAction(
        key: "d", title: "choose data", detail: "\(state.home.dataSetCount) sets, or a CSV"),
      HomeAction(key: "o", title: "open Keras code", detail: "a .py model file"),
      HomeAction(key: "?", title: "keys", detail: "of where you are"),
      HomeAction(key: ":", title: "commands", detail: "by name"),
    ]
  }

  /// Things that help wherever one is, as many as a panel has room for.
  static let tips: [StyledText] = [
    .accent("?") + .secondary(" shows the keys of the panel you are in; ") + .accent("z")
      + .secondary(" zooms it."),
    .accent(":") + .secondary(" does everything by name; a few letters are enough."),
    .accent(".") + .secondary(" and ") + .accent(",")
      + .secondary(" go forward and back in a run, wherever you are."),
    .accent("/") + .secondary(" searches the panel you are in."),
    .accent("u") + .secondary(" takes the last edit back. All is kept by itself."),
  ]
}

/// A list of things to begin, each a line with its key: the key, Enter or a click does it.
enum HomeActionList {
  /// The row of the first line and how many rows lie between two.
  private static func rows(_ count: Int, _ inside: Rect) -> (top: Int, step: Int) {
    inside.height > 2 * count + 3 ? (1, 2) : (0, 1)
  }

  static func actions(_ panel: String, _ state: AppState) -> [HomeAction] {
    panel == "own" ? HomeAction.newcomer(state) : HomeAction.returning(state)
  }

  static func draw(
    _ actions: [HomeAction], _ state: AppState, _ inside: Rect, isFocused: Bool,
    on grid: inout CellGrid
  ) {
    let (top, step) = rows(actions.count, inside)
    for (place, action) in actions.enumerated() where top + place * step < inside.height {
      let line = inside.row(top + place * step)
      if isFocused, place == state.home.beginning.index { grid.highlight(line) }
      grid.write(
        .accent(String(action.key)) + .text(" " + action.title), at: Point(line.x + 1, line.y),
        width: line.width - 2)
      if line.width >= 38 {
        let detail = Fitting.text([action.detail, action.short], width: line.width - 21)
        grid.write(.secondary(detail), at: Point(line.x + 20, line.y), width: line.width - 21)
      }
    }
  }

  /// The rows that the list leaves below it.
  static func rest(_ actions: [HomeAction], _ inside: Rect) -> Rect {
    let (top, step) = rows(actions.count, inside)
    return inside.trimmed(top: min(inside.height, top + actions.count * step))
  }

  static func action(at point: Point, _ actions: [HomeAction], _ inside: Rect) -> Int? {
    let (top, step) = rows(actions.count, inside)
    let row = point.y - inside.y - top
    guard inside.contains(point), row >= 0, row % step == 0, row / step < actions.count else {
      return nil
    }
    return row / step
  }

  /// Does what the key of an action does.
  static func run(_ place: Int, _ panel: String, _ state: inout AppState) -> [Effect] {
    let actions = actions(panel, state)
    guard actions.indices.contains(place) else { return [] }
    state.home.beginning.select(place, count: actions.count)
    let key = KeyStroke(actions[place].key)
    return state.bindings.first { $0.keys.contains(key) }?.run(&state) ?? []
  }
}

/// Where one may begin.
enum BeginPanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let inside = grid.box(area, title: "Start something", isFocused: isFocused)
      .inset(columns: 1, rows: 0)
    let actions = HomeAction.returning(state)
    HomeActionList.draw(actions, state, inside, isFocused: isFocused, on: &grid)
    let rest = HomeActionList.rest(actions, inside)
    guard rest.height > 1 else { return }
    var lines: [StyledText] = []
    for tip in HomeAction.tips {
      let wrapped = tip.wrapped(to: rest.width - 7)
      // As many as stand there whole.
      guard lines.count + wrapped.count < rest.height else { break }
      lines += wrapped
    }
    for (row, line) in lines.enumerated() {
      grid.write(
        (row == 0 ? .secondary("Tip: ") : "     ") + line,
        at: Point(rest.x + 1, rest.bottom - lines.count + row), width: rest.width - 2)
    }
  }
}

/// What else a newcomer can do.
enum OwnPanel {
  static func draw(
    _ state: AppState, _ area: Rect, _ isFocused: Bool, on grid: inout CellGrid
  ) {
    let inside = grid.box(
      area, title: state.isCompact ? "Or go ahead" : "Or go ahead on your own",
      isFocused: isFocused)
    let actions = HomeAction.newcomer(state)
    HomeActionList.draw(actions, state, inside, isFocused: isFocused, on: &grid)
    if inside.height > actions.count + 1 {
      grid.write(
        .secondary("your work is kept without asking"), at: Point(inside.x + 1, inside.bottom - 1),
        width: inside.width - 2)
    }
  }
}
