import Foundation
import Scripts
import Tensors
import Testing

/// Whole runs, from the draw of the weights to the last update, with the instructions of every
/// processor at hand and any number of threads.
@Suite("The same bytes")
struct SameBytesTests {
  @Test(
    "a run prints the same digits with any instruction set and any number of threads",
    arguments: families)
  func digits(family: TrainedFamily) throws {
    let fastest = kernelTier()
    defer { _ = forceKernelTier(fastest) }
    let tiers = ["emulated", "neon", "avx2", "avx512"].filter(forceKernelTier)
    #expect(!tiers.isEmpty)
    let first = try family.run(on: tiers[0])
    // Losses of twelve steps and at least a layer, all of them numbers.
    #expect(first.count > 300 && !first.contains("nan") && !first.contains("inf"))
    for tier in tiers.dropFirst() {
      let isSame = try family.run(on: tier) == first
      #expect(isSame, "\(tier) differs from \(tiers[0])")
    }
    for threads in [2, 3] {
      let isSame = try family.run(on: tiers.last ?? "", threads: threads) == first
      #expect(isSame, "\(threads) threads differ from one")
    }
  }

  @Test("the base tier has its own digits, the same with any number of threads")
  func base() throws {
    let fastest = kernelTier()
    defer { _ = forceKernelTier(fastest) }
    guard forceKernelTier("base"), let family = families.first else { return }
    let first = try family.run(on: "base")
    for threads in [2, 3] { #expect(try family.run(on: "base", threads: threads) == first) }
  }
}

/// A network of some kind of layers with its data; it is trained for twelve steps.
struct TrainedFamily: Sendable, CustomTestStringConvertible {
  let testDescription: String
  private let text: String

  init(_ name: String, _ text: String, optimizer: String = "'adam'", loss: String = "'mse'") {
    testDescription = name
    self.text = """
      import keras, numpy as np
      from keras import layers
      keras.utils.set_random_seed(7)
      rng = np.random.RandomState(3)
      \(text)
      model.compile(optimizer=\(optimizer), loss=\(loss))
      h = model.fit(x, y, batch_size=32, epochs=4, verbose=0)
      print(h.history)
      for w in model.get_weights():
          print(w.ravel().tolist())
      print(model.predict(x[:5], verbose=0).ravel().tolist())

      """
  }

  func run(on tier: String, threads: Int = 1) throws -> String {
    #expect(forceKernelTier(tier))
    setKernelThreads(threads)
    defer { setKernelThreads(1) }
    return try printed(text)
  }
}

private let families =
  [
    TrainedFamily(
      "dense layers, batch normalization, dropout, penalties; products that threads share",
      """
      x, y = rng.normal(size=(80, 96)), rng.randint(0, 4, size=80)
      model = keras.Sequential([keras.Input((96,)), layers.GaussianNoise(0.1),
          layers.Dense(170, activation="relu", kernel_regularizer="l2"), layers.BatchNormalization(),
          layers.Dropout(0.3), layers.Dense(12, activation="gelu"), layers.LayerNormalization(),
          layers.Dense(8, activation="softplus"), layers.UnitNormalization(),
          layers.Dense(4, activation="softmax")])
      """, loss: "'sparse_categorical_crossentropy'"),
    TrainedFamily(
      "pictures: convolutions of every kind, pooling, norms, transforms",
      """
      x, y = rng.normal(size=(80, 12, 11, 3)), rng.normal(size=(80, 2))
      model = keras.Sequential([keras.Input((12, 11, 3)), layers.RandomFlip(seed=1),
          layers.RandomRotation(0.1, seed=2), layers.Conv2D(8, 3, padding="same", activation="relu"),
          layers.MaxPooling2D(2, padding="same"), layers.GroupNormalization(4),
          layers.DepthwiseConv2D(3, dilation_rate=2, padding="same"),
          layers.SeparableConv2D(6, 2, activation="swish"), layers.SpatialDropout2D(0.2),
          layers.Conv2DTranspose(4, 3, strides=2, padding="same"), layers.AveragePooling2D(2),
          layers.UpSampling2D(2, interpolation="bilinear"), layers.Conv2D(4, 3, strides=2, groups=2),
          layers.GlobalAveragePooling2D(), layers.Dense(2)])
      """),
    TrainedFamily(
      "sequences: recurrent layers, masks, embeddings",
      """
      x, y = rng.randint(0, 9, size=(80, 7)), rng.randint(0, 2, size=(80, 1))
      model = keras.Sequential([keras.Input((7,)), layers.Embedding(9, 5, mask_zero=True),
          layers.Bidirectional(layers.LSTM(4, return_sequences=True, dropout=0.1)),
          layers.GRU(5, return_sequences=True, recurrent_dropout=0.1),
          layers.TimeDistributed(layers.Dense(4, activation="tanh")),
          layers.SimpleRNN(3), layers.Dense(1, activation="sigmoid")])
      """, optimizer: "keras.optimizers.RMSprop(0.01)", loss: "'binary_crossentropy'"),
    TrainedFamily(
      "attention: heads, causal masks, RMS norm, residual sums",
      """
      x, y = rng.randint(0, 9, size=(80, 6)), rng.randint(0, 9, size=(80, 6))
      tokens = keras.Input((6,))
      e = layers.Embedding(9, 8)(tokens)
      a = layers.MultiHeadAttention(2, 4, dropout=0.1)(e, e, use_causal_mask=True)
      e = layers.RMSNormalization()(layers.Add()([e, a]))
      f = layers.Dense(8)(layers.Dense(16, activation="silu")(e))
      e = layers.LayerNormalization()(e + f)
      e = layers.Attention(use_scale=True)([e, e])
      e = layers.AdditiveAttention()([e, e])
      model = keras.Model(tokens, layers.Dense(9, activation="softmax")(e))
      """, optimizer: "keras.optimizers.AdamW(0.01, clipnorm=1.0)",
      loss: "'sparse_categorical_crossentropy'"),
    TrainedFamily(
      "signals: convolutions in one dimension, branches, a schedule, momentum",
      """
      x, y = rng.normal(size=(80, 24, 4)), rng.normal(size=(80, 1))
      signal = keras.Input((24, 4))
      a = layers.Conv1D(12, 5, padding="causal", activation="tanh")(signal)
      b = layers.SeparableConv1D(12, 3, padding="same", activation="elu")(signal)
      c = layers.Multiply()([a, b])
      d = layers.Concatenate()([layers.MaxPooling1D(2)(c), layers.AveragePooling1D(2)(a)])
      d = layers.Conv1DTranspose(6, 4, strides=2)(d)
      d = layers.Dot(axes=2)([layers.GlobalMaxPooling1D(keepdims=True)(d), d])
      model = keras.Model(signal, layers.Dense(1)(layers.Flatten()(d)))
      """,
      optimizer:
        "keras.optimizers.SGD(keras.optimizers.schedules.CosineDecay(0.02, 9), momentum=0.9, nesterov=True)",
      loss: "'huber'"),
  ]
  + ["Adagrad", "Adadelta", "Adamax", "Nadam", "Ftrl", "Lion", "Lamb", "Adafactor"].map {
    TrainedFamily(
      "the optimizer \($0)",
      """
      x, y = rng.normal(size=(80, 9)), rng.normal(size=(80, 3))
      model = keras.Sequential([keras.Input((9,)), layers.Dense(13, activation="mish"),
          layers.Dense(3)])
      """, optimizer: "keras.optimizers.\($0)(0.02)")
  }
