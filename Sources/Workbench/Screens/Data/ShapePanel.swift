import Datasets
import TerminalGraphics
import Training

/// Sliders for how the data is made and what is done to it, and what part of it is held back.
enum ShapePanel {
  // MARK: What the lines say

  private static func value(_ parameter: GeneratorParameter, _ state: AppState) -> Double {
    state.data.specification.settings[parameter.name] ?? parameter.standard
  }

  private static func share(_ line: ShapeLine, _ state: AppState) -> Double? {
    let options = state.data.specification.options
    return switch line {
    case .labelNoise: options.labelNoise
    case .outliers: options.outliers
    case .keep(let name): options.balance[name] ?? 1
    default: nil
    }
  }

  private static func text(_ line: ShapeLine, _ state: AppState) -> StyledText {
    switch line {
    case .parameter(let parameter):
      let value = value(parameter, state)
      return .text(
        parameter.isWhole
          ? NumberFormat.integer(Int(value)) : NumberFormat.fixed(value, decimals: 2))
    case .unseen:
      return .text(
        state.data.preview?.dataset.validation != nil
          ? "its own"
          : NumberFormat.percent(state.workpiece.preparation.unseenShare, decimals: 0))
    case .standardize: return toggle(state.workpiece.preparation.standardizes, "yes", "no")
    case .seed: return .text(String(state.data.seed))
    case .feature(let feature, _):
      return toggle(state.data.specification.options.features.contains(feature), "in", "out")
    case .labelNoise, .outliers, .keep:
      return .text(NumberFormat.percent(share(line, state) ?? 0, decimals: 0))
    }
  }

  private static func toggle(_ isOn: Bool, _ yes: String, _ no: String) -> StyledText {
    isOn ? .accent("■ ") + .text(yes) : .secondary("□ ") + .text(no)
  }

  private static func axis(_ parameter: GeneratorParameter) -> Axis {
    Axis(
      low: parameter.range.lowerBound, high: parameter.range.upperBound,
      isLogarithmic: isWide(parameter))
  }

  /// Where the slider stands, 0 to 1; nil for what has none.
  private static func place(_ line: ShapeLine, _ state: AppState) -> Double? {
    switch line {
    case .parameter(let parameter):
      return axis(parameter).place(of: value(parameter, state))
    case .unseen:
      return state.data.preview?.dataset.validation == nil
        ? state.workpiece.preparation.unseenShare / 0.9 : nil
    case .standardize, .seed, .feature: return nil
    case .labelNoise, .outliers, .keep: return share(line, state)
    }
  }

  private static func isWide(_ parameter: GeneratorParameter) -> Bool {
    parameter.isWhole && parameter.range.upperBound > 100 && parameter.range.lowerBound > 0
  }

  // MARK: Drawing

