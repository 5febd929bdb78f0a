import Autodiff
import NeuralNets
import Tensors
import Testing

/// Pooling, borders, enlargement and augmentation; outputs, gradients and shapes of all cases are
/// held against Keras with those of the other layers.
@Suite("Layers of windows and pictures")
struct PoolingReferenceTests {
  struct File: Decodable {
    let transforms: [Transform]
  }

  /// Pictures that Keras drew anew.
  struct Transform: Decodable, CustomTestStringConvertible {
    let interpolation, fillMode: String
    let fillValue: Double
    let inputs: [KerasReference.Array]
    let output, cotangent, inputGradient: KerasReference.Array

    var testDescription: String { "\(interpolation), \(fillMode)" }
  }

  private static func transforms() throws -> [Transform] {
    try KerasReference.read("layers_pooling", as: File.self).transforms
  }

  /// One op over pictures and matrices, its loss `Σ output · cotangent`.
  private func execution(
    _ op: AffineTransformOp, _ given: Transform
  ) -> (run: Execution, x: Value) {
    var builder = GraphBuilder(mode: .training)
    let x = builder.parameter("x", "x", given.inputs[0].tensor.shape)
    let matrices = builder.input("A", "A", given.inputs[1].tensor.shape)
    let output = builder.layer("op") { $0.apply(op, to: [x, matrices]) }
    builder.beginLoss()
    let factor = builder.constant(given.cotangent.tensor)
    let product = builder.formula("product", "p", .operand(0) * .operand(1), [output, factor])
    let loss = builder.reduce(.sum, product, name: "loss", symbol: "L")
    let plan = Planner.plan(
      builder, inputs: [matrices], outputs: [output], parameters: [x],
      judgment: Judgment(loss: loss), optimizer: NoUpdate())
    let run = Execution(plan)
    run.write(given.inputs[0].tensor.scalars, to: x)
    run.write(given.inputs[1].tensor.scalars, to: matrices)
    run.begin(seed: 5, step: 3, learningRate: 0.1)
    run.run()
    return (run, x)
  }

