import Autodiff
import NeuralNets
import TestSupport
import Tensors
import Testing
import Training

/// At full speed calls are run in pieces of the batch and in another order; call by call while one
/// steps. Both have to write the same bytes.
@Suite("Calls run in pieces", .serialized)
struct ScheduleTests {
  private static let networks: [(name: String, input: Shape, layers: [Component])] = [
    (
      "convolutions", [12, 12, 3],
      [
        .known(
          "Conv2D",
          [
            ("filters", .integer(24)), ("kernel_size", .integer(3)),
            ("padding", .text("same")), ("activation", .text("relu")),
          ]),
        .known("MaxPooling2D"),
        .known(
          "Conv2D",
          [
            ("filters", .integer(16)), ("kernel_size", .integer(3)),
            ("strides", .integer(2)),
          ]),
        .known("BatchNormalization"),
        .known("ReLU"),
        .known("AveragePooling2D", [("pool_size", .integer(2))]),
        .known("Flatten"),
        .known("Dense", [("units", .integer(4)), ("activation", .text("softmax"))]),
      ]
    ),
    (
      "sequences", [48, 24],
      [
        .known("LayerNormalization"),
        .known("Dense", [("units", .integer(64)), ("activation", .text("gelu"))]),
        .known("Dropout", [("rate", .number(0.3))]),
        .known(
          "Conv1D",
          [
            ("filters", .integer(32)), ("kernel_size", .integer(5)),
            ("dilation_rate", .integer(2)), ("padding", .text("causal")),
          ]),
        .known("GRU", [("units", .integer(16)), ("return_sequences", .boolean(true))]),
        .known("LSTM", [("units", .integer(12))]),
        .known("Dense", [("units", .integer(4)), ("activation", .text("softmax"))]),
      ]
    ),
    (
      "perceptrons", [300],
      [
        .known("Dense", [("units", .integer(200)), ("activation", .text("tanh"))]),
        .known("Dense", [("units", .integer(4)), ("activation", .text("softmax"))]),
      ]
    ),
  ]

  private static func session(_ place: Int, batchSize: Int) throws -> Session {
    let (_, input, layers) = networks[place]
    let random = CounterRandom(seed: 5, name: "schedule")
    let count = 2 * batchSize + 3
    let inputs = (0..<count * input.count).map { Float(random.uniform(at: $0)) - 0.5 }
    let targets = (0..<count).map { Float($0 * 7 % 4) }
    let model = ModelDescription(
      inputShape: input, layers: layers,
      compilation: Compilation(
        optimizer: .known("Adam"), loss: .known("SparseCategoricalCrossentropy")))
    return try Session(
      RunSettings(
        model: model,
        data: TrainingData(
          name: "random",
          training: Examples(
            inputs: Tensor(shape: Shape([count] + input.extents), scalars: inputs),
            targets: Tensor(shape: [count], scalars: targets))),
        batchSize: batchSize, epochs: 3))
  }

  @Test(
    "write the same bytes as call by call, on any number of threads", arguments: 0..<3, [1, 64])
  func sameBytes(network: Int, batchSize: Int) throws {
    let stepping = try Self.session(network, batchSize: batchSize)
    var digests: [Digest] = []
    for _ in 0..<2 {
      let step = stepping.position.step
      while stepping.position.step == step { stepping.move(1, by: .instruction) }
      digests.append(stepping.execution.digest())
    }
    defer { setKernelThreads(1) }
    for threads in 1...3 {
      setKernelThreads(threads)
      let training = try Self.session(network, batchSize: batchSize)
      for digest in digests {
        training.trainStep()
        #expect(training.execution.digest() == digest, "on \(threads) threads")
      }
    }
  }
}
