import Foundation
import KerasCode
import Testing

@Suite("Programs with stateful layers")
struct StatefulTests {
  /// The words of a line, and its numbers.
  private func parts(_ line: Substring) -> (words: String, numbers: [Double]) {
    let all = line.split { " [],()".contains($0) }
    let numbers = all.compactMap { $0.contains(".") || $0.contains("e") ? Double($0) : nil }
    return (all.filter { Double($0) == nil }.joined(separator: " "), numbers)
  }

  @Test("a program prints what it prints with Keras, to 1e-5")
  func besideKeras() throws {
    let found = try printed(try reference("keras_stateful.py")).split(separator: "\n")
    let wanted = try reference("keras_stateful.txt").split(separator: "\n")
    #expect(found.count == wanted.count)
    for (ours, theirs) in zip(found, wanted) {
      let (a, b) = (parts(ours), parts(theirs))
      #expect(a.words == b.words && a.numbers.count == b.numbers.count)
      let worst = zip(a.numbers, b.numbers).map { abs($0 - $1) }.max() ?? 0
      #expect(worst <= 1e-5, "\(b.words): off by \(worst)")
    }
  }

  private static let start =
    "import numpy as np\nimport keras\nfrom keras import layers\nx = np.ones((6, 4, 2))\n"

  @Test("shapes, states and counts are Keras's")
  func facts() throws {
    let output = try printed(
      Self.start + """
        i = keras.Input((4, 2), batch_size=3)
        print(i.shape, layers.Dense(5)(i).shape)
        m = keras.Model(i, layers.Dense(1)(layers.LSTM(2, stateful=True)(i)))
        print(m.input_shape, m.output_shape, m.count_params(), hasattr(m, "reset_states"))
        print(len(m.layers[1].weights), len(m.layers[1].states), m.layers[1].stateful)
        print(m.predict(x, batch_size=3, verbose=0).shape, layers.LSTM(2).states)
        m.layers[1].states[0].assign(np.ones((3, 2)))
        print(m.layers[1].states[0].numpy().sum(), m.layers[1].states[0].shape)
        m.summary()
        s = keras.Sequential([layers.SimpleRNN(2, stateful=True)])
        a = s.predict(x[:3], verbose=0)
        b = s.predict(x[:3], verbose=0)
        s.layers[0].reset_states()
        print(s.input_shape, (a == b).all(), (a == s.predict(x[:3], verbose=0)).all())
        l = layers.Bidirectional(layers.GRU(2, stateful=True))
        a, b = l(x[:2]), l(x[:2])
        l.reset_state()
        print(np.abs(a - b).max() > 0, np.abs(a - l(x[:2])).max(), len(l.states))
        class Two(keras.Model):
            def __init__(self):
                super().__init__()
                self.rnn = layers.GRU(2, stateful=True)
                self.out = layers.Dense(1)
            def call(self, x):
                return self.out(self.rnn(x))
        t = Two()
        a = t.predict(x[:3], verbose=0)
        b = t.predict(x[:3], verbose=0)
        t.rnn.reset_state()
        print((a == b).all(), (a == t.predict(x[:3], verbose=0)).all())
        t.compile("sgd", "mse")
        t.fit(x, x[:, 0, :1], batch_size=3, epochs=2, shuffle=False, verbose=0)
        print(t.rnn.states[0].numpy().shape)
        """)
    let lines = output.split(separator: "\n").map(String.init)
    #expect(
      lines.prefix(6) == [
        "(3, 4, 2) (3, 4, 5)", "(3, 4, 2) (3, 1) 43 False", "3 2 True", "(6, 1) None",
        "6.0 (3, 2)", "Model: \"functional\"",
      ])
    #expect(output.contains("(3, 4, 2)    ") && output.contains("│ (3, 2) "))
    #expect(
      lines.suffix(4) == ["(3, 4, 2) False True", "True 0.0 2", "False True", "(3, 2)"])
  }

  @Test(
    "what does not fit is refused with what would be right",
    arguments: [
      ("keras.Sequential([keras.Input((4, 2)), layers.LSTM(2, stateful=True)])", "batch_shape="),
      ("layers.GRU(2, stateful=True)(keras.Input((4, 2)))", "batch_size="),
      ("layers.LSTM(2, stateful=True, batch_input_shape=(3, 4, 2))", "keras.Input(batch_shape="),
      (
        "layers.LSTM(65000, stateful=True)(keras.Input((4, 2), batch_size=10000000))",
        "a smaller batch"
      ), ("keras.Input((4, 2), batch_shape=(3, 4, 2))", "one of them"),
      ("keras.Input(batch_shape=(0, 4, 2))", "None, or a whole number"),
      ("layers.Add()([keras.Input(batch_shape=(3, 2)), keras.Input(batch_shape=(4, 2))])", "one"),
      ("m.predict(x, verbose=0)", "batch_size=3"),
      ("m.predict(x[:5], batch_size=3, verbose=0)", "that 3 divides, as 3"),
      ("m.evaluate(x, x[:, 0], verbose=0)", "batch_size=3"),
      ("m.fit(x, x[:, 0], verbose=0)", "batch_size=3"),
      ("m.train_on_batch(x[:2], x[:2, 0])", "batch_size=3"),
      ("m(x[:2])", "batches of 3"), ("m.reset_states()", "for layer in model.layers"),
      ("layers.Bidirectional(layers.LSTM(2)).reset_state()", "stateful=True"),
      ("m.layers[0].states[0].assign(x)", "(3, 2)"),
    ])
  func refusals(code: String, remedy: String) throws {
    let program =
      Self.start + """
        m = keras.Sequential([keras.Input(batch_shape=(3, 4, 2)), layers.LSTM(2, stateful=True)])
        m.compile("sgd", "mse")
        \(code)
        """
    do {
      _ = try printed(program)
      Issue.record("\(code) runs")
    } catch let diagnostic as Diagnostic {
      #expect(diagnostic.description.contains(remedy), "\(diagnostic)")
    }
  }
}
