import FileFormats
import Foundation
@testable import RunStore
import Tensors
import Testing
import Training

@Suite("Checkpoints of runs")
struct CheckpointTests {
  let scratch = Scratch()

  private func state(_ step: Int, part: Int = 0) throws -> StateCopy {
    try #require(
      StateCopy(
        step: step, part: part,
        entries: [
          StateCopy.Entry(name: "dense/kernel", shape: [2, 3], offset: 0),
          StateCopy.Entry(name: "dense/bias", shape: [3], offset: 16),
        ],
        numbers: (0..<32).map { $0 < 6 || 16..<19 ~= $0 ? Float($0 + step) / 7 : 0 }))
  }

  @Test("a state reads back with the same bits")
  func roundTrip() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try store.saveCheckpoint(try state(120, part: 1), of: number, at: noon)
    let known = try #require(try store.checkpoints(of: number).first)
    #expect(known.step == 120 && known.part == 1)
    let found = try store.loadCheckpoint(known, of: number)
    #expect(found == (try state(120, part: 1)))
    #expect(known.digest == found.digest.description)
  }

  @Test("no draft is left, and other bytes are no checkpoint", arguments: [0, 90, 400])
  func damage(at place: Int) throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    try store.saveCheckpoint(try state(8), of: number, at: noon)
    let folder = scratch.url.appending(path: "checkpoints/r1")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(names == ["8.safetensors"])
    let file = folder.appending(path: "8.safetensors")
    var bytes = try FileBytes.read(file)
    bytes[min(place, bytes.count - 1)] ^= 0x15
    try FileBytes.write(bytes, to: file)
    let known = try #require(try store.checkpoints(of: number).first)
    #expect(throws: FileFailure.self) { try store.loadCheckpoint(known, of: number) }
    try FileManager.default.removeItem(at: file)
    #expect(throws: FileFailure.self) { try store.loadCheckpoint(known, of: number) }
  }

  @Test("another future drops those after its beginning, removing for good drops all")
  func dropping() throws {
    let store = try RunStore(directory: scratch.url)
    let number = try store.begin(record())
    for step in [0, 10, 20, 30] {
      try store.saveCheckpoint(try state(step), of: number, at: noon)
    }
    try store.truncate(number, toStep: 20)
    #expect(try store.checkpoints(of: number).map(\.step) == [0, 10, 20])
    let folder = scratch.url.appending(path: "checkpoints/r1")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 3)
    try store.remove(number, at: noon)
    try store.purge(removedBefore: noon.addingTimeInterval(1))
    #expect(!FileManager.default.fileExists(atPath: folder.path))
  }

  @Test("the older, the farther apart; first, newest and changes stay")
  func thinning() {
    var rule = CheckpointThinning()
    rule.countLimit = 20
    var kept: [CheckpointThinning.Item] = []
    for step in stride(from: 0, through: 10_000, by: 10) {
      kept.append(CheckpointThinning.Item(step: step, bytes: 1, isPinned: step == 1230))
      let victims = Set(rule.victims(kept))
      kept.removeAll { victims.contains($0.step) }
    }
    let steps = kept.map(\.step)
    #expect(steps.count == 20)
    #expect(steps.first == 0 && steps.last == 10_000 && steps.contains(1230))
    // Nothing is farther from a checkpoint before it than it is old.
    for (a, b) in zip(steps, steps.dropFirst()) where b < 10_000 {
      #expect(b - a <= max(20, 10_000 - a), "nothing between \(a) and \(b)")
    }
    #expect(steps[18] - steps[17] < steps[2] - steps[1])
  }

  @Test("no run takes more room than it may, and the oldest runs make room for new ones")
  func limits() throws {
    let store = try RunStore(directory: scratch.url)
    var rule = CheckpointThinning()
    let numbers = try (0..<3).map { _ in try store.begin(record()) }
    try store.saveCheckpoint(try state(0), of: numbers[0], at: noon)
    let size = try #require(try store.checkpoints(of: numbers[0]).first).bytes + 8
    (rule.runLimit, rule.storeLimit) = (size * 4, size * 7)
    for number in numbers {
      for step in 0..<6 {
        try store.saveCheckpoint(try state(step), of: number, at: noon, thinning: rule)
      }
    }
    let steps = try numbers.map { try store.checkpoints(of: $0).map(\.step) }
    #expect(steps[2].count == 4 && steps[2].last == 5)
    #expect(steps[0] == [5])
    #expect(steps.reduce(0) { $0 + $1.count } <= 7)
  }
}
