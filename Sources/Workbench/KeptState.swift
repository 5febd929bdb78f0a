import Datasets
import Lessons
import TerminalGraphics
import Training

/// Where one was in the lab: screen, choices, what was being drawn and typed, as a small value for
/// the next start. The network and data are kept beside it, the run's moment by whoever runs it.
///
/// What an older or newer lab wrote is taken as far as it is understood: each part that is missing
/// or of another form leaves that part as it is at a first start.
package struct KeptState: Hashable, Sendable, Codable {
  /// The form of what follows; a larger number is read as far as it goes.
  package static let currentVersion = 1

  package private(set) var version = Self.currentVersion
  private var place: Place?
  private var train: Train?
  private var build: Build?
  private var step: Step?
  private var data: Data?
  private var learn: Learn?
  private var runs: RunsChoice?
  /// What was being typed, when one was.
  package private(set) var typing: Typing?
  private var commands: [String]?

  package init(of state: AppState) {
    place = Place(state)
    train = Train(state.train)
    build = Build(line: state.build.line, field: state.build.field)
    step = Step(state.step)
    data = Data(state)
    learn = Learn(
      lesson: state.learn.open, scroll: state.learn.scroll, choice: state.learn.choice.index,
      left: state.isRunWaiting ? state.learn.left?.screen.rawValue : nil,
      isLeftOfWorkpiece: state.learn.left?.isOfWorkpiece)
    runs = RunsChoice(of: state.runs)
    typing = Typing(state)
    commands = Array(state.commandHistory.prefix(50))
  }

  /// Says that it is being typed again.
  package mutating func forgetTyping() { typing = nil }

  package init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    version = (try? parts.decode(Int.self, forKey: .version)) ?? 0
    place = try? parts.decode(Place.self, forKey: .place)
    train = try? parts.decode(Train.self, forKey: .train)
    build = try? parts.decode(Build.self, forKey: .build)
    step = try? parts.decode(Step.self, forKey: .step)
    data = try? parts.decode(Data.self, forKey: .data)
    learn = try? parts.decode(Learn.self, forKey: .learn)
    runs = try? parts.decode(RunsChoice.self, forKey: .runs)
    typing = try? parts.decode(Typing.self, forKey: .typing)
    commands = try? parts.decode([String].self, forKey: .commands)
  }

  // MARK: Its parts

  private struct Place: Hashable, Codable {
    var screen: String
    var focus: [String: String]
    var isZoomed: Bool

    init(_ state: AppState) {
      screen = (state.tour == nil ? state.screen : .home).rawValue
      focus = Dictionary(uniqueKeysWithValues: state.focus.map { ($0.key.rawValue, $0.value) })
      isZoomed = state.isZoomed
    }
  }

  private struct Train: Hashable, Codable {
    var quantity: String
    var probe: Int
    var isLogarithmic: Bool
    var setting: Int

    init(_ state: TrainState) {
      quantity = state.layers.look.words
      probe = state.probe
      isLogarithmic = state.curves.isLogarithmic
      setting = state.setting.index
    }
  }

  private struct Build: Hashable, Codable {
    var line: Int
    var field: Int
  }

  private struct Step: Hashable, Codable {
    var result: Int
    var cell: Int?
    var example: Int?
    var unit: Int?
    var watches: [String]?

    init(_ state: StepState) {
      result = state.interest.result
      cell = state.interest.cell
      example = state.interest.example
      unit = state.interest.unit
      watches = state.interest.watches
    }
  }

  private struct Data: Hashable, Codable {
    /// The data set shown.
    var name: String
    /// What is done to each, as text.
    var specifications: [String: String]
    /// Files and drawn sets in the list that no folder of the lab has.
    var opened: [String]
    var view: String
    var shape: Int
    var drawsFor: String?
    var drawing: KeptDrawing?

    init(_ state: AppState) {
      let data = state.data
      name = data.name
      specifications = data.specifications.mapValues(\.description)
      opened = data.opened.map(\.name)
      view = data.view.rawValue
      shape = data.shape.index
      drawsFor = data.drawsFor?.rawValue
      drawing = data.drawing.map(KeptDrawing.init)
    }
  }

  private struct Learn: Hashable, Codable {
    var lesson: String?
    var scroll: Int
    var choice: Int
    /// The screen of one's own run that waits behind the lesson's, and whether that is the run of what
    /// one works on.
    var left: String?
    var isLeftOfWorkpiece: Bool?
  }

  /// A field or a `:` line that was being typed into. A search is none: what one looked for does not
  /// outlive the screen, and would take the first keys of the next start.
  package struct Typing: Hashable, Sendable, Codable {
    fileprivate enum Into: String, Hashable, Codable { case field, commands }

    fileprivate var into: Into
    fileprivate var label: String
    fileprivate var text: String

    fileprivate init?(_ state: AppState) {
      if let field = state.field {
        (into, label, text) = (.field, field.label, field.text)
        return
      }
      switch state.overlay {
      case .palette(let palette): (into, label, text) = (.commands, "", palette.text)
      default: return nil
      }
    }
  }
}