  /// The lines shown, and whether each has a row for its slider.
  private static func arrangement(
    _ lines: [ShapeLine], _ area: Rect, _ state: AppState
  ) -> (scroll: ScrollPosition, isTall: Bool) {
    let height = max(1, area.height - 2)
    let isTall = height >= 2 * lines.count + 1 && area.width < 40
    // The last two rows say what the line does and which keys change it.
    let room = isTall ? lines.count : min(lines.count, height > 7 ? height - 2 : height)
    return (state.data.shape.scroll(shown: room, count: lines.count), isTall)
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let lines = ShapeLine.all(state)
    guard !lines.isEmpty else {
      let inside = view.box("Shape it", on: &grid)
      grid.writeWrapped(
        .secondary("What is shown here can be changed once a data set can be shown."), in: inside)
      return
    }
    let detail: StyledText =
      state.isShownDataInUse
      ? .good("live") : .secondary(view.area.width < 27 ? "unused" : "not in use")
    let (scroll, isTall) = arrangement(lines, view.area, state)
    let inside = view.box(
      "Shape it", detail: detail, scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    let names = nameWidth(lines)
    for (index, line) in lines.dropFirst(scroll.first).prefix(scroll.shown).enumerated() {
      let isChosen = view.isFocused && state.data.shape.index == scroll.first + index
      let row = Rect(inside.x, inside.y + index * (isTall ? 2 : 1), inside.width, 1)
      draw(line, isChosen: isChosen, names: names, isTall: isTall, in: row, view, on: &grid)
    }
    drawFoot(lines, inside, used: scroll.shown * (isTall ? 2 : 1), view, on: &grid)
  }

  private static func draw(
    _ line: ShapeLine, isChosen: Bool, names: Int, isTall: Bool, in row: Rect, _ view: PanelView,
    on grid: inout CellGrid
  ) {
    let state = view.state
    let value: StyledText =
      state.field?.label == line.name
      ? .strong(state.field?.text ?? "") + .accent("▏") : text(line, state)
    let room = max(4, row.width - value.width - 1)
    // A long class is named without the verb, which the lines above it have.
    let isLong = TextWidth.columns(line.name) > room && line.name.hasPrefix("keep ")
    let words = isLong ? String(line.name.dropFirst("keep ".count)) : line.name
    let name: StyledText = isChosen ? .accent(words) : .secondary(words)
    grid.write(
      name.truncated(to: room), at: row.origin, width: row.width)
    grid.writeTrailing(value, in: row)
    guard let place = place(line, state),
      let track = track(of: line, names: names, isTall: isTall, in: row)
    else { return }
    drawSlider(place, isChosen: isChosen, in: track, on: &grid)
  }

  /// Where a line has its slider; nil where it has no room for one.
  private static func track(
    of line: ShapeLine, names: Int, isTall: Bool, in row: Rect
  ) -> Rect? {
    let track =
      isTall
      ? Rect(row.x, row.y + 1, row.width, 1)
      : row.trimmed(left: names, right: 7)
    return isTall || (track.width > 4 && line.name.count < names) ? track : nil
  }

  /// The columns that names take.
  private static func nameWidth(_ lines: [ShapeLine]) -> Int {
    min(13, (lines.map(\.name.count).max() ?? 11) + 1)
  }

  private static func drawFoot(
    _ lines: [ShapeLine], _ inside: Rect, used: Int, _ view: PanelView, on grid: inout CellGrid
  ) {
    guard inside.height - used >= 2 else { return }
    let line = lines[min(view.state.data.shape.index, lines.count - 1)]
    // Where the lines have no room for sliders the chosen one has its own here.
    if view.isFocused, let place = place(line, view.state),
      let track = footTrack(inside, used: used)
    {
      drawSlider(place, isChosen: true, in: track, on: &grid)
    }
    let words = StyledText.secondary(view.isFocused ? line.words : "")
    if words.width <= inside.width {
      grid.write(words, at: Point(inside.x, inside.bottom - 2), width: inside.width)
    }
    let keys: StyledText =
      line.isToggle && view.isFocused
      ? .hint("Space", "in or out")
      : .hint("◀ ▶", "change")
        + (ShapeChange.noSeed(view.state) == nil ? "  " + .hint("r", "seed") : "")
    grid.write(keys, at: Point(inside.x, inside.bottom - 1), width: inside.width)
  }

  /// Where the chosen line has its slider when the lines have no room for theirs.
  private static func footTrack(_ inside: Rect, used: Int) -> Rect? {
    inside.width < 25 && inside.height - used >= 4
      ? Rect(inside.x, inside.bottom - 3, inside.width, 1) : nil
  }

  private static func drawSlider(
    _ place: Double, isChosen: Bool, in area: Rect, on grid: inout CellGrid
  ) {
    guard area.width > 2, area.height > 0 else { return }
    let knob = min(area.width - 1, max(0, Int((place * Double(area.width - 1)).rounded())))
    for x in 0..<area.width {
      let point = Point(area.x + x, area.y)
      if x == knob {
        grid.put("◆", at: point, ink: isChosen ? .accent : .text)
      } else {
        grid.put(
          x < knob ? "━" : "─", at: point,
          ink: x < knob ? (isChosen ? .accent : .secondary) : .border)
      }
    }
  }

  // MARK: Keys

  /// The line that keys change.
  static func chosen(_ state: AppState) -> ShapeLine? {
    let lines = ShapeLine.all(state)
    return lines.isEmpty ? nil : lines[min(state.data.shape.index, lines.count - 1)]
  }

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let lines = ShapeLine.all(state)
    guard let line = chosen(state) else { return nil }
    switch key {
    case .left: return ShapeChange.change(line, by: -1, &state)
    case .right: return ShapeChange.change(line, by: 1, &state)
    default:
      let shown = state.panels.first { $0.id == DataPart.shape.rawValue }
        .map { arrangement(lines, $0.area, state).scroll.shown }
      return state.data.shape.handle(key, count: lines.count, shown: shown ?? lines.count)
        ? [] : nil
    }
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let lines = ShapeLine.all(state)
    let (scroll, isTall) = arrangement(lines, area, state)
    let index = scroll.first + (point.y - area.y - 1) / (isTall ? 2 : 1)
    guard lines.indices.contains(index), index < scroll.first + scroll.shown else { return [] }
    state.data.shape.select(index, count: lines.count)
    return lines[index].isToggle ? ShapeChange.change(lines[index], by: 1, &state) : []
  }

