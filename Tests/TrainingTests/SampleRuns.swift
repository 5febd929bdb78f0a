import NeuralNets
import Tensors
import Testing
import Training

/// Small runs over every kind of layer, for tests of what must hold for all of them.
struct SampleRun: Sendable, CustomTestStringConvertible {
  let name: String
  let settings: RunSettings
  var testDescription: String { name }

  static let all: [SampleRun] = [
    SampleRun(
      "dense, dropout, Adam", input: [6],
      layers: [
        ("Dense", ["units": 9, "activation": "tanh"]), ("Dropout", ["rate": 0.3]),
        ("Dense", ["units": 5, "activation": "relu"]),
        ("Dense", ["units": 3, "activation": "softmax"]),
      ], loss: "SparseCategoricalCrossentropy", optimizer: "Adam", classes: 3),
    SampleRun(
      "dense, SGD", input: [4],
      layers: [("Dense", ["units": 7, "activation": "sigmoid"]), ("Dense", ["units": 2])],
      loss: "MeanSquaredError", optimizer: "SGD", optimizerArguments: ["momentum": 0.9]),
    SampleRun(
      "binary, Nesterov", input: [5],
      layers: [
        ("Dense", ["units": 6, "use_bias": false, "activation": "relu"]),
        ("Dense", ["units": 1, "activation": "sigmoid"]),
      ], loss: "BinaryCrossentropy", optimizer: "SGD",
      optimizerArguments: ["momentum": 0.5, "nesterov": true], classes: 2),
    SampleRun(
      "convolution, pooling, dropout", input: [7, 6, 2],
      layers: [
        ("Conv2D", ["filters": 4, "kernel_size": 3, "activation": "relu"]),
        ("MaxPooling2D", [:]), ("Dropout", ["rate": 0.25]), ("Flatten", [:]),
        ("Dense", ["units": 3, "activation": "softmax"]),
      ], loss: "SparseCategoricalCrossentropy", optimizer: "Adam", classes: 3),
    SampleRun(
      "convolution with strides and zeros around", input: [6, 5, 1],
      layers: [
        ("Conv2D", ["filters": 3, "kernel_size": [2, 3], "padding": "same", "use_bias": false]),
        ("Activation", ["activation": "tanh"]),
        (
          "Conv2D",
          [
            "filters": 2, "kernel_size": 3, "strides": 2, "padding": "same",
            "activation": "sigmoid",
          ]
        ),
        ("MaxPooling2D", ["pool_size": 2, "strides": 1, "padding": "same"]),
        ("Dense", ["units": 2, "activation": "tanh"]), ("Dropout", ["rate": 0.1]),
        ("Flatten", [:]), ("Dense", ["units": 1]),
      ], loss: "MeanSquaredError", optimizer: "SGD", optimizerArguments: ["momentum": 0.9]),
    SampleRun(
      "dilation, groups, depthwise, separable, transposed", input: [6, 5, 2],
      layers: [
        ("Conv2D", ["filters": 4, "kernel_size": 2, "dilation_rate": 2, "groups": 2]),
        ("DepthwiseConv2D", ["kernel_size": 3, "padding": "same", "depth_multiplier": 2]),
        ("SeparableConv2D", ["filters": 3, "kernel_size": 2, "activation": "tanh"]),
        ("Conv2DTranspose", ["filters": 2, "kernel_size": 3, "strides": 2, "padding": "same"]),
        ("Flatten", [:]), ("Dense", ["units": 1]),
      ], loss: "MeanSquaredError", optimizer: "Adam"),
    SampleRun(
      "convolutions of sequences", input: [8, 2],
      layers: [
        ("Conv1D", ["filters": 4, "kernel_size": 3, "padding": "causal", "activation": "relu"]),
        ("DepthwiseConv1D", ["kernel_size": 2]),
        ("SeparableConv1D", ["filters": 3, "kernel_size": 2, "strides": 2]),
        ("Conv1DTranspose", ["filters": 2, "kernel_size": 3, "strides": 2]),
        ("Flatten", [:]), ("Dense", ["units": 3, "activation": "softmax"]),
      ], loss: "SparseCategoricalCrossentropy", optimizer: "SGD", classes: 3),
    SampleRun(
      "LSTM", input: [5, 2],
      layers: [("LSTM", ["units": 3]), ("Dense", ["units": 1])],
      loss: "MeanSquaredError", optimizer: "Adam"),
    SampleRun(
      "LSTM on LSTM, as many time steps as examples", input: [4, 3],
      layers: [
        ("LSTM", ["units": 4, "return_sequences": true, "use_bias": false]),
        ("Dropout", ["rate": 0.2]),
        (
          "LSTM",
          [
            "units": 2, "activation": "relu", "recurrent_activation": "sigmoid",
            "bias_initializer": "ones",
          ]
        ), ("Dense", ["units": 3, "activation": "softmax"]),
      ], loss: "SparseCategoricalCrossentropy", optimizer: "SGD", classes: 3, rows: 10,
      batchSize: 4),
    SampleRun(
      "a word at every time step", input: [3, 2],
      layers: [
        (
          "LSTM",
          [
            "units": 3, "return_sequences": true, "activation": "linear",
            "recurrent_activation": "tanh",
          ]
        ), ("Dense", ["units": 4, "activation": "softmax"]),
      ], loss: "SparseCategoricalCrossentropy", optimizer: "SGD", classes: 4),
    SampleRun(
      "stateful LSTM and GRU, examples held back", input: [3, 2],
      layers: [
        ("LSTM", ["units": 3, "stateful": true, "return_sequences": true]),
        ("GRU", ["units": 2, "stateful": true, "dropout": 0.2]), ("Dense", ["units": 1]),
      ], loss: "MeanSquaredError", optimizer: "Adam", rows: 12, batchSize: 4, carries: true,
      heldBack: 8),
  ]