/// A drawing as it is kept: its ink or its points.
private struct KeptDrawing: Hashable, Codable {
  private struct Point: Hashable, Codable {
    var x: Float
    var y: Float
    var group: Int
  }

  private struct Plane: Hashable, Codable {
    var points: [Point]
    var classes: [String]
    var across: Double
    var up: Double
    var group: Int
  }

  private struct Sheet: Hashable, Codable {
    var rows: Int
    var columns: Int
    var ink: [Float]
    var row: Int
    var column: Int
    var isSoft: Bool
    var isDown: Bool
    var example: Int?
  }

  private var sheet: Sheet?
  private var plane: Plane?

  init(_ drawing: Drawing) {
    switch drawing {
    case .picture(let picture):
      sheet = Sheet(
        rows: picture.rows, columns: picture.columns, ink: picture.ink, row: picture.row,
        column: picture.column, isSoft: picture.isSoft, isDown: picture.isDown,
        example: picture.example)
    case .points(let drawn):
      plane = Plane(
        points: (drawn.points?.points ?? []).map { Point(x: $0.x, y: $0.y, group: $0.group) },
        classes: drawn.classes, across: drawn.across, up: drawn.up, group: drawn.group)
    }
  }

  /// The drawing over an empty one of the same data; nil when it is of another form.
  func restored(over empty: Drawing) -> Drawing? {
    switch empty {
    case .picture(var picture):
      guard let sheet, sheet.rows == picture.rows, sheet.columns == picture.columns,
        sheet.ink.count == picture.ink.count
      else { return nil }
      picture.ink = sheet.ink.map { $0.isFinite ? min(1, max(0, $0)) : 0 }
      picture.row = max(0, min(picture.rows - 1, sheet.row))
      picture.column = max(0, min(picture.columns - 1, sheet.column))
      (picture.isSoft, picture.isDown) = (sheet.isSoft, sheet.isDown)
      picture.example = sheet.example
      return .picture(picture)
    case .points(var points):
      guard let plane else { return nil }
      points.across = min(1, max(0, plane.across))
      points.up = min(1, max(0, plane.up))
      if points.points != nil, (2...6).contains(plane.classes.count),
        Set(plane.classes).count == plane.classes.count
      {
        var drawn = DrawnPoints(classes: plane.classes)
        for point in plane.points { drawn.add(x: point.x, y: point.y, group: point.group) }
        points.points = drawn
        points.group = max(0, min(plane.classes.count - 1, plane.group))
      }
      return .points(points)
    }
  }
}

// MARK: - At the next start