  // MARK: Sliders

  /// A press on a slider takes it there, and a drag takes it along; nil for anything else.
  static func mouse(_ mouse: Mouse, _ area: Rect, _ state: inout AppState) -> [Effect]? {
    guard mouse.button == .left, mouse.action == .press || mouse.action == .drag else { return nil }
    let lines = ShapeLine.all(state)
    let (scroll, isTall) = arrangement(lines, area, state)
    let inside = area.inset().inset(columns: 1, rows: 0)
    let foot = footTrack(inside, used: scroll.shown * (isTall ? 2 : 1))
    if mouse.action == .press {
      // The slider at the foot is that of the chosen line.
      let index =
        foot?.contains(mouse.point) ?? false
        ? state.data.shape.index
        : scroll.first + (mouse.point.y - inside.y) / (isTall ? 2 : 1)
      guard let track = foot ?? track(of: index, lines, scroll, isTall, inside),
        track.contains(mouse.point), lines.indices.contains(index),
        place(lines[index], state) != nil
      else { return nil }
      state.focus[.data] = DataPart.shape.rawValue
      state.data.shape.select(index, count: lines.count)
      state.pointer.slider = index
    }
    guard let index = state.pointer.slider, lines.indices.contains(index),
      let track = foot ?? track(of: index, lines, scroll, isTall, inside)
    else { return nil }
    let share = Double(mouse.point.x - track.x) / Double(max(1, track.width - 1))
    return ShapeChange.drag(lines[index], to: value(of: lines[index], at: share), &state)
  }

  private static func track(
    of index: Int, _ lines: [ShapeLine], _ scroll: ScrollPosition, _ isTall: Bool, _ inside: Rect
  ) -> Rect? {
    guard lines.indices.contains(index), index >= scroll.first,
      index < scroll.first + scroll.shown
    else { return nil }
    let row = Rect(inside.x, inside.y + (index - scroll.first) * (isTall ? 2 : 1), inside.width, 1)
    return track(of: lines[index], names: nameWidth(lines), isTall: isTall, in: row)
  }

  /// What a place of the slider, 0 to 1, stands for.
  private static func value(of line: ShapeLine, at share: Double) -> Double {
    let place = min(1, max(0, share))
    switch line {
    case .parameter(let parameter): return axis(parameter).value(at: place)
    case .unseen: return place * 0.9
    default: return place
    }
  }
}
