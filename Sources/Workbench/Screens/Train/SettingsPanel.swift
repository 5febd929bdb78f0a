import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// How it is trained: fields that the arrows change and Enter types into. All but the seed act on the
/// run at hand: it goes on from its weights.
enum SettingsPanel {
  static func rate(_ state: AppState) -> Float {
    guard state.lab.settings == nil else { return state.lab.learningRate }
    let optimizer = state.workpiece.model.compilation?.optimizer
    return optimizer.map { LearningRate($0).rate(at: 0) } ?? 0
  }

  /// How many lines of fields a panel shows: what happened and the dead units stand below.
  private static func shown(_ height: Int, _ count: Int) -> Int {
    min(count, height >= 9 ? height - 4 : height >= 6 ? height - 1 : height)
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    guard state.lab.pass == nil else { return drawLoop(view, on: &grid) }
    let fields = SettingField.all(state)
    let height = view.area.height - 2
    let scroll = state.train.setting.scroll(
      shown: shown(height, fields.count), count: fields.count)
    let inside = view.box(
      "Settings", detail: detail(view), scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    for (line, index) in (scroll.first..<scroll.first + scroll.shown).enumerated() {
      drawField(
        fields[index], view, isChosen: view.isFocused && state.train.setting.index == index,
        in: inside.row(line), on: &grid)
    }
    drawFoot(view, inside.trimmed(top: scroll.shown), on: &grid)
  }

  /// What there is to say of settings that the program has.
  private static func drawLoop(_ view: PanelView, on grid: inout CellGrid) {
    let inside = view.box("Settings", on: &grid)
    let pictured = view.lab.pass?.pictured ?? "the network"
    let words = [
      "The program's own loop made this run: rates, batches and optimizers are as it says, and a"
        + " change is made there. The pictures are of \(pictured) and the batch it met last."
        + " 3 Build has what you worked on before; Train makes a run of it once it is changed.",
      "The program's own loop made this run: rates, batches and optimizers are changed there."
        + " Pictures are of \(pictured). 3 Build has what you worked on before.",
      "The program's own loop made this run: rates and batches are changed there.",
    ].map { StyledText($0, .secondary).wrapped(to: inside.width) }
    let lines = words.first { $0.count <= inside.height } ?? words[2]
    for (place, line) in lines.prefix(inside.height).enumerated() {
      grid.write(line, at: Point(inside.x, inside.y + place), width: inside.width)
    }
  }

  private static func detail(_ view: PanelView) -> StyledText {
    let state = view.state
    let isNarrow = view.area.width < 48
    guard state.lab.settings != nil, !state.runIsCurrent else {
      return .secondary(isNarrow ? "act at once" : "act at the next step")
    }
    return isNarrow
      ? .key("r") + .warning(" new run  ") + .key("K") + .warning(" go on")
      : .key("r") + .warning(" new run, ") + .key("K") + .warning(" go on with it")
  }

  private static func drawField(
    _ field: SettingField, _ view: PanelView, isChosen: Bool, in row: Rect,
    on grid: inout CellGrid
  ) {
    let state = view.state
    let name = field.name(state)
    grid.write(
      isChosen ? .accent(name) : .secondary(name), at: row.origin, width: 14)
    let place = row.trimmed(left: min(15, row.width))
    grid.fill(place, background: isChosen ? .selection : .bar)
    if let typed = state.field, typed.label == name {
      grid.write(
        .strong(typed.text) + .accent("▏"), at: Point(place.x + 1, place.y),
        width: place.width - 2)
      return
    }
    let isLater =
      field == .seed && state.train.opened.map { $0.seed != state.workpiece.seed } ?? false
    grid.write(
      .text(field.value(state)) + (isLater ? .warning(" ▲ new run") : ""),
      at: Point(place.x + 1, place.y), width: place.width - 5)
    let signs = field.isChoice ? "  ▼" : "◀ ▶"
    grid.write(
      isChosen ? .accent(signs) : .secondary(signs), at: Point(place.right - 4, place.y))
  }

  private static func drawFoot(_ view: PanelView, _ area: Rect, on grid: inout CellGrid) {
    guard area.height >= 1 else { return }
    var health = unitWords(view, width: area.width)
    let isSick = !view.state.sickUnits.isEmpty
    let hint = StyledText("  ") + .key("x") + .secondary(" which")
    if isSick, health.width + hint.width <= area.width { health += hint }
    if !health.isEmpty {
      grid.write(health, at: Point(area.x, area.bottom - 1), width: area.width)
    }
    let rest = area.trimmed(bottom: health.isEmpty ? 0 : 1)
    guard rest.height >= 2 else { return }
    grid.rule("what happened", in: rest)
    let width = max(
      1, NumberFormat.integer(view.lab.settings?.totalSteps ?? 0).count)
    for (line, event) in Happenings.lines(view.past).prefix(rest.height - 1).enumerated() {
      let step = NumberFormat.padded(NumberFormat.integer(event.step), to: width)
      grid.write(
        Self.line(event, step, width: rest.width), at: Point(rest.x, rest.y + 1 + line),
        width: rest.width)
    }
  }

  /// What happened at a step, in as many words as a width has room for.
  private static func line(_ event: Happenings.Event, _ step: String, width: Int) -> StyledText {
    let brief =
      event.text.split(separator: ",").first.map(String.init).flatMap {
        $0 == event.text ? nil : $0
      } ?? event.text.split(separator: " ").dropLast().joined(separator: " ")
    let forms = [
      ("step \(step)  ", event.text), (step + "  ", event.text), (step + "  ", brief),
    ].map { StyledText.secondary($0) + (event.isBad ? .bad($1) : .text($1)) }
    return forms.first { $0.width <= width } ?? forms[2]
  }

  /// `96 units: 52 dead · 0 saturated`, without their number where there is no room for it.
  static func unitWords(_ view: PanelView, width: Int) -> StyledText {
    guard let health = view.lab.pictures?.health, !health.isEmpty else { return StyledText() }
    let dead = health.reduce(0) { $0 + $1.dead.count }
    let saturated = health.reduce(0) { $0 + $1.saturated.count }
    let units = health.reduce(0) { $0 + $1.unitCount }
    func count(_ number: Int, _ ink: Ink) -> StyledText {
      StyledText(String(number), number == 0 ? .text : ink, .bold)
    }
    let words =
      count(dead, .bad) + .secondary(" dead · ") + count(saturated, .warning)
      + .secondary(" saturated")
    let all = StyledText.secondary("\(units) units: ")
    return all.width + words.width <= width ? all + words : words
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let fields = SettingField.all(state)
    let field = fields[min(state.train.setting.index, fields.count - 1)]
    switch key {
    case .left: return change(field, by: -1, &state)
    case .right: return change(field, by: 1, &state)
    case .enter: return type(field, &state)
    default:
      let height =
        (state.panels.first { $0.id == TrainPart.settings.rawValue }?.area.height ?? 10) - 2
      return state.train.setting.handle(
        key, count: fields.count, shown: shown(height, fields.count)) ? [] : nil
    }
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let inside = area.inset().inset(columns: 1, rows: 0)
    let fields = SettingField.all(state)
    let scroll = state.train.setting.scroll(
      shown: shown(inside.height, fields.count), count: fields.count)
    let line = scroll.first + point.y - inside.y
    guard fields.indices.contains(line), point.y - inside.y < scroll.shown else { return [] }
    state.train.setting.select(line, count: fields.count)
    // Its signs make it less or more; where the value stands one types another.
    let value = inside.trimmed(left: min(15, inside.width))
    guard value.width > 4, point.x >= value.x, point.x < value.right else { return [] }
    let signs = value.right - 4
    guard point.x >= signs else { return type(fields[line], &state) }
    return change(fields[line], by: point.x < signs + 2 && !fields[line].isChoice ? -1 : 1, &state)
  }

  /// The next number of 1, 2, 5, 10 …, up or down.
  static func next(_ value: Double, up: Bool) -> Double {
    guard value > 0 else { return up ? 1e-5 : 0 }
    return up ? RoundLimits.above(value * 1.01) : RoundLimits.below(value / 1.01)
  }

  static func change(_ field: SettingField, by places: Int, _ state: inout AppState) -> [Effect] {
    let isUp = places > 0
    switch field {
    case .learningRate: return setRate(Float(next(Double(rate(state)), up: isUp)), &state)
    case .pace: return TrainKeys.changePace(by: places, &state)
    default: return field.step(isUp, &state) ? takeEffect(field, &state) : []
    }
  }

  /// What was changed acts on the run at hand, which goes on from its weights; a run that has learned
  /// nothing yet is simply made anew.
  static func takeEffect(_ field: SettingField, _ state: inout AppState) -> [Effect] {
    guard state.lab.settings != nil else { return [] }
    guard !state.lab.history.steps.isEmpty else { return TrainKeys.reopenIfUntouched(&state) }
    guard !field.startsAnew else { return [] }
    return TrainKeys.goOn(&state, words: "\(field.name(state)) \(field.value(state))")
  }

  static func setRate(_ rate: Float, _ state: inout AppState) -> [Effect] {
    guard state.lab.settings != nil else {
      state.say(state.whyNoRun, .warning)
      return []
    }
    let sound = max(0, min(1e6, rate))
    (state.lab.learningRate, state.lab.rateByHand) = (sound, sound)
    return [.lab(.learningRate(sound))]
  }

  private static func type(_ field: SettingField, _ state: inout AppState) -> [Effect] {
    if field == .optimizer { return chooseOptimizer(&state) }
    if field.isChoice { return change(field, by: 1, &state) }
    state.field = TextField(field.name(state), allows: TextField.digits) { text, state in
      take(field, text, &state)
    }
    return []
  }

  private static func chooseOptimizer(_ state: inout AppState) -> [Effect] {
    let all = OptimizerCatalog.all
    let now = state.workpiece.model.compilation?.optimizer.kind
    state.overlay = .menu(
      Menu(
        "Optimizer: what it remembers begins anew", all.map { ($0.kind, $0.summary) },
        selected: all.firstIndex { $0.kind == now } ?? 0
      ) { index, state in
        SettingField.choose(all[index], &state) ? takeEffect(.optimizer, &state) : []
      })
    return []
  }

  private static func take(
    _ field: SettingField, _ text: String, _ state: inout AppState
  ) -> [Effect] {
    guard !text.isEmpty else { return [] }
    let name = field.name(state)
    func refuse(_ right: String) -> [Effect] {
      state.say("\(name): \(text) does not fit; right would be \(right)", .warning)
      return []
    }
    if field == .learningRate {
      guard let rate = Float(text), rate.isFinite, (0...1e6).contains(rate) else {
        return refuse("a number from 0, as 0.01")
      }
      return setRate(rate, &state)
    }
    if field == .pace { return PaceCommand.run([text], &state) }
    guard let number = Double(text), number.isFinite else { return refuse("a number") }
    let sound = field == .unseen ? number / 100 : number
    return field.set(sound, &state) ? takeEffect(field, &state) : []
  }
}