extension KeptState {
  /// Brings the lab back to where one was, but for what is being typed: that waits for the run.
  ///
  /// - Returns: what is to be done outside.
  package func restore(in state: inout AppState) -> [Effect] {
    state.commandHistory = commands ?? []
    restoreChoices(&state)
    runs?.restore(in: &state.runs)
    restoreData(&state)
    let screen = place.flatMap { ScreenName(rawValue: $0.screen) } ?? .home
    var effects: [Effect] = []
    if let name = learn?.lesson, state.learn.lessons.contains(where: { $0.name == name }) {
      // Its page makes its run anew, if it was the run at hand.
      state.learn.open = name
      state.learn.scroll = max(0, learn?.scroll ?? 0)
      state.learn.choice = ListSelection(index: learn?.choice ?? 0)
      state.learn.left = learn?.left.flatMap(ScreenName.init(rawValue:)).map {
        ($0, learn?.isLeftOfWorkpiece ?? false)
      }
    }
    effects += state.go(to: screen)
    effects += restoreDrawing(&state)
    if let place {
      for (name, panel) in place.focus {
        if let name = ScreenName(rawValue: name) { state.focus[name] = panel }
      }
      state.isZoomed = place.isZoomed
    }
    return effects + [.lab(.look(state.interest))]
  }

  private func restoreChoices(_ state: inout AppState) {
    if let train {
      state.train.layers.look =
        LayersLook.allCases.first { $0.words == train.quantity } ?? state.train.layers.look
      state.train.probe = max(0, train.probe)
      state.train.curves.isLogarithmic = train.isLogarithmic
      state.train.setting = ListSelection(index: train.setting)
    }
    if let build {
      state.choose(line: build.line)
      state.build.field = max(0, build.field)
    }
    // Whatever run comes, one watches the same.
    if let watches = step?.watches { state.step.interest.watches = watches }
  }

  /// What was opened in Step; a new run forgets it, so that it is brought back after that.
  package func restoreStep(in state: inout AppState) {
    guard let step else { return }
    state.step.interest.result = max(0, step.result)
    state.step.interest.cell = step.cell.map { max(0, $0) }
    state.step.interest.example = step.example.map { max(0, $0) }
    state.step.interest.unit = step.unit.map { max(0, $0) }
  }

  private func restoreData(_ state: inout AppState) {
    guard let data else { return }
    for (name, text) in data.specifications {
      state.data.specifications[name] = try? DataSpecification(parsing: text)
    }
    if !data.opened.isEmpty {
      let inUse = state.workpiece.dataset
      state.data.opened = data.opened.compactMap { name in
        name == inUse.name ? inUse : try? state.library.open(name)
      }
    }
    state.data.view = DataView(rawValue: data.view) ?? state.data.view
  }

  private func restoreDrawing(_ state: inout AppState) -> [Effect] {
    guard let data else { return [] }
    if state.screen == .data || data.drawing != nil, !data.name.isEmpty,
      data.name != state.data.name
    {
      state.showData(named: data.name)
    }
    state.data.shape = ListSelection(index: data.shape)
    guard let kept = data.drawing, state.screen == .data else { return [] }
    let effects = state.draw(from: nil)
    if let empty = state.data.drawing { state.data.drawing = kept.restored(over: empty) ?? empty }
    state.data.drawsFor = data.drawsFor.flatMap(ScreenName.init(rawValue:))
    return effects
  }
}

extension AppState {
  /// What one works on: while the tour plays, or a lesson's network is on the table, what one worked
  /// on before.
  package var ownWorkpiece: Workpiece { tour?.earlier ?? learn.own ?? workpiece }

  /// Opens again what was being typed into. A field is found by trying on a copy what can be done
  /// here, for what it does with its text cannot be kept.
  ///
  /// - Returns: whether it could be opened.
  package mutating func take(_ typing: KeptState.Typing) -> Bool {
    guard field == nil, overlay == nil, tour == nil else { return false }
    switch typing.into {
    case .commands:
      var palette = PaletteState()
      palette.text = typing.text
      overlay = .palette(palette)
    case .field:
      guard var opened = reopened(typing.label) else { return false }
      opened.text = typing.text
      field = opened
    }
    return true
  }

  private func reopened(_ label: String) -> TextField? {
    let enter = KeyStroke(.enter)
    let byEnter = bindings.first { $0.keys.contains(enter) }
    for binding in [byEnter].compactMap(\.self) + bindings where binding.whyNot(self) == nil {
      var copy = self
      _ = binding.perform(&copy)
      if let field = copy.field, field.label == label { return field }
    }
    var copy = self
    _ = current.handle(enter, &copy)
    return copy.field?.label == label ? copy.field : nil
  }
}
