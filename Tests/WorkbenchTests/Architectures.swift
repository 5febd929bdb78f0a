import KerasCode
import NeuralNets
import Tensors
import Testing
import Training

/// A small network of each architecture that tutorials name, over random examples.
struct Architecture: Sendable, CustomTestStringConvertible {
  let name: String
  let code: String
  /// Whether the inputs are numbers of words: from 0 on, below this.
  var vocabulary: Int?
  var testDescription: String { name }

  private static let imports = """
    import keras
    from keras import layers, ops
    from keras.layers import (
        Activation, Add, Attention, AveragePooling2D, BatchNormalization, Bidirectional,
        Concatenate, Conv2D, Conv2DTranspose, Dense, Dot, Dropout, Embedding, Flatten,
        GRU, GlobalAveragePooling2D, GroupNormalization, LSTM, LayerNormalization,
        MaxPooling2D, MultiHeadAttention, RMSNormalization, RandomContrast, RandomFlip,
        RandomRotation, RandomTranslation, RandomZoom, RepeatVector, Rescaling,
        SimpleRNN, TimeDistributed, UpSampling2D)


    """

  func settings(rows: Int = 7, batchSize: Int = 3) throws -> RunSettings {
    let description = try ModelFile.read(Self.imports + code, file: name).description
    let network = try Network(description)
    let random = CounterRandom(seed: 21, name: name)
    func numbers(_ shape: Shape, _ number: (Double, Double) -> Float) -> Tensor {
      let full = Shape([rows] + shape.extents)
      return Tensor(
        shape: full,
        scalars: (0..<full.count).map { number(random.uniform(at: $0), random.normal(at: $0)) })
    }
    let vocabulary = vocabulary
    let inputs = numbers(network.inputShape) { uniform, normal in
      vocabulary.map { Float(Int(uniform * Double($0))) } ?? Float(normal)
    }
    let output = network.outputShape
    let isSparse = description.compilation?.loss.kind == "SparseCategoricalCrossentropy"
    let targets = numbers(isSparse ? Shape(output.extents.dropLast()) : output) { uniform, _ in
      isSparse ? Float(Int(uniform * Double(output.last))) : Float(uniform)
    }
    return RunSettings(
      model: description,
      data: TrainingData(
        name: name, training: Examples(inputs: inputs, targets: targets),
        classes: isSparse ? (0..<output.last).map { "\($0)" } : []),
      batchSize: batchSize, epochs: 2, seed: 4)
  }

