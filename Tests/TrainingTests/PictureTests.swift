import NeuralNets
import Tensors
import Testing
import Training

@Suite("Pictures of a run")
struct PictureTests {
  /// What names no class, or none of these: no number, no size, below 0, beyond every `Int`.
  private static let oddities: [Float] = [.nan, .infinity, -.infinity, -3, 1e30, 7]

  /// The pictures of a sample run whose unseen examples have these targets.
  private static func pictures(_ sample: String, targets: [Float], width: Int) throws -> LabPictures
  {
    let known = try #require(SampleRun.all.first { $0.name == sample }).settings
    let count = targets.count / width
    let unseen = Examples(
      inputs: known.data.training.inputs.rows(Array(0..<count)),
      targets: Tensor(shape: [count, width], scalars: targets))
    let data = TrainingData(
      name: sample, training: known.data.training, validation: unseen,
      classes: known.data.classes)
    let lab = Lab()
    lab.handle(.open(RunSettings(model: known.model, data: data, batchSize: 8, epochs: 1, seed: 1)))
    lab.handle(.look(Interest(pictures: true)))
    lab.handle(.move(1, .step))
    return try #require(lab.snapshot().pictures)
  }

  /// The pictures of a run before its first step.
  private static func atTheStart(
    _ model: ModelDescription, _ data: TrainingData
  ) throws -> LabPictures {
    let lab = Lab()
    lab.handle(.open(RunSettings(model: model, data: data, batchSize: 4, epochs: 1, seed: 1)))
    lab.handle(.look(Interest(pictures: true)))
    return try #require(lab.snapshot().pictures)
  }

  @Test("targets that name no class are left out of what was judged")
  func oddClasses() throws {
    let pictures = try Self.pictures("binary, Nesterov", targets: Self.oddities + [0, 1], width: 1)
    #expect(pictures.probeLabels == ["0", "1"])
    #expect(pictures.judged.map(\.isClass).sorted() == [0, 1, 7])
    #expect(pictures.confusion?.flatMap { $0 }.reduce(0, +) == 2)
  }

  @Test("examples without classes are named by their rows, whatever their targets")
  func oddNumbers() throws {
    let pictures = try Self.pictures("dense, SGD", targets: Self.oddities, width: 2)
    #expect(pictures.probeLabels == ["0", "1", "2"])
    #expect(pictures.fit.examples == 3 && pictures.confusion == nil)
  }

  @Test("of a mask each pixel is judged, by the probability that it is of the second class")
  func masks() throws {
    let convolution = component(
      "Conv2D", LayerCatalog.type(named: "Conv2D")?.arguments ?? [],
      ["filters": 1, "kernel_size": 1, "kernel_initializer": "zeros", "activation": "sigmoid"])
    let model = ModelDescription(
      inputShape: [2, 2, 1], layers: [convolution],
      compilation: Compilation(optimizer: .known("SGD"), loss: .known("BinaryCrossentropy")))
    let mask: [Float] = [1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0]
    let examples = Examples(
      inputs: Tensor(shape: [4, 2, 2, 1], scalars: mask),
      targets: Tensor(shape: [4, 2, 2, 1], scalars: mask))
    let pictures = try Self.atTheStart(
      model, TrainingData(name: "masks", training: examples, classes: ["healthy", "growth"]))
    // It says 0.5 of each, which is not more than half.
    #expect(pictures.confusion == [[11, 0], [5, 0]])
    #expect(pictures.right == 11)
    #expect(pictures.judged.count == 16)
  }

  @Test(
    "the losses beside examples are those that the network learns by, whatever comes out of it",
    arguments: ["softmax", "softplus", "exponential"])
  func losses(activation: String) throws {
    let dense = component(
      "Dense", LayerCatalog.type(named: "Dense")?.arguments ?? [],
      ["units": 3, "activation": activation])
    let model = ModelDescription(
      inputShape: [2], layers: [dense],
      compilation: Compilation(
        optimizer: .known("SGD"), loss: .known("SparseCategoricalCrossentropy")))
    let examples = Examples(
      inputs: Tensor(shape: [4, 2], scalars: [1, 2, -1, 0.5, 0, 3, -2, -1]),
      targets: Tensor(shape: [4, 1], scalars: [0, 1, 2, 1]))
    let data = TrainingData(name: "three", training: examples, classes: ["a", "b", "c"])
    let judged = try Self.atTheStart(model, data).judged
    let session = try Session(
      RunSettings(model: model, data: data, batchSize: 4, epochs: 1, seed: 1))
    let loss = session.evaluate(examples).loss
    #expect(abs(judged.map(\.loss).reduce(0, +) / 4 - loss) < 1e-6)
    #expect(judged.allSatisfy { (0...1).contains($0.probability) && $0.loss >= 0 })
  }

  @Test("of many outputs some are shown of every example and of every place; the error is of all")
  func manyOutputs() throws {
    let (rows, outputs) = (20, 40)
    let dense = component(
      "Dense", LayerCatalog.type(named: "Dense")?.arguments ?? [],
      ["units": outputs, "kernel_initializer": "zeros"])
    let model = ModelDescription(
      inputShape: [3], layers: [dense],
      compilation: Compilation(optimizer: .known("SGD"), loss: .known("MeanSquaredError")))
    // Each target is another number; the network says 0.
    let examples = Examples(
      inputs: Tensor(shape: [rows, 3], scalars: [Float](repeating: 1, count: rows * 3)),
      targets: Tensor(shape: [rows, outputs], scalars: (0..<rows * outputs).map(Float.init)))
    let fit = try Self.atTheStart(model, TrainingData(name: "numbers", training: examples)).fit
    #expect(fit.count == 800 && fit.error == 399.5)
    let places = fit.dots.map { Int($0.target) }
    #expect(Set(places).count == 300)
    #expect(Set(places.map { $0 / outputs }).count == rows)
    #expect(Set(places.map { $0 % outputs }).count == outputs)
  }

  @Test(
    "a layer's pictures keep one kind of colors: what it can give is known, not only what it gave")
  func signs() throws {
    let model = ModelDescription.perceptron(inputShape: [2], hidden: [3], classes: 2)
    let examples = Examples(
      inputs: Tensor(shape: [4, 2], scalars: [1, 1, 1, 1, 1, 1, 1, 1]),
      targets: Tensor(shape: [4], scalars: [0, 1, 0, 1]))
    for (activation, expected) in [("relu", false), ("tanh", true), ("linear", true)] {
      var changed = model
      try changed.layers[0].arguments.set("activation", .text(activation))
      let lab = Lab()
      lab.handle(
        .open(
          RunSettings(
            model: changed, data: TrainingData(name: "points", training: examples), batchSize: 4,
            epochs: 1, seed: 1)))
      for quantity in [LayerPicture.Quantity.activation, .weights] {
        lab.handle(.look(Interest(pictures: true, quantity: quantity)))
        let pictures = try #require(lab.snapshot().pictures)
        let units = quantity == .activation ? pictures.plane?.units ?? [] : pictures.layers
        #expect(
          units.map(\.canBeNegative)
            == (quantity == .activation ? [expected, false] : [true, true]))
      }
    }
  }
}
