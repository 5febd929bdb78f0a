import Datasets
import FileFormats
import Foundation
import Interchange
import KerasCode
import NeuralNets
import Scripts
import Tensors
import Testing
import Training

/// A network with a run of it, to be exported.
private struct ExportSample {
  let name: String
  let settings: RunSettings

  /// The templates that train with `fit`, each on some of its data, and networks of further layers.
  static func all() throws -> [ExportSample] {
    let templates =
      try TemplateLibrary.shipped.templates.compactMap { template in
        let archive = try DatasetLibrary().open("\(template.data):examples=40").npz()
        guard let file = try? template.read(archive), file.fit != nil else { return nil }
        return try ExportSample(name: template.name, file)
      } as [ExportSample]
    return templates
      + (try programs.map { name, text in
        try ExportSample(name: name, try ModelFile.read(head + text, file: name + ".py"))
      })
  }

  private init(name: String, _ file: ModelFile) throws {
    self.name = name
    var overrides = RunOverrides()
    overrides.batchSize = 8
    overrides.seed = 3
    settings = try ModelLoader(library: DatasetLibrary()).settings(file, overrides)
  }

  private static let head = """
    import numpy as np
    import keras
    from keras import layers
    rng = np.random.default_rng(1)
    """

  private static let programs = [
    "dense": """

    x, y = rng.normal(size=(24, 5)), rng.normal(size=(24, 2))
    model = keras.Sequential([layers.Input((5,)), layers.Dense(7, activation="gelu"),
      layers.Dense(6, activation="sigmoid"), layers.Dense(2)])
    model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9, nesterov=True), loss="mse")
    model.fit(x, y)
    """,
    "normalized": """

    x, y = rng.normal(size=(24, 6)), rng.integers(0, 3, 24)
    model = keras.Sequential([layers.Input((6,)), layers.Dense(8), layers.BatchNormalization(),
      layers.ReLU(), layers.Dropout(0.4), layers.Dense(5, activation="tanh"),
      layers.LayerNormalization(), layers.GaussianNoise(0.1), layers.Dense(3, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy")
    model.fit(x, y)
    """,
    "pictures": """

    x, y = rng.normal(size=(16, 9, 8, 2)), rng.integers(0, 3, 16)
    model = keras.Sequential([layers.Input((9, 8, 2)),
      layers.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
      layers.DepthwiseConv2D(2, depth_multiplier=2, padding="same"), layers.SpatialDropout2D(0.2),
      layers.Conv2DTranspose(4, 3, strides=2, padding="same", activation="elu"),
      layers.MaxPooling2D(2, padding="same"), layers.AveragePooling2D(3, strides=1, padding="same"),
      layers.UpSampling2D(2), layers.GlobalAveragePooling2D(), layers.Dense(3)])
    model.compile(optimizer="rmsprop",
      loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.fit(x, y)
    """,
    "recurrent": """

    x, y = rng.integers(0, 9, (16, 6)), rng.integers(0, 2, 16)
    model = keras.Sequential([layers.Input((6,)), layers.Embedding(9, 4, mask_zero=True),
      layers.Bidirectional(layers.GRU(3, return_sequences=True)),
      layers.LSTM(4, return_sequences=True, recurrent_dropout=0.3, dropout=0.2),
      layers.GRU(3, reset_after=False, return_sequences=True), layers.SimpleRNN(3),
      layers.Dense(1, activation="sigmoid")])
    model.compile(optimizer=keras.optimizers.Adam(0.01, clipnorm=0.5), loss="binary_crossentropy")
    model.fit(x, y)
    """,
    "attention": """

    x, y = rng.normal(size=(12, 5, 6)), rng.normal(size=(12, 5, 6))
    a = layers.Input((5, 6))
    h = layers.MultiHeadAttention(2, 3, dropout=0.2)(a, a, use_causal_mask=True)
    h = layers.LayerNormalization()(layers.Add()([a, h]))
    h = layers.Concatenate()([h, layers.Dense(4, activation="swish")(h)])
    model = keras.Model(a, layers.TimeDistributed(layers.Dense(6))(h))
    model.compile(optimizer=keras.optimizers.AdamW(0.01), loss="mae")
    model.fit(x, y)
    """,
  ].sorted { $0.key < $1.key }
}