  init(
    _ name: String, input: Shape, layers: [(String, [String: any Sendable])], loss: String,
    optimizer: String, optimizerArguments: [String: any Sendable] = [:], classes: Int = 0,
    rows: Int = 22, batchSize: Int = 8, carries: Bool = false, heldBack: Int = 0
  ) {
    self.name = name
    let components = layers.map { kind, arguments in
      component(kind, LayerCatalog.type(named: kind)?.arguments ?? [], arguments)
    }
    guard let optimizerClass = OptimizerCatalog.named(optimizer),
      let lossClass = LossCatalog.named(loss)
    else { preconditionFailure("no \(optimizer), or no \(loss)") }
    let model = ModelDescription(
      inputShape: input, layers: components,
      compilation: Compilation(
        optimizer: component(
          optimizer, optimizerClass.arguments, optimizerArguments),
        loss: lossClass.standard, metrics: ["accuracy"]), batchSize: carries ? batchSize : nil)
    let random = CounterRandom(seed: 11, name: name)
    let inputs = Tensor(
      shape: Shape([rows] + input.extents),
      scalars: (0..<rows * input.count).map { Float(random.normal(at: $0)) })
    guard let output = try? Network(model).outputShape else {
      preconditionFailure("\(name) is no network")
    }
    let labels = CounterRandom(seed: 12, name: name)
    let targets: Tensor
    if loss == "SparseCategoricalCrossentropy" {
      let places = output.count / output.last
      targets = Tensor(
        shape: Shape([rows] + output.extents.dropLast()),
        scalars: (0..<rows * places).map { Float(Int(labels.uniform(at: $0) * Double(classes))) })
    } else {
      targets = Tensor(
        shape: Shape([rows] + output.extents),
        scalars: (0..<rows * output.count).map {
          let u = labels.uniform(at: $0)
          return loss == "BinaryCrossentropy" ? (u > 0.5 ? 1 : 0) : Float(u)
        })
    }
    let examples = Examples(inputs: inputs, targets: targets)
    settings = RunSettings(
      model: model,
      data: TrainingData(
        name: name, training: examples,
        validation: heldBack == 0 ? nil : examples.rows((0..<heldBack).map { rows - 1 - $0 }),
        classes: (0..<classes).map { "\($0)" }),
      batchSize: batchSize, epochs: 3, seed: 5)
  }
}

/// A component from plain Swift values.
func component(
  _ kind: String, _ specs: [ArgumentSpec], _ arguments: [String: any Sendable]
) -> Component {
  let keywords = arguments.map { name, value -> (name: String, value: ArgumentValue) in
    switch value {
    case let value as Bool: (name, .boolean(value))
    case let value as Int: (name, .integer(value))
    case let value as Double: (name, .number(value))
    case let value as [Int]: (name, .integers(value))
    default: (name, .text(value as? String ?? "\(value)"))
    }
  }
  do {
    return Component(kind: kind, arguments: try Arguments(specs, keywords: keywords))
  } catch { preconditionFailure("\(kind): \(error)") }
}
