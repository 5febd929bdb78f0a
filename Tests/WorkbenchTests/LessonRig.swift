import Datasets
import KerasCode
import Lessons
import NeuralNets
import Scripts
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

/// Drives a lesson as the program does: pages get their runs, answers are judged, without threads or a
/// terminal.
struct LessonRig {
  private static let library = DatasetLibrary()
  private static let digits = Result { try library.load("digits") }

  let lab = Lab()
  var state: AppState
  /// What was asked of the world beside the lab.
  private(set) var others: [Effect] = []
  /// Whether pages get their runs only when they are delivered.
  var isSlow = false
  private var late: [(lesson: Lesson, page: Int, isAnew: Bool)] = []

  init(
    _ lessons: [Lesson], progress: [String: LessonProgress] = [:], size: Size = Size(120, 36)
  ) throws {
    state = AppState(
      size: size, ability: .full, library: Self.library,
      workpiece: Workpiece(
        model: .perceptron(inputShape: [64], hidden: [64, 32], classes: 10),
        dataset: try Self.digits.get()))
    state.learn = LearnState(lessons: lessons, progress: progress)
    run(state.start() + state.receive(.home(HomeContents(isRecording: true))))
  }

  /// A lesson made of pages, over a neuron that learns AND.
  static func lesson(_ pages: String, front: String = "") throws -> Lesson {
    try LessonParser.parse(
      LessonParser.Files(
        name: "01-a-neuron",
        lesson: """
          ---
          title: A neuron
          minutes: 10
          summary: A neuron weighs its inputs.
          glossary:
            weight: how much one input counts
            bias: a number that is added whatever the inputs are
          \(front)
          ---

          \(pages)
          """, model: neuron, solution: "# train\nstep 200 step\n"))
  }

  private static let neuron = """
    import keras
    import numpy as np
    from keras import layers
    x = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    y = np.array([0, 0, 0, 1])
    model = keras.Sequential([
        keras.Input(shape=(2,)),
        layers.Dense(1, activation="sigmoid", bias_initializer="ones"),
    ])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=1.0),
                  loss="binary_crossentropy", metrics=["accuracy"])
    model.fit(x, y, epochs=200, batch_size=4, shuffle=False)
    """

  /// The pages that were asked for get their runs.
  mutating func deliver() {
    isSlow = false
    let waiting = late
    late = []
    for page in waiting { setUp(page.lesson, page.page, isAnew: page.isAnew) }
    run(state.receive(.run(lab.snapshot())))
  }

  /// The run of a lesson's first page.
  func settings(of lesson: Lesson) throws -> RunSettings {
    let setup = try #require(lesson.setupWithModel(forPage: 0))
    let settings = try setup.settings(for: lesson) { source, file in
      try ModelLoader(library: Self.library).settings(
        try ModelFile.read(source, file: file), RunOverrides())
    }
    return try #require(settings)
  }

  /// The page's run, as it begins.
  private mutating func setUp(_ lesson: Lesson, _ page: Int, isAnew: Bool) {
    guard !isSlow else {
      late.append((lesson, page, isAnew))
      return
    }
    guard let setup = lesson.setup(forPage: page),
      let withModel = lesson.setupWithModel(forPage: page)
    else { return }
    var model: OpenedModel?
    var seed: UInt64 = 0
    if lesson.pages[page].setup?.model != nil || isAnew || lab.session == nil {
      let read = try? withModel.settings(for: lesson) { source, file in
        try ModelLoader(library: Self.library).settings(
          try ModelFile.read(source, file: file), RunOverrides())
      }
      guard let settings = read.flatMap({ $0 }) else { return }
      lab.handle(.open(settings))
      seed = settings.seed
      model = OpenedModel(
        model: settings.model, data: settings.data, epochs: settings.epochs,
        batchSize: settings.batchSize, path: "model.py", source: lesson.model ?? "")
    }
    if let position = setup.position { lab.handle(.go(position)) }
    for command in setup.commands { _ = lab.ask(command) }
    run(
      state.receive(
        .lessonRun(
          LessonRun(
            lesson: lesson.name, runNumber: lab.runNumber, model: model, seed: seed))))
  }

  mutating func run(_ effects: [Effect]) {
    for effect in effects {
      switch effect {
      case .lab(let request): lab.handle(request)
      case .ask(let command):
        let lines = lab.ask(command)
        run(state.receive(.reply(command: command, lines: lines)))
      case .setUpLesson(let lesson, let page): setUp(lesson, page, isAnew: false)
      case .resetLesson(let lesson, let page): setUp(lesson, page, isAnew: true)
      default: others.append(effect)
      }
    }
    guard !effects.isEmpty else { return }
    run(state.receive(.run(lab.snapshot())))
  }

  mutating func press(_ keys: Key...) {
    for key in keys { run(state.handle(.key(key, []))) }
  }

  mutating func type(_ text: String) {
    for character in text { press(.character(character)) }
  }

  /// Answers a question with a number.
  mutating func answer(_ text: String) {
    press(.enter)
    type(text)
    press(.enter)
  }

  mutating func train(_ steps: Int) {
    lab.handle(.play)
    _ = lab.train(steps: steps)
    lab.handle(.pause())
    run(state.receive(.run(lab.snapshot())))
  }

  /// Carries out a command as at the `:` prompt.
  mutating func command(_ text: String) {
    press(.character(":"))
    type(text)
    press(.enter)
  }

  /// What an expression is now, as one would type it.
  func truth(_ expression: String) throws -> String {
    "\(try state.lab.readings?[expression]?.get().number() ?? .nan)"
  }

  var text: String { state.frame().text.joined(separator: "\n") }
}
