import Autodiff
import Datasets
import Foundation
import KerasCode
@testable import LabRuntime
import NeuralNets
import RunStore
import Synchronization
import Tensors
import Testing
import Training
import Workbench

@Suite("A run comes back as it was left")
struct ComingBackTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "coming-back-\(UUID().uuidString)")
  private let library = DatasetLibrary()

  private func workpiece() throws -> Workpiece {
    Workpiece(
      model: .perceptron(inputShape: [4], hidden: [8], classes: 3),
      dataset: try library.load("iris"), epochs: 20, batchSize: 16)
  }

  /// What a student can see of a run.
  private struct Seen: Equatable {
    let branches: [BranchSummary]
    let standing: Standing?
    let breakpoints: [BreakpointRow]
    let digest: String
    let rate: Float
    let stop: Stop?
    let fault: FaultCase?

    init(_ lab: Lab) {
      let snapshot = lab.snapshot()
      (branches, standing) = (snapshot.branches, lab.session?.standing)
      (breakpoints, rate) = (snapshot.breakpoints, snapshot.learningRate)
      (stop, fault) = (snapshot.stop, snapshot.fault)
      digest = lab.session?.digest.description ?? ""
    }
  }

  /// Trains, and lets two branches grow, the second from the first.
  private func branch(_ lab: Lab, _ look: () -> Void) throws {
    lab.handle(.open(try workpiece().settings()))
    lab.handle(.move(24, .step))
    look()
    lab.handle(.go(Position(step: 12)))
    _ = lab.ask("set learning_rate = 0.05")
    lab.handle(.move(9, .step))
    look()
    _ = lab.ask("break if loss > 0.01")
    _ = lab.ask("watch dense/kernel[1,2]")
    _ = lab.ask("continue")
    look()
    _ = lab.ask("condition 2 epoch > 1")
    _ = lab.ask("disable 1")
    lab.handle(.go(Position(step: 15)))
    _ = lab.ask("set dense/kernel[1,2] = 0.25")
    lab.handle(.move(3, .step))
    look()
    lab.handle(.go(Position(step: 17, instruction: 4)))
  }

  private func wait(_ runner: EffectRunner, _ thread: LabThread) throws -> Seen {
    let found = Mutex<Seen?>(nil)
    let end = ContinuousClock.now + .seconds(60)
    while ContinuousClock.now < end {
      thread.post { lab in
        if lab.session != nil, runner.resuming == nil { found.withLock { $0 = Seen(lab) } }
        return []
      }
      Thread.sleep(forTimeInterval: 0.05)
      if let seen = found.withLock({ $0 }) { return seen }
    }
    return try #require(found.withLock { $0 })
  }

  /// Leaves a lab, and opens another one where it stood.
  ///
  /// - Parameters:
  ///   - own: what is worked on at the next start.
  ///   - then: what is done there before it is left too.
  private func comeBack(
    _ lab: Lab, _ recorder: RunRecorder, _ store: RunStore, own: Workpiece? = nil,
    then: (LabThread) throws -> Void = { _ in }
  ) throws -> (left: Seen, seen: Seen) {
    recorder.end(lab)
    let moment = KeptMoment(
      lab.snapshot(), recorder, lesson: nil, isOfWorkpiece: own != nil)
    let text = try JSONEncoder().encode(moment)
    let record = Record(store: store)
    let next = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: next)
    defer { thread.stop(within: 30) }
    let runner = EffectRunner(lab: thread, library: library, record: record, recorder: next)
    runner.resume(
      try JSONDecoder().decode(KeptMoment.self, from: text), try own ?? workpiece(), lessons: [])
    let seen = try wait(runner, thread)
    try then(thread)
    return (Seen(lab), seen)
  }

  @Test(
    "at the next start: every branch, the one at hand, the moment in it, the breakpoints",
    arguments: [nil, "goto step 17", "goto step 16 end", "goto when loss > 0.01"])
  func nextStart(_ last: String?) throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    try branch(lab) { recorder.prepare(for: lab) }
    if let last { _ = lab.ask(last) }
    var counts: [Int] = []
    let (left, seen) = try comeBack(lab, recorder, store, own: try workpiece()) { thread in
      // What is trained on is written to the run of the branch.
      counts = try store.runs().map(\.outcome.steps)
      thread.post(.go(Position(step: 20)))
    }
    #expect((left.stop != nil) == (last?.contains("when") == true))
    #expect(
      left.branches.map(\.parent) == [nil, 1, 2] && left.breakpoints.map(\.hits).max() ?? 0 > 0)
    #expect(seen == left)
    #expect(try store.runs().count == 3)
    #expect(counts == [18, 22, 24])
    #expect(try store.runs().map(\.outcome.steps) == [20, 22, 24])
  }

  @Test("a stop by a breakpoint, and what was suspected of a planted fault and proved")
  func stopAndFault() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(try workpiece().settings()))
    lab.handle(.move(4, .step))
    recorder.prepare(for: lab)
    let rate = try #require(Misconception.all.firstIndex { "\($0.fault)".contains("learningRate") })
    _ = lab.ask("sabotage \(rate + 1)")
    lab.handle(.move(3, .step))
    recorder.prepare(for: lab)
    _ = lab.ask("verdict setting loss")
    _ = lab.ask("verdict setting learning_rate")
    _ = lab.ask("break backward dense")
    _ = lab.ask("continue")
    let (left, seen) = try comeBack(lab, recorder, store, own: try workpiece())
    #expect(left.stop?.reasons.first?.number == 1)
    #expect(left.fault?.outcome == .proved && left.fault?.findings.count == 2)
    #expect(seen == left)
  }

  @Test("branches in which examples were dropped, one after the other and in one another")
  func dropped() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(try workpiece().settings()))
    lab.handle(.move(12, .step))
    recorder.prepare(for: lab)
    lab.handle(.go(Position(step: 4)))
    _ = lab.ask("drop 3")
    _ = lab.ask("drop 5")
    lab.handle(.move(3, .step))
    recorder.prepare(for: lab)
    lab.handle(.go(Position(step: 2)))
    _ = lab.ask("drop 1")
    lab.handle(.move(2, .step))
    let (left, seen) = try comeBack(lab, recorder, store, own: try workpiece())
    #expect(left.branches.count >= 3)
    let differences = try (1...3).map { number in
      let kept = try KeptRun(RunNumber(number), store, library)
      return kept.difference(in: try kept.session())
    }
    #expect(differences == [nil, nil, nil])
    #expect(seen == left)
  }

  @Test("a network that only its program makes, which reads a data set by its file")
  func program() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let source = """
      import keras
      import numpy as np
      from keras import layers

      class Twice(layers.Layer):
          def call(self, x):
              return 2 * x

      width = np.load("iris.npz")["x"].shape[1]
      model = keras.Sequential(
          [keras.Input((width,)), Twice(), layers.Dense(3, activation="softmax")])
      model.compile("sgd", loss="sparse_categorical_crossentropy")
      """
    let bytes = try library.open("iris").npz()
    var made = try workpiece()
    made.model = try ModelFile.read(source, file: "twice.py") { _ in bytes }.description
    (made.fileName, made.source) = ("twice.py", source)
    try KeptWorkpiece.keep(made, in: store)
    let kept = try KeptWorkpiece.restore(from: store, library, standard: try workpiece())
    #expect(kept?.workpiece.model.summary == made.model.summary)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(try made.settings()))
    lab.handle(.move(12, .step))
    // Something else is worked on by then.
    let (left, seen) = try comeBack(lab, recorder, store)
    #expect(!left.digest.isEmpty && seen == left)
  }

  @Test("from a lesson: the run that was left for it, with its branches")
  func fromLesson() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    let recorder = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: recorder)
    defer { thread.stop() }
    let runner = EffectRunner(lab: thread, library: library, record: record, recorder: recorder)
    let left = Mutex<Seen?>(nil)
    thread.post { lab in
      try? self.branch(lab) { recorder.prepare(for: lab) }
      left.withLock { $0 = Seen(lab) }
      return []
    }
    runner.run(.leaveRun(isOfWorkpiece: true))
    let other = try workpiece().settings()
    thread.post { lab in
      lab.handle(.open(other))
      recorder.leaveOut(lab)
      lab.handle(.move(3, .step))
      return []
    }
    runner.run(.takeRunBack(try workpiece()))
    thread.post { _ in [] }
    Thread.sleep(forTimeInterval: 0.2)
    #expect(try wait(runner, thread) == left.withLock { $0 })
    #expect(try store.runs().count == 3)
    // The same where the lab was left within the lesson, whose run is at hand at the next start.
    let waiting = try #require(runner.waitingRun)
    let text = try JSONEncoder().encode(waiting)
    var moment = waiting
    (moment.number, moment.lesson) = (nil, "a lesson")
    let own = RunRecorder(record: record)
    let next = LabThread(wake: {}, observer: own)
    defer { next.stop() }
    let later = EffectRunner(lab: next, library: library, record: record, recorder: own)
    later.resume(
      moment, try workpiece(), lessons: [],
      behind: try JSONDecoder().decode(KeptMoment.self, from: text))
    later.run(.takeRunBack(try workpiece()))
    next.post { _ in [] }
    Thread.sleep(forTimeInterval: 0.2)
    #expect(try wait(later, next) == left.withLock { $0 })
  }
}
