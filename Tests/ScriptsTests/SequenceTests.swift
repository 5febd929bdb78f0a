import Foundation
import KerasCode
import Testing

@Suite("Sequences and cells, refused")
struct SequenceTests {
  @Test(
    "what does not fit is refused where it stands, with what would be right",
    arguments: [
      (
        "m = keras.Sequential([keras.Input((None, 3)), layers.LSTM(2)])\n"
          + "m.compile(\"sgd\", \"mse\")\n"
          + "m.fit(x, y, validation_data=(x[:, :2], y), verbose=0)",
        6, "one length for both"
      ),
      (
        "m = keras.Sequential([keras.Input((None, 3)), layers.Flatten(),\n"
          + "    layers.Dense(2)])",
        5, "say the length of the data"
      ),
      (
        "m = keras.Sequential([keras.Input((None, 3)), layers.LSTM(2)])\nm.predict(x[:, :, :2])",
        5, "(examples, any length, 3)"
      ),
      ("layers.RNN([layers.LSTMCell(2), layers.LSTMCell(3)])", 4, "an RNN for each"),
      ("layers.RNN(layers.LSTM(2))", 4, "layers.GRUCell(8)"),
      ("layers.LSTMCell(2, return_sequences=True)", 4, "RNN(cell, return_sequences=…)"),
      ("c = layers.GRUCell(2)\na, b = layers.RNN(c), layers.RNN(c)", 5, "make another cell"),
      (
        "layers.Bidirectional(layers.GRU(2))(keras.Input((4, 3)), initial_state=keras.Input((2,)))",
        4, "both directions"
      ),
      (
        "m = keras.Sequential([keras.Input((4, 3)), layers.LSTM(2, return_sequences=True)])\n"
          + "m.compile(\"sgd\", \"mse\")\n"
          + "m.fit(x, np.ones((8, 4, 2)), sample_weight=np.ones((8, 3)), verbose=0)",
        6, "for each of its losses, (8, 4)"
      ),
    ])
  func refusals(code: String, line: Int, remedy: String) throws {
    let start = """
      import keras, numpy as np
      from keras import layers
      x, y = np.ones((8, 4, 3)), np.ones((8, 2))

      """
    do {
      _ = try printed(start + code)
      Issue.record("\(code) runs")
    } catch let diagnostic as Diagnostic {
      #expect(diagnostic.description.contains(remedy), "\(diagnostic)")
      #expect(diagnostic.line == line)
    }
  }

  @Test("within a class of the program an open length is no number")
  func openWithinClass() throws {
    let program = """
      import keras, numpy as np
      from keras import layers
      class Mean(layers.Layer):
          def call(self, x):
              print(x.shape, keras.ops.shape(x)[1])
              return keras.ops.sum(x, axis=1)
      inputs = keras.Input((None, 3))
      model = keras.Model(inputs, Mean()(inputs))
      print(model.predict(np.ones((2, 5, 3)), verbose=0)[0], model.output_shape)
      """
    #expect(
      try printed(program).split(separator: "\n")
        == ["(None, None, 3) None", "[5. 5. 5.] (None, 3)"])
  }
}
