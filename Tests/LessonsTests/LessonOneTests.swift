import Lessons
import NeuralNets
import Tensors
import Testing
import Training

/// The first lesson as a student meets it, on the model its `model.py` describes.
@Suite("Lesson 1, One neuron")
struct LessonOneTests {
  let lesson: Lesson

  init() throws {
    lesson = try #require(LessonLibrary().lesson(named: "01-one-neuron"))
  }

  /// What `model.py` says, made without reading Python.
  private func program(_ source: String, _ file: String) throws -> RunSettings {
    #expect(source.contains("layers.Dense(1, activation=\"sigmoid\", bias_initializer=\"ones\")"))
    #expect(file == "01-one-neuron/model.py")
    let dense = try #require(LayerCatalog.type(named: "Dense"))
    let sgd = try #require(OptimizerCatalog.named("SGD"))
    let loss = try #require(LossCatalog.named("BinaryCrossentropy"))
    let model = ModelDescription(
      inputShape: [2],
      layers: [
        Component(
          kind: "Dense",
          arguments: try Arguments(
            dense.arguments,
            keywords: [
              ("units", .integer(1)), ("activation", .text("sigmoid")),
              ("bias_initializer", .text("ones")),
            ]))
      ],
      compilation: Compilation(
        optimizer: Component(
          kind: "SGD",
          arguments: try Arguments(
            sgd.arguments, keywords: [("learning_rate", .number(1))])),
        loss: loss.standard, metrics: ["accuracy"]))
    return RunSettings(
      model: model,
      data: TrainingData(
        name: "and",
        training: Examples(
          inputs: Tensor(shape: [4, 2], scalars: [0, 0, 0, 1, 1, 0, 1, 1]),
          targets: Tensor(shape: [4], scalars: [0, 0, 0, 1]))),
      batchSize: 4, epochs: 200, shuffles: false)
  }

  /// The run as a page's setup leaves it.
  private func session(onPage page: Int) throws -> Session {
    let opened = try #require(lesson.setupWithModel(forPage: page))
    let session = try Session(try #require(try opened.settings(for: lesson, program: program)))
    if let position = lesson.setup(forPage: page)?.position { session.go(to: position) }
    return session
  }

  private func context(_ session: Session) -> some LessonContext {
    ScopeContext(SessionScope(session))
  }

  @Test("every number on every page is known when the page opens", arguments: 0..<3)
  func numbers(page: Int) throws {
    let context = context(try session(onPage: page))
    for expression in lesson.pages[page].expressions.sorted() {
      let value = try context.value(expression)
      if case .number(let number) = value { #expect(number.isFinite, "\(expression)") }
    }
  }

  @Test("the true sum is accepted, also as added up from the numbers shown")
  func rightSum() throws {
    let context = context(try session(onPage: 1))
    let ask = try #require(lesson.asks.first)
    let truth = try context.number("dense/sum[3,0]")
    let weights = try ["dense/kernel[0,0]", "dense/kernel[1,0]", "dense/bias[0]"].map {
      (try context.number($0) * 100).rounded() / 100
    }
    let shown = (truth * 100).rounded() / 100
    #expect(AnswerCheck.judge(.typed("\(shown)"), to: ask, in: context) == .right)
    let sum = weights.map { "\($0)" }.joined(separator: " + ")
    #expect(AnswerCheck.judge(.typed(sum), to: ask, in: context) == .right)
    // The sum of what is shown, rounded as a student writes it.
    let total = (weights.reduce(0, +) * 100).rounded() / 100
    #expect(AnswerCheck.judge(.typed("\(total)"), to: ask, in: context) == .right)
    #expect(AnswerCheck.judge(.typed("\(shown + 0.02)"), to: ask, in: context) != .right)
  }

  @Test("each typical mistake gets its own words")
  func diagnoses() throws {
    let context = context(try session(onPage: 1))
    let ask = try #require(lesson.asks.first)
    #expect(ask.diagnoses.count == 7)
    for diagnosis in ask.diagnoses {
      let wrong = try context.number(diagnosis.wrongValue)
      #expect(
        AnswerCheck.judge(.typed("\(wrong)"), to: ask, in: context) == .wrong(diagnosis.words),
        "\(diagnosis.wrongValue)")
    }
  }

  @Test("what follows the prediction is shown after it")
  func reveal() throws {
    let page = lesson.pages[1]
    let ask = try #require(page.asks.first)
    let before = LessonProgress(lesson: lesson.name, page: 1)
    #expect(before.visibleBlocks(of: page).last == .ask(ask))
    let wrong = before.answering(ask, .typed("7"), .wrong([]))
    #expect(wrong.visibleBlocks(of: page).count == before.visibleBlocks(of: page).count)
    let after = wrong.answering(ask, .typed("1"), .right)
    #expect(Array(after.visibleBlocks(of: page)) == page.blocks)
  }

  @Test("the exercise fails as shipped and is done after the training its solution asks for")
  func exercise() throws {
    let session = try session(onPage: 2)
    let exercise = try #require(lesson.exercises.first)
    #expect(try context(session).holds(exercise.isDone) == false)
    #expect(lesson.commands(solving: exercise) == ["step 200 step"])
    session.move(200, by: .step)
    #expect(try context(session).holds(exercise.isDone))
  }

  @Test("weights set by hand, as the last hint says, do it without training")
  func byHand() throws {
    let setup = try #require(lesson.setup(forPage: 2))
    var settings = try #require(try setup.settings(for: lesson, program: program))
    settings.initialWeights = [
      "dense/kernel": Tensor(shape: [2, 1], scalars: [1, 1]),
      "dense/bias": Tensor(shape: [1], scalars: [-1.5]),
    ]
    let context = context(try Session(settings))
    #expect(try context.holds("train_accuracy >= 1 and steps == 0"))
  }
}
