import Autodiff
import Datasets
import Foundation
import KerasCode
import NeuralNets
import Scripts
import Tensors
import Testing
import Training

/// Programs whose models take several inputs, give several outputs, or both.
enum SeveralEnds: String, CaseIterable {
  /// Two inputs, one output: a recommender of two towers.
  case towers
  /// Two inputs, two judged outputs with weights, metrics and examples held back.
  case both
  /// A sequence read and a sequence written so far, with attention between them.
  case sequences

  var program: String {
    "import numpy as np\nimport keras\nfrom keras import layers\n"
      + "keras.utils.set_random_seed(3)\nrng = np.random.default_rng(5)\n" + data + network
  }

  private var data: String {
    switch self {
    case .towers, .both:
      "users = rng.integers(0, 9, 50)\nitems = rng.integers(0, 7, 50)\n"
        + "ratings = rng.normal(size=50)\nliked = (ratings > 0).astype(\"float32\")\n"
    case .sequences:
      "read = rng.integers(1, 8, (50, 6))\nwritten = rng.integers(1, 8, (50, 4))\n"
        + "wanted = rng.integers(0, 8, (50, 4))\n"
    }
  }

  private var network: String {
    let towers =
      "user = keras.Input(shape=(1,), name=\"user\")\nitem = keras.Input(shape=(1,), name=\"item\")\n"
      + "u = layers.Flatten()(layers.Embedding(9, 4, name=\"users\")(user))\n"
      + "v = layers.Flatten()(layers.Embedding(7, 4, name=\"items\")(item))\n"
      + "rating = layers.Dot(axes=1, name=\"rating\")([u, v])\n"
    switch self {
    case .towers:
      return towers + "model = keras.Model([user, item], rating)\n"
        + "model.compile(optimizer=\"adam\", loss=\"mse\")\n"
        + "history = model.fit([users, items], ratings, epochs=2, batch_size=16, verbose=0)\n"
    case .both:
      return towers
        + "like = layers.Dense(1, activation=\"sigmoid\", name=\"like\")"
        + "(layers.Concatenate()([u, v]))\n"
        + "model = keras.Model([user, item], [rating, like])\n"
        + "model.compile(optimizer=\"adam\", loss={\"rating\": \"mse\","
        + " \"like\": \"binary_crossentropy\"}, loss_weights={\"rating\": 1.0, \"like\": 0.5},"
        + " metrics={\"like\": [\"accuracy\"]})\n"
        + "history = model.fit({\"item\": items, \"user\": users}, {\"like\": liked,"
        + " \"rating\": ratings}, epochs=2, batch_size=16, validation_split=0.2, verbose=0)\n"
    case .sequences:
      return "source = keras.Input(shape=(6,), name=\"source\")\n"
        + "before = keras.Input(shape=(4,), name=\"before\")\n"
        + "memory, state = layers.GRU(5, return_sequences=True, return_state=True)"
        + "(layers.Embedding(8, 4)(source))\n"
        + "h = layers.GRU(5, return_sequences=True)"
        + "(layers.Embedding(8, 4)(before), initial_state=state)\n"
        + "h = layers.Concatenate()([h, layers.Attention()([h, memory])])\n"
        + "model = keras.Model([source, before], layers.Dense(8, activation=\"softmax\")(h))\n"
        + "model.compile(optimizer=\"adam\", loss=\"sparse_categorical_crossentropy\","
        + " metrics=[\"accuracy\"])\n"
        + "history = model.fit([read, written], wanted, epochs=2, batch_size=16, verbose=0)\n"
    }
  }

  func settings() throws -> RunSettings {
    let file = try ModelFile.read(program, file: "program.py")
    return try ModelLoader(library: DatasetLibrary()).settings(file, RunOverrides())
  }
}

