import KerasCode
import NeuralNets
import Tensors
import TestSupport
import Testing

@Suite("Printing whole models")
struct PrintedModelTests {
  @Test("random models read back as they were printed, layer names and all")
  func random() throws {
    var models = RandomModels(seed: 7)
    var graphs = 0
    for _ in 0..<120 {
      let model = models.next()
      let code = try Printer.program(model)
      let read: ModelDescription
      do { read = try ModelFile.read(code, file: "m.py").description } catch {
        Issue.record("\(error)\n\(code)")
        continue
      }
      let (given, found) = (model.withoutNames, read.inKerasOrder.withoutNames)
      #expect(given.names == found.names, "\(code)")
      #expect(given.model == found.model, "\(code)")
      if model.wiring != nil { graphs += 1 }
    }
    #expect(graphs > 30)
  }

  private static func read(_ code: String) throws -> ModelFile {
    try ModelFile.read(
      "import keras\nimport numpy as np\nfrom keras import layers, regularizers, initializers\n"
        + code, file: "m.py")
  }

  @Test(
    "what is printed is what a person would write",
    arguments: [
      """
      inputs = keras.Input(shape=(4,))
      x = layers.Dense(4, activation="relu")(inputs)
      x = layers.Add()([x, inputs])
      outputs = layers.Dense(1)(x)
      model = keras.Model(inputs, outputs, name="res")
      """,
      """
      input_layer = keras.Input(shape=(4,))
      second = keras.Input(shape=(3,), name="second")
      dense = layers.Dense(5, activation="relu")(input_layer)
      dense_1 = layers.Dense(5)(second)
      concatenate = layers.Concatenate()([dense, dense_1])
      x = layers.Add()([dense, dense_1])
      dense_2 = layers.Dense(1)(x)
      out = layers.Dense(2, name="out")(concatenate)
      model = keras.Model([input_layer, second], [out, dense_2])
      """,
      """
      input_layer = keras.Input(shape=(4,))
      input_layer_1 = keras.Input(shape=(4,))
      dense_layer = layers.Dense(3)
      dense = dense_layer(input_layer)
      x = dense_layer(input_layer_1)
      outputs = layers.Subtract()([dense, x])
      model = keras.Model([input_layer, input_layer_1], outputs)
      """,
      """
      encoder = keras.Sequential([
          keras.Input(shape=(4,)),
          layers.Dense(3, kernel_regularizer=regularizers.L2(0.5)),
      ], name="encoder")
      encoder.trainable = False

      inputs = keras.Input(shape=(4,), name="features")
      x = encoder(inputs)
      outputs = layers.Dense(2, kernel_initializer=initializers.RandomNormal(stddev=0.1))(x)
      model = keras.Model(inputs, outputs)
      """,
      """
      model = keras.Sequential([
          keras.Input(shape=(6,)),
          layers.Embedding(9, 4, mask_zero=True),
          layers.Bidirectional(layers.LSTM(8, return_sequences=True)),
          layers.Bidirectional(layers.LSTM(8, name="reader"), merge_mode="sum"),
          layers.RepeatVector(3),
          layers.TimeDistributed(layers.Dense(2, activation="tanh")),
          layers.Reshape((3, 1, 2)),
          layers.TimeDistributed(layers.TimeDistributed(layers.Dense(4))),
          layers.Dense(1),
      ])
      """,
      """
      encoder = keras.Sequential([
          keras.Input(shape=(3,)),
          layers.Dense(2),
      ], name="encoder")

      inputs = keras.Input(shape=(4, 3))
      x = layers.Masking(mask_value=-1.0)(inputs)
      x = layers.TimeDistributed(encoder)(x)
      outputs = layers.Bidirectional(layers.LSTM(2), merge_mode="ave")(x)
      model = keras.Model(inputs, outputs)
      """,
      """
      model = keras.Sequential([
          keras.Input(shape=(5, 2), batch_size=4),
          layers.LSTM(3, stateful=True),
          layers.Dense(1),
      ])
      """,
      """
      inputs = keras.Input(shape=(5, 2), batch_size=1)
      x = layers.Bidirectional(layers.GRU(3, stateful=True))(inputs)
      x = layers.Dense(2)(x)
      outputs = layers.Add()([x, x])
      model = keras.Model(inputs, outputs)
      """,
      """
      inputs = keras.Input(shape=(4,))
      x = inputs * 2.0
      outputs = x + 1.0
      model = keras.Model(inputs, outputs)
      """,
    ])
  func readable(_ code: String) throws {
    let lines = try Printer.lines(try Self.read(code).description, "model")
    #expect(lines.map(\.text).joined(separator: "\n") == code)
  }

