import Autodiff
import NeuralNets
import Tensors
import Testing

@Suite("Layers")
struct LayerTests {
  private func component(
    _ kind: String, _ positional: [ArgumentValue] = [],
    _ keywords: [(name: String, value: ArgumentValue)] = []
  ) throws -> Component {
    let type = try #require(LayerCatalog.type(named: kind))
    return Component(
      kind: kind,
      arguments: try Arguments(type.arguments, positional: positional, keywords: keywords))
  }

  private func network(_ input: Shape, _ layers: [Component]) throws -> Network {
    try Network(ModelDescription(inputShape: input, layers: layers))
  }

  private func failure(_ input: Shape, _ layer: Component) -> Network.Failure? {
    do {
      _ = try network(input, [layer])
      return nil
    } catch { return error as? Network.Failure }
  }

  @Test("the catalog is alphabetical")
  func alphabetical() {
    let kinds = LayerCatalog.all.map { $0.kind }
    #expect(kinds == kinds.sorted())
  }

  @Test("a network of convolutions has Keras's shapes, names and numbers of weights")
  func convolutions() throws {
    let made = try network(
      [8, 8, 1],
      [
        component("Conv2D", [.integer(8), .integer(3)], [("activation", .text("relu"))]),
        component("Conv2D", [.integer(16), .integer(3)]),
        component("MaxPooling2D", [.integer(2)]),
        component("Conv2D", [.integer(32), .integer(3)], [("padding", .text("same"))]),
        component("Flatten"), component("Dense", [.integer(10)]),
      ])
    #expect(
      made.layers.map(\.outputShape) == [
        [6, 6, 8], [4, 4, 16], [2, 2, 16], [2, 2, 32], [128], [10],
      ])
    #expect(made.layers.map(\.parameterCount) == [80, 1168, 0, 4640, 0, 1290])
    #expect(
      made.layers.map(\.name) == [
        "conv2d", "conv2d_1", "max_pooling2d", "conv2d_2", "flatten", "dense",
      ])
  }

  @Test("with causal padding no number sees what comes after it", arguments: 0..<8)
  func causal(moment: Int) throws {
    let layer = try layerComponent("keras.layers.Conv1D(3, 3, padding='causal', dilation_rate=2)")
    let input = LayerReferenceTests.draws([2, 8, 2])
    let before = try LayerRun(layer, [input], training: false)
    before.execution.run()
    let other = Tensor(
      shape: input.shape,
      scalars: input.scalars.enumerated().map { $0 / 2 == moment ? $1 + 1 : $1 })
    let after = try LayerRun(layer, [other], training: false)
    after.execution.run()
    let changed = (0..<8).filter { time in
      (0..<3).contains {
        before.output.scalars[time * 3 + $0] != after.output.scalars[time * 3 + $0]
      }
    }
    #expect(changed == [moment, moment + 2, moment + 4].filter { $0 < 8 })
  }

  @Test("a transposed convolution is the gradient of the convolution by the same kernel")
  func transposed() throws {
    let shapes: [Shape] = [[2, 7, 6, 3], [2, 3, 3, 4]]
    let kernel = LayerReferenceTests.draws([3, 2, 3, 4], name: "kernel")
    let back = try LayerRun(
      try layerComponent("keras.layers.Conv2DTranspose(3, (3, 2), 2, use_bias=False)"),
      [LayerReferenceTests.draws(shapes[1])], training: false, weights: ["kernel": kernel])
    let there = try LayerRun(
      try layerComponent("keras.layers.Conv2D(4, (3, 2), 2, use_bias=False)"),
      [LayerReferenceTests.draws(shapes[0])], training: false, weights: ["kernel": kernel],
      cotangent: LayerReferenceTests.draws(shapes[1]))
    back.execution.run()
    there.execution.run()
    #expect(back.output == there.gradient(of: there.inputs[0]))
  }

  @Test("a memory has Keras's weights")
  func memory() throws {
    let made = try network(
      [12, 3],
      [
        component("LSTM", [.integer(4)], [("return_sequences", .boolean(true))]),
        component("LSTM", [.integer(5)], [("use_bias", .boolean(false))]),
      ])
    #expect(made.layers.map(\.outputShape) == [[12, 4], [5]])
    #expect(
      made.weights.map(\.name) == [
        "lstm/lstm_cell/kernel", "lstm/lstm_cell/recurrent_kernel", "lstm/lstm_cell/bias",
        "lstm_1/lstm_cell/kernel", "lstm_1/lstm_cell/recurrent_kernel",
      ])
    #expect(made.weights.map(\.spec.shape) == [[3, 16], [4, 16], [16], [4, 20], [5, 20]])
  }

  /// Keras: `ceil(in / stride)` with "same", `floor((in − window) / stride) + 1` with "valid".
  @Test(
    "windows find as many places as in Keras",
    arguments: [
      (10, 3, 1, "valid", 8), (10, 3, 2, "valid", 4), (10, 3, 2, "same", 5),
      (7, 2, 3, "same", 3), (2, 5, 1, "same", 2), (9, 4, 4, "valid", 2), (1, 1, 5, "same", 1),
    ])
  func places(extent: Int, window: Int, stride: Int, padding: String, places: Int) throws {
    let made = try network(
      [extent, extent, 2],
      [
        component(
          "Conv2D", [.integer(3), .integer(window), .integer(stride), .text(padding)])
      ])
    #expect(made.outputShape == [places, places, 3])
    let pooled = try network(
      [extent, extent, 2],
      [component("MaxPooling2D", [.integer(window), .integer(stride), .text(padding)])])
    #expect(pooled.outputShape == [places, places, 2])
  }

  @Test("a kernel larger than its image is refused with what would be right")
  func tooLarge() throws {
    let convolution = failure([2, 2, 16], try component("Conv2D", [.integer(32), .integer(3)]))
    #expect(convolution?.problem == "gets (2, 2, 16), smaller than its kernel of 3 × 3")
    #expect(convolution?.remedy == "padding=\"same\", or a kernel of at most 2 × 2")
    let pooling = failure([5, 1, 4], try component("MaxPooling2D"))
    #expect(pooling?.problem == "gets (5, 1, 4), smaller than its window of 2 × 2")
    #expect(pooling?.remedy == "padding=\"same\", or a window of at most 2 × 1")
  }

  @Test("an input of another rank is refused with what would be right")
  func otherRanks() throws {
    let image = failure([4], try component("Conv2D", [.integer(3), .integer(2)]))
    #expect(image?.problem == "gets (4,), which is not an image")
    #expect(image?.remedy == "an input of shape (height, width, channels)")
    let sequence = failure([8, 8, 1], try component("LSTM", [.integer(3)]))
    #expect(sequence?.problem == "gets (8, 8, 1), which is not a sequence")
    #expect(sequence?.remedy == "an input of shape (time steps, features)")
    #expect(failure([4], try component("MaxPooling2D"))?.problem.contains("not an image") == true)
  }

  @Test("what no memory holds is refused before it is made")
  func tooMuch() throws {
    let wide = try component(
      "Conv2D", [.integer(65_536), .integer(1024), .integer(1), .text("same")])
    #expect(failure([2, 2, 4096], wide)?.problem.hasPrefix("learns a kernel of") == true)
    #expect(failure([4096, 4096, 1], wide)?.problem.hasPrefix("gives (4096, 4096, 65536)") == true)
    let huge = Int.max / 2
    #expect(failure([huge, huge], try component("Flatten"))?.problem.contains("input") == true)
    #expect(
      failure([0, 3], try component("LSTM", [.integer(2)]))?.problem.contains("input") == true)
    #expect(failure([100_000, 1], try component("LSTM", [.integer(2)])) != nil)
  }

  @Test("arguments that follow others in Keras have to be named")
  func named() {
    #expect(throws: Arguments.Failure.tooMany(given: 2, taken: 1)) {
      try component("Flatten", [ArgumentValue.none, .text("flat")])
    }
  }

  @Test(
    "layers that work number by number take any shape",
    arguments: ["Activation", "Dropout", "Dense", "Flatten"],
    [[5], [4, 5], [2, 3, 5]] as [Shape])
  func anyShape(kind: String, input: Shape) throws {
    let argument: [String: ArgumentValue] = [
      "Activation": .text("softmax"), "Dropout": .number(0.5), "Dense": .integer(7),
    ]
    let made = try network(input, [component(kind, argument[kind].map { [$0] } ?? [])])
    let expected: [String: Shape] = [
      "Dense": Shape(input.extents.dropLast() + [7]), "Flatten": [input.count],
    ]
    #expect(made.outputShape == expected[kind] ?? input)
    let plan = made.plan(batchSize: 3, for: .prediction)
    #expect(plan.output.shape == Shape([3] + made.outputShape.extents))
  }
}
