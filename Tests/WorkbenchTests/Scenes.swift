import Datasets
import KerasCode
import Lessons
import NeuralNets
import TerminalGraphics
import Testing
import Training
import Workbench

/// A moment of the lab that pictures are taken of. One line in `all` adds one: it is then drawn at
/// every size, with every tier of colors and characters, and compared with how it was.
struct Scene: CustomTestStringConvertible, Sendable {
  let name: String
  let make: @Sendable () throws -> AppState

  init(_ name: String, _ make: @escaping @Sendable () throws -> AppState) {
    self.name = name
    self.make = make
  }

  var testDescription: String { name }

  static let all: [Scene] =
    home + learn + build + train + step + data + kept + over + whatIf + sabotage
    + ViewCase.scenes
}

// MARK: Home and Learn

extension Scene {
  private static let runs: [RunSummary] = (1...7).reversed().map { number in
    let losses: [Float] = (0..<12).map { 1 / Float($0 * number + 1) }
    let age = 120 * Double(number * number * number)
    return RunSummary(
      number: number, data: number % 2 == 0 ? "digits" : "spiral", model: "2-16-16-2 tanh",
      losses: losses, validationAccuracy: 0.975, steps: 300, totalSteps: 900, ageSeconds: age)
  }

  private static let titles = ["One neuron", "Activations", "Backward, step by step"]

  private static let course: [LessonSummary] = (1...30).map { number in
    let isBegun = number <= 5
    return LessonSummary(
      id: "lesson-\(number)", number: number, title: titles[number % 3], minutes: 10, pages: 8,
      pagesDone: number < 5 ? 8 : isBegun ? 3 : 0, page: isBegun ? 3 : nil, isDone: number < 5)
  }

  private static func returning(lessons: [LessonSummary]) throws -> AppState {
    var pilot = try LabPilot("spiral", hidden: [16, 16], epochs: 20, screen: .train)
    pilot.press(" ")
    pilot.train(100)
    pilot.run(
      pilot.state.receive(
        .home(HomeContents(runs: runs, lessons: lessons, isRecording: true, processors: 2))))
    pilot.press("1")
    return pilot.state
  }

  /// The lab with the lessons that come along.
  private static func lessons() throws -> TestLab {
    var lab = try TestLab()
    lab.state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])
    lab.tell(.home(HomeContents()))
    return lab
  }

  static let home = [
    Scene("home-newcomer") { try lessons().state },
    Scene("home-returning") { try returning(lessons: course) },
    Scene("home-few-lessons") { try returning(lessons: Array(course.prefix(1))) },
    Scene("tour") {
      var lab = try lessons()
      lab.press(.enter)
      return lab.state
    },
  ]

  static let learn = [
    Scene("learn-course") {
      var lab = try lessons()
      lab.type("2")
      return lab.state
    },
    Scene("learn-page") {
      var lab = try lessons()
      lab.type("l")
      return lab.state
    },
    Scene("learn-network") { try opened(LessonPages.reading).state },
    Scene("learn-asked") { try asked().state },
    Scene("learn-typing") {
      var rig = try asked()
      rig.press(.enter)
      rig.type("0.3")
      return rig.state
    },
    Scene("learn-wrong") {
      var rig = try asked()
      rig.answer("7")
      rig.answer("8")
      rig.type("h")
      return rig.state
    },
    Scene("learn-opened-number") {
      var rig = try asked()
      rig.answer("7")
      rig.answer("8")
      rig.type("5")
      rig.state.hideMessages()
      return rig.state
    },
    Scene("learn-right") {
      var rig = try asked()
      rig.answer(try rig.truth("dense/kernel.grad[0,0]"))
      return rig.state
    },
    Scene("learn-choice") { try opened(LessonPages.choice).state },
    Scene("learn-lit") {
      var rig = try opened(LessonPages.choice)
      rig.type("4")
      return rig.state
    },
    Scene("learn-exercise") { try opened(LessonPages.exercise).state },
    Scene("learn-exercise-done") {
      var rig = try opened(LessonPages.exercise)
      rig.train(30)
      rig.type("h")
      rig.state.hideMessages()
      return rig.state
    },
    Scene("learn-sandbox") {
      var rig = try opened(LessonPages.exercise)
      rig.type("S2")
      rig.state.hideMessages()
      return rig.state
    },
    Scene("learn-word") {
      var rig = try asked()
      rig.press(.tab, .right, .enter)
      return rig.state
    },
    Scene("learn-skipped") {
      var rig = try opened(LessonPages.ask, LessonPages.choice, LessonPages.exercise)
      rig.type("s")
      rig.press(.pageDown, .pageDown)
      rig.state.hideMessages()
      return rig.state
    },
    Scene("learn-search") {
      var rig = try opened(LessonPages.ask, LessonPages.choice)
      rig.type("L/sign")
      return rig.state
    },
  ]

  /// A lesson of these pages, at its first one.
  private static func opened(_ pages: String...) throws -> LessonRig {
    let lesson = try LessonRig.lesson(pages.joined(separator: "\n\n---\n\n"))
    var rig = try LessonRig([lesson])
    rig.type("l")
    rig.state.hideMessages()
    return rig
  }

  private static func asked() throws -> LessonRig { try opened(LessonPages.ask) }
}