  @Test("several outputs are compiled by their names")
  func compiled() throws {
    let file = try Self.read(
      """
      i = keras.Input((4,))
      a = layers.Dense(1, name="a")(i)
      b = layers.Dense(2, name="b")(i)
      model = keras.Model(i, [a, b])
      model.compile(keras.optimizers.SGD(keras.optimizers.schedules.ExponentialDecay(0.5, 10, 0.5)),
          ["mse", keras.losses.Huber(delta=0.5)], loss_weights=[1.0, 0.5],
          metrics=[["mae"], [keras.metrics.MeanSquaredError(name="m")]])
      """)
    let code = try #require(try Printer.compile(file.description, "model"))
    #expect(
      code == """
        model.compile(optimizer=keras.optimizers.SGD(learning_rate=\
        keras.optimizers.schedules.ExponentialDecay(0.5, 10.0, 0.5)), \
        loss={"a": "mse", "b": keras.losses.Huber(delta=0.5)}, \
        loss_weights={"a": 1.0, "b": 0.5}, \
        metrics={"a": ["mae"], "b": [keras.metrics.MeanSquaredError(name="m")]})
        """)
    let again = try ModelFile.read(try Printer.program(file.description), file: "m.py")
    #expect(again.description.compilation == file.description.compilation)
  }

  @Test("outputs by key and inputs of any length are written as they were")
  func keyedAndOpen() throws {
    let file = try Self.read(
      """
      i = keras.Input((None, 4))
      h = layers.GRU(3, return_sequences=True)(i)
      a = layers.Dense(1, name="first")(h)
      b = layers.Dense(2, name="last")(layers.GlobalMaxPooling1D()(h))
      model = keras.Model(i, {"size": b, "kind": a})
      model.compile("sgd", {"kind": "mae", "size": "mse"})
      """)
    let code = try Printer.program(file.description)
    #expect(code.contains("Input(shape=(None, 4))"))
    #expect(code.contains("{\"kind\": first, \"size\": last}"))
    #expect(code.contains("loss={\"kind\": \"mae\", \"size\": \"mse\"}"))
    let again = try ModelFile.read(code, file: "m.py")
    #expect(again.description == file.description)
  }

  @Test("a class of the program has no code of Keras alone, and is refused by its name")
  func refused() throws {
    let layer = Component(
      kind: "Scale", arguments: .ofModel(name: "scale", isTrainable: true),
      body: .model(ModelDescription(layers: [.known("Dense", [("units", .integer(3))])])))
    let model = ModelDescription(inputShape: [4], layers: [layer])
    let failure = #expect(throws: Printer.Failure.self) {
      try Printer.program(model)
    }
    #expect(failure?.description.contains("Scale, a class of the program") == true)
  }
}

@Suite("Rewriting functional files")
struct FunctionalRewriteTests {
  private static let branches = """
    # Two ways and back
    import numpy as np
    from tensorflow.keras.layers import Input, Dense
    from tensorflow.keras.models import Model
    x = np.ones((8, 4))  # data
    i = Input(shape=(4,))
    a = Dense(3)(i)
    units = 2
    model = Model(i, Dense(units)(a))
    # Compile it
    model.compile("sgd", "mse")
    model.fit(x, np.ones((8, 2)), verbose=0)

    """

  @Test("it stays functional, its data keep their names, and nothing else changes")
  func chain() throws {
    let file = try ModelFile.read(Self.branches, file: "m.py")
    var changed = file.description
    try changed.layers[0].arguments.set("units", .integer(7))
    let code = try file.rewritten(with: changed)
    #expect(try ModelFile.read(code, file: "m.py").description.withoutNames == changed.withoutNames)
    #expect(
      code == """
        # Two ways and back
        import numpy as np
        from tensorflow.keras.layers import Input, Dense
        from tensorflow.keras.models import Model
        x = np.ones((8, 4))  # data
        inputs = Input(shape=(4,))
        x_ = Dense(7)(inputs)
        outputs = Dense(2)(x_)
        model = Model(inputs, outputs)
        units = 2
        # Compile it
        model.compile("sgd", "mse")
        model.fit(x, np.ones((8, 2)), verbose=0)

        """)
    #expect(try file.rewritten(with: file.description) == Self.branches)
  }

  @Test("a tensor or layer that other statements need keeps the file as it is")
  func needed() throws {
    let file = try ModelFile.read(
      Self.branches + "features = Model(i, a)\nprint(features.predict(x))\n", file: "m.py")
    var changed = file.description
    try changed.layers[0].arguments.set("units", .integer(7))
    let failure = #expect(throws: ModelFile.RewriteFailure.self) {
      try file.rewritten(with: changed)
    }
    #expect(failure?.description.contains("m.py:13: this statement needs a, ") == true)
  }
}

private func == (
  _ a: (model: ModelDescription, names: [String]), _ b: (model: ModelDescription, names: [String])
) -> Bool { a.model == b.model && a.names == b.names }
