import Foundation
import KerasCode
import Scripts
import Testing

@Suite("Programs")
struct ProgramTests {
  @Test("The second tutorial's program runs as it is, and prints what Keras prints")
  func secondTutorial() throws {
    let lines = try printed(try reference("tutorial_002.py")).split(separator: "\n")
    #expect(lines.count == 22)
    #expect(lines[0] == "Epoch 1/10")
    #expect(lines[1].hasPrefix("32/32 ━━━━━━━━━━━━━━━━━━━━ 0s "))
    #expect(lines[1].contains("/step - accuracy: 0."))
    #expect(lines[21].hasPrefix("Accuracy: 0."))
    let shown = try #require(lines[20].split(separator: "accuracy: ").last?.prefix(6))
    let told = try #require(Double(lines[21].dropFirst("Accuracy: ".count)))
    #expect(try abs(#require(Double(shown)) - told) <= 0.00006)
  }

  @Test("The fourth tutorial's program runs as it is, without a word")
  func fourthTutorial() throws {
    #expect(try printed(try reference("tutorial_004.py")).isEmpty)
  }

  static let start = """
    import keras, numpy as np
    from keras import layers
    from keras.callbacks import EarlyStopping, ReduceLROnPlateau
    keras.utils.set_random_seed(5)
    X = np.random.rand(60, 3)
    y = X.sum(axis=1)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(8, activation="tanh"), layers.Dense(1)])
    model.compile(optimizer="adam", loss="mse", metrics=["mae"])

    """

  private func result(_ rest: String, seed: UInt64 = 1) throws -> String {
    try printed(Self.start + rest, seed: seed)
  }

  @Test("Two fits of one epoch end as one of two: weights, optimizer and order go on")
  func fitsGoOn() throws {
    let twice = "model.fit(X, y, epochs=1, verbose=0)\nmodel.fit(X, y, epochs=1, verbose=0)\n"
    let ask = "print(model.get_weights()[0], model.evaluate(X, y, verbose=0))"
    let once = "model.fit(X, y, epochs=2, verbose=0)\n"
    #expect(try result(twice + ask) == result(once + ask))
  }

  @Test("The seed that a program sets decides its numbers, whatever the lab's seed")
  func programSeed() throws {
    let rest = "print(model.fit(X, y, epochs=2, verbose=0).history)"
    #expect(try result(rest, seed: 1) == result(rest, seed: 2))
    let unseeded = Self.start.replacingOccurrences(of: "keras.utils.set_random_seed(5)\n", with: "")
    #expect(try printed(unseeded + rest, seed: 1) != printed(unseeded + rest, seed: 2))
    #expect(try printed(unseeded + rest, seed: 2) == printed(unseeded + rest, seed: 2))
  }

  @Test("Compiling anew keeps the weights and forgets the optimizer's state")
  func compilingAnew() throws {
    let fit = "model.fit(X, y, epochs=1, verbose=0, shuffle=False)\n"
    let again = "model.compile(optimizer=\"adam\", loss=\"mse\", metrics=[\"mae\"])\n"
    let ask = "print(model.get_weights()[0])"
    #expect(try result(fit + ask) == result(fit + again + ask))
    #expect(try result(fit + fit + ask) != result(fit + again + fit + ask))
  }