  static let all: [Architecture] = [
    Architecture(
      name: "softmax regression",
      code: """
        model = keras.Sequential([keras.Input((6,)), Dense(3, activation="softmax")])
        model.compile(optimizer="sgd", loss="sparse_categorical_crossentropy")
        """),
    Architecture(
      name: "MLP",
      code: """
        model = keras.Sequential([
            keras.Input((5,)), Dense(7, activation="relu", kernel_regularizer="l2"),
            BatchNormalization(), Dropout(0.2), Dense(3, activation="softmax")])
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy",
                      metrics=["accuracy"])
        """),
    Architecture(
      name: "LeNet with augmentation",
      code: """
        model = keras.Sequential([
            keras.Input((8, 8, 1)), RandomFlip("horizontal"), RandomTranslation(0.1, 0.1),
            RandomRotation(0.1), RandomZoom(0.1), RandomContrast(0.2), Rescaling(0.5),
            Conv2D(3, 3, padding="same", activation="relu"), MaxPooling2D(), Conv2D(2, 3),
            AveragePooling2D(2), Flatten(), Dense(4, activation="relu"), Dropout(0.3),
            Dense(3, activation="softmax")])
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        """),
    Architecture(
      name: "ResNet block",
      code: """
        inputs = keras.Input((6, 6, 2))
        x = Conv2D(3, 3, padding="same", use_bias=False)(inputs)
        x = BatchNormalization()(x)
        x = Activation("relu")(x)
        x = Conv2D(3, 3, padding="same", use_bias=False)(x)
        x = BatchNormalization()(x)
        x = Add()([x, Conv2D(3, 1)(inputs)])
        x = Activation("relu")(x)
        x = GlobalAveragePooling2D()(x)
        model = keras.Model(inputs, Dense(3, activation="softmax")(x))
        model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True),
                      loss="sparse_categorical_crossentropy")
        """),
    Architecture(
      name: "autoencoder",
      code: """
        inputs = keras.Input((9,))
        code = Dense(2, name="code")(Dense(5, activation="tanh")(inputs))
        model = keras.Model(
            inputs, Dense(9, activation="sigmoid")(Dense(5, activation="tanh")(code)))
        model.compile(optimizer="rmsprop", loss="binary_crossentropy")
        """),
    Architecture(
      name: "variational autoencoder",
      code: """
        class Sampling(layers.Layer):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
                self.seed_generator = keras.random.SeedGenerator(1337)

            def call(self, inputs):
                mean, log_var = inputs
                kl = -0.5 * ops.mean(1 + log_var - ops.square(mean) - ops.exp(log_var))
                self.add_loss(0.05 * kl)
                epsilon = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
                return mean + ops.exp(0.5 * log_var) * epsilon

        inputs = keras.Input((4,))
        h = Dense(6, activation="tanh")(inputs)
        z = Sampling()([Dense(2)(h), Dense(2)(h)])
        model = keras.Model(inputs, Dense(4)(Dense(6, activation="tanh")(z)))
        model.compile(optimizer="adam", loss="mse")
        """),
    Architecture(
      name: "LSTM",
      code: """
        model = keras.Sequential([
            keras.Input((4, 2)), LSTM(3, return_sequences=True, dropout=0.2),
            LSTM(2, recurrent_dropout=0.3), Dense(1)])
        model.compile(optimizer="adam", loss="mse")
        """),
    Architecture(
      name: "GRU",
      code: """
        model = keras.Sequential([
            keras.Input((4, 2)), GRU(3, return_sequences=True),
            GRU(2, reset_after=False), Dense(1)])
        model.compile(optimizer="nadam", loss="mae")
        """),
    Architecture(
      name: "bidirectional, masked",
      code: """
        model = keras.Sequential([
            keras.Input((4,)), Embedding(6, 3, mask_zero=True),
            Bidirectional(LSTM(2, return_sequences=True)), Bidirectional(SimpleRNN(2)),
            Dense(1, activation="sigmoid")])
        model.compile(optimizer="adam", loss="binary_crossentropy")
        """, vocabulary: 6),
    Architecture(
      name: "sequence to sequence with attention",
      code: """
        inputs = keras.Input((4, 3))
        encoded, h, c = LSTM(3, return_sequences=True, return_state=True)(inputs)
        given = RepeatVector(3)(h)
        decoded = LSTM(3, return_sequences=True)(given, initial_state=[h, c])
        context = Attention()([decoded, encoded])
        joined = Concatenate()([decoded, context])
        model = keras.Model(
            inputs, TimeDistributed(Dense(5, activation="softmax"))(joined))
        model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
        """),
    Architecture(
      name: "character transformer",
      code: """
        class Places(layers.Layer):
            def __init__(self, length, width, **kwargs):
                super().__init__(**kwargs)
                self.tokens = Embedding(7, width)
                self.places = Embedding(length, width)
                self.length = length

            def call(self, x):
                return self.tokens(x) + self.places(ops.arange(0, self.length))

        inputs = keras.Input((4,))
        x = Places(4, 6)(inputs)
        y = LayerNormalization()(x)
        y = MultiHeadAttention(2, 3, dropout=0.1)(y, y, use_causal_mask=True)
        x = x + y
        y = LayerNormalization()(x)
        y = Dense(8, activation="gelu")(y)
        x = x + Dense(6)(y)
        x = RMSNormalization()(x)
        model = keras.Model(inputs, Dense(7)(x))
        model.compile(optimizer=keras.optimizers.AdamW(0.01, clipnorm=1.0),
                      loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        """, vocabulary: 7),
    Architecture(
      name: "U-Net",
      code: """
        inputs = keras.Input((4, 4, 1))
        a = Conv2D(2, 3, padding="same", activation="relu")(inputs)
        b = Conv2D(3, 3, padding="same", activation="relu")(MaxPooling2D()(a))
        c = Conv2DTranspose(2, 2, strides=2)(b)
        c = Concatenate()([a, c])
        c = Conv2D(2, 3, padding="same", activation="relu")(c)
        d = UpSampling2D(interpolation="bilinear")(b)
        c = Concatenate()([c, GroupNormalization(1)(d)])
        model = keras.Model(inputs, Conv2D(1, 1, activation="sigmoid")(c))
        model.compile(optimizer="adam", loss="binary_crossentropy")
        """),
    Architecture(
      name: "recommender of two towers",
      code: """
        inputs = keras.Input((2,))
        user = Flatten()(Embedding(5, 3)(inputs[:, :1]))
        item = Flatten()(Embedding(5, 3)(inputs[:, 1:]))
        score = Dot(axes=1)([Dense(2)(user), Dense(2)(item)])
        model = keras.Model(inputs, score)
        model.compile(optimizer="adagrad", loss="mse")
        """, vocabulary: 5),
  ]
}