// MARK: Build

extension Scene {
  private static func model(_ code: String) throws -> ModelDescription {
    try ModelFile.read(code, file: "scene.py").description
  }

  private static let compiled = """

    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    """

  private static let masks = """
    import keras
    from keras import layers
    model = keras.Sequential([
        keras.Input(shape=(32, 32, 1)),
        layers.Conv2D(6, 5, padding="same", activation="relu"),
        layers.Conv2D(1, 3, padding="same", activation="sigmoid"),
    ])
    model.compile(optimizer=keras.optimizers.Adam(0.05), loss="binary_crossentropy")
    """

  private static let convolution = """
    import keras
    from keras import layers
    model = keras.Sequential([
        keras.Input(shape=(8, 8, 1)),
        layers.Conv2D(8, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(10, activation="softmax"),
    ])
    """

  private static let branches = """
    import keras
    from keras import layers
    inputs = keras.Input(shape=(64,))
    left = layers.Dense(32, activation="relu")(inputs)
    right = layers.Dense(32, activation="tanh")(inputs)
    both = layers.Add()([left, right])
    outputs = layers.Dense(10, activation="softmax")(both)
    model = keras.Model(inputs, outputs)
    """

  static let build = [
    Scene("build-plane") { try LabPilot("spiral", hidden: [16, 16], screen: .build).state },
    Scene("build-digits") { try LabPilot("digits", hidden: [64, 32], screen: .build).state },
    Scene("build-convolution") {
      var pilot = try LabPilot("digits", screen: .build)
      pilot.state.workpiece.model = try model(convolution + compiled)
      pilot.press(.down)
      return pilot.state
    },
    Scene("build-misfit") {
      var pilot = try LabPilot("digits", screen: .build)
      var misfit = try model(convolution + compiled)
      misfit.layers[1] = .known("MaxPooling2D", [("pool_size", .integer(9))])
      pilot.state.workpiece.model = misfit
      pilot.press(.down)
      return pilot.state
    },
    Scene("build-branches") {
      var pilot = try LabPilot("digits", screen: .build)
      pilot.state.workpiece.model = try model(branches + compiled)
      return pilot.state
    },
    Scene("build-branches-trained") {
      var pilot = try LabPilot("digits", screen: .build)
      pilot.state.workpiece.model = try model(branches + compiled)
      pilot.press("t")
      pilot.train(20)
      pilot.press(" 3")
      pilot.press(.tab)
      pilot.press(.tab)
      return pilot.state
    },
  ]
}

// MARK: Train and Step

extension Scene {
  private static func trained(
    _ data: String, hidden: [Int], steps: Int, epochs: Int = 20
  ) throws -> AppState {
    var pilot = try LabPilot(data, hidden: hidden, epochs: epochs)
    pilot.press(" ")
    pilot.train(steps)
    pilot.press(" ")
    return pilot.state
  }