@Suite("Networks of several inputs and outputs")
struct SeveralEndsTests {
  @Test(
    "Stepping back and forth gives the digests of a straight run", arguments: SeveralEnds.allCases)
  func digests(_ ends: SeveralEnds) throws {
    let (straight, wandering) = (
      try Session(try ends.settings()), try Session(try ends.settings())
    )
    var (atStart, inside): ([Int: Digest], [Int: Digest]) = ([:], [:])
    let half = straight.plan.instructions.count / 2
    for step in 0..<6 {
      atStart[step] = straight.digest
      straight.go(to: Position(step: step, instruction: half))
      inside[step] = straight.digest
      straight.go(to: Position(step: step + 1))
    }
    for step in [5, 2, 4, 0, 3, 1] {
      wandering.go(to: Position(step: step, instruction: half))
      #expect(wandering.digest == inside[step])
      wandering.move(-3, by: .phase)
      wandering.move(-1, by: .instruction)
      wandering.go(to: Position(step: step, instruction: half))
      #expect(wandering.digest == inside[step])
      wandering.go(to: Position(step: step))
      if step > 0 { #expect(wandering.digest == atStart[step]) }
    }
  }

  @Test("A run in the lab learns what the program's fit learns", arguments: SeveralEnds.allCases)
  func sameAsFit(_ ends: SeveralEnds) throws {
    let session = try Session(try ends.settings())
    while !session.isFinished { session.trainStep() }
    let told = try printed(
      ends.program + "print(history.history[\"loss\"])\nprint(sorted(history.history))\n", seed: 3)
    let losses = session.history.epochs.map { PythonFormat.number(Double($0.loss)) }
    // The mean of an epoch is taken in Float here, in Double there.
    for loss in losses { #expect(told.contains(loss.prefix(7))) }
    let names = session.history.epochs.last?.numbers.map(\.name) ?? []
    for name in names { #expect(told.contains("'\(name)'")) }
  }

  @Test("The loss of an epoch is the weighted sum of those of the outputs")
  func terms() throws {
    let session = try Session(try SeveralEnds.both.settings())
    while !session.isFinished { session.trainStep() }
    #expect(session.history.termNames == ["rating_loss", "like_loss"])
    let epoch = try #require(session.history.epochs.last)
    let found = Dictionary(uniqueKeysWithValues: epoch.numbers.map { ($0.name, $0.value) })
    let (rating, like) = (try #require(found["rating_loss"]), try #require(found["like_loss"]))
    #expect(abs(Double(epoch.loss) - (rating + 0.5 * like)) < 1e-5)
    #expect(found["val_like_accuracy"].map { (0...1).contains($0) } == true)
    #expect(abs((found["val_loss"] ?? 0) - Double(epoch.validationLoss ?? 1)) < 1e-5)
  }

  @Test("What is held back is judged as Keras's evaluate judges it")
  func judged() throws {
    let session = try Session(try SeveralEnds.both.settings())
    session.trainStep()
    let judge = try Inference(session.network, weights: session.weightsByName)
    let examples = try #require(session.settings.data.validation)
    #expect(
      session.judgeValidation()?.numbers == (try judge.evaluate(examples, batchSize: 16)))
  }

  @Test("The debugger knows inputs by their own names, and what an epoch ended with")
  func names() throws {
    var debugger = Debugger(try Session(try SeveralEnds.both.settings()))
    _ = try debugger.run("goto step 2 end")
    #expect(try debugger.run("print user").lines[0].hasPrefix("user = [["))
    #expect(try debugger.run("print item").lines[0].hasPrefix("item = [["))
    #expect(throws: Never.self) { try debugger.run("print rating_loss") }
    #expect(throws: Never.self) { try debugger.run("print val_like_accuracy") }
  }

  @Test("Too few arrays are refused with the number that is needed")
  func refused() throws {
    var settings = try SeveralEnds.towers.settings()
    settings.data = TrainingData(
      name: "one",
      training: Examples(
        inputs: settings.data.training.inputs, targets: settings.data.training.targets))
    let failure = #expect(throws: RunFailure.self) { try Session(settings) }
    #expect(failure?.problem == "there is 1 array for 2 inputs")
  }

  @Test("Several arrays and weights of examples survive as a data set in a file")
  func dataset() throws {
    let data = try SeveralEnds.both.settings().data.training
    let part = Dataset.Part(
      inputs: data.allInputs, targets: data.allTargets,
      weights: data.allTargets.map { Tensor(shape: [$0.shape[0]], repeating: 0.5) })
    let whole = Dataset(
      name: "several", origin: "here", license: "ours", features: ["x0"], task: .regression,
      training: part.rows(Array(0..<30)), validation: part.rows(Array(30..<40)))
    let read = try UserData.parse(try whole.npz(), type: "npz", file: "several.npz")
    #expect(read.training == whole.training && read.validation == whole.validation)
    #expect(read.fingerprint == whole.fingerprint)
    let model = try SeveralEnds.both.settings().model
    let made = try TrainingData(read, DataPreparation(unseenShare: 0), for: model)
    #expect(made.training.allInputs == part.rows(Array(0..<30)).allInputs)
    #expect(!made.training.weights.isEmpty)
  }
}
