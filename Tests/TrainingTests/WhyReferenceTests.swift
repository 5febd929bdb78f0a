import Foundation
import NeuralNets
import Tensors
import Testing
import Training

/// What `Tests/Reference/why_weights.py` wrote.
private struct Reference: Decodable {
  struct Weight: Decodable {
    let name: String
    let before, after: [Float]
    /// For each example what it did to each number.
    let examples: [[Double]]
    let penalty, memory: [Double]
  }

  let inputs, targets: [Float]
  let initial: [String: [Float]]
  let weights: [Weight]
}

@Suite("Why, beside Keras and PyTorch")
struct WhyReferenceTests {
  private static let file = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Reference/why_weights.json")

  private func session(_ reference: Reference) throws -> Session {
    func layer(_ arguments: [String: any Sendable]) -> Component {
      component("Dense", LayerCatalog.type(named: "Dense")?.arguments ?? [], arguments)
    }
    let penalty = component("L2", L2.entry.arguments, ["l2": 0.05])
    let first = Component(
      kind: "Dense",
      arguments: try Arguments(
        LayerCatalog.type(named: "Dense")?.arguments ?? [],
        keywords: [
          ("units", .integer(4)), ("activation", .text("tanh")),
          ("kernel_regularizer", .component(penalty)),
        ]))
    let adam = try #require(OptimizerCatalog.named("Adam"))
    let loss = try #require(LossCatalog.named("SparseCategoricalCrossentropy"))
    let model = ModelDescription(
      inputShape: [3], layers: [first, layer(["units": 2, "activation": "softmax"])],
      compilation: Compilation(
        optimizer: component("Adam", adam.arguments, ["learning_rate": 0.05]),
        loss: loss.standard))
    var weights: [String: Tensor] = [:]
    for (name, spec) in try Network(model).weights {
      weights[name] = Tensor(shape: spec.shape, scalars: try #require(reference.initial[name]))
    }
    return try Session(
      RunSettings(
        model: model,
        data: TrainingData(
          name: "reference",
          training: Examples(
            inputs: Tensor(shape: [6, 3], scalars: reference.inputs),
            targets: Tensor(shape: [6], scalars: reference.targets))),
        batchSize: 6, epochs: 3, shuffles: false, initialWeights: weights))
  }

  @Test("each part of each weight's third update is that of Keras")
  func parts() throws {
    let reference = try JSONDecoder().decode(
      Reference.self, from: try Data(contentsOf: Self.file))
    let session = try session(reference)
    session.go(to: Position(step: 3))
    #expect(reference.weights.count == 4)
    for weight in reference.weights {
      for i in weight.after.indices {
        let answer = try #require(session.whyChanged(weight.name, at: i))
        #expect(abs(answer.before - weight.before[i]) < 2e-6)
        #expect(abs(answer.after - weight.after[i]) < 2e-6)
        let size = weight.examples.reduce(abs(weight.penalty[i]) + abs(weight.memory[i])) {
          $0 + abs($1[i])
        }
        for part in answer.parts {
          let theirs: Double? =
            switch part.cause {
            case .example(let label): weight.examples[label.place][i]
            case .penalty: weight.penalty[i]
            case .memory: weight.memory[i]
            case .rounding: 0
            default: nil
            }
          let bound = part.cause == .rounding ? 1e-7 : 1e-4 * size
          #expect(abs(part.amount - (try #require(theirs))) < bound, "\(weight.name) \(part)")
        }
        let isRegularized = weight.name == "dense/kernel"
        #expect(answer.parts.contains { $0.cause.kind == "penalty" } == isRegularized)
      }
    }
  }
}
