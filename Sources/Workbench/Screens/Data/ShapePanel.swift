import Datasets
import TerminalGraphics
import Training

/// Sliders for how the data is made and what part of it is held back.
enum ShapePanel {
  /// One line: a generator's parameter, or what is done to any data.
  enum Line: Hashable {
    case parameter(GeneratorParameter)
    case unseen, standardize, seed

    var name: String {
      switch self {
      case .parameter(let parameter): parameter.name
      case .unseen: "unseen part"
      case .standardize: "standardize"
      case .seed: "seed"
      }
    }
  }

  static func lines(_ state: AppState) -> [Line] {
    let parameters = state.dataEntry?.parameters ?? []
    return parameters.map { .parameter($0) } + [.unseen]
      + (parameters.isEmpty ? [] : [.seed]) + [.standardize]
  }

  private static func value(_ parameter: GeneratorParameter, _ state: AppState) -> Double {
    state.data.settings[state.data.name]?[parameter.name] ?? parameter.standard
  }

  private static func text(_ line: Line, _ state: AppState) -> String {
    switch line {
    case .parameter(let parameter):
      let value = value(parameter, state)
      return parameter.isWhole
        ? NumberFormat.integer(Int(value)) : NumberFormat.fixed(value, decimals: 2)
    case .unseen:
      return state.data.preview?.dataset.validation != nil
        ? "its own" : NumberFormat.percent(state.workpiece.preparation.unseenShare, decimals: 0)
    case .standardize: return state.workpiece.preparation.standardizes ? "yes" : "no"
    case .seed: return String(state.data.seed)
    }
  }

  /// Where the slider stands, 0 to 1; nil for what has none.
  private static func place(_ line: Line, _ state: AppState) -> Double? {
    switch line {
    case .parameter(let parameter):
      let axis = Axis(
        low: parameter.range.lowerBound, high: parameter.range.upperBound,
        isLogarithmic: isWide(parameter))
      return axis.place(of: value(parameter, state))
    case .unseen:
      return state.data.preview?.dataset.validation == nil
        ? state.workpiece.preparation.unseenShare / 0.9 : nil
    case .standardize, .seed: return nil
    }
  }

