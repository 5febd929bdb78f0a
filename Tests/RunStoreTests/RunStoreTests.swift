import FileFormats
import Foundation
import RunStore
import Tensors
import Testing

/// A directory of its own, gone after the test.
final class Scratch {
  let url = FileManager.default.temporaryDirectory
    .appendingPathComponent("backstep-\(UUID().uuidString)")
  deinit {
    try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: url.path)
    try? FileManager.default.removeItem(at: url)
  }
}

let noon = Date(timeIntervalSince1970: 1_795_000_000.123_456)

func record(_ name: String? = nil, seed: UInt64 = .max) -> RunRecord {
  RunRecord(
    name: name, started: noon, modelCode: "model = Sequential()\n", modelSummary: "64-32-10 relu",
    dataName: "digits", dataFingerprint: "9f3c", batchSize: 32, epochs: 10, seed: seed,
    optimizer: "Adam", learningRate: 1e-3, parameterCount: 2410)
}

@Suite("The record of runs")
struct RunStoreTests {
  let scratch = Scratch()

  @Test("what is recorded reads back equal after opening again")
  func roundTrip() throws {
    let outcome = RunOutcome(
      status: .finished, steps: 450, loss: 0.25, accuracy: 0.975, validationLoss: nil,
      validationAccuracy: 1)
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record("first"))
    #expect(try store.run(number: number)?.outcome == RunOutcome(status: .running))
    try store.update(number, outcome, at: noon)
    let run = try #require(try RunStore(directory: scratch.url).run(number: number))
    #expect(run.number.description == "r1")
    #expect(run.record == record("first"))
    #expect(run.outcome == outcome)
    #expect(!run.hasWeights)
    #expect(abs(run.updated.timeIntervalSince(noon)) < 0.001)
  }

  @Test("a diverged run keeps its NaN and infinity, apart from what is absent")
  func diverged() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try store.update(
      number, RunOutcome(status: .stopped, steps: 3, loss: .nan, validationLoss: .infinity),
      at: noon)
    try store.append(
      [MetricPoint(series: "loss", step: 2, value: .nan)], to: number)
    let outcome = try #require(try store.run(number: number)).outcome
    #expect(outcome.loss?.isNaN == true)
    #expect(outcome.accuracy == nil)
    #expect(outcome.validationLoss == .infinity)
    #expect(try store.metrics(of: number, series: "loss").map(\.value.isNaN) == [true])
  }

  @Test("series come back in the order of steps, the last writing of a step holds")
  func metrics() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    let other = try store.begin(record())
    let loss = (0..<1000).map { MetricPoint(series: "loss", step: $0, value: 1 / Double($0 + 1)) }
    let again = MetricPoint(series: "loss", step: 7, value: 9)
    try store.append(
      loss.reversed() + [MetricPoint(series: "accuracy", step: 4, value: 1)], to: number)
    try store.append([again], to: number)
    var expected = loss
    expected[7] = again
    #expect(try store.metrics(of: number, series: "loss") == expected)
    #expect(try store.series(of: number) == ["accuracy", "loss"])
    #expect(try store.metrics(of: other, series: "loss").isEmpty)
    try store.truncate(number, toStep: 5)
    #expect(try store.metrics(of: number, series: "loss") == Array(expected[..<5]))
    #expect(throws: FileFailure.self) { try store.append(loss, to: RunNumber(99)) }
  }

  @Test("changes of settings are kept in order")
  func changes() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    let changes = [
      LiveChange(step: 3, name: "learning_rate", value: "0.01"),
      LiveChange(step: 3, name: "dense/kernel[2,1]", value: "0.5"),
      LiveChange(step: 40, name: "learning_rate", value: "0.001"),
    ]
    try store.append([changes[2]], to: number)
    try store.append(Array(changes[..<2]), to: number)
    #expect(try store.changes(of: number) == changes)
  }

  @Test("runs are listed newest first; removing is undone by restoring; numbers are never reused")
  func removing() throws {
    let store = try RunStore(directory: scratch.url)
    let numbers = try (0..<4).map { try store.begin(record("run \($0)")) }
    #expect(try store.runs(limit: 3).map(\.number) == [numbers[3], numbers[2], numbers[1]])
    try store.rename(numbers[0], to: "best")
    try store.remove(numbers[3], at: noon)
    #expect(try store.runs().map(\.number) == [numbers[2], numbers[1], numbers[0]])
    #expect(try store.run(number: numbers[3]) == nil)
    #expect(throws: FileFailure.self) { try store.remove(numbers[3], at: noon) }
    try store.restore(numbers[3])
    #expect(try store.runs().map(\.record.name) == ["run 3", "run 2", "run 1", "best"])
    try store.saveWeights(Safetensors(entries: []), of: numbers[3])
    try store.append([MetricPoint(series: "loss", step: 0, value: 1)], to: numbers[3])
    try store.remove(numbers[3], at: noon)
    try store.purge(removedBefore: noon)
    #expect(try store.series(of: numbers[3]) == ["loss"])
    try store.purge(removedBefore: noon.addingTimeInterval(1))
    #expect(try store.series(of: numbers[3]).isEmpty)
    #expect(throws: FileFailure.self) { try store.restore(numbers[3]) }
    #expect(
      !FileManager.default.fileExists(atPath: scratch.url.appendingPathComponent("runs/r4").path))
    #expect(try store.begin(record()) == RunNumber(5))
  }

  @Test("weights read back bit for bit")
  func weights() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    #expect(try store.loadWeights(of: number) == nil)
    let weights = Safetensors(entries: [
      Safetensors.Entry(
        name: "dense/kernel", tensor: Tensor(shape: [2, 1], scalars: [0.1, -.infinity]))
    ])
    try store.saveWeights(weights, of: number)
    #expect(try store.loadWeights(of: number) == weights)
    #expect(try store.run(number: number)?.hasWeights == true)
    #expect(throws: FileFailure.self) { try store.saveWeights(weights, of: RunNumber(9)) }
    try Data([1, 2]).write(to: scratch.url.appendingPathComponent("runs/r1/weights.safetensors"))
    #expect(throws: FileFailure.self) { try store.loadWeights(of: number) }
  }

  @Test("progress in lessons and settings read back equal")
  func lessons() throws {
    let store = try RunStore(directory: scratch.url)
    var progress = LessonRecord(lesson: "01-one-neuron", started: noon)
    try store.save(progress)
    progress.page = 2
    progress.donePages = [0, 1]
    progress.done = ["sum", "\"quoted\""]
    progress.answers = ["sum": "−0.36", "empty": ""]
    progress.finished = noon
    try store.save(progress)
    #expect(try store.lessonRecord(of: "01-one-neuron") == progress)
    #expect(try store.lessonRecords() == ["01-one-neuron": progress])
    try store.forgetLesson("01-one-neuron")
    #expect(try store.lessonRecord(of: "01-one-neuron") == nil)
    #expect(try store.setting("network") == nil)
    try store.set("network", to: "Dense(1)")
    try store.set("network", to: "Dense(2)")
    #expect(try store.setting("network") == "Dense(2)")
    try store.set("network", to: nil)
    #expect(try store.setting("network") == nil)
  }

  @Test("a run's number is read as it is written", arguments: [("r12", 12), ("7", 7)])
  func number(text: String, value: Int) {
    #expect(RunNumber(parsing: text) == RunNumber(value))
  }

  @Test("what is no run's number is none", arguments: ["", "r", "r0", "r-3", "x4", "rr4", "4.5"])
  func noNumber(text: String) { #expect(RunNumber(parsing: text) == nil) }
}
