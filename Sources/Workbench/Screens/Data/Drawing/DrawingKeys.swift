import Datasets
import TerminalGraphics
import Training

/// What can be done while one draws.
enum DrawingKeys {
  static func bindings(_ state: AppState) -> [Binding] {
    // In another panel a key would change what one does not look at.
    let isOnSheet = state.focusedPanel == DataPart.canvas.rawValue
    let own: [Binding] =
      switch state.data.drawing {
      case .picture: isOnSheet ? picture + examples : examples
      case .points: isOnSheet ? points : []
      case nil: []
      }
    return own + [train(state), ExamplePass.inDrawing(state)] + undoing(state)
      + (isOnSheet ? moves : []) + [done]
  }

  /// Changes the drawing, keeps what was before, and asks the run again.
  static func change(
    _ state: inout AppState, keepsPast: Bool = true, _ edit: (inout Drawing) -> Void
  ) -> [Effect] {
    guard var drawing = state.data.drawing else { return [] }
    edit(&drawing)
    guard drawing != state.data.drawing else { return [] }
    if keepsPast, let before = state.data.drawing { state.data.strokes.add(before) }
    if !drawing.isSame(as: state.data.drawing) { state.data.judged = nil }
    state.data.drawing = drawing
    return [.lab(.look(state.interest))]
  }

  private static func changePicture(
    _ state: inout AppState, keepsPast: Bool = true, _ edit: (inout PictureDrawing) -> Void
  ) -> [Effect] {
    change(&state, keepsPast: keepsPast) { drawing in
      guard case .picture(var picture) = drawing else { return }
      edit(&picture)
      drawing = .picture(picture)
    }
  }

  private static func changePoints(
    _ state: inout AppState, keepsPast: Bool = true, _ edit: (inout PointsDrawing) -> Void
  ) -> [Effect] {
    change(&state, keepsPast: keepsPast) { drawing in
      guard case .points(var points) = drawing else { return }
      edit(&points)
      drawing = .points(points)
    }
  }

  // MARK: Both

  /// Strokes are taken back first; where there are none, edits are, as everywhere.
  private static func undoing(_ state: AppState) -> [Binding] {
    var all: [Binding] = []
    if !state.data.strokes.past.isEmpty {
      all.append(
        Binding([KeyStroke("u")], "undo stroke", hint: "undo", help: "take the last stroke back") {
          state in
          guard let drawing = state.data.drawing else { return [] }
          state.data.drawing = state.data.strokes.undo(drawing)
          return [.lab(.look(state.interest))]
        })
    }
    if !state.data.strokes.future.isEmpty {
      all.append(
        Binding([KeyStroke("U")], "redo stroke", help: "draw again what was taken back") { state in
          guard let drawing = state.data.drawing else { return [] }
          state.data.drawing = state.data.strokes.redo(drawing)
          return [.lab(.look(state.interest))]
        })
    }
    return all
  }

  private static func train(_ state: AppState) -> Binding {
    let isTraining = state.lab.activity == .training && state.runIsCurrent
    return Binding(
      [KeyStroke("t")], "train", hint: isTraining ? "pause" : "train",
      help: "train the network on the data in use, and pause; what it says changes as it learns",
      whyNot: { state in
        state.lab.activity == .finished && state.runIsCurrent
          ? "the run is done: r on 4 Train begins it anew, ) there trains on" : nil
      }, perform: TrainKeys.play)
  }

  private static var done: Binding {
    Binding(
      [KeyStroke(.escape), KeyStroke("d")], "stop drawing", hint: "done",
      help: "back to where you came from; the drawing is not kept"
    ) { state in
      if state.isZoomed {
        state.isZoomed = false
        return []
      }
      return state.endDrawing()
    }
  }

  private static var moves: [Binding] {
    let ways: [(Key, Character, Character, String, Int, Int)] = [
      (.up, "k", "K", "up", -1, 0), (.down, "j", "J", "down", 1, 0),
      (.left, "h", "H", "left", 0, -1), (.right, "l", "L", "right", 0, 1),
    ]
    return ways.flatMap { key, letter, capital, word, down, right in
      [
        Binding(
          [KeyStroke(key), KeyStroke(letter)], "move \(word)",
          help: "the cursor \(word); with the pen down it draws"
        ) { move(down: down, right: right, &$0) },
        Binding(
          [KeyStroke(key, .shift), KeyStroke(capital)], "shift \(word)",
          help: "shift the whole picture \(word); on a plane five steps \(word)"
        ) { shift(down: down, right: right, &$0) },
      ]
    }
  }

  private static func move(down: Int, right: Int, _ state: inout AppState) -> [Effect] {
    let step = CanvasPanel.step(state)
    return change(&state, keepsPast: false) { drawing in
      switch drawing {
      case .picture(var picture):
        picture.row = max(0, min(picture.rows - 1, picture.row + down))
        picture.column = max(0, min(picture.columns - 1, picture.column + right))
        if picture.isDown { picture.paint(picture.row, picture.column) }
        drawing = .picture(picture)
      case .points(var points):
        points.across = min(1, max(0, points.across + Double(right) * step.across))
        points.up = min(1, max(0, points.up - Double(down) * step.up))
        drawing = .points(points)
      }
    }
  }

  private static func shift(down: Int, right: Int, _ state: inout AppState) -> [Effect] {
    if case .points = state.data.drawing {
      return move(down: 5 * down, right: 5 * right, &state)
    }
    return changePicture(&state) { $0.shift(down: down, right: right) }
  }