@Suite("Exports in other programs", .enabled(if: KerasChild.runs))
struct ExportTests {
  private static let runner = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "run_exported.py").path

  private func inFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "exports-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }

  /// Writes an export and gives the path of its first file.
  private func write(
    _ source: ExportSource, _ format: String, _ name: String, in folder: URL
  ) throws -> String {
    let files = try FormatCatalog.format(format).files(of: source, file: name)
    for file in files { try Data(file.bytes).write(to: folder.appending(path: file.name)) }
    return folder.appending(path: name).path
  }

  private func run(_ what: String, _ scripts: [String]) throws -> [(status: String, said: String)] {
    try KerasChild.run([Self.runner, what] + scripts).split(separator: "\n").map {
      let parts = $0.split(separator: "\t", maxSplits: 1)
      return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }
  }

  @Test(
    "What a step computes, another program computes too, instruction by instruction",
    arguments: ["numpy-check", "pytorch-check"])
  func checks(_ format: String) throws {
    try inFolder { folder in
      var scripts: [String] = []
      for sample in try ExportSample.all() {
        let session = try Session(sample.settings)
        for step in [0, 2] {
          session.go(to: Position(step: step))
          let source = ExportSource(
            title: sample.name, network: session.network, weights: session.weights,
            step: try session.recorded(step: step))
          scripts.append(try write(source, format, "\(sample.name)-\(step).py", in: folder))
        }
      }
      let replies = try run("check", scripts)
      #expect(replies.count == scripts.count)
      for (script, reply) in zip(scripts, replies) {
        #expect(reply.status == "0", "\(script): \(reply.said)")
        #expect(reply.said.hasPrefix("all "), "\(script): \(reply.said)")
        if format == "numpy-check" { #expect(!reply.said.contains("skipped"), "\(script)") }
      }
    }
  }

  @Test(
    "A weight that is another one is named with both numbers",
    arguments: ["numpy-check", "pytorch-check"])
  func differences(_ format: String) throws {
    try inFolder { folder in
      let sample = try #require(try ExportSample.all().first { $0.name == "dense" })
      let session = try Session(sample.settings)
      let source = ExportSource(
        title: sample.name, network: session.network, weights: session.weights,
        step: try session.recorded().withStart("dense_1/kernel", at: 3, plus: 0.01))
      let script = try write(source, format, "wrong.py", in: folder)
      let reply = try #require(try run("check", [script]).first)
      #expect(reply.status == "1", "\(reply)")
      #expect(reply.said.contains("dense_1/product[0,3]") && reply.said.contains("in the lab"))
    }
  }

  @Test("A module of PyTorch predicts what the lab predicts, and takes batches of any size")
  func modules() throws {
    try inFolder { folder in
      var scripts: [String] = []
      // One predicts by chance: no two predictions are alike.
      for sample in try ExportSample.all() where sample.name != "variational-autoencoder" {
        let session = try Session(sample.settings)
        session.go(to: Position(step: 2))
        let source = ExportSource(
          title: sample.name, network: session.network, weights: session.weights)
        let script = try write(source, "pytorch", "\(sample.name).py", in: folder)
        try Data(try expected(session, rows: 5)).write(to: URL(filePath: script + ".expected.npz"))
        scripts.append(script)
      }
      let replies = try run("predict", scripts)
      #expect(replies.count == scripts.count)
      for (script, reply) in zip(scripts, replies) {
        #expect(reply.status == "0", "\(script): \(reply.said)")
      }
    }
  }

  /// Some examples and what the network gives for them.
  private func expected(_ session: Session, rows: Int) throws -> [UInt8] {
    let weights = Dictionary(uniqueKeysWithValues: session.weights.map { ($0.name, $0.tensor) })
    let inputs = session.settings.data.training.rows(Array(0..<rows)).allInputs
    let outputs = try Inference(session.network, weights: weights).predict(inputs, batchSize: rows)
    let named =
      inputs.enumerated().map { ("x\($0)", $1) } + outputs.enumerated().map { ("y\($0)", $1) }
    return try NumPyArchive(
      entries: named.map { .init(name: $0, array: NumPyArray($1)) }
    ).bytes()
  }
}