  private static func isWide(_ parameter: GeneratorParameter) -> Bool {
    parameter.isWhole && parameter.range.upperBound > 100 && parameter.range.lowerBound > 0
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let lines = lines(state)
    let detail: StyledText =
      state.isShownDataInUse
      ? .good("live") : .secondary(view.area.width < 27 ? "unused" : "not in use")
    let height = view.area.height - 2
    let isTall = height >= 2 * lines.count - 1 && view.area.width < 40
    let scroll = state.data.shape.scroll(
      shown: isTall ? lines.count : min(height, lines.count), count: lines.count)
    let inside = view.box(
      "Shape it", detail: detail, scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    for (index, line) in lines.dropFirst(scroll.first).prefix(scroll.shown).enumerated() {
      let isChosen = view.isFocused && state.data.shape.index == scroll.first + index
      let y = inside.y + index * (isTall ? 2 : 1)
      let row = Rect(inside.x, y, inside.width, 1)
      grid.write(
        isChosen ? .accent(line.name) : .secondary(line.name), at: row.origin,
        width: row.width)
      let value: StyledText =
        state.field?.label == line.name
        ? .strong(state.field?.text ?? "") + .accent("▏") : .text(text(line, state))
      grid.writeTrailing(value, in: row)
      guard let place = place(line, state) else { continue }
      let track =
        isTall
        ? Rect(inside.x, y + 1, inside.width, 1)
        : row.trimmed(left: 12, right: 8)
      drawSlider(place, isChosen: isChosen, in: track, on: &grid)
    }
    let used = scroll.shown * (isTall ? 2 : 1)
    if used < inside.height {
      let words = inside.trimmed(top: used + 1, bottom: 2)
      let why = StyledText.secondary(
        "Not made here: only its split and scale can be chosen.")
      if state.dataEntry?.parameters.isEmpty ?? true,
        why.wrapped(to: max(1, words.width)).count <= words.height
      {
        grid.writeWrapped(why, in: words)
      }
      grid.write(
        .hint("◀ ▶", "change")
          + (state.dataEntry?.parameters.isEmpty ?? true ? "" : "  " + .hint("r", "seed")),
        at: Point(inside.x, inside.bottom - 1), width: inside.width)
    }
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

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let lines = lines(state)
    guard !lines.isEmpty else { return nil }
    let line = lines[min(state.data.shape.index, lines.count - 1)]
    switch key {
    case .left: return change(line, by: -1, &state)
    case .right: return change(line, by: 1, &state)
    default:
      return state.data.shape.handle(key, count: lines.count, shown: lines.count) ? [] : nil
    }
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let lines = lines(state)
    let height = area.height - 2
    let isTall = height >= 2 * lines.count - 1 && area.width < 40
    let first = isTall ? 0 : state.data.shape.scroll(shown: height, count: lines.count).first
    let index = first + (point.y - area.y - 1) / (isTall ? 2 : 1)
    if lines.indices.contains(index) { state.data.shape.select(index, count: lines.count) }
    return []
  }

  /// Changes a line by a step.
  private static func change(_ line: Line, by places: Int, _ state: inout AppState) -> [Effect] {
    switch line {
    case .parameter(let parameter):
      let now = value(parameter, state)
      let next: Double
      if isWide(parameter) {
        next = places > 0 ? RoundLimits.above(now * 1.01) : RoundLimits.below(now / 1.01)
      } else {
        let span = parameter.range.upperBound - parameter.range.lowerBound
        let step = parameter.isWhole ? 1 : RoundLimits.below(span / 20)
        next = ((now / step).rounded() + Double(places)) * step
      }
      return set(parameter, next, &state)
    case .unseen:
      let share = state.workpiece.preparation.unseenShare + Double(places) * 0.05
      return setUnseen((share * 20).rounded() / 20, &state)
    case .standardize:
      state.workpiece.preparation.standardizes.toggle()
      return []
    case .seed:
      state.data.seed = places > 0 ? state.data.seed &+ 1 : max(1, state.data.seed) - 1
      return remake(&state)
    }
  }

  private static func set(
    _ parameter: GeneratorParameter, _ wanted: Double, _ state: inout AppState
  ) -> [Effect] {
    let rounded = parameter.isWhole ? wanted.rounded() : (wanted * 1000).rounded() / 1000
    let value = min(parameter.range.upperBound, max(parameter.range.lowerBound, rounded))
    state.data.settings[state.data.name, default: [:]][parameter.name] = value
    return remake(&state)
  }

  private static func setUnseen(_ share: Double, _ state: inout AppState) -> [Effect] {
    guard state.data.preview?.dataset.validation == nil else {
      state.say("this data brings its own unseen part", .warning)
      return []
    }
    state.workpiece.preparation.unseenShare = min(0.9, max(0, share))
    if let preview = state.data.preview {
      state.data.preview = DataPreview(preview, state.workpiece.preparation)
    }
    return []
  }

  /// Makes the data anew; the network learns from it when it is in use.
  static func remake(_ state: inout AppState) -> [Effect] {
    let wasInUse = state.isShownDataInUse
    state.loadData()
    if wasInUse, let dataset = state.data.preview?.dataset { state.workpiece.dataset = dataset }
    return []
  }

  /// Opens a field for the chosen line.
  @Sendable static func type(_ state: inout AppState) -> [Effect] {
    let lines = lines(state)
    guard !lines.isEmpty else { return [] }
    let line = lines[min(state.data.shape.index, lines.count - 1)]
    if line == .standardize { return change(line, by: 1, &state) }
    state.field = TextField(line.name, allows: TextField.digits) { text, state in
      take(line, text, &state)
    }
    return []
  }

  private static func take(_ line: Line, _ text: String, _ state: inout AppState) -> [Effect] {
    guard !text.isEmpty else { return [] }
    func refuse(_ right: String) -> [Effect] {
      state.say("\(line.name): \(text) does not fit; right would be \(right)", .warning)
      return []
    }
    switch line {
    case .parameter(let parameter):
      let (low, high) = (
        Axis.label(parameter.range.lowerBound), Axis.label(parameter.range.upperBound)
      )
      guard let value = Double(text), parameter.range.contains(value) else {
        return refuse("\(parameter.isWhole ? "a whole number" : "a number") from \(low) to \(high)")
      }
      return set(parameter, value, &state)
    case .unseen:
      guard let percent = Double(text), (0...90).contains(percent) else {
        return refuse("percent, from 0 to 90")
      }
      return setUnseen(percent / 100, &state)
    case .seed:
      guard let seed = UInt64(text) else { return refuse("a whole number from 0") }
      state.data.seed = seed
      return remake(&state)
    case .standardize: return []
    }
  }
}
