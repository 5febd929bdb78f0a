import Autodiff
import Datasets
import Foundation
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
    recorder.end(lab)
    let left = Seen(lab)
    #expect((left.stop != nil) == (last?.contains("when") == true))
    #expect(
      left.branches.map(\.parent) == [nil, 1, 2] && left.breakpoints.map(\.hits).max() ?? 0 > 0)
    let moment = KeptMoment(lab.snapshot(), recorder, lesson: nil, isOfWorkpiece: true)
    let text = try JSONEncoder().encode(moment)

    let record = Record(store: store)
    let own = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: own)
    let runner = EffectRunner(lab: thread, library: library, record: record, recorder: own)
    runner.resume(
      try JSONDecoder().decode(KeptMoment.self, from: text), try workpiece(), lessons: [])
    let seen = try wait(runner, thread)
    #expect(seen == left)
    // What is trained on is written to the run of the branch.
    let counts = try store.runs().map(\.outcome.steps)
    thread.post(.go(Position(step: 20)))
    thread.stop(within: 30)
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
    recorder.end(lab)
    let left = Seen(lab)
    #expect(left.stop?.reasons.first?.number == 1)
    #expect(left.fault?.outcome == .proved && left.fault?.findings.count == 2)
    let moment = KeptMoment(lab.snapshot(), recorder, lesson: nil, isOfWorkpiece: true)
    let text = try JSONEncoder().encode(moment)

    let record = Record(store: store)
    let own = RunRecorder(record: record)
    let thread = LabThread(wake: {}, observer: own)
    defer { thread.stop() }
    let runner = EffectRunner(lab: thread, library: library, record: record, recorder: own)
    runner.resume(
      try JSONDecoder().decode(KeptMoment.self, from: text), try workpiece(), lessons: [])
    thread.post { _ in [] }
    Thread.sleep(forTimeInterval: 0.2)
    #expect(try wait(runner, thread) == left)
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
