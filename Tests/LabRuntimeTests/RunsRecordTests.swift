import Datasets
import Foundation
@testable import LabRuntime
import RunStore
import Synchronization
import TerminalGraphics
import Testing
import Workbench

/// Takes down what the record says.
private final class Listener: Sendable {
  private let heard = Mutex<[News]>([])

  func take(_ news: [News]) { heard.withLock { $0 += news } }

  var runs: [RunSummary]? {
    heard.withLock { news in
      for case .home(let contents) in news.reversed() { return contents.runs }
      return nil
    }
  }

  var readings: [RunReading] {
    heard.withLock { news in
      news.flatMap { item -> [RunReading] in
        if case .readings(let readings) = item { readings } else { [] }
      }
    }
  }

  var said: [String] {
    heard.withLock { news in
      news.compactMap { if case .said(let text, _) = $0 { text } else { nil } }
    }
  }

  var lists: Int {
    heard.withLock { news in news.count { if case .home = $0 { true } else { false } } }
  }
}

@Suite("The record as Runs reads it")
struct RunsRecordTests {
  private let directory = FileManager.default.temporaryDirectory
    .appending(path: "runs-\(UUID().uuidString)")
  private let listener = Listener()

  private static let code = """
    import keras
    from keras import layers
    model = keras.Sequential([
        keras.Input(shape=(2,)),
        layers.Dense(16, activation="tanh", kernel_regularizer=keras.regularizers.L2(0.02)),
        layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
        loss="sparse_categorical_crossentropy")
    """

  private func begin(_ store: RunStore, steps: Int) throws -> RunNumber {
    let number = try store.begin(
      RunRecord(
        started: Date(), modelCode: Self.code, modelSummary: "2-16-2 tanh", dataName: "moons",
        dataFingerprint: "1", batchSize: 32, epochs: 3, seed: 5, optimizer: "SGD",
        learningRate: Double(Float(0.1)), parameterCount: 82))
    let points = (0..<steps).flatMap { step in
      [
        MetricPoint(series: "loss", step: step, value: 1 / Double(step + 1)),
        MetricPoint(series: "val_loss", step: step, value: 2 / Double(step + 1)),
      ]
    }
    try store.append(
      points, RunOutcome(status: .finished, steps: steps, loss: 0.5, validationLoss: 0.25),
      to: number, at: Date())
    return number
  }

  private func record(_ store: RunStore) -> Record {
    let record = Record(store: store)
    record.listen { [listener] in listener.take($0) }
    return record
  }

  @Test("the list has every run; curves and settings come for those that are asked for")
  func reading() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    for steps in [30, 2_000] { _ = try begin(store, steps: steps) }
    try store.append(
      [
        LiveChange(step: 40, name: "learning_rate", value: "0.2"),
        LiveChange(step: 90, name: "learning_rate", value: "0.05"),
        LiveChange(step: 95, name: "dense/kernel[0,1]", value: "1.0"),
      ], to: RunNumber(2))
    let record = record(store)
    record.refresh()
    record.run(.read([2, 1, 9], withSettings: [2]))
    record.flush()
    let runs = try #require(listener.runs)
    #expect(runs.map(\.number) == [2, 1])
    #expect(runs[0].optimizer == "SGD" && runs[0].steps == 2_000)
    #expect(runs[1].losses.count == 30)
    let readings = listener.readings
    #expect(readings.map(\.number) == [2, 1])
    #expect(readings.map(\.revision) == runs.map(\.revision))
    #expect((100...121).contains(readings[0].loss.values.count))
    #expect(readings[0].validation.steps.last == 2_000)
    #expect(readings[1].settings == nil && readings[1].validation.values.isEmpty)
    let settings = Dictionary(
      (readings[0].settings ?? []).map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    #expect(settings["hidden"] == "16" && settings["activation"] == "tanh")
    #expect(settings["learning rate"] == "0.1" && settings["momentum"] == "0.9")
    #expect(settings["dense kernel_regularizer"]?.contains("0.02") == true)
    #expect(settings["seed"] == "5" && settings["batch size"] == "32")
    #expect(settings["rate set by hand"] == "0.05 at 90, the last of 2")
    #expect(settings["set by hand"] == "dense/kernel[0,1] at 95")
  }

  @Test("losses are kept of the latest runs alone, however many come; the list needs no code")
  func latest() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    var listed = ListedRuns()
    for count in [70, 30] {
      for _ in 0..<count { _ = try begin(store, steps: 4) }
      let runs = try listed.read(store)
      let losses = runs.map { !$0.losses.isEmpty }
      #expect(losses.prefix(60).allSatisfy { $0 } && !losses.dropFirst(60).contains(true))
    }
    #expect(try store.runs(hasCode: false).allSatisfy { $0.record.modelCode.isEmpty })
    #expect(try store.runs().allSatisfy { $0.record.modelCode == Self.code })
  }

  @Test("a look at a record that has not changed says nothing; one at a changed one lists it anew")
  func looking() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let number = try begin(store, steps: 3)
    let record = record(store)
    record.refresh()
    record.run(.look)
    record.run(.look)
    record.flush()
    #expect(listener.lists == 1)
    try RunStore(directory: directory).rename(number, to: "elsewhere")
    record.run(.look)
    record.flush()
    #expect(listener.lists == 2)
    #expect(listener.runs?.first?.name == "elsewhere")
  }

  @Test("renaming, deleting and bringing back change the record and list it anew")
  func changing() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let number = try begin(store, steps: 3)
    let record = record(store)
    record.run(.rename(number.value, to: "mine"))
    record.flush()
    #expect(listener.runs?.first?.name == "mine")
    record.run(.remove(number.value))
    record.flush()
    #expect(listener.runs?.isEmpty == true)
    record.run(.restore(number.value))
    record.flush()
    #expect(listener.runs?.map(\.number) == [number.value])
    record.run(.remove(77))
    record.flush()
    #expect(listener.said.contains { $0.contains("r77") })
  }

  @Test("a run is written as numbers and as code; weights that were never saved are named")
  func exporting() throws {
    defer { try? FileManager.default.removeItem(at: directory) }
    let store = try RunStore(directory: directory)
    let number = try begin(store, steps: 2)
    let record = record(store)
    for name in ["r.csv", "r.py", "r.npz"] {
      record.export(number, to: directory.appending(path: name), as: name) {}
    }
    record.flush()
    let table = try String(contentsOf: directory.appending(path: "r.csv"), encoding: .utf8)
    #expect(table == "step,loss,val_loss\n0,1.0,2.0\n1,0.5,1.0\n")
    let code = try String(contentsOf: directory.appending(path: "r.py"), encoding: .utf8)
    #expect(code == Self.code)
    #expect(listener.said.contains { $0.contains("no weights") })
  }
}