  static let train = [
    Scene("train-empty") { try LabPilot("spiral", hidden: [16, 16]).state },
    Scene("train-plane") { try trained("spiral", hidden: [16, 16], steps: 120) },
    Scene("train-digits") { try trained("digits", hidden: [64, 32], steps: 100) },
    Scene("train-numbers") { try trained("diabetes", hidden: [16], steps: 60) },
    Scene("train-convolution") {
      var pilot = try LabPilot("digits", screen: .train)
      pilot.state.workpiece.model = try model(convolution + compiled)
      pilot.press(" ")
      pilot.train(20)
      pilot.press(" ")
      return pilot.state
    },
    Scene("train-masks") {
      var pilot = try LabPilot("phantom-scans:examples=40", screen: .train)
      pilot.state.workpiece.model = try model(masks)
      pilot.press(" ")
      pilot.train(30)
      pilot.press(" ")
      return pilot.state
    },
  ]

  private static func stepping(_ rig: StepRig, _ keys: String) -> AppState {
    var rig = rig
    rig.press(keys)
    return rig.state
  }

  static let step = [
    Scene("step-no-run") {
      var pilot = try LabPilot("digits", screen: .build)
      var misfit = try model(convolution + compiled)
      misfit.layers[1] = .known("MaxPooling2D", [("pool_size", .integer(9))])
      pilot.state.workpiece.model = misfit
      pilot.press("5")
      return pilot.state
    },
    Scene("step-start") { stepping(.toy(), "") },
    Scene("step-forward") { stepping(.toy(), "..") },
    Scene("step-loss") { stepping(.toy(), "l.") },
    Scene("step-backward") { stepping(.toy(), "b...") },
    Scene("step-update") { stepping(.toy(), "o.") },
    Scene("step-digits-backward") { stepping(try .digits(), "b......") },
    Scene("step-digits-update") { stepping(try .digits(), "o...") },
    Scene("step-memory") { stepping(.memory(), ")))..") },
  ]
}

// MARK: Runs

extension Scene {
  private static func comparing(
    _ keys: String, _ runs: [RunSummary] = KeptRuns.all()
  ) throws -> AppState {
    var rig = try RunsRig(runs)
    rig.press(keys)
    rig.state.now += 20
    return rig.state
  }

  static let kept = [
    Scene("runs-empty") { try comparing("", []) },
    Scene("runs-one") { try comparing("j") },
    Scene("runs-compared") { try comparing("S j j ") },
    Scene("runs-baseline") { try comparing("j jj b") },
    Scene("runs-many") { try comparing(" jj j j", KeptRuns.all(60)) },
  ]
}

// MARK: Data, and what lies over a screen

extension Scene {
  private static func data(_ name: String, _ keys: String = "") throws -> AppState {
    var pilot = try LabPilot(name, hidden: [12], screen: .data)
    pilot.press(keys)
    return pilot.state
  }

  static let data = [
    Scene("data-points") { try data("spiral") },
    Scene("data-pictures") { try data("digits") },
    Scene("data-numbers") { try data("diabetes") },
    Scene("data-tokens") { try data("recall:examples=60") },
    Scene("data-columns") { try data("iris", "v") },
    Scene("draw-digit") { try data("digits", "dg") },
    Scene("draw-points") { try data("spiral", "d") },
  ]

  private static func over(_ keys: String) throws -> AppState {
    var pilot = try LabPilot("spiral", hidden: [16, 16], epochs: 20)
    pilot.press(" ")
    pilot.train(60)
    pilot.press(" " + keys)
    return pilot.state
  }

  static let over = [
    Scene("help") { try over("?") },
    Scene("palette") { try over(":") },
    Scene("palette-search") { try over(":pa") },
    Scene("field") { try over("w") },
    Scene("toast") {
      var state = try over("")
      state.say("the run is over: all 200 steps are done")
      return state
    },
    Scene("menu") {
      var lab = try TestLab()
      lab.type("n")
      return lab.state
    },
  ]
}
