import NeuralNets
import Tensors
import TestSupport

/// Random small networks: dense ones, convolutions and memories in turn, with every loss and
/// optimizer.
///
/// Their functions are smooth (tanh, sigmoid, softmax): a relu unit that rounding puts on the other
/// side of 0 would part the two trajectories, which says nothing of either library.
struct FreshNets {
  private let random: CounterRandom
  private var drawn = 0

  init(seed: UInt64) { random = CounterRandom(seed: seed, name: "fresh networks") }

  private mutating func below(_ count: Int) -> Int {
    drawn += 1
    return Int(random.uniform(at: drawn) * Double(count))
  }

  private mutating func one<T>(of choices: [T]) -> T { choices[below(choices.count)] }

  private mutating func chance() -> Bool { below(2) == 0 }

  private mutating func smooth() -> JSONArgument { one(of: ["tanh", "sigmoid"]) }

  /// The network of a number, with weights and 22 examples.
  mutating func net(_ number: Int) throws -> KerasNet {
    let (input, body) = [dense, images, sequences][number % 3](&self)
    // PyTorch cannot derive a sparse loss over images: "grad_input must be contiguous".
    let givesImages = input.count == 3 && body.last?.kind != "Flatten"
    let head = one(of: Self.heads.filter { !givesImages || !$0.loss.hasPrefix("Sparse") })
    let optimizer = one(of: Self.optimizers)
    let last = KerasNet.Part("Dense", ["units": .integer(head.units), "activation": head.function])
    let name = "net\(number < 10 ? "0" : "")\(number)"
    var net = KerasNet(
      name,
      KerasNet.Description(
        input: input, layers: body + [last], loss: head.loss, optimizer: optimizer))
    let network = try Network(try net.model())
    for (weight, tensor) in network.initialWeights(seed: UInt64(number)) {
      net.tensors["initial/" + weight] = tensor
    }
    let inputs = CounterRandom(seed: 1, name: name)
    let shape = Shape([22] + input)
    net.tensors["inputs"] = Tensor(
      shape: shape, scalars: (0..<shape.count).map { Float(inputs.normal(at: $0)) })
    net.tensors["targets"] = targets(head.loss, Shape([22] + network.outputShape.extents))
    return net
  }

  // MARK: Parts

  private static let heads: [(loss: String, units: Int, function: JSONArgument)] = [
    ("MeanSquaredError", 2, "linear"), ("BinaryCrossentropy", 1, "sigmoid"),
    ("BinaryCrossentropy", 3, "sigmoid"), ("CategoricalCrossentropy", 3, "softmax"),
    ("CategoricalCrossentropy", 3, "sigmoid"), ("SparseCategoricalCrossentropy", 4, "softmax"),
  ]

  private static let optimizers: [KerasNet.Part] = [
    KerasNet.Part("SGD", ["learning_rate": 0.05]),
    KerasNet.Part("SGD", ["learning_rate": 0.02, "momentum": 0.9]),
    KerasNet.Part("SGD", ["learning_rate": 0.02, "momentum": 0.8, "nesterov": true]),
    KerasNet.Part("Adam", ["learning_rate": 0.01]),
    KerasNet.Part("Adam", ["learning_rate": 0.003, "beta_1": 0.8, "beta_2": 0.99]),
  ]

  private func dense(_ draw: inout FreshNets) -> ([Int], [KerasNet.Part]) {
    var layers: [KerasNet.Part] = []
    for _ in 0...draw.below(3) {
      layers.append(
        KerasNet.Part(
          "Dense",
          [
            "units": .integer(2 + draw.below(15)), "activation": draw.smooth(),
            "use_bias": .boolean(draw.chance()),
          ]))
      if draw.chance() { layers.append(KerasNet.Part("Dropout", ["rate": 0])) }
    }
    return ([1 + draw.below(12)], layers)
  }

  private func images(_ draw: inout FreshNets) -> ([Int], [KerasNet.Part]) {
    var layers: [KerasNet.Part] = []
    for _ in 0...draw.below(2) {
      layers.append(
        KerasNet.Part(
          "Conv2D",
          [
            "filters": .integer(1 + draw.below(20)),
            "kernel_size": .integers([1 + draw.below(3), 1 + draw.below(3)]),
            "strides": .integers([1 + draw.below(2), 1 + draw.below(2)]), "padding": "same",
            "activation": draw.smooth(), "use_bias": .boolean(draw.chance()),
          ]))
    }
    if draw.chance() {
      layers.append(KerasNet.Part("Activation", ["activation": "tanh"]))
      layers.append(KerasNet.Part("Conv2D", ["filters": 3, "kernel_size": [2, 1]]))
    }
    layers.append(
      draw.chance()
        ? KerasNet.Part(
          "MaxPooling2D",
          ["pool_size": .integer(2), "strides": .integer(1 + draw.below(2)), "padding": "same"])
        : KerasNet.Part("MaxPooling2D", ["pool_size": .integers([1, 2])]))
    // Without a Flatten the last layer works at every place of the image.
    if draw.chance() {
      layers.append(KerasNet.Part("Dense", ["units": 3, "activation": "softmax"]))
    }
    if draw.below(3) > 0 { layers.append(KerasNet.Part("Flatten")) }
    return ([8 + draw.below(3), 8 + draw.below(3), 1 + draw.below(3)], layers)
  }

  private func sequences(_ draw: inout FreshNets) -> ([Int], [KerasNet.Part]) {
    var layers: [KerasNet.Part] = []
    let count = 1 + draw.below(2)
    let everyStep = draw.chance()
    for i in 0..<count {
      layers.append(
        KerasNet.Part(
          "LSTM",
          [
            "units": .integer(1 + draw.below(40)), "activation": draw.smooth(),
            "recurrent_activation": draw.smooth(), "use_bias": .boolean(draw.chance()),
            "unit_forget_bias": .boolean(draw.chance()),
            "return_sequences": .boolean(i + 1 < count || everyStep),
          ]))
    }
    if everyStep && draw.chance() { layers.append(KerasNet.Part("Flatten")) }
    return ([1 + draw.below(9), 1 + draw.below(5)], layers)
  }

  /// Targets that suit a loss, for predictions of a shape.
  private mutating func targets(_ loss: String, _ shape: Shape) -> Tensor {
    switch loss {
    case "SparseCategoricalCrossentropy":
      let rows = Shape(Array(shape.extents.dropLast()))
      return Tensor(shape: rows, scalars: (0..<rows.count).map { _ in Float(below(shape.last)) })
    case "CategoricalCrossentropy":
      var scalars: [Float] = []
      for _ in 0..<shape.rows {
        let chosen = below(shape.last)
        scalars += (0..<shape.last).map { $0 == chosen ? 1 : 0 }
      }
      return Tensor(shape: shape, scalars: scalars)
    default:
      return Tensor(shape: shape, scalars: (0..<shape.count).map { _ in Float(below(2)) })
    }
  }
}
