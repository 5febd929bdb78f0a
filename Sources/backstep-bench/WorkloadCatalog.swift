import Tensors

extension Workload {
  static let catalog: [Workload] = [
    Workload(
      name: "binary", title: "20-64-64-1, batch 32, Adam",
      code: """
        import keras
        from keras import layers
        model = keras.Sequential([
            keras.Input((20,)),
            layers.Dense(64, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(1, activation="sigmoid"),
        ])
        model.compile("adam", loss="binary_crossentropy")
        """,
      examples: 1000, batchSize: 32, input: [20], target: .half,
      flops: 4 * 1280 + 6 * (4096 + 64), unit: ("samples", 1),
      peers: [
        Peer(name: "torch", bar: 30), Peer(name: "torch-lean"), Peer(name: "jax"),
        Peer(name: "jax-scan", bar: 2),
      ]),
    Workload(
      name: "ten-classes", title: "100-64-64-10, batch 32, Adam",
      code: """
        import keras
        from keras import layers
        model = keras.Sequential([
            keras.Input((100,)),
            layers.Dense(64, activation="relu"),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ])
        model.compile("adam", loss="sparse_categorical_crossentropy")
        """,
      examples: 10_000, batchSize: 32, input: [100], target: .classes(10, []),
      flops: 4 * 6400 + 6 * (4096 + 640), unit: ("samples", 1),
      peers: [Peer(name: "torch-lean"), Peer(name: "jax"), Peer(name: "jax-scan", bar: 1.7)]),
    Workload(
      name: "playground", title: "2-8-8-1 tanh, batch 10, SGD",
      code: """
        import keras
        from keras import layers
        model = keras.Sequential([
            keras.Input((2,)),
            layers.Dense(8, activation="tanh"),
            layers.Dense(8, activation="tanh"),
            layers.Dense(1, activation="tanh"),
        ])
        model.compile(keras.optimizers.SGD(0.03), loss="mean_squared_error")
        """,
      examples: 500, batchSize: 10, shuffles: false, input: [2], target: .sides,
      flops: 4 * 16 + 6 * 72, unit: ("samples", 1),
      peers: [Peer(name: "jax-scan", bar: 4), Peer(name: "playground-js", bar: 12)]),
    Workload(
      name: "digits-cnn", title: "convolutions over 8 × 8 digits, batch 32, Adam",
      code: """
        import keras
        from keras import layers
        model = keras.Sequential([
            keras.Input((8, 8, 1)),
            layers.Conv2D(16, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(32, 3, padding="same", activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ])
        model.compile("adam", loss="sparse_categorical_crossentropy")
        """,
      examples: 1797, batchSize: 32, input: [8, 8, 1], target: .classes(10, []),
      flops: 4 * 9216 + 6 * (73728 + 8192 + 640), unit: ("samples", 1),
      peers: [
        Peer(name: "torch-lean", bar: 3), Peer(name: "jax", bar: 3),
        Peer(name: "keras-jax", bar: 3),
      ]),
    Workload(
      name: "mnist-cnn", title: "convolutions over 28 × 28 images, batch 64, Adam",
      code: """
        import keras
        from keras import layers
        model = keras.Sequential([
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ])
        model.compile("adam", loss="sparse_categorical_crossentropy")
        """,
      examples: 3000, batchSize: 64, input: [28, 28, 1], target: .classes(10, []),
      flops: 4 * 194_688 + 6 * (2_230_272 + 204_800 + 1280), unit: ("samples", 1),
      peers: [Peer(name: "keras", bar: 2), Peer(name: "torch-lean", bar: 2)]),
    Workload(
      name: "lstm", title: "LSTM of 128 over 64 steps of 32, batch 32, Adam",
      code: """
        import keras
        from keras import layers
        model = keras.Sequential([
            keras.Input((64, 32)),
            layers.LSTM(128, return_sequences=True),
            layers.Dense(32, activation="softmax"),
        ])
        model.compile("adam", loss="sparse_categorical_crossentropy")
        """,
      examples: 320, batchSize: 32, input: [64, 32], target: .classes(32, [64]),
      flops: 6 * 64 * (512 * 160 + 128 * 32), unit: ("sequences", 1),
      peers: [Peer(name: "torch", bar: 1.5), Peer(name: "jax", bar: 1.5)]),
    Workload(
      name: "gpt", title: "4 blocks of 4 heads, 128 wide, 64 characters, batch 12, AdamW",
      code: """
        import keras
        from keras import layers, ops


        class Place(layers.Layer):
            def build(self, shape):
                self.w = self.add_weight(shape=(64, 128), initializer="random_normal")

            def call(self, x):
                return x + self.w


        tokens = keras.Input((64,), dtype="int32")
        x = Place()(layers.Embedding(65, 128)(tokens))
        for _ in range(4):
            h = layers.LayerNormalization(epsilon=1e-5)(x)
            x = x + layers.MultiHeadAttention(4, 32, use_bias=False)(h, h, use_causal_mask=True)
            h = layers.LayerNormalization(epsilon=1e-5)(x)
            h = layers.Dense(512, activation="gelu", use_bias=False)(h)
            x = x + layers.Dense(128, use_bias=False)(h)
        x = layers.LayerNormalization(epsilon=1e-5)(x)
        model = keras.Model(tokens, layers.Dense(65, use_bias=False)(x))
        model.compile(
            keras.optimizers.AdamW(1e-3, weight_decay=0.1, beta_2=0.99),
            loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        """,
      examples: 240, batchSize: 12, input: [64], target: .classes(65, [64]),
      flops: 64 * 6 * (12 * 4 * 16384 + 65 * 128 + 4 * 2 * 64 * 128), unit: ("tokens", 64),
      peers: [
        Peer(name: "torch", bar: 2), Peer(name: "torch-compile", bar: 2),
        Peer(name: "keras", bar: 2), Peer(name: "jax", bar: 2),
      ]),
  ]
}
