import Foundation
import TestSupport
import Testing

@Suite("Commands for recorded runs", .waitsForPrograms)
struct RunsCommandTests {
  private static let program = """
    import keras
    from keras import layers
    model = keras.Sequential([keras.Input(shape=(2,)), layers.Dense(6, activation="tanh"),
                              layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
    """

  @Test("a run is listed, compared, exported, removed, brought back, shared and gone on with")
  func life() throws {
    let backstep = try Backstep(files: ["net.py": Self.program])
    defer { backstep.remove() }
    func run(_ line: String) throws -> Backstep.Result {
      let result = try backstep.run(line.split(separator: " ").map(String.init))
      #expect(result.status == 0, "\(line): \(result.errors)")
      return result
    }
    let train = "train net.py --data spiral --seed 5 --quiet"
    _ = try run("\(train) --epochs 6")
    _ = try run("\(train) --epochs 9 --save nine.safetensors")
    let listed = try run("runs list --json --data spiral --sort steps").objects()
    #expect(listed.map { $0["run"] as? String } == ["r1", "r2"])
    let compared = try run("runs compare r1 r2 --json").objects()
    #expect(compared.compactMap { $0["setting"] as? String } == ["epochs"])
    #expect(compared[1]["loss_differs_from_step"] is NSNull)
    _ = try run("runs remove r2")
    #expect(try run("runs list --json").objects().count == 1)
    _ = try run("runs restore r2")
    _ = try run("runs export r2 -o r2.jsonl")
    let lines = try String(
      contentsOf: backstep.folder.appending(path: "r2.jsonl"), encoding: .utf8
    ).split(separator: "\n")
    let steps = try #require(listed[1]["steps"] as? Int)
    #expect(lines.count == 1 + steps + 9)
    let shared = try run("debug r2 --json -e back -e share").objects()
    let line = try #require(shared.last?["moment"] as? String)
    let there = try run("at \(line) --json -e share").objects()
    #expect(there.last?["digest"] as? String == shared.last?["digest"] as? String)
    let step = try #require(shared.last?["step"] as? Int)
    let instruction = try #require(shared.last?["instruction"] as? Int)
    let local = try run("at r2@\(step).\(instruction) --json -e share").objects()
    #expect(local.last?["digest"] as? String == shared.last?["digest"] as? String)
    _ = try run("train --resume r1 --epochs 9 --save resumed.safetensors --quiet")
    let bytes = try ["nine", "resumed"].map {
      try Data(contentsOf: backstep.folder.appending(path: "\($0).safetensors"))
    }
    #expect(bytes[0] == bytes[1])
  }
}
