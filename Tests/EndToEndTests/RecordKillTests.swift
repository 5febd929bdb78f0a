import FileFormats
import Foundation
import GRDB
import RunStore
import TestSupport
import Testing
import Training

/// A recording process is killed at any moment: 12 of them, 200 with BACKSTEP_LONG=1.
@Suite("A record whose writer is killed", .waitsForPrograms)
struct RecordKillTests {
  private static let isLong = ProcessInfo.processInfo.environment["BACKSTEP_LONG"] == "1"

  private static let program = """
    import keras
    from keras import layers
    model = keras.Sequential([
        keras.Input(shape=(2,)), layers.Dense(24, activation="relu"), layers.Dropout(0.1),
        layers.BatchNormalization(), layers.Dense(2, activation="softmax"),
    ])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    """
  private static let train = [
    "train", "net.py", "--data", "spiral", "--epochs", "1500", "--seed", "5", "--json",
  ]

  @Test("opens, is whole, has all that was said, is travelled, and goes on to the same bytes")
  func killed() throws {
    let backstep = try Backstep(files: ["net.py": Self.program])
    defer { backstep.remove() }
    let start = ContinuousClock.now
    let whole = try backstep.run(Self.train + ["--save", "whole.safetensors"])
    #expect(whole.status == 0, "\(whole.errors)")
    let seconds = start.duration(to: .now) / .seconds(1)
    for round in 0..<(Self.isLong ? 200 : 12) {
      // Some say every step, others every epoch.
      let rate = round % 3 == 0 ? ["--every", "step"] : []
      let moment = Double.random(in: 0.02...seconds * 0.95)
      let killed = try backstep.run(Self.train + rate, killAfter: moment)
      try check(killed, backstep, killedAfter: moment)
    }
  }

  private func check(
    _ killed: Backstep.Result, _ backstep: Backstep, killedAfter seconds: Double
  ) throws {
    let place = backstep.folder.appending(path: "home/backstep")
    let file = place.appending(path: RunStore.fileName)
    let integrity = try DatabaseQueue(path: file.path).read {
      try String.fetchOne($0, sql: "PRAGMA integrity_check")
    }
    #expect(integrity == "ok", "killed after \(seconds) s")
    let store = try RunStore(directory: place)
    guard let run = try store.runs(limit: 1).first, run.outcome.status != .finished else { return }
    try checkSaid(killed, run.number, store)
    try checkTravel(run, store, backstep)
    let again = try backstep.run([
      "train", "--resume", "\(run.number)", "--json", "--save", "resumed.safetensors",
    ])
    #expect(again.status == 0, "\(again.errors)")
    let bytes = try ["whole", "resumed"].map {
      try Data(contentsOf: backstep.folder.appending(path: "\($0).safetensors"))
    }
    #expect(bytes[0] == bytes[1], "killed after \(seconds) s at step \(run.outcome.steps)")
    #expect(try store.run(number: run.number)?.outcome.status == .finished)
  }

  /// Every number that was printed is in the record. The last line may be cut off.
  private func checkSaid(
    _ killed: Backstep.Result, _ number: RunNumber, _ store: RunStore
  ) throws {
    let lines = killed.output.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
    let said = lines.compactMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    for (event, series) in [("step", "loss"), ("epoch", "epoch_loss")] {
      let known = Dictionary(
        uniqueKeysWithValues: try store.metrics(of: number, series: series)
          .map { ($0.step, $0.value) })
      for line in said where line["event"] as? String == event {
        let step = try #require(line["step"] as? Int)
        let loss = try #require(line["loss"] as? Double)
        let kept = try #require(known[step - 1], "\(event) \(step) was said and is not recorded")
        #expect(abs(kept - loss) <= 1e-4 * abs(loss) + 1e-6)
      }
    }
  }

  /// The last checkpoint is there, and the run is at that moment what it was.
  private func checkTravel(_ run: Run, _ store: RunStore, _ backstep: Backstep) throws {
    let steps = try store.history(of: run.number).count
    let last = try store.checkpoints(of: run.number).last { $0.step <= steps }
    let step = last?.step ?? steps
    let found = try backstep.run([
      "debug", "\(run.number)", "--json", "-e", "goto step \(step)", "-e", "info digest",
    ])
    #expect(found.status == 0, "\(found.errors)")
    let objects = try found.objects()
    #expect(objects.first?["step"] as? Int == step)
    if let last { #expect(objects.last?["digest"] as? String == last.digest) }
  }

  @Test("two that train and one that reads at the same time lose nothing")
  func together() async throws {
    let backstep = try Backstep(files: ["net.py": Self.program])
    defer { backstep.remove() }
    let folder = backstep.folder
    try await withThrowingTaskGroup(of: Backstep.Result.self) { group in
      for seed in 1...2 {
        group.addTask {
          try await backstep.runBeside(
            Self.train.dropLast() + ["--json", "--every", "step", "--seed", "\(seed)"],
            named: "train\(seed)")
        }
      }
      for list in 1...3 {
        group.addTask {
          try await Task.sleep(for: .milliseconds(150 * list))
          return try await backstep.runBeside(["runs", "list", "--json"], named: "list\(list)")
        }
      }
      for try await result in group { #expect(result.status == 0, "\(result.errors)") }
    }
    let store = try RunStore(directory: folder.appending(path: "home/backstep"))
    let runs = try store.runs()
    #expect(runs.count == 2)
    for run in runs {
      #expect(run.outcome.status == .finished)
      #expect(try store.history(of: run.number).count == run.outcome.steps)
      #expect(try store.checkpoints(of: run.number).last?.step == run.outcome.steps)
    }
    let said = try ["train1", "train2"].map {
      try String(contentsOf: folder.appending(path: "\($0).out"), encoding: .utf8)
        .split(separator: "\n").filter { $0.contains("\"step\"") && !$0.contains("start") }.count
    }
    // Each step, each epoch and the end.
    #expect(said == runs.map { $0.outcome.steps + $0.record.epochs + 1 })
  }
}