  // MARK: Pictures

  private static var picture: [Binding] {
    [
      Binding([KeyStroke(" ")], "ink", hint: "ink", help: "put ink on the pixel") { state in
        changePicture(&state) { $0.paint($0.row, $0.column) }
      },
      Binding(
        [KeyStroke("x")], "erase", hint: "erase",
        help: "take the ink of the pixel away; with the mouse: the right button"
      ) { state in changePicture(&state) { $0.erase($0.row, $0.column) } },
      Binding([KeyStroke("p")], "pen", hint: "pen", help: "the pen down: the cursor draws; or up") {
        state in
        changePicture(&state) { picture in
          picture.isDown.toggle()
          if picture.isDown { picture.paint(picture.row, picture.column) }
        }
      },
      Binding(
        [KeyStroke("b")], "brush", hint: "brush",
        help: "a soft brush, which touches the pixels beside it, or a hard one"
      ) { state in changePicture(&state, keepsPast: false) { $0.isSoft.toggle() } },
      Binding([KeyStroke("c")], "clear", hint: "clear", help: "a clean sheet") { state in
        changePicture(&state) { $0.clear() }
      },
    ]
  }

  /// Whole examples are taken from any panel: one goes through them and looks what becomes of each.
  private static var examples: [Binding] {
    [
      Binding(
        [KeyStroke("g")], "get an example", hint: "get one",
        help: "begin with the next example of the data set"
      ) { get(by: 1, &$0) },
      Binding(
        [KeyStroke("G")], "get the one before", help: "begin with the example before"
      ) { get(by: -1, &$0) },
    ]
  }

  private static func get(by places: Int, _ state: inout AppState) -> [Effect] {
    guard let dataset = state.data.preview?.dataset, dataset.count > 0 else { return [] }
    return changePicture(&state) { picture in
      let next = picture.example.map { $0 + places } ?? (places > 0 ? 0 : -1)
      let row = (next % dataset.count + dataset.count) % dataset.count
      picture.take(dataset.example(row), example: row)
    }
  }

  // MARK: Points

  @Sendable private static func needsClasses(_ state: AppState) -> String? {
    guard case .points(let points) = state.data.drawing, points.points == nil else { return nil }
    return "its targets are numbers: points have classes; the cursor still asks the run"
  }

  private static var points: [Binding] {
    [
      Binding(
        [KeyStroke(" ")], "add", hint: "add", help: "a point of the chosen class at the cursor",
        whyNot: needsClasses
      ) { state in changePoints(&state) { $0.add() } },
      Binding(
        [KeyStroke("x")], "remove", hint: "remove",
        help: "remove the point nearest to the cursor; with the mouse: the right button",
        whyNot: needsClasses
      ) { state in
        let effects = changePoints(&state) { _ = $0.removeNearest() }
        if effects.isEmpty { state.say("no point is near the cursor") }
        return effects
      },
      Binding(
        [KeyStroke("a")], "next class", hint: "class", help: "the class of the next points",
        whyNot: needsClasses
      ) { state in
        changePoints(&state, keepsPast: false) {
          $0.group = ($0.group + 1) % max(1, $0.classes.count)
        }
      },
      Binding(
        [KeyStroke("+")], "one class more", help: "one class more, up to six",
        whyNot: needsClasses
      ) { changeClasses(by: 1, &$0) },
      Binding(
        [KeyStroke("-")], "one class fewer", help: "one class fewer, if it has no points",
        whyNot: needsClasses
      ) { changeClasses(by: -1, &$0) },
      Binding(
        [KeyStroke("c")], "clear", hint: "clear", help: "remove all points",
        whyNot: needsClasses
      ) { state in changePoints(&state) { $0.clear() } },
      Binding(
        [KeyStroke(.enter)], "keep", hint: "keep, use",
        help: "keep the points as a data set under a name, and learn from it",
        whyNot: needsClasses
      ) { state in
        state.field = TextField("keep the points as", text: "drawn") { name, state in
          keep(as: name, &state)
        }
        return []
      },
    ]
  }

  private static func changeClasses(by count: Int, _ state: inout AppState) -> [Effect] {
    var isDone = false
    let effects = changePoints(&state) { isDone = $0.changeClasses(by: count) }
    if !isDone {
      state.say(
        count > 0 ? "six classes are the most" : "the last class has points, or two are left",
        .warning)
    }
    return effects
  }

  private static func keep(as name: String, _ state: inout AppState) -> [Effect] {
    guard case .points(let drawing) = state.data.drawing, let points = drawing.points else {
      return []
    }
    guard DatasetStore.isName(name), !DatasetLibrary().contains(name) else {
      state.say(
        DatasetStore.isName(name)
          ? "\(name) comes along with the lab; right would be a name of your own"
          : "“\(name)” is no name; right would be letters, digits, - and _", .warning)
      return []
    }
    do {
      let dataset = try points.dataset(named: name)
      state.data.opened.removeAll { $0.name == name }
      state.data.opened.append(dataset)
      state.data.specifications[name] = nil
      let shown = state.data.drawing
      state.showData(named: name)
      let used = state.useShownData()
      state.data.drawing = shown
      state.data.list.select(
        state.listedData.firstIndex { $0.name == name } ?? 0, count: state.listedData.count)
      return used + [.keepData(dataset, name: name)]
    } catch {
      state.say("\(error)", .warning)
      return []
    }
  }
}