  @Test("pictures drawn anew by any matrix are Keras's, and so are their gradients")
  func affine() throws {
    let all = try Self.transforms()
    #expect(all.count == Interpolation.allCases.count * FillMode.allCases.count)
    for given in all {
      let interpolation = try #require(
        Interpolation.allCases.first { "\($0)" == given.interpolation })
      let fillMode = try #require(FillMode.allCases.first { "\($0)" == given.fillMode })
      let op = AffineTransformOp(interpolation, fillMode, fillValue: given.fillValue)
      let (run, x) = execution(op, given)
      let gradient = try #require(run.plan.gradients[x])
      for (ours, theirs) in [
        (run.tensor(run.plan.output), given.output.tensor),
        (run.tensor(gradient), given.inputGradient.tensor),
      ] {
        let worst = zip(ours.scalars, theirs.scalars).map { abs($0 - $1) }.max() ?? .infinity
        #expect(worst < 1e-5, "\(given.testDescription): \(worst)")
      }
    }
  }

  @Test("gradients are those of central differences to 1e-6")
  func gradients() throws {
    for example in try LayerReferenceTests.cases(in: "layers_pooling")
    where example.cotangent != nil {
      let run = try example.run(try layerComponent(example.code))
      guard let worst = GradientCheck(run.execution).worst(stride: 5, of: run.inputs) else {
        continue
      }
      #expect(worst.1 < 1e-6, "\(example.code): \(worst)")
    }
  }

  // MARK: Chance

  private static let picture = LayerReferenceTests.draws([6, 5, 4, 2])

  private func output(
    _ code: String, _ input: Tensor = picture, training: Bool = true, seed: UInt64 = 5
  ) throws -> [[Float]] {
    let run = try LayerRun(
      try layerComponent("keras.layers." + code), [input], training: training, seed: seed)
    run.execution.run()
    return Self.examples(run.output)
  }

  private static func examples(_ tensor: Tensor) -> [[Float]] {
    let count = tensor.count / tensor.shape[0]
    return (0..<tensor.shape[0]).map { Array(tensor.scalars[$0 * count..<($0 + 1) * count]) }
  }

  /// A picture of 5 × 4 × 2 with axes turned around.
  private func mirrored(_ picture: [Float], rows: Bool, columns: Bool) -> [Float] {
    var mirrored: [Float] = []
    for row in 0..<5 {
      for column in 0..<4 {
        let pixel = (rows ? 4 - row : row) * 4 + (columns ? 3 - column : column)
        mirrored += picture[pixel * 2..<pixel * 2 + 2]
      }
    }
    return mirrored
  }

  @Test(
    "a picture is mirrored or stays as it is, both ways by one draw",
    arguments: [
      ("RandomFlip()", true, true), ("RandomFlip('horizontal')", false, true),
      ("RandomFlip('vertical')", true, false),
    ])
  func flips(code: String, rows: Bool, columns: Bool) throws {
    var mirrors = 0
    for seed in 0..<8 {
      for (now, before) in zip(
        try output(code, seed: UInt64(seed)), Self.examples(Self.picture))
      {
        let other = mirrored(before, rows: rows, columns: columns)
        #expect(now == before || now == other)
        if now == other { mirrors += 1 }
      }
    }
    #expect((14...34).contains(mirrors), "of 48")
  }

  private static let drawing = [
    "RandomFlip('horizontal')", "RandomTranslation(0.3, (-0.2, 0.4))", "RandomRotation(0.2)",
    "RandomZoom(0.4)", "RandomZoom((0.1, 0.5), 0.2)", "RandomContrast(0.9, (-9, 9))",
  ]

  @Test(
    "each picture has a draw of its own, the same for the same seed and step", arguments: drawing)
  func draws(code: String) throws {
    let one = Self.examples(Self.picture)[0]
    let input = Tensor(
      shape: Self.picture.shape, scalars: (0..<6).flatMap { _ in one })
    let first = try output(code, input)
    #expect(Set(first).count >= (code.contains("Flip") ? 2 : 6), "\(code)")
    #expect(try output(code, input) == first)
    #expect(try (6..<10).contains { try output(code, input, seed: $0) != first })
    #expect(try output(code, input, training: false) == Self.examples(input))
  }

  @Test("what is drawn stays within the factors")
  func ranges() throws {
    func drawn(_ code: String, _ name: String) throws -> [Float] {
      let run = try LayerRun(
        try layerComponent("keras.layers." + code + ", name='layer')"), [Self.picture],
        training: true)
      run.execution.run()
      return run.execution.numbers(of: try #require(run.plan.value(named: "layer/" + name)))
    }
    #expect(
      try drawn("RandomRotation((-0.25, -0.125)", "angle").allSatisfy {
        $0 >= -.pi / 2 && $0 <= -.pi / 4
      })
    #expect(try drawn("RandomZoom((0.2, 0.1)", "rows").allSatisfy { $0 >= 1.1 && $0 <= 1.2 })
    // Keras takes one number for the upper end alone.
    #expect(try drawn("RandomContrast(0.5", "factor").allSatisfy { $0 >= 1 && $0 <= 1.5 })
    let turns = try drawn("RandomRotation(0.5", "angle")
    #expect(turns.contains { $0 < 0 } && turns.contains { $0 > 0 })
  }

  @Test("a channel of a picture is dropped as a whole")
  func spatialDropout() throws {
    let ones = Tensor(shape: [4, 3, 5, 20], repeating: 1)
    for picture in try output("SpatialDropout2D(0.5)", ones) {
      let rows = (0..<15).map { Array(picture[$0 * 20..<($0 + 1) * 20]) }
      #expect(Set(rows).count == 1)
      #expect(Set(rows[0]) == [0, 2])
    }
  }

  // MARK: Refusals

  @Test(
    "what does not fit is refused with what would be right",
    arguments: [
      (
        "MaxPooling1D(4)", [3, 2], "gets (3, 2), shorter than its window of 4",
        "padding=\"same\", or a window of at most 3"
      ),
      (
        "AveragePooling2D((2, 5))", [3, 4, 1], "gets (3, 4, 1), smaller than its window of 2 × 5",
        "padding=\"same\", or a window of at most 2 × 4"
      ),
      (
        "GlobalMaxPooling2D()", [4, 2], "gets (4, 2), which is not an image",
        "an input of shape (height, width, channels)"
      ),
      (
        "Cropping1D((2, 1))", [3, 2], "gets (3, 2) and cuts 3 of its 3 time steps off",
        "cropping of at most 2 of them, both ends together"
      ),
      (
        "Cropping2D(((0, 0), (3, 2)))", [9, 4, 1],
        "gets (9, 4, 1) and cuts 5 of its 4 columns off",
        "cropping of at most 3 of them, both ends together"
      ),
      (
        "RandomContrast((2, 3))", [4, 4, 1], "has factor=(2.0, 3.0)",
        "a number from 0 to 1, or two, as (0.2, 0.4)"
      ),
      (
        "RandomFlip()", [7], "gets (7,), which is not an image",
        "an input of shape (height, width, channels)"
      ),
    ] as [(String, Shape, String, String)])
  func refusals(code: String, shape: Shape, problem: String, remedy: String) throws {
    do {
      _ = try LayerRun(
        try layerComponent("keras.layers.\(code)"),
        [Tensor(shape: Shape([2] + shape.extents), repeating: 1)], training: false)
      Issue.record("\(code) takes \(shape)")
    } catch let failure as Network.Failure {
      #expect(failure.problem == problem)
      #expect(failure.remedy == remedy)
    }
  }

  @Test(
    "arguments that Keras refuses are refused",
    arguments: [
      "MaxPooling2D(0)", "MaxPooling1D((2, 2))", "AveragePooling2D()", "MaxPooling2D((2, 2, 2))",
      "Cropping2D(-1)", "Cropping2D((1, 2, 3))", "ZeroPadding2D(((1, 2), (3, 4, 5)))",
      "ZeroPadding1D((1, 2, 3))", "UpSampling2D(0)", "UpSampling2D(2, None, 'lanczos3')",
      "RandomFlip('sideways')", "RandomTranslation(1.5, 0)", "RandomTranslation(0.5)",
      "RandomRotation((0.1, 0.2, 0.3))", "RandomZoom(-1.0)", "RandomZoom(0.2, fill_mode='mirror')",
      "RandomRotation(0.1, interpolation='bicubic')", "RandomContrast(-0.1)",
      "RandomContrast(0.1, value_range=1)", "GlobalMaxPooling1D('channels_first')",
      "SpatialDropout2D(1.0)",
    ])
  func arguments(code: String) {
    #expect(throws: Arguments.Failure.self) { try layerComponent("keras.layers.\(code)") }
  }

  @Test(
    "margins are kept in their shortest form",
    arguments: [
      ("2", .integers([2, 2])), ("(1, 0)", .integers([1, 0])),
      ("((1, 1), (3, 3))", .integers([1, 3])),
      ("((1, 0), 2)", .list([.integers([1, 0]), .integers([2, 2])])),
    ] as [(String, ArgumentValue)])
  func margins(code: String, value: ArgumentValue) throws {
    let component = try layerComponent("keras.layers.ZeroPadding2D(\(code))")
    #expect(component.arguments["padding"] == value)
  }
}
