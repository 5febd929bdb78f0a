import Datasets
import NeuralNets
import TerminalGraphics
import Training

/// How it is trained: fields that the arrows change and Enter types into.
enum SettingsPanel {
  /// One field. The learning rate acts on the run at hand; the others make another run.
  enum Field: CaseIterable {
    case learningRate, optimizer, batchSize, epochs, seed, shuffle, unseen, standardize

    var name: String {
      switch self {
      case .learningRate: "learning rate"
      case .optimizer: "optimizer"
      case .batchSize: "batch size"
      case .epochs: "epochs"
      case .seed: "seed"
      case .shuffle: "shuffle"
      case .unseen: "unseen part"
      case .standardize: "standardize"
      }
    }

    func value(_ state: AppState) -> String {
      let piece = state.workpiece
      return switch self {
      case .learningRate: NumberFormat.compact(SettingsPanel.rate(state), digits: 3)
      case .optimizer: piece.model.compilation?.optimizer.kind ?? "none: not compiled"
      case .batchSize: NumberFormat.integer(piece.batchSize)
      case .epochs: NumberFormat.integer(piece.epochs)
      case .seed: String(piece.seed)
      case .shuffle: piece.shuffles ? "every epoch" : "never"
      case .unseen:
        piece.dataset.validation != nil
          ? "a part of its own"
          : NumberFormat.percent(piece.preparation.unseenShare, decimals: 0)
      case .standardize: piece.preparation.standardizes ? "mean 0, σ 1" : "no"
      }
    }
  }

  static func rate(_ state: AppState) -> Float {
    guard state.lab.settings == nil else { return state.lab.learningRate }
    return Float(
      state.workpiece.model.compilation?.optimizer.arguments.number("learning_rate") ?? 0)
  }

  static func draw(_ view: PanelView, on grid: inout CellGrid) {
    let state = view.state
    let isNew = state.lab.settings != nil && !state.runIsCurrent
    let detail: StyledText =
      isNew
      ? .accent("Space") + .warning(" starts the new run")
      : .secondary(view.area.width < 48 ? "rate acts at once" : "learning rate acts at once")
    let fields = Field.allCases
    let height = view.area.height - 2
    let scroll = state.train.setting.scroll(shown: min(height, fields.count), count: fields.count)
    let inside = view.box(
      "Settings", detail: detail, scroll: scroll.isNeeded ? scroll : nil, on: &grid)
    for (line, index) in (scroll.first..<scroll.first + scroll.shown).enumerated() {
      drawField(
        fields[index], view, isChosen: view.isFocused && state.train.setting.index == index,
        in: inside.row(line), on: &grid)
    }
    drawHappenings(view, inside.trimmed(top: scroll.shown), on: &grid)
  }

  private static func drawField(
    _ field: Field, _ view: PanelView, isChosen: Bool, in row: Rect, on grid: inout CellGrid
  ) {
    let state = view.state
    grid.write(
      isChosen ? .accent(field.name) : .secondary(field.name), at: row.origin, width: 14)
    let place = row.trimmed(left: min(15, row.width))
    grid.fill(place, background: isChosen ? .selection : .bar)
    if let typed = state.field, typed.label == field.name {
      grid.write(
        .strong(typed.text) + .accent("▏"), at: Point(place.x + 1, place.y),
        width: place.width - 2)
      return
    }
    let isLater = field != .learningRate && differs(field, state)
    grid.write(
      .text(field.value(state)) + (isLater ? .warning(" ▲ new run") : ""),
      at: Point(place.x + 1, place.y), width: place.width - 5)
    grid.write(
      isChosen ? .accent("◀ ▶") : .secondary("◀ ▶"), at: Point(place.right - 4, place.y))
  }

  /// Whether the run at hand was made with another value.
  private static func differs(_ field: Field, _ state: AppState) -> Bool {
    guard let opened = state.train.opened, state.lab.settings != nil else { return false }
    let piece = state.workpiece
    return switch field {
    case .learningRate: false
    case .optimizer: opened.model.compilation?.optimizer != piece.model.compilation?.optimizer
    case .batchSize: opened.batchSize != piece.batchSize
    case .epochs: opened.epochs != piece.epochs
    case .seed: opened.seed != piece.seed
    case .shuffle: opened.shuffles != piece.shuffles
    case .unseen: opened.preparation.unseenShare != piece.preparation.unseenShare
    case .standardize: opened.preparation.standardizes != piece.preparation.standardizes
    }
  }

  private static func drawHappenings(
    _ view: PanelView, _ area: Rect, on grid: inout CellGrid
  ) {
    guard area.height >= 2 else { return }
    let events = Happenings.lines(view.past)
    let isTight = area.height < 3
    if !isTight { grid.rule("what happened", in: area) }
    let width = max(
      1, NumberFormat.integer(view.lab.settings?.totalSteps ?? 0).count)
    for (line, event) in events.prefix(area.height - (isTight ? 0 : 1)).enumerated() {
      let step = NumberFormat.padded(NumberFormat.integer(event.step), to: width)
      grid.write(
        .secondary("step \(step)  ") + (event.isBad ? .bad(event.text) : .text(event.text)),
        at: Point(area.x, area.y + line + (isTight ? 0 : 1)), width: area.width)
    }
  }

  // MARK: Keys

