import Foundation
import NeuralNets
import Scripts
import Tensors
import TestSupport
import Testing

/// A case of `training.json`: a small model that Keras trained.
struct TrainingCase: Sendable, CustomTestStringConvertible {
  let json: KerasFamily.JSON
  let arrays: KerasFamily.JSON
  var testDescription: String { json["name"].text ?? "" }

  static let all: [TrainingCase] = {
    guard let family = try? KerasFamily("training") else { return [] }
    return family.cases.map { TrainingCase(json: $0, arrays: family.content["arrays"]) }
  }()

  /// Those about optimizers and what acts on weights.
  static let ofOptimizers = all.filter { one in
    let name = one.testDescription
    return name.hasPrefix("optimizer ")
      || ["plain", "penalties", "frozen layer"].contains(name)
  }

  /// The case as a program that prints its history and its weights at the end. Metrics have tests of
  /// their own.
  func program() throws -> String {
    let build = (json["build"].text ?? "")
      .replacing(#/, metrics=\['\w+'\]/#, with: "")
    let code = (json["build"].text ?? "") + (json["train"].text ?? "")
    var lines = ["import keras", "import numpy as np", "from keras import layers"]
    for (name, value) in arrays.members.sorted(by: { $0.key < $1.key }) where code.contains(name) {
      lines.append("\(name) = \(try Self.literal(value))")
    }
    lines.append(build)
    let start = try json["layers"].items.compactMap(\.text).flatMap { layer in
      try variables(of: layer).map { try Self.literal($0) }
    }
    lines.append("model.set_weights([\(start.joined(separator: ", "))])")
    lines.append(json["train"].text ?? "")
    lines.append("for key, values in history.history.items():")
    lines.append("    print('history', key, *[repr(float(v)) for v in values])")
    lines.append("for w in model.get_weights():")
    lines.append("    print('weight', *[repr(float(v)) for v in w.reshape(-1)])")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The weights of a layer at the start, in Keras's order.
  private func variables(of layer: String) -> [KerasFamily.JSON] {
    let names = ["kernel", "bias"].map { "\(layer)/\($0)" }
    return names.compactMap { name in
      json["start"].members.first { $0.key == name || $0.key.hasSuffix("/" + name) }?.value
    }
  }

  /// The weights at the end, in Keras's order.
  var end: [[Float]] {
    json["layers"].items.compactMap(\.text).flatMap { layer in
      ["kernel", "bias"].compactMap { part in
        let name = "\(layer)/\(part)"
        return json["end"].members.first { $0.key == name || $0.key.hasSuffix("/" + name) }?
          .value.tensor?.scalars
      }
    }
  }

  private static func literal(_ json: KerasFamily.JSON) throws -> String {
    let tensor = try #require(json.tensor)
    let numbers = tensor.scalars.map { "\($0)" }.joined(separator: ", ")
    let type = json["type"].text == "int" ? "int32" : "float32"
    return "np.array([\(numbers)]).astype('\(type)').reshape(\(tensor.shape.tuple))"
  }
}

@Suite("Training as Keras does")
struct TrainingReferenceTests {
  @Test("histories and weights at the end are Keras's", arguments: TrainingCase.ofOptimizers)
  func trained(example: TrainingCase) throws {
    let lines = try printed(try example.program()).split(separator: "\n").map {
      $0.split(separator: " ").map(String.init)
    }
    let histories = example.json["history"].members
    #expect(lines.filter { $0[0] == "history" }.map { $0[1] } == ["loss"])
    for line in lines where line[0] == "history" {
      let expected = try #require(histories[line[1]]?.tensor).scalars
      let found = line.dropFirst(2).compactMap(Float.init)
      #expect(Self.difference(found, expected) < 5e-6, "\(line[1])")
    }
    let weights = lines.filter { $0[0] == "weight" }.map { $0.dropFirst().compactMap(Float.init) }
    #expect(weights.count == example.end.count)
    for (found, expected) in zip(weights, example.end) {
      #expect(Self.difference(found, expected) < 5e-6)
    }
  }

  private static func difference(_ a: [Float], _ b: [Float]) -> Float {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
  }
}
