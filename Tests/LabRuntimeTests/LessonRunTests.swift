import Datasets
import Foundation
@testable import LabRuntime
import Lessons
import NeuralNets
import RunStore
import Synchronization
import Tensors
import TerminalGraphics
import Testing
import Training
import Workbench

@Suite("A lesson on the real lab")
struct LessonRunTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "lesson-\(UUID().uuidString)")

  @Test("what sets a page up is not what a student set: undo leaves it")
  func setUp() throws {
    let lesson = try #require(
      LessonLibrary().lessons.first { $0.pages.contains { $0.setup?.commands.isEmpty == false } })
    let page = try #require(lesson.pages.firstIndex { $0.setup?.commands.isEmpty == false })
    let lab = Lab()
    #expect(try LessonPages(lesson).open(page, in: lab))
    let digest = lab.session?.digest
    #expect(throws: DebuggerCommand.Failure.self) { try lab.carryOut("undo") }
    _ = try lab.carryOut("set learning_rate = 0.123")
    _ = try lab.carryOut("undo")
    #expect(lab.session?.digest == digest)
    #expect(throws: DebuggerCommand.Failure.self) { try lab.carryOut("undo") }
  }

  @Test("what is read, asked and done on a page comes from its run, and progress is kept")
  func firstLesson() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let library = DatasetLibrary()
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    let recorder = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: recorder)
    defer { thread.stop() }
    let runner = EffectRunner(
      lab: thread, library: library, record: record, recorder: recorder)
    var state = AppState(
      size: Size(120, 36), ability: .full, library: library,
      workpiece: Workpiece(
        model: .perceptron(inputShape: [2], hidden: [2], classes: 2),
        dataset: try library.load("xor")))
    state.learn = LearnState(lessons: LessonLibrary().lessons, progress: [:])

    func press(_ key: Key) { for effect in state.handle(.key(key, [])) { runner.run(effect) } }
    /// Takes news until something holds; false when it does not within a few seconds.
    func settles(_ holds: () -> Bool) -> Bool {
      for _ in 0..<2000 {
        for news in thread.takeNews() + runner.takeNews() {
          for effect in state.receive(news) { runner.run(effect) }
        }
        if holds() { return true }
        Thread.sleep(forTimeInterval: 0.01)
      }
      return false
    }
    func shows(_ text: String) -> Bool {
      settles { state.frame().text.joined(separator: "\n").contains(text) }
    }
    func type(_ text: String) { for character in text { press(.character(character)) } }

    for effect in state.receive(.home(HomeContents())) { runner.run(effect) }
    type("l")
    press(.pageDown)
    #expect(
      settles {
        (try? state.lab.readings?["dense/sum[3,0]"]?.get()) != nil
          && state.lab.position.instruction == 3
      })
    // The truth is read from the run, as the lesson reads it.
    let truth = try #require(try state.lab.readings?["dense/sum[3,0]"]?.get().number())
    press(.enter)
    type("\(-truth)")
    press(.enter)
    #expect(shows("×"))
    press(.enter)
    type(NumberFormat.fixed(truth, decimals: 2))
    press(.enter)
    #expect(shows("task 2 of 2"))
    let lesson = try #require(state.learn.lesson)
    let page = try #require(
      lesson.pages.indices.dropFirst(2).first { !lesson.pages[$0].exercises.isEmpty })
    for _ in 1..<page { press(.pageDown) }
    let exercise = lesson.pages[page].exercises[0]
    for command in lesson.commands(solving: exercise) { runner.run(.ask(command)) }
    #expect(settles { state.learn.progress[lesson.name]?.done.contains(exercise.id) == true })
    record.flush()
    let kept = try #require(try store.lessonRecords().values.first)
    #expect(kept.done.count == 2)
    #expect(kept.page == page)
    #expect(try store.runs().isEmpty)
  }

  @Test("a page that was left in the middle has its run again as it was left")
  func left() throws {
    let library = DatasetLibrary()
    let lesson = try #require(LessonLibrary().lessons.first { $0.name == "13-optimizers" })
    let before = Lab()
    _ = try LessonPages(lesson, library: library).open(0, in: before)
    let recorder = RunRecorder(record: Record(store: nil))
    recorder.leaveOut(before)
    // Another optimizer at step 0 makes the run anew; then it is trained, and set once more.
    _ = before.ask("goto start")
    _ = before.ask("set optimizer = adam")
    before.handle(.play)
    _ = before.train(steps: 3)
    before.handle(.pause())
    _ = before.ask("set learning_rate = 0.3")
    before.handle(.go(Position(step: 5)))
    recorder.look(at: before)
    let left = try #require(before.session)
    let moment = KeptMoment(
      before.snapshot(), recorder, lesson: lesson.name, isOfWorkpiece: true)
    #expect(moment.lesson == lesson.name && moment.work != nil)

    let record = Record(store: nil)
    let thread = LabThread(wake: {}, observer: RunRecorder(record: record))
    defer { thread.stop() }
    let runner = EffectRunner(
      lab: thread, library: library, record: record, recorder: RunRecorder(record: record))
    let workpiece = Workpiece(
      model: .perceptron(inputShape: [2], hidden: [2], classes: 2),
      dataset: try library.load("xor"))
    runner.resume(moment, workpiece, lessons: [lesson])
    let found = Mutex<String?>(nil)
    thread.post { lab in
      found.withLock {
        $0 = lab.session.map { "\($0.digest) \($0.position) \($0.settings.optimizerName)" }
      }
      return []
    }
    for _ in 0..<2000 where found.withLock({ $0 }) == nil { Thread.sleep(forTimeInterval: 0.01) }
    #expect(
      found.withLock { $0 } == "\(left.digest) \(left.position) \(left.settings.optimizerName)")
    #expect(left.settings.optimizerName == "Adam")
    // What was set then can be taken back, also on the screen, and no more than that.
    let news = thread.takeNews()
    let run = try #require(
      news.compactMap { if case .lessonRun(let run) = $0 { run } else { nil } }.first)
    #expect(run.takeBacks == 2)
    let rates = Mutex<[Float]>([])
    thread.post { lab in
      for _ in 0..<run.takeBacks {
        _ = lab.ask("undo")
        let session = lab.session
        rates.withLock { $0.append(session?.learningRate ?? .nan) }
      }
      found.withLock { $0 = lab.session?.settings.optimizerName }
      return []
    }
    for _ in 0..<2000 where rates.withLock({ $0.count }) < 2 { Thread.sleep(forTimeInterval: 0.01) }
    thread.post { _ in [] }
    Thread.sleep(forTimeInterval: 0.1)
    #expect(found.withLock { $0 } == "SGD" && rates.withLock { $0.first } != 0.3)
  }

  @Test("a file that a screen writes counts as an export does")
  func exports() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let record = Record(store: nil)
    let recorder = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: recorder)
    defer { thread.stop() }
    let library = DatasetLibrary()
    let runner = EffectRunner(
      lab: thread, library: library, record: record, recorder: recorder)
    let model = ModelDescription.perceptron(inputShape: [2], hidden: [2], classes: 2)
    let piece = Workpiece(model: model, dataset: try library.load("xor"))
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    func path(_ name: String) -> String { directory.appending(path: name).path }
    runner.run(.lab(.open(try piece.settings())))
    runner.run(.write(path: path("net.py"), text: "import keras\n"))
    runner.run(.saveWeights(path: path("w.safetensors")))
    for format in ["keras", "safetensors", "pytorch"] {
      runner.run(.ask("print exported(\"\(format)\")"))
    }
    var replies: [String] = []
    for _ in 0..<1000 where replies.count < 3 {
      for case .reply(_, let lines) in thread.takeNews() { replies += lines }
      Thread.sleep(forTimeInterval: 0.005)
    }
    #expect(replies.map { $0.hasSuffix("true") } == [true, true, false], "\(replies)")
  }
}

extension RunSettings {
  fileprivate var optimizerName: String { model.compilation?.optimizer.kind ?? "none" }
}
