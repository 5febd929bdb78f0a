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

@Suite("The record of the lab's runs")
struct RecorderTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "recorder-\(UUID().uuidString)")
  private let library = DatasetLibrary()

  private func settings(epochs: Int = 2) throws -> RunSettings {
    let model = ModelDescription.perceptron(inputShape: [4], hidden: [8], classes: 3)
    return try Workpiece(
      model: model, dataset: library.load("iris"), epochs: epochs, batchSize: 16
    ).settings()
  }

  @Test("a run is kept from its first step to its end, with its weights")
  func keeps() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(try settings()))
    recorder.look(at: lab)
    #expect(try store.runs().isEmpty)
    lab.handle(.play)
    while lab.train(steps: 3) > 0 { recorder.look(at: lab) }
    recorder.end(lab)
    let run = try #require(try store.runs().first)
    #expect(run.outcome.status == .finished)
    #expect(run.outcome.steps == lab.session?.history.steps.count)
    #expect(run.hasWeights)
    let losses = try store.metrics(of: run.number, series: "loss").map { Float($0.value) }
    #expect(losses == lab.session?.history.steps.map(\.loss))
  }

  @Test("another learning rate is another future: what came after goes, the change is kept")
  func changes() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(try settings()))
    lab.handle(.move(8, .step))
    recorder.look(at: lab)
    lab.handle(.go(Position(step: 5)))
    recorder.look(at: lab)
    lab.handle(.learningRate(0.05))
    recorder.look(at: lab)
    lab.handle(.move(6, .step))
    recorder.end(lab)
    let run = try #require(try store.runs().first)
    #expect(try store.changes(of: run.number).map(\.step) == [5])
    let losses = try store.metrics(of: run.number, series: "loss").map { Float($0.value) }
    #expect(losses == lab.session?.history.steps.map(\.loss))
    #expect(losses.count == 11)
  }

  /// A run of six steps that goes on with other batches, and what records it.
  private func changedRun(
    words: String, _ change: (inout RunSettings) -> Void = { _ in }
  ) throws -> (store: RunStore, record: Record, recorder: RunRecorder, lab: Lab, now: RunSettings) {
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    let recorder = RunRecorder(record: record)
    let lab = Lab()
    var settings = try settings()
    lab.handle(.open(settings))
    lab.handle(.move(6, .step))
    recorder.look(at: lab)
    settings.batchSize = 24
    change(&settings)
    lab.handle(.change(settings, words: words))
    return (store, record, recorder, lab, settings)
  }

  @Test("a run whose settings were changed is written on only where something is new")
  func writesOnce() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let (store, record, recorder, lab, other) = try changedRun(words: "batch size 24")
    recorder.look(at: lab)
    record.flush()
    var listed = ListedRuns()
    _ = try listed.read(store)
    for _ in 0..<20 { recorder.look(at: lab) }
    record.flush()
    #expect(try !listed.isOutdated(store))
    let note = SettingsNote(other, words: "batch size 24").json
    for _ in 0..<20 { #expect(SettingsNote(other, words: "batch size 24").json == note) }
  }

  @Test("a run that went on under other settings is opened again as it was left")
  func goingOn() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let (store, _, recorder, lab, _) = try changedRun(words: "optimizer SGD") {
      $0.model.compilation?.optimizer = .known("SGD", [("momentum", .number(0.5))])
    }
    lab.handle(.move(5, .step))
    recorder.end(lab)
    let run = try #require(try store.runs().first)
    let again = Lab()
    try KeptRun(run.number, store, library).open(in: again)
    #expect(again.session?.digest == lab.session?.digest)
    #expect(again.session?.history.steps == lab.session?.history.steps)
    #expect(again.snapshot().changes.map(\.words) == ["optimizer SGD"])
  }

  @Test("a run that another takes the place of keeps its last steps")
  func replaced() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    for _ in 0..<2 {
      recorder.prepare(for: lab)
      lab.handle(.open(try settings()))
      lab.handle(.play)
      recorder.look(at: lab)
      _ = lab.train(steps: 7)
    }
    recorder.end(lab)
    #expect(try store.runs().map(\.outcome.steps) == [7, 7])
  }

  @Test("a learning rate and a weight set by hand are set again when the run is opened")
  func replays() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    let recorder = RunRecorder(record: record)
    let lab = Lab()
    lab.handle(.open(try settings()))
    lab.handle(.move(5, .step))
    lab.handle(.learningRate(0.05))
    lab.handle(.move(3, .step))
    _ = lab.ask("set dense/kernel[1,2] = 0.25")
    lab.handle(.move(4, .step))
    recorder.end(lab)
    let digest = try #require(lab.session?.digest)
    let thread = LabThread(wake: {})
    defer { thread.stop() }
    let again = Record(store: store)
    let runner = EffectRunner(
      lab: thread, library: library, record: again, recorder: RunRecorder(record: again))
    runner.run(.openRun(number: 1))
    let found = Mutex<Digest?>(nil)
    let end = ContinuousClock.now + .seconds(20)
    while found.withLock({ $0 != digest }), ContinuousClock.now < end {
      thread.post { lab in
        found.withLock { $0 = lab.session?.digest }
        return []
      }
      Thread.sleep(forTimeInterval: 0.02)
    }
    #expect(found.withLock { $0 } == digest)
    #expect(try store.changes(of: RunNumber(1)).map(\.step) == [5, 8])
  }

  @Test("a run that another process has open is not opened")
  func open() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    lab.handle(.open(try settings()))
    lab.handle(.move(5, .step))
    recorder.end(lab)
    let other = Process()
    other.executableURL = URL(fileURLWithPath: "/bin/sleep")
    other.arguments = ["60"]
    try other.run()
    try store.own(RunNumber(1), by: try #require(RunOwner(process: other.processIdentifier)))
    #expect(try store.run(number: RunNumber(1))?.writer?.process == other.processIdentifier)
    #expect(throws: (any Error).self) { try KeptRun(RunNumber(1), store, library) }
    kill(other.processIdentifier, SIGKILL)
    other.waitUntilExit()
    #expect(try store.run(number: RunNumber(1))?.writer == nil)
    #expect(try KeptRun(RunNumber(1), store, library).steps == 5)
  }
}