  static func press(_ key: Key, _ state: inout AppState) -> [Effect]? {
    let fields = Field.allCases
    let field = fields[min(state.train.setting.index, fields.count - 1)]
    switch key {
    case .left: return change(field, by: -1, &state)
    case .right: return change(field, by: 1, &state)
    case .enter: return type(field, &state)
    default:
      return state.train.setting.handle(key, count: fields.count, shown: fields.count) ? [] : nil
    }
  }

  static func click(_ point: Point, _ area: Rect, _ state: inout AppState) -> [Effect] {
    let inside = area.inset().inset(columns: 1, rows: 0)
    let fields = Field.allCases
    let scroll = state.train.setting.scroll(
      shown: min(inside.height, fields.count), count: fields.count)
    let line = scroll.first + point.y - inside.y
    guard fields.indices.contains(line), point.y - inside.y < scroll.shown else { return [] }
    state.train.setting.select(line, count: fields.count)
    // The left half of the value makes it less, the right half more.
    let value = inside.trimmed(left: min(15, inside.width))
    guard value.width > 0, point.x >= value.x, point.x < value.right else { return [] }
    return change(fields[line], by: point.x < value.x + value.width / 2 ? -1 : 1, &state)
  }

  /// The next number of 1, 2, 5, 10 …, up or down.
  static func next(_ value: Double, up: Bool) -> Double {
    guard value > 0 else { return up ? 1e-5 : 0 }
    return up ? RoundLimits.above(value * 1.01) : RoundLimits.below(value / 1.01)
  }

  static func change(_ field: Field, by places: Int, _ state: inout AppState) -> [Effect] {
    let isUp = places > 0
    switch field {
    case .learningRate: return setRate(Float(next(Double(rate(state)), up: isUp)), &state)
    case .optimizer:
      let names = OptimizerCatalog.all
      guard let now = state.workpiece.model.compilation?.optimizer.kind else {
        state.say("the model is not compiled; 3 Build adds model.compile", .warning)
        return []
      }
      let here = names.firstIndex { $0.kind == now } ?? 0
      let there = names[((here + places) % names.count + names.count) % names.count]
      state.workpiece.model.compilation?.optimizer = there.standard
      state.workpiece.isSaved = false
    case .batchSize:
      let size = state.workpiece.batchSize
      state.workpiece.batchSize = max(1, min(4096, isUp ? size * 2 : size / 2))
    case .epochs:
      let epochs = Double(state.workpiece.epochs)
      state.workpiece.epochs = Int(max(1, min(10_000, next(epochs, up: isUp))))
    case .seed:
      let seed = state.workpiece.seed
      state.workpiece.seed = isUp ? seed &+ 1 : (seed == 0 ? 0 : seed - 1)
    case .shuffle: state.workpiece.shuffles.toggle()
    case .unseen:
      guard state.workpiece.dataset.validation == nil else {
        state.say("this data brings its own unseen part", .warning)
        return []
      }
      let share = state.workpiece.preparation.unseenShare + (isUp ? 0.05 : -0.05)
      state.workpiece.preparation.unseenShare = max(0, min(0.9, (share * 20).rounded() / 20))
    case .standardize: state.workpiece.preparation.standardizes.toggle()
    }
    return TrainKeys.reopenIfUntouched(&state)
  }

  static func setRate(_ rate: Float, _ state: inout AppState) -> [Effect] {
    guard state.lab.settings != nil else {
      state.say("there is no run yet: Space makes one", .warning)
      return []
    }
    let sound = max(0, min(1e6, rate))
    state.lab.learningRate = sound
    return [.lab(.learningRate(sound))]
  }

  private static func type(_ field: Field, _ state: inout AppState) -> [Effect] {
    let start: String
    switch field {
    case .learningRate: start = ""
    case .batchSize, .epochs, .seed, .unseen: start = ""
    case .optimizer, .shuffle, .standardize: return change(field, by: 1, &state)
    }
    state.field = TextField(field.name, text: start, allows: TextField.digits) { text, state in
      take(field, text, &state)
    }
    return []
  }

  private static func take(_ field: Field, _ text: String, _ state: inout AppState) -> [Effect] {
    guard !text.isEmpty else { return [] }
    func refuse(_ right: String) -> [Effect] {
      state.say("\(field.name): \(text) does not fit; right would be \(right)", .warning)
      return []
    }
    switch field {
    case .learningRate:
      guard let rate = Float(text), rate.isFinite, (0...1e6).contains(rate) else {
        return refuse("a number from 0, as 0.01")
      }
      return setRate(rate, &state)
    case .batchSize:
      guard let size = Int(text), (1...100_000).contains(size) else {
        return refuse("a whole number from 1 to 100,000")
      }
      state.workpiece.batchSize = size
    case .epochs:
      guard let epochs = Int(text), (1...100_000).contains(epochs) else {
        return refuse("a whole number from 1 to 100,000")
      }
      state.workpiece.epochs = epochs
    case .seed:
      guard let seed = UInt64(text) else { return refuse("a whole number from 0") }
      state.workpiece.seed = seed
    case .unseen:
      guard let percent = Double(text), (0...90).contains(percent) else {
        return refuse("percent, from 0 to 90")
      }
      guard state.workpiece.dataset.validation == nil else {
        state.say("this data brings its own unseen part", .warning)
        return []
      }
      state.workpiece.preparation.unseenShare = percent / 100
    case .optimizer, .shuffle, .standardize: return []
    }
    return TrainKeys.reopenIfUntouched(&state)
  }
}
