import KerasCode
import NeuralNets
import Testing

@Suite("What the calls of layers say")
struct LayerCallTests {
  private func model(_ lines: String, outputs: String = "y") throws -> ModelDescription {
    try ModelFile.read(
      """
      import keras
      import numpy as np
      from keras import layers, ops
      x = keras.Input((4, 6))
      c = keras.Input((5, 3))
      \(lines)
      model = keras.Model([x, c] if \(lines.contains("c,") ? "True" : "False") else x, \(outputs))
      """, file: "m.py"
    ).description
  }

  private func options(_ model: ModelDescription) throws -> CallOptions {
    try #require(model.wiring?.calls.last?.options)
  }

  @Test(
    "a call is printed as it was read",
    arguments: [
      ("y = layers.MultiHeadAttention(2, 3)(x, x)", "(inputs, inputs)"),
      (
        "y = layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)",
        "(inputs, inputs, use_causal_mask=True)"
      ),
      (
        "y = layers.MultiHeadAttention(2, 3)(query=x, value=c, key=c, training=False)",
        "(query=input_layer, value=input_layer_1, key=input_layer_1, training=False)"
      ),
      (
        "y = layers.MultiHeadAttention(2, 3)(x, c, c, training=False)",
        "(input_layer, input_layer_1, input_layer_1, training=False)"
      ),
      (
        "y = layers.MultiHeadAttention(2, 3)(x, x, attention_mask=np.tril(np.ones((4, 4))))",
        "(inputs, inputs, attention_mask=np.array("
      ),
      (
        "a, y = layers.MultiHeadAttention(2, 3)(x, x, return_attention_scores=True)",
        "return_attention_scores=True)"
      ),
      ("y = layers.Attention()([x, x], use_causal_mask=True)", "([inputs, inputs], use_causal"),
      (
        "y = layers.AdditiveAttention()([x, x], mask=[None, ops.ones((1, 4))])",
        "([inputs, inputs], mask=[None, np.array("
      ),
      ("y = layers.Dropout(0.5)(x, training=True)", "(inputs, training=True)"),
    ])
  func printed(lines: String, words: String) throws {
    let made = try model(lines)
    let code = try Printer.program(made)
    #expect(code.contains(words), "\(code)")
    #expect(try ModelFile.read(code, file: "m.py").description == made, "\(code)")
  }

  /// The layers that can be told where the channels are, each with what it must be given.
  static let imageLayers = LayerCatalog.all.compactMap { type -> String? in
    guard type.arguments.contains(where: { $0.name == "data_format" }) else { return nil }
    let given = type.arguments.filter { $0.defaultValue == nil }.map { spec in
      switch spec.kind {
      case .number, .span: "\(spec.name)=0.2"
      default: "\(spec.name)=2"
      }
    }
    return type.kind + "(" + (given + ["data_format=\"channels_first\")"]).joined(separator: ", ")
  }

  @Test("channels in front are refused where that is said, with what is right")
  func channelsFirst() throws {
    #expect(Self.imageLayers.count > 25)
    for line in Self.imageLayers.map({ "layers." + $0 })
      + [
        "keras.config.set_image_data_format(\"channels_first\")",
        "keras.backend.set_image_data_format(data_format=\"channels_first\")",
      ]
    {
      let text = "import keras\nfrom keras import layers\n" + line
      let found = #expect(throws: Diagnostic.self) { try ModelFile.read(text, file: "m.py") }
      #expect(found?.line == 3 && found?.message.contains("\"channels_first\"") == true, "\(line)")
      #expect(found?.remedy?.contains("np.moveaxis(x, 1, -1)") == true, "\(line)")
    }
  }

  @Test("flags that are off, and masks that are None, say nothing")
  func nothing() throws {
    let plain = try model("y = layers.MultiHeadAttention(2, 3)(x, x)")
    let spelled = try model(
      """
      y = layers.MultiHeadAttention(2, 3)(
          x, x, attention_mask=None, use_causal_mask=False, training=None)
      """)
    #expect(plain == spelled)
    #expect(try options(plain).roles == ["query", "value"])
  }

  @Test("a class hands keywords on, and its layers are followed on numbers of the code")
  func classes() throws {
    let made = try model(
      """
      class Block(layers.Layer):
          def __init__(self):
              super().__init__()
              self.mha = layers.MultiHeadAttention(2, 3)
              self.places = layers.Embedding(4, 6)
          def call(self, x, context=None, causal=False, training=None):
              x = x + self.places(ops.arange(4))
              return self.mha(query=x, value=context, use_causal_mask=causal, training=training)
      y = Block()(x, context=c, causal=True)
      """)
    guard case .model(let inner)? = made.layers[0].body else {
      Issue.record("not a class")
      return
    }
    #expect(inner.wiring?.calls.last?.options.flags == ["use_causal_mask"])
    let names = try Network(made).weights.map(\.name)
    #expect(names.contains("block/multi_head_attention/query/kernel"))
    #expect(names.contains("block/embedding/embeddings"))
  }

  @Test(
    "what a call cannot say is refused with what would be right",
    arguments: [
      (
        "layers.MultiHeadAttention(2, 3)(x, x, use_casual_mask=True)",
        "did you mean \"use_causal_mask\"?"
      ),
      ("layers.MultiHeadAttention(2, 3)(x)", "called without \"value\""),
      ("layers.MultiHeadAttention(2, 3)(x, x, x, x)", "of which Keras takes no notice"),
      ("layers.MultiHeadAttention(2, 3)(x, x, use_causal_mask=x)", "it takes True or False"),
      (
        "layers.MultiHeadAttention(2, 3)(x, x, attention_mask=np.ones((3, 4, 4)))",
        "(1, rows, columns)"
      ),
      ("layers.MultiHeadAttention(2, 3)(x, x, query=x)", "got \"query\" twice"),
      ("layers.Attention()(x)", "[query, value]"),
      ("layers.Attention()([x, x], mask=x)", "[query_mask, value_mask]"),
      ("layers.Dense(2)(x, use_causal_mask=True)", "it takes inputs and training"),
      ("layers.LayerNormalization()(x, return_attention_scores=True)", "inputs and training"),
    ])
  func refused(code: String, words: String) throws {
    do {
      _ = try model("y = \(code)")
      Issue.record("\(code) was taken")
    } catch { #expect("\(error)".contains(words), "\(error)") }
  }
}
