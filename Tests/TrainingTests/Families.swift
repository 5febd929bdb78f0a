import NeuralNets
import Tensors
import Testing

/// A compiled network of some kind of layers, as large as a test wants it.
struct NetworkFamily: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let model: ModelDescription
  /// The numbers of classes that inputs name, where they are places in a table.
  var words = 0

  init(
    _ name: String, input: Shape, _ layers: [(String, [String: any Sendable])],
    wiring: Wiring? = nil, loss: String = "MeanSquaredError", optimizer: String = "Adam",
    words: Int = 0
  ) {
    testDescription = name
    self.words = words
    let components = layers.map { kind, arguments in
      component(kind, LayerCatalog.type(named: kind)?.arguments ?? [], arguments)
    }
    guard let optimizerClass = OptimizerCatalog.named(optimizer),
      let lossClass = LossCatalog.named(loss)
    else { preconditionFailure("no \(optimizer), or no \(loss)") }
    model = ModelDescription(
      inputShape: input, layers: components, wiring: wiring,
      compilation: Compilation(
        optimizer: component(optimizer, optimizerClass.arguments, [:]), loss: lossClass.standard))
  }

  /// Networks of every family.
  ///
  /// - Parameter s: how large: 1 for small ones.
  static func all(scale s: Int) -> [NetworkFamily] {
    [
      NetworkFamily(
        "dense layers", input: [8 * s],
        [
          ("Dense", ["units": 16 * s, "activation": "relu"]),
          ("Dense", ["units": 16 * s, "activation": "tanh"]), ("Dense", ["units": 4]),
        ]),
      NetworkFamily(
        "dense layers without an optimizer's memory", input: [8 * s],
        [
          ("Dense", ["units": 16 * s, "activation": "gelu"]), ("Dropout", ["rate": 0.2]),
          ("Dense", ["units": 16 * s, "activation": "relu"]), ("Dense", ["units": 4]),
        ], optimizer: "SGD"),
      NetworkFamily(
        "normalized dense layers", input: [8 * s],
        [
          ("Dense", ["units": 16 * s]), ("BatchNormalization", [:]),
          ("Activation", ["activation": "relu"]), ("Dense", ["units": 16 * s]),
          ("LayerNormalization", [:]), ("Dense", ["units": 4]),
        ]),
      NetworkFamily(
        "convolutions", input: [2 * s + 6, 2 * s + 6, 3],
        [
          ("Conv2D", ["filters": 8, "kernel_size": 3, "activation": "relu"]),
          ("MaxPooling2D", [:]),
          (
            "Conv2D", ["filters": 16, "kernel_size": 3, "padding": "same", "activation": "relu"]
          ), ("Flatten", [:]), ("Dense", ["units": 10, "activation": "softmax"]),
        ], loss: "CategoricalCrossentropy"),
      NetworkFamily(
        "LSTM", input: [2 * s + 4, 6],
        [("LSTM", ["units": 8 * s]), ("Dense", ["units": 1])]),
      NetworkFamily(
        "GRU", input: [2 * s + 4, 6],
        [("GRU", ["units": 8 * s, "return_sequences": true]), ("Dense", ["units": 1])]),
      NetworkFamily(
        "attention", input: [2 * s + 4],
        [
          ("Embedding", ["input_dim": 20, "output_dim": 8 * s]),
          ("MultiHeadAttention", ["num_heads": 2, "key_dim": 4 * s]), ("Add", [:]),
          ("LayerNormalization", [:]), ("Dense", ["units": 16 * s, "activation": "relu"]),
          ("Dense", ["units": 8 * s]), ("Add", [:]), ("LayerNormalization", [:]),
          ("Dense", ["units": 20, "activation": "softmax"]),
        ],
        wiring: Wiring(
          inputs: [Wiring.Input(shape: [2 * s + 4])],
          calls: [
            Wiring.Call(layer: 0, inputs: [.input(0)]),
            Wiring.Call(layer: 1, inputs: [.call(0), .call(0)]),
            Wiring.Call(layer: 2, inputs: [.call(0), .call(1)]),
            Wiring.Call(layer: 3, inputs: [.call(2)]), Wiring.Call(layer: 4, inputs: [.call(3)]),
            Wiring.Call(layer: 5, inputs: [.call(4)]),
            Wiring.Call(layer: 6, inputs: [.call(3), .call(5)]),
            Wiring.Call(layer: 7, inputs: [.call(6)]), Wiring.Call(layer: 8, inputs: [.call(7)]),
          ], outputs: [.call(8)]), loss: "SparseCategoricalCrossentropy", words: 20),
    ]
  }
}
