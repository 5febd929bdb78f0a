import Datasets
import Foundation
import LabRuntime
import NeuralNets
import RunStore
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

  @Test("a run that went on under other settings is opened again as it was left")
  func goingOn() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let recorder = RunRecorder(record: Record(store: store))
    let lab = Lab()
    let first = try settings()
    lab.handle(.open(first))
    lab.handle(.move(6, .step))
    recorder.look(at: lab)
    var other = first
    other.batchSize = 24
    other.model.compilation?.optimizer = .known("SGD", [("momentum", .number(0.5))])
    lab.handle(.change(other, words: "optimizer SGD"))
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

  @Test("what was worked on is there at the next start")
  func workpiece() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let record = Record(store: store)
    var workpiece = Workpiece(
      model: .perceptron(inputShape: [2], hidden: [5], activation: "tanh", classes: 2),
      dataset: try library.load("spiral"), epochs: 7, batchSize: 9, seed: 3, fileName: "mine.py")
    workpiece.isSaved = false
    record.keep(workpiece)
    let restored = try #require(try KeptWorkpiece.restore(from: store, library))
    #expect(restored.model == workpiece.model)
    #expect(restored.dataset == workpiece.dataset)
    #expect(restored.epochs == 7 && restored.batchSize == 9 && restored.seed == 3)
    #expect(restored.fileName == "mine.py" && !restored.isSaved)
  }
}
