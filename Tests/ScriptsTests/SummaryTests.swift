import Foundation
import KerasCode
import NeuralNets
import Scripts
import Testing

@Suite("Summaries as Keras prints them")
struct SummaryTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let code: String
    let summary: String
    let printed: String

    var testDescription: String { name }
  }

  private struct File: Decodable { let cases: [Case] }
  private struct MaskingFile: Decodable { let summaries: [Case] }

  /// Those whose texts hold the size of a batch that a model was built for or called with, and
  /// those of the program's own layers.
  private static let withBatches: Set<String> = [
    "built for a batch", "own layer", "own model",
  ]

  static let cases: [Case] =
    ((try? JSONDecoder().decode(File.self, from: Data(reference("Keras/summaries.json").utf8)))?
    .cases ?? []).filter { !withBatches.contains($0.name) }
    + ((try? JSONDecoder().decode(
      MaskingFile.self, from: Data(reference("Keras/layers_masking.json").utf8)))?
      .summaries ?? [])

  @Test("the table is Keras's, line for line", arguments: cases)
  func table(_ example: Case) throws {
    let printed = try printed(
      """
      import keras
      import numpy as np
      from keras import layers
      \(example.code)
      \(example.summary)
      """, columns: 120)
    #expect(printed == example.printed)
  }

  @Test("there are cases")
  func some() { #expect(Self.cases.count == 24) }
}

@Suite("What layers cost")
struct CostTests {
  @Test(
    "every number of a kernel is multiplied once at each place that it is laid on",
    arguments: [
      ("Conv2D(8, 3)", [8, 8, 1], 72 * 36), ("Conv1D(4, 3, groups=2)", [10, 2], 12 * 8),
      ("Conv2D(4, 3, strides=2, padding='same')", [7, 7, 2], 72 * 16),
      ("DepthwiseConv2D(3, depth_multiplier=2)", [6, 6, 8], 144 * 16),
      ("SeparableConv2D(4, 2)", [5, 5, 8], (32 + 32) * 16),
      ("Conv2DTranspose(2, 2, strides=2)", [4, 4, 4], 32 * 16),
      ("Conv1DTranspose(3, 4)", [5, 2], 24 * 5), ("Dense(3)", [5, 2], 6 * 5),
    ] as [(String, [Int], Int)])
  func multiplyAdds(layer: String, input: [Int], count: Int) throws {
    let shape = "(" + input.map { "\($0)," }.joined() + ")"
    let code = """
      import keras
      from keras import layers
      model = keras.Sequential([keras.Input(\(shape)), layers.\(layer)])
      """
    let network = try Network(try ModelFile.read(code, file: "m.py").description)
    #expect(ModelSummary(network).multiplyAdds == count)
  }
}

@Suite("Arrays that are one memory seen in several shapes")
struct SharedMemoryTests {
  @Test("a flattened memory gives what the memory gives")
  func flattened() throws {
    let output = try printed(
      """
      import keras
      import numpy as np
      from keras import layers
      x = np.arange(16).reshape(2, 4, 2) / 8 - 1
      a = keras.Sequential([keras.Input((4, 2)), layers.LSTM(3)])
      b = keras.Sequential([keras.Input((4, 2)), layers.LSTM(3), layers.Flatten()])
      b.set_weights(a.get_weights())
      difference = a.predict(x, verbose=0) - b.predict(x, verbose=0)
      print(np.abs(difference).max() < 1e-7, np.abs(b.predict(x, verbose=0)).max() > 0.001)
      """)
    #expect(output == "True True\n")
  }
}