  @Test("Validation takes the last rows, and history has Keras's names")
  func validationSplit() throws {
    let split = "h = model.fit(X, y, epochs=1, verbose=0, validation_split=0.25)\n"
    let data = """
      h = model.fit(X[:45], y[:45], epochs=1, verbose=0, validation_data=(X[45:], y[45:]))

      """
    #expect(try result(split + "print(h.history)") == result(data + "print(h.history)"))
    #expect(
      try result(split + "print(list(h.history.keys()))")
        == "['loss', 'mae', 'val_loss', 'val_mae']\n")
  }

  @Test("A step on one batch is a fit of one step, and gives the loss before it")
  func trainOnBatch() throws {
    let ask = "print(model.get_weights()[0])"
    let step = "model.train_on_batch(X, y)\n"
    let fit = "model.fit(X, y, epochs=1, batch_size=60, shuffle=False, verbose=0)\n"
    #expect(try result(step + step + ask) == result(fit + fit + ask))
    #expect(
      try result(
        "print(model.train_on_batch(X, y) == model.evaluate(X, y, batch_size=60, verbose=0))")
        == "False\n")
    let before = "before = model.evaluate(X, y, batch_size=60, verbose=0)\n"
    #expect(
      try result(before + "print(model.train_on_batch(X, y)[0] == before[0])") == "True\n")
  }

  @Test("Early stopping ends a fit, says so, and brings back the best weights")
  func earlyStopping() throws {
    let stop =
      "EarlyStopping(monitor=\"loss\", patience=1, min_delta=100, restore_best_weights=True,"
      + " verbose=1)"
    let output = try result(
      """
      h = model.fit(X, y, epochs=9, verbose=0, callbacks=[\(stop)])
      print(len(h.history["loss"]))
      """)
    #expect(
      output == """
        Epoch 2: early stopping
        Restoring model weights from the end of the best epoch: 1.
        2

        """)
    let best = try result(
      "model.fit(X, y, epochs=9, verbose=0, callbacks=[\(stop)])\nprint(model.get_weights()[0])")
    let one = try result("model.fit(X, y, epochs=1, verbose=0)\nprint(model.get_weights()[0])")
    #expect(best.hasSuffix(one))
  }

  @Test("The learning rate falls on a plateau and is kept in the history")
  func plateau() throws {
    let output = try result(
      """
      down = ReduceLROnPlateau(monitor="loss", patience=1, min_delta=100, factor=0.5)
      h = model.fit(X, y, epochs=3, verbose=0, callbacks=[down])
      print([round(r, 6) for r in h.history["learning_rate"]])
      """)
    #expect(output == "[0.001, 0.001, 0.0005]\n")
  }

  @Test("A line an epoch with verbose=2, in Keras's words")
  func verboseTwo() throws {
    let output = try result("model.fit(X, y, epochs=1, verbose=2)")
    #expect(output.hasPrefix("2/2 - 0s - "))
    #expect(output.contains("/step - loss: "))
  }

  @Test("The summary is Keras's table, with the optimizer's numbers after a fit")
  func summary() throws {
    let before = try result("model.summary()")
    #expect(
      before == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ dense (Dense)                   │ (None, 8)              │            32 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense_1 (Dense)                 │ (None, 1)              │             9 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 41 (164.00 B)
         Trainable params: 41 (164.00 B)
         Non-trainable params: 0 (0.00 B)

        """)
    let after = try result("model.fit(X, y, verbose=0)\nmodel.summary()")
    #expect(after.contains(" Total params: 125 (500.00 B)\n"))
    #expect(after.contains(" Optimizer params: 84 (336.00 B)\n"))
  }

  @Test("A name too long for its column is cut, and its type goes below, as in Keras")
  func longName() throws {
    let output = try printed(
      """
      import keras
      from keras import layers
      model = keras.Sequential([keras.Input((72,)),
          layers.Dense(10, name="a_rather_long_name_for_a_layer_of_outputs")])
      model.summary()
      """)
    #expect(
      output.contains(
        """
        │ a_rather_long_name_for_a_layer… │ (None, 10)             │           730 │
        │ (Dense)                         │                        │               │
        └─
        """))
  }
}

@Suite("Sequence to sequence")
struct SequenceProgramTests {
  @Test("An encoder's states start the decoder: summary and losses are Keras's")
  func encoderDecoder() throws {
    let folder = "../Programs/45-lstm-encoder-decoder/"
    let ours = try printed(try reference(folder + "program.py")).split(separator: "\n")
    let theirs = try reference(folder + "expected.txt").split(separator: "\n")
    #expect(ours == theirs)
  }
}
